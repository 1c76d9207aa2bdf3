extension SQLCorpus {
    /// Window functions and their frames.
    static let windows: [Statement] = [
        "SELECT n, row_number() OVER (ORDER BY n DESC) AS place FROM numbers ORDER BY n",
        """
        SELECT id, rank() OVER (PARTITION BY department ORDER BY salary DESC) AS place FROM employees
            ORDER BY id
        """,
        "SELECT n, sum(n) OVER () AS total, sum(n) OVER (ORDER BY n) AS running FROM numbers ORDER BY n",
        """
        SELECT n, lag(n) OVER w AS before, lead(n, «ahead int32 2», 0) OVER w AS after FROM numbers
            WINDOW w AS (ORDER BY n) ORDER BY n
        """,
        """
        SELECT id, first_value(name) OVER w AS top, last_value(name) OVER w AS last, nth_value(name, 2) OVER w
            AS second FROM employees
        WINDOW w AS (PARTITION BY department ORDER BY salary DESC, id ROWS BETWEEN UNBOUNDED PRECEDING AND
            UNBOUNDED FOLLOWING) ORDER BY id
        """,
        """
        SELECT n, avg(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS smooth FROM numbers
            ORDER BY n
        """,
        "SELECT n, sum(n) OVER (ORDER BY n ROWS «back int 2» PRECEDING) AS s FROM numbers ORDER BY n",
        """
        SELECT n, sum(n) OVER (ORDER BY n ROWS BETWEEN «back int 1» PRECEDING AND CURRENT ROW EXCLUDE CURRENT
            ROW) AS s FROM numbers ORDER BY n
        """,
        """
        SELECT n, sum(n) OVER (ORDER BY n RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING EXCLUDE TIES) AS s
            FROM numbers ORDER BY n
        """,
        """
        SELECT n, count(*) OVER (ORDER BY n / 2 GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE GROUP) AS s
            FROM numbers ORDER BY n
        """,
        """
        SELECT n, count(*) OVER (ORDER BY n / 2 GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING EXCLUDE NO
            OTHERS) AS s FROM numbers ORDER BY n
        """,
        """
        SELECT id, sum(total) OVER (ORDER BY placed RANGE BETWEEN interval '1 month' PRECEDING AND CURRENT ROW)
            AS month FROM orders ORDER BY id
        """,
        """
        SELECT id, count(*) OVER (ORDER BY placed RANGE BETWEEN «back string 30 days»::interval PRECEDING AND
            CURRENT ROW) AS n FROM orders ORDER BY id
        """,
        """
        SELECT sensor, at, max(value) FILTER (WHERE value < 1000) OVER (PARTITION BY sensor
            ORDER BY at) AS peak FROM readings ORDER BY 1, 2
        """,
        """
        SELECT id, sum(salary) OVER (w ORDER BY hired) AS sum, count(*) OVER w AS n FROM employees
            WINDOW w AS (PARTITION BY department) ORDER BY id
        """,
        """
        SELECT id, ntile(«tiles int32 3») OVER v AS tile, percent_rank() OVER v AS rank, cume_dist() OVER v AS
            dist FROM employees
        WINDOW w AS (), v AS (w ORDER BY id) ORDER BY id
        """,
        """
        SELECT * FROM (SELECT id, dense_rank() OVER (ORDER BY salary DESC) AS place FROM employees) AS ranked
            WHERE place <= «top int 2» ORDER BY id
        """,
        """
        SELECT n, string_agg(word, '-') OVER (PARTITION BY parity ORDER BY n) AS words FROM numbers ORDER BY n
        """,
        """
        SELECT parity, sum(sum(n)) OVER (ORDER BY parity) AS running FROM numbers GROUP BY parity
            ORDER BY parity
        """,
        "SELECT DISTINCT parity, count(*) OVER (PARTITION BY parity) AS n FROM numbers ORDER BY parity",
        """
        SELECT n, n - lag(n, 1, n) OVER (ORDER BY n) AS step FROM numbers
            ORDER BY row_number() OVER (ORDER BY n DESC) LIMIT «limit int 3»
        """,
        """
        SELECT n, sum(n) OVER (PARTITION BY n > «split int 3» ORDER BY n ROWS UNBOUNDED PRECEDING) AS s
            FROM numbers ORDER BY n
        """,
        """
        SELECT n, array_agg(n) OVER (ORDER BY n ROWS BETWEEN CURRENT ROW AND «k int 2» FOLLOWING) AS next
            FROM numbers ORDER BY n
        """,
        """
        SELECT id, name, salary - avg(salary) OVER (PARTITION BY department) AS off, salary > avg(salary) OVER
            () AS above FROM employees ORDER BY id
        """,
    ]
}
