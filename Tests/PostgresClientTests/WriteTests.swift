import NIOCore
import PostgresClient
import TestServers
import Testing

@Suite struct WriteTests {
    /// A client beside a table of its own, and the server's own view of it.
    private func withTable(
        _ name: String,
        _ columns: String = "id int PRIMARY KEY, balance int NOT NULL DEFAULT 0 CHECK (balance >= 0)",
        connections: Int = 8,
        _ body: @Sendable @escaping (PostgresClient, Oracle) async throws -> Void
    ) async throws {
        let server = try PostgresServer.shared.get()
        let oracle = try Oracle(server.url)
        try oracle.value("DROP TABLE IF EXISTS \(name) CASCADE")
        try oracle.value("CREATE TABLE \(name) (\(columns))")
        try await withClient(server.url, configure: { $0.maximumConnections = connections }) {
            try await body($0, oracle)
        }
    }

    @Test func aWriteIsCommittedWhenItIsAnswered() async throws {
        try await withTable("write_shapes") { client, oracle async throws in
            let insert = "INSERT INTO write_shapes VALUES ($1, $2)"
            let many = try await client.change("\(insert), (2, 3) RETURNING id, balance", ["1", "5"], shape: .many)
            #expect(many.body.map { String(buffer: $0) } == #"[{"id":1,"balance":5},{"id":2,"balance":3}]"#)
            let none = try await client.change("UPDATE write_shapes SET balance = 0", shape: .none)
            #expect(none.body == nil && none.rowCount == 2)
            let one = try await client.change("DELETE FROM write_shapes WHERE id = 1 RETURNING id", shape: .one)
            #expect(one.body.map { String(buffer: $0) } == #"{"id":1}"#)
            let absent = try await client.change("DELETE FROM write_shapes WHERE id = 1 RETURNING id", shape: .one)
            #expect(absent.body == nil)
            #expect(try oracle.value("SELECT count(*) FROM write_shapes") == "1")
        }
    }

    @Test func aFailedWriteKeepsNothingAndNamesTheConstraint() async throws {
        try await withTable("write_failures") { client, oracle async throws in
            let error = await client.changeFailure(
                "WITH a AS (INSERT INTO write_failures VALUES (1, 1)) INSERT INTO write_failures VALUES (2, -1)"
            )
            #expect(error?.sqlState == "23514")
            #expect(error?.constraint == "write_failures_balance_check")
            #expect(try oracle.value("SELECT count(*) FROM write_failures") == "0")
            #expect(await client.changeFailure("INSERT INTO no_such_table VALUES (1)")?.sqlState == "42P01")
            let two = "INSERT INTO write_failures VALUES (1, 1) RETURNING id, id"
            #expect(await client.changeFailure(two, shape: .one)?.code == .invalidStatement)
            #expect(try oracle.value("SELECT count(*) FROM write_failures") == "0")
        }
    }

    @Test func aConstraintThatIsCheckedAtTheCommitFailsTheWrite() async throws {
        let columns = "id int PRIMARY KEY, other int REFERENCES write_deferred DEFERRABLE INITIALLY DEFERRED"
        try await withTable("write_deferred", columns) { client, oracle async throws in
            let error = await client.changeFailure("INSERT INTO write_deferred VALUES (1, 9) RETURNING id", shape: .one)
            #expect(error?.sqlState == "23503")
            #expect(error?.constraint == "write_deferred_other_fkey")
            #expect(try oracle.value("SELECT count(*) FROM write_deferred") == "0")
            _ = try await client.change("INSERT INTO write_deferred VALUES (1, 1)", shape: .none)
        }
    }

    @Test func columnsThatTheServerConvertsAreReturnedByEveryKindOfWrite() async throws {
        let server = try PostgresServer.shared.get()
        try Oracle(server.url).value(TypeTests.types)
        try await withTable("write_types", "id int PRIMARY KEY, mood test_mood, pair test_pair") {
            client,
            oracle async throws in
            let insert = "INSERT INTO write_types VALUES ($1, $2, ROW(1, 'x', 'sad')) RETURNING id, mood, pair;"
            let body = try await client.change(insert, ["1", "happy"], shape: .one).body
            #expect(
                body.map { String(buffer: $0) } == #"{"id":1,"mood":"happy","pair":{"a":1,"b":"x","c":"sad"}}"#
            )
            let update = """
                WITH old AS (SELECT * FROM write_types), gone AS (DELETE FROM write_types WHERE id = 7 RETURNING *)
                UPDATE write_types AS w SET mood = 'sad' FROM old WHERE old.id = w.id RETURNING w.mood, old.mood AS was
                """
            let updated = try await client.change(update, shape: .many).body
            #expect(updated.map { String(buffer: $0) } == #"[{"mood":"sad","was":"happy"}]"#)
            let select = "WITH gone AS (DELETE FROM write_types RETURNING *) SELECT mood FROM gone"
            let value = try await client.change(select, shape: .value).body
            #expect(value.map { String(buffer: $0) } == "\"sad\"")
            #expect(try oracle.value("SELECT count(*) FROM write_types") == "0")
        }
    }

    @Test func aQueryThatWritesIsRefusedWhateverItLooksLike() async throws {
        try await withTable("write_reads") { client, oracle async throws in
            try oracle.value(
                """
                CREATE OR REPLACE FUNCTION write_secretly() RETURNS int LANGUAGE sql
                AS 'INSERT INTO write_reads VALUES (1) RETURNING id'
                """
            )
            for sql in [
                "SELECT write_secretly() AS a", "INSERT INTO write_reads VALUES (1) RETURNING id AS a",
                "WITH a AS (INSERT INTO write_reads VALUES (1) RETURNING id) SELECT id AS a FROM a",
                "SELECT id AS a FROM write_reads FOR UPDATE",
            ] {
                #expect(await client.failure(sql)?.sqlState == "25006", "\(sql)")
            }
            #expect(try oracle.value("SELECT count(*) FROM write_reads") == "0")
            let written = try await client.change("SELECT write_secretly() AS a", shape: .value).body
            #expect(written.map { String(buffer: $0) } == "1")
        }
    }

    @Test func theIsolationIsTheOneThatIsAskedFor() async throws {
        try await withTable("write_isolation") { client, _ async throws in
            let show = """
                SELECT current_setting('transaction_isolation') || current_setting('transaction_read_only') AS a
                """
            let expected: [(PostgresTransactionOptions.Isolation?, String)] = [
                (nil, "read committedoff"), (.repeatableRead, "repeatable readoff"), (.serializable, "serializableoff"),
                (.readCommitted, "read committedoff"),
            ]
            for (isolation, text) in expected {
                let answer = try await client.change(
                    show,
                    shape: .value,
                    PostgresTransactionOptions(isolation: isolation)
                )
                #expect(answer.body.map { String(buffer: $0) } == "\"\(text)\"")
            }
        }
    }

    @Test func serializationFailuresAreRunAgainUntilTheyPass() async throws {
        try await withTable("write_serial") { client, oracle async throws in
            try oracle.value("INSERT INTO write_serial VALUES (1, 0)")
            let increment = PostgresStatement(
                sql: "UPDATE write_serial SET balance = (SELECT balance FROM write_serial WHERE id = 1) + 1",
                shape: .none
            )
            let failed = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        do {
                            let transaction = PostgresTransactionOptions(isolation: .serializable, retries: 100)
                            _ = try await client.write(increment, .init(), transaction, deadline: .seconds(30))
                            return false
                        } catch let error as PostgresError where error.sqlState == "40001" {
                            return true
                        }
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(failed == 0)
            #expect(try oracle.value("SELECT balance FROM write_serial") == "40")
        }
    }

    @Test func withoutRetriesASerializationFailureIsTheAnswer() async throws {
        try await withTable("write_conflict") { client, oracle async throws in
            try oracle.value("INSERT INTO write_conflict VALUES (1, 0)")
            let slow = "UPDATE write_conflict SET balance = balance + 1 WHERE pg_sleep(0) IS NOT NULL"
            try oracle.value("BEGIN")
            try oracle.value("UPDATE write_conflict SET balance = 5")
            let writing = Task {
                await client.changeFailure(slow, PostgresTransactionOptions(isolation: .repeatableRead))
            }
            let watcher = try Oracle(PostgresServer.shared.get().url)
            let blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query = '\(slow)'"
            #expect(try await watcher.waits(for: "1", of: blocked))
            try oracle.value("COMMIT")
            #expect(await writing.value?.sqlState == "40001")
        }
    }

    @Test func aDeadlineBeforeTheCommitKeepsNothing() async throws {
        try await withTable("write_deadline", connections: 1) { client, oracle async throws in
            let slow = PostgresStatement(
                sql: "WITH a AS (INSERT INTO write_deadline VALUES (1)) SELECT pg_sleep(60)::text AS a",
                shape: .none
            )
            let error = await #expect(throws: PostgresError.self) {
                try await client.write(slow, deadline: .now() + .milliseconds(300))
            }
            #expect(error?.code == .deadlineExceeded)
            // The same session goes on.
            #expect(try await client.change("INSERT INTO write_deadline VALUES (2)", shape: .none).rowCount == 1)
            #expect(try oracle.value("SELECT string_agg(id::text, ',') FROM write_deadline") == "2")
        }
    }

    @Test func aWriteThatHasBegunOutlivesItsTask() async throws {
        try await withTable("write_cancelled") { client, oracle async throws in
            let slow = Self.insert(into: "write_cancelled", whenFree: 7001)
            try oracle.value("SELECT pg_advisory_lock(7001)")
            let writing = Task { try await client.change(slow, shape: .value) }
            #expect(try await oracle.waits(for: "1", of: "SELECT count(*) \(Self.waiting(slow))"))
            writing.cancel()
            try oracle.value("SELECT pg_advisory_unlock(7001)")
            #expect(try await writing.value.rowCount == 1)
            #expect(try oracle.value("SELECT count(*) FROM write_cancelled") == "1")
        }
    }

    @Test func aWriteThatLostItsConnectionBeforeItsCommitIsRunOnceMore() async throws {
        try await withTable("write_lost") { client, oracle async throws in
            let slow = Self.insert(into: "write_lost", whenFree: 7002)
            try oracle.value("SELECT pg_advisory_lock(7002)")
            let writing = Task { try await client.change(slow, shape: .value) }
            let first = try await Self.process(Self.waiting(slow), oracle)
            try oracle.value("SELECT pg_terminate_backend(\(first))")
            let other = "SELECT count(*) \(Self.waiting(slow)) AND pid <> \(first)"
            #expect(try await oracle.waits(for: "1", of: other))
            try oracle.value("SELECT pg_advisory_unlock(7002)")
            #expect(try await writing.value.rowCount == 1)
            #expect(try oracle.value("SELECT count(*) FROM write_lost") == "1")
        }
    }

    /// A write that has inserted a row and waits with its end until nobody holds this lock.
    private static func insert(into table: String, whenFree lock: Int) -> String {
        "WITH a AS (INSERT INTO \(table) VALUES (1)) SELECT pg_advisory_xact_lock(\(lock))::text AS w"
    }

    /// The process id of the session that is found so, once there is one.
    private static func process(_ found: String, _ oracle: Oracle) async throws -> String {
        let end = NIODeadline.seconds(60)
        while .now() < end {
            if let pid = try oracle.value("SELECT min(pid) \(found)"), !pid.isEmpty { return pid }
            try await Task.sleep(for: .milliseconds(5))
        }
        return try #require(nil, "nobody \(found)")
    }

    private static func waiting(_ sql: String) -> String {
        "FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query = '\(sql)'"
    }

    /// A trigger that fires at the commit holds the COMMIT for as long as the test needs.
    @Test func aConnectionLostDuringTheCommitLeavesTheOutcomeUnknown() async throws {
        try await withTable("write_unknown") { client, oracle async throws in
            try oracle.value(
                """
                CREATE OR REPLACE FUNCTION write_wait() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN PERFORM pg_sleep(60); RETURN NULL; END'
                """
            )
            try oracle.value(
                """
                CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON write_unknown DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION write_wait()
                """
            )
            let insert = "INSERT INTO write_unknown VALUES (1)"
            let writing = Task { await client.changeFailure(insert) }
            let committing = "FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query = 'COMMIT'"
            let pid = try await Self.process(committing, oracle)
            try oracle.value("SELECT pg_terminate_backend(\(pid))")
            let error = await writing.value
            #expect(error?.code == .outcomeUnknown)
            #expect((error?.underlying as? PostgresError)?.code == .connectionLost)
            let late = await #expect(throws: PostgresError.self) {
                try await client.write(PostgresStatement(sql: insert, shape: .none), deadline: .now() + .seconds(1))
            }
            #expect(late?.code == .outcomeUnknown)
            // It is over when the connection has been given up.
            await late?.commitIsOver()
            #expect((late?.underlying as? PostgresError)?.code == .deadlineExceeded)
            #expect(await client.recovers())
        }
    }

    @Test func changesOfTablesBetweenWritesHeal() async throws {
        try await withTable("write_ddl", connections: 1) { client, oracle async throws in
            let insert = PostgresStatement(sql: "INSERT INTO write_ddl VALUES ($1) RETURNING *", shape: .one)
            func body(_ id: String) async throws -> String? {
                var values = PostgresParameters()
                values.append(id)
                return try await client.write(insert, values, deadline: .seconds(20)).body.map { String(buffer: $0) }
            }
            #expect(try await body("1") == #"{"id":1,"balance":0}"#)
            try oracle.value("ALTER TABLE write_ddl ADD COLUMN note text DEFAULT 'x'")
            #expect(try await body("2") == #"{"id":2,"balance":0,"note":"x"}"#)
            try oracle.value("ALTER TABLE write_ddl ALTER COLUMN id TYPE text")
            #expect(try await body("3") == #"{"id":"3","balance":0,"note":"x"}"#)
            try oracle.value("DROP TABLE write_ddl; CREATE TABLE write_ddl (id uuid)")
            let uuid = "6f1f2c50-8a0e-4f0e-9c3f-0123456789ab"
            #expect(try await body(uuid) == #"{"id":"\#(uuid)"}"#)
            #expect(try oracle.value("SELECT count(*) FROM write_ddl") == "1")
        }
    }
}

extension PostgresClient {
    /// The answer of a write that is run once.
    func change(
        _ sql: String,
        _ parameters: [String] = [],
        shape: ResultShape,
        _ transaction: PostgresTransactionOptions = PostgresTransactionOptions()
    ) async throws -> JSONAnswer {
        var values = PostgresParameters()
        for parameter in parameters { values.append(parameter) }
        let statement = PostgresStatement(sql: sql, shape: shape)
        return try await write(statement, values, transaction, deadline: .seconds(20))
    }

    /// The error of a write that has to fail.
    func changeFailure(
        _ sql: String,
        _ transaction: PostgresTransactionOptions = PostgresTransactionOptions(),
        shape: ResultShape = .none
    ) async -> PostgresError? {
        do {
            _ = try await change(sql, shape: shape, transaction)
            return nil
        } catch {
            return error as? PostgresError
        }
    }
}
