extension SQLCorpus {
    /// DELETE with RETURNING.
    static let deletes: [Statement] = [
        "DELETE FROM archive WHERE id = «id int 2» RETURNING id, what",
        """
        DELETE FROM deliveries AS d USING products AS p
            WHERE p.id = d.product_id AND p.sku = «sku string PEN-2» RETURNING d.id, p.title
        """,
        "DELETE FROM ONLY numbers WHERE n > «n int 5» RETURNING *",
        """
        DELETE FROM edges USING (VALUES (1, 2), (2, 3)) AS v (s, t)
            WHERE (source, target) = (v.s, v.t) AND weight < «w int 5» RETURNING source, target, weight
        """,
        """
        WITH gone AS (DELETE FROM readings WHERE sensor = «sensor int 2»
            RETURNING at, value) SELECT count(*) AS n FROM gone
        """,
        """
        WITH old AS (SELECT id FROM documents WHERE title = «title string Quick foxes») DELETE
            FROM documents USING old WHERE documents.id = old.id RETURNING documents.title
        """,
        """
        DELETE FROM events WHERE day >= «from date 2024-07-01» AND kind = ANY(«kinds [string] {open,close}»)
            RETURNING id, day
        """,
        "DELETE FROM pairs WHERE state = «state string returned» RETURNING id, list",
        """
        DELETE FROM places WHERE EXISTS (SELECT FROM readings r
            WHERE r.sensor = places.id) AND name <> «name string south» RETURNING id
        """,
        """
        WITH a AS (DELETE FROM archive WHERE id > «x int 500» RETURNING id), b AS (UPDATE numbers
            SET word = 'x' WHERE n = «n int 4» RETURNING n)
        SELECT (SELECT count(*) FROM a) AS deleted, (SELECT count(*) FROM b) AS changed
        """,
        """
        DELETE FROM "Odd Names" "where" WHERE "where"."a b" = «id int 2» RETURNING "where"."Ünï" AS "returning"
        """,
    ]
}
