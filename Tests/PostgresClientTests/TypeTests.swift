import NIOCore
import PostgresClient
import TestServers
import Testing

@Suite struct TypeTests {
    /// Expressions with their edge values, by the kind of rule they are for.
    static let expressions: [String] = [
        "1::int2", "(-32768)::int2", "2147483647", "(-2147483648)::int4", "9223372036854775807",
        "(-9223372036854775808)::int8", "0",
        "1.5::float4", "'NaN'::float4", "'-Infinity'::float8", "'Infinity'::float8", "0.1::float8", "1e20::float8",
        "1e-7::float8", "1.7976931348623157e308::float8", "5e-324::float8", "(-0.0)::float8", "0.1::float4",
        "3.4028235e38::float4",
        "123456789012345678901234567890.12345678901234567890", "'NaN'::numeric", "'Infinity'::numeric",
        "'-Infinity'::numeric",
        "1.10::numeric", "(-0.00)::numeric", "0::numeric(10,4)", "1e-20::numeric",
        "true", "false", "NULL::bool", "NULL::text", "NULL::int", "NULL::json", "NULL::int[]",
        "''::text", "'a'", "'abcdefgh'", "'tab\tquote\"back\\slash/'", "'ä€😀'", "repeat('x', 100000)",
        "repeat('\"', 50000)",
        "'abc'::char(10)", "'abc'::varchar(10)", "'n'::name", "'c'::\"char\"", "''::\"char\"", "chr(127)", "chr(8232)",
        "'6f1f2c50-8a0e-4f0e-9c3f-0123456789AB'::uuid",
        "'2024-02-29'::date", "'infinity'::date", "'-infinity'::date", "'0044-03-15 BC'::date", "'12345-06-07'::date",
        "'04:05:06.789'::time", "'24:00'::time", "'04:05:06-08'::timetz", "'04:05:06.7+05:30'::timetz",
        "'2024-02-03 04:05:06.7'::timestamp", "'infinity'::timestamp", "'-infinity'::timestamp",
        "'0044-03-15 12:00:00 BC'::timestamp", "'294276-12-31 23:59:59.999999'::timestamp", "'2024-02-03'::timestamp",
        "'2024-02-03 04:05:06.7-05'::timestamptz", "'infinity'::timestamptz",
        "'0044-03-15 12:00:00+00 BC'::timestamptz",
        "'2024-02-03 04:05:06.000001+05:45'::timestamptz",
        "'{\"a\" : [1, 2 ,null]}'::json", "'null'::json", "'\"x\"'::json", "' 1 '::json",
        "'{\"b\":1,\"a\":{\"c\":[true]}}'::jsonb", "'null'::jsonb", "'1.10'::jsonb", "'\"\\u00e4\\n\"'::jsonb",
        "'{}'::int[]", "'{1,2,NULL}'::int[]", "'{{1,2},{3,4}}'::int[]", "'[0:1]={1,2}'::int[]",
        "'[2:3][-1:0]={{1,2},{3,4}}'::int[]", "'{{{1},{2}},{{3},{NULL}}}'::int8[]", "'{1,2}'::int2[]",
        "'{NaN,1.5,-Infinity}'::float8[]", "'{0.1}'::float4[]", "'{NaN,1.10}'::numeric[]", "'{t,f,NULL}'::bool[]",
        "'{a,\"b c\",\"q\\\"q\",\"back\\\\slash\",\"null\",NULL,\"\",\"{\",\"}\",\",\"}'::text[]",
        "ARRAY['ä€😀', chr(9), chr(1), '\"']",
        "ARRAY['NULL','null','Null']", "'{{a,b},{\"c,d\",NULL}}'::varchar[]", "'{ab}'::char(4)[]", "'{n}'::name[]",
        "'{6f1f2c50-8a0e-4f0e-9c3f-0123456789ab}'::uuid[]", "'{2024-02-29,infinity}'::date[]", "'{04:05:06}'::time[]",
        "'{04:05:06+01}'::timetz[]", "'{\"2024-02-03 04:05:06.7\",infinity}'::timestamp[]",
        "'{\"2024-02-03 04:05:06-05\",-infinity,\"0044-03-15 12:00:00 BC\"}'::timestamptz[]",
        "ARRAY['{\"a\": \"b\\\\\"}'::json, 'null', NULL]", "ARRAY['{\"a\":[1,\"x y\"]}'::jsonb, NULL]",
        "'{\"1 day\",\"2 years\"}'::interval[]", "'{\"\\\\xdead\"}'::bytea[]",
        "(SELECT array_agg('a,\"' || n) FROM generate_series(1, 20000) AS n)",
        "(SELECT array_agg(n % 2 = 0) FROM generate_series(1, 20000) AS n)",
        // Types whose text is quoted.
        "'1 year 2 mons -3 days 04:05:06.7'::interval", "'\\xdeadbeef'::bytea", "''::bytea", "12.34::money",
        "'192.168.0.1/24'::inet", "'10.0.0.0/8'::cidr", "'08:00:2b:01:02:03'::macaddr", "B'1010'", "'101'::varbit",
        "42::oid",
        "'(1,2)'::point", "'((0,0),(1,1))'::box", "'[1,5)'::int4range", "'[2024-01-01,2024-02-01)'::daterange",
        "'[2024-01-01 00:00,2024-02-01 00:00)'::tsrange", "'{[1,2),[5,6)}'::int4multirange", "'a b'::tsvector",
        "'a & b'::tsquery",
        "'16/B374D848'::pg_lsn", "'1'::xid8", "'$.a'::jsonpath",
        // Types that the server converts.
        "'happy'::test_mood", "NULL::test_mood", "ARRAY['happy','sad']::test_mood[]", "5::test_positive",
        "ARRAY[5]::test_positive[]",
        "ROW(1,'x',NULL)::test_pair", "ROW(1,'a\"b')", "ARRAY[ROW(1,'x','sad')::test_pair]", "'<a/>'::xml",
        "'{\"(1,2)\"}'::point[]",
        "'{\"[1,2)\"}'::int4range[]", "'1 2'::int2vector", "'a'::test_text", "'[1]'::test_json",
    ]

    static let types = """
        DO $$ BEGIN
            PERFORM pg_advisory_xact_lock(1);
            IF to_regtype('test_mood') IS NULL THEN
                CREATE TYPE test_mood AS ENUM ('happy', 'sad');
                CREATE DOMAIN test_positive AS int CHECK (VALUE > 0);
                CREATE DOMAIN test_text AS text;
                CREATE DOMAIN test_json AS json;
                CREATE TYPE test_pair AS (a int, b text, c test_mood);
            END IF;
        END $$
        """

    @Test func eachTypeGivesTheBytesOfRowToJSON() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.types)
        let answers = try await withClient(url) { client async throws in
            var answers: [String] = []
            for expression in Self.expressions {
                answers.append(try await client.body("SELECT \(expression) AS v") ?? "")
            }
            return answers
        }
        for (expression, answer) in zip(Self.expressions, answers) {
            let expected = try oracle.rows("SELECT \(expression) AS v")
            #expect(answer == expected, "\(expression.prefix(80))")
        }
    }

    @Test func settingsOfServerRoleAndConnectionStringDoNotShow() async throws {
        let server = try PostgresServer.shared.get()
        let oracle = try Oracle(server.url)
        try oracle.value(Self.types)
        try oracle.value("CREATE DATABASE odd TEMPLATE template0")
        try oracle.value("CREATE ROLE odd LOGIN SUPERUSER")
        for (name, value) in [
            ("DateStyle", "'SQL, DMY'"), ("IntervalStyle", "iso_8601"), ("bytea_output", "escape"),
            ("extra_float_digits", "-10"),
            ("standard_conforming_strings", "off"), ("client_encoding", "LATIN1"),
            ("default_transaction_read_only", "off"),
        ] {
            try oracle.value("ALTER DATABASE odd SET \(name) = \(value)")
            try oracle.value("ALTER ROLE odd SET \(name) = \(value)")
        }
        try oracle.value("ALTER ROLE odd IN DATABASE odd SET TimeZone = 'America/St_Johns'")
        let options = "options=-c%20DateStyle%3DGerman%20-c%20search_path%3Dpg_catalog"
        let url = "postgres://odd@127.0.0.1:\(server.port)/odd?\(options)"
        let expressions = Self.expressions.filter { !$0.contains("test_") }
        let (answers, path) = try await withClient(url) { client async throws in
            var answers: [String] = []
            for expression in expressions { answers.append(try await client.body("SELECT \(expression) AS v") ?? "") }
            return (answers, try await client.body("SHOW search_path", shape: .value))
        }
        #expect(path == "\"pg_catalog\"", "the user's own options are kept")
        for (expression, answer) in zip(expressions, answers) {
            let expected = try oracle.rows("SELECT \(expression) AS v")
            #expect(answer == expected, "\(expression.prefix(80))")
        }
    }

    @Test func everyCharacterIsEscapedLikeTheServerDoesAtEveryPlaceOfAWord() async throws {
        let url = try PostgresServer.shared.get().url
        let sql = """
            SELECT n, place,
                repeat('x', place) || chr(n) || repeat('é', place % 5) || chr(n) || repeat('y', 20 - place) AS t
            FROM generate_series(1, 300) AS n, generate_series(0, 20) AS place
            UNION ALL SELECT n, 0, repeat(chr(n), 17) FROM unnest(ARRAY[34, 92, 1, 31, 10, 127, 8364, 128512]) AS n
            """
        let answer = try await withClient(url) { try await $0.body(sql) }
        let expected = try Oracle(url).rows(sql)
        #expect(answer == expected)
    }

    @Test func randomRowsOfRandomColumnsGiveTheBytesOfRowToJSON() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.types)
        var random = Seeded(state: 20_240_203)
        let queries = (0..<60).map { _ in RandomQuery.make(&random) }
        let answers = try await withClient(url) { client async throws in
            var answers: [String] = []
            for query in queries { answers.append(try await client.body(query) ?? "") }
            return answers
        }
        for (query, answer) in zip(queries, answers) {
            let expected = try oracle.rows(query)
            #expect(answer == expected, "\(query.prefix(400))")
        }
    }

    @Test func twentyThousandRowsEqualJSONAggApartFromWhiteSpaceBetweenRows() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(
            """
            CREATE TABLE IF NOT EXISTS twenty_thousand AS SELECT i AS id, 'user' || i || '@example.com' AS email,
                'First' || (i % 997) || ' Last' || (i % 1009) AS full_name, i % 7 <> 0 AS is_active,
                timestamptz '2024-01-01 00:00:00+00' + i * interval '61 seconds' AS created_at,
                'Bio ' || rpad(i::text, 6, '.') || ' ' || substr(md5(i::text), 1, 29) AS bio
            FROM generate_series(1, 20000) AS i
            """
        )
        let sql = "SELECT id, email, full_name, is_active, created_at, bio FROM twenty_thousand ORDER BY id"
        let statement = PostgresStatement(sql: sql, shape: .many)
        let answer = try await withClient(url) { try await $0.query(statement, deadline: .seconds(20)) }
        let expected = try oracle.value("SELECT json_agg(r) FROM (\(sql)) AS r") ?? ""
        let joined = expected.split(separator: ", \n ").joined(separator: ",")
        #expect(answer.rowCount == 20_000)
        #expect(answer.body.map { String(buffer: $0) == joined } == true)
    }
}

/// A query with random columns and rows.
enum RandomQuery {
    static func make(_ random: inout Seeded) -> String {
        let kinds = (0..<Int.random(in: 1...8, using: &random)).map { _ in Int.random(in: 0..<16, using: &random) }
        let rows = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            "(" + kinds.map { value($0, &random) }.joined(separator: ", ") + ")"
        }
        let names = kinds.indices.map { "\"c\($0)\(["", " x", "\"\"", "ä", "\\"][$0 % 5])\"" }
        return "SELECT * FROM (VALUES \(rows.joined(separator: ", "))) AS v (\(names.joined(separator: ", ")))"
    }

    private static func value(_ kind: Int, _ random: inout Seeded) -> String {
        func literal(_ text: String, _ type: String) -> String {
            "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''"))'::\(type)"
        }
        let isNull = Int.random(in: 0..<6, using: &random) == 0
        let number = Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0..<63, using: &random)
        switch kind {
        case 0: return isNull ? "NULL::int8" : literal("\(number)", "int8")
        case 1: return isNull ? "NULL::text" : literal(text(&random), "text")
        case 2: return isNull ? "NULL::float8" : literal("\(Double(bitPattern: random.next()))", "float8")
        case 3:
            return isNull
                ? "NULL::numeric" : literal("\(number).\(UInt16.random(in: 0...999, using: &random))", "numeric")
        case 4: return isNull ? "NULL::bool" : "\(number > 0)"
        case 5: return "('2000-01-01'::timestamp + \(number % 3_000_000_000) * interval '1.001 second')"
        case 6: return "('2000-01-01'::timestamptz + \(number % 3_000_000_000) * interval '1.001 second')"
        case 7: return isNull ? "NULL::uuid" : "md5('\(number)')::uuid"
        case 8: return "to_jsonb(\(literal(text(&random), "text")))"
        case 9: return "json_build_object('k', \(literal(text(&random), "text")), 'n', \(number))"
        case 10:
            return isNull ? "NULL::text[]" : array((0..<4).map { _ in literal(text(&random), "text") }, "text", &random)
        case 11: return isNull ? "NULL::int8[]" : array((0..<6).map { "\(number >> Int64($0 * 7))" }, "int8", &random)
        case 12: return isNull ? "NULL::test_mood" : literal(number > 0 ? "happy" : "sad", "test_mood")
        case 13: return "ROW(\(number % 1000), \(literal(text(&random), "text")), 'sad')::test_pair"
        case 14: return array((0..<3).map { _ in "to_jsonb(\(literal(text(&random), "text")))" }, "jsonb", &random)
        default: return "('2000-01-01'::date + \(number % 100_000)::int)"
        }
    }

    private static func array(_ elements: [String], _ type: String, _ random: inout Seeded) -> String {
        let some = elements.map { Int.random(in: 0..<4, using: &random) == 0 ? "NULL" : $0 }
        let one = "ARRAY[\(some.joined(separator: ", "))]::\(type)[]"
        return Bool.random(using: &random) ? one : "ARRAY[\(one), \(one)]"
    }

    private static let alphabet: [Character] =
        Array("abcdefgXYZ 0123456789{},;'\"\\/<>&%$:") + (1..<32).map { Character(UnicodeScalar($0)) }
        + ["\u{7f}", "é", "€", "😀", "\u{2028}", "N", "U", "L"]

    private static func text(_ random: inout Seeded) -> String {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return ""
        case 1: return "NULL"
        case 2: return "null"
        default: break
        }
        return String((0..<Int.random(in: 1...40, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
    }
}
