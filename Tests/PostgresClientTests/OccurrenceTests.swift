import CachedRoutes
import NIOCore
import PostgresClient
import RouteModel
import TestServers
import Testing

@testable import CachedRoutesPostgres

/// Texts, lists of texts and JSON that stand in several places of a statement. In each they mean what a literal without a type means
/// there, which is the oracle.
@Suite(.timeLimit(.minutes(3))) struct OccurrenceTests {
    static let table = """
        DO $$ BEGIN
        PERFORM pg_advisory_xact_lock(11);
        IF to_regclass('occurring') IS NOT NULL THEN RETURN; END IF;
        CREATE EXTENSION IF NOT EXISTS citext;
        CREATE TYPE occurring_mood AS ENUM ('happy', 'sad');
        CREATE TYPE occurring_grade AS ENUM ('a', 'b');
        CREATE DOMAIN occurring_mail AS citext;
        CREATE DOMAIN occurring_feeling AS occurring_mood;
        CREATE TABLE occurring AS SELECT n AS id, (ARRAY['Abc', 'x', 'happy'])[n]::citext AS ci,
            (ARRAY['X', 'aBC', 'Sad'])[n]::occurring_mail AS mail, (ARRAY['abc', 'Happy', 'x  '])[n] AS tx,
            (ARRAY['abc', 'sad', 'X'])[n]::varchar(9) AS vc, (ARRAY['abc', 'sad', 'x'])[n]::char(5) AS fixed,
            (ARRAY['abc', 'sad', 'x'])[n]::name AS nm, (ARRAY['happy', 'sad', 'sad'])[n]::occurring_mood AS mood,
            (ARRAY['happy', 'sad', 'happy'])[n]::occurring_feeling AS feeling, 'a'::occurring_grade AS grade,
            ('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1' || n)::uuid AS code, ARRAY['Abc', 'x']::citext[] AS cis,
            ARRAY['sad']::occurring_mood[] AS moods, jsonb_build_object('abc', n, 'X', 'sad') AS body,
            '{"b": 1.50, "a":2}'::json AS raw, (n || ' days')::interval AS span
        FROM generate_series(1, 3) AS n;
        CREATE TABLE occurring_written (b jsonb, raw json, tx text, ci citext, vc varchar(9), fixed char(5), nm name);
        END $$
        """

    static let uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12"

    /// Conditions of which any two, in any order, are a statement.
    static let conditions = [
        ":q IS NULL", ":q IS NOT NULL", "(:q) ISNULL", ":q = ''", ":q = 'ABC'", "length(:q) = 5",
        "concat(:q, '!') = 'x!'",
        "upper(:q) = 'SAD'", "ci = :q", "mail = :q", "tx = :q", "vc = :q", "fixed = :q", "nm = :q", "mood = :q",
        "feeling::occurring_mood = :q",
        "mood::text = :q", "code = :q", "ci IN (:q, 'zz')", "ci LIKE :q || '%'", "body ? :q", "coalesce(:q, 'zz') = ci",
        "ci = ANY(ARRAY[:q])", "span = :q", "CASE WHEN id = 1 THEN :q ELSE ci END = 'ABC'", ":q IN ('X', tx)",
        "to_jsonb(:q) = body -> 'X'", "nullif(:q, '') = ci", "starts_with(ci, :q)",
    ]
    static let values: [String?] = [
        "abc", "Abc", "abc  ", "x", "", "sad", uuid, "2 days", String(repeating: "x", count: 70), nil,
    ]

    static let listConditions = [
        ":q IS NULL", "cardinality(:q) = 0", "array_length(:q, 1) IS NULL", "ci = ANY(:q)", "mail = ANY(:q)",
        "tx = ANY(:q)",
        "vc = ANY(:q)", "fixed = ANY(:q)", "nm = ANY(:q)", "mood = ANY(:q)", "feeling::occurring_mood = ANY(:q)",
        "code = ANY(:q)",
        "cis && :q",
        "moods <@ :q", "EXISTS (SELECT FROM unnest(:q) AS t WHERE t = tx)", "ci <> ALL (:q)",
        "to_jsonb(:q) @> '\"ABC\"'",
    ]
    static let lists: [String?] = [
        #"{"abc"}"#, #"{"X","ABC"}"#, "{}", #"{"sad"}"#, #"{"sad","happy"}"#, #"{"\#(uuid)"}"#, #"{"abc  "}"#, nil,
    ]

    /// Whole statements, mostly with expressions that have to be equal.
    static let statements = [
        "SELECT ci, :q AS asked FROM occurring WHERE ci = :q", "SELECT length(:q) AS n FROM occurring WHERE ci = :q",
        "SELECT :q AS asked, upper(:q) AS up, id FROM occurring WHERE fixed = :q",
        "SELECT id, :q AS asked FROM occurring WHERE nm = :q OR :q = 'x'",
        "SELECT ci || :q AS v, count(*) AS n FROM occurring WHERE :q IS NULL OR ci = :q GROUP BY ci || :q ORDER BY 1",
        "SELECT (:q || ci) AS v, count(*) AS n FROM occurring WHERE ci = :q OR :q IS NULL GROUP BY (:q || ci), ci ORDER BY 1",
        "SELECT CASE WHEN :q = 'x' THEN 'one' ELSE tx END AS v, count(*) AS n FROM occurring WHERE tx <> :q OR ci = :q "
            + "GROUP BY CASE WHEN :q = 'x' THEN 'one' ELSE tx END ORDER BY 1",
        "SELECT DISTINCT ci || :q AS v FROM occurring WHERE (:q = '' OR ci = :q) ORDER BY ci || :q",
        "SELECT DISTINCT ON (tx = :q) tx = :q AS same FROM occurring WHERE :q = '' OR ci = :q ORDER BY tx = :q, id",
        "SELECT id FROM occurring WHERE ci = :q UNION SELECT id + 10 FROM occurring WHERE tx = :q ORDER BY 1",
        "SELECT id FROM occurring WHERE tx = :q UNION SELECT id + 10 FROM occurring WHERE ci = :q ORDER BY 1",
        "WITH w AS (SELECT :q AS asked) SELECT id FROM occurring, w WHERE ci = :q OR w.asked = tx ORDER BY id",
        "SELECT (SELECT count(*) FROM occurring AS o WHERE o.ci = :q) AS n, :q AS asked",
        "SELECT id, rank() OVER (ORDER BY ci = :q, id) AS k FROM occurring WHERE tx = :q OR ci = :q ORDER BY ci = :q, id",
        "SELECT CASE :q WHEN 'abc' THEN ci ELSE :q END AS v FROM occurring ORDER BY id",
        "SELECT id FROM occurring ORDER BY CASE WHEN :q = 'x' THEN ci ELSE tx END, ci = :q, id",
        "SELECT id FROM occurring WHERE (:q IS NULL OR ci = :q) AND (:q IS NULL OR mail <> :q) AND (:q = '' OR tx <> :q)",
    ]

    private func compare(
        _ test: DeclaredTypeTests.Case,
        oracle literal: String,
        _ values: [String?],
        _ statement: PostgresStatement,
        _ client: PostgresClient,
        _ oracle: Oracle
    ) async throws {
        let answer = await Result { try await client.answer(statement, values) }
        guard try oracle.failure(literal) == nil else {
            #expect(throws: PostgresError.self, "\(literal)") { try answer.get() }
            return
        }
        #expect(try (try? answer.get()) == oracle.rows(literal), "\(test.sql) with \(values): \(answer)")
    }

    private func compare(
        _ sql: [String],
        _ type: InputType,
        _ values: [String?],
        _ client: PostgresClient,
        _ oracle: Oracle
    ) async throws {
        for sql in sql {
            let test = DeclaredTypeTests.Case(sql, ["q": type], casts: ["q": ""])
            // A function of any type takes no literal without one.
            var written = sql
            for call in ["cardinality(:q", "array_length(:q", "unnest(:q", "to_jsonb(:q"] {
                written = written.replacing(call, with: call + (type.isList ? "::text[]" : "::text"))
            }
            let literal = DeclaredTypeTests.Case(written, ["q": type], casts: ["q": ""])
            let statement = PostgresStatement(
                sql: test.bound,
                parameters: [ParameterTypeCandidates(type)],
                shape: .many
            )
            for value in values {
                try await compare(test, oracle: literal.literal([value]), [value], statement, client, oracle)
            }
        }
    }

    private func pairs(_ conditions: [String]) -> [String] {
        conditions.flatMap { first in
            conditions.map { "SELECT id FROM occurring WHERE (\(first) OR \($0)) ORDER BY id" }
        }
    }

    @Test("A text means in each place what a literal means there", arguments: PostgresConfiguration.Statements.allCases)
    func texts(_ statements: PostgresConfiguration.Statements) async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.table)
        // Each pair is prepared in one of the ways, every whole statement in both.
        let pairs = pairs(Self.conditions).enumerated().filter { $0.offset % 2 == (statements == .named ? 0 : 1) }
        try await withClient(url, configure: { $0.statements = statements }) { client async throws in
            try await compare(Self.statements + pairs.map(\.element), .string, Self.values, client, oracle)
        }
    }

    @Test("A list of texts means in each place what a literal means there")
    func lists() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.table)
        try await withClient(url) { client async throws in
            try await compare(pairs(Self.listConditions), .list(.string), Self.lists, client, oracle)
        }
    }

    @Test("A value is written to each column as a literal would be")
    func writing() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.table)
        let columns = ["b", "raw", "tx", "ci", "vc", "fixed", "nm"]
        let json = #"{"b": 1.50, "a":2}"#
        try await withClient(url) { client async throws in
            for (type, value, columns) in [
                // A text column says no more of JSON than a place that says nothing.
                (InputType.json, json, Array(columns.prefix(2))),
                (InputType.string, "Abc  ", Array(columns.dropFirst(2))),
            ] {
                for first in columns {
                    for second in columns where second != first {
                        for sql in [
                            "INSERT INTO occurring_written (\(first), \(second)) VALUES (:v, :v) RETURNING \(first), \(second)",
                            "INSERT INTO occurring_written (\(first), \(second)) SELECT :v, :v WHERE :v IS NOT NULL "
                                + "RETURNING \(first), \(second)",
                        ] {
                            let test = DeclaredTypeTests.Case(sql, ["v": type], casts: ["v": ""])
                            let statement = PostgresStatement(
                                sql: test.bound,
                                parameters: [ParameterTypeCandidates(type)],
                                shape: .many
                            )
                            var parameters = PostgresParameters()
                            parameters.append(value)
                            let body = try await client.write(statement, parameters, deadline: .seconds(5)).body
                            // `WITH … INSERT` shows the row as it is written.
                            let expected = try oracle.value(
                                "WITH r AS (\(test.literal([value]))) SELECT json_build_array(row_to_json(r)) FROM r"
                            )
                            #expect(body.map { String(buffer: $0) } == expected, "\(sql)")
                        }
                    }
                }
            }
        }
    }

    // MARK: - Many inputs

    /// A condition with an input, the input's type, a value that says nothing, and one that does.
    static let filters: [(condition: String, type: InputType, open: String?, value: String)] = [
        ("(cardinality(:a) = 0 OR mood = ANY(:a))", .list(.string), "{}", #"{"sad"}"#),
        ("(:a IS NULL OR cardinality(:a) = 0 OR mood = ANY(:a))", .list(.string), nil, #"{"happy"}"#),
        ("(array_length(:a, 1) IS NULL OR code = ANY(:a))", .list(.string), "{}", #"{"\#(uuid)"}"#),
        ("(:a IS NULL OR ci = :a)", .string, nil, "ABC"),
        ("(cardinality(:a) = 0 OR ci = ANY(:a))", .list(.string), "{}", #"{"ABC"}"#),
        ("(:a IS NULL OR feeling::occurring_mood = :a)", .string, nil, "happy"),
        ("(to_jsonb(:a) IS NULL OR mood = :a)", .string, nil, "sad"),
        ("(:a IS NULL OR id = :a)", .int, nil, "2"),
        ("(:a IS NULL OR left(tx, :a) = 'ab')", .int, nil, "2"),
        ("(:a IS NULL OR id > mod(:a, 2))", .double, nil, "3.5"),
        ("(cardinality(:a) = 0 OR tx = ANY(:a))", .list(.string), "{}", #"{"Happy"}"#),
        ("(:a = '' OR lower(ci) = lower(:a))", .string, "", "X"),
        ("(:a IS NULL OR code = :a)", .uuid, nil, uuid),
    ]

    @Test("Statements with any number of inputs have types for all of them", arguments: 1...20)
    func many(count: Int) async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(Self.table)
        try await withClient(url) { client async throws in
            var random = Seeded(state: UInt64(count))
            // The same condition for all, and mixtures.
            for kind in -4..<Self.filters.count {
                let filters = (0..<count).map { _ in
                    Self.filters[kind < 0 ? Int.random(in: Self.filters.indices, using: &random) : kind]
                }
                let conditions = filters.enumerated().map { $1.condition.replacing(":a", with: "$\($0 + 1)") }
                let statement = PostgresStatement(
                    sql: "SELECT id FROM occurring WHERE \(conditions.joined(separator: " AND ")) ORDER BY id",
                    parameters: filters.map { ParameterTypeCandidates($0.type) },
                    shape: .many
                )
                for used in Set([0, count / 2, count - 1]) {
                    let values = filters.enumerated().map { $0 == used ? $1.value : $1.open }
                    let filter = filters[used]
                    let literal = "'\(filter.value)'" + (Self.casts[filter.condition].map { "::\($0)" } ?? "")
                    // In this one alone the other half of the condition says nothing.
                    let own =
                        filter.condition.ranges(of: " OR ").last.map { filter.condition[$0.upperBound...].dropLast() }
                        ?? ""
                    let expected = try oracle.rows(
                        "SELECT id FROM occurring WHERE \(own.replacing(":a", with: literal)) ORDER BY id"
                    )
                    let answer = await Result { try await client.answer(statement, values) }
                    #expect((try? answer.get()) == expected, "\(filters.map(\.condition)) \(used): \(answer)")
                }
            }
        }
    }

    private static let casts = [
        "(:a IS NULL OR left(tx, :a) = 'ab')": "int", "(:a IS NULL OR id > mod(:a, 2))": "numeric",
    ]
}
