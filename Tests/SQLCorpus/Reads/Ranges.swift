extension SQLCorpus {
    /// Ranges and multiranges.
    static let ranges: [Statement] = [
        "SELECT id FROM bookings WHERE during @> «at timestamp 2024-05-01T10:30:00Z» ORDER BY id",
        "SELECT id FROM bookings WHERE days @> «day date 2024-05-02» ORDER BY id",
        """
        SELECT id FROM bookings WHERE days && daterange(«from date 2024-05-02», «to date 2024-05-09», '[]')
            ORDER BY id
        """,
        "SELECT id, seats @> «seat!int4 int 5» AS taken FROM bookings ORDER BY id",
        """
        SELECT lower(during) AS a, upper(during) AS b, lower_inc(during) AS c, upper_inf(during) AS d,
            isempty(seats) AS e FROM bookings ORDER BY id
        """,
        """
        SELECT seats * int4range(3, 7) AS a, days + '[2024-05-01,2024-05-02)'::daterange AS b FROM bookings
            WHERE id < 3 ORDER BY id
        """,
        """
        SELECT a.id, b.id AS other FROM bookings a JOIN bookings b ON a.seats -|- b.seats AND a.id < b.id
            ORDER BY 1, 2
        """,
        """
        SELECT seats << int4range(10, 20) AS a, seats &< '[1,6)' AS b, '[20,30)' >> seats AS c, seats
            <@ '[0,100)' AS d FROM bookings ORDER BY id
        """,
        """
        SELECT slots, slots @> 6 AS has, slots && '{[2,3)}'::int4multirange AS meets, range_merge(slots) AS
            hull FROM bookings ORDER BY id
        """,
        """
        SELECT int4multirange(int4range(1, 3), int4range(«a int32 5», «b int32 8»)) AS
            m, '{[1,2),[4,5)}'::int4multirange - '{[1,2)}' AS rest
        """,
        "SELECT unnest(slots) AS part FROM bookings WHERE id = «id int 1» ORDER BY 1",
        """
        SELECT prices @> «price decimal 2.0» AS has, numrange(1.0, NULL, '()') AS open,
            numrange(«low decimal 1.1», «high decimal 2.2») AS r FROM bookings ORDER BY id
        """,
        """
        SELECT tstzrange(«from timestamp 2024-01-01T00:00:00Z», «to timestamp 2024-01-02T00:00:00Z») AS r,
            tsrange('2024-01-01', 'infinity', '[]') AS s
        """,
        """
        SELECT '[1,10)'::int8range AS a, int8range(«n int 1», «m int 5») AS b, '(a,b]'::text AS
            c, '[2024-01-01,)'::daterange AS d
        """,
        "SELECT room, range_agg(during) AS busy FROM bookings GROUP BY room ORDER BY room",
        """
        SELECT id FROM bookings WHERE during && '[2024-05-01T11:00Z,2024-05-01T12:30Z)' AND room =
            «room string blue» ORDER BY id
        """,
    ]
}
