import Foundation
import NIOCore
import PostgresClient
import Synchronization
import TestServers
import Testing

/// Queries that are given up at any moment, over connections that are slow and break: no answer is another query's.
@Suite(.timeLimit(.minutes(20))) struct CrossingTests {
    /// 3,000 calls, so many times as often as `CACHED_ROUTES_FUZZ_FACTOR` says.
    private static let count =
        3_000 * (ProcessInfo.processInfo.environment["CACHED_ROUTES_FUZZ_FACTOR"].flatMap(Int.init) ?? 1)
    private static let waiters = 300
    private static let faults: Set<PostgresError.Code> = [
        .deadlineExceeded, .cancelled, .connectionLost, .unavailable, .leaseTimeout, .tooManyWaiters, .outcomeUnknown,
    ]

    private static let slow = PostgresStatement(
        sql: "SELECT pg_sleep($2::float8)::text AS slept, $1::text AS tag",
        shape: .one
    )
    private static let quick = PostgresStatement(sql: "SELECT '' AS slept, $1::text AS tag", shape: .one)
    private static let large = PostgresStatement(
        sql: "SELECT repeat('x', 20000) AS slept, $1::text AS tag FROM generate_series(1, 5)",
        shape: .many
    )
    private static let writing = PostgresStatement(
        sql: "INSERT INTO crossing (tag) VALUES ($1::text) RETURNING '' AS slept, tag",
        shape: .one
    )

    @Test func noAnswerReachesAnotherQueryAndEachCallEndsOnce() async throws {
        let server = try PostgresServer()
        defer { server.stop() }
        let proxy = try FaultProxy(to: server.port, seed: 1)
        defer { proxy.stop() }
        let oracle = try Oracle(server.url)
        try oracle.value("CREATE TABLE crossing (tag text NOT NULL)")
        let ends = CallEnds(Self.count)
        try await withClient(
            "postgres://postgres@127.0.0.1:\(proxy.port)/postgres",
            configure: {
                $0.applicationName = "crossing"
                $0.maximumConnections = 6
                $0.maximumWaiters = Self.waiters
                $0.idleTimeout = .milliseconds(200)
                $0.leaseTimeout = .seconds(15)
                $0.minimumReconnectDelay = .milliseconds(1)
                $0.maximumReconnectDelay = .milliseconds(10)
            }
        ) { client async throws in
            var random = Seeded(state: 1)
            var next = 0
            while next < Self.count {
                proxy.pause(Bool.random(using: &random) ? .init() : .init(oneIn: 10, milliseconds: 20))
                let wave = next..<min(Self.count, next + Int.random(in: 1...200, using: &random))
                await Self.run(wave, client, &random, ends, proxy)
                next = wave.upperBound
            }
            proxy.pause(.init())
            #expect(await client.recovers())
            // One that is still counted would leave no place for the last of these.
            let failures = await withTaskGroup(of: PostgresError?.self) { group in
                for _ in 0..<(Self.waiters + 1) {
                    group.addTask { await client.failure("SELECT pg_sleep(0.002)::text AS a") }
                }
                return await group.reduce(into: []) { if let error = $1 { $0.append("\(error)") } }
            }
            #expect(failures.isEmpty)
            let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'crossing'"
            #expect(try await oracle.waits(for: "1", of: sessions))
        }
        #expect(
            try await oracle.waits(
                for: "0",
                of: "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'crossing'"
            )
        )
        #expect(ends.times.allSatisfy { $0 == 1 })
        let ways = ends.ways
        #expect(ways["wrong"] == nil && ways["other"] == nil, "\(ways)")
        #expect(ways["answered"] ?? 0 > Self.count / 4, "\(ways)")
        #expect(ways["cancelled"] ?? 0 > Self.count / 50, "\(ways)")
        #expect(ways["deadlineExceeded"] ?? 0 > 0, "\(ways)")
        // What was written was written once, and what was answered was written.
        #expect(
            try oracle.value("SELECT count(*) FROM (SELECT tag FROM crossing GROUP BY tag HAVING count(*) > 1) AS a")
                == "0"
        )
        let written = Int(try oracle.value("SELECT count(*) FROM crossing") ?? "") ?? 0
        #expect(written >= ways["written"] ?? 0)
        #expect(ways["written"] ?? 0 > 0)
    }

    /// Sends queries all at once and waits until all have ended. Connections are cut meanwhile.
    private static func run(
        _ wave: Range<Int>,
        _ client: PostgresClient,
        _ random: inout Seeded,
        _ ends: CallEnds,
        _ proxy: FaultProxy
    ) async {
        let cut = Int.random(in: 0..<(wave.count * 4), using: &random)
        await withTaskGroup(of: Void.self) { group in
            for number in wave {
                let kind = Int.random(in: 0..<8, using: &random)
                let statement = kind == 0 ? large : kind < 4 ? slow : kind < 7 ? quick : writing
                var parameters = PostgresParameters()
                parameters.append("tag \(number)")
                if kind > 0, kind < 4 { parameters.append("\(Double.random(in: 0...0.02, using: &random))") }
                let isHasty = Int.random(in: 0..<4, using: &random) == 0
                let wait = TimeAmount.microseconds(isHasty ? Int64.random(in: 0...30_000, using: &random) : 15_000_000)
                let isCancelled = Int.random(in: 0..<4, using: &random) == 0
                let pause = Duration.microseconds(Int.random(in: 0...20_000, using: &random))
                let cuts = number - wave.lowerBound == cut
                let given = parameters
                group.addTask {
                    let call = Task {
                        let deadline = NIODeadline.now() + wait
                        return kind == 7
                            ? try await client.write(statement, given, deadline: deadline)
                            : try await client.query(statement, given, deadline: deadline)
                    }
                    if isCancelled {
                        try? await Task.sleep(for: pause)
                        call.cancel()
                    }
                    if cuts { proxy.cut() }
                    ends.note(number, judge(await call.result, number, kind))
                    if kind == 7, case .success = await call.result { ends.count("written") }
                }
            }
        }
    }

    private static func judge(_ result: Result<JSONAnswer, any Error>, _ number: Int, _ kind: Int) -> String {
        switch result {
        case .success(let answer):
            let row = #"{"slept":"\#(kind == 0 ? String(repeating: "x", count: 20_000) : "")","tag":"tag \#(number)"}"#
            let body = kind == 0 ? "[\(Array(repeating: row, count: 5).joined(separator: ","))]" : row
            return answer.body.map { String(buffer: $0) } == body ? "answered" : "wrong"
        case .failure(let error as PostgresError) where faults.contains(error.code): return "\(error.code)"
        case .failure: return "other"
        }
    }
}
