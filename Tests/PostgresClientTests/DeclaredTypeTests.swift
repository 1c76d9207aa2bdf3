import CachedRoutes
import Foundation
import NIOCore
import PostgresClient
import RouteModel
import TestServers
import Testing

@testable import CachedRoutesPostgres

/// Inputs of every type in the places that statements have for them. What is declared is what PostgreSQL is told: the oracle is
/// the same statement with each value as a literal that is cast to the declared type.
@Suite(.timeLimit(.minutes(2))) struct DeclaredTypeTests {
    /// A statement, its inputs by name, and sets of values for them.
    struct Case: Sendable, CustomTestStringConvertible {
        let sql: String
        let types: [(name: String, type: InputType)]
        let values: [[String?]]
        /// Casts of the oracle's literals where they are others than the declared types.
        var casts: [String: String] = [:]

        init(
            _ sql: String,
            _ types: KeyValuePairs<String, InputType>,
            _ values: [String?]...,
            casts: [String: String] = [:]
        ) {
            self.sql = sql
            self.types = types.map { ($0.key, $0.value) }
            self.values = values
            self.casts = casts
        }

        var testDescription: String { sql }

        /// The statement with `$1`, `$2`, … for the names in their order.
        var bound: String {
            var sql = sql
            for (index, input) in types.enumerated() { sql = Self.replace(input.name, in: sql, by: "$\(index + 1)") }
            return sql
        }

        /// The statement with literals.
        func literal(_ values: [String?]) -> String {
            var sql = sql
            for (input, value) in zip(types, values) {
                let text = value.map { "'\($0.replacing("'", with: "''"))'" } ?? "NULL"
                let cast = casts[input.name] ?? Self.cast(input.type)
                sql = Self.replace(input.name, in: sql, by: cast.isEmpty ? text : "(\(text)::\(cast))")
            }
            return sql
        }

        private static func replace(_ name: String, in sql: String, by text: String) -> String {
            var result = ""
            var rest = sql[...]
            while let found = rest.firstRange(of: ":\(name)") {
                let isCast = rest[..<found.lowerBound].last == ":"
                let isWhole = rest[found.upperBound...].first.map { !$0.isLetter && !$0.isNumber && $0 != "_" } ?? true
                result += rest[..<found.lowerBound] + (isWhole && !isCast ? text[...] : rest[found])
                rest = rest[found.upperBound...]
            }
            return result + rest
        }

        /// How a value of the declared type is spelt; texts and JSON have no type of their own.
        private static func cast(_ type: InputType) -> String {
            let scalar =
                switch type.scalar {
                case .int: "int8"
                case .int32: "int4"
                case .double: "float8"
                case .decimal: "numeric"
                case .bool: "bool"
                case .uuid: "uuid"
                case .date: "date"
                case .timestamp: "timestamptz"
                case .string, .json: ""
                }
            return type.isList && !scalar.isEmpty ? "\(scalar)[]" : scalar
        }
    }

    static let uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12"

    /// The examples of users' reports.
    static let reported: [Case] = [
        Case("SELECT 200 * (1 + :percent / 100) AS price", ["percent": .double], ["10"], ["12.5"], ["0"]),
        Case("SELECT id FROM typed WHERE :id = 0 OR big = :id", ["id": .int], ["8589934592"], ["6000000000"], ["0"]),
        Case(
            "SELECT '[\"a\",\"b\"]'::jsonb -> :i AS v",
            ["i": .int],
            ["0"],
            ["1"],
            ["-1"],
            ["7"],
            casts: ["i": "int4"]
        ),
        Case(
            "SELECT :n AS n, :b AS b",
            ["n": .int, "b": .bool],
            ["4", "true"],
            ["8589934592", "false"],
            [nil, nil]
        ),
        Case(
            "SELECT id FROM typed WHERE price <= coalesce(:max, 'Infinity')",
            ["max": .decimal],
            ["2"],
            [nil],
            ["2.10"]
        ),
        Case(
            "SELECT id FROM typed WHERE during @> :at",
            ["at": .timestamp],
            ["2024-02-03T05:00:00Z"],
            ["2030-01-01T00:00:00Z"]
        ),
        Case("SELECT id FROM typed WHERE day < :to + INTERVAL '1 day'", ["to": .date], ["2024-02-27"], ["2020-01-01"]),
        Case(
            "SELECT coalesce(:tags, '{}') AS tags",
            ["tags": .list(.string)],
            [nil],
            ["{\"a\",\"b\"}"],
            casts: ["tags": "text[]"]
        ),
        Case("SELECT id FROM typed WHERE small >= :min", ["min": .int], ["2"], ["99999"], ["-8589934592"]),
        Case("SELECT id FROM typed WHERE (:m) IS NULL OR mood = :m", ["m": .string], ["sad"], [nil]),
        Case("SELECT id FROM typed WHERE :m ISNULL OR mood = :m", ["m": .string], ["happy"], [nil]),
        Case("SELECT id FROM typed WHERE :m IS NULL OR mood = :m", ["m": .string], ["happy"], [nil]),
    ]

    static let numbers: [Case] = ["int", "int32"].flatMap { name -> [Case] in
        let type: InputType = name == "int" ? .int : .int32
        let large = name == "int" ? "8589934592" : "2147483647"
        let place = name == "int" ? ["n": "int4"] : [:]
        return [
            Case("SELECT id FROM typed WHERE small = :n", ["n": type], ["2"], [large]),
            Case("SELECT id FROM typed WHERE id = :n", ["n": type], ["2"], [large]),
            Case("SELECT id FROM typed WHERE big = :n", ["n": type], ["3"], [large]),
            Case("SELECT id FROM typed WHERE price > :n", ["n": type], ["2"], [large]),
            Case("SELECT id FROM typed WHERE ratio > :n", ["n": type], ["0"], [large]),
            Case("SELECT id FROM typed WHERE positive = :n", ["n": type], ["2"], ["-1"], [large]),
            Case(
                "SELECT id FROM typed ORDER BY id LIMIT :n OFFSET :m",
                ["n": type, "m": type],
                ["2", "1"],
                [large, "0"]
            ),
            Case("SELECT n AS v FROM generate_series(1, :n) AS n LIMIT 3", ["n": type], ["2"], ["4"]),
            Case("SELECT abs(:n) AS v, -:n AS w, :n % 7 AS x", ["n": type], ["-2"], [large]),
            Case("SELECT ARRAY[:a, :b] AS v", ["a": type, "b": type], ["1", "2"], [large, nil]),
            Case("SELECT CASE WHEN id = 2 THEN :n ELSE 0 END AS v FROM typed", ["n": type], ["5"], [large]),
            Case("SELECT :n * interval '1 day' AS v", ["n": type], ["3"], ["-1"]),
            Case("SELECT list[:n] AS v FROM typed ORDER BY id", ["n": type], ["1"], ["9"]),
            Case("SELECT greatest(:a, :b) AS v", ["a": type, "b": type], ["1", "2"], ["5", large]),
            Case("SELECT date '2024-01-01' + :n AS v", ["n": type], ["3"], casts: place),
            Case(
                "SELECT substring(name, :a, :b) AS v FROM typed",
                ["a": type, "b": type],
                ["1", "2"],
                casts: name == "int" ? ["a": "int4", "b": "int4"] : [:]
            ),
            Case("SELECT left(name, :n) AS v, repeat('x', :n) AS w FROM typed", ["n": type], ["2"], casts: place),
            Case("SELECT round(price, :n) AS v FROM typed", ["n": type], ["0"], casts: place),
            Case("SELECT make_interval(days => :n) AS v", ["n": type], ["2"], casts: place),
            Case(
                "SELECT make_date(:y, :m, :d) AS v",
                ["y": type, "m": type, "d": type],
                ["2024", "2", "29"],
                casts: name == "int" ? ["y": "int4", "m": "int4", "d": "int4"] : [:]
            ),
            Case("SELECT body -> 'list' -> :n AS v FROM typed ORDER BY id", ["n": type], ["0"], casts: place),
            Case("SELECT id FROM typed WHERE id = :n AND left(name, :n) = '2.'", ["n": type], ["2"], casts: place),
            Case("SELECT id FROM typed WHERE :n IS NULL OR small = :n", ["n": type], ["2"], [nil], ["99999"]),
            Case("SELECT id FROM typed WHERE name = :n::text || '.20'", ["n": type], ["2"]),
            Case("SELECT coalesce(:n, id) AS v FROM typed ORDER BY id", ["n": type], ["7"], [nil]),
            Case("SELECT sum(id) FILTER (WHERE id > :n) AS v FROM typed", ["n": type], ["1"], [large]),
            Case("SELECT ntile(:n) OVER (ORDER BY id) AS v FROM typed", ["n": type], ["2"], casts: place),
            Case("SELECT lag(id, :n) OVER (ORDER BY id) AS v FROM typed", ["n": type], ["1"], casts: place),
            Case("SELECT * FROM (VALUES (:a, 'x'), (:b, 'y')) AS v(n, t)", ["a": type, "b": type], ["1", "2"]),
            Case("SELECT :n AS v UNION ALL SELECT id FROM typed WHERE id < 2", ["n": type], ["9"]),
            Case(
                "SELECT id FROM typed WHERE id IN (:a, :b) ORDER BY id",
                ["a": type, "b": type],
                ["1", "3"],
                ["1", large]
            ),
            Case("SELECT id FROM typed WHERE id BETWEEN :a AND :b ORDER BY id", ["a": type, "b": type], ["2", large]),
            Case("SELECT :n::text AS v, pg_typeof(:n)::text AS t", ["n": type], ["7"]),
            Case("SELECT to_char(:n, '999') AS v", ["n": type], ["42"]),
            Case("SELECT jsonb_build_object('n', :n) AS v, to_jsonb(:n) AS w", ["n": type], ["42"], [large]),
        ]
    }

    static let others: [Case] = [
        // double
        Case("SELECT id FROM typed WHERE ratio >= :d ORDER BY id", ["d": .double], ["0.25"], ["1e300"]),
        Case(
            "SELECT id FROM typed WHERE price > :d ORDER BY id",
            ["d": .double],
            ["2.1"],
            ["0.1"],
            casts: ["d": "numeric"]
        ),
        Case(
            "SELECT id FROM typed WHERE price BETWEEN :a AND :b",
            ["a": .double, "b": .double],
            ["1.1", "2.1"],
            casts: ["a": "numeric", "b": "numeric"]
        ),
        Case("SELECT id FROM typed WHERE id > :d ORDER BY id", ["d": .double], ["1.5"], ["-1e20"]),
        Case("SELECT :d / 2 AS v, 1 + :d / 100 AS w", ["d": .double], ["3"], ["10"]),
        Case("SELECT round(:d * price, 2) AS v FROM typed", ["d": .double], ["0.1"], casts: ["d": "numeric"]),
        Case("SELECT sqrt(:d) AS v, floor(:d) AS w", ["d": .double], ["2"], ["6.25"]),
        Case("SELECT coalesce(:d, 0) AS v", ["d": .double], ["2.5"], [nil]),
        Case("SELECT :d * interval '1 hour' AS v", ["d": .double], ["1.5"]),
        Case("SELECT percentile_cont(:d) WITHIN GROUP (ORDER BY id) AS v FROM typed", ["d": .double], ["0.5"]),
        Case("SELECT point(:x, :y) AS v", ["x": .double, "y": .double], ["1", "2.5"]),
        Case("SELECT :d AS v", ["d": .double], ["1e16"], ["5e-324"]),
        // Functions and operators that know no double.
        Case(
            "SELECT mod(:d, 2) AS v, 7 % :e AS w",
            ["d": .double, "e": .double],
            ["2.5", "2"],
            ["-0.5", "1e3"],
            casts: ["d": "numeric", "e": "numeric"]
        ),
        Case("SELECT round(:d, 2) AS v", ["d": .double], ["2.345"], casts: ["d": "numeric"]),
        Case("SELECT div(:d, 2) AS v, gcd(:d, 4) AS w", ["d": .double], ["7.5"], casts: ["d": "numeric"]),
        Case("SELECT mod(id, :d) AS v FROM typed ORDER BY id", ["d": .double], ["1.5"], casts: ["d": "numeric"]),
        Case(
            "SELECT numrange(0, :d) AS v, numrange(1, 3) @> :d AS w",
            ["d": .double],
            ["2.5"],
            casts: ["d": "numeric"]
        ),
        Case(
            "SELECT trunc(:d, 1) AS v, :e / 2 AS w, sqrt(:e) AS x",
            ["d": .double, "e": .double],
            ["2.55", "3"],
            casts: ["d": "numeric"]
        ),
        // decimal
        Case("SELECT id FROM typed WHERE price = :d", ["d": .decimal], ["2.1"]),
        Case("SELECT :d * 2 AS v, greatest(:d, 1) AS w", ["d": .decimal], ["0.1"], ["12345678901234567890.5"]),
        Case("SELECT round(:d, 1) AS v", ["d": .decimal], ["0.25"]),
        Case("SELECT id FROM typed WHERE id > :d ORDER BY id", ["d": .decimal], ["1.5"]),
        Case("SELECT id FROM typed WHERE ratio > :d ORDER BY id", ["d": .decimal], ["0.2"]),
        // bool
        Case("SELECT id FROM typed WHERE flag = :b ORDER BY id", ["b": .bool], ["true"], ["false"]),
        Case("SELECT id FROM typed WHERE :b OR id = 1 ORDER BY id", ["b": .bool], ["true"], ["false"]),
        Case("SELECT NOT :b AS v, CASE WHEN :b THEN 1 ELSE 2 END AS w", ["b": .bool], ["true"], [nil]),
        Case("SELECT id FROM typed WHERE flag IS NOT DISTINCT FROM :b ORDER BY id", ["b": .bool], ["true"], [nil]),
        Case("SELECT coalesce(:b, false) AS v", ["b": .bool], [nil]),
        // uuid
        Case("SELECT id FROM typed WHERE code = :u", ["u": .uuid], [uuid]),
        Case("SELECT id FROM typed WHERE code::text = :u", ["u": .uuid], [uuid], casts: ["u": ""]),
        Case("SELECT id FROM typed WHERE :u IS NULL OR code = :u ORDER BY id", ["u": .uuid], [uuid], [nil]),
        Case("SELECT :u AS v", ["u": .uuid], [uuid]),
        // date
        Case("SELECT id FROM typed WHERE day >= :d ORDER BY id", ["d": .date], ["2024-02-28"]),
        Case("SELECT id FROM typed WHERE at < :d ORDER BY id", ["d": .date], ["2024-02-04"]),
        Case("SELECT id FROM typed WHERE local < :d + 1 ORDER BY id", ["d": .date], ["2024-02-03"]),
        Case(
            "SELECT :d + interval '1 month' AS v, :d + 30 AS w, extract(year FROM :d) AS y",
            ["d": .date],
            ["2024-01-31"]
        ),
        Case("SELECT id FROM typed WHERE during @> :d", ["d": .date], ["2024-02-04"], casts: ["d": "timestamptz"]),
        Case("SELECT id FROM typed WHERE days @> :d", ["d": .date], ["2024-02-27"]),
        Case("SELECT date_trunc('month', :d) AS v, to_char(:d, 'YYYY') AS y", ["d": .date], ["2024-02-27"]),
        Case(
            "SELECT generate_series(:a, :b, interval '1 day') AS v",
            ["a": .date, "b": .date],
            ["2024-02-27", "2024-03-01"]
        ),
        Case("SELECT :d AS v", ["d": .date], ["2024-02-29"]),
        // timestamp
        Case("SELECT id FROM typed WHERE at > :t ORDER BY id", ["t": .timestamp], ["2024-02-03T05:30:00Z"]),
        Case("SELECT id FROM typed WHERE local > :t ORDER BY id", ["t": .timestamp], ["2024-02-03T05:30:00Z"]),
        Case("SELECT id FROM typed WHERE day > :t ORDER BY id", ["t": .timestamp], ["2024-02-27T12:00:00Z"]),
        Case(
            "SELECT date_trunc('hour', :t) AS v, :t - interval '1 day' AS w",
            ["t": .timestamp],
            ["2024-02-03T04:05:06.7Z"]
        ),
        Case("SELECT date_bin('15 minutes', :t, '2001-01-01') AS v", ["t": .timestamp], ["2024-02-03T04:05:06Z"]),
        Case("SELECT :t AS v, extract(epoch FROM :t) AS e", ["t": .timestamp], ["2024-02-03T04:05:06.789Z"]),
        // string
        Case("SELECT id FROM typed WHERE name = :s", ["s": .string], ["2.20"], ["it's"]),
        Case("SELECT id FROM typed WHERE mood = :s ORDER BY id", ["s": .string], ["sad"]),
        Case("SELECT id FROM typed WHERE code = :s", ["s": .string], [uuid]),
        Case("SELECT id FROM typed WHERE id = :s OR name = :s ORDER BY id", ["s": .string], ["2"]),
        Case("SELECT id FROM typed WHERE fixed = :s ORDER BY id", ["s": .string], ["a"], ["a  "]),
        Case("SELECT id FROM typed WHERE name ILIKE '%' || :s || '%' ORDER BY id", ["s": .string], ["2"]),
        Case("SELECT concat(:s, '!') AS v, format('%s', :s) AS w", ["s": .string], ["x"], casts: ["s": "text"]),
        Case("SELECT jsonb_build_object('k', :s) AS v", ["s": .string], ["x"], casts: ["s": "text"]),
        Case("SELECT :s AS v", ["s": .string], ["x"], [nil], casts: ["s": "text"]),
        Case("SELECT id FROM typed WHERE :s IS NULL OR name = :s ORDER BY id", ["s": .string], ["2.20"], [nil]),
        Case(
            "SELECT id FROM typed WHERE coalesce(:s, 'sad') = mood::text ORDER BY id",
            ["s": .string],
            ["happy"],
            [nil]
        ),
        Case("SELECT id FROM typed WHERE span = :s", ["s": .string], ["2 days"]),
        Case("SELECT body ->> :s AS v, body ? :s AS w FROM typed ORDER BY id", ["s": .string], ["k"]),
        Case(
            "SELECT date_trunc(:u, at) AS v, count(*) AS n FROM typed GROUP BY date_trunc(:u, at) ORDER BY 1",
            ["u": .string],
            ["day"],
            casts: ["u": "text"]
        ),
        Case("SELECT CASE :s WHEN 'a' THEN 1 ELSE 2 END AS v", ["s": .string], ["a"], ["b"]),
        Case(
            "SELECT id FROM typed WHERE to_tsvector('simple', name) @@ to_tsquery('simple', :s)",
            ["s": .string],
            ["2.20"]
        ),
        Case(
            "SELECT id FROM typed ORDER BY CASE WHEN :s = 'down' THEN -id ELSE id END",
            ["s": .string],
            ["down"],
            ["up"]
        ),
        Case("SELECT upper(:s) AS v, length(:s) AS n, :s || 'x' AS w", ["s": .string], ["ä"], casts: ["s": "text"]),
        // lists
        Case(
            "SELECT id FROM typed WHERE id = ANY(:n) ORDER BY id",
            ["n": .list(.int)],
            ["{\"1\",\"8589934592\"}"],
            ["{}"]
        ),
        Case("SELECT id FROM typed WHERE small = ANY(:n) ORDER BY id", ["n": .list(.int)], ["{\"1\",\"99999\"}"]),
        Case(
            "SELECT id FROM typed WHERE list && :n ORDER BY id",
            ["n": .list(.int)],
            ["{\"2\"}"],
            casts: ["n": "int4[]"]
        ),
        Case("SELECT n AS v FROM unnest(:n) AS n", ["n": .list(.int)], ["{\"3\",\"1\"}"]),
        Case("SELECT cardinality(:n) AS v, coalesce(:n, '{}') AS w", ["n": .list(.int)], ["{\"3\",\"1\"}"]),
        Case("SELECT id FROM typed WHERE id <> ALL(:n) ORDER BY id", ["n": .list(.int32)], ["{\"1\",\"2\"}"]),
        Case("SELECT id FROM typed WHERE mood = ANY(:m) ORDER BY id", ["m": .list(.string)], ["{\"sad\"}"]),
        Case(
            "SELECT id FROM typed WHERE :m IS NULL OR mood = ANY(:m) ORDER BY id",
            ["m": .list(.string)],
            ["{\"sad\"}"],
            [nil]
        ),
        Case("SELECT t AS v FROM unnest(:m) AS t", ["m": .list(.string)], ["{\"b\",\"a\"}"], casts: ["m": "text[]"]),
        Case("SELECT array_length(:m, 1) AS v", ["m": .list(.string)], ["{\"b\",\"a\"}"], casts: ["m": "text[]"]),
        Case("SELECT id FROM typed WHERE code = ANY(:u)", ["u": .list(.uuid)], ["{\"\(uuid)\"}"]),
        Case("SELECT id FROM typed WHERE price = ANY(:d) ORDER BY id", ["d": .list(.decimal)], ["{\"1.1\",\"2.10\"}"]),
        Case(
            "SELECT id FROM typed WHERE price = ANY(:d) ORDER BY id",
            ["d": .list(.double)],
            ["{\"1.1\",\"2.1\"}"],
            casts: ["d": "numeric[]"]
        ),
        Case("SELECT id FROM typed WHERE day = ANY(:d) ORDER BY id", ["d": .list(.date)], ["{\"2024-02-28\"}"]),
        Case("SELECT id FROM typed WHERE flag = ANY(:b) ORDER BY id", ["b": .list(.bool)], ["{\"true\"}"]),
        Case(
            "SELECT id FROM typed WHERE at = ANY(:t) ORDER BY id",
            ["t": .list(.timestamp)],
            ["{\"2024-02-03T05:05:06.789Z\"}"]
        ),
        // json
        Case("SELECT coalesce(:j, '{}') AS v", ["j": .json], [#"{"a":1}"#], [nil], casts: ["j": "jsonb"]),
        Case("SELECT :j ->> 'a' AS v", ["j": .json], [#"{"a":1}"#], casts: ["j": "jsonb"]),
        Case("SELECT id FROM typed WHERE body @> :j ORDER BY id", ["j": .json], [#"{"n":2}"#]),
        Case(
            "SELECT raw::text AS v FROM typed WHERE id = 1 AND :j IS NOT NULL",
            ["j": .json],
            [#"{"b": 1.50, "a":2}"#],
            casts: ["j": "jsonb"]
        ),
        // several at once
        Case(
            "SELECT date '2024-01-01' + :n AS v, left(name, :m) AS w, :d / 2 AS x FROM typed WHERE (:s IS NULL OR mood = :s) AND id > :k ORDER BY id",
            ["n": .int, "m": .int, "d": .double, "s": .string, "k": .int],
            ["3", "2", "5", "sad", "0"],
            ["3", "2", "5", nil, "8589934592"],
            casts: ["n": "int4", "m": "int4"]
        ),
    ]

    static let table = """
        DO $$ BEGIN
        PERFORM pg_advisory_xact_lock(5);
        IF to_regclass('typed') IS NOT NULL THEN RETURN; END IF;
        CREATE TYPE typed_mood AS ENUM ('happy', 'sad');
        CREATE DOMAIN typed_positive AS int CHECK (VALUE > 0);
        CREATE TABLE typed AS SELECT n AS id, n::int2 AS small, n * 3000000000 AS big, n::typed_positive AS positive,
            n || '.' || n || '0' AS name, (n || '.10')::numeric AS price, n / 8.0::float8 AS ratio, n / 10.0::float4 AS weight,
            n % 2 = 0 AS flag, ('2024-02-' || 26 + n)::date AS day, 'a'::char(3) AS fixed,
            '2024-02-03 04:05:06.789Z'::timestamptz + n * interval '1 hour' AS at,
            '2024-02-03 04:05:06.789'::timestamp + n * interval '1 hour' AS local,
            ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1' || n)::uuid AS code, (enum_range(NULL::typed_mood))[1 + n % 2] AS mood,
            jsonb_build_object('n', n, 'k', 'v', 'list', '["a","b"]'::jsonb) AS body, '{"b": 1.50, "a":2}'::json AS raw,
            ARRAY[n, n + 1] AS list, (n || ' days')::interval AS span,
            tstzrange('2024-02-03Z', '2024-02-05Z') AS during, daterange('2024-02-26', '2024-02-28') AS days
        FROM generate_series(1, 3) AS n;
        END $$
        """

    @Test("An input means its declared type, wherever it stands", arguments: PostgresConfiguration.Statements.allCases)
    func meaning(_ statements: PostgresConfiguration.Statements) async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.table)
        try await withClient(url, configure: { $0.statements = statements }) { client async throws in
            for test in Self.reported + Self.numbers + Self.others {
                let statement = PostgresStatement(
                    sql: test.bound,
                    parameters: test.types.map { ParameterTypeCandidates($0.type) },
                    shape: .many
                )
                for values in test.values {
                    let expected = try oracle.rows(test.literal(values))
                    let answer = await Result { try await client.answer(statement, values) }
                    #expect((try? answer.get()) == expected, "\(test.sql) with \(values): \(answer)")
                }
            }
        }
    }

    /// What an input is written to, its type, and values of which the last may be refused by the column.
    static let written: [(column: String, type: InputType, values: [String?])] = [
        ("small", .int, ["7", nil, "99999"]), ("id", .int, ["7", "8589934592"]), ("big", .int, ["8589934592"]),
        ("positive", .int, ["7", "-1"]), ("price", .int, ["7"]), ("ratio", .int, ["7"]), ("id", .int32, ["7"]),
        ("price", .double, ["0.1"]), ("ratio", .double, ["0.1", "5e-324"]), ("weight", .double, ["0.1", "1e300"]),
        ("price", .decimal, ["1.50", "12345678901234567890.5"]), ("ratio", .decimal, ["0.1"]), ("id", .decimal, ["7"]),
        ("flag", .bool, ["true", nil]), ("code", .uuid, [uuid]), ("day", .date, ["2024-02-29"]),
        ("at", .date, ["2024-02-29"]), ("at", .timestamp, ["2024-02-29T12:30:00.5Z"]),
        ("local", .timestamp, ["2024-02-29T12:30:00.5Z"]), ("day", .timestamp, ["2024-02-29T12:30:00.5Z"]),
        ("name", .string, ["it's", ""]), ("mood", .string, ["sad", "angry"]), ("fixed", .string, ["ab"]),
        ("code", .string, [uuid, "x"]), ("span", .string, ["2 days"]), ("body", .json, [#"{"b": 1.50, "a":2}"#]),
        ("raw", .json, [#"{"b": 1.50, "a":2}"#]), ("name", .json, [#"{"b": 1.50}"#]),
        ("list", .list(.int), [#"{"1","2"}"#]), ("tags", .list(.string), [#"{"a","b c"}"#, nil]),
    ]

    @Test("An input is written as its declared type", arguments: PostgresConfiguration.Statements.allCases)
    func writing(_ statements: PostgresConfiguration.Statements) async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.table)
        let table = "written_\(statements.rawValue)"
        try oracle.value(
            "DROP TABLE IF EXISTS \(table); CREATE TABLE \(table) (LIKE typed); ALTER TABLE \(table) ADD tags text[]"
        )
        try await withClient(url, configure: { $0.statements = statements }) { client async throws in
            for (column, type, values) in Self.written {
                for sql in [
                    "INSERT INTO \(table) (\(column)) VALUES (:v) RETURNING \(column) AS v",
                    "INSERT INTO \(table) (\(column)) SELECT :v RETURNING \(column) AS v",
                    "UPDATE \(table) SET \(column) = :v RETURNING \(column) AS v",
                ] {
                    let isText = type.scalar == .string || type.scalar == .json
                    let test = Case(sql, ["v": type], casts: isText ? ["v": ""] : [:])
                    let statement = PostgresStatement(
                        sql: test.bound,
                        parameters: [ParameterTypeCandidates(type)],
                        shape: .one
                    )
                    for value in values {
                        let row = sql.hasPrefix("UPDATE") ? "; INSERT INTO \(table) DEFAULT VALUES" : ""
                        try oracle.value("TRUNCATE \(table)\(row)")
                        var parameters = PostgresParameters()
                        if let value { parameters.append(value) } else { parameters.appendNull() }
                        let answer = await Result {
                            try await client.write(statement, parameters, deadline: .seconds(5)).body.map {
                                String(buffer: $0)
                            }
                        }
                        // The same with a literal, in a transaction that keeps nothing.
                        let literal = test.literal([value])
                        if try oracle.failure("BEGIN; \(literal)") != nil {
                            try oracle.value("ROLLBACK")
                            #expect(throws: PostgresError.self, "\(literal)") { try answer.get() }
                        } else {
                            try oracle.value("ROLLBACK")
                            let shown = try oracle.value(
                                "SELECT row_to_json(r) FROM (SELECT \(column) AS v FROM \(table)) AS r"
                            )
                            #expect((try? answer.get()) == shown, "\(sql) with \(value ?? "NULL"): \(answer)")
                        }
                    }
                }
            }
        }
    }
}
