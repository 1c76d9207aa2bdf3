import Foundation
import NIOCore
import PostgresClient
import TestServers
import Testing

/// Types, functions and operators that are dropped and made again under prepared statements: these name them by numbers that nobody
/// has any more, and the server says so in many ways.
@Suite(.timeLimit(.minutes(2))) struct RecreatedTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let schema: String
        let sql: String
        let values: [String]
        let expected: String
        let change: String
        var types: [ParameterTypeCandidates] = []
        var after: String?

        var testDescription: String { name }
    }

    private static let enumTable =
        "CREATE TYPE mood AS ENUM ('happy', 'sad'); CREATE TABLE t AS SELECT 1 AS id, 'sad'::mood AS m"
    private static let citext = "CREATE EXTENSION citext; CREATE TABLE t AS SELECT 1 AS id, 'Abc'::citext AS m"
    private static let text = [ParameterTypeCandidates([nil, .text])]

    static let cases: [Case] = [
        Case(
            name: "an enum whose column is dropped too",
            schema: enumTable,
            sql: "SELECT id, m FROM t WHERE m = $1",
            values: ["sad"],
            expected: #"[{"id":1,"m":"sad"}]"#,
            change: """
                DROP TYPE mood CASCADE; CREATE TYPE mood AS ENUM ('sad', 'new'); ALTER TABLE t ADD m mood DEFAULT 'sad'
                """
        ),
        Case(
            name: "an enum that is renamed and made again",
            schema: enumTable,
            sql: "SELECT id FROM t WHERE $1 = '' OR m = $1",
            values: ["sad"],
            expected: #"[{"id":1}]"#,
            change: """
                ALTER TYPE mood RENAME TO old; CREATE TYPE mood AS ENUM ('new', 'sad');
                ALTER TABLE t ALTER m TYPE mood USING m::text::mood; DROP TYPE old
                """,
            types: text
        ),
        Case(
            name: "a list of enums",
            schema: enumTable,
            sql: "SELECT id FROM t WHERE m = ANY($1)",
            values: ["{sad}"],
            expected: #"[{"id":1}]"#,
            change: """
                ALTER TYPE mood RENAME TO old; CREATE TYPE mood AS ENUM ('new', 'sad');
                ALTER TABLE t ALTER m TYPE mood USING m::text::mood; DROP TYPE old
                """
        ),
        Case(
            name: "an enum that only the statement names",
            schema: "CREATE TYPE mood AS ENUM ('happy', 'sad')",
            sql: "SELECT $1::mood AS m, pg_typeof($1::mood)::text AS t",
            values: ["sad"],
            expected: #"[{"m":"sad","t":"mood"}]"#,
            change: "DROP TYPE mood; CREATE TYPE mood AS ENUM ('sad')"
        ),
        Case(
            name: "an extension",
            schema: citext,
            sql: "SELECT id, m FROM t WHERE $1 IS NULL OR m = $1",
            values: ["abc"],
            expected: #"[{"id":1,"m":"Abc"}]"#,
            change: "DROP EXTENSION citext CASCADE; CREATE EXTENSION citext; ALTER TABLE t ADD m citext DEFAULT 'Abc'",
            types: text
        ),
        Case(
            name: "an extension's type of a parameter alone",
            schema: "CREATE EXTENSION citext",
            sql: "SELECT $1::citext = 'ABC' AS same",
            values: ["abc"],
            expected: #"[{"same":true}]"#,
            change: "DROP EXTENSION citext; CREATE EXTENSION citext"
        ),
        Case(
            name: "a domain",
            schema: "CREATE DOMAIN d AS int CHECK (VALUE < 10); CREATE TABLE t AS SELECT 1 AS id, 7::d AS n",
            sql: "SELECT id, n, $1::d AS v FROM t",
            values: ["5"],
            expected: #"[{"id":1,"n":7,"v":5}]"#,
            change: """
                DROP DOMAIN d CASCADE; CREATE DOMAIN d AS int CHECK (VALUE < 99); ALTER TABLE t ADD n d DEFAULT 7
                """
        ),
        Case(
            name: "a composite type",
            schema: "CREATE TYPE pair AS (a int, b text); CREATE TABLE t AS SELECT '(1,x)'::pair AS p",
            sql: "SELECT p FROM t WHERE (p).b = $1",
            values: ["x"],
            expected: #"[{"p":{"a":1,"b":"x"}}]"#,
            change: """
                DROP TYPE pair CASCADE; CREATE TYPE pair AS (a int, b text, c int); ALTER TABLE t ADD p pair DEFAULT '(1,x,)'
                """,
            after: #"[{"p":{"a":1,"b":"x","c":null}}]"#
        ),
        Case(
            name: "a range type",
            schema: "CREATE TYPE span AS RANGE (subtype = text); CREATE TABLE t AS SELECT '[a,c)'::span AS s",
            sql: "SELECT s FROM t WHERE s = $1",
            values: ["[a,c)"],
            expected: #"[{"s":"[a,c)"}]"#,
            change:
                "DROP TYPE span CASCADE; CREATE TYPE span AS RANGE (subtype = text); ALTER TABLE t ADD s span DEFAULT '[a,c)'"
        ),
        Case(
            name: "a function",
            schema: "CREATE FUNCTION twice(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 2 * $1; END'",
            sql: "SELECT twice($1) AS v",
            values: ["4"],
            expected: #"[{"v":8}]"#,
            change: """
                DROP FUNCTION twice(int); CREATE FUNCTION twice(int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN $1 + $1; END'
                """
        ),
        Case(
            name: "an operator",
            schema: """
                CREATE FUNCTION same(int, int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN $1 = $2; END';
                CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, PROCEDURE = same)
                """,
            sql: "SELECT 4 === $1 AS v",
            values: ["4"],
            expected: #"[{"v":true}]"#,
            change: """
                DROP OPERATOR === (int, int); DROP FUNCTION same(int, int);
                CREATE FUNCTION same(int, int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN $1 = $2; END';
                CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, PROCEDURE = same)
                """
        ),
        Case(
            name: "a table and its view",
            schema: "\(enumTable); CREATE VIEW v AS SELECT * FROM t",
            sql: "SELECT m FROM v WHERE m = $1",
            values: ["sad"],
            expected: #"[{"m":"sad"}]"#,
            change: "DROP VIEW v; DROP TABLE t; DROP TYPE mood; \(enumTable); CREATE VIEW v AS SELECT * FROM t"
        ),
    ]

    private func withDatabase(_ body: (String, Oracle) async throws -> Void) async throws {
        let server = try PostgresServer.shared.get()
        let database = "recreated_\(UUID().uuidString.prefix(8).lowercased())"
        try server.psql("CREATE DATABASE \(database)")
        let url = "postgres://postgres@127.0.0.1:\(server.port)/\(database)"
        try await body(url, Oracle(url))
        try server.psql("DROP DATABASE \(database) WITH (FORCE)")
    }

    @Test(
        "What is made again is found by the statements that used it",
        arguments: cases,
        PostgresConfiguration.Statements.allCases
    )
    func reads(test: Case, statements: PostgresConfiguration.Statements) async throws {
        try await withDatabase { url, oracle in
            try oracle.value(test.schema)
            try await withClient(
                url,
                configure: {
                    $0.statements = statements
                    $0.maximumConnections = 3
                }
            ) { client async throws in
                let statement = PostgresStatement(sql: test.sql, parameters: test.types, shape: .many)
                for round in 0..<4 {
                    let expected = round == 0 ? test.expected : test.after ?? test.expected
                    // On all connections, each of which knows the statement.
                    for _ in 0..<3 {
                        let answers = await withTaskGroup(of: String.self) { group in
                            for _ in 0..<6 {
                                group.addTask {
                                    do { return try await client.answer(statement, test.values) ?? "nothing" } catch {
                                        return "\(error)"
                                    }
                                }
                            }
                            return await group.reduce(into: Set()) { $0.insert($1) }
                        }
                        #expect(answers == [expected], "\(test.name), round \(round)")
                    }
                    try oracle.value(test.change)
                }
            }
        }
    }

    @Test("A write into a type that was made again is done, once", arguments: PostgresConfiguration.Statements.allCases)
    func writes(statements: PostgresConfiguration.Statements) async throws {
        try await withDatabase { url, oracle in
            try oracle.value("\(Self.enumTable); CREATE SEQUENCE counted")
            try await withClient(url, configure: { $0.statements = statements }) { client async throws in
                let statement = PostgresStatement(
                    sql:
                        "WITH i AS (INSERT INTO t VALUES (nextval('counted'), $1) RETURNING *) SELECT i.*, $1 || '!' AS v FROM i",
                    parameters: Self.text,
                    shape: .one
                )
                for round in 1...4 {
                    for _ in 0..<2 {
                        var values = PostgresParameters()
                        values.append("sad")
                        let answer = try await client.write(statement, values, deadline: .seconds(5))
                        let body = answer.body.map { String(buffer: $0) } ?? ""
                        #expect(body.hasSuffix(#","m":"sad","v":"sad!"}"#), "round \(round): \(body)")
                    }
                    #expect(try oracle.value("SELECT count(*) FROM t WHERE id IS NOT NULL") == "\(2 * round + 1)")
                    try oracle.value(
                        """
                        DROP TYPE mood CASCADE; CREATE TYPE mood AS ENUM ('sad', 'new'); ALTER TABLE t ADD m mood DEFAULT 'sad'
                        """
                    )
                }
            }
        }
    }
}
