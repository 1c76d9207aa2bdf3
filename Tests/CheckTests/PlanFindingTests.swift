import PostgresClient
import RouteCheck
import RouteManifest
import TestServers
import Testing

@testable import RouteCheckPostgres

@Suite("Findings by plans")
struct PlanFindingTests {
    private static let schema = """
        CREATE TABLE event (id int NOT NULL, kind int NOT NULL, note text) PARTITION BY LIST (kind);
        CREATE TABLE event_one PARTITION OF event FOR VALUES IN (1);
        CREATE TABLE event_two PARTITION OF event FOR VALUES IN (2) PARTITION BY LIST (id);
        CREATE TABLE event_two_rest PARTITION OF event_two DEFAULT;
        INSERT INTO event SELECT n, 1 + n % 2, n FROM generate_series(1, 24000) AS n;
        ANALYZE;
        CREATE TABLE same (id int, value int);
        INSERT INTO same SELECT n, 1 FROM generate_series(1, 20000) AS n;
        CREATE INDEX ON same (value);
        ANALYZE same;
        CREATE TABLE users (id int PRIMARY KEY, name text, other numeric);
        CREATE TABLE plain (id int);
        CREATE VIEW totals AS SELECT count(*) AS n FROM plain;
        CREATE MATERIALIZED VIEW m AS SELECT id FROM plain;
        """
    private static let database = Result { try CheckDatabase("check_plans", schema) }

    /// The messages about a statement, each with the column at which it begins in the SQL.
    private static func messages(
        _ sql: String,
        method: String = "get",
        _ settings: String = "query: { note: string, id: int }"
    ) async throws -> [String] {
        let text = """
            version: 1
            namespace: n
            routes:
              r:
                \(method): /r
                \(settings)
                allow: [ no-limit, unused-input ]
                sql: \(sql)
            """
        let result = try await blocking { try Self.database.get().check(text) }
        return result.diagnostics.map { "\($0.location.column - 9): \($0.message)" }
    }

    @Test(
        "name a table that is in parts, with the rows of all of them",
        arguments: [
            (
                "SELECT id FROM event WHERE note = :note",
                ["16: each request reads all of 'event' (24,000 rows): no index fits '(event.note = :note)'"]
            ),
            (
                "SELECT e.id FROM event AS e WHERE e.note = :note",
                ["18: each request reads all of 'event' (24,000 rows): no index fits '(e.note = :note)'"]
            ),
            (
                "SELECT id FROM event_two WHERE note = :note",
                ["16: each request reads all of 'event_two' (12,000 rows): no index fits '(event_two.note = :note)'"]
            ),
            (
                "SELECT id FROM event_two_rest WHERE note = :note",
                [
                    "16: each request reads all of 'event_two_rest' (12,000 rows): no index fits '(event_two_rest.note = :note)'"
                ]
            ),
        ]
    )
    func parts(_ sql: String, _ expected: [String]) async throws {
        let found = try await Self.messages(sql)
        #expect(found == expected)
    }

    @Test("do not say that an index is missing where one fits that would not help")
    func uselessIndex() async throws {
        let found = try await Self.messages("SELECT id FROM same WHERE value = :id")
        #expect(found == [])
        let missing = try await Self.messages("SELECT value FROM same WHERE id = :id")
        #expect(missing.count == 1)
    }

    @Test("do not take the result of a subquery for an input")
    func outputs() async throws {
        let sql =
            "SELECT name FROM users WHERE other > (SELECT min(other) FROM users) AND id = (SELECT max(other) FROM users) AND name = :note"
        let found = try await Self.messages(sql)
        #expect(found == [])
        #expect(PlanReader.outputs("InitPlan 1 (returns $0)") == [0])
        #expect(PlanReader.outputs("SubPlan 2 (returns $1,$12)") == [1, 12])
        #expect(PlanReader.outputs("InitPlan 1") == [] && PlanReader.outputs("CTE returns") == [])
    }

    @Test(
        "are errors of statements that no request can run",
        arguments: [
            ("post", "INSERT INTO users (id, name) VALUES (1, 'a') ON CONFLICT (name) DO UPDATE SET id = 2", "42P10"),
            ("get", "SELECT a.id FROM users a FULL JOIN users b ON a.id < b.id", "0A000"),
            ("get", "SELECT 1/0 AS n", "22012"), ("post", "UPDATE m SET id = 1 WHERE true", "42809"),
            // This one is refused when it is prepared, and its SQLSTATE is in the class of locks.
            ("post", "UPDATE totals SET n = 1 WHERE true", "55000"),
        ]
    )
    func refusals(_ method: String, _ sql: String, _ state: String) async throws {
        let found = try await Self.messages(sql, method: method, "returns: \(method == "get" ? "many" : "none")")
        #expect(found.count == 1 && found[0].contains("[\(state)]"), "\(found)")
    }

    @Test("have types as plans name them, whatever the schema of an extension")
    func extensionTypes() async throws {
        let text = """
            version: 1
            namespace: n
            routes:
              r: { get: /r, query: { e: string }, allow: [ no-limit ], sql: "SELECT id FROM mails WHERE email = :e" }
            """
        let found = try await blocking { () -> [Diagnostic] in
            let server = try PostgresServer.shared.get()
            guard try server.psql("SELECT count(*) FROM pg_available_extensions WHERE name = 'citext'") == "1" else {
                return []
            }
            let database = try CheckDatabase(
                "check_citext",
                """
                CREATE EXTENSION citext; CREATE DOMAIN email AS citext;
                CREATE TABLE mails (id bigint PRIMARY KEY, email email NOT NULL UNIQUE)
                """
            )
            return try database.check(text).diagnostics
        }
        #expect(found.isEmpty, "\(found)")
    }

    // MARK: - Locks

    @Test("A statement about which the server has no answer is an error at its place, and the others are checked")
    func unanswered() async throws {
        let text = """
            version: 1
            namespace: n
            routes:
              good: { get: /good, allow: [ no-limit ], sql: SELECT name FROM users }
              locked: { get: /locked, allow: [ no-limit ], sql: SELECT id FROM plain }
              bad: { get: /bad, allow: [ no-limit ], sql: SELECT idd FROM users }
            """
        let found = try await blocking { () -> [RouteCheck.Result] in
            let database = try CheckDatabase("check_locked", Self.schema)
            let (session, other) = (try InspectionSession(url: database.url), try InspectionSession(url: database.url))
            try session.run("SET lock_timeout = '50ms'")
            let set = CheckDatabase.set(["routes.yaml": text])
            return try other.transaction { () throws(PostgresError) in
                try other.run("LOCK TABLE plain")
                let (facts, schema) = try DatabaseFacts(session).facts(of: set.statements)
                return [RouteCheck.Purpose.check, .next([.absent])].map { purpose in
                    RouteCheck.check(
                        diagnostics: set.diagnostics,
                        statements: set.statements,
                        manifests: ["routes.yaml"],
                        facts: facts,
                        schema: schema,
                        purpose: purpose
                    )
                }
            }
        }
        let place =
            "routes.yaml:5:53: error: PostgreSQL has no answer about this now: canceling statement due to lock timeout [55P03]"
        #expect(
            found[0].diagnostics.map { "\($0)".split(separator: "\n")[0] } == [
                "\(place)",
                "routes.yaml:6:54: error: PostgreSQL can't prepare this: column \"idd\" does not exist [42703]",
            ]
        )
        #expect(found[1].diagnostics.contains { $0.description.hasPrefix(place) })
    }

    @Test("A server that falls silent ends a session")
    func silence() async throws {
        try await blocking {
            let server = try PostgresServer()
            defer { server.stop() }
            let session = try InspectionSession(url: server.url, silenceLimit: 1)
            #expect(try session.rows("SELECT 1") == [["1"]])
            server.pause()
            let error = #expect(throws: PostgresError.self) { try session.run("SELECT 1") }
            #expect(error?.code == .connectionLost && error?.inspectionScope == .session)
        }
    }

    @Test(
        "What the server says of a lock, of time and of its end is not said of a statement",
        arguments: [
            ("55P03", InspectionErrorScope.answer), ("57014", .answer), ("40P01", .answer), ("57P01", .session),
            ("53300", .session), ("08006", .session), ("55000", .statement), ("42601", .statement),
            ("XX000", .statement),
        ]
    )
    func scopes(_ state: String, _ scope: InspectionErrorScope) {
        #expect(PostgresError(.server(sqlState: state), "").inspectionScope == scope)
    }

    // MARK: - Nullability and types

    @Test("A column that a rule returns, or a view that was a table has, may be NULL")
    func rules() async throws {
        let text = """
            version: 1
            namespace: n
            routes:
              insert: { post: /i, returns: one, sql: "INSERT INTO ruled VALUES (1, 'x') RETURNING id, n" }
              view: { get: /v, allow: [ no-limit ], sql: "SELECT id FROM was_table" }
              enum: { get: /e, allow: [ no-limit ], sql: "SELECT mood FROM moody" }
            """
        try await blocking {
            let hasViews = try PostgresServer.shared.get().psql("SHOW server_version_num").hasPrefix("15")
            let database = try CheckDatabase(
                "check_rules",
                """
                CREATE TABLE log (id int, n text);
                CREATE TABLE ruled (id int NOT NULL, n text NOT NULL);
                CREATE RULE r AS ON INSERT TO ruled DO INSTEAD INSERT INTO log VALUES (NEW.id, NULL) RETURNING id, n;
                CREATE TABLE was_table (id int NOT NULL);
                \(hasViews ? "CREATE RULE \"_RETURN\" AS ON SELECT TO was_table DO INSTEAD SELECT id FROM log;" : "")
                CREATE TYPE mood AS ENUM ('sad');
                CREATE FUNCTION mood_json(mood) RETURNS json LANGUAGE sql AS 'SELECT json_build_object(''mood'', $1::text)';
                CREATE CAST (mood AS json) WITH FUNCTION mood_json(mood);
                CREATE TABLE moody (mood mood NOT NULL);
                """
            )
            let result = try database.check(text)
            let lock = try #require(result.locks[0], "\(result.diagnostics)")
            #expect(lock.routes["insert"]?.first?.columns.map(\.isNullable) == [true, true])
            if hasViews { #expect(lock.routes["view"]?.first?.columns.map(\.isNullable) == [true]) }
            #expect(lock.routes["enum"]?.first?.columns.map(\.type) == ["public.mood"] && lock.enums.isEmpty)
        }
    }

    // MARK: - Rights

    @Test("A role without the right to make a view, and a standby, are reasons, with what to do")
    func obstacles() async throws {
        try await blocking {
            let server = try PostgresServer()
            defer { server.stop() }
            _ = try server.psql("CREATE ROLE \"A b\" LOGIN; REVOKE TEMPORARY ON DATABASE postgres FROM PUBLIC")
            let url = "postgres://A%20b@127.0.0.1:\(server.port)/postgres"
            let words = try DatabaseFacts(InspectionSession(url: url)).dependencyObstacle()
            #expect(words?.contains("GRANT TEMPORARY ON DATABASE postgres TO \"A b\"") == true, "\(words ?? "")")
            #expect(try DatabaseFacts(InspectionSession(url: server.url)).dependencyObstacle() == nil)
            let standby = try server.standby()
            defer { standby.stop() }
            let other = try DatabaseFacts(InspectionSession(url: standby.url)).dependencyObstacle()
            #expect(other?.contains("a standby") == true && other?.contains("[25006]") == true, "\(other ?? "")")
        }
    }
}
