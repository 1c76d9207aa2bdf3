extension SQLCorpus {
    /// Dates, times and intervals.
    static let dates: [Statement] = [
        "SELECT id, placed AT TIME ZONE «zone string Europe/Berlin» AS local FROM orders ORDER BY id",
        """
        SELECT at AT TIME ZONE 'UTC' AS zoned, timezone('America/New_York', at) AS other FROM readings
            ORDER BY sensor, at
        """,
        """
        SELECT placed AT TIME ZONE interval '02:00' AS shifted, placed AT TIME ZONE 'UTC' AT TIME
            ZONE 'Asia/Kolkata' AS twice FROM orders ORDER BY id
        """,
        """
        SELECT extract(year FROM placed) AS y, extract('epoch'
            FROM placed) AS e, date_part('dow', placed) AS d, extract(week FROM due) AS w FROM orders
            ORDER BY id
        """,
        """
        SELECT extract(day FROM «day date 2024-02-29») AS d, extract(hour
            FROM «at timestamp 2024-02-29T13:14:15Z») AS h
        """,
        """
        SELECT (DATE '2024-01-01', DATE '2024-06-01') OVERLAPS («from date 2024-05-01», «to date 2024-12-31»)
            AS meets
        """,
        """
        SELECT (DATE '2024-01-01', interval '10 days') OVERLAPS (DATE '2024-01-10', interval '1 day') AS meets
        """,
        """
        SELECT id FROM orders WHERE placed >= «since timestamp 2024-03-01T00:00:00Z» AND placed <
            «until timestamp 2024-05-01T00:00:00Z» ORDER BY id
        """,
        "SELECT id FROM orders WHERE due = «day date 2024-03-10»",
        """
        SELECT id FROM orders WHERE due BETWEEN «from date 2024-02-01» AND «to date 2024-04-30» ORDER BY id
        """,
        "SELECT id FROM orders WHERE placed::date = «day date 2024-04-01»",
        """
        SELECT «day date 2024-01-31» + interval '1 month' AS next, «day» + 30 AS later, «day» -
            DATE '2024-01-01' AS days
        """,
        """
        SELECT due + «days!int4 int 7» AS later, due - 1 AS earlier, due + time '10:00' AS moment FROM orders
            ORDER BY id
        """,
        """
        SELECT placed + «n int 3» * interval '1 hour' AS later, placed - interval '1 year 2 months' AS earlier
            FROM orders ORDER BY id
        """,
        """
        SELECT date_trunc('day', placed) AS a, date_trunc('hour', placed, 'Asia/Kolkata') AS b,
            date_bin('15 min', placed, '2024-01-01') AS c FROM orders ORDER BY id
        """,
        """
        SELECT date_trunc('month', «at timestamp 2024-02-03T04:05:06Z») AS month, date_bin('1 day',
            «at», '2024-01-01'::timestamptz) AS bin
        """,
        """
        SELECT age(timestamp '2024-03-01', timestamp '2023-12-31') AS a, justify_interval('35 days 25:00') AS
            b, justify_days('30 days') AS c, make_interval(days => 3, hours => 4) AS d
        """,
        """
        SELECT make_date(«y int32 2024», 2, 29) AS a, make_time(1, 2, 3.5) AS b, make_timestamp(2024, 1, 2, 3,
            4, 5.6) AS c, make_timestamptz(2024, 1, 2, 3, 4, 5.6, 'UTC') AS d
        """,
        """
        SELECT to_char(placed, 'YYYY-MM-DD"T"HH24:MI:SS') AS a, to_char(total, 'FM9G999D00') AS b,
            to_char(id, 'RN') AS c FROM orders ORDER BY id
        """,
        """
        SELECT to_date(«text string 05 Dec 2000», 'DD Mon YYYY') AS a,
            to_timestamp('2024-02-03 04:05', 'YYYY-MM-DD HH24:MI') AS b, to_timestamp(0) AS c
        """,
        """
        SELECT d::date AS day FROM generate_series(«from timestamp 2024-01-01T00:00:00Z», '2024-01-04',
            interval '1 day') AS d ORDER BY d
        """,
        """
        SELECT at, span, span * 2 AS twice, -span AS back, at + span AS moved, clock + interval '1 hour' AS
            later FROM readings ORDER BY sensor, at
        """,
        """
        SELECT clock, zoned, zoned AT TIME ZONE 'UTC' AS utc, clock::interval AS i, zoned::time AS plain
            FROM readings ORDER BY sensor, at
        """,
        """
        SELECT isfinite(date 'infinity') AS a, 'epoch'::timestamptz AS b, date 'epoch' AS c, 'allballs'::time
            AS d, greatest(date '2024-01-01', «day date 2024-02-02») AS e
        """,
        """
        SELECT sensor, count(*) FROM readings WHERE at > «at timestamp 2023-12-31T00:00:00Z» GROUP BY sensor
            ORDER BY sensor
        """,
        """
        SELECT interval '1 day' < interval '25 hours' AS a, interval '30 days' = interval '1 month' AS b,
            interval 'P1Y2M3DT4H' AS c, interval '@ 1 minute ago' AS d
        """,
        """
        SELECT timestamptz '2024-03-31 02:30 Europe/Berlin' AS a, timestamp '2024-01-01' -
            timestamp '2023-01-01 12:00' AS b, time '10:00' - time '08:30' AS c
        """,
        """
        SELECT extract(timezone FROM placed) AS z, extract(isodow FROM placed) AS i, extract(quarter
            FROM placed)::int AS q, extract(julian FROM due) AS j FROM orders ORDER BY id
        """,
    ]
}
