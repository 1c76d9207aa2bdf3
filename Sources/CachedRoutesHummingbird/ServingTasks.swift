import NIOCore
import Synchronization

/// The tasks that answer the requests of a server's connections, and a bound for the server's wait for them.
///
/// A server that shuts down waits for these tasks, and so for code of the app that may ignore its cancellation or outlive its
/// client. When the time of the connections is over, the wait is: what still runs is left to itself and ends with the process.
final class ServingTasks: Sendable {
    private struct Serving {
        var task: Task<Void, Never>?
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var servings: [UInt64: Serving] = [:]
        var lastNumber: UInt64 = 0
        var isPlanned = false
        var isOver = false
    }

    private let time: TimeAmount
    private let patience: TimeAmount
    private let state = Mutex(State())

    /// No tasks yet.
    ///
    /// - Parameters:
    ///   - time: the time from the beginning of a shutdown after which the tasks are cancelled.
    ///   - patience: the time that a cancelled task has to end.
    init(time: TimeAmount, patience: TimeAmount) {
        self.time = time
        self.patience = patience
    }

    /// A number for a task that is about to begin.
    func number() -> UInt64 {
        state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    /// Runs `body` in a task of its own, and returns when it ends or is waited for no longer.
    ///
    /// The task begins in any case: it has a connection to close.
    func run(
        _ number: UInt64,
        on eventLoop: any EventLoop,
        executor: (any TaskExecutor)?,
        _ body: @escaping @Sendable () async -> Void
    ) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.isOver { state.servings[number] = Serving(continuation: continuation) }
                    return state.isOver
                }
                if isOver { continuation.resume() }
                let task = Task(executorPreference: executor) {
                    await body()
                    self.leave(number)
                }
                // It may have ended by now.
                state.withLock { $0.servings[number]?.task = task }
                if isOver || Task.isCancelled { task.cancel() }
            }
        } onCancel: {
            cancel(number, on: eventLoop)
        }
    }

    /// Cancels a task, and soon waits for it no longer.
    func cancel(_ number: UInt64, on eventLoop: any EventLoop) {
        state.withLock { $0.servings[number]?.task }?.cancel()
        eventLoop.scheduleTask(in: patience) { self.leave(number) }
    }

    /// Waits for a task no longer.
    private func leave(_ number: UInt64) {
        state.withLock { $0.servings.removeValue(forKey: number) }?.continuation.resume()
    }

    /// Ends the wait for all tasks in time. A shutdown begins once, whoever says so.
    func shutdownBegan(on eventLoop: any EventLoop) {
        let isNews = state.withLock { state in
            defer { state.isPlanned = true }
            return !state.isPlanned
        }
        guard isNews else { return }
        eventLoop.scheduleTask(in: time) {
            for serving in self.state.withLock({ Array($0.servings.values) }) { serving.task?.cancel() }
            eventLoop.scheduleTask(in: self.patience) { self.leaveAll() }
        }
    }

    private func leaveAll() {
        let servings = state.withLock { state in
            state.isOver = true
            defer { state.servings = [:] }
            return Array(state.servings.values)
        }
        for serving in servings { serving.continuation.resume() }
    }
}
