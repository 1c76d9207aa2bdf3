import Foundation
import NIOCore
import PostgresClient
import TestServers
import Testing

/// Parameters as a route's inputs become them: text, with types to fall back to.
@Suite(.timeLimit(.minutes(1))) struct RouteInputTests {
    /// A statement, the types that its inputs declare, and values for it.
    struct Case: Sendable, CustomTestStringConvertible {
        let sql: String
        let types: [PostgresType?]
        let values: [[String?]]

        init(_ sql: String, _ types: [PostgresType?], _ values: [String?]...) {
            self.sql = sql
            self.types = types
            self.values = values
        }

        var testDescription: String { sql }

        /// The statement with the values as literals, whose type the server infers as it does that of a parameter.
        func withLiterals(_ values: [String?]) -> String {
            var sql = sql
            for (index, value) in values.enumerated().reversed() {
                let parts = sql.components(separatedBy: "$\(index + 1)")
                sql = parts.joined(separator: value.map(quote) ?? "NULL")
            }
            return sql
        }
    }

    private static let table = """
        DO $$ BEGIN
            PERFORM pg_advisory_xact_lock(4);
            IF to_regclass('inputs') IS NULL THEN
                CREATE TYPE input_mood AS ENUM ('happy', 'sad', 'so, "so"');
                CREATE TABLE inputs AS SELECT n AS id, n::int2 AS small, n::int8 * 3000000000 AS big,
                    n || '.' || n || '0' AS name, (n || '.10')::numeric AS price, n / 8.0::float8 AS ratio,
                    n / 10.0::float4 AS weight, n % 2 = 0 AS flag, ('2024-02-' || 26 + n)::date AS day,
                    '2024-02-03 04:05:06.789Z'::timestamptz + n * interval '1 hour' AS at,
                    '2024-02-03 04:05:06.789'::timestamp + n * interval '1 hour' AS local,
                    ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1' || n)::uuid AS code,
                    (enum_range(NULL::input_mood))[n] AS mood, jsonb_build_object('n', n, 'k', 'v') AS body,
                    ARRAY[n, n + 1] AS list, (n || ' days')::interval AS span
                FROM generate_series(1, 3) AS n;
            END IF;
        END $$
        """

    static let cases: [Case] = [
        Case("SELECT id FROM inputs WHERE id = $1", [.int8], ["2"], ["-0"], ["2147483647"], ["-2147483648"], [nil]),
        Case("SELECT id FROM inputs WHERE small = $1", [.int8], ["2"], ["32767"]),
        Case("SELECT id FROM inputs WHERE big = $1", [.int8], ["6000000000"], ["-9223372036854775808"]),
        Case("SELECT id FROM inputs WHERE id BETWEEN $1 AND $2 ORDER BY id", [.int8, .int8], ["1", "2"], [nil, "3"]),
        Case(
            "SELECT id FROM inputs ORDER BY id LIMIT $1 OFFSET $2",
            [.int8, .int8],
            ["2", "1"],
            [nil, nil],
            ["0", "0"]
        ),
        Case("SELECT id FROM inputs WHERE price = $1", [.numeric], ["2.1"], ["2.1000"], ["NaN"], ["-0"], ["1e-1000"]),
        Case("SELECT id FROM inputs WHERE ratio = $1", [.float8], ["0.25"], ["-0"], ["5e-324"], ["Infinity"]),
        Case("SELECT id FROM inputs WHERE weight = $1", [.float8], ["0.2"], ["NaN"]),
        Case("SELECT id FROM inputs WHERE flag = $1 ORDER BY id", [.bool], ["true"], ["false"], [nil]),
        Case("SELECT id FROM inputs WHERE name = $1", [.text], ["2.20"], ["2.2"], [""], ["it's \\ \"x\""]),
        Case("SELECT id FROM inputs WHERE name LIKE '%' || $1 || '%' ORDER BY id", [.text], ["2"], ["%"], ["'"]),
        Case("SELECT id FROM inputs WHERE code = $1", [.uuid], ["A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A12"], [nil]),
        Case("SELECT id FROM inputs WHERE mood = $1", [.text], ["sad"], ["so, \"so\""], [nil]),
        Case("SELECT id FROM inputs WHERE day = $1", [.date], ["2024-02-28"], ["infinity"]),
        Case("SELECT id FROM inputs WHERE day > $1 ORDER BY id", [.date], ["2024-02-27"], ["0044-03-15 BC"]),
        Case(
            "SELECT id FROM inputs WHERE at = $1",
            [.timestamptz],
            ["2024-02-03T11:50:06.789+05:45"],
            ["2024-02-03T06:05:06.789Z"],
            ["2024-02-03T01:05:06.789-05"]
        ),
        Case(
            "SELECT id FROM inputs WHERE at > $1 ORDER BY id",
            [.timestamptz],
            ["2024-02-03T05:05:06.789Z"],
            ["-infinity"]
        ),
        Case("SELECT id FROM inputs WHERE local = $1", [.timestamptz], ["2024-02-03T06:05:06.789"]),
        Case("SELECT id FROM inputs WHERE span = $1", [.text], ["2 days"], ["P2D"]),
        Case("SELECT id FROM inputs WHERE body @> $1", [.jsonb], [#"{"n": 2}"#], [#"{"k":"it's"}"#]),
        Case("SELECT body ->> $1 AS v FROM inputs ORDER BY id", [.text], ["k"], ["none"]),
        Case("SELECT body -> 'n' = $1 AS v FROM inputs ORDER BY id", [.jsonb], ["2"], ["\"2\""]),
        Case("SELECT id FROM inputs WHERE $1 = ANY(list) ORDER BY id", [.int8], ["2"]),
        Case("SELECT id FROM inputs WHERE id = ANY($1) ORDER BY id", [.int8.array], [#"{"1","3"}"#], ["{}"], [nil]),
        Case("SELECT id FROM inputs WHERE mood = ANY($1) ORDER BY id", [.text.array], [#"{"sad","so, \"so\""}"#]),
        Case("SELECT id FROM inputs WHERE day = ANY($1) ORDER BY id", [.date.array], [#"{"2024-02-28",NULL}"#]),
        Case("SELECT id FROM inputs WHERE price = ANY($1) ORDER BY id", [.numeric.array], [#"{"1.1","3.100"}"#]),
        Case(
            "SELECT id FROM inputs WHERE code = ANY($1) ORDER BY id",
            [.uuid.array],
            [#"{"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11","a0eebc999c0b4ef8bb6d6bb9bd380a13"}"#]
        ),
        Case("SELECT id FROM inputs WHERE (id, name) = ($1, $2)", [.int8, .text], ["1", "1.10"]),
        Case("SELECT $1::timestamptz AS t", [.timestamptz], ["2024-02-03T04:05:06.7-05:00"], ["1999-12-31T23:59:60Z"]),
        Case("SELECT $1::numeric AS n", [.numeric], ["1.10"], ["-0.00"], ["00012.500"], ["1e3"], [nil]),
        Case("SELECT $1::float8 AS f", [.float8], ["-0"], ["1e3"], ["1.7976931348623157e308"], ["4.9e-324"], ["0.1"]),
        Case("SELECT $1::uuid AS u", [.uuid], ["A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A12"]),
        Case(
            "SELECT $1::text AS t, length($1) AS n",
            [.text],
            ["1.10"],
            ["A0EEBC99"],
            [" "],
            ["\\x00"],
            ["ä€😀"],
            [nil]
        ),
        Case("SELECT $1::json AS j, $2::jsonb AS b", [.jsonb, .jsonb], [#"{"a" : 1.50, "a":2}"#, #"{"a" : 1.50}"#]),
        Case("SELECT coalesce($1, 'none') AS t", [.text], ["a"], [nil]),
        Case("SELECT CASE WHEN $1 THEN 'yes' ELSE 'no' END AS t", [.bool], ["true"], ["false"], [nil]),
        Case("SELECT id FROM inputs WHERE $1 IS NULL OR name = $1 ORDER BY id", [.text], ["2.20"], [nil], [""]),
        Case("SELECT id FROM inputs WHERE $1 IS NULL OR id = $1 ORDER BY id", [.int8], ["2"], [nil]),
        Case("SELECT id FROM inputs WHERE $1 IS NULL OR price = $1 ORDER BY id", [.numeric], ["2.1"], [nil]),
        Case("SELECT id FROM inputs WHERE $1 IS NULL OR code = $1", [.uuid], ["A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A12"]),
        Case(
            "SELECT id FROM inputs WHERE $1 IS NULL OR at > $1 ORDER BY id",
            [.timestamptz],
            ["2024-02-03T05:30Z"],
            [nil]
        ),
        Case("SELECT id FROM inputs WHERE $1 IS NULL OR day = $1 ORDER BY id", [.date], ["2024-02-28"], [nil]),
        Case("SELECT id FROM inputs WHERE $1 IS NULL OR flag = $1 ORDER BY id", [.bool], ["true"], [nil]),
        Case("SELECT id FROM inputs WHERE $1 IS NULL OR id = ANY($1) ORDER BY id", [.int8.array], ["{2,3}"], [nil]),
        Case("SELECT id FROM inputs WHERE $1::input_mood IS NULL OR mood = $1 ORDER BY id", [.text], ["sad"], [nil]),
        Case("SELECT id, $2 AS t FROM inputs WHERE $1 IS NULL OR id = $1", [.int8, .text], ["2", "x"]),
    ]

    private func statement(_ test: Case) -> PostgresStatement {
        PostgresStatement(sql: test.sql, parameterTypes: test.types, shape: .many)
    }

    @Test func parametersMeanWhatLiteralsMean() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.table)
        try await withClient(url) { client async throws in
            for test in Self.cases {
                let statement = statement(test)
                for (number, values) in test.values.enumerated() {
                    let expected = try oracle.rows(test.withLiterals(values))
                    let answer = await Result { try await client.answer(statement, values) }
                    #expect((try? answer.get()) == expected, "\(test.sql) with \(values): \(answer)")
                    if number == 0 { #expect(expected != "[]", "\(test.sql) finds nothing") }
                }
            }
        }
    }

    @Test func textArrivesAsItIs() async throws {
        let url = try PostgresServer.shared.get().url
        // The first and last code points of each length, those around the surrogates, and some that programs love to
        // change: marks of byte order, non-characters, combining ones that a normal form would join, line ends.
        let points: [UInt32] = [
            1, 0x08, 0x0a, 0x0d, 0x1f, 0x20, 0x22, 0x27, 0x5c, 0x7f, 0x80, 0x85, 0xa0, 0x7ff, 0x800, 0xd7ff, 0xe000,
            0xfdd0,
            0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1fffe, 0x1ffff, 0xe0001, 0x10fffe, 0x10ffff, 0x2028, 0x2029,
            0x200d,
            0x301, 0x41, 0x30a, 0xc5, 0x212b,
        ]
        let edges = String(String.UnicodeScalarView(points.compactMap(Unicode.Scalar.init)))
        let texts =
            [edges, edges + edges, String(repeating: edges, count: 1000), "\r\n", "e\u{301}", "\u{e9}"]
            + [String(repeating: "x", count: 1 << 20), String(repeating: "\"", count: 1 << 20)]
            + [String(repeating: "😀", count: 1 << 18)]
            + points.compactMap(Unicode.Scalar.init).map { String(Character($0)) }
        try await withClient(url) { client async throws in
            let length = PostgresStatement(
                sql: "SELECT octet_length($1) || ' ' || md5($1)",
                parameterTypes: [.text],
                shape: .value
            )
            let echo = PostgresStatement(sql: "SELECT to_json($1::text)", parameterTypes: [.text], shape: .value)
            let raw = PostgresStatement(sql: "SELECT $1::text", parameterTypes: [.text], shape: .value)
            for text in texts {
                let bytes = Array(text.utf8)
                let answer = try await client.answer(length, [text])
                #expect(answer?.hasPrefix("\"\(bytes.count) ") == true, "\(text.prefix(20))")
                #expect(try await client.answer(raw, [text]) == client.answer(echo, [text]), "\(text.prefix(20))")
                let decoded = try await client.answer(raw, [text]).map {
                    try JSONDecoder().decode(String.self, from: Data($0.utf8))
                }
                #expect(decoded.map { Array($0.utf8) == bytes } == true, "\(text.prefix(20))")
            }
        }
    }

    @Test func bytesThatAreNoTextAreRefused() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(url) { client async throws in
            let statement = PostgresStatement(sql: "SELECT $1::text AS t", shape: .many)
            let wrong: [[UInt8]] = [
                [0x80], [0xc0, 0x80], [0xc3], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
                [0xf8, 0x88, 0x80, 0x80, 0x80], [0xff],
            ]
            for bytes in wrong {
                var parameters = PostgresParameters()
                parameters.append(bytes: bytes)
                let error = await #expect(throws: PostgresError.self) {
                    try await client.query(statement, parameters, deadline: .seconds(5))
                }
                #expect(error?.sqlState == "22021", "\(bytes)")
            }
            #expect(try await client.answer(statement, ["a"]) == #"[{"t":"a"}]"#)
        }
    }

    @Test func valuesThatATypeDoesNotHaveAreTheServersErrors() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.table)
        let wrong: [(column: String, value: String, state: String)] = [
            ("id", "2147483648", "22003"), ("id", "-2147483649", "22003"), ("small", "32768", "22003"),
            ("big", "9223372036854775808", "22003"), ("id", "", "22P02"), ("id", "1.0", "22P02"),
            ("id", "1e1", "22P02"),
            ("price", "1e400000", "22003"), ("price", "1,5", "22P02"), ("ratio", "1e309", "22003"),
            ("ratio", "", "22P02"),
            ("flag", "maybe", "22P02"), ("code", "a0eebc99-9c0b", "22P02"), ("mood", "Sad", "22P02"),
            ("day", "2024-02-30", "22008"), ("day", "soon", "22007"), ("at", "2024-02-03T25:00Z", "22008"),
            ("body", "{", "22P02"), ("list", "{1,", "22P02"), ("list", "1", "22P02"),
        ]
        try await withClient(url) { client async throws in
            for (column, value, state) in wrong {
                let error = await client.failure("SELECT id FROM inputs WHERE \(column) = $1", [value])
                #expect(error?.sqlState == state, "\(column) = \(value)")
            }
        }
    }

    @Test func longListsAndManyParametersArrive() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(url) { client async throws in
            var list = PostgresParameters()
            list.appendArray((1...20_000).map { Array("\($0)".utf8) as [UInt8]? })
            let sum = PostgresStatement(sql: "SELECT sum(n) FROM unnest($1::int8[]) AS n", shape: .value)
            let answer = try await client.query(sum, list, deadline: .seconds(10))
            #expect(answer.body == ByteBuffer(string: "200010000"))
            let count = 2_000
            let terms = (1...count).map { "$\($0)::int" }.joined(separator: ", ")
            let many = PostgresStatement(sql: "SELECT sum(n) FROM unnest(ARRAY[\(terms)]) AS n", shape: .value)
            #expect(try await client.answer(many, (1...count).map { "\($0)" }) == "\(count * (count + 1) / 2)")
        }
    }
}
