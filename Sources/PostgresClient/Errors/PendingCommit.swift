import Synchronization

/// A COMMIT for whose result no caller waits any more, but which may still be in progress on the server.
final class PendingCommit: Sendable {
    private enum State {
        case underWay([CheckedContinuation<Void, Never>])
        case over
    }

    private let state = Mutex(State.underWay([]))

    /// Records that the server has replied or the connection is closed.
    func end() {
        let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
            guard case .underWay(let waiting) = state else { return [] }
            state = .over
            return waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns once the COMMIT is no longer in progress.
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
