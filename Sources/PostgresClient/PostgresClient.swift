public import Logging
public import NIOCore
public import ServiceLifecycle

/// Runs statements on a PostgreSQL server and returns their rows as JSON.
///
/// A few threads drive all connections through libpq's asynchronous interface. Nothing here blocks the caller's thread.
/// Rows become JSON bytes straight from libpq's memory, and the bytes are those of the server's own `row_to_json` in a
/// session with `TimeZone` UTC.
///
/// Queries read only: all sessions have `default_transaction_read_only`, so a query that lost its connection is run once
/// more. Writes run in transactions of their own; one that lost its connection is run once more if its COMMIT had not
/// been sent, since nothing of it was kept then.
///
/// Statements take turns in the sessions, and a session is not reset between them: what a statement sets for its session
/// (`SET`, `set_config` with `false`: `search_path`, `role`, parameters of one's own) stays for the statements of others.
/// Set such things for the transaction alone, by `set_config` with `true`; each statement is a transaction. Only a change
/// of the settings on which answers' bytes depend, where the server reports it, ends the session.
///
/// What the server says while a session begins, for instance a warning about a changed collation, goes to the standard
/// error as libpq prints it.
public final class PostgresClient: Sendable, Service {
    private let pool: ConnectionPool

    /// Starts the client's threads; the first connection is opened by ``run()`` or by the first query.
    ///
    /// - Throws: ``PostgresError`` with ``PostgresError/Code/invalidConfiguration``, or ``PostgresError/Code/unavailable``
    ///   when the system has no thread or pipe left. A server that is away is no reason.
    public init(configuration: PostgresConfiguration, logger: Logger) throws {
        pool = try ConnectionPool(configuration: configuration, logger: logger)
    }

    deinit {
        pool.close()
    }

    /// Keeps the smallest number of connections open until the service is shut down gracefully or the task is
    /// cancelled.
    ///
    /// A graceful shutdown refuses new queries, lets running ones end for up to
    /// ``PostgresConfiguration/shutdownTimeout``, then closes all connections. A cancelled task closes them at once.
    public func run() async throws {
        pool.open()
        do {
            try await gracefulShutdown()
            await pool.shutDown()
        } catch {
            await pool.closeAndWait()
        }
    }

    /// Runs a statement that reads and returns its rows as JSON.
    ///
    /// The answer or an error is there when `deadline` passes, at the latest. When the deadline passes or the calling
    /// task is cancelled, the statement is cancelled on the server too.
    ///
    /// - Parameter findsPosition: whether ``JSONAnswer/position`` is wanted, which takes a round trip of its own.
    /// - Throws: ``PostgresError``.
    public func query(
        _ statement: PostgresStatement,
        _ parameters: PostgresParameters = PostgresParameters(),
        findsPosition: Bool = false,
        deadline: NIODeadline
    ) async throws(PostgresError) -> JSONAnswer {
        while true {
            let job = QueryJob(
                statement: statement,
                parameters: parameters,
                access: .read(findsPosition: findsPosition),
                deadline: deadline
            )
            do throws(PostgresError) {
                return try await run(job) {
                    if job.finish(.failure(PostgresError(.cancelled, "the task was cancelled"))) { pool.abandon(job) }
                }
            } catch {
                guard error.waitsForTypes else { throw await resolved(error, of: statement, deadline: deadline) }
                try await waitForTypes(of: statement, deadline)
            }
        }
    }

    /// Waits while another run of the statement searches for the types of its parameters.
    private func waitForTypes(of statement: PostgresStatement, _ deadline: NIODeadline) async throws(PostgresError) {
        await statement.typing.waitForTurn(until: deadline)
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
        guard .now() < deadline else {
            throw PostgresError(.deadlineExceeded, "the query's deadline has passed")
        }
    }

    /// Runs a statement in a transaction of its own, commits, and returns the statement's rows as JSON.
    ///
    /// The answer or an error is there when `deadline` passes, at the latest. When it passes before COMMIT was sent, the
    /// statement is cancelled on the server and nothing of it is kept; afterwards the error is
    /// ``PostgresError/Code/outcomeUnknown``. Cancelling the calling task ends only the wait for a connection: a write
    /// that has begun goes on, because its caller has to know how it ended.
    ///
    /// After a serialization failure or a deadlock the transaction is run again as often as `transaction` allows, each
    /// time after a pause that doubles.
    ///
    /// Under a condition the transaction is at least REPEATABLE READ, whatever is declared or is the session's default, and is run again at least once; then a violated unique or
    /// exclusion constraint is a reason for that too. A row that the write changes is so never one that others have changed
    /// since the condition was asked. Rows that only the condition reads are guarded against serializable transactions alone,
    /// where this one is serializable.
    ///
    /// - Throws: ``PostgresError``, with ``PostgresError/Code/conditionNotMet`` where the condition does not allow the write.
    public func write(
        _ statement: PostgresStatement,
        _ parameters: PostgresParameters = PostgresParameters(),
        _ transaction: PostgresTransaction = PostgresTransaction(),
        under condition: PostgresCondition? = nil,
        deadline: NIODeadline
    ) async throws(PostgresError) -> JSONAnswer {
        let transaction = condition == nil ? transaction : transaction.underCondition
        var retries = 0
        var hasMetExistingRow = false
        while true {
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            let job = QueryJob(
                statement: statement,
                parameters: parameters,
                access: .write(transaction.isolation),
                condition: condition,
                deadline: deadline
            )
            do throws(PostgresError) {
                return try await run(job) { pool.withdraw(job) }
            } catch {
                if error.waitsForTypes {
                    let sought = error.isFromCondition ? condition?.statement : nil
                    try await waitForTypes(of: sought ?? statement, deadline)
                    continue
                }
                if condition != nil, error.isOfExistingRow, !hasMetExistingRow, .now() < deadline {
                    hasMetExistingRow = true
                    continue
                }
                let pause = Self.retryBackoff.delay(afterFailures: retries + 1, random: .random(in: 0..<1))
                guard error.isSerializationFailure, retries < transaction.retries, .now() + pause < deadline,
                    (try? await Task.sleep(for: .nanoseconds(pause.nanoseconds))) != nil
                else { throw await resolved(error, of: statement, deadline: deadline) }
                retries += 1
            }
        }
    }

    private static let retryBackoff = ExponentialBackoff(minimum: .milliseconds(2), maximum: .milliseconds(200))

    private func run(
        _ job: QueryJob,
        onCancel: @Sendable () -> Void
    ) async throws(PostgresError) -> JSONAnswer {
        guard !job.parameters.containsNUL, job.condition?.parameters.containsNUL != true else {
            throw PostgresError(.invalidParameter, "a parameter contains a NUL character")
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if job.attach(continuation) { pool.submit(job) }
            }
        } onCancel: {
            onCancel()
        }
        return try result.get()
    }

    /// Makes sure that the server answers: a query that reads nothing, through the pool.
    ///
    /// - Throws: ``PostgresError``.
    public func ping(deadline: NIODeadline) async throws(PostgresError) {
        _ = try await query(ConnectionPool.pingStatement, deadline: deadline)
    }
}
