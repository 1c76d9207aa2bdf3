extension SQLCorpus {
    /// Arrays, subscripts and slices.
    static let arrays: [Statement] = [
        "SELECT ARRAY[1, 2, «n int 3»] AS list",
        #"SELECT array[«a string x», «b string y"z»] AS list"#,
        "SELECT ARRAY[[1, 2], [3, «n int32 4»]] AS matrix",
        "SELECT ARRAY[]::text[] AS none, '{}'::int[] AS empty, '{{a,b},{c,NULL}}'::text[] AS nested",
        "SELECT id, sizes[1] AS first, sizes[array_upper(sizes, 1)] AS last FROM products ORDER BY id",
        """
        SELECT id, sizes[1:2] AS two, sizes[2:] AS rest, sizes[:2] AS begin, sizes[:] AS whole FROM products
            ORDER BY id
        """,
        "SELECT id, sizes[«at int 2»] AS picked FROM products ORDER BY id",
        """
        SELECT id, sizes[ : at] AS begin, sizes[1:at] AS same FROM (SELECT id, sizes, 1 AS at
            FROM products) AS p WHERE id < «end int 5» ORDER BY id
        """,
        """
        SELECT id, sizes[1 : «to int 2»] AS part, sizes[«from int 2» : 3] AS other FROM products ORDER BY id
        """,
        """
        SELECT id, matrix[1][2] AS cell, matrix[1:1][2:2] AS slice, matrix[2:][:1] AS corner FROM products
            WHERE matrix IS NOT NULL ORDER BY id
        """,
        """
        SELECT p.sizes[n.n] AS size, n.n FROM products p, numbers n
            WHERE p.id = 1 AND n.n <= array_length(p.sizes, 1) ORDER BY n.n
        """,
        """
        SELECT p.sizes[1:n] AS upto, n FROM products p CROSS JOIN numbers WHERE p.id = 1 AND n <= «to int 3»
            ORDER BY n
        """,
        """
        SELECT p.sizes[n:n + 1] AS window FROM products p CROSS JOIN numbers WHERE p.id = 1 ORDER BY n LIMIT 3
        """,
        "SELECT (ARRAY[10, 20, 30])[«at int 2»] AS picked",
        "SELECT (array_agg(n ORDER BY n))[2:3] AS middle FROM numbers",
        "SELECT ('{a,b,c}'::text[])[2] AS b, ('[0:2]={x,y,z}'::text[])[0] AS x",
        "SELECT id FROM products WHERE sizes @> ARRAY[«size int 2»]::int[] ORDER BY id",
        "SELECT id FROM products WHERE sizes && «sizes!int4[] [int] {3,4}» ORDER BY id",
        "SELECT id FROM products WHERE «size int 2» = ANY(sizes) ORDER BY id",
        "SELECT id FROM products WHERE id = ANY («ids [int] {1,3,9000000000}») ORDER BY id",
        "SELECT id FROM products WHERE id <> ALL(«ids [int] {1,3}») ORDER BY id",
        "SELECT id FROM customers WHERE tags @> «tags [string] {vip}» ORDER BY id",
        """
        SELECT id FROM customers WHERE tags <@ «tags [string] {early,vip,"two words"}» AND cardinality(tags) >
            0 ORDER BY id
        """,
        "SELECT name FROM customers WHERE code = ANY(«codes [uuid] {00000000-0000-4000-8000-000000000001}»)",
        "SELECT title FROM documents WHERE related && «ids [uuid] {10000000-0000-4000-8000-000000000001}»",
        "SELECT id, tags || «more [string] {extra}» AS tags FROM customers ORDER BY id",
        """
        SELECT id, array_append(tags, «tag string t»::text) AS tags, array_remove(tags, 'vip') AS others
            FROM customers ORDER BY id
        """,
        """
        SELECT array_position(tags, 'early') AS at, array_to_string(tags, «sep string |») AS joined
            FROM customers ORDER BY id
        """,
        "SELECT x FROM unnest(«ids [int] {5,3}») AS x ORDER BY x",
        """
        SELECT a, b FROM unnest(«ids [int] {1,2}», «names!text[] [string] {x,"y, z",w}») AS t (a, b)
            ORDER BY a NULLS LAST
        """,
        """
        SELECT x, i FROM unnest(ARRAY['p', 'q']) WITH ORDINALITY AS t (x, i) WHERE i >= «i int 1» ORDER BY i
        """,
        "SELECT cardinality(«ids [int] {7,8,9}») AS n, array_ndims(ARRAY[[1], [2]]) AS dims",
        "SELECT array_fill(«v int 7», ARRAY[2, 2], ARRAY[0, 5]) AS filled",
        """
        SELECT string_to_array(«text string a,b,,c», ',') AS parts, string_to_array('a.b', '.', 'a') AS
            with_null
        """,
        """
        SELECT ARRAY[1, 2] = ARRAY[1, 2] AS same, ARRAY[1, 2] < ARRAY[1, 3] AS less, ARRAY[1, 2] || ARRAY[3] AS
            joined, 0 || ARRAY[1] AS front
        """,
        "SELECT array_agg(tags) FILTER (WHERE cardinality(tags) = 1) AS lists FROM customers",
        "SELECT ARRAY[ROW(1, 2)::span, NULL] AS spans, ARRAY['paid', 'sent']::order_state[] AS states",
        """
        SELECT ARRAY[date '2024-01-01', «day date 2024-12-31»] AS days, ARRAY[true, «flag bool false»] AS flags
        """,
        """
        SELECT ARRAY['2024-01-01 00:00'::timestamp] AS stamps, ARRAY[«at timestamp 2024-02-03T04:05:06.7Z»] AS
            zoned
        """,
        "SELECT id, trim_array(sizes, 1) AS trimmed FROM products WHERE cardinality(sizes) > 0 ORDER BY id",
        "SELECT generate_subscripts(sizes, 1) AS i FROM products WHERE id = «id int 1» ORDER BY i",
        """
        SELECT x[1] AS one, x[i] AS chosen, x[i : j] AS part
            FROM (SELECT ARRAY[5, 6, 7] AS x, 2 AS i, 3 AS j) AS t
        """,
        """
        SELECT settings['theme'] AS theme, settings['limits']['day'] AS day, settings['list'][0] AS first
            FROM customers ORDER BY id
        """,
        "SELECT settings[«key!text string theme»] AS value FROM customers ORDER BY id",
    ]
}
