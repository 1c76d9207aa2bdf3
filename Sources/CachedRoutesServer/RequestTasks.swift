import NIOCore
import Synchronization

/// The tasks that serve requests of a server, and a bounded wait for them at its end.
///
/// Most requests need no task. Writes do, and closures of the app; they may outlive their client and its connection.
final class RequestTasks: Sendable {
    private struct State {
        var count = 0
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Starts a task.
    func start(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        state.withLock { $0.count += 1 }
        return Task {
            await body()
            self.leave()
        }
    }

    private func leave() {
        let waiter = state.withLock { state in
            state.count -= 1
            return state.count == 0 ? state.waiter.take() : nil
        }
        waiter?.resume()
    }

    /// Waits until no task runs, for as long as a deadline allows. Tasks that still run then end with the process.
    func drain(until deadline: NIODeadline, on eventLoop: any EventLoop) async {
        let timer = eventLoop.scheduleTask(deadline: deadline) {
            self.state.withLock { $0.waiter.take() }?.resume()
        }
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.count > 0, eventLoop.now < deadline { state.waiter = continuation }
                return state.waiter == nil
            }
            if isDone { continuation.resume() }
        }
        timer.cancel()
    }
}
