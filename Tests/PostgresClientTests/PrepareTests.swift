import NIOCore
import PostgresClient
import TestServers
import Testing

/// Statements that are prepared and not executed.
@Suite(.timeLimit(.minutes(2))) struct PrepareTests {
    private func oracle() async throws -> (Oracle, url: String) {
        try await blocking {
            let url = try PostgresServer.shared.get().url
            return (try Oracle(url), url)
        }
    }

    /// The prepared statements of the client's only session that have a text.
    private static func prepared(_ client: PostgresClient, _ text: String) async throws -> String? {
        try await client.body(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%\(text)%' AND statement NOT LIKE '%count%'",
            shape: .value
        )
    }

    @Test func nothingIsExecutedAndTheFirstExecutionPreparesNothing() async throws {
        let (oracle, url) = try await oracle()
        try oracle.value("DROP TABLE IF EXISTS prepared_only; CREATE TABLE prepared_only (id int, note text)")
        let insert = PostgresStatement(
            sql: "INSERT INTO prepared_only VALUES ($1, $2) RETURNING id",
            parameters: [ParameterTypeCandidates([.int8, .int4, nil]), ParameterTypeCandidates([nil, .text])],
            shape: .one
        )
        try await withClient(url, configure: { $0.maximumConnections = 1 }) { client in
            try await client.prepare(insert, deadline: .seconds(20))
            #expect(try oracle.value("SELECT count(*) FROM prepared_only") == "0")
            #expect(try await Self.prepared(client, "INTO prepared_only") == "1")
            try await client.prepare(insert, deadline: .seconds(20))
            #expect(try await Self.prepared(client, "INTO prepared_only") == "1")
            var values = PostgresParameters()
            values.append("7")
            values.append("a")
            let answer = try await client.write(insert, values, deadline: .seconds(20))
            #expect(answer.body.map { String(buffer: $0) } == #"{"id":7}"#)
            #expect(try await Self.prepared(client, "INTO prepared_only") == "1")
        }
        #expect(try oracle.value("SELECT count(*) FROM prepared_only") == "1")
    }

    @Test func columnsThatTheServerConvertsAreWrappedBefore() async throws {
        let (_, url) = try await oracle()
        let statement = PostgresStatement(sql: "SELECT ROW(1, 'wrapped_before') AS a", shape: .one)
        try await withClient(url, configure: { $0.maximumConnections = 1 }) { client in
            try await client.prepare(statement, deadline: .seconds(20))
            #expect(try await Self.prepared(client, "to_json%wrapped_before") == "1")
            #expect(try await client.answer(statement) == #"{"a":{"f1":1,"f2":"wrapped_before"}}"#)
        }
    }

    @Test func whatTheServerRefusesIsSaidAndAnotherAttemptAsksAgain() async throws {
        let (oracle, url) = try await oracle()
        try oracle.value("DROP TABLE IF EXISTS prepared_later")
        let statement = PostgresStatement(
            sql: "SELECT id FROM prepared_later WHERE id = $1",
            parameters: [ParameterTypeCandidates([.int8, .int4, nil])],
            shape: .one
        )
        try await withClient(url) { client in
            for _ in 0..<2 {
                let error = await #expect(throws: PostgresError.self) {
                    try await client.prepare(statement, deadline: .seconds(20))
                }
                #expect(error?.sqlState == "42P01" && error?.isFromPreparing == true)
            }
            try oracle.value("CREATE TABLE prepared_later (id int)")
            try await client.prepare(statement, deadline: .seconds(20))
        }
        let unusable = PostgresStatement(sql: "SELECT 1 AS a, 2 AS a", shape: .one)
        try await withClient(url) { client in
            let error = await #expect(throws: PostgresError.self) {
                try await client.prepare(unusable, deadline: .seconds(20))
            }
            #expect(error?.code == .invalidStatement)
        }
    }

    @Test func aTableThatIsLockedHoldsItUpUntilTheDeadline() async throws {
        let (oracle, url) = try await oracle()
        try oracle.value("DROP TABLE IF EXISTS prepared_locked; CREATE TABLE prepared_locked (id int)")
        let statement = PostgresStatement(sql: "SELECT id FROM prepared_locked", shape: .many)
        try await withClient(url, configure: { $0.maximumConnections = 1 }) { client in
            try oracle.value("BEGIN")
            try oracle.value("LOCK TABLE prepared_locked")
            let error = await #expect(throws: PostgresError.self) {
                try await client.prepare(statement, deadline: .now() + .milliseconds(200))
            }
            #expect(error?.code == .deadlineExceeded)
            try oracle.value("COMMIT")
            // The only connection is free again.
            try await client.prepare(statement, deadline: .seconds(20))
            #expect(try await client.answer(statement) == "[]")
        }
    }

    @Test func aLockThatIsWrongChangesNoByteAndIsReportedOnce() async throws {
        let (oracle, url) = try await oracle()
        try oracle.value(
            """
            DROP TABLE IF EXISTS locked_rows; DROP TYPE IF EXISTS locked_mood; CREATE TYPE locked_mood AS ENUM ('sad', 'ok');
            CREATE TABLE locked_rows (id bigint, total numeric, mood locked_mood, pair int4range[], at timestamptz);
            INSERT INTO locked_rows VALUES (1, 1.10, 'ok', '{"[1,5)"}', '2024-02-03 04:05Z'), (2, 'NaN', NULL, NULL, NULL)
            """
        )
        let sql = "SELECT * FROM locked_rows WHERE id >= $1 ORDER BY id"
        let parameters = [ParameterTypeCandidates([.int8, .int4, nil])]
        let plain = PostgresStatement(sql: sql, parameters: parameters, shape: .many)
        let right: [(String, String)] = [
            ("id", "bigint"), ("total", "numeric"), ("mood", "public.locked_mood"), ("pair", "int4range[]"),
            ("at", "timestamp with time zone"),
        ]
        let locks: [(parameters: [String], columns: [(String, String)], report: String?)] = [
            (["bigint"], right, nil),
            (
                ["bigint"], Array([("id", "integer"), ("total", "text")] + right[2...]),
                "column id is bigint, not integer; column total is numeric, not text"
            ),
            (["bigint"], Array([("key", "bigint")] + right[1...]), "column key is missing; column id is new"),
            (["bigint"], Array(right[..<3]), "column pair is new; column at is new"),
            (["text"], right, "parameter $1 is bigint, not text"),
            (
                [], [],
                "column id is new; column total is new; column mood is new; column pair is new; column at is new; and 1 more"
            ),
        ]
        try await withClient(
            url,
            configure: {
                $0.maximumConnections = 2
                $0.leaseTimeout = .seconds(20)
            }
        ) { client in
            let expected = try await client.answer(plain, ["1"])
            for lock in locks {
                let reports = Reports()
                let statement = PostgresStatement(
                    sql: sql,
                    parameters: parameters,
                    shape: .many,
                    concurrency: .unlimited,
                    expectation: StatementExpectation(
                        parameters: lock.parameters,
                        columns: lock.columns.map { .init($0, $1) },
                        report: reports.add
                    )
                )
                try await withThrowingTaskGroup(of: String?.self) { group in
                    for _ in 0..<100 { group.addTask { try await client.answer(statement, ["1"]) } }
                    for try await body in group { #expect(body == expected) }
                }
                #expect(reports.all == (lock.report.map { [$0] } ?? []))
            }
        }
    }
}
