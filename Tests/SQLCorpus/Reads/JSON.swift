extension SQLCorpus {
    /// `json`, `jsonb` and paths.
    static let json: [Statement] = [
        """
        SELECT settings -> 'theme' AS a, settings ->> 'theme' AS b, settings #> '{limits,day}' AS c, settings
            #>> '{limits,day}' AS d FROM customers ORDER BY id
        """,
        "SELECT settings -> «key string theme» AS value FROM customers ORDER BY id",
        "SELECT id FROM customers WHERE settings ->> 'theme' = «theme string dark» ORDER BY id",
        "SELECT settings -> 'list' -> «at!int4 int 0» AS item FROM customers ORDER BY id",
        #"SELECT id FROM customers WHERE settings @> «part string {"theme": "dark"}» ORDER BY id"#,
        "SELECT id FROM customers WHERE settings ? «key string theme» ORDER BY id",
        "SELECT id FROM customers WHERE settings ?| «keys [string] {list,nothing}» ORDER BY id",
        "SELECT id FROM customers WHERE settings ?& ARRAY['theme', «key string limits»] ORDER BY id",
        "SELECT settings #>> «path [string] {limits,day}» AS value FROM customers ORDER BY id",
        """
        SELECT settings - 'theme' AS a, settings #- '{limits,day}' AS b, settings -
            «keys!text[] [string] {list,theme}» AS c FROM customers ORDER BY id
        """,
        #"SELECT settings || «more string {"x": 1}» AS merged FROM customers ORDER BY id"#,
        """
        SELECT settings @? '$.limits.day' AS a, settings @@ '$.limits.day > 3' AS b FROM customers ORDER BY id
        """,
        #"""
        SELECT jsonb_path_query(settings, '$.list[*] ? (@ >= $min)', jsonb_build_object('min', \#
        «min int 1»)) AS item FROM customers ORDER BY 1
        """#,
        #"""
        SELECT jsonb_path_query_array(attributes, '$.**.a') AS found, jsonb_path_exists(attributes, '$.n ? \#
        (@ > 1)') AS any FROM products ORDER BY id
        """#,
        #"SELECT jsonb_path_query_first('{"t": "12:30", "d": "2024-01-01"}', '$.d.datetime()')::text AS day"#,
        """
        SELECT raw AS whole, raw -> 'a' AS a, raw ->> 'b' AS b, json_typeof(raw) AS kind FROM products
            ORDER BY id
        """,
        """
        SELECT jsonb_set(settings, '{theme}', to_jsonb(«theme!text string blue»::text)) AS s,
            jsonb_insert('[1,3]', '{1}', '2') AS i FROM customers ORDER BY id
        """,
        """
        SELECT k.key, k.value FROM customers c, jsonb_each(c.settings) AS k WHERE c.id = «id int 1»
            ORDER BY k.key
        """,
        """
        SELECT c.id, k FROM customers c CROSS JOIN LATERAL jsonb_object_keys(c.settings) AS k ORDER BY c.id, k
        """,
        """
        SELECT e.value, e.ordinality AS place
            FROM jsonb_array_elements_text(«list string ["a", null, "c"]») WITH ORDINALITY AS e ORDER BY 2
        """,
        """
        SELECT jsonb_build_object('id', id, 'lines', (SELECT jsonb_agg(l ORDER BY l.line) FROM order_lines l
            WHERE l.order_id = o.id)) AS doc FROM orders o ORDER BY id
        """,
        """
        SELECT json_build_array(1, 'x', NULL, «n int 2», ARRAY[1, 2]) AS list, json_build_object('k',
            «v!text string w») AS object
        """,
        """
        SELECT to_json(home) AS a, to_jsonb(tags) AS b, row_to_json(c) AS c, array_to_json(ARRAY[[1, 2], [3,
            4]]) AS d FROM customers c WHERE id = 4
        """,
        """
        SELECT jsonb_strip_nulls(settings) AS a, jsonb_pretty('{"a": [1]}') AS b, jsonb_typeof(settings
            -> 'nothing') AS c FROM customers ORDER BY id
        """,
        """
        SELECT (settings ->> 'theme') IS NULL AS plain, (settings -> 'limits' ->> 'day')::int + «n int 1» AS
            more FROM customers ORDER BY id
        """,
        """
        SELECT attributes['lang']['code'] AS code, attributes -> 'parts' -> -1 AS last, attributes -> 'parts'
            ->> 0 AS first FROM products ORDER BY id
        """,
        """
        SELECT 'null'::jsonb AS a, '1.50'::jsonb AS b, '"x"'::json AS c, '{"b": 1, "a": 2, "b": 3}'::jsonb AS
            d, '{"b": 1,  "b": 2}'::json AS e
        """,
        #"SELECT * FROM json_each_text('{"a": [1, 2], "b": null}') ORDER BY key"#,
        """
        SELECT x.a, x.b FROM json_populate_recordset(NULL::edges, '[{"source": 1, "target": 2}]') AS x (a, b, c)
        """,
        """
        SELECT jsonb_object(ARRAY['a', 'b'], ARRAY['1', «b string 2»]) AS o, jsonb_object('{a,1,b,2}') AS p
        """,
        #"SELECT '{"a": {"b": [10, 20]}}'::jsonb #> «path [string] {a,b,1}» AS found"#,
        """
        SELECT '[1, 2]'::jsonb @> '1' AS a, '{"a": 1}'::jsonb <@ '{"a": 1, "b": 2}' AS b, '[]'::jsonb = '[]' AS
            c, '1'::jsonb < '2' AS d
        """,
        #"""
        SELECT settings #> '{a.b,c}' AS odd, settings @@ '$."a.b".c == "\"q\""' AS same FROM customers \#
        WHERE id = 4
        """#,
        #"""
        SELECT jsonb_path_query('{"x": ":y"}', '$.x ? (@ starts with ":")') AS colon, \#
        jsonb_path_match('[1]', 'exists($[*] ? (@ == 1))') AS hit
        """#,
    ]
}
