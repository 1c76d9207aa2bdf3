import Synchronization

/// A query in progress, which can be cancelled.
public final class PostgresQueryHandle: Sendable {
    private enum State {
        case running
        case goingOn(Task<Void, Never>)
        case cancelled
    }

    private let job: QueryJob
    private let pool: ConnectionPool
    private let state = Mutex(State.running)

    init(job: QueryJob, pool: ConnectionPool) {
        self.job = job
        self.pool = pool
    }

    /// Cancels the query, on the server too. Its completion is called with ``PostgresError/Code/cancelled``, unless
    /// there is a result already.
    public func cancel() {
        let task = state.withLock { state in
            defer { state = .cancelled }
            return if case .goingOn(let task) = state { task } else { nil as Task<Void, Never>? }
        }
        task?.cancel()
        if job.finish(.failure(PostgresError(.cancelled, "the query was cancelled"))) { pool.abandon(job) }
    }

    /// Continues the query in a task, after the job has its result.
    func goOn(_ work: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            let task = Task.detached(operation: work)
            if case .cancelled = state { task.cancel() } else { state = .goingOn(task) }
        }
    }
}
