import Foundation
import PostgresClient
import TestServers
import Testing

@Suite(.timeLimit(.minutes(2))) struct RandomTableTests {
    /// One that is always the same, and one that is new in every run or that `CACHED_ROUTES_TEST_SEED` names.
    static let seeds: [UInt64] = [
        20_240_203,
        ProcessInfo.processInfo.environment["CACHED_ROUTES_TEST_SEED"].flatMap(UInt64.init)
            ?? .random(in: 0..<1_000_000_000_000),
    ]

    @Test(arguments: seeds) func randomTablesGiveTheBytesOfRowToJSON(seed: UInt64) async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        var random = Seeded(state: seed)
        let schema = RandomSchema(&random, tables: 16)
        let name = "random_\(seed)"
        try oracle.value("DROP SCHEMA IF EXISTS \(name) CASCADE")
        try oracle.value("CREATE SCHEMA \(name)")
        try oracle.value("SET search_path = \(name)")
        for statement in schema.statements { try oracle.value(statement) }
        let answers = try await withClient("\(url)?options=-c%20search_path%3D\(name)") { client async throws in
            var answers: [String] = []
            for query in schema.queries {
                do { answers.append(try await client.body(query) ?? "") } catch { answers.append("\(error)") }
            }
            return answers
        }
        for (query, answer) in zip(schema.queries, answers) {
            let expected = try oracle.rows(query)
            #expect(answer == expected, "CACHED_ROUTES_TEST_SEED=\(seed), \(query): \(schema.definition(of: query))")
        }
        try oracle.value("DROP SCHEMA \(name) CASCADE")
    }
}

/// Random types, tables and rows.
struct RandomSchema {
    /// A type and a maker of its values, which are SQL expressions.
    struct RandomType: Sendable {
        let sql: String
        let make: @Sendable (inout Seeded) -> String

        init(_ sql: String, _ make: @escaping @Sendable (inout Seeded) -> String) {
            self.sql = sql
            self.make = make
        }
    }

    private(set) var statements: [String] = []
    private(set) var queries: [String] = []

    init(_ random: inout Seeded, tables: Int) {
        var types = Self.scalars
        for number in 0..<2 { types.append(enumeration("mood\(number)", &random)) }
        for number in 0..<4 { types.append(domain("d\(number)", over: Self.pick(types, &random), &random)) }
        for number in 0..<3 { types.append(composite("pair\(number)", types, &random)) }
        types.append(domain("d_pair", over: types.last!, &random))
        for number in 0..<tables { table("t\(number)", types, &random) }
    }

    /// The table that a query is about.
    func definition(of query: String) -> String {
        statements.first { statement in
            guard statement.hasPrefix("CREATE TABLE "), let name = statement.split(separator: " ").dropFirst(2).first
            else { return false }
            return query.hasSuffix("FROM \(name)")
        } ?? ""
    }

    // MARK: - Types

    private mutating func enumeration(_ name: String, _ random: inout Seeded) -> RandomType {
        var labels: Set<String> = []
        for _ in 0..<6 { labels.insert(String(Self.text(&random).unicodeScalars.prefix(10))) }
        let list = labels.sorted()
        statements.append("CREATE TYPE \(name) AS ENUM (\(list.map(quote).joined(separator: ", ")))")
        return RandomType(name) { "\(quote(Self.pick(list, &$0)))::\(name)" }
    }

    private mutating func domain(_ name: String, over type: RandomType, _ random: inout Seeded) -> RandomType {
        let base = Int.random(in: 0..<3, using: &random) == 0 ? Self.array(of: type) : type
        statements.append("CREATE DOMAIN \(name) AS \(base.sql)")
        return RandomType(name) { "(\(base.make(&$0)))::\(name)" }
    }

    private mutating func composite(_ name: String, _ types: [RandomType], _ random: inout Seeded) -> RandomType {
        let fields = Self.columns(types, &random, atMost: 5)
        let list = fields.map { "\($0.name) \($0.type.sql)" }.joined(separator: ", ")
        statements.append("CREATE TYPE \(name) AS (\(list))")
        return RandomType(name) { random in
            "ROW(\(fields.map { Self.value($0.type, &random) }.joined(separator: ", ")))::\(name)"
        }
    }

    private static func array(of type: RandomType) -> RandomType {
        RandomType("\(type.sql)[]") { random in
            let count = Int.random(in: 0...3, using: &random)
            guard count > 0 else { return "'{}'::\(type.sql)[]" }
            let form = Int.random(in: 0..<4, using: &random)
            let null = "NULL::\(type.sql)"
            func line(_ random: inout Seeded) -> String {
                let elements = (0..<count).map { _ in value(type, &random, null: null) }
                return "ARRAY[\(elements.joined(separator: ", "))]::\(type.sql)[]"
            }
            switch form {
            case 0: return "ARRAY[\(line(&random)), \(line(&random))]::\(type.sql)[]"
            case 1: return "array_fill(\(value(type, &random, null: null)), ARRAY[\(count), 2], ARRAY[-3, 7])"
            default: return line(&random)
            }
        }
    }

    // MARK: - Tables

    private mutating func table(_ name: String, _ types: [RandomType], _ random: inout Seeded) {
        let columns = Self.columns(types, &random, atMost: 12)
        let list = columns.map { "\($0.name) \($0.type.sql)\($0.isNotNull ? " NOT NULL" : "")" }
        statements.append("CREATE TABLE \(name) (\(list.joined(separator: ", ")))")
        let rows = (0..<Int.random(in: 0...25, using: &random)).map { _ in
            let values = columns.map { $0.isNotNull ? $0.type.make(&random) : Self.value($0.type, &random) }
            return "(\(values.joined(separator: ", ")))"
        }
        if !rows.isEmpty { statements.append("INSERT INTO \(name) VALUES \(rows.joined(separator: ", "))") }
        let some = columns.shuffled(using: &random).prefix(3).map(\.name).joined(separator: ", ")
        queries += [
            "SELECT * FROM \(name)", "SELECT \(some) FROM \(name)", "SELECT \(name) AS whole FROM \(name)",
            "SELECT array_agg(\(name)) AS list, count(*) FROM \(name)",
        ]
    }

    private typealias Column = (name: String, type: RandomType, isNotNull: Bool)

    private static func columns(_ types: [RandomType], _ random: inout Seeded, atMost count: Int) -> [Column] {
        (0..<Int.random(in: 1...count, using: &random)).map { number in
            let type = pick(types, &random)
            let isArray = Int.random(in: 0..<4, using: &random) == 0
            let name = "\"c\(number)\(pick(["", " x", "\"\"", "ä😀", "\\", "'", "\n", "$1"], &random))\""
            return (name, isArray ? array(of: type) : type, Bool.random(using: &random))
        }
    }

    // MARK: - Values

    private static func pick<Element>(_ list: [Element], _ random: inout Seeded) -> Element {
        list.randomElement(using: &random)!
    }

    private static func value(_ type: RandomType, _ random: inout Seeded, null: String = "NULL") -> String {
        Int.random(in: 0..<5, using: &random) == 0 ? null : type.make(&random)
    }

    /// A number of any magnitude.
    private static func number(_ random: inout Seeded) -> Int64 {
        Int64(truncatingIfNeeded: random.next()) >> Int64.random(in: 0..<64, using: &random)
    }

    private static func float<Number: BinaryFloatingPoint>(_ number: Number) -> String {
        number.isNaN ? "NaN" : "\(number)"
    }

    private static let words = [
        "", "NULL", "null", "{}", "()", "\"", "\\", "\"\"", " ", ",", "''", "\\\"", "true", "[0:1]={}",
    ]
    private static let alphabet: [Character] =
        Array("abcXYZ 019{}()[],;:'\"\\/<>&%$=NUL") + (1..<32).map { Character(UnicodeScalar($0)) }
        + ["\u{7f}", "\u{80}", "é", "\u{7ff}", "€", "\u{ffff}", "😀", "\u{10ffff}", "\u{2028}", "\u{301}"]

    private static func text(_ random: inout Seeded) -> String {
        guard Int.random(in: 0..<5, using: &random) > 0 else { return pick(words, &random) }
        return String((0..<Int.random(in: 0...30, using: &random)).map { _ in pick(alphabet, &random) })
    }

    private static func time(_ type: String, _ random: inout Seeded) -> String {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: "'infinity'::\(type)"
        case 1: "'0044-03-15 12:00:00 BC'::\(type)"
        default: "('2000-01-01'::\(type) + \(number(&random) % 3_000_000_000) * interval '1.001 second')"
        }
    }

    private static let scalars: [RandomType] = [
        RandomType("int2") { "\(number(&$0) % 32768)::int2" },
        RandomType("int4") { "(\(number(&$0) % 2_147_483_648))::int4" },
        RandomType("int8") { "'\(number(&$0))'::int8" },
        RandomType("numeric") { "'\(number(&$0)).\(number(&$0).magnitude)'::numeric" },
        RandomType("numeric(12,4)") { "\(number(&$0) % 10_000_000) / 7.0" },
        RandomType("float4") { "'\(float(Float(bitPattern: UInt32(truncatingIfNeeded: $0.next()))))'::float4" },
        RandomType("float8") { "'\(float(Double(bitPattern: $0.next())))'::float8" },
        RandomType("bool") { "\(Bool.random(using: &$0))" },
        RandomType("text") { "\(quote(text(&$0)))::text" },
        RandomType("varchar(20)") { "\(quote(text(&$0)))::varchar(20)" },
        RandomType("char(12)") { "\(quote(text(&$0)))::char(12)" },
        RandomType("name") { "\(quote(text(&$0)))::name" },
        RandomType("\"char\"") { "\(quote(text(&$0)))::\"char\"" },
        RandomType("date") { "('2000-01-01'::date + (\(number(&$0) % 700_000))::int)" },
        RandomType("time(3)") { "\(time("timestamp", &$0).replacingInfinity)::time(3)" },
        RandomType("timetz") { "\(time("timestamptz", &$0).replacingInfinity)::timetz" },
        RandomType("timestamp") { time("timestamp", &$0) },
        RandomType("timestamptz") { time("timestamptz", &$0) },
        RandomType("timestamptz(2)") { "\(time("timestamptz", &$0))::timestamptz(2)" },
        RandomType("interval") {
            "make_interval(\(number(&$0) % 1000), \(number(&$0) % 99), 1, \(number(&$0) % 99), secs => \(number(&$0)) / 1e9)"
        },
        RandomType("uuid") { "md5('\(number(&$0))')::uuid" },
        RandomType("bytea") { "decode(left(md5('\(number(&$0))'), \(Int.random(in: 0...16, using: &$0) * 2)), 'hex')" },
        RandomType("json") { "'{\"k\" :\t[1,  null , \(number(&$0))]}'::json" },
        RandomType("jsonb") { "to_jsonb(\(quote(text(&$0)))::text)" },
        RandomType("inet") { "('10.0.0.0'::inet + \(number(&$0) % 1_000_000))" },
        RandomType("point") { "point(\(number(&$0)) / 3.0, \(number(&$0)))" },
        RandomType("int4range") { "int4range(NULL, (\(number(&$0) % 1_000_000))::int)" },
        RandomType("tstzrange") { "tstzrange(\(time("timestamptz", &$0)), NULL, '(]')" },
        RandomType("money") { "(\(number(&$0) % 1_000_000))::int::money" },
        RandomType("bit(8)") { "(\(number(&$0) % 1_000_000))::int::bit(8)" },
        RandomType("tsvector") { "to_tsvector('simple', \(quote(text(&$0))))" },
        RandomType("int4multirange") {
            "int4multirange(int4range(NULL, \(number(&$0) % 1_000)), int4range(5000, NULL))"
        },
        RandomType("regtype") { "(\(Int.random(in: 16...30, using: &$0)))::oid::regtype" },
    ]
}

extension String {
    /// The expression of another time where this one has no time of day.
    fileprivate var replacingInfinity: String {
        hasPrefix("'infinity'") ? "'2000-01-01 01:02:03.4567Z'::timestamptz" : self
    }
}
