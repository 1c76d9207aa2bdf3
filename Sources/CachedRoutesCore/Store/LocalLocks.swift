package import NIOCore
import Synchronization

/// The locks of the memory store, which one process has for itself.
package final class LocalLocks: DistributedLocks {
    private struct Lock {
        let owner: String
        /// When the life ends: milliseconds after 1970-01-01T00:00:00Z.
        let end: Int64
    }

    private struct State {
        var locks: [[UInt8]: Lock] = [:]
        /// How many locks there may be before those are looked for whose life has ended.
        var limit = LocalLocks.smallestLimit
    }

    private static let smallestLimit = 64
    private let state = Mutex(State())
    private let clock: WallClock

    /// Locks whose lives `clock` ends.
    package init(clock: WallClock) {
        self.clock = clock
    }

    /// How many locks are in memory, ended ones included: at most twice those that were alive when the last look was
    /// taken, or a few dozen.
    var count: Int { state.withLock { $0.locks.count } }

    /// Takes the lock at once, or says who is first; never ``LockResult/away``.
    package func acquire(
        _ name: [UInt8],
        owner: String,
        life: Int64,
        on eventLoop: any EventLoop
    ) async -> LockResult {
        let now = clock.now
        return state.withLock { state in
            if let lock = state.locks[name], lock.end > now { return .held }
            state.locks[name] = Lock(owner: owner, end: now + max(1, life))
            if state.locks.count > state.limit {
                state.locks = state.locks.filter { $0.value.end > now }
                // The next look comes after as many new locks as there are old ones, so it costs each of them little.
                state.limit = max(Self.smallestLimit, state.locks.count * 2)
            }
            return .acquired
        }
    }

    /// Gives the lock back at once.
    package func release(_ name: [UInt8], owner: String, on eventLoop: any EventLoop) {
        state.withLock { state in
            if state.locks[name]?.owner == owner { state.locks[name] = nil }
        }
    }

    /// Answers at once; never `nil`.
    package func remainingLife(of name: [UInt8], on eventLoop: any EventLoop) async -> Int64? {
        let now = clock.now
        return state.withLock { $0.locks[name].map { max(0, $0.end - now) } ?? 0 }
    }
}
