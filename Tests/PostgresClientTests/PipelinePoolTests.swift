import NIOCore
import Testing

@testable import PostgresClient

@Suite("Places behind queries that are under way")
struct PipelinePoolTests {
    typealias Job = PoolStateMachineTests.Job
    typealias Machine = PoolStateMachine<Job>

    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)

    /// A pool whose connections have all run the statements 1 and 2.
    private struct Pool {
        var machine: Machine
        let start: NIODeadline
        /// The jobs on each connection, in their order.
        var running: [UInt64: [UInt64]] = [:]
        var ended: [UInt64: PostgresError.Code?] = [:]
        /// The places of jobs that run elsewhere.
        var ghosts: [UInt64: [UInt64]] = [:]
        private var lastJob: UInt64 = 1000
        private var jobs: [UInt64: Job] = [:]

        init(_ connections: Int, depth: Int = 4, start: NIODeadline) {
            var configuration = PostgresConfiguration(url: nil)
            configuration.maximumConnections = connections
            configuration.maximumConcurrentConnects = connections
            configuration.pipelineDepth = depth
            machine = Machine(configuration: configuration) { 0.5 }
            self.start = start
            for group: UInt64 in [1, 2] {
                for _ in 0..<connections { submit(group, isShared: false) }
                for id in running.keys.sorted() { end(on: id) }
            }
            ended = [:]
        }

        var total: Int { running.values.reduce(0) { $0 + $1.count } }
        func loads() -> [Int] { running.keys.sorted().map { running[$0]!.count } }
        func count(_ group: UInt64) -> Int {
            running.values.reduce(0) { $0 + $1.count { jobs[$0]?.group == group } }
        }

        @discardableResult
        mutating func submit(
            _ group: UInt64,
            isShared: Bool = true,
            _ concurrency: StatementConcurrencyLimit = .unlimited,
            at now: NIODeadline? = nil
        ) -> UInt64 {
            lastJob += 1
            var job = Job(id: lastJob, group: group, concurrency)
            job.mayShareConnection = isShared
            jobs[lastJob] = job
            let now = now ?? start
            carryOut(machine.submit(job, deadline: now + .seconds(60), now: now))
            return lastJob
        }

        /// The first job of a connection ends.
        mutating func end(on id: UInt64, at now: NIODeadline? = nil) {
            guard let job = running[id]?.removeFirst() else { return }
            if running[id]?.isEmpty == true { running[id] = nil }
            ended[job] = .some(nil)
            carryOut(machine.released(id, job: job, isReusable: true, now: now ?? start))
            if running[id] == nil { readGhosts(on: id) }
        }

        /// The results of jobs that run elsewhere have been read.
        private mutating func readGhosts(on id: UInt64) {
            guard let jobs = ghosts.removeValue(forKey: id) else { return }
            carryOut(machine.reported(id, ended: jobs, returned: [], isSealed: false, now: start))
        }

        /// The connection gives these back, which run alone from now on.
        ///
        /// - Parameter keepsPlaces: their results have not been read, and so the connection is sealed.
        mutating func giveBack(_ ids: [UInt64], on id: UInt64, isSealed: Bool, keepsPlaces: Bool = false) {
            if keepsPlaces { ghosts[id, default: []] += ids }
            running[id]?.removeAll(where: ids.contains)
            if running[id]?.isEmpty == true { running[id] = nil }
            for job in ids { jobs[job]?.mayShareConnection = false }
            let returned = ids.compactMap { jobs[$0] }.map { (job: $0, deadline: start + .seconds(60)) }
            let free = keepsPlaces ? [] : ids
            carryOut(machine.reported(id, ended: free, returned: returned, isSealed: isSealed, now: start))
            if running[id] == nil { readGhosts(on: id) }
        }

        mutating func close(_ id: UInt64) {
            ghosts[id] = nil
            for job in running.removeValue(forKey: id) ?? [] { ended[job] = .connectionLost }
            carryOut(machine.released(id, isReusable: false, now: start))
        }

        mutating func carryOut(_ actions: [Machine.Action]) {
            for action in actions {
                switch action {
                case .run(let job, let id):
                    #expect(running[id] == nil || job.mayShareConnection, "one that needs a connection has it")
                    #expect(ghosts[id] == nil, "a sealed connection takes no more")
                    running[id, default: []].append(job.id)
                case .connect(let id): carryOut(machine.connected(id, now: start))
                case .fail(let job, let error): ended[job.id] = error.code
                default: break
                }
            }
        }
    }

    @Test("are taken only when no connection is idle, where the fewest queries are")
    func order() {
        var pool = Pool(3, start: start)
        for expected in [[1], [1, 1], [1, 1, 1], [1, 1, 2], [1, 2, 2], [2, 2, 2], [2, 2, 3]] {
            pool.submit(1)
            #expect(pool.loads().sorted() == expected)
        }
        for _ in 0..<20 { pool.submit(2) }
        #expect(pool.loads() == [4, 4, 4])
        #expect(pool.machine.waiterCount == 15)
        let id = pool.running.keys.min()!
        pool.end(on: id)
        #expect(pool.loads() == [4, 4, 4], "a place that is free is taken")
        while let id = pool.running.keys.min() { pool.end(on: id) }
        #expect(pool.machine.waiterCount == 0)
        #expect(pool.ended.count == 27)
        #expect(pool.machine.idleCount == 3)
    }

    @Test("are not there with a depth of 1, for statements that the connection has not run, and behind loners")
    func none() {
        var shallow = Pool(1, depth: 1, start: start)
        for _ in 0..<3 { shallow.submit(1) }
        #expect(shallow.loads() == [1])
        var unknown = Pool(1, start: start)
        unknown.submit(1)
        unknown.submit(7)
        #expect(unknown.loads() == [1])
        unknown.end(on: unknown.running.keys.min()!)
        unknown.submit(7)
        #expect(unknown.loads() == [1], "it is being prepared")
        unknown.end(on: unknown.running.keys.min()!)
        unknown.submit(7)
        #expect(unknown.loads() == [2])
        var loner = Pool(1, start: start)
        loner.submit(1, isShared: false)
        loner.submit(1)
        #expect(loner.loads() == [1])
    }

    @Test("are left free on as many connections as queries wait that need one for themselves")
    func loners() {
        var pool = Pool(2, start: start)
        for _ in 0..<4 { pool.submit(1) }
        #expect(pool.loads() == [2, 2])
        let loner = pool.submit(2, isShared: false)
        for _ in 0..<10 { pool.submit(1) }
        #expect(pool.loads().sorted() == [2, 4], "one of two is not filled")
        let id = pool.running.first { $0.value.count == 2 }!.key
        pool.end(on: id)
        #expect(pool.running[id]?.count == 1)
        pool.end(on: id)
        #expect(pool.running[id] == [loner])
        pool.end(on: id)
        #expect(pool.loads() == [4, 4])
    }

    @Test("are left free for a statement that no connection knows, too")
    func unknown() {
        var pool = Pool(1, start: start)
        for _ in 0..<2 { pool.submit(1) }
        let stranger = pool.submit(7)
        for _ in 0..<5 { pool.submit(1) }
        #expect(pool.loads() == [2])
        let id = pool.running.keys.min()!
        for _ in 0..<2 { pool.end(on: id) }
        #expect(pool.running[id] == [stranger])
        pool.end(on: id)
        #expect(pool.running[id]?.count == 4)
    }

    @Test("leave some to other statements, as connections do; a number is one wherever queries run")
    func shares() {
        var pool = Pool(2, depth: 5, start: start)
        for _ in 0..<40 { pool.submit(1, .share) }
        #expect(pool.running.count == 1, "of two connections one is left")
        #expect(pool.count(1) == 5)
        pool.submit(2, .share)
        for _ in 0..<40 { pool.submit(2, .share) }
        #expect(pool.count(2) >= 2)
        var limited = Pool(2, start: start)
        for _ in 0..<40 { limited.submit(1, .atMost(3)) }
        #expect(limited.count(1) == 3)
        limited.end(on: limited.running.keys.min()!)
        #expect(limited.count(1) == 3)
    }

    @Test("of a connection that is sealed or has expired are not taken; what is given back comes first, and alone")
    func sealed() {
        var pool = Pool(1, start: start)
        let first = pool.submit(1)
        let second = pool.submit(1)
        let third = pool.submit(2)
        pool.giveBack([second], on: pool.running.keys.min()!, isSealed: true)
        pool.submit(1)
        #expect(pool.running.values.first == [first, third])
        let id = pool.running.keys.min()!
        pool.end(on: id)
        pool.submit(1)
        #expect(pool.running[id] == [third])
        pool.end(on: id)
        #expect(pool.running[id] == [second])
        pool.end(on: id)
        #expect(pool.running[id]?.count == 2)
        let late = start + .hours(1)
        pool.submit(1, at: late)
        #expect(pool.running[id]?.count == 2)
    }

    @Test("are found again on a new connection, and nobody is lost with an old one")
    func closed() {
        var pool = Pool(1, start: start)
        let first = pool.submit(1)
        let second = pool.submit(1)
        pool.carryOut(pool.machine.abandon(second))
        let id = pool.running.keys.min()!
        pool.giveBack([second], on: id, isSealed: false)
        #expect(pool.running[id] == [first])
        pool.close(id)
        #expect(pool.running.values.first == [second])
        pool.submit(1)
        #expect(pool.loads() == [1], "nothing is prepared there")
    }

    @Test("keep every query, whatever happens (seeded)", arguments: 0..<30)
    func random(seed: Int) {
        var random = Seeded(state: UInt64(seed))
        let connections = Int.random(in: 1...5, using: &random)
        let depth = Int.random(in: 1...5, using: &random)
        var pool = Pool(connections, depth: depth, start: start)
        var submitted: Set<UInt64> = []
        for _ in 0..<2000 {
            let id = pool.running.keys.sorted().randomElement(using: &random)
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<6:
                let limits: [StatementConcurrencyLimit] = [.unlimited, .share, .atMost(3), .unlimited]
                let group = UInt64.random(in: 1...4, using: &random)
                let isShared = Int.random(in: 0..<5, using: &random) > 0
                submitted.insert(pool.submit(group, isShared: isShared, limits[Int(group) - 1]))
            case 6..<10: if let id { pool.end(on: id) }
            case 10:
                guard let id, let job = pool.running[id]?.randomElement(using: &random) else { continue }
                let keepsPlaces = Bool.random(using: &random)
                let isSealed = keepsPlaces || Bool.random(using: &random)
                pool.giveBack([job], on: id, isSealed: isSealed, keepsPlaces: keepsPlaces)
            default: if let id, Int.random(in: 0..<5, using: &random) == 0 { pool.close(id) }
            }
            #expect(pool.running.count <= connections)
            #expect(pool.loads().allSatisfy { $0 <= depth })
            #expect(pool.count(3) <= 3)
            #expect(pool.total + pool.machine.waiterCount + pool.ended.count == submitted.count)
        }
        while let id = pool.running.keys.min() { pool.end(on: id) }
        #expect(pool.machine.waiterCount == 0, "nobody waits while nothing runs")
        #expect(Set(pool.ended.keys) == submitted)
    }
}
