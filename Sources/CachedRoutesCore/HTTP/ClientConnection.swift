import Synchronization

/// Whether the client of a connection is still there, as far as its server can tell.
///
/// Work that nobody else waits for is given up when it leaves.
public final class ClientConnection: Sendable {
    /// Names what is to be done when the client leaves.
    struct Registration: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct State {
        var hasLeft = false
        var lastNumber: UInt64 = 0
        var actions: [UInt64: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// A client that is there.
    public init() {}

    /// Whether the client has left.
    public var hasLeft: Bool { state.withLock { $0.hasLeft } }

    /// The client has left.
    public func leave() {
        let actions = state.withLock { state in
            state.hasLeft = true
            defer { state.actions = [:] }
            return state.actions.values
        }
        for action in actions { action() }
    }

    /// Has something done when the client leaves; not when it has left already.
    func whenLeft(_ action: @escaping @Sendable () -> Void) -> Registration {
        state.withLock { state in
            state.lastNumber += 1
            if !state.hasLeft { state.actions[state.lastNumber] = action }
            return Registration(number: state.lastNumber)
        }
    }

    /// Takes that back.
    func forget(_ registration: Registration) {
        state.withLock { $0.actions[registration.number] = nil }
    }
}
