import NIOCore
import PostgresClient
import Synchronization
import TestServers
import Testing

@Suite("A write under a condition", .serialized)
struct ConditionTests {
    /// A table of its own, and the server's own view of it.
    private func withTable(
        _ name: String,
        configure: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: @Sendable @escaping (PostgresClient, Oracle) async throws -> Void
    ) async throws {
        let server = try PostgresServer.shared.get()
        let oracle = try Oracle(server.url)
        try oracle.value("DROP TABLE IF EXISTS \(name), \(name)_log CASCADE")
        try oracle.value("CREATE TABLE \(name) (id int PRIMARY KEY, n int NOT NULL DEFAULT 0)")
        try oracle.value("CREATE TABLE \(name)_log (n int)")
        try oracle.value("INSERT INTO \(name) VALUES (1, 0)")
        try await withClient(server.url, configure: configure) { try await body($0, oracle) }
    }

    /// The statements of a table.
    private struct Statements: Sendable {
        let read: PostgresStatement
        let write: PostgresStatement

        init(_ table: String, write: String? = nil) {
            read = PostgresStatement(sql: "SELECT n FROM \(table) WHERE id = $1", shape: .one)
            let sql = write ?? "UPDATE \(table) SET n = $2 WHERE id = $1 RETURNING n"
            self.write = PostgresStatement(sql: sql, shape: .one)
        }

        /// Sets the number of row 1 if the condition allows it.
        func set(
            _ number: Int,
            by client: PostgresClient,
            _ transaction: PostgresTransactionOptions = PostgresTransactionOptions(),
            allows: @escaping @Sendable (String?) -> Bool
        ) async throws -> String? {
            var key = PostgresParameters()
            key.append("1")
            var values = key
            values.append("\(number)")
            let condition = PostgresWriteCondition(read, key) { allows($0.body.map { String(buffer: $0) }) }
            return try await client.write(write, values, transaction, under: condition, deadline: .seconds(20)).body
                .map { String(buffer: $0) }
        }
    }

    /// The ways in which statements are sent.
    static let configurations: [PostgresConfiguration.Statements] = [.named, .unnamed]

    private func code(_ body: () async throws -> String?) async -> PostgresError.Code? {
        do {
            _ = try await body()
            return nil
        } catch {
            return (error as? PostgresError)?.code
        }
    }

    @Test("is done or not, as the condition's answer says", arguments: configurations)
    func decisions(_ way: PostgresConfiguration.Statements) async throws {
        let table = "condition_\(way.rawValue)"
        try await withTable(table, configure: { $0.statements = way }) { client, oracle async throws in
            let statements = Statements(table)
            for round in 1...3 {
                let seen = Mutex<String?>("nothing")
                let answer = try await statements.set(round, by: client) { body in
                    seen.withLock { $0 = body }
                    return true
                }
                #expect(answer == #"{"n":\#(round)}"#)
                #expect(seen.withLock { $0 } == #"{"n":\#(round - 1)}"#)
                #expect(await code { try await statements.set(9, by: client) { _ in false } } == .conditionNotMet)
                #expect(try oracle.value("SELECT n FROM \(table)") == "\(round)")
            }
            try oracle.value("DELETE FROM \(table)")
            #expect(await code { try await statements.set(9, by: client) { $0 != nil } } == .conditionNotMet)
        }
    }

    @Test(
        "sees a row that was changed since its condition was asked, whoever changed it, and is not done",
        arguments: configurations,
        ["UPDATE %t SET n = 5", "DELETE FROM %t", "UPDATE %t SET n = n", "UPDATE %t SET id = 2"]
    )
    func lostUpdate(_ way: PostgresConfiguration.Statements, change: String) async throws {
        let table = "condition_lost_\(way.rawValue)"
        try await withTable(table, configure: { $0.statements = way }) { client, oracle async throws in
            let statements = Statements(table)
            for isolation in [nil, .readCommitted, .repeatableRead, .serializable]
                as [PostgresTransactionOptions.Isolation?]
            {
                try oracle.value("TRUNCATE \(table)")
                try oracle.value("INSERT INTO \(table) VALUES (1, 0)")
                let questions = Mutex<[String?]>([])
                let result = await code {
                    try await statements.set(1, by: client, PostgresTransactionOptions(isolation: isolation)) { body in
                        let isFirst = questions.withLock { questions in
                            questions.append(body)
                            return questions.count == 1
                        }
                        // Another connection, between the comparison and the write.
                        if isFirst { _ = try? oracle.value(change.replacing("%t", with: table)) }
                        return body == #"{"n":0}"#
                    }
                }
                let asked = questions.withLock { $0 }
                #expect(asked.count == 2, "\(change), \(isolation.map { "\($0)" } ?? "default")")
                // What was written anew with the same values is the same representation.
                let isSame = change.hasSuffix("n = n")
                #expect(result == (isSame ? nil : .conditionNotMet))
                let others = try oracle.value("SELECT coalesce(max(n), -1) FROM \(table)")
                let expected = change.hasPrefix("DELETE") ? "-1" : change.hasSuffix("5") ? "5" : isSame ? "1" : "0"
                #expect(others == expected, "\(change)")
            }
        }
    }

    @Test("that inserts meets a row of its key, and asks its condition again", arguments: configurations)
    func create(_ way: PostgresConfiguration.Statements) async throws {
        let table = "condition_create_\(way.rawValue)"
        let inserts = [
            "INSERT INTO \(table) VALUES ($1, $2) RETURNING n",
            "INSERT INTO \(table) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET n = excluded.n RETURNING n",
        ]
        try await withTable(table, configure: { $0.statements = way }) { client, oracle async throws in
            for insert in inserts {
                try oracle.value("TRUNCATE \(table)")
                let questions = Mutex(0)
                let result = await code {
                    try await Statements(table, write: insert).set(1, by: client) { body in
                        let isFirst = questions.withLock { count in
                            count += 1
                            return count == 1
                        }
                        if isFirst { _ = try? oracle.value("INSERT INTO \(table) VALUES (1, 7)") }
                        return body == nil
                    }
                }
                #expect(result == .conditionNotMet)
                #expect(questions.withLock { $0 } == 2)
                #expect(try oracle.value("SELECT n FROM \(table)") == "7")
            }
            // A conflict that the condition knows nothing of stays one.
            let insert = Statements(table, write: inserts[0])
            #expect(await code { try await insert.set(1, by: client) { _ in true } } == .server(sqlState: "23505"))
        }
    }

    @Test("guards rows that only its condition reads against serializable writers")
    func serializable() async throws {
        let table = "condition_skew"
        try await withTable(table) { client, oracle async throws in
            let statements = Statements(table, write: "INSERT INTO \(table)_log VALUES ($1::int + $2::int) RETURNING n")
            for isSerializable in [true, false] {
                try oracle.value("UPDATE \(table) SET n = 0")
                let questions = Mutex(0)
                let result = await code {
                    try await statements.set(1, by: client, PostgresTransactionOptions(isolation: .serializable)) {
                        body in
                        let isFirst = questions.withLock { count in
                            count += 1
                            return count == 1
                        }
                        if isFirst {
                            let begin = isSerializable ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN"
                            for sql in [
                                begin, "SELECT count(*) FROM \(table)_log", "UPDATE \(table) SET n = n + 1", "COMMIT",
                            ] { _ = try? oracle.value(sql) }
                        }
                        return body == #"{"n":0}"#
                    }
                }
                #expect(result == (isSerializable ? .conditionNotMet : nil))
            }
        }
    }

    @Test("asks its condition read-only, and may write after it", arguments: configurations)
    func readOnly(_ way: PostgresConfiguration.Statements) async throws {
        let table = "condition_only_\(way.rawValue)"
        try await withTable(table, configure: { $0.statements = way }) { client, oracle async throws in
            try oracle.value(
                """
                CREATE OR REPLACE FUNCTION \(table)_note() RETURNS int LANGUAGE sql VOLATILE
                AS 'INSERT INTO \(table)_log VALUES (1) RETURNING n'
                """
            )
            let write = PostgresStatement(sql: "UPDATE \(table) SET n = 3", shape: .none)
            let read = PostgresStatement(sql: "SELECT \(table)_note() AS n", shape: .one)
            let error = await #expect(throws: PostgresError.self) {
                try await client.write(write, under: PostgresWriteCondition(read) { _ in true }, deadline: .seconds(20))
            }
            #expect(error?.sqlState == "25006" && error?.isFromCondition == true)
            #expect(try oracle.value("SELECT count(*) FROM \(table)_log") == "0")
            _ = try await client.write(
                write,
                under: PostgresWriteCondition(PostgresStatement(sql: "SELECT 1 AS a", shape: .many)) { _ in true },
                deadline: .seconds(20)
            )
            #expect(try oracle.value("SELECT n FROM \(table)") == "3")
        }
    }

    @Test("heals where tables were changed since its statements were prepared", arguments: configurations)
    func changedTables(_ way: PostgresConfiguration.Statements) async throws {
        let table = "condition_ddl_\(way.rawValue)"
        let configure: (inout PostgresConfiguration) -> Void = {
            $0.statements = way
            $0.maximumConnections = 1
        }
        try await withTable(table, configure: configure) { client, oracle async throws in
            let read = PostgresStatement(sql: "SELECT * FROM \(table) WHERE id = $1", shape: .one)
            let write = PostgresStatement(sql: "UPDATE \(table) SET n = $2 WHERE id = $1 RETURNING *", shape: .one)
            var key = PostgresParameters()
            key.append("1")
            var values = key
            values.append("4")
            for (change, body) in [
                ("SELECT 1", #"{"id":1,"n":4}"#),
                ("ALTER TABLE \(table) ADD COLUMN note text DEFAULT 'x'", #"{"id":1,"n":4,"note":"x"}"#),
                ("ALTER TABLE \(table) ALTER COLUMN n TYPE text", #"{"id":1,"n":"4","note":"x"}"#),
            ] {
                try oracle.value(change)
                for _ in 0..<2 {
                    let answer = try await client.write(
                        write,
                        values,
                        under: PostgresWriteCondition(read, key) { $0.body != nil },
                        deadline: .seconds(20)
                    )
                    #expect(answer.body.map { String(buffer: $0) } == body, "\(change)")
                }
            }
        }
    }

    /// A place that says which isolation transactions have by default.
    enum DefaultIsolation: CaseIterable, Sendable {
        case role, database, options
        /// It changes while the session lasts, as a reload of the server's configuration does it.
        case session
    }

    /// The isolations, each higher than the one before.
    private static let levels = ["read uncommitted", "read committed", "repeatable read", "serializable"]

    @Test(
        "runs at the isolation that is declared, or else is the default, and at REPEATABLE READ at least",
        arguments: configurations,
        DefaultIsolation.allCases
    )
    func isolation(_ way: PostgresConfiguration.Statements, _ place: DefaultIsolation) async throws {
        let server = try PostgresServer.shared.get()
        let name = "condition_isolation_\(way.rawValue)_\(place)"
        try server.psql("DROP DATABASE IF EXISTS \(name)")
        try server.psql("DROP ROLE IF EXISTS \(name)")
        try server.psql("CREATE ROLE \(name) LOGIN SUPERUSER")
        try server.psql("CREATE DATABASE \(name)")
        try server.psql("CREATE TABLE t (id int); INSERT INTO t VALUES (1)", database: name)
        let write = PostgresStatement(
            sql: "UPDATE t SET id = id RETURNING current_setting('transaction_isolation') AS level",
            shape: .value
        )
        let read = PostgresStatement(sql: "SELECT id FROM t", shape: .one)
        let change = PostgresStatement(
            sql: "SELECT set_config('default_transaction_isolation', $1, false) AS a",
            shape: .value
        )
        let declared: [PostgresTransactionOptions.Isolation?] = [nil, .readCommitted, .repeatableRead, .serializable]
        for level in Self.levels {
            var url = "postgres://\(name)@127.0.0.1:\(server.port)/\(name)"
            let setting = "SET default_transaction_isolation = '\(level)'"
            switch place {
            case .role: try server.psql("ALTER ROLE \(name) \(setting)")
            case .database: try server.psql("ALTER DATABASE \(name) \(setting)")
            case .options:
                let value = level.replacing(" ", with: "%5C%20")
                url += "?options=-c%20default_transaction_isolation%3D\(value)"
            case .session: break
            }
            try await withClient(
                url,
                configure: {
                    $0.statements = way
                    $0.maximumConnections = 1
                }
            ) { client async throws in
                // What a session has found out is right in the end, too, when it changes in between.
                let defaults = place == .session ? ["read committed", level, "read committed", level] : [level]
                for value in defaults {
                    if place == .session {
                        var values = PostgresParameters()
                        values.append(value)
                        _ = try await client.write(change, values, deadline: .seconds(20))
                    }
                    for isolation in declared + declared.reversed() {
                        let answer = try await client.write(
                            write,
                            PostgresParameters(),
                            PostgresTransactionOptions(isolation: isolation),
                            under: PostgresWriteCondition(read) { $0.body != nil },
                            deadline: .seconds(20)
                        )
                        let asked = isolation.map { $0.rawValue.lowercased() } ?? value
                        let expected = Self.levels[max(2, Self.levels.firstIndex(of: asked) ?? 0)]
                        let level = answer.body.map { String(buffer: $0) }
                        #expect(level == "\"\(expected)\"", "\(place) \(value), \(isolation.map { "\($0)" } ?? "none")")
                    }
                }
            }
        }
        try server.psql("DROP DATABASE \(name) WITH (FORCE)")
        try server.psql("DROP ROLE \(name)")
    }

    @Test("loses no update of many writers at once, nor of those that ask no condition", arguments: configurations)
    func manyWriters(_ way: PostgresConfiguration.Statements) async throws {
        let table = "condition_many_\(way.rawValue)"
        try await withTable(table, configure: { $0.statements = way }) { client, oracle async throws in
            let statements = Statements(table)
            let increment = PostgresStatement(sql: "UPDATE \(table) SET n = n + 1 WHERE id = 1", shape: .none)
            let done = try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<8 {
                    group.addTask {
                        var done = 0
                        for _ in 0..<20 {
                            guard writer > 0 else {
                                _ = try await client.write(increment, deadline: .seconds(20))
                                done += 1
                                continue
                            }
                            let body = try await client.answer(statements.read, ["1"])
                            let number = body.flatMap { Int($0.dropFirst(5).dropLast()) } ?? -1
                            switch await code({ try await statements.set(number + 1, by: client) { $0 == body } }) {
                            case nil: done += 1
                            case .conditionNotMet?, .server(sqlState: "40001")?: break
                            case let other: Issue.record("\(String(describing: other))")
                            }
                        }
                        return done
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(done >= 20)
            #expect(try oracle.value("SELECT n FROM \(table)") == "\(done)")
        }
    }
}
