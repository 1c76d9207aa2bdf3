import NIOCore

/// Those who wait until what was notified before a time has been handled. A value type: it says who may go on, others let them.
struct SettlementQueue {
    typealias Continuation = CheckedContinuation<Void, Never>

    private var waiters: [(since: NIODeadline, continuation: Continuation)] = []

    /// When the last of them began to wait; `nil`: nobody waits.
    var newest: NIODeadline? { waiters.last?.since }
    /// When the first of them began to wait; `nil`: nobody waits.
    var oldest: NIODeadline? { waiters.first?.since }

    /// Adds one who waits from `now` on, which never goes back.
    mutating func add(_ continuation: Continuation, now: NIODeadline) {
        waiters.append((now, continuation))
    }

    /// Takes out those who began to wait at `time` or before.
    mutating func take(upTo time: NIODeadline) -> [Continuation] {
        let count = waiters.firstIndex { $0.since > time } ?? waiters.count
        defer { waiters.removeFirst(count) }
        return waiters[..<count].map(\.continuation)
    }

    /// Takes out all of them.
    mutating func takeAll() -> [Continuation] {
        defer { waiters = [] }
        return waiters.map(\.continuation)
    }
}
