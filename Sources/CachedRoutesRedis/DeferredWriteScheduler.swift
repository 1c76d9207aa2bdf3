import CachedRoutesCore
import NIOCore
import RouteModel
import Synchronization

/// When writes begin that do not begin at once: what else is to be written under one of their keys comes after them.
///
/// It relies on an event loop that carries out what is scheduled there in the order of the deadlines.
final class DeferredWriteScheduler: Sendable {
    private struct Pending {
        /// When the last of them begins.
        var due: NIODeadline
        var count: Int
    }

    private let lateness: TimeAmount
    private let pending = Mutex<[CacheKey: Pending]>([:])

    /// - Parameter lateness: how much later than others a late write begins.
    init(lateness: TimeAmount) {
        self.lateness = lateness
    }

    /// The number of keys under which a write has not begun.
    var count: Int { pending.withLock { $0.count } }

    /// Takes up a write under `key`, the last one there from now on.
    ///
    /// - Returns: when it begins, which is to be told to ``leave(_:)``; `nil`: at once.
    func enter(_ key: CacheKey, isLate: Bool, now: NIODeadline = .now()) -> NIODeadline? {
        pending.withLock { pending in
            let last = pending[key]
            guard isLate || last != nil else { return nil }
            let due = max(isLate ? now + lateness : now, last.map { $0.due + .nanoseconds(1) } ?? now)
            pending[key] = Pending(due: due, count: (last?.count ?? 0) + 1)
            return due
        }
    }

    /// A write that was taken up has begun, or never will.
    func leave(_ key: CacheKey) {
        pending.withLock { pending in
            pending[key]?.count -= 1
            if pending[key]?.count == 0 { pending[key] = nil }
        }
    }
}
