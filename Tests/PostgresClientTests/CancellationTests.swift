import NIOCore
import PostgresClient
import TestServers
import Testing

@Suite(.timeLimit(.minutes(2))) struct CancellationTests {
    /// Waits until the server runs nothing more for this application.
    private func isQuiet(_ oracle: Oracle, _ application: String) async throws -> Bool {
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(application)' AND state = 'active'"
        return try await oracle.waits(for: "0", of: sql)
    }

    /// Waits until the server runs something for this application.
    private func isActive(_ oracle: Oracle, _ application: String) async throws -> Bool {
        let sql = """
            SELECT count(*) FROM pg_stat_activity
            WHERE application_name = '\(application)' AND query LIKE '%pg_sleep%' AND state = 'active'
            """
        return try await oracle.waits(for: "1", of: sql)
    }

    @Test func aQueryPastItsDeadlineFailsAndEndsOnTheServer() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(
            url,
            configure: {
                $0.applicationName = "deadline"
                $0.maximumConnections = 1
            }
        ) { client async throws in
            let oracle = try Oracle(url)
            let slow = PostgresStatement(sql: "SELECT pg_sleep(60)", shape: .none)
            let error = await #expect(throws: PostgresError.self) {
                try await client.query(slow, deadline: .now() + .milliseconds(200))
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(try await isQuiet(oracle, "deadline"))
            #expect(try await client.body("SELECT 1", shape: .value) == "1")
        }
    }

    @Test func aQueryWhoseTaskIsCancelledFailsAndEndsOnTheServer() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(
            url,
            configure: {
                $0.applicationName = "task"
                $0.maximumConnections = 1
            }
        ) { client async throws in
            let oracle = try Oracle(url)
            let query = Task { await client.failure("SELECT pg_sleep(60)", shape: .none) }
            #expect(try await isActive(oracle, "task"))
            query.cancel()
            #expect(await query.value?.code == .cancelled)
            #expect(try await isQuiet(oracle, "task"))
            #expect(try await client.body("SELECT 1", shape: .value) == "1")
        }
    }

    @Test func aTaskThatIsCancelledAlreadyRunsNothing() async throws {
        try await withClient(try PostgresServer.shared.get().url) { client async throws in
            let query = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await client.failure("SELECT 1 AS a")
            }
            #expect(await query.value?.code == .cancelled)
        }
    }

    @Test func aCancelNeverHitsTheNextQuery() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(
            url,
            configure: {
                $0.maximumConnections = 1
                $0.leaseTimeout = .seconds(20)
            }
        ) { client async throws in
            let short = PostgresStatement(sql: "SELECT pg_sleep($1::float8)", shape: .none)
            let next = PostgresStatement(sql: "SELECT pg_sleep(0.001), $1::int AS n", shape: .many)
            var random = Seeded(state: 7)
            for round in 0..<400 {
                var parameters = PostgresParameters()
                parameters.append("\(Double.random(in: 0...0.004, using: &random))")
                let deadline = NIODeadline.now() + .microseconds(Int64.random(in: 100...4000, using: &random))
                if round % 2 == 0 {
                    _ = try? await client.query(short, parameters, deadline: deadline)
                } else {
                    let given = parameters
                    let query = Task { _ = try? await client.query(short, given, deadline: .seconds(5)) }
                    _ = try? await client.query(short, parameters, deadline: deadline)
                    query.cancel()
                }
                let body = try await client.answer(next, ["\(round)"])
                #expect(body == #"[{"pg_sleep":"","n":\#(round)}]"#)
            }
        }
    }

    @Test func manyCancelledQueriesLeaveAPoolThatWorks() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(url, configure: { $0.maximumConnections = 4 }) { client async throws in
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let query = Task { await client.failure("SELECT pg_sleep(0.01), \(number) AS n") }
                        if number % 3 != 0 { query.cancel() }
                        _ = await query.value
                    }
                }
            }
            #expect(await client.recovers())
            #expect(try await client.body("SELECT 1", shape: .value) == "1")
        }
    }

    @Test func queriesThatWaitTooLongOrAreTooManyFail() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(
            url,
            configure: {
                $0.applicationName = "lease"
                $0.maximumConnections = 1
                $0.maximumWaiters = 1
                $0.leaseTimeout = .milliseconds(300)
            }
        ) { client async throws in
            let oracle = try Oracle(url)
            let holder = Task { await client.failure("SELECT pg_sleep(60)", shape: .none) }
            #expect(try await isActive(oracle, "lease"))
            let codes = await withTaskGroup(of: PostgresError.Code?.self) { group in
                for _ in 0..<2 { group.addTask { await client.failure("SELECT 1 AS a")?.code } }
                return await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(codes == [.leaseTimeout, .tooManyWaiters])
            let waiting = Task { await client.failure("SELECT 1 AS a") }
            waiting.cancel()
            #expect(await waiting.value?.code == .cancelled)
            holder.cancel()
            _ = await holder.value
            #expect(await client.recovers())
        }
    }
}
