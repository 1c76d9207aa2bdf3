import NIOCore

/// Queries that wait for a connection: first come, first served, but before all those that lost one.
struct WaiterQueue<Job: Identifiable & Sendable> where Job.ID == UInt64 {
    struct Waiter {
        let job: Job
        /// When it gives up.
        let deadline: NIODeadline
        /// The query's own deadline, which may be the one above.
        let queryDeadline: NIODeadline
        /// The oldest connection that will do, by the order in which connections were established.
        var oldestConnection: UInt64 = 0
    }

    /// By job; what has left is still in `order` until it is skipped there.
    private var waiters: [UInt64: Waiter] = [:]
    private var order: [UInt64] = []
    private var head = 0
    /// Those whose connection broke.
    private var returned: [UInt64] = []

    /// When the first of them gives up; may be too early, never too late.
    private(set) var earliestDeadline = NIODeadline.distantFuture

    var count: Int { waiters.count }
    var isEmpty: Bool { waiters.isEmpty }

    /// Adds a waiter at the end.
    mutating func append(_ waiter: Waiter) {
        if order.count - head > 64 + 2 * waiters.count {
            order = order[head...].filter { waiters[$0] != nil }
            head = 0
        }
        order.append(waiter.job.id)
        add(waiter)
    }

    /// Adds one whose connection broke.
    mutating func giveBack(_ waiter: Waiter) {
        returned.append(waiter.job.id)
        add(waiter)
    }

    private mutating func add(_ waiter: Waiter) {
        waiters[waiter.job.id] = waiter
        earliestDeadline = min(earliestDeadline, waiter.deadline)
    }

    /// Takes out the next waiter for which a connection of this age will do.
    mutating func next(establishedAs sequence: UInt64) -> Job? {
        defer { if waiters.isEmpty { clear() } }
        if let index = returned.firstIndex(where: { waiters[$0].map { $0.oldestConnection <= sequence } ?? false }) {
            return waiters.removeValue(forKey: returned.remove(at: index))?.job
        }
        while head < order.count {
            let id = order[head]
            head += 1
            if head > 64, head * 2 > order.count {
                order.removeFirst(head)
                head = 0
            }
            if let waiter = waiters.removeValue(forKey: id) { return waiter.job }
        }
        return nil
    }

    /// Takes out this waiter. False when it does not wait.
    mutating func remove(_ id: UInt64) -> Bool {
        guard waiters.removeValue(forKey: id) != nil else { return false }
        returned.removeAll { $0 == id }
        if waiters.isEmpty { clear() }
        return true
    }

    /// Takes out all whose time is over.
    mutating func expire(_ now: NIODeadline) -> [Waiter] {
        guard earliestDeadline <= now else { return [] }
        let expired = waiters.values.filter { $0.deadline <= now }
        for waiter in expired { waiters[waiter.job.id] = nil }
        returned.removeAll { waiters[$0] == nil }
        earliestDeadline = waiters.values.map(\.deadline).min() ?? .distantFuture
        return expired
    }

    /// Takes out all.
    mutating func removeAll() -> [Job] {
        defer { clear() }
        return (returned + order[head...]).compactMap { waiters.removeValue(forKey: $0)?.job }
    }

    /// Any connection will do from now on.
    mutating func acceptAnyConnection() {
        for id in returned { waiters[id]?.oldestConnection = 0 }
    }

    private mutating func clear() {
        waiters = [:]
        order = []
        returned = []
        head = 0
        earliestDeadline = .distantFuture
    }
}
