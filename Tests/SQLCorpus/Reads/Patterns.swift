extension SQLCorpus {
    /// LIKE, SIMILAR TO, regular expressions and COLLATE.
    static let patterns: [Statement] = [
        "SELECT word FROM numbers WHERE word LIKE «p string t%» ORDER BY n",
        "SELECT word FROM numbers WHERE word NOT LIKE '%e' AND word ILIKE «p string F%» ORDER BY n",
        "SELECT title FROM products WHERE title LIKE '%100!%%' ESCAPE '!' ORDER BY id",
        #"SELECT title FROM products WHERE title LIKE «p string %\\%» ESCAPE «e string \» ORDER BY id"#,
        "SELECT sku FROM products WHERE sku NOT ILIKE 'pen%' AND sku LIKE 'BOOK#_%' ESCAPE '#' ORDER BY id",
        #"SELECT title FROM products WHERE title LIKE '%\%' ESCAPE '' ORDER BY id"#,
        "SELECT word FROM numbers WHERE word SIMILAR TO '(one|t%)' ORDER BY n",
        "SELECT word FROM numbers WHERE word NOT SIMILAR TO «p string %(e|o)%» ESCAPE '#' ORDER BY n",
        """
        SELECT word FROM numbers WHERE word LIKE ANY (ARRAY['o%', «p string t%»]) AND word NOT LIKE ALL
            ('{%x,%e}') ORDER BY n
        """,
        "SELECT word FROM numbers WHERE word ~ «p string ^[a-z]{3}$» ORDER BY n",
        #"SELECT word FROM numbers WHERE word ~* ANY(«patterns [string] {^O,"e{2}"}») ORDER BY n"#,
        #"""
        SELECT regexp_replace(word, '([aeiou])', '<\1>', 'g') AS marked, regexp_count(word, '[aeiou]') AS
            vowels FROM numbers ORDER BY n
        """#,
        "SELECT regexp_matches(word, «p string (.)e», 'g') AS found FROM numbers ORDER BY n, 1",
        #"""
        SELECT regexp_match('foobarbequebaz', 'ba.') AS a, regexp_split_to_array('a  b', '\s+') AS b,
            regexp_substr('abc', '[b-c]+') AS c, regexp_instr('abc', 'c') AS d, regexp_like('A', 'a', 'i') AS e
        """#,
        #"SELECT part FROM regexp_split_to_table(«text string a1b2c», '\d') AS part ORDER BY part"#,
        #"""
        SELECT 'a:b' ~ '^[[:alpha:]]:\w$' AS a, 'x' ~ '(?i)X' AS b, 'ab' ~ 'a(?=b)' AS c, 'tab\#t' ~ '\t' AS d
        """#,
        #"""
        SELECT substring(word FROM 1 FOR 2) AS a, substring(word FROM '..$') AS b, substring(word SIMILAR \#
        '%#"e#"%' ESCAPE '#') AS c, substring(word, «from!int4 int 2») AS d FROM numbers ORDER BY n
        """#,
        """
        SELECT word COLLATE "C" AS c, word < 'o' COLLATE "POSIX" AS d FROM numbers
            WHERE word COLLATE "C" >= «w string o» ORDER BY word COLLATE "C" DESC
        """,
    ]
}
