extension SQLCorpus {
    /// Constants of all kinds.
    static let literals: [Statement] = [
        "SELECT 'it''s' AS a, '' AS b, '''' AS c, ':a' AS d, ' :b :: ' AS e, «x string x» AS f",
        #"SELECT E'a\nb\t\'c\'\\' AS a, e'\x41\101\u00e9\U0001F600' AS b, E'\':no' AS c, «x string x» AS d"#,
        #"SELECT U&'\0441\+01F600' AS a, u&'d!0061t!+000061' UESCAPE '!' AS b, U&'\\' AS c, «x int 1» AS d"#,
        #"""
        SELECT U&"d\0061ta" AS a, U&"d!0061tum" UESCAPE '!' AS b FROM (SELECT 1 AS data, 2 AS datum) AS t
            WHERE data = «n int 1»
        """#,
        "SELECT B'1010' AS a, b'' AS b, X'1F' AS c, x'' AS d, N'national' AS e, «x bool true» AS f",
        #"""
        SELECT $$it's :a$$ AS a, $x$ $$ :b ' $x$ AS b, $tag_1$ $x$ $ $tag_1$ AS c, $ü$ :c $ü$ AS d, \#
        «x string $$:x$$» AS e
        """#,
        """
        SELECT 'one'
          ' two' AS a, 'x' -- a comment :c
            ':d' AS b, «x int 1» AS c
        """,
        #"""
        SELECT E'a\n'
        '\tb:c' AS a, U&'\0041'
        '\0042' AS b, B'10'
        '01' AS c, $$x$$ AS d, 'no' AS e
        """#,
        """
        SELECT 0 AS a, 00012 AS b, 1.5 AS c, 1.5e-3 AS d, 2E+2 AS e, .001 AS f, 100000000000000000000 AS g,
            -0.0 AS h, 9223372036854775807 AS i
        """,
        "SELECT true AS a, FALSE AS b, NULL AS c, null::int AS d",
        #"SELECT 'back\slash' AS a, '\' AS b, «x string \» AS c, '"' AS d, '/* :w */' AS e, '-- :y' AS f"#,
        #"""
        SELECT '{"a": ":x", "b::c": 1}'::jsonb AS doc, '$.a:b' AS path, 'time 12:30:45' AS t, '12:30'::time \#
        AS clock
        """#,
        "SELECT 'Ünïcödé 😀 e' AS a, chr(127) || chr(1) || chr(8232) AS b, '<script>&' AS c, '\ttab' AS d",
        #"SELECT E'\b\f\r\001\x7f' AS controls, E'\\x' AS backslash, E'\"' AS quote, E'%' AS percent"#,
        """
        SELECT 'a' || 'b' AS joined, concat('c', 'd') AS also FROM (SELECT 1) AS t WHERE 'x' <> «x string y»
        """,
        #"""
        SELECT '\xDEADBEEF'::bytea AS a, E'\\001\\134'::bytea AS b, decode('AQI=', 'base64') AS c, ''::bytea AS
            d
        """#,
        """
        SELECT 'infinity'::float8 AS a, '-Infinity'::numeric AS b, 'NaN'::float4 AS c, '-0'::float8 AS d,
            1e-300::float8 AS e, 'infinity'::date AS f
        """,
        """
        SELECT '0044-03-15 BC'::date AS a, '-infinity'::timestamptz AS b, '294276-12-31 23:59:59'::timestamp AS
            c, '24:00'::time AS d
        """,
        #"""
        SELECT «s string » AS empty, «t string a'b"c\d» AS quoted, «u string Zoë 😀» AS letters, «v string {}»
            AS braces
        """#,
        """
        SELECT «n int -9223372036854775808» AS low, «m int 9223372036854775807» AS high, «k int32 -2147483648»
            AS small
        """,
        """
        SELECT «d double 0.1» AS d, «e double -1e-7» AS e, «f double 12345678901234567890» AS f,
            «g decimal 0.10» AS g, «h decimal -123456789012345678901234567890.5» AS h
        """,
        """
        SELECT «b bool false» AS b, «u uuid 00000000-0000-4000-8000-0000000000ff» AS u, «d date 0001-01-01» AS
            d, «t timestamp 9999-12-31T23:59:59.999999Z» AS t
        """,
    ]
}
