extension SQLCorpus {
    /// INSERT with RETURNING.
    static let inserts: [Statement] = [
        "INSERT INTO notes (title) VALUES («title string first») RETURNING id, title, body, labels, day",
        """
        INSERT INTO notes (title, body, labels, rating, owner, day, at) VALUES
            («title string all», «body json {"b": 1.50, "a": [1 , 2]}», «labels json ["x", {"y": null}]»,
            «rating double 4.5»,
             «owner uuid 00000000-0000-4000-8000-000000000001», «day date 2024-02-29»,
            «at timestamp 2024-02-29T12:00:00.5Z»)
        RETURNING *
        """,
        """
        INSERT INTO notes (title, keys, words, refs)
            VALUES («title string lists», «keys [int] {1,2}», «words [string] {"a b",c}»,
            «refs [uuid] {00000000-0000-4000-8000-000000000002}») RETURNING id, keys, words, refs
        """,
        "INSERT INTO notes DEFAULT VALUES RETURNING id, title AS name",
        """
        INSERT INTO notes (title, day) VALUES ('two', DEFAULT), («b string three», NULL)
            RETURNING id, title, day
        """,
        """
        INSERT INTO notes (title, body) SELECT word, to_json(n) FROM numbers WHERE n > «n int 4» ORDER BY n
            RETURNING title, body
        """,
        """
        INSERT INTO notes AS n (title, rating) VALUES («title string first», «rating double 1»)
            ON CONFLICT (title, day)
        DO UPDATE SET rating = excluded.rating, labels = n.labels || '["again"]' WHERE n.day = excluded.day
            RETURNING n.id, n.rating, labels
        """,
        "INSERT INTO notes (title) VALUES («title string first») ON CONFLICT DO NOTHING RETURNING id",
        """
        INSERT INTO notes (title) VALUES ('first') ON CONFLICT ON CONSTRAINT notes_title_day_key DO UPDATE
            SET title = «new string renamed» RETURNING id, title
        """,
        """
        INSERT INTO notes (id, title) OVERRIDING SYSTEM VALUE VALUES («id int 1000», 'overriding') RETURNING id
        """,
        """
        INSERT INTO customers (id, code, name) OVERRIDING USER VALUE
            VALUES (77, «code uuid 00000000-0000-4000-8000-000000000077», «name string user's»)
            RETURNING id, name
        """,
        """
        INSERT INTO customers (code, name, home, tags, settings, credit)
            VALUES («code uuid 00000000-0000-4000-8000-000000000078», 'Row',
            ROW(«street string S 1», 'C', NULL), ARRAY[«tag string t»], jsonb_build_object('k', «v int 5»),
            «credit decimal 1.005») RETURNING home, tags, settings, credit
        """,
        """
        INSERT INTO products (id, sku, title, price, sizes[1], sizes[2], weight)
            VALUES («id int 50», 'SUB', 't', 1, 10, «second int 20», «weight double 0.25»)
            RETURNING id, sizes, weight
        """,
        """
        INSERT INTO pairs (id, whole.low, whole.high, state)
            VALUES («id int 10», «low int 1», 2, «state string sent») RETURNING id, whole, state
        """,
        """
        WITH source AS (SELECT n, word FROM numbers WHERE parity = «parity string even»)
        INSERT INTO archive (id, what) SELECT n, word FROM source ORDER BY n RETURNING id, what
        """,
        """
        WITH moved AS (DELETE FROM deliveries WHERE id = «id int 3» RETURNING id, product_id, amount)
        INSERT INTO archive (id, what, total) SELECT id, 'delivery ' || product_id, amount FROM moved
            RETURNING archive.*
        """,
        """
        WITH a AS (INSERT INTO archive VALUES (100, 'a', 1)
            RETURNING id), b AS (INSERT INTO archive SELECT id + 1, 'b', 2 FROM a RETURNING id)
        SELECT a.id AS first, b.id AS second, «x int 3» AS third FROM a, b
        """,
        """
        INSERT INTO events (id, day, kind, payload)
            VALUES («id int 9», «day date 2024-03-03», 'open', «payload json {"z": 1, "a": 1.50}»)
            RETURNING id, payload
        """,
        """
        INSERT INTO edges (source, target, weight) SELECT s, s + 1, «weight int 3»
            FROM generate_series(10, 12) AS s ON CONFLICT (source, target) DO NOTHING RETURNING source, target
        """,
        """
        INSERT INTO documents (id, title, body, tags)
            VALUES («id uuid 10000000-0000-4000-8000-0000000000aa», «title string Tests», 'golden',
            «tags [string] {a,b}») RETURNING id, words, tags
        """,
        #"""
        INSERT INTO "Odd Names" ("a b", "quo""te", "select", "Ünï", "x:y", "$d") VALUES («id int 5», 'x', \#
        1, 'ü', ':n', 2) RETURNING "a b", "x:y"
        """#,
        "INSERT INTO archive (SELECT n, word, NULL FROM numbers WHERE n = «n int 2») RETURNING id",
        """
        INSERT INTO archive (id, what) (VALUES (300, 'x') UNION ALL VALUES (301, «y string y»))
            RETURNING id, what
        """,
        """
        INSERT INTO orders (customer_id, state, placed, due, total, note, shipping)
            VALUES («customer int 1», «state string paid», «placed timestamp 2024-08-01T00:00:00Z»,
            «due date? », «total decimal 9.99», «note string? », ('a', 'b', 'c'))
            RETURNING id, state, placed, due, total, note, shipping
        """,
        """
        INSERT INTO inventory VALUES (3, «amount int 4») ON CONFLICT (product_id) WHERE true DO UPDATE
            SET (amount, updated) = (excluded.amount, NULL) RETURNING amount
        """,
        """
        INSERT INTO inventory (product_id, amount) VALUES (1, «amount int 4») ON CONFLICT (product_id) DO UPDATE
        SET (amount, updated) = (SELECT inventory.amount + excluded.amount,
            «at timestamp 2024-01-01T00:00:00Z»::timestamptz) RETURNING amount, updated
        """,
        """
        INSERT INTO readings (sensor, at, value, flags, span, clock)
            VALUES (9, «at timestamp 2024-09-09T00:00:00Z», «value double 1e-7», «flags string 0101»,
            «span string 1 day», «clock string 10:11») RETURNING *
        """,
        """
        INSERT INTO places (id, name, host, logo)
            VALUES («id int 9», «name string east», «host string 10.0.0.1»,
            decode(«logo!text string AQI=», 'base64')) RETURNING host, logo
        """,
    ]
}
