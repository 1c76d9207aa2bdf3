import NIOCore
import PostgresClient
import TestServers
import Testing

/// Through a pooler in transaction mode, whose sessions other clients have used and left as they like.
@Suite(.timeLimit(.minutes(2))) struct PgBouncerTests {
    private static let poolSize = 3

    /// Settings that PgBouncer 1.18 does not know of and so hands on from client to client.
    private static let oddSettings = [
        "IntervalStyle": "iso_8601", "bytea_output": "escape", "extra_float_digits": "-10",
        "default_transaction_read_only": "on", "statement_timeout": "1h",
    ]

    /// A database of its own, a pooler in front of it, and as many other clients as the pooler has sessions.
    private func withBouncer(
        _ database: String,
        connections: Int = 8,
        _ body: @Sendable @escaping (PostgresClient, PgBouncer, Oracle, [Oracle]) async throws -> Void
    ) async throws {
        let (oracle, bouncer) = try await blocking {
            let server = try PostgresServer.shared.get()
            try Oracle(server.url).value("CREATE DATABASE \(database)")
            let oracle = try Oracle("postgres://postgres@127.0.0.1:\(server.port)/\(database)")
            try oracle.value(TypeTests.types)
            return (oracle, try PgBouncer(for: server, poolSize: Self.poolSize))
        }
        defer { bouncer.stop() }
        let url = "postgres://postgres@127.0.0.1:\(bouncer.port)/\(database)"
        let others = try (0..<Self.poolSize).map { _ in try Oracle(url) }
        try Self.inEverySession(others) { other in
            for (name, value) in Self.oddSettings { try other.value("SET \(name) = '\(value)'") }
        }
        try await withClient(
            url,
            configure: {
                $0.statements = .unnamed
                $0.maximumConnections = connections
                $0.leaseTimeout = .seconds(20)
                $0.maximumReconnectDelay = .milliseconds(200)
            }
        ) { try await body($0, bouncer, oracle, others) }
    }

    /// Calls `body` for each client while all have a transaction open, so that each has another session of the pool.
    private static func inEverySession(_ others: [Oracle], _ body: (Oracle) throws -> Void) throws {
        for other in others { try other.value("BEGIN") }
        for other in others { try body(other) }
        for other in others { try other.value("COMMIT") }
    }

    @Test func aStatementIsPreparedAndLeavesNothingInTheSession() async throws {
        try await withBouncer("bounced_prepared", connections: 2) { client, _, oracle, _ async throws in
            try oracle.value("CREATE TABLE kept_empty (id int)")
            let insert = PostgresStatement(sql: "INSERT INTO kept_empty VALUES ($1) RETURNING id", shape: .one)
            let faulty = PostgresStatement(sql: "SELECT nothing FROM kept_empty", shape: .one)
            for _ in 0..<2 {
                try await client.prepare(insert, deadline: .seconds(20))
                let error = await #expect(throws: PostgresError.self) {
                    try await client.prepare(faulty, deadline: .seconds(20))
                }
                #expect(error?.sqlState == "42703" && error?.isFromPreparing == true)
            }
            #expect(try oracle.value("SELECT count(*) FROM kept_empty") == "0")
            let open =
                "SELECT count(*) FROM pg_stat_activity WHERE datname = 'bounced_prepared' AND state LIKE 'idle in %'"
            #expect(try await oracle.waits(for: "0", of: open))
            var values = PostgresParameters()
            values.append("7")
            let answer = try await client.write(insert, values, deadline: .seconds(20))
            #expect(answer.body.map { String(buffer: $0) } == #"{"id":7}"#)
        }
    }

    @Test func manyCallersShareFewSessionsThatOthersHaveSpoiled() async throws {
        try await withBouncer("bounced") { client, _, oracle, others async throws in
            try oracle.value(
                "CREATE TABLE written (task int, n int, i interval, b bytea, f float8, m test_mood, t timestamptz)"
            )
            var expected: [(statement: PostgresStatement, body: String)] = []
            for expression in TypeTests.expressions
                + CatalogSamples.selections(["interval", "bytea", "float4", "float8"])
            {
                let sql = "SELECT \(expression) AS v"
                expected.append((PostgresStatement(sql: sql, shape: .many), try oracle.rows(sql)))
            }
            let insert = PostgresStatement(
                sql: """
                    INSERT INTO written
                    VALUES ($1, $2, '1 day 02:03:04.5', '\\x00ff', 0.1::float8 / 3, 'sad', '2024-02-03 04:05Z')
                    RETURNING *
                    """,
                shape: .one
            )
            let all = expected
            let written = try await withThrowingTaskGroup(of: [String].self) { group in
                for task in 0..<32 {
                    group.addTask {
                        var rows: [String] = []
                        for (number, query) in all.enumerated() where number % 16 == task % 16 {
                            let answer = try await client.answer(query.statement)
                            #expect(answer == query.body, "\(query.statement.sql.prefix(80))")
                            var values = PostgresParameters()
                            values.append("\(task)")
                            values.append("\(number)")
                            let serializable = PostgresTransactionOptions(isolation: .serializable, retries: 3)
                            let transaction = number % 2 == 0 ? PostgresTransactionOptions() : serializable
                            let row = try await client.write(insert, values, transaction, deadline: .seconds(20)).body
                            rows.append(row.map { String(buffer: $0) } ?? "")
                        }
                        return rows
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let stored = try oracle.rows("SELECT w.* FROM written AS w ORDER BY row_to_json(w)::text COLLATE \"C\"")
            #expect("[\(written.sorted().joined(separator: ","))]" == stored)
            #expect(try oracle.value("SELECT count(*) FROM written") == "\(2 * all.count)")
            try Self.expectUntouched(others)
        }
    }

    /// Every session of the pool is as the other clients left it.
    private static func expectUntouched(_ others: [Oracle]) throws {
        var sessions: Set<String> = []
        try inEverySession(others) { other in
            sessions.insert(try other.value("SELECT pg_backend_pid()") ?? "")
            for (name, value) in oddSettings {
                #expect(try other.value("SELECT current_setting('\(name)')") == value)
            }
            #expect(try other.value("SELECT count(*) FROM pg_prepared_statements") == "0")
        }
        #expect(sessions.count == poolSize)
    }

    @Test func onlyWritesWrite() async throws {
        try await withBouncer("bounced_writes") { client, _, oracle, others async throws in
            try oracle.value("CREATE TABLE written (id int PRIMARY KEY, name text)")
            try oracle.value(
                """
                CREATE FUNCTION write_secretly() RETURNS int LANGUAGE sql
                AS 'INSERT INTO written VALUES (0) RETURNING id'
                """
            )
            for mode in ["on", "off"] {
                try Self.inEverySession(others) { try $0.value("SET default_transaction_read_only = \(mode)") }
                for sql in [
                    "INSERT INTO written VALUES (0) RETURNING id", "SELECT write_secretly() AS a",
                    "WITH a AS (DELETE FROM written RETURNING id) SELECT id FROM a",
                ] {
                    #expect(await client.failure(sql)?.sqlState == "25006", "\(sql)")
                }
                let row = try await client.change(
                    "INSERT INTO written VALUES ($1) RETURNING id",
                    [mode == "on" ? "1" : "2"],
                    shape: .value
                )
                #expect(row.rowCount == 1)
            }
            #expect(await client.changeFailure("INSERT INTO written VALUES (3), (1)")?.sqlState == "23505")
            #expect(try oracle.value("SELECT string_agg(id::text, ' ' ORDER BY id) FROM written") == "1 2")
        }
    }

    @Test func statementsHealWithoutNames() async throws {
        try await withBouncer("bounced_types", connections: 2) { client, _, oracle, _ async throws in
            try oracle.value("CREATE TABLE named AS SELECT n AS id, 'n' || n AS name FROM generate_series(1, 3) AS n")
            let optional = PostgresStatement(
                sql: "SELECT id FROM named WHERE ($1 IS NULL OR name = $1) AND ($2 IS NULL OR id > $2) ORDER BY id",
                parameterTypes: [.text, .int8],
                shape: .many
            )
            for _ in 0..<3 {
                #expect(try await client.answer(optional, ["n2", nil]) == #"[{"id":2}]"#)
                #expect(try await client.answer(optional, [nil, "1"]) == #"[{"id":2},{"id":3}]"#)
            }
            #expect(await client.failure("SELECT id FROM named WHERE $1 IS NULL", [nil])?.sqlState == "42P18")
            let wide = PostgresStatement(sql: "SELECT *, 'sad'::test_mood AS mood FROM named ORDER BY id", shape: .many)
            for change in [
                "SELECT 1", "ALTER TABLE named ADD COLUMN extra interval DEFAULT '1 day'",
                "ALTER TABLE named ALTER COLUMN name TYPE bytea USING name::bytea",
                "ALTER TABLE named DROP COLUMN extra",
                "ALTER TABLE named RENAME COLUMN name TO label",
            ] {
                try oracle.value(change)
                let answer = try await client.answer(wide)
                let expected = try oracle.rows(wide.sql)
                #expect(answer == expected, "\(change)")
            }
        }
    }

    @Test func aQueryPastItsDeadlineLeavesNoSessionBusy() async throws {
        try await withBouncer("bounced_deadlines") { client, _, oracle, others async throws in
            let slow = PostgresStatement(sql: "SELECT pg_sleep(60) AS bounced_deadlines", shape: .none)
            // More than there are sessions: some wait in the pooler, where there is nothing to cancel.
            let codes = await withTaskGroup(of: PostgresError.Code?.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        do throws(PostgresError) {
                            _ = try await client.query(slow, deadline: .now() + .milliseconds(500))
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes == Array(repeating: .deadlineExceeded, count: 6))
            let active = """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()
                """
            #expect(try await oracle.waits(for: "0", of: active))
            #expect(try await client.body("SELECT 1 AS one") == #"[{"one":1}]"#)
            try Self.expectUntouched(others)
        }
    }

    @Test func aPoolerThatIsStartedAgainIsUsedAgain() async throws {
        try await withBouncer("bounced_restarts") { client, bouncer, oracle, _ async throws in
            try oracle.value("CREATE TABLE written (id int PRIMARY KEY)")
            let insert = PostgresStatement(sql: "INSERT INTO written VALUES ($1) RETURNING id", shape: .value)
            let span = PostgresStatement(sql: "SELECT '1 day'::interval AS i, 'sad'::test_mood AS m", shape: .many)
            for round in 0..<2 {
                var values = PostgresParameters()
                values.append("\(round)")
                #expect(try await client.write(insert, values, deadline: .seconds(20)).rowCount == 1)
                #expect(try await client.answer(span) == #"[{"i":"1 day","m":"sad"}]"#)
                try await blocking { bouncer.kill() }
                #expect(await client.failure("SELECT 1 AS one") != nil)
                try await blocking { try bouncer.start() }
                #expect(await client.recovers())
                #expect(try await client.answer(span) == #"[{"i":"1 day","m":"sad"}]"#)
            }
            #expect(try oracle.value("SELECT count(*) FROM written") == "2")
        }
    }
}

extension CatalogSamples {
    /// Expressions of all samples of these types, and of arrays of them.
    static func selections(_ types: [String]) -> [String] {
        types.flatMap { type -> [String] in
            guard case .texts(let texts) = all[type] else { return [] }
            let values = texts.map { literal($0, type) }
            return values + ["ARRAY[\(values.joined(separator: ", "))]", "ROW(\(values.joined(separator: ", ")))"]
        }
    }
}
