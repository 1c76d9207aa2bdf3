import NIOCore

/// The callers that wait until earlier notifications have been handled. It is a value type: it selects the callers to
/// resume.
struct NotificationBarrier {
    typealias Continuation = CheckedContinuation<Void, Never>

    private var waiters: [(since: NIODeadline, continuation: Continuation)] = []

    /// The time at which the last caller began to wait; `nil` if there is none.
    var newest: NIODeadline? { waiters.last?.since }
    /// The time at which the first caller began to wait; `nil` if there is none.
    var oldest: NIODeadline? { waiters.first?.since }

    /// Adds a caller that waits from `now` on, which must not decrease.
    mutating func add(_ continuation: Continuation, now: NIODeadline) {
        waiters.append((now, continuation))
    }

    /// Removes and returns the callers that began to wait at `time` or before.
    mutating func take(upTo time: NIODeadline) -> [Continuation] {
        let count = waiters.firstIndex { $0.since > time } ?? waiters.count
        defer { waiters.removeFirst(count) }
        return waiters[..<count].map(\.continuation)
    }

    /// Removes and returns all callers.
    mutating func takeAll() -> [Continuation] {
        defer { waiters = [] }
        return waiters.map(\.continuation)
    }
}
