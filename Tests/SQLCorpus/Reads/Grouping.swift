extension SQLCorpus {
    /// GROUP BY, HAVING and aggregates.
    static let grouping: [Statement] = [
        "SELECT parity, count(*) FROM numbers GROUP BY parity ORDER BY parity",
        "SELECT parity AS p, sum(n) FROM numbers GROUP BY p HAVING sum(n) > «least int 9» ORDER BY p",
        "SELECT parity, min(word), max(word) FROM numbers GROUP BY 1 ORDER BY 1",
        """
        SELECT n % 3 AS rest, array_agg(word ORDER BY n DESC) AS words FROM numbers GROUP BY n % 3 ORDER BY 1
        """,
        """
        SELECT count(*), count(manager_id) AS managed, count(DISTINCT department) AS departments, avg(salary)
            FROM employees
        """,
        """
        SELECT department, sum(salary) FILTER (WHERE hired >= «since date 2015-01-01») AS recent FROM employees
        GROUP BY department ORDER BY department NULLS FIRST
        """,
        """
        SELECT department, manager_id, sum(salary) FROM employees GROUP BY ROLLUP (department, manager_id)
        ORDER BY department NULLS LAST, manager_id NULLS LAST, sum(salary)
        """,
        """
        SELECT department, manager_id, count(*), grouping(department, manager_id) AS level FROM employees
        GROUP BY CUBE (department, manager_id) ORDER BY level, department, manager_id
        """,
        """
        SELECT department, extract(year FROM hired) AS year, count(*) FROM employees
        GROUP BY GROUPING SETS ((department), (extract(year FROM hired)), ()) ORDER BY 1, 2, 3
        """,
        """
        SELECT customer_id, state, sum(total), grouping(state) AS g FROM orders
        GROUP BY GROUPING SETS (ROLLUP (customer_id, state), CUBE (state)) ORDER BY 4, 1, 2, 3
        """,
        """
        SELECT customer_id, state, count(*) FROM orders
            GROUP BY DISTINCT ROLLUP (customer_id), ROLLUP (customer_id, state) ORDER BY 1, 2, 3
        """,
        "SELECT customer_id, count(*) FROM orders GROUP BY ALL customer_id ORDER BY 1",
        """
        SELECT a.parity, b.parity AS other, count(*) FROM numbers a, numbers b
            GROUP BY (a.parity, b.parity), () ORDER BY 1, 2
        """,
        "SELECT true AS any FROM numbers HAVING count(*) > «n int 5»",
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY salary) AS median FROM employees",
        """
        SELECT percentile_disc(ARRAY[0.25, 0.75]) WITHIN GROUP (ORDER BY salary DESC) AS quartiles
            FROM employees
        """,
        "SELECT percentile_cont(«fraction double 0.25») WITHIN GROUP (ORDER BY n) AS p FROM numbers",
        "SELECT mode() WITHIN GROUP (ORDER BY parity DESC) AS most FROM numbers",
        """
        SELECT rank(4000) WITHIN GROUP (ORDER BY salary) AS place, dense_rank(4000) WITHIN GROUP (ORDER BY
            salary) AS dense FROM employees
        """,
        "SELECT string_agg(word, «separator string , » ORDER BY n) AS words FROM numbers WHERE n <= 3",
        """
        SELECT string_agg(DISTINCT parity, '/'
            ORDER BY parity) AS parities, product_of(DISTINCT n) FILTER (WHERE n < 5) AS product FROM numbers
        """,
        "SELECT bool_and(active), bool_or(active), every(id > 0) FROM customers",
        """
        SELECT json_agg(n ORDER BY n DESC) AS list, jsonb_object_agg(word, n) AS map FROM numbers
            WHERE n < «end int 4»
        """,
        """
        SELECT json_object_agg(word, n ORDER BY n) AS map, array_agg(ARRAY[n, n * n] ORDER BY n) AS squares
            FROM numbers
        """,
        "SELECT bit_and(n), bit_or(n), bit_xor(n) FROM numbers",
        """
        SELECT round(stddev_samp(n), 6) AS s, round(var_pop(n), 6) AS v, round(corr(n, n)::numeric, 3) AS c
            FROM numbers
        """,
        """
        SELECT regr_count(y, x) AS pairs, regr_slope(y, x) AS slope
            FROM (VALUES (1.0, 2.0), (2.0, 4.0)) AS t (x, y)
        """,
        "SELECT range_agg(days) AS days, range_intersect_agg(days) AS common FROM bookings",
        """
        SELECT date_trunc(«unit string month», placed) AS period, count(*) FROM orders GROUP BY 1 ORDER BY 1
        """,
        """
        SELECT count(*) FILTER (WHERE n > «a int 2» AND n < «b int 5») AS inner_ones, count(*) AS all_of_them
            FROM numbers
        """,
        """
        SELECT department FROM employees GROUP BY department HAVING count(*) >= «n int 2» AND NOT
            bool_or(salary > 4800) ORDER BY 1
        """,
        "SELECT xmlagg(xmlelement(name x, n) ORDER BY n)::text AS doc FROM numbers WHERE false",
        "SELECT array_agg(x ORDER BY x USING >) AS falling FROM unnest(«list [int] {3,1,2}») AS x",
        """
        SELECT customer_id, (array_agg(id ORDER BY placed DESC))[1] AS newest FROM orders GROUP BY customer_id
            ORDER BY customer_id
        """,
        "SELECT (count(*) FILTER (WHERE active))::float8 / count(*) AS share FROM customers",
        """
        SELECT sum(l.amount * l.unit_price) AS worth, max(l.amount) AS most FROM order_lines l
            WHERE l.order_id = ANY («orders [int] {1,2,6}»::int[])
        """,
    ]
}
