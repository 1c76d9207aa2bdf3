extension SQLCorpus {
    /// Writes without RETURNING, MERGE among them.
    static let silent: [Statement] = [
        "INSERT INTO archive VALUES (200, «what string values», «total decimal 10.50»), (201, NULL, NULL)",
        "INSERT INTO archive TABLE archive",
        "UPDATE numbers SET word = word WHERE false",
        "DELETE FROM notes WHERE id = ANY(«ids [int] {1,2,3}»)",
        """
        WITH keep AS (SELECT 1 AS id) DELETE FROM archive AS "returning" USING keep
            WHERE "returning".id = keep.id AND keep.id > «id int 0»
        """,
        "INSERT INTO inventory (product_id) VALUES («id int 60») ON CONFLICT DO NOTHING",
        """
        UPDATE customers SET name = «name string RETURNING id» WHERE id = «id int 3» AND name <> ' returning '
        """,
        """
        MERGE INTO inventory AS i USING deliveries AS d ON d.product_id = i.product_id
        WHEN MATCHED AND i.amount + d.amount <= «floor int 0» THEN DELETE
        WHEN MATCHED THEN UPDATE SET amount = i.amount + d.amount
        WHEN NOT MATCHED THEN INSERT (product_id, amount) VALUES (d.product_id, d.amount)
        """,
        """
        MERGE INTO inventory USING (VALUES («id!int8 int 1», «amount int 7»)) AS v (id, amount) ON
            inventory.product_id = v.id
        WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.amount::int, DEFAULT)
        WHEN MATCHED AND inventory.amount <> v.amount THEN UPDATE
            SET amount = v.amount, updated = «at timestamp 2024-05-05T00:00:00Z»
        WHEN MATCHED THEN DO NOTHING
        """,
        """
        WITH extra AS (SELECT id, stock FROM products
            WHERE stock > «least int 0») MERGE INTO inventory i USING extra e ON i.product_id = e.id
        WHEN MATCHED THEN UPDATE SET (amount, updated) = (e.stock, NULL)
            WHEN NOT MATCHED AND e.id <> 3 THEN INSERT (product_id) VALUES (e.id)
        """,
        """
        MERGE INTO ONLY numbers AS t USING numbers AS s ON t.n = s.n AND s.n = «n int 2»
        WHEN MATCHED THEN UPDATE SET word = «word string zwei»
        WHEN NOT MATCHED THEN DO NOTHING
        """,
        """
        MERGE INTO archive AS a USING (SELECT 1 AS one) AS s ON a.id = «id int 12345»
        WHEN NOT MATCHED THEN INSERT (id, what, total) OVERRIDING SYSTEM VALUE
            VALUES («id», «what string merged», «total decimal? »)
        """,
        """
        MERGE INTO inventory AS i USING inventory AS j ON i.product_id = j.product_id AND i.amount < «n int 20»
            WHEN MATCHED THEN DELETE
        """,
    ]
}
