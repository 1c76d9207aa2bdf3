import PostgresClient
import TestServers
import Testing

/// Types that a database's owner makes: none of them has a rule in the client, and their numbers differ everywhere.
@Suite(.timeLimit(.minutes(2))) struct UserTypeTests {
    /// Labels of an enum that are hard to quote, in an array, in a row or in JSON.
    static let labels = [
        "happy", "", " ", "NULL", "null", "a\"b", "a,b", "a\\b", "{a}", "(a)", "[a]", "it's", "a\tb\nc", "ä€😀",
        "\u{1}\u{7f}", String(repeating: "é", count: 31),
    ]

    /// Creates the types in a schema of their own, whose name needs quotes.
    private func create(_ oracle: Oracle) throws {
        let list = Self.labels.map { literal($0, "text") }.joined(separator: ", ")
        try oracle.value(
            """
            DO $do$ BEGIN
                PERFORM pg_advisory_xact_lock(3);
                IF to_regnamespace('"User types"') IS NOT NULL THEN RETURN; END IF;
                CREATE SCHEMA "User types";
                SET LOCAL search_path = "User types";
                EXECUTE (SELECT format('CREATE TYPE "Mood ""odd"" type" AS ENUM (%s)', string_agg(quote_literal(l), ', '))
                    FROM unnest(ARRAY[\(list)]) AS l);
                CREATE DOMAIN d_int AS int CHECK (VALUE > 0);
                CREATE DOMAIN d_int2 AS d_int CHECK (VALUE < 100);
                CREATE DOMAIN d_text AS varchar(20);
                CREATE DOMAIN d_numeric AS numeric(10,3);
                CREATE DOMAIN d_bool AS bool;
                CREATE DOMAIN d_time AS timestamptz(3);
                CREATE DOMAIN d_json AS json;
                CREATE DOMAIN d_jsonb AS jsonb;
                CREATE DOMAIN d_mood AS "Mood ""odd"" type";
                CREATE DOMAIN d_list AS int[] CHECK (cardinality(VALUE) < 10);
                CREATE DOMAIN d_list2 AS d_list;
                CREATE DOMAIN d_moods AS "Mood ""odd"" type"[];
                CREATE DOMAIN d_texts AS d_text[];
                CREATE TYPE pair AS (a int, "B ""q""\\" text, mood "Mood ""odd"" type", "ä" d_time);
                CREATE TYPE nested AS (
                    p pair, list pair[], n d_int2, nums d_list2, j json, b jsonb, texts text[], bytes bytea, r int4range,
                    n2 numeric, f float8, t timestamptz, i interval, flag bool, flags bool[]
                );
                CREATE DOMAIN d_pair AS pair CHECK ((VALUE).a IS DISTINCT FROM 0);
                CREATE DOMAIN d_pairs AS pair[];
                CREATE TYPE mood_range AS RANGE (subtype = "Mood ""odd"" type");
                CREATE TYPE text_range AS RANGE (subtype = text, collation = "C");
                CREATE TYPE number_range AS RANGE (subtype = d_int2);
                CREATE TYPE pair_range AS RANGE (subtype = pair);
                CREATE TYPE float_range AS RANGE (subtype = float8, subtype_diff = float8mi);
                CREATE DOMAIN d_range AS text_range;
                CREATE TYPE nothing AS ();
                CREATE TABLE parent (id int, gone text, name text DEFAULT 'n', mood "Mood ""odd"" type");
                ALTER TABLE parent DROP COLUMN gone;
                CREATE TABLE child (extra numeric[]) INHERITS (parent);
                INSERT INTO parent VALUES (1, 'x', 'a"b'), (2, NULL, '');
                INSERT INTO child VALUES (3, 'y', 'a,b', '{1.10,NaN}');
                CREATE VIEW seen AS SELECT p AS whole, p.* FROM parent AS p;
                -- A base type of its own, with another delimiter.
                CREATE TYPE own;
                CREATE FUNCTION own_in(cstring) RETURNS own LANGUAGE internal IMMUTABLE STRICT AS 'textin';
                CREATE FUNCTION own_out(own) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
                CREATE TYPE own (INPUT = own_in, OUTPUT = own_out, LIKE = text, DELIMITER = ';');
                -- The server uses such a cast for everything but rows.
                CREATE TYPE cast_mood AS ENUM ('up', 'down');
                CREATE FUNCTION to_json(cast_mood) RETURNS json LANGUAGE sql IMMUTABLE
                    AS $$ SELECT json_build_object('mood' , $1::text) $$;
                CREATE CAST (cast_mood AS json) WITH FUNCTION to_json(cast_mood);
                CREATE DOMAIN d_cast AS cast_mood;
                CREATE TYPE cast_pair AS (a int, m cast_mood, ms d_cast[]);
                CREATE FUNCTION to_json(cast_pair) RETURNS json LANGUAGE sql IMMUTABLE AS $$ SELECT '"pair"'::json $$;
                CREATE CAST (cast_pair AS json) WITH FUNCTION to_json(cast_pair);
            END $do$
            """
        )
    }

    private static let pair = "ROW(1, 'a \"b\", (c)\\', 'a\"b', '2024-02-29 01:02:03.4567-05')::\"User types\".pair"
    private static let nested = """
        ROW(\(pair), ARRAY[NULL, \(pair)], 7, '{1,NULL}', '{"a" : 1}', '{"a" : 1}', '{a,"b c",NULL,"NULL","\\"\\\\"}', '\\x00ff',
            '[1,5)', '1.10', '0.1', '2024-02-29 01:02:03Z', '1 day 2:03', true, '{t,f,NULL}')::"User types".nested
        """

    /// Values of each type, as texts that its input function reads or as expressions.
    private static let texts: [(type: String, values: [String])] = [
        ("\"Mood \"\"odd\"\" type\"", labels),
        ("d_int", ["1"]), ("d_int2", ["99"]), ("d_text", ["", "NULL", "a \"b\",\\"]), ("d_numeric", ["1.10", "NaN"]),
        ("d_bool", ["t", "f"]), ("d_time", ["2024-02-29 01:02:03.4567-05", "infinity", "0044-03-15 00:00Z BC"]),
        ("d_json", ["{\"a\" : 1}", "null"]), ("d_jsonb", ["{\"a\" : 1}", "null"]), ("d_mood", ["a\"b", "", "ä€😀"]),
        ("d_list", ["{}", "{1,NULL}", "[0:1]={1,2}", "{{1},{2}}"]), ("d_list2", ["{}", "{1,NULL}"]),
        ("d_moods", ["{}", "{\"\",NULL,\"NULL\",\"a,b\",\"a\\\"b\",\"a\\\\b\"}"]), ("d_texts", ["{a,\"b c\",NULL}"]),
        ("pair", ["(,,,)", "(1,\"\",\"\",infinity)", "(1,\"a \"\"b\"\" \\\\\",\"a\"\"b\",2024-02-29 00:00Z)"]),
        ("d_pair", ["(,,,)", "(1,b,\"a,b\",)"]), ("d_pairs", ["{}", "{NULL,\"(,,,)\"}"]),
        ("mood_range", ["empty", "[\"a\"\"b\",\"a,b\"]", "(\"\",)", "(,\"ä€😀\"]"]),
        ("text_range", ["empty", "[\"a \"\"b\"\",\",\"c\\\\\")", "(,)"]), ("number_range", ["empty", "[1,99)"]),
        ("pair_range", ["empty", "[\"(1,a,,)\",\"(2,b,,)\")"]), ("float_range", ["[0.1,1e300)", "(-Infinity,)"]),
        ("d_range", ["[a,\"b c\")"]),
        ("mood_multirange", ["{}", "{[happy,\"\"],[\"a\"\"b\",)}"]),
        ("text_multirange", ["{}", "{[a,\"b \"\"c\"\",\"),(x,)}"]),
        ("pair_multirange", ["{[\"(1,a,,)\",\"(2,b,,)\")}"]),
        ("float_multirange", ["{[0.1,1e300)}"]), ("own", ["", "a;b", "NULL", "q\"q \\"]),
        ("nothing", ["()"]), ("cast_mood", ["up", "down"]), ("d_cast", ["down"]),
        ("cast_pair", ["(1,up,\"{down,NULL}\")"]),
    ]

    @Test func typesOfUsersGiveTheBytesOfRowToJSON() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try create(oracle)
        let selections = Self.texts.map { type, values in
            let name = "\"User types\".\(type)"
            let own = Catalog.ShippedType(oid: 0, name: type, sqlName: name, kind: "own", arrayOID: 1, attributes: nil)
            return own.expressions(values.map { literal($0, name) }, isText: true)
        }
        let rows = [
            Self.pair, Self.nested, "ARRAY[\(Self.nested), NULL]",
            "ARRAY[ARRAY[\(Self.pair)], ARRAY[NULL::\"User types\".pair]]",
            "ROW(\(Self.nested), ARRAY['a\"b'::\"User types\".\"Mood \"\"odd\"\" type\"])", "(\(Self.nested)).list",
            "(\(Self.nested)).p", "ROW(ROW('up'::\"User types\".cast_mood), ARRAY['up'::\"User types\".d_cast])",
        ]
        try await withClient(url, configure: { $0.maximumPreparedStatements = 4 }) { client async throws in
            for expressions in selections + [rows] { await compare(expressions, client, oracle) }
        }
    }

    @Test(
        arguments: [
            "SELECT * FROM parent ORDER BY id", "SELECT p AS whole FROM parent AS p ORDER BY id",
            "SELECT * FROM seen ORDER BY id", "SELECT s AS whole FROM seen AS s ORDER BY id",
            "SELECT c AS whole, c::parent AS part FROM child AS c",
            "SELECT (p).* FROM (SELECT p FROM parent AS p) AS q ORDER BY 1",
            "SELECT p.id, (SELECT array_agg(o ORDER BY o.id) FROM parent AS o WHERE o.id <= p.id) AS up FROM parent AS p",
            "SELECT mood, array_agg(p ORDER BY id) AS who FROM parent AS p GROUP BY mood ORDER BY mood",
            "SELECT unnest(enum_range(NULL::\"Mood \"\"odd\"\" type\")) AS mood",
            "SELECT '(1,up,\"{down,NULL}\")'::cast_pair AS pair", "SELECT 'up'::cast_mood AS mood",
        ])
    func rowsOfTablesAreObjects(sql: String) async throws {
        let url = try PostgresServer.shared.get().url
        let path = "?options=-c%20search_path%3D%22User%5C%20types%22"
        let oracle = try Oracle(url + path)
        try create(oracle)
        let answer = try await withClient(url + path) { try await $0.body(sql) }
        let expected = try oracle.rows(sql)
        #expect(answer == expected)
    }
}
