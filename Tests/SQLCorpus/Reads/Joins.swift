extension SQLCorpus {
    /// Joins of all kinds, and the names in FROM.
    static let joins: [Statement] = [
        """
        SELECT o.id, c.name FROM orders AS o JOIN customers AS c ON c.id = o.customer_id
            WHERE o.total > «floor decimal 5» ORDER BY o.id
        """,
        """
        SELECT o.id, c.name FROM orders o INNER JOIN customers c ON (c.id = o.customer_id)
            ORDER BY o.id LIMIT «limit int 3»
        """,
        """
        SELECT c.name, o.id AS order_id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.state
            = «state string paid»
        ORDER BY c.id, o.id
        """,
        """
        SELECT c.name, o.id FROM orders o RIGHT OUTER JOIN customers c ON o.customer_id = c.id
            ORDER BY c.id, o.id NULLS FIRST
        """,
        """
        SELECT n.n, e.id FROM numbers n FULL JOIN employees e ON e.id = n.n + «shift int 3» ORDER BY n.n, e.id
        """,
        """
        SELECT n.n, m.n AS m FROM numbers n CROSS JOIN numbers m WHERE n.n < m.n AND m.n <= «most int32 3»
            ORDER BY 1, 2
        """,
        "SELECT n.n, m.word FROM numbers n, numbers m WHERE m.n = n.n * 2 ORDER BY n.n",
        """
        SELECT n, a.word, b.parity FROM numbers a JOIN numbers b USING (n) WHERE n = ANY(«wanted [int] {1,4}»)
            ORDER BY n
        """,
        "SELECT j.n, a.word FROM numbers a JOIN numbers b USING (n) AS j ORDER BY j.n",
        """
        SELECT n, word, parity FROM numbers NATURAL JOIN (SELECT n, parity FROM numbers
            WHERE n > «low int 2») AS b ORDER BY n
        """,
        """
        SELECT n, word, x FROM numbers NATURAL LEFT JOIN (VALUES (1, 'a'), (9, 'b')) AS v (n, x) ORDER BY n
        """,
        """
        SELECT n, word, x FROM numbers NATURAL FULL OUTER JOIN (VALUES (1, 'a'), (9, 'b')) AS v (n, x)
            ORDER BY n
        """,
        """
        SELECT n, word, x FROM numbers NATURAL RIGHT JOIN (VALUES (1, 'a'), (9, 'b')) AS v (n, x) ORDER BY n
        """,
        """
        SELECT c.name, last.id, last.total FROM customers c
        LEFT JOIN LATERAL (SELECT id, total FROM orders o WHERE o.customer_id = c.id
            ORDER BY placed DESC LIMIT «each int 1») AS last ON true
        ORDER BY c.id, last.id
        """,
        """
        SELECT c.id, n.tag, n.position FROM customers c, LATERAL unnest(c.tags) WITH ORDINALITY AS n (tag,
            position) ORDER BY 1, 3
        """,
        """
        SELECT c.id, s.i FROM customers c CROSS JOIN LATERAL generate_series(1, c.id) AS s (i)
            WHERE c.id <= «id int 3» ORDER BY 1, 2
        """,
        """
        SELECT a.id, l.line, p.sku FROM (orders a JOIN (order_lines l JOIN products p ON p.id = l.product_id)
            ON l.order_id = a.id)
        ORDER BY a.id, l.line
        """,
        """
        SELECT x.id, x.sku FROM (order_lines l JOIN products p ON p.id = l.product_id) AS x (order_id, line,
            product_id, amount, unit_price, id, sku)
        WHERE x.order_id = «order int 1» ORDER BY x.line
        """,
        """
        SELECT t.a, t.b FROM numbers AS t (a, b) WHERE t.a BETWEEN «low int 2» AND «high int 4» ORDER BY t.a
        """,
        """
        SELECT e.name, m.name AS manager FROM employees AS e LEFT OUTER JOIN employees AS m ON e.manager_id =
            m.id
        WHERE m.name IS NULL OR m.name = «manager string Ann» ORDER BY e.id
        """,
        "SELECT a.n FROM numbers a LEFT JOIN numbers b ON b.n = a.n + 1 WHERE b.n IS NULL",
        """
        SELECT c.name, count(o.*) AS orders FROM customers c LEFT JOIN orders o ON o.customer_id = c.id
            GROUP BY c.id ORDER BY c.id
        """,
        """
        SELECT a.n, b.n AS next, c.n AS after
            FROM numbers a LEFT JOIN (numbers b LEFT JOIN numbers c ON c.n = b.n + 1) ON b.n = a.n + 1
        ORDER BY a.n
        """,
        "SELECT * FROM ONLY numbers AS n WHERE n.n <> «not int 3» ORDER BY n.n",
        "SELECT e.day, e.kind FROM events * AS e WHERE e.day >= «since date 2023-12-01» ORDER BY e.day",
        "SELECT e.tableoid::regclass::text AS part, count(*) FROM events e GROUP BY 1 ORDER BY 1",
        """
        SELECT o.*, c.name FROM orders AS o JOIN customers AS c ON c.id = o.customer_id WHERE o.id = «id int 1»
        """,
        """
        SELECT c, o.id FROM customers c JOIN orders o ON o.customer_id = c.id
            WHERE c.code = «code uuid 00000000-0000-4000-8000-000000000002»
        ORDER BY o.id
        """,
        "SELECT n.n, f.quotient, f.remainder FROM numbers n, divide(n.n, «by int32 2») AS f ORDER BY n.n",
        """
        SELECT l.order_id, l.line FROM order_lines l WHERE NOT EXISTS (
            SELECT FROM inventory i WHERE i.product_id = l.product_id AND i.amount > «over int 20»
        ) AND l.amount >= «least int 1» ORDER BY 1, 2
        """,
    ]
}
