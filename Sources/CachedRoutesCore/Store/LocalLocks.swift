package import NIOCore
import Synchronization

/// The locks of the memory store, which are local to one process.
package final class LocalLocks: DistributedLocks {
    private struct Lock {
        let owner: String
        /// The time of expiry in milliseconds since 1970-01-01T00:00:00Z.
        let expiry: Int64
    }

    private struct State {
        var locks: [[UInt8]: Lock] = [:]
        /// The number of locks above which expired ones are removed.
        var limit = LocalLocks.smallestLimit
    }

    private static let smallestLimit = 64
    private let state = Mutex(State())
    private let clock: WallClock

    /// Makes locks that expire by `clock`.
    package init(clock: WallClock) {
        self.clock = clock
    }

    /// The number of locks in memory including expired ones: at most twice those that were valid at the last removal,
    /// or a few dozen.
    var count: Int { state.withLock { $0.locks.count } }

    /// Acquires the lock at once; never ``LockResult/unavailable``.
    package func acquire(
        _ name: [UInt8],
        owner: String,
        life: Int64,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<LockResult> {
        eventLoop.makeSucceededFuture(acquire(name, owner: owner, life: life))
    }

    private func acquire(_ name: [UInt8], owner: String, life: Int64) -> LockResult {
        let now = clock.now
        return state.withLock { state in
            if let lock = state.locks[name], lock.expiry > now { return .held }
            state.locks[name] = Lock(owner: owner, expiry: now + max(1, life))
            if state.locks.count > state.limit {
                state.locks = state.locks.filter { $0.value.expiry > now }
                // The next removal comes after as many new locks as there are old ones, so that its cost per lock is
                // small.
                state.limit = max(Self.smallestLimit, state.locks.count * 2)
            }
            return .acquired
        }
    }

    /// Releases the lock at once.
    package func release(_ name: [UInt8], owner: String, on eventLoop: any EventLoop) {
        state.withLock { state in
            if state.locks[name]?.owner == owner { state.locks[name] = nil }
        }
    }

    /// Returns at once; never `nil`.
    package func remainingLife(of name: [UInt8], on eventLoop: any EventLoop) async -> Int64? {
        let now = clock.now
        return state.withLock { $0.locks[name].map { max(0, $0.expiry - now) } ?? 0 }
    }
}
