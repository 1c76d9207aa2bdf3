import Logging
import NIOCore
import Synchronization
import TestServers
import Testing

@testable import PostgresClient

/// Several queries in flight on a connection: none sees anything of its neighbours.
@Suite("Queries that share a connection", .timeLimit(.minutes(5)))
struct PipelineTests {
    private static let joined = "postgres_client_pipelined_queries_total"
    private static let hits = "postgres_client_cancel_hits_total"

    private let quick = PostgresStatement(sql: "SELECT $1::text AS tag", shape: .one)
    private let sleeping = PostgresStatement(
        sql: "SELECT pg_sleep($1::float8)::text AS slept, $2::text AS tag",
        shape: .one
    )

    /// Runs `body` with a client of one connection, unless `configure` says otherwise, and what it counts.
    private func withPipelines(
        _ configure: (inout PostgresConfiguration) -> Void = { _ in },
        url: String? = nil,
        _ body: @Sendable @escaping (PostgresClient, CounterRecorder) async throws -> Void
    ) async throws {
        var configuration = PostgresConfiguration(url: try url ?? PostgresServer.shared.get().url)
        configuration.maximumConnections = 1
        configuration.pipelineDepth = 8
        configuration.leaseTimeout = .seconds(20)
        configuration.pipelineStallTime = .seconds(60)
        configure(&configuration)
        let counters = CounterRecorder()
        let client = try PostgresClient(
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            metrics: PostgresMetrics(factory: counters)
        )
        let running = Task { try await client.run() }
        do {
            try await body(client, counters)
        } catch {
            running.cancel()
            try await running.value
            throw error
        }
        running.cancel()
        try await running.value
    }

    /// Runs a statement alone, so that it is prepared and known to be light.
    private func learn(_ client: PostgresClient, _ statement: PostgresStatement, _ parameters: [String?]) async throws {
        _ = try await client.answer(statement, parameters)
        // On a machine that does much else it may have taken long.
        statement.cost.forget()
        statement.cost.record(time: .microseconds(100), size: 10)
    }

    /// Waits until the server runs `pg_sleep` for this application, which only the first of several queries does.
    private func waitsForSleep(_ application: String) async throws -> Bool {
        let oracle = try Oracle(PostgresServer.shared.get().url)
        let sql = """
            SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(application)' AND wait_event = 'PgSleep'
            """
        return try await oracle.waits(for: "1", of: sql)
    }

    private func tag(_ tag: String) -> String { #"{"tag":"\#(tag)"}"# }

    @Test("have their own answers, and are sent while others run")
    func answers() async throws {
        try await withPipelines { [self] client, counters async throws in
            try await learn(client, quick, ["a"])
            for round in 0..<50 {
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<20 {
                        group.addTask {
                            let answer = try? await client.answer(quick, ["\(round) \(number)"])
                            #expect(answer == tag("\(round) \(number)"))
                        }
                    }
                }
            }
            #expect(counters.value(Self.joined) > 0)
            #expect(counters.value(Self.hits) == 0)
        }
    }

    @Test("have a connection each while one is idle, and one after the other where the depth is 1", arguments: [1, 8])
    func idleFirst(depth: Int) async throws {
        try await withPipelines({
            $0.maximumConnections = depth == 1 ? 1 : 8
            $0.minimumConnections = depth == 1 ? 1 : 8
            $0.pipelineDepth = depth
        }) { [self] client, counters async throws in
            // On as many connections as there are.
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { _ = try? await client.answer(sleeping, ["0.2", "a"]) } }
            }
            let own = PostgresStatement(sql: quick.sql, shape: .one)
            try await learn(client, own, ["a"])
            for round in 0..<20 {
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<(depth == 1 ? 8 : 4) {
                        group.addTask {
                            let answer = try? await client.answer(own, ["\(round) \(number)"])
                            #expect(answer == tag("\(round) \(number)"))
                        }
                    }
                }
            }
            #expect(counters.value(Self.joined) == 0)
        }
    }

    @Test("are not touched by an error of one of them", arguments: ["0", "x"])
    func errors(divisor: String) async throws {
        let dividing = PostgresStatement(sql: "SELECT 10 / $1::int AS n, $2::text AS tag", shape: .one)
        try await withPipelines { [self] client, counters async throws in
            try await learn(client, dividing, ["1", "a"])
            var failures = 0
            for round in 0..<100 {
                let wrong = round % 8
                let codes = await withTaskGroup(of: PostgresError?.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            do {
                                let body = try await client.answer(
                                    dividing,
                                    [number == wrong ? divisor : "5", "\(round) \(number)"]
                                )
                                #expect(body == #"{"n":2,"tag":"\#(round) \#(number)"}"#)
                                return nil
                            } catch {
                                return error as? PostgresError
                            }
                        }
                    }
                    return await group.reduce(into: [PostgresError]()) { if let error = $1 { $0.append(error) } }
                }
                #expect(codes.map(\.sqlState) == [divisor == "0" ? "22012" : "22P02"], "round \(round): \(codes)")
                if divisor == "x" { #expect(codes.first?.parameter == 0) }
                failures += codes.count
            }
            #expect(failures == 100)
            if divisor == "0" { #expect(counters.value(Self.joined) > 0) }
            #expect(counters.value(Self.hits) == 0)
        }
    }

    @Test("go on when the caller of the one that runs leaves, whose statement ends on the server")
    func cancelledFirst() async throws {
        try await withPipelines({ $0.applicationName = "pipeline-first" }) { [self] client, counters async throws in
            try await learn(client, sleeping, ["0", "a"])
            try await learn(client, quick, ["a"])
            let first = Task { try await client.answer(sleeping, ["60", "first"]) }
            #expect(try await waitsForSleep("pipeline-first"))
            let others = (0..<5).map { number in
                Task { try await client.answer(quick, ["\(number)"]) }
            }
            while counters.value(Self.started) < 8 { try await Task.sleep(for: .milliseconds(1)) }
            first.cancel()
            for (number, other) in others.enumerated() { #expect(try await other.value == tag("\(number)")) }
            let error = await #expect(throws: PostgresError.self) { try await first.value }
            #expect(error?.code == .cancelled)
        }
    }

    private static let started = "postgres_client_queries_total"

    @Test("leave at their deadlines behind one that runs, which is not cancelled")
    func deadlineBehind() async throws {
        try await withPipelines({ $0.applicationName = "pipeline-behind" }) { [self] client, counters async throws in
            try await learn(client, sleeping, ["0", "a"])
            try await learn(client, quick, ["a"])
            let first = Task { try await client.answer(sleeping, ["1.5", "first"]) }
            #expect(try await waitsForSleep("pipeline-behind"))
            let last = Task {
                while counters.value(Self.started) < 4 { try await Task.sleep(for: .milliseconds(1)) }
                return try await client.answer(quick, ["last"])
            }
            var parameters = PostgresParameters()
            parameters.append("behind")
            do throws(PostgresError) {
                _ = try await client.query(quick, parameters, deadline: .now() + .milliseconds(100))
                Issue.record("it was answered")
            } catch {
                #expect(error.code == .deadlineExceeded)
            }
            #expect(try await first.value == #"{"slept":"","tag":"first"}"#)
            #expect(try await last.value == tag("last"))
            #expect(counters.value(Self.joined) >= 2)
            #expect(counters.value(Self.hits) == 0)
        }
    }

    @Test("are not sent behind others where the statement has been slow or large", arguments: ["slow", "large"])
    func heavy(kind: String) async throws {
        let sql =
            kind == "slow"
            ? "SELECT pg_sleep(0.02)::text AS slept, $1::text AS tag"
            : "SELECT repeat('x', 100000) AS slept, $1::text AS tag"
        let statement = PostgresStatement(sql: sql, shape: .one)
        try await withPipelines { client, counters async throws in
            for _ in 0..<3 {
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            let answer = try? await client.answer(statement, ["\(number)"])
                            #expect(answer?.hasSuffix(#","tag":"\#(number)"}"#) == true)
                        }
                    }
                }
            }
            #expect(!statement.cost.isLight)
            #expect(counters.value(Self.joined) == 0)
        }
    }

    @Test("run again, all of them, when their session is terminated")
    func terminated() async throws {
        let server = try PostgresServer.shared.get()
        try await withPipelines({ $0.applicationName = "pipeline-end" }) { [self] client, counters async throws in
            try await learn(client, sleeping, ["0", "a"])
            try await learn(client, quick, ["a"])
            let first = Task { try await client.answer(sleeping, ["1", "first"]) }
            #expect(try await waitsForSleep("pipeline-end"))
            let others = (0..<6).map { number in Task { try await client.answer(quick, ["\(number)"]) } }
            while counters.value(Self.started) < 9 { try await Task.sleep(for: .milliseconds(1)) }
            try Oracle(server.url).value(
                """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'pipeline-end'
                """
            )
            #expect(try await first.value == #"{"slept":"","tag":"first"}"#)
            for (number, other) in others.enumerated() { #expect(try await other.value == tag("\(number)")) }
        }
    }

    @Test("heal after a table has changed, and after statements were deallocated")
    func healing() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value("DROP TABLE IF EXISTS pipeline_healing; CREATE TABLE pipeline_healing AS SELECT 1 AS n")
        let statement = PostgresStatement(sql: "SELECT n, $1::text AS tag FROM pipeline_healing", shape: .one)
        try await withPipelines({ $0.maximumConnections = 2 }) { [self] client, counters async throws in
            func ask(_ n: String) async {
                for round in 0..<10 {
                    await withTaskGroup(of: Void.self) { group in
                        for number in 0..<16 {
                            group.addTask {
                                do {
                                    let answer = try await client.answer(statement, ["\(round) \(number)"])
                                    #expect(answer == #"{"n":\#(n),"tag":"\#(round) \#(number)"}"#)
                                } catch {
                                    Issue.record("\(error)")
                                }
                            }
                        }
                    }
                }
            }
            try await learn(client, statement, ["a"])
            await ask("1")
            for (type, n) in [("text", #""1""#), ("bigint", "1"), ("text", #""1""#), ("int", "1")] {
                let alter = "ALTER TABLE pipeline_healing ALTER n TYPE \(type) USING n::\(type)"
                try await blocking { _ = try oracle.value(alter) }
                await ask(n)
                for _ in 0..<4 { _ = try await client.body("DEALLOCATE ALL", shape: .none) }
                await ask(n)
            }
            #expect(counters.value(Self.joined) > 0)
        }
        try oracle.value("DROP TABLE pipeline_healing")
    }

    @Test("have the settings of the session, whatever a neighbour sets")
    func settings() async throws {
        let setting = PostgresStatement(
            sql: "SELECT set_config('TimeZone', $1, false) AS zone, $2::text AS tag",
            shape: .one
        )
        let reading = PostgresStatement(
            sql: "SELECT '2024-02-03 04:05Z'::timestamptz AS t, $1::text AS tag",
            shape: .one
        )
        try await withPipelines { [self] client, counters async throws in
            for round in 0..<40 {
                try await learn(client, setting, ["UTC", "a"])
                try await learn(client, reading, ["a"])
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            guard number != round % 8 else {
                                let answer = try? await client.answer(setting, ["Asia/Tokyo", "\(round)"])
                                #expect(answer == #"{"zone":"Asia/Tokyo","tag":"\#(round)"}"#)
                                return
                            }
                            let answer = try? await client.answer(reading, ["\(round) \(number)"])
                            #expect(answer == #"{"t":"2024-02-03T04:05:00+00:00","tag":"\#(round) \#(number)"}"#)
                        }
                    }
                }
            }
            #expect(counters.value(Self.joined) > 0)
        }
    }

    @Test("have a connection for themselves without named statements")
    func unnamed() async throws {
        try await withPipelines({ $0.statements = .unnamed }) { [self] client, counters async throws in
            try await learn(client, quick, ["a"])
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<32 {
                    group.addTask {
                        let answer = try? await client.answer(quick, ["\(number)"])
                        #expect(answer == tag("\(number)"))
                    }
                }
            }
            #expect(counters.value(Self.joined) == 0)
        }
    }

    @Test("let one that needs a connection for itself have its turn")
    func loners() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value("DROP TABLE IF EXISTS pipeline_loners; CREATE TABLE pipeline_loners (n int)")
        try await withPipelines { [self] client, counters async throws in
            try await learn(client, quick, ["a"])
            let isOver = Flag()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<12 {
                    group.addTask {
                        var number = 0
                        while !isOver.isSet.load(ordering: .relaxed) {
                            let answer = try await client.answer(quick, ["\(task) \(number)"])
                            #expect(answer == tag("\(task) \(number)"))
                            number += 1
                        }
                    }
                }
                group.addTask {
                    defer { isOver.isSet.store(true, ordering: .relaxed) }
                    for number in 0..<20 {
                        var parameters = PostgresParameters()
                        parameters.append("\(number)")
                        let insert = PostgresStatement(sql: "INSERT INTO pipeline_loners VALUES ($1)", shape: .none)
                        _ = try await client.write(insert, parameters, deadline: .seconds(10))
                        let answer = try await client.body("SELECT \(number) AS n", shape: .value)
                        #expect(answer == "\(number)")
                    }
                }
                try await group.waitForAll()
            }
            #expect(counters.value(Self.joined) > 0)
        }
        #expect(try oracle.value("SELECT count(*) FROM pipeline_loners") == "20")
        try oracle.value("DROP TABLE pipeline_loners")
    }

    @Test("are answered beside one that returns more rows than ever", arguments: [ResultShape.one, .many])
    func surprise(shape: ResultShape) async throws {
        let series = PostgresStatement(
            sql: "SELECT n, $2::text AS tag FROM generate_series(1, $1::bigint) AS n",
            shape: shape
        )
        try await withPipelines { [self] client, counters async throws in
            for round in 0..<10 {
                try await learn(client, series, ["1", "a"])
                try await learn(client, quick, ["a"])
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            do {
                                guard number == round % 8 else {
                                    let answer = try await client.answer(quick, ["\(round) \(number)"])
                                    #expect(answer == tag("\(round) \(number)"))
                                    return
                                }
                                let rows = shape == .one ? 3_000_000 : 50_000
                                let answer = try await client.answer(series, ["\(rows)", "\(round)"])
                                let wanted = (1...(shape == .one ? 1 : rows)).map {
                                    #"{"n":\#($0),"tag":"\#(round)"}"#
                                }
                                let expected = wanted.joined(separator: ",")
                                #expect(answer == (shape == .one ? expected : "[\(expected)]"))
                            } catch {
                                Issue.record("\(error)")
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("run elsewhere when the one before them takes long")
    func stall() async throws {
        try await withPipelines({
            $0.applicationName = "pipeline-stall"
            $0.maximumConnections = 2
            $0.pipelineStallTime = .milliseconds(100)
        }) { [self] client, counters async throws in
            // Both connections know the statement.
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2 { group.addTask { _ = try? await client.answer(sleeping, ["0.2", "a"]) } }
            }
            try await learn(client, sleeping, ["0", "a"])
            let first = Task { try await client.answer(sleeping, ["60", "first"]) }
            #expect(try await waitsForSleep("pipeline-stall"))
            let others = (0..<30).map { number in Task { try await client.answer(sleeping, ["0", "\(number)"]) } }
            for (number, other) in others.enumerated() {
                #expect(try await other.value == #"{"slept":"","tag":"\#(number)"}"#)
            }
            #expect(counters.value(Self.joined) > 0)
            first.cancel()
            let error = await #expect(throws: PostgresError.self) { try await first.value }
            #expect(error?.code == .cancelled)
        }
    }

    @Test("are answered in a shutdown")
    func shutdown() async throws {
        try await withPipelines({ $0.applicationName = "pipeline-shutdown" }) { [self] client, counters async throws in
            try await learn(client, sleeping, ["0", "a"])
            try await learn(client, quick, ["a"])
            let first = Task { try await client.answer(sleeping, ["0.5", "first"]) }
            #expect(try await waitsForSleep("pipeline-shutdown"))
            let others = (0..<5).map { number in Task { try await client.answer(quick, ["\(number)"]) } }
            while counters.value(Self.started) < 8 { try await Task.sleep(for: .milliseconds(1)) }
            await client.drain()
            #expect(try await first.value == #"{"slept":"","tag":"first"}"#)
            for (number, other) in others.enumerated() { #expect(try await other.value == tag("\(number)")) }
        }
    }

    @Test("never get another's answer, through 400 rounds of random cancels and deadlines")
    func rounds() async throws {
        let rows = PostgresStatement(
            sql: "SELECT n, $1::text AS tag FROM generate_series(1, 20) AS n",
            shape: .many
        )
        try await withPipelines({
            $0.maximumConnections = 2
            $0.pipelineDepth = 16
        }) { [self] client, counters async throws in
            var random = Seeded(state: 11)
            var ways: [String: Int] = [:]
            for round in 0..<400 {
                // What they took before must not keep them apart for long.
                for statement in [sleeping, rows, quick] {
                    try await learn(client, statement, statement.id == sleeping.id ? ["0", "a"] : ["a"])
                }
                let results = await withTaskGroup(of: String.self) { group in
                    for number in 0..<Int.random(in: 2...24, using: &random) {
                        let kind = Int.random(in: 0..<4, using: &random)
                        let sleep = Double.random(in: 0...0.003, using: &random)
                        let wait = Int64.random(in: 50...4000, using: &random)
                        let way = Int.random(in: 0..<3, using: &random)
                        group.addTask {
                            await Self.ask(
                                client,
                                kind == 0 ? sleeping : kind == 1 ? rows : quick,
                                kind == 0 ? ["\(sleep)", "\(round) \(number)"] : ["\(round) \(number)"],
                                kind == 0
                                    ? #"{"slept":"","tag":"\#(round) \#(number)"}"#
                                    : kind == 1
                                        ? "[\((1...20).map { #"{"n":\#($0),"tag":"\#(round) \#(number)"}"# }.joined(separator: ","))]"
                                        : #"{"tag":"\#(round) \#(number)"}"#,
                                wait: wait,
                                way: way
                            )
                        }
                    }
                    return await group.reduce(into: []) { $0.append($1) }
                }
                for result in results { ways[result, default: 0] += 1 }
            }
            #expect(Set(ways.keys).isSubset(of: ["answered", "cancelled", "deadlineExceeded"]), "\(ways)")
            #expect(ways["answered"] ?? 0 > 1000, "\(ways)")
            #expect(ways["cancelled"] ?? 0 > 20, "\(ways)")
            #expect(ways["deadlineExceeded"] ?? 0 > 20, "\(ways)")
            #expect(counters.value(Self.joined) > 400, "\(ways)")
            #expect(await client.recovers())
        }
    }

    /// Asks, and leaves after `wait` microseconds: `way` 0 by cancellation, 1 by deadline, 2 never.
    private static func ask(
        _ client: PostgresClient,
        _ statement: PostgresStatement,
        _ values: [String],
        _ expected: String,
        wait: Int64,
        way: Int
    ) async -> String {
        var parameters = PostgresParameters()
        for value in values { parameters.append(value) }
        let given = parameters
        let deadline = NIODeadline.now() + (way == 1 ? .microseconds(wait) : .seconds(20))
        let call = Task { try await client.query(statement, given, deadline: deadline) }
        if way == 0 {
            try? await Task.sleep(for: .microseconds(wait))
            call.cancel()
        }
        switch await call.result {
        case .success(let answer): return answer.body.map { String(buffer: $0) } == expected ? "answered" : "wrong"
        case .failure(let error as PostgresError): return "\(error.code)"
        case .failure: return "other"
        }
    }
}

/// Says that something is over.
private final class Flag: Sendable {
    let isSet = Atomic(false)
}
