import NIOCore
import TestServers
import Testing

@testable import PostgresClient

@Suite("Shares of a pool")
struct PoolSharesTests {
    typealias Job = PoolStateMachineTests.Job
    typealias Machine = PoolStateMachine<Job>

    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    /// A pool whose connections are opened as soon as they are wanted.
    private struct Pool {
        var machine: Machine
        let start: NIODeadline
        var lastJob: UInt64 = 0
        /// The groups of the jobs that run, by their connections.
        var running: [UInt64: UInt64] = [:]
        var groups: [UInt64: UInt64] = [:]
        var failures: [PostgresError.Code] = []
        var opened = 0

        init(_ connections: Int, waiters: Int = 1024, start: NIODeadline) {
            var configuration = PostgresConfiguration(url: nil)
            configuration.maximumConnections = connections
            configuration.maximumConcurrentConnects = connections
            configuration.maximumWaiters = waiters
            machine = Machine(configuration: configuration) { 0.5 }
            self.start = start
        }

        mutating func submit(_ group: UInt64, _ concurrency: StatementConcurrencyLimit = .share) {
            lastJob += 1
            groups[lastJob] = group
            let job = Job(id: lastJob, group: group, concurrency)
            carryOut(machine.submit(job, deadline: start + .seconds(60), now: start))
        }

        mutating func end(_ connection: UInt64, isReusable: Bool = true) {
            running[connection] = nil
            carryOut(machine.released(connection, isReusable: isReusable, now: start))
        }

        mutating func carryOut(_ actions: [Machine.Action]) {
            for action in actions {
                switch action {
                case .run(let job, let id):
                    #expect(running[id] == nil, "a connection has one job at a time")
                    running[id] = groups[job.id]
                case .connect(let id):
                    opened += 1
                    carryOut(machine.connected(id, now: start))
                case .fail(_, let error): failures.append(error.code)
                default: break
                }
            }
        }

        func count(_ group: UInt64) -> Int { running.values.count { $0 == group } }
    }

    @Test(
        "leave something to others, whoever asks first",
        arguments: [(1, 1, 0), (2, 1, 1), (3, 2, 1), (4, 3, 1), (8, 6, 2), (16, 12, 4), (100, 75, 25)]
    )
    func alone(connections: Int, share: Int, left: Int) {
        var pool = Pool(connections, start: start)
        for _ in 0..<(2 * connections) { pool.submit(1) }
        #expect(pool.count(1) == share)
        #expect(pool.opened == share, "connections that nobody may have are not opened")
        for group in 2..<UInt64(2 + left) {
            pool.submit(group)
            #expect(pool.count(group) == 1)
        }
        #expect(pool.failures.isEmpty)
    }

    @Test("are a route's own number where it has one")
    func limits() {
        for limit in [1, 5, 16, 40] {
            var pool = Pool(16, start: start)
            for _ in 0..<40 { pool.submit(1, .atMost(limit)) }
            #expect(pool.count(1) == min(16, limit))
            pool.end(pool.running.keys.min() ?? 0)
            #expect(pool.count(1) == min(16, limit), "the next one has begun")
        }
        var pool = Pool(16, start: start)
        for _ in 0..<40 { pool.submit(1, .unlimited) }
        #expect(pool.count(1) == 16)
    }

    @Test("come to be equal where several want all, and leave something to those who come later")
    func several() {
        var pool = Pool(16, start: start)
        for group: UInt64 in [1, 2] { for _ in 0..<40 { pool.submit(group) } }
        #expect(pool.count(1) == 12)
        var random = Seeded(state: 7)
        for _ in 0..<200 {
            if let ended = pool.running.keys.sorted().randomElement(using: &random) {
                let group = pool.running[ended] ?? 0
                pool.end(ended)
                pool.submit(group)
            }
        }
        #expect(abs(pool.count(1) - pool.count(2)) <= 1, "\(pool.count(1)) and \(pool.count(2))")
        pool.submit(3)
        #expect(pool.count(3) == 1)
    }

    @Test("are kept whatever happens, and no query is lost (seeded)", arguments: 0..<20)
    func random(seed: Int) {
        var random = Seeded(state: UInt64(seed))
        let connections = Int.random(in: 1...20, using: &random)
        var pool = Pool(connections, start: start)
        let limits: [StatementConcurrencyLimit] = [.share, .share, .atMost(2), .atMost(5), .unlimited]
        var submitted = 0
        var ended = 0
        for _ in 0..<2000 {
            if Bool.random(using: &random) {
                let group = Int.random(in: 0..<limits.count, using: &random)
                pool.submit(UInt64(group), limits[group])
                submitted += 1
            } else if let id = pool.running.keys.sorted().randomElement(using: &random) {
                ended += 1
                pool.end(id, isReusable: Int.random(in: 0..<10, using: &random) > 0)
            }
            #expect(pool.running.count <= connections)
            #expect(pool.count(2) <= 2 && pool.count(3) <= 5)
            #expect(pool.machine.waiterCount + pool.running.count + pool.failures.count == submitted - ended)
        }
        while let id = pool.running.keys.min() {
            ended += 1
            pool.end(id)
        }
        #expect(ended + pool.failures.count == submitted, "nobody waits while nothing runs")
    }

    @Test("of the queue leave places to others, too")
    func queue() {
        var pool = Pool(1, waiters: 8, start: start)
        for _ in 0..<20 { pool.submit(1) }
        #expect(pool.failures == Array(repeating: .tooManyWaiters, count: 13))
        for group: UInt64 in 2...3 { pool.submit(group) }
        #expect(pool.failures.count == 13)
        // Who has fewest under way comes next, though many have waited for longer.
        pool.end(pool.running.keys.min() ?? 0)
        #expect(pool.count(1) == 1, "of groups with nothing under way the first")
    }

    @Test("keep a slow statement from starving the rest (R9)", .timeLimit(.minutes(2)))
    func starving() async throws {
        let url = try PostgresServer.shared.get().url
        try await withClient(url, configure: { $0.applicationName = "bulkhead" }) { client async throws in
            let oracle = try Oracle(url)
            let slow = PostgresStatement(sql: "SELECT pg_sleep(1.5)", parameters: [], shape: .none, concurrency: .share)
            let fast = PostgresStatement(sql: "SELECT 1", parameters: [], shape: .value, concurrency: .share)
            let refused = try await withThrowingTaskGroup(of: Void.self, returning: Int.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        while !Task.isCancelled { _ = try? await client.query(slow, deadline: .seconds(5)) }
                    }
                }
                let sleeping = """
                    SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bulkhead' AND wait_event = 'PgSleep'
                    """
                let isSlow = try await oracle.waits(for: "12", of: sleeping)
                #expect(isSlow)
                var refused = 0
                for _ in 0..<300 {
                    do { _ = try await client.query(fast, deadline: .seconds(5)) } catch { refused += 1 }
                }
                group.cancelAll()
                return refused
            }
            #expect(refused == 0)
        }
    }
}
