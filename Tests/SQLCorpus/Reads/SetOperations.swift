extension SQLCorpus {
    /// UNION, INTERSECT and EXCEPT.
    static let setOperations: [Statement] = [
        """
        SELECT n FROM numbers WHERE n < «a int 3» UNION SELECT n FROM numbers WHERE n > «b int 4» ORDER BY n
        """,
        """
        SELECT n FROM numbers UNION ALL SELECT n FROM numbers WHERE parity = «parity string odd»
            ORDER BY 1 LIMIT 4
        """,
        "SELECT n FROM numbers INTERSECT SELECT id FROM employees ORDER BY n DESC",
        "SELECT n FROM numbers INTERSECT ALL SELECT n * 2 FROM numbers ORDER BY n",
        "SELECT n FROM numbers EXCEPT SELECT n FROM numbers WHERE n = «n int 2» ORDER BY n",
        "SELECT parity FROM numbers EXCEPT ALL SELECT 'odd' ORDER BY 1",
        "SELECT parity FROM numbers UNION DISTINCT SELECT 'both' ORDER BY parity",
        """
        (SELECT n FROM numbers ORDER BY n DESC LIMIT 2) UNION ALL (SELECT n FROM numbers
            ORDER BY n LIMIT «few int 2») ORDER BY n
        """,
        """
        (SELECT n FROM numbers WHERE n = 1 UNION SELECT n FROM numbers
            WHERE n = 2) EXCEPT (SELECT 1 INTERSECT SELECT n FROM numbers)
        """,
        "((SELECT n, word FROM numbers WHERE n = «n int 3»))",
        "(((VALUES (1, 'a')))) UNION (VALUES (2, «second string b»)) ORDER BY 1",
        "SELECT 1 AS n UNION VALUES (2), (3) ORDER BY n OFFSET 1",
        "TABLE numbers EXCEPT TABLE numbers",
        "SELECT n, word, parity FROM numbers UNION (TABLE numbers LIMIT 0) ORDER BY 1 FETCH FIRST ROW ONLY",
        "SELECT name FROM customers UNION SELECT name FROM employees ORDER BY name DESC",
        """
        SELECT 'a' AS kind, id::bigint AS id FROM orders UNION ALL SELECT 'b', id FROM products
            ORDER BY kind, id
        """,
        "SELECT NULL AS n UNION ALL SELECT 1 UNION ALL SELECT 2.5 ORDER BY n NULLS FIRST",
        """
        SELECT u.n, count(*) FROM (SELECT n FROM numbers UNION ALL SELECT n / 2 FROM numbers) AS u GROUP BY u.n
            ORDER BY u.n
        """,
        """
        SELECT id FROM customers WHERE id IN (SELECT customer_id FROM orders EXCEPT SELECT «but int 2»)
            ORDER BY id
        """,
        "SELECT '2024-01-01'::date AS day UNION SELECT «day date 2024-02-03» ORDER BY day",
        "SELECT «a string x» AS t UNION SELECT «b string y» UNION ALL SELECT «a» ORDER BY 1",
    ]
}
