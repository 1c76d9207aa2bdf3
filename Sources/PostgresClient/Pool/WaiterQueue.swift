import NIOCore

/// The queries that wait for a connection, with a line for each group.
///
/// Queries that lost their connection or left a pipeline come first. Then comes the group with the fewest running
/// queries among those that may have one more, and among equal ones the group whose first query arrived first.
struct WaiterQueue<Job: PoolSchedulable> {
    struct Waiter {
        let job: Job
        /// The time at which the waiter fails.
        let deadline: NIODeadline
        /// The query's own deadline, which may be the same.
        let queryDeadline: NIODeadline
        /// The oldest acceptable connection, by the order of establishment.
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

    /// The waiters of a group. Removed ones stay in `order` until they are skipped.
    private struct Line {
        var order: [UInt64] = []
        var head = 0
        var count = 0
        let concurrency: StatementConcurrencyLimit

        mutating func append(_ id: UInt64, _ waiters: [UInt64: Waiter]) {
            if order.count - head > 64 + 2 * count {
                order = order[head...].filter { waiters[$0] != nil }
                head = 0
            }
            order.append(id)
            count += 1
        }

        /// The first waiter that has not been removed.
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
    /// The waiters that lost their connection or left a pipeline.
    private var returned: [UInt64] = []
    private var lastArrival: UInt64 = 0

    /// The time at which the first waiter fails. It may be too early but never too late.
    private(set) var earliestDeadline = NIODeadline.distantFuture

    var count: Int { waiters.count }
    var isEmpty: Bool { waiters.isEmpty }

    /// Returns the number of waiters in the group's line.
    func count(of group: UInt64) -> Int { lines[group]?.count ?? 0 }

    /// Adds a waiter at the end of its line.
    mutating func append(_ waiter: Waiter) {
        let job = waiter.job
        lines[job.group, default: Line(concurrency: job.concurrency)].append(job.id, waiters)
        add(waiter)
    }

    /// Adds a waiter that lost its connection or left a pipeline.
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

    /// Removes and returns the next waiter that accepts a connection of this age.
    ///
    /// - Parameters:
    ///   - sequence: the number of the connection in the order of establishment.
    ///   - shares: the running queries.
    ///   - free: the number of queries that may begin before all connections are in use.
    mutating func next(establishedAs sequence: UInt64, _ shares: QueryBulkhead, free: Int) -> Job? {
        guard !waiters.isEmpty else { return nil }
        let isAdmitted = { (waiter: Waiter) in
            // They had begun before, so only a fixed limit delays them, and not their share.
            waiter.oldestConnection <= sequence
                && (!waiter.job.concurrency.isNumber
                    || shares.admits(waiter.job.concurrency, waiter.job.group, free: free))
        }
        if let index = returned.firstIndex(where: { waiters[$0].map(isAdmitted) ?? false }) {
            return take(returned[index])
        }
        var best: (held: Int, arrival: UInt64, id: UInt64)?
        for group in lines.keys {
            guard let waiter = lines[group]?.first(waiters) else { continue }
            let held = shares.sentCount(of: group)
            guard shares.admits(waiter.job.concurrency, group, free: free) else { continue }
            if let best, (best.held, best.arrival) < (held, waiter.arrival) { continue }
            best = (held, waiter.arrival, waiter.job.id)
        }
        return best.flatMap { take($0.id) }
    }

    /// Removes and returns the next waiter that may be sent behind other queries.
    ///
    /// - Parameters:
    ///   - shares: the running queries.
    ///   - places: the number of places behind first queries on all connections.
    ///   - hasPlace: returns true if there is a place for a group.
    mutating func nextFollower(_ shares: QueryBulkhead, places: Int, hasPlace: (UInt64) -> Bool) -> Job? {
        var best: (held: Int, arrival: UInt64, id: UInt64)?
        for group in lines.keys {
            guard let waiter = lines[group]?.first(waiters), waiter.job.mayShareConnection,
                shares.admitsFollower(waiter.job.concurrency, group, places: places)
            else { continue }
            let held = shares.sentCount(of: group)
            if let best, (best.held, best.arrival) < (held, waiter.arrival) { continue }
            if hasPlace(group) { best = (held, waiter.arrival, waiter.job.id) }
        }
        return best.flatMap { take($0.id) }
    }

    /// Returns the number of connections that have to become idle: one for each returned waiter, and one for each group
    /// that may have one more and whose next query needs a connection to itself or has a statement that no connection
    /// with a place has prepared.
    ///
    /// - Parameters:
    ///   - shares: the running queries.
    ///   - free: the number of queries that may begin before all connections are in use.
    ///   - isKnown: returns true if the group's queries can be sent behind others on some connection.
    mutating func lonerCount(_ shares: QueryBulkhead, free: Int, isKnown: (UInt64) -> Bool) -> Int {
        var count = returned.count
        for group in lines.keys {
            guard let job = lines[group]?.first(waiters)?.job, !job.mayShareConnection || !isKnown(group) else {
                continue
            }
            if shares.admits(job.concurrency, group, free: free) { count += 1 }
        }
        return count
    }

    /// Returns the number of waiters that could begin if there were enough connections.
    func startableCount(_ shares: QueryBulkhead, free: Int) -> Int {
        guard !waiters.isEmpty else { return 0 }
        var count = returned.count
        for (group, line) in lines {
            let held = line.concurrency.isNumber ? shares.sentCount(of: group) : shares.count(of: group)
            var startable = 0
            while startable < line.count,
                QueryBulkhead.admits(line.concurrency, held: held + startable, free: free - startable)
            {
                startable += 1
            }
            count += startable
        }
        return count
    }

    /// Removes a waiter.
    ///
    /// - Returns: `false` if there is none.
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

    /// Removes and returns the waiters whose deadlines have passed.
    mutating func expire(_ now: NIODeadline) -> [Waiter] {
        guard earliestDeadline <= now else { return [] }
        let expired = waiters.values.filter { $0.deadline <= now }
        for waiter in expired { _ = take(waiter.job.id) }
        earliestDeadline = waiters.values.map(\.deadline).min() ?? .distantFuture
        return expired
    }

    /// Removes and returns all waiters' jobs.
    mutating func removeAll() -> [Job] {
        defer { clear() }
        let inLine = waiters.values.filter { !$0.isReturned }.sorted { $0.arrival < $1.arrival }
        return returned.compactMap { waiters[$0]?.job } + inLine.map(\.job)
    }

    /// Makes all waiters accept any connection.
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
