import Synchronization

/// The client's end of a connection, as far as the server can observe it.
///
/// Work that only this client waits for is cancelled when it disconnects.
public final class ClientConnection: Sendable {
    /// Identifies an action to run when the client disconnects.
    struct Registration: Hashable, Sendable {
        fileprivate let number: UInt64
    }

    private struct State {
        var hasLeft = false
        var lastNumber: UInt64 = 0
        var actions: [UInt64: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// Makes the state of a connected client.
    public init() {}

    /// Indicates that the client has disconnected.
    public var hasLeft: Bool { state.withLock { $0.hasLeft } }

    /// Records that the client has disconnected, and runs the registered actions.
    public func leave() {
        let actions = state.withLock { state in
            state.hasLeft = true
            defer { state.actions = [:] }
            return state.actions.values
        }
        for action in actions { action() }
    }

    /// Registers an action to run when the client disconnects; it never runs if the client already has.
    func whenLeft(_ action: @escaping @Sendable () -> Void) -> Registration {
        state.withLock { state in
            state.lastNumber += 1
            if !state.hasLeft { state.actions[state.lastNumber] = action }
            return Registration(number: state.lastNumber)
        }
    }

    /// Removes a registered action.
    func forget(_ registration: Registration) {
        state.withLock { $0.actions[registration.number] = nil }
    }
}
