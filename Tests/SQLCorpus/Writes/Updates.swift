extension SQLCorpus {
    /// UPDATE with RETURNING.
    static let updates: [Statement] = [
        "UPDATE numbers SET word = «word string uno» WHERE n = «n int 1» RETURNING n, word",
        """
        UPDATE customers AS c SET active = NOT c.active, credit = credit + «plus decimal 1.25»
            WHERE c.id = «id int 1» RETURNING c.id, c.active, c.credit
        """,
        "UPDATE ONLY numbers n SET word = upper(word) WHERE n.n IN («a int 2», «b int 3») RETURNING n.*",
        """
        UPDATE orders o SET note = c.name || ': ' || coalesce(«note string hi», '') FROM customers c
            WHERE c.id = o.customer_id AND o.id = «id int 1» RETURNING o.id, o.note, c.name
        """,
        """
        UPDATE products SET (price, stock) = («price decimal 2.00», stock + «more int 1») WHERE id = «id int 1»
            RETURNING id, price, stock
        """,
        """
        UPDATE products SET (price, title) = ROW(3.00, «title string Pen 3») WHERE sku = 'PEN-2'
            RETURNING price, title
        """,
        """
        UPDATE products SET (weight, ratio) = (SELECT avg(weight), NULL::float4 FROM products)
            WHERE id = «id int 5» RETURNING id, ratio
        """,
        """
        UPDATE products SET sizes[2] = «size int 99», attributes['color'] =
            to_jsonb(«color!text string green»::text) WHERE id = 1 RETURNING sizes, attributes
        """,
        """
        UPDATE products SET sizes[1:2] = ARRAY[7, 8], matrix[2][1] = «cell int 0» WHERE id = 1
            RETURNING sizes, matrix
        """,
        "UPDATE customers SET home.city = «city string Paris», home.zip = NULL WHERE id = 2 RETURNING home",
        """
        UPDATE customers SET mail = DEFAULT, tags = array_append(tags, «tag string new»), settings = settings
            || «more json {"k": [1, 2.50]}» WHERE id = 2 RETURNING mail, tags, settings
        """,
        """
        UPDATE customers SET settings = jsonb_set(settings, ARRAY[«key string theme»], «value json "red"»)
            WHERE id = «id int 1» RETURNING settings
        """,
        #"UPDATE products SET raw = «raw json {"z": 1.50,  "a": null}» WHERE id = «id int 2» RETURNING raw"#,
        """
        WITH raised AS (
            UPDATE employees e SET salary = s.raised FROM (SELECT id, salary * 1.1 AS raised
            FROM employees) AS s
            WHERE s.id = e.id AND e.department = «d string it» RETURNING e.id, e.salary
        )
        SELECT id, salary FROM raised ORDER BY id
        """,
        """
        WITH late AS (SELECT id FROM orders WHERE due < «day date 2024-03-01») UPDATE orders
            SET state = 'returned' FROM late WHERE late.id = orders.id RETURNING orders.id
        """,
        """
        WITH changed AS (UPDATE inventory SET amount = amount - «n int 1» WHERE product_id = 2
            RETURNING amount) SELECT amount, 'left' AS what FROM changed
        """,
        """
        UPDATE orders SET state = «state string sent», due = «due date 2024-12-24»
            WHERE id = «id int 3» AND state <> «state» RETURNING id, state, due
        """,
        """
        UPDATE documents SET related = «ids [uuid] {10000000-0000-4000-8000-000000000001}», title = title
            || '!' WHERE id = ANY(«ids») RETURNING title, related
        """,
        "UPDATE pairs SET list[1].low = «low int 100» WHERE id = 1 RETURNING list",
        """
        UPDATE notes SET rating = «rating double? » WHERE title = «title string all» RETURNING title, rating
        """,
        """
        UPDATE events SET payload = NULL WHERE id = «id int 1» AND day = '2023-06-01' RETURNING day, payload
        """,
        """
        UPDATE readings SET value = «value double 3.5», span = span + interval '1 minute'
            WHERE sensor = «s int 1» AND at = '2024-01-01T00:00:00' RETURNING value, span
        """,
        """
        UPDATE bookings SET during = tstzrange(«from timestamp 2024-06-01T00:00:00Z»,
            «to timestamp 2024-06-02T00:00:00Z»), seats = '[1,2]' WHERE id = 3 RETURNING during, seats
        """,
        #"""
        UPDATE "Odd Names" SET "x:y" = «v string :v», "$d" = "$d" + 1, größe = DEFAULT WHERE "a b" = \#
        «id int 1» RETURNING "x:y", "$d", größe
        """#,
        """
        UPDATE inventory AS i SET amount = i.amount + d.amount
            FROM deliveries AS d JOIN products AS p ON p.id = d.product_id
            WHERE d.product_id = i.product_id AND d.id = «d int 1» RETURNING i.amount, p.sku
        """,
    ]
}
