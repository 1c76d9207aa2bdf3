extension SQLCorpus {
    /// ORDER BY, LIMIT, OFFSET, FETCH, DISTINCT, VALUES and TABLE.
    static let ordering: [Statement] = [
        "SELECT n FROM numbers ORDER BY n USING >",
        "SELECT n FROM numbers ORDER BY n USING OPERATOR(pg_catalog.<) LIMIT «k int 2»",
        "SELECT id, manager_id FROM employees ORDER BY manager_id DESC NULLS LAST, id ASC NULLS FIRST",
        "SELECT n FROM numbers ORDER BY parity DESC, n % «m int 3», n",
        "SELECT n AS x, -n AS y FROM numbers ORDER BY y LIMIT «limit int 2» OFFSET «skip int 1»",
        "SELECT n FROM numbers ORDER BY n OFFSET «skip int 4» ROWS",
        "SELECT n FROM numbers ORDER BY n OFFSET 1 ROW FETCH NEXT 2 ROWS ONLY",
        "SELECT n FROM numbers ORDER BY n FETCH FIRST «k int 3» ROWS ONLY",
        "SELECT id, salary FROM employees ORDER BY salary DESC FETCH FIRST («k int 3») ROWS WITH TIES",
        "SELECT n FROM numbers ORDER BY n FETCH FIRST ROW ONLY",
        "SELECT n FROM numbers ORDER BY n LIMIT ALL OFFSET 3",
        "SELECT n FROM numbers ORDER BY n LIMIT NULL",
        "SELECT n FROM numbers ORDER BY 1 DESC LIMIT 1 + «k int 1»",
        "SELECT n FROM numbers ORDER BY n LIMIT «k int32 2»::bigint OFFSET «skip int32 1» * 2",
        "SELECT DISTINCT parity FROM numbers ORDER BY parity DESC",
        "SELECT DISTINCT ON (parity) parity, n FROM numbers ORDER BY parity, n DESC",
        """
        SELECT DISTINCT ON (customer_id, date_trunc('year', placed)) customer_id, id FROM orders
            ORDER BY customer_id, date_trunc('year', placed), id DESC
        """,
        "SELECT ALL n FROM numbers WHERE n > «n int 5»",
        #"SELECT name FROM customers ORDER BY name COLLATE "C" ASC LIMIT «limit int 10»"#,
        "SELECT id FROM orders ORDER BY (state = «first string sent») DESC, id",
        "SELECT id FROM customers ORDER BY settings ->> «key string theme» NULLS FIRST, id",
        "SELECT n FROM numbers WHERE n > «after int 2» ORDER BY n LIMIT «size int 2»",
        """
        SELECT id FROM orders WHERE (placed, id) < («placed timestamp 2024-04-02T12:00:00Z», «id int 5»)
            ORDER BY placed DESC, id DESC LIMIT 2
        """,
        "SELECT * FROM (SELECT n FROM numbers ORDER BY n DESC LIMIT 3) AS last ORDER BY n",
        #"SELECT word, n FROM numbers ORDER BY length(word), word COLLATE "C", left(word, «k!int4 int 1»)"#,
        "TABLE numbers ORDER BY n DESC LIMIT «k int 1»",
        "VALUES (3, 'c'), (1, «a string a»), (2, NULL) ORDER BY column1 DESC",
        "VALUES (1), (2), («n int 3») ORDER BY 1 LIMIT 2",
        "VALUES (1, 2.5, 'x', true, NULL)",
        """
        SELECT v.a, v.b FROM (VALUES (1, 'x'), («n int 2», «s string y»)) AS v (a, b) WHERE v.a > 0 ORDER BY v.a
        """,
        "SELECT * FROM (TABLE numbers) AS t WHERE t.n = «n int 2»",
        "SELECT 1 AS one",
        "SELECT «x int 5» AS x",
        "VALUES («x string y»)",
        "SELECT count(*) FROM numbers",
        "SELECT 1 AS one WHERE 1 = «n int 1»",
    ]
}
