import NIOCore
import Synchronization

/// The tasks that serve a server's connections, and a bound on the server's wait for them.
///
/// A server that shuts down waits for these tasks, and so for code of the app that may ignore its cancellation or
/// outlive its client. The wait ends with the time of the connections: tasks that still run then end with the process.
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

    /// - Parameters:
    ///   - time: the time from the beginning of a shutdown after which the tasks are cancelled.
    ///   - patience: the time that a cancelled task has to end.
    init(time: TimeAmount, patience: TimeAmount) {
        self.time = time
        self.patience = patience
    }

    /// Returns a number for a new task.
    func number() -> UInt64 {
        state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
    }

    /// Runs `body` in a task of its own, and returns when the task ends or the wait for it does.
    ///
    /// The task starts in any case, because it has a connection to close.
    ///
    /// - Parameters:
    ///   - number: the number of the task.
    ///   - eventLoop: the event loop of the connection.
    ///   - executor: the preferred executor of the task; `nil` for the global one.
    ///   - body: serves the connection.
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
                // The task may have ended by now.
                state.withLock { $0.servings[number]?.task = task }
                if isOver || Task.isCancelled { task.cancel() }
            }
        } onCancel: {
            cancel(number, on: eventLoop)
        }
    }

    /// Cancels a task, and ends the wait for it after ``patience``.
    func cancel(_ number: UInt64, on eventLoop: any EventLoop) {
        state.withLock { $0.servings[number]?.task }?.cancel()
        eventLoop.scheduleTask(in: patience) { self.leave(number) }
    }

    /// Ends the wait for a task.
    private func leave(_ number: UInt64) {
        state.withLock { $0.servings.removeValue(forKey: number) }?.continuation.resume()
    }

    /// Plans the end of the wait for all tasks, at the first call.
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
