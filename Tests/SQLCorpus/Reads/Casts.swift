extension SQLCorpus {
    /// Casts in all spellings.
    static let casts: [Statement] = [
        "SELECT «n int 5»::text AS a, CAST(«m int 6» AS numeric) AS b, int4(«s!text string 7»::text) AS c",
        "SELECT '12'::int AS a, '12' :: int8 AS b, CAST('1.5' AS double precision) AS c, float4 '2.5' AS d",
        """
        SELECT «x double 1.5»::int AS i, «y decimal 2.50»::float8 AS f, «z int 3»::smallint AS s,
            «w int32 4»::bigint AS b
        """,
        """
        SELECT date '2024-02-29' AS d, timestamp '2024-02-29 12:00' AS t, timestamptz '2024-02-29 12:00+02' AS
            z, time '12:00' AS c
        """,
        """
        SELECT interval '1 day' AS a, interval '1' hour AS b, interval '1-2' year to month AS c,
            interval '1 2:03:04.567' day to second(1) AS d
        """,
        """
        SELECT interval(2) '1.23456 seconds' AS a, CAST('3 days' AS interval day) AS b, '1 mon'::interval AS c
        """,
        """
        SELECT timestamp(1) '2024-01-01 00:00:00.27' AS a, time(0) with time zone '10:00:00.6+01' AS b,
            timestamp with time zone '2024-01-01' AS c
        """,
        """
        SELECT 'abc'::char AS c, 'abc'::char(2) AS d, 'abc'::varchar(2) AS e, 'abc'::character varying AS
            f, 'abc'::name AS g, 'a'::"char" AS h
        """,
        """
        SELECT bit '101' AS a, B'1'::bit(4) AS b, 5::bit(8) AS c, x'ff'::int AS d, '101'::bit varying(5) AS e
        """,
        """
        SELECT national character varying(3) 'abcd' AS a, nchar(2) 'ab' AS b, dec(5, 2) '1.239' AS c,
            numeric(4, -2) '1250' AS d
        """,
        """
        SELECT 't'::bool AS a, 'off'::boolean AS b, 1::bool AS c, true::int AS d, «flag bool true»::text AS e
        """,
        """
        SELECT '{1,2}'::int[] AS a, '{1,2}'::int[2] AS b, CAST('{a}' AS text ARRAY) AS c, '{{1}}'::int[][] AS
            d, '{3}'::int ARRAY[1] AS e
        """,
        """
        SELECT 'customers'::regclass::text AS a, 'order_state'::regtype::text AS b, 'int4'::regtype AS
            c, '+(int,int)'::regoperator::text AS d
        """,
        """
        SELECT 1::money::text AS a, '12.34'::money AS b, 3::oid AS c, '0/16B3748'::pg_lsn AS d, '42'::xid8 AS e
        """,
        """
        SELECT «day string 2024-05-06»::date AS d, «at string 2024-05-06 07:08»::timestamp AS t,
            «id string 00000000-0000-4000-8000-000000000001»::uuid AS u
        """,
        #"SELECT CAST(«doc string {"a": 1.50}» AS json) AS j, «doc»::jsonb AS b"#,
        "SELECT id::text || '/' || total::text AS t FROM orders WHERE id = «id int 1»::int",
        """
        SELECT -«n int 5»::int AS negated, - «m int 6» AS other, +«k int 7» AS same, 2 ^ «p int 3» AS power
        """,
        """
        SELECT (ARRAY[1, 2]::text[])[1]::int AS a, ('1' || '2')::int AS b, CAST(CAST('1' AS text) AS int) AS c
        """,
        """
        SELECT pg_catalog.int4('7'::text) AS a, text(5) AS b, float8 '1e3' AS c, '1e-3'::numeric AS d, 1e2 AS
            e, .5 AS f, 5. AS g
        """,
        #"SELECT '2024-01-01'::pg_catalog.date AS a, 'x'::pg_catalog."text" AS b, 'paid'::"order_state" AS c"#,
        """
        SELECT «u uuid 00000000-0000-4000-8000-00000000000a»::text AS u, «d date 2024-01-02»::text AS d,
            «t timestamp 2024-01-02T03:04:05Z»::date AS t
        """,
        """
        SELECT 'ada@x'::email AS mail, 5::quantity AS amount, 'sent'::order_state AS state, '[1,3)'::int4range
            AS r
        """,
        "SELECT treat.x FROM (SELECT CAST('5' AS int) AS x) AS treat",
    ]
}
