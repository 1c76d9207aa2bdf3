import Synchronization

/// A COMMIT whose answer nobody waits for any more, but which may still be under way on the server.
final class PendingCommit: Sendable {
    private enum State {
        case underWay([CheckedContinuation<Void, Never>])
        case over
    }

    private let state = Mutex(State.underWay([]))

    /// The server has answered, or the connection is closed.
    func end() {
        let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
            guard case .underWay(let waiting) = state else { return [] }
            state = .over
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when it is over.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard case .underWay(let waiting) = state else { return true }
                state = .underWay(waiting + [continuation])
                return false
            }
            if isOver { continuation.resume() }
        }
    }
}
