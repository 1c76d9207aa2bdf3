import NIOCore

/// Queries that wait for a connection, each group in a line of its own.
///
/// Before all others come those that lost one. Then the group has its turn, of those that may have one more query under way, that
/// has fewest; of several the one whose first query came first.
struct WaiterQueue<Job: PoolJob> {
    struct Waiter {
        let job: Job
        /// When it gives up.
        let deadline: NIODeadline
        /// The query's own deadline, which may be the one above.
        let queryDeadline: NIODeadline
        /// The oldest connection that will do, by the order in which connections were established.
        var oldestConnection: UInt64 = 0
        fileprivate var arrival: UInt64 = 0
        fileprivate var isReturned = false

        init(job: Job, deadline: NIODeadline, queryDeadline: NIODeadline, oldestConnection: UInt64 = 0) {
            self.job = job
            self.deadline = deadline
            self.queryDeadline = queryDeadline
            self.oldestConnection = oldestConnection
        }
    }

    /// The waiters of a group; what has left is still in `order` until it is skipped there.
    private struct Line {
        var order: [UInt64] = []
        var head = 0
        var count = 0
        let concurrency: StatementConcurrency

        mutating func append(_ id: UInt64, _ waiters: [UInt64: Waiter]) {
            if order.count - head > 64 + 2 * count {
                order = order[head...].filter { waiters[$0] != nil }
                head = 0
            }
            order.append(id)
            count += 1
        }

        /// The first that still waits.
        mutating func first(_ waiters: [UInt64: Waiter]) -> Waiter? {
            while head < order.count {
                if let waiter = waiters[order[head]] { return waiter }
                head += 1
                if head > 64, head * 2 > order.count {
                    order.removeFirst(head)
                    head = 0
                }
            }
            return nil
        }
    }

    private var waiters: [UInt64: Waiter] = [:]
    private var lines: [UInt64: Line] = [:]
    /// Those whose connection broke.
    private var returned: [UInt64] = []
    private var lastArrival: UInt64 = 0

    /// When the first of them gives up; may be too early, never too late.
    private(set) var earliestDeadline = NIODeadline.distantFuture

    var count: Int { waiters.count }
    var isEmpty: Bool { waiters.isEmpty }

    /// The waiters of the group.
    func count(of group: UInt64) -> Int { lines[group]?.count ?? 0 }

    /// Adds a waiter at the end of its line.
    mutating func append(_ waiter: Waiter) {
        let job = waiter.job
        lines[job.group, default: Line(concurrency: job.concurrency)].append(job.id, waiters)
        add(waiter)
    }

    /// Adds one whose connection broke.
    mutating func giveBack(_ waiter: Waiter) {
        var waiter = waiter
        waiter.isReturned = true
        returned.append(waiter.job.id)
        add(waiter)
    }

    private mutating func add(_ waiter: Waiter) {
        var waiter = waiter
        lastArrival += 1
        waiter.arrival = lastArrival
        waiters[waiter.job.id] = waiter
        earliestDeadline = min(earliestDeadline, waiter.deadline)
    }

    /// Takes out the next waiter for which a connection of this age will do.
    ///
    /// - Parameter free: the queries that may begin before all connections are in use.
    mutating func next(establishedAs sequence: UInt64, _ shares: QueryShares, free: Int) -> Job? {
        guard !waiters.isEmpty else { return nil }
        if let index = returned.firstIndex(where: { waiters[$0].map { $0.oldestConnection <= sequence } ?? false }) {
            return take(returned[index])
        }
        var best: (held: Int, arrival: UInt64, id: UInt64)?
        for group in lines.keys {
            guard let waiter = lines[group]?.first(waiters) else { continue }
            let held = shares.count(of: group)
            guard QueryShares.admits(waiter.job.concurrency, held: held, free: free) else { continue }
            if let best, (best.held, best.arrival) < (held, waiter.arrival) { continue }
            best = (held, waiter.arrival, waiter.job.id)
        }
        return best.flatMap { take($0.id) }
    }

    /// The number of waiters that could begin if connections were there.
    func startableCount(_ shares: QueryShares, free: Int) -> Int {
        guard !waiters.isEmpty else { return 0 }
        var count = returned.count
        for (group, line) in lines {
            let held = shares.count(of: group)
            var startable = 0
            while startable < line.count,
                QueryShares.admits(line.concurrency, held: held + startable, free: free - startable)
            {
                startable += 1
            }
            count += startable
        }
        return count
    }

    /// Takes out this waiter. False when it does not wait.
    mutating func remove(_ id: UInt64) -> Bool { take(id) != nil }

    private mutating func take(_ id: UInt64) -> Job? {
        guard let waiter = waiters.removeValue(forKey: id) else { return nil }
        if waiter.isReturned {
            returned.removeAll { $0 == id }
        } else {
            leaveLine(waiter.job.group)
        }
        if waiters.isEmpty { clear() }
        return waiter.job
    }

    private mutating func leaveLine(_ group: UInt64) {
        lines[group]?.count -= 1
        if lines[group]?.count == 0 { lines[group] = nil }
    }

    /// Takes out all whose time is over.
    mutating func expire(_ now: NIODeadline) -> [Waiter] {
        guard earliestDeadline <= now else { return [] }
        let expired = waiters.values.filter { $0.deadline <= now }
        for waiter in expired { _ = take(waiter.job.id) }
        earliestDeadline = waiters.values.map(\.deadline).min() ?? .distantFuture
        return expired
    }

    /// Takes out all.
    mutating func removeAll() -> [Job] {
        defer { clear() }
        let inLine = waiters.values.filter { !$0.isReturned }.sorted { $0.arrival < $1.arrival }
        return returned.compactMap { waiters[$0]?.job } + inLine.map(\.job)
    }

    /// Any connection will do from now on.
    mutating func acceptAnyConnection() {
        for id in returned { waiters[id]?.oldestConnection = 0 }
    }

    private mutating func clear() {
        waiters = [:]
        lines = [:]
        returned = []
        earliestDeadline = .distantFuture
    }
}
