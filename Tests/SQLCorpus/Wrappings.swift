/// A statement as a part of a larger one. The order of the larger one's rows is that of their texts.
enum Wrapping: CaseIterable {
    case parentheses, subquery, commonTable, materialized, recursive, union, lateral, exists, count, page, fetch
    case ties, list, rows, conditional, join, inList

    /// The larger statement around a query.
    func around(_ statement: Statement) -> Statement {
        let core = statement.core
        let query = "(\n\(core)\n) AS corpus"
        switch self {
        case .parentheses: return Statement("((\n\(core)\n))")
        case .subquery: return Statement("SELECT corpus.* FROM \(query) ORDER BY corpus::text")
        case .commonTable: return Statement("WITH corpus AS (\n\(core)\n) SELECT * FROM corpus ORDER BY corpus::text")
        case .materialized:
            return Statement(
                "WITH one (a) AS (SELECT 1), corpus AS MATERIALIZED (\(core)\n) SELECT corpus.* FROM one, corpus "
                    + "WHERE one.a = «one int 1» ORDER BY corpus::text"
            )
        case .recursive:
            return Statement(
                """
                WITH RECURSIVE step (nth_step) AS (VALUES (1) UNION ALL SELECT nth_step + 1 FROM step WHERE nth_step < 2),
                corpus AS NOT MATERIALIZED (\(core)
                ) SELECT nth_step, corpus.* FROM step CROSS JOIN corpus ORDER BY nth_step, corpus::text
                """
            )
        case .union:
            return Statement(
                """
                SELECT twice.* FROM (
                    SELECT first.* FROM (\(core)
                    ) AS first UNION ALL SELECT second.* FROM (\(core)
                    ) AS second
                ) AS twice ORDER BY twice::text
                """
            )
        case .lateral:
            return Statement(
                "SELECT nth.nth, corpus.* FROM generate_series(1, 2) AS nth (nth) CROSS JOIN LATERAL \(query) "
                    + "ORDER BY nth.nth, corpus::text"
            )
        case .exists: return Statement("SELECT EXISTS (\(core)\n) AS found, NOT EXISTS(\(core)\n) AS lost")
        case .count: return Statement("select count(*), count(corpus) AS present from \(query)")
        case .page:
            return Statement(
                "SELECT corpus.* FROM \(query) ORDER BY corpus::text LIMIT «page_size int 2» OFFSET «page_start int 1»"
            )
        case .fetch:
            return Statement(
                "SELECT * FROM \(query) ORDER BY corpus::text OFFSET «page_start int 1» ROWS "
                    + "FETCH NEXT («page_size int 2») ROWS ONLY"
            )
        case .ties:
            return Statement("SELECT * FROM \(query) ORDER BY corpus::text FETCH FIRST 1 ROWS WITH TIES")
        case .list: return Statement("SELECT ARRAY(SELECT corpus::text FROM \(query) ORDER BY 1) AS list")
        case .rows: return Statement("SELECT json_agg(corpus ORDER BY corpus::text) AS rows FROM \(query);")
        case .conditional:
            return Statement(
                "SELECT CASE WHEN «is_wanted bool true» THEN (SELECT count(*) FROM \(query)) ELSE «other int 0» END AS n"
            )
        case .join:
            return Statement(
                "SELECT corpus.*, other.letter FROM \(query) LEFT JOIN (VALUES («letter string é», true)) "
                    + "AS other (letter, yes) ON other.yes ORDER BY corpus::text"
            )
        case .inList:
            return Statement(
                "SELECT n FROM numbers WHERE n NOT IN (SELECT count(*) FROM \(query)) AND n < «below int 4» ORDER BY n"
            )
        }
    }
}
