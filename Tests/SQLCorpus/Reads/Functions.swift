extension SQLCorpus {
    /// Calls of functions, and functions in FROM.
    static let functions: [Statement] = [
        """
        SELECT add(1) AS a, add(1, 2) AS b, add(a => 1, b => «b!int4 int 5») AS c, add(b := «a!int4 int 3», a
            := 2) AS d, add(4, b => 4) AS e
        """,
        """
        SELECT total_of(1, 2.5, «n decimal 3») AS a, total_of(VARIADIC ARRAY[1, 2, 3]) AS b, total_of(VARIADIC
            numbers => ARRAY[4.5]) AS c
        """,
        """
        SELECT concat('a', NULL, 1) AS a, concat_ws('-', 'x', «y!text string y») AS b, concat(VARIADIC
            ARRAY['p', 'q']) AS c, format('%s %I %L %%', 'a', 'b c', «l!text string it's») AS d
        """,
        "SELECT f.n, f.square FROM first_numbers(«to int32 3») AS f ORDER BY f.n",
        "SELECT f.* FROM first_numbers(up_to => 2) WITH ORDINALITY AS f (a, b, c) ORDER BY c",
        """
        SELECT a, b, c FROM ROWS FROM (generate_series(1, 3), unnest(ARRAY['x', 'y']), first_numbers(1)) AS t
            (a, b, c, d) ORDER BY a
        """,
        """
        SELECT t.i, t.x, t.o FROM ROWS FROM (generate_series(«from int 2», 3), json_to_recordset('[{"x": 1}]')
            AS (x int)) WITH ORDINALITY AS t (i, x, o) ORDER BY o
        """,
        "SELECT * FROM generate_series(1, «stop int 9», «step int 4») AS g ORDER BY g",
        "SELECT g.value FROM generate_series(1.5, 3, 0.5) AS g (value) ORDER BY value DESC",
        "SELECT n, generate_series(1, n) AS i FROM numbers WHERE n <= 2 ORDER BY n, i",
        """
        SELECT position('b' IN 'abc') AS a, overlay('abcdef' PLACING «x string XX»
            FROM 2 FOR 3) AS b, trim(both 'x' from 'xaxx') AS c, trim(leading from '  a') AS d,
            trim(trailing 'a' from 'baa') AS e, trim('  q ') AS f, btrim('xax', 'x') AS g
        """,
        """
        SELECT upper(word) AS u, initcap(word) AS i, length(word) AS l, reverse(word) AS r, left(word,
            «k!int4 int 2») AS left, right(word, -1) AS right FROM numbers ORDER BY n
        """,
        """
        SELECT lpad(word, «n!int4 int 6», '.') AS l, repeat('x', «k!int4 int 3») AS r, split_part('a,b,c', ',',
            -1) AS s, translate('abc', 'ab', 'x') AS t FROM numbers WHERE n = 1
        """,
        #"""
        SELECT md5(«t!text string x») AS m, encode(sha256('x'), 'hex') AS s, encode('\x01ff'::bytea, 'base64')
            AS b, ascii('é') AS a, chr(960) AS c, to_hex(255) AS h
        """#,
        """
        SELECT round(«x!numeric decimal 2.567», 2) AS r, trunc(-2.5) AS t, ceil(2.1) AS c, floor(-2.1) AS f,
            abs(«n int -5») AS a, sign(-3.0) AS s, mod(7, 3) AS m, power(2, 3) AS p, sqrt(2.25) AS q
        """,
        """
        SELECT round(price, «digits!int4 int 1») AS price, div(7, 2) AS d, gcd(12, 18) AS g, lcm(4, 6) AS l,
            factorial(5) AS f, width_bucket(5.3, 0, 10, 5) AS w, scale(1.230) AS s, trim_scale(1.230) AS ts
            FROM products ORDER BY id
        """,
        """
        SELECT exp(0) AS e, ln(1) AS l, log(100) AS lg, log(2.0, 8.0) AS l2, pi() > 3 AS p, degrees(0) AS d,
            sin(0) AS s, atan2(0, 1) AS a, cbrt(8) AS c
        """,
        """
        SELECT get_bit(B'100', 0) AS b, set_bit(B'100', 2, 1) AS s, bit_count(B'1011') AS c, octet_length('é')
            AS o, char_length('é') AS l, bit_length('a') AS n
        """,
        """
        SELECT quote_ident(«i!text string a b») AS i, quote_literal('a''b') AS l, quote_nullable(NULL) AS n,
            parse_ident('a."B c"') AS p
        """,
        """
        SELECT current_setting('TimeZone') AS zone, current_schema() IS NOT NULL AS has_schema,
            coalesce(current_setting('no.such', true), 'none') AS other
        """,
        """
        SELECT pg_typeof(1)::text AS a, pg_typeof(1.5)::text AS b, pg_typeof('x')::text AS c,
            pg_typeof(ARRAY[1])::text AS d, pg_typeof(now())::text AS e
        """,
        """
        SELECT has_table_privilege('numbers', 'select') AS may, obj_description('pg_class'::regclass) IS NULL
            AS bare, pg_get_viewdef('open_orders'::regclass) <> '' AS seen
        """,
        "SELECT xmlserialize(content '<a/>'::xml AS text) AS x WHERE «no bool false»",
        """
        SELECT row_number() OVER () AS i, l.* FROM (SELECT unnest('{b,a}'::text[]) AS x ORDER BY 1) AS l
            ORDER BY 1
        """,
        """
        SELECT "left"('abc', 2) AS a, pg_catalog.upper('x') AS b, "pg_catalog"."lower"('X') AS c, extract(epoch
            from interval '1 min') AS d
        """,
        """
        SELECT n FROM numbers AS numbers TABLESAMPLE BERNOULLI (100) REPEATABLE («seed double 1») ORDER BY n
        """,
        "SELECT count(*) FROM numbers TABLESAMPLE SYSTEM (100) WHERE n > «n int 2»",
        "SELECT count(*) FROM numbers AS s TABLESAMPLE pg_catalog.system (0) REPEATABLE (7)",
        """
        SELECT jsonb_build_object('n', «n int 1», 'b', «b bool true», 'd', «d date 2024-01-01», 's',
            «s!text string x», 'f', «f double 1.5») AS doc
        """,
        """
        SELECT collation for ('x' COLLATE "C") AS a, current_catalog IS NOT NULL AS b, user IS NOT NULL AS c,
            session_user = current_role AS d
        """,
        """
        SELECT a.n, b.*, c FROM numbers a, LATERAL (SELECT a.n * 2 AS twice, a.n * 3 AS thrice) AS b, LATERAL
            add(a.n, b.twice) AS c WHERE a.n = «n int 2»
        """,
        """
        SELECT repeat(«s!text string ab», 3) AS r, strpos(«s!text», 'b') AS p, starts_with(word, «w string t»)
            AS t FROM numbers ORDER BY n
        """,
    ]
}
