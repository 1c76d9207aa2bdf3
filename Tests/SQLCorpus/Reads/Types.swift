extension SQLCorpus {
    /// Whole tables of many types, and inputs compared with columns of other types.
    static let types: [Statement] = [
        "SELECT id, name, location, area, host, net, mac, logo, paid FROM places WHERE id = «id int 1»",
        """
        SELECT * FROM customers WHERE active = «active bool true» AND joined <=
            «at timestamp 2024-12-31T00:00:00Z» ORDER BY id LIMIT «n int 10»
        """,
        """
        SELECT * FROM products WHERE created IS NULL OR created >= «since timestamp 2024-01-02T00:00:00Z»
            ORDER BY id
        """,
        "SELECT * FROM bookings WHERE room = «room string red» ORDER BY id",
        "SELECT * FROM readings WHERE sensor = «sensor int 1» ORDER BY at",
        "SELECT * FROM readings WHERE value = «value double 2.5»",
        "SELECT * FROM documents WHERE id = «id uuid 10000000-0000-4000-8000-000000000002»",
        "SELECT * FROM pairs ORDER BY id",
        "SELECT * FROM events WHERE day < «day date 2024-01-01» ORDER BY id",
        "SELECT * FROM open_orders WHERE total >= «total decimal 5» ORDER BY id",
        """
        SELECT * FROM order_lines WHERE amount >= «amount int 1» AND unit_price = «price decimal 499»
            ORDER BY order_id
        """,
        """
        SELECT mark, octet_length(mark) AS bytes, mark = «mark string ab» AS same FROM products ORDER BY id
        """,
        "SELECT id FROM customers WHERE mail = «mail string grace@example.com»",
        "SELECT id FROM products WHERE stock = «stock int 7» OR stock = «other int32 12» ORDER BY id",
        "SELECT id FROM products WHERE id IN («a int 9000000000», «b int32 5») ORDER BY id",
        "SELECT id FROM products WHERE price = «price decimal 1.5»",
        "SELECT id FROM places WHERE host = «host string ::1»",
        "SELECT id FROM readings r JOIN places p ON p.id = r.sensor WHERE r.span = «span string 01:00:00»",
        "SELECT sensor FROM readings WHERE flags = «flags string 1111»",
        """
        SELECT «a int 1» + «b int32 2» AS sum, «a» / 2 AS half, «c double 1» / «d decimal 3»::float8 AS ratio,
            «e decimal 2» * 1.5 AS more
        """,
        "SELECT n FROM numbers WHERE n = «n decimal 2» OR n = «m double 3» ORDER BY n",
        """
        SELECT «ids [int] {3,1}» AS ids, «names!text[] [string] {"a b",c}» AS names,
            «keys [uuid] {00000000-0000-4000-8000-000000000001}» AS keys
        """,
        "SELECT id FROM customers WHERE lower(name) = lower(«name!text string ADA») OR name || '' = «name»",
        "SELECT id FROM customers WHERE name > «after string E» AND length(name) < «n int 7» ORDER BY id",
        "SELECT «flag bool true» IS TRUE AS yes, NOT «flag» AS no, (SELECT «n int 2») AS n",
        """
        SELECT id FROM orders WHERE shipping = ROW('Depot', NULL, NULL)::address OR (shipping).city =
            «city string London» ORDER BY id
        """,
    ]
}
