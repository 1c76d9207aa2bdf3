import CachedRoutesCore
import NIOCore
import RouteModel
import Synchronization

/// Delays large writes and keeps all writes to a key in submission order.
///
/// It relies on an event loop that runs scheduled tasks in the order of their deadlines.
final class EntryWriteOrder: Sendable {
    private struct Pending {
        /// The time at which the last of these writes begins.
        var due: NIODeadline
        var count: Int
    }

    private let lateness: TimeAmount
    private let pending = Mutex<[CacheKey: Pending]>([:])

    /// - Parameter lateness: the delay of a late write.
    init(lateness: TimeAmount) {
        self.lateness = lateness
    }

    /// The number of keys with a write that has not begun.
    var count: Int { pending.withLock { $0.count } }

    /// Adds a write to a key, behind all others of that key.
    ///
    /// - Parameters:
    ///   - key: the key.
    ///   - isLate: true if the write is to be delayed.
    ///   - now: the time.
    /// - Returns: the time at which the write begins, after which ``leave(_:)`` is called; `nil` if it begins at once.
    func enter(_ key: CacheKey, isLate: Bool, now: NIODeadline) -> NIODeadline? {
        pending.withLock { pending in
            let last = pending[key]
            guard isLate || last != nil else { return nil }
            let due = max(isLate ? now + lateness : now, last.map { $0.due + .nanoseconds(1) } ?? now)
            pending[key] = Pending(due: due, count: (last?.count ?? 0) + 1)
            return due
        }
    }

    /// Removes a write that has begun, or never will.
    func leave(_ key: CacheKey) {
        pending.withLock { pending in
            pending[key]?.count -= 1
            if pending[key]?.count == 0 { pending[key] = nil }
        }
    }
}
