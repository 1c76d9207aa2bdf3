extension SQLCorpus {
    /// WITH, also RECURSIVE, with SEARCH and CYCLE.
    static let commonTables: [Statement] = [
        """
        WITH odd AS (SELECT n FROM numbers WHERE parity = «parity string odd») SELECT n FROM odd ORDER BY n
        """,
        "WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a) SELECT a.x, b.y FROM a, b",
        """
        WITH a (x, y) AS (VALUES (1, 'one'), (2, 'two')) SELECT y, x FROM a WHERE x >= «x int 1» ORDER BY x
        """,
        """
        WITH a AS MATERIALIZED (SELECT n FROM numbers), b AS NOT MATERIALIZED (SELECT n FROM a
            WHERE n > «n int 3») TABLE b ORDER BY n
        """,
        "WITH a AS (SELECT 1) SELECT count(*) FROM a WHERE EXISTS (WITH b AS (TABLE a) SELECT * FROM b)",
        """
        WITH RECURSIVE t (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < «to int32 5») SELECT sum(n)
            FROM t
        """,
        """
        WITH RECURSIVE t AS (SELECT «from int 1»::int AS n UNION SELECT (n + 1) % 4 FROM t) SELECT n FROM t
            ORDER BY n
        """,
        """
        WITH RECURSIVE chain AS (
            SELECT id, name, manager_id, 1 AS depth, ARRAY[id] AS path FROM employees WHERE manager_id IS NULL
            UNION ALL
            SELECT e.id, e.name, e.manager_id, c.depth + 1, c.path || e.id
            FROM employees e JOIN chain c ON e.manager_id = c.id
        )
        SELECT id, name, depth, path FROM chain WHERE depth <= «depth int 3» ORDER BY path
        """,
        """
        WITH RECURSIVE walk AS (
            SELECT source, target FROM edges WHERE source = «start int 1»
            UNION ALL
            SELECT e.source, e.target FROM edges e, walk w WHERE e.source = w.target
        ) CYCLE target SET is_cycle USING path
        SELECT source, target, is_cycle, path FROM walk ORDER BY path
        """,
        """
        WITH RECURSIVE walk (s, t) AS (
            SELECT source, target FROM edges WHERE source = 1
            UNION ALL
            SELECT e.source, e.target FROM edges e, walk w WHERE e.source = w.t
        ) CYCLE s, t SET mark TO 'Y' DEFAULT 'N' USING "the path"
        SELECT s, t, mark FROM walk ORDER BY "the path"
        """,
        """
        WITH RECURSIVE tree AS (
            SELECT id, manager_id FROM employees WHERE manager_id IS NULL
            UNION ALL
            SELECT e.id, e.manager_id FROM employees e JOIN tree t ON t.id = e.manager_id
        ) SEARCH DEPTH FIRST BY id SET ordering
        SELECT id, manager_id FROM tree ORDER BY ordering LIMIT «limit int 5»
        """,
        """
        WITH RECURSIVE tree AS (
            SELECT id, manager_id FROM employees WHERE id = «root int 2»
            UNION ALL
            SELECT e.id, e.manager_id FROM employees e JOIN tree t ON t.id = e.manager_id
        ) SEARCH BREADTH FIRST BY id SET ordering
        SELECT id, ordering FROM tree ORDER BY ordering
        """,
        """
        WITH RECURSIVE g AS (
            SELECT source, target, weight FROM edges WHERE source = 1
            UNION ALL
            SELECT e.source, e.target, e.weight FROM edges e JOIN g ON g.target = e.source
        ) SEARCH DEPTH FIRST BY source, target SET seq CYCLE source, target SET looped USING trail
        SELECT source, target, weight, looped FROM g ORDER BY seq
        """,
        """
        WITH totals AS (SELECT customer_id, sum(total) AS sum FROM orders GROUP BY customer_id),
        best AS (SELECT max(sum) AS sum FROM totals)
        SELECT c.name, t.sum FROM totals t JOIN best USING (sum) JOIN customers c ON c.id = t.customer_id
        """,
        """
        WITH "with" AS (SELECT 1 AS "as"), materialized AS (SELECT 2 AS search) SELECT "with"."as",
            materialized.search FROM "with", materialized
        """,
        """
        WITH t AS (SELECT n FROM numbers) (SELECT n FROM t ORDER BY n LIMIT 1) UNION ALL (SELECT n FROM t
            ORDER BY n DESC LIMIT «n int 1»)
        """,
        """
        WITH q AS (SELECT «needle string o» AS needle) SELECT word FROM numbers, q
            WHERE strpos(word, needle) > 0 ORDER BY n
        """,
        """
        WITH RECURSIVE fib (a, b) AS (SELECT 0::numeric, 1::numeric UNION ALL SELECT b, a + b FROM fib
            WHERE b < «most decimal 100»)
        SELECT array_agg(a ORDER BY b) AS list FROM fib
        """,
        "(WITH a AS (SELECT «x int 4» AS x) SELECT x FROM a)",
        """
        SELECT n, (WITH w AS (SELECT n * 10 AS ten) SELECT ten FROM w) AS ten FROM numbers
            ORDER BY n OFFSET «skip int 4»
        """,
        """
        WITH RECURSIVE a AS (SELECT 1 AS i), b AS (SELECT i FROM a UNION ALL SELECT i + 1 FROM b
            WHERE i < 3), c AS (SELECT i FROM b)
        SELECT i FROM c ORDER BY i
        """,
        """
        WITH update AS (SELECT 1 AS delete), insert (merge) AS (SELECT 2) SELECT update.delete, insert.merge
            FROM update, insert
        """,
    ]
}
