extension SQLCorpus {
    /// Full text search.
    static let textSearch: [Statement] = [
        """
        SELECT title FROM documents WHERE words @@ plainto_tsquery('english', «query string cached answers»)
            ORDER BY title
        """,
        """
        SELECT title FROM documents WHERE words @@ to_tsquery('english', «query string fox & !cat»)
            ORDER BY title
        """,
        """
        SELECT title FROM documents WHERE words @@ websearch_to_tsquery('english',
            «q string "quick fox" or caching») ORDER BY title
        """,
        """
        SELECT title, round(ts_rank(words, q)::numeric, 4) AS rank
            FROM documents, plainto_tsquery('english', «q string answers») AS q WHERE words @@ q
            ORDER BY rank DESC, title
        """,
        """
        SELECT ts_headline('english', body, to_tsquery('english',
            «q string cache»), 'StartSel=<b>, StopSel=</b>') AS line FROM documents ORDER BY id
        """,
        """
        SELECT 'a fat cat'::tsvector AS v, 'fat & (rat | cat:ab)'::tsquery AS q, 'fat <-> cat'::tsquery AS p,
            !!'a'::tsquery AS n, 'a:*'::tsquery AS prefix
        """,
        """
        SELECT to_tsvector('simple', «text string One two, one») AS v, setweight('a:1'::tsvector, 'A') || 'b:2'
            AS w, strip('a:1'::tsvector) AS s
        """,
        """
        SELECT 'a'::tsquery && 'b'::tsquery AS a, 'a'::tsquery || 'b' AS b, 'a'::tsquery <-> 'b' AS
            c, 'a & b'::tsquery @> 'a' AS d, numnode('a & b') AS e
        """,
        "SELECT lexeme, positions, weights FROM unnest('a:1A b:2,3'::tsvector) ORDER BY lexeme",
        """
        SELECT title FROM documents WHERE to_tsvector('english', body) @@ phraseto_tsquery('english',
            «phrase string brown fox») ORDER BY 1
        """,
        "SELECT alias, token FROM ts_debug('simple', 'a-b 12') ORDER BY 1, 2",
    ]
}
