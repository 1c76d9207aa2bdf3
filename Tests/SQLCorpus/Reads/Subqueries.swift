extension SQLCorpus {
    /// Subqueries in all places, and IN.
    static let subqueries: [Statement] = [
        """
        SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o
            WHERE o.customer_id = c.id AND o.total >= «total decimal 100.00») ORDER BY name
        """,
        """
        SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders
            WHERE state <> «state string draft») ORDER BY id
        """,
        """
        SELECT name, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS orders FROM customers c
            ORDER BY c.id
        """,
        """
        SELECT (SELECT max(total) FROM orders) AS most, (SELECT min(total) FROM orders
            WHERE state = 'paid') AS least
        """,
        """
        SELECT id FROM orders WHERE total = (SELECT max(total) FROM orders
            WHERE customer_id = «customer int 1») ORDER BY id
        """,
        "SELECT id FROM orders WHERE total >= ALL (SELECT total FROM orders) ORDER BY id",
        """
        SELECT id FROM orders WHERE total > ANY (SELECT price FROM products
            WHERE sku LIKE «pattern string PEN%») ORDER BY id
        """,
        "SELECT id FROM orders WHERE id = SOME (SELECT order_id FROM order_lines WHERE amount > 1)",
        "SELECT id FROM orders WHERE (customer_id, state) IN (SELECT 1, 'paid'::order_state) ORDER BY id",
        """
        SELECT id FROM orders WHERE (customer_id, total) = (SELECT customer_id, total FROM orders
            WHERE id = «id int 4»)
        """,
        "SELECT id FROM orders WHERE (customer_id, id) >= (SELECT 2, 4) ORDER BY id",
        "SELECT ARRAY(SELECT n FROM numbers WHERE n > «low int 3» ORDER BY n DESC) AS list",
        """
        SELECT x.n, x.word FROM (SELECT * FROM numbers WHERE parity = 'even') AS x WHERE x.n > «low int 2»
            ORDER BY x.n
        """,
        "SELECT sub.* FROM (SELECT n AS a, word AS b FROM numbers) AS sub (c) WHERE sub.c = «c int 5»",
        "SELECT EXISTS (SELECT FROM customers WHERE name = «name string Ada»)",
        "SELECT NOT EXISTS (SELECT FROM customers WHERE id = «id int 77») AS free",
        "SELECT count(*) FROM (SELECT FROM numbers) AS nothing",
        "SELECT n FROM numbers WHERE n IN («a int 1», «b int 3», «c int 99») ORDER BY n",
        "SELECT n FROM numbers WHERE n NOT IN (1, 2, «c int 3») ORDER BY n",
        "SELECT n FROM numbers WHERE word IN («a string one», «b string two») ORDER BY n",
        """
        SELECT n FROM numbers WHERE (n, word) IN ((1, 'one'), («n int 2», «w string two»), (3, 'x')) ORDER BY n
        """,
        """
        SELECT o.id, (SELECT c FROM customers c WHERE c.id = o.customer_id) AS customer FROM orders o
            WHERE o.id <= «to int 2» ORDER BY o.id
        """,
        "SELECT row_to_json(t) AS whole FROM (SELECT n, word FROM numbers WHERE n = «n int 2») AS t",
        "SELECT CASE WHEN (SELECT count(*) FROM numbers) > «n int 5» THEN 'many' ELSE 'few' END AS amount",
        "SELECT (SELECT ROW(n, word)::text FROM numbers WHERE n = 1) AS row_text",
        "SELECT n FROM numbers ORDER BY (SELECT -numbers.n) LIMIT (SELECT 2) OFFSET (SELECT «skip int 1»)",
        """
        SELECT id, total FROM orders o WHERE total > (SELECT avg(total) FROM orders i
            WHERE i.customer_id = o.customer_id) ORDER BY id
        """,
    ]
}
