extension SQLCorpus {
    /// Rows, composite types and their fields.
    static let composites: [Statement] = [
        "SELECT id, (home).city, (home).zip FROM customers ORDER BY id",
        """
        SELECT id, (c.home).street AS street FROM customers AS c WHERE (c.home).city = «city string London»
            ORDER BY id
        """,
        "SELECT id, (home).* FROM customers WHERE id <= «to int 2» ORDER BY id",
        "SELECT (divide(«a int32 17», «b int32 5»)).*",
        "SELECT (divide(17, 5)).remainder AS rest, divide(«a int32 9», 4) AS both",
        "SELECT ROW(1, 'x', NULL) AS plain, ROW(«low int 1», «high int 2»)::span AS typed",
        "SELECT (1, 'x')::text AS implicit, ROW()::text AS empty, ROW(1)::text AS single",
        "SELECT id FROM orders WHERE (customer_id, state) = («customer int 1», 'paid') ORDER BY id",
        """
        SELECT id FROM orders WHERE (customer_id, id) > («customer int 1», «after int 2»)
            ORDER BY customer_id, id LIMIT «limit int 2»
        """,
        "SELECT id FROM orders WHERE ROW(customer_id, total) <= ROW(1, 41.40) ORDER BY id",
        """
        SELECT (1, 2) < (1, 3) AS less, (1, NULL) IS NULL AS none, ROW(NULL, NULL) IS NULL AS empty, ROW(1, 2)
            IS NOT NULL AS full
        """,
        """
        SELECT id, home IS NULL AS none, home IS DISTINCT
            FROM ROW('High St 1', 'London', 'E1')::address AS other FROM customers ORDER BY id
        """,
        "SELECT customers FROM customers WHERE id = «id int 3»",
        "SELECT c.full_address, c.id FROM customers c ORDER BY c.id",
        "SELECT full_address(c) AS address FROM customers c WHERE c.name = «name string Zoë O'Neill»",
        "SELECT id, whole, list, list[1] AS first, list[2].high AS high, (whole).low FROM pairs ORDER BY id",
        "SELECT id, (list[1]).low AS low, (list[2:])[1] AS second FROM pairs ORDER BY id",
        """
        SELECT id, state, states, states[1] AS first FROM pairs
            WHERE state = «state string paid» OR state IS NULL ORDER BY id
        """,
        #"SELECT * FROM jsonb_populate_record(NULL::address, «doc string {"street": "S", "city": "C"}»)"#,
        #"SELECT * FROM json_to_record('{"a": 1, "b": [1, 2], "c": "x"}') AS x (a int, b int[], c text)"#,
        """
        SELECT a, b FROM jsonb_to_recordset(«rows string [{"a": 1, "b": "x"}, {"a": 2}]») AS t (a int, b text)
            ORDER BY a
        """,
        "SELECT r.i, r.w FROM any_pair(«flag bool true») AS r (i int, w text)",
        "SELECT (p.whole).low + «plus int 1» AS low FROM pairs p WHERE (p.whole).high IS NOT NULL",
        "SELECT ((ROW(1, 2)::span)).high, (SELECT (whole).high AS h FROM pairs WHERE id = 1) AS other",
        "SELECT (x).n, (x).square AS sq FROM (SELECT first_numbers(«to int32 3») AS x) AS t ORDER BY 1",
        "SELECT pg_typeof(home)::text AS type, to_jsonb(home) AS doc FROM customers WHERE id = 1",
        """
        SELECT o.shipping = c.home AS home, o.id FROM orders o JOIN customers c ON c.id = o.customer_id
            ORDER BY o.id
        """,
        "SELECT '(1,2)'::span AS a, CAST('(,)' AS span) AS b, (ROW(3, 4)::span).low AS c",
    ]
}
