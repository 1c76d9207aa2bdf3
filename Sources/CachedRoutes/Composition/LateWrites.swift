import NIOCore
import RouteModel
import Synchronization

/// The writes that are not begun at once. What else is to be written under one of their keys comes after them.
final class LateWrites: Sendable {
    private struct Pending {
        var number: UInt64
        var end: EventLoopFuture<Void>
    }

    private struct State {
        var pending: [CacheKey: Pending] = [:]
        var lastNumber: UInt64 = 0
    }

    private let state = Mutex(State())

    /// The number of keys under which something is late.
    var count: Int { state.withLock { $0.pending.count } }

    /// Ends when what is late under `key` has been written, or was not; `nil`: nothing is.
    func end(of key: CacheKey) -> EventLoopFuture<Void>? {
        state.withLock { $0.pending[key]?.end }
    }

    /// Takes up a write, the last one under `key` until it has ended.
    func add(_ key: CacheKey, _ end: EventLoopFuture<Void>) {
        let number = state.withLock { state in
            state.lastNumber += 1
            state.pending[key] = Pending(number: state.lastNumber, end: end)
            return state.lastNumber
        }
        end.whenComplete { _ in
            self.state.withLock { state in
                if state.pending[key]?.number == number { state.pending[key] = nil }
            }
        }
    }
}
