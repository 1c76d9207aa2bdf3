extension SQLCorpus {
    /// Names in quotes, keywords as names, letters beyond ASCII.
    static let names: [Statement] = [
        #"SELECT "a b", "quo""te", "select", "Ünï", "x:y", "$d", "Mixed" FROM "Odd Names" ORDER BY "a b""#,
        #"""
        SELECT größe AS länge, user_1$x AS "$1", "Odd Names"."x:y" AS ":z" FROM "Odd Names" WHERE größe >= \#
        «least int 0» ORDER BY größe
        """#,
        #"""
        SELECT o."a b" AS "with ""q"" ", o."select" + «n int 1» AS "a'b", '' AS " ", 1 AS "\", 2 AS "é", 3 AS
            "😀" FROM "Odd Names" o WHERE o."Mixed"
        """#,
        """
        SELECT n AS select_list, word AS "from", parity AS where_clause FROM numbers "where"
            WHERE "where".n = «n int 1»
        """,
        """
        SELECT 1 AS select, 2 AS from, 3 AS where, 4 AS order, 5 AS limit, 6 AS union, 7 AS case, 8 AS end, 9
            AS table
        """,
        """
        SELECT 1 AS insert, 2 AS update, 3 AS delete, 4 AS merge, 5 AS set, 6 AS returning, 7 AS into, 8 AS
            values, 9 AS for, 10 AS with
        """,
        """
        SELECT t.update, t.delete, t.insert, t.share
            FROM (SELECT 1 AS update, 2 AS delete, 3 AS insert, 4 AS share) AS t WHERE t.update = «erase int 1»
        """,
        """
        SELECT update, delete, insert, merge FROM (VALUES (1, 2, 3, 4)) AS t (update, delete, insert, merge)
            WHERE (update) = «insert int 1»
        """,
        "SELECT delete.id FROM orders AS delete WHERE delete.id = «update int 2»",
        "SELECT numbers.n one, numbers.word two FROM numbers numbers WHERE numbers.n = «n int 1»",
        """
        SELECT day, hour, minute, month, second, year, name, type, value, key, "user", "order" FROM (
            VALUES (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
        ) AS t (day, hour, minute, month, second, year, name, type, value, key, "user", "order")
        """,
        """
        SELECT "n" FROM "numbers" AS "Alias" WHERE "Alias"."n" = «Upper int 3» AND "Alias".word <>
            «_low string x»
        """,
        #"""
        SELECT a1, b_2, _c, d$, Ee FROM (SELECT 1 AS a1, 2 AS b_2, 3 AS _c, 4 AS d$, 5 AS EE) AS t WHERE a1 \#
        < «a1 int 2»
        """#,
        """
        SELECT e'x' AS e, x.e AS b, x.u, x.n AS nn FROM (SELECT 1 AS e, 2 AS u, 3 AS n, 4 AS b) AS x
            WHERE x.e = «e int 1» AND x.u < «u int 3»
        """,
        #"SELECT x . n AS n , x . "word" FROM numbers AS x WHERE x . n = «n int 2»"#,
        #"""
        SELECT n AS "SELECT 1; DROP TABLE x; --", word AS "/* not a comment */", parity AS "$$" FROM \#
        numbers WHERE n = 1
        """#,
        "SELECT 名前 AS имя FROM (SELECT 'ñ' AS 名前) AS таблица WHERE 名前 = «name string ñ»",
        #"SELECT U&"\006E" AS "U&", "word" AS "E'x'" FROM numbers WHERE U&"\006E" = «n int 4»"#,
        """
        SELECT current_date IS NOT NULL AS current_date, localtime IS NOT NULL AS "now()" WHERE «yes bool true»
        """,
        #"SELECT "N" AS n, n AS "N2" FROM (SELECT 1 AS "N", 2 AS n) AS t WHERE "N" <> «n int 2»"#,
        """
        SELECT «select int 1» AS a, «from int 2» AS b, «limit int 3» AS c, «null1 int 4» AS d, «table int 5» AS
            e, «order int 6» AS f
        """,
        "SELECT «a int 1» + «A int 2» + «aa int 3» + «a_ int 4» + «_a int 5» + «a1 int 6» AS sum",
    ]
}
