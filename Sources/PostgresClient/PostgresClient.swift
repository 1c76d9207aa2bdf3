import ClientSupport
public import Logging
public import NIOCore
public import NIOPosix
public import ServiceLifecycle

/// Executes statements on a PostgreSQL server and returns their rows as JSON.
///
/// A few threads drive all connections through libpq's asynchronous interface, so nothing blocks the caller's thread.
/// Rows are converted to JSON directly from libpq's memory, with the same bytes as the server's own `row_to_json` in a
/// session with `TimeZone` UTC.
///
/// Queries only read: their sessions have `default_transaction_read_only` or, under
/// ``PostgresConfiguration/Statements/unnamed``, their transactions are `READ ONLY`. So a query that lost its
/// connection is repeated once. Each write runs in its own transaction, and is repeated once after the loss of its
/// connection if its COMMIT had not been sent, because it has no effect then.
///
/// Statements share sessions, which are not reset between them. Session settings that a statement changes (`SET`,
/// `set_config` with `false`: `search_path`, `role`, custom parameters) affect later statements. Change them for the
/// transaction only, by `set_config` with `true`; each statement is a transaction. A session ends only if a setting
/// that affects results has changed and the server reports it.
///
/// Messages that the server sends while a session begins, such as a warning about a changed collation, are printed to
/// the standard error by libpq.
public final class PostgresClient: Sendable, Service {
    private let pool: ConnectionPool
    private let eventLoop: any EventLoop

    /// Starts the client's threads. The first connection is opened by ``run()`` or by the first query.
    ///
    /// - Parameters:
    ///   - configuration: the server and the limits.
    ///   - eventLoopGroup: the event loops whose clock measures the waits of callers, such as those between
    ///     repetitions. The client's threads use the system's clock.
    ///   - logger: receives a warning and a notice at the beginning and the end of an outage.
    /// - Throws: ``PostgresError`` with ``PostgresError/Code/invalidConfiguration``, or with
    ///   ``PostgresError/Code/unavailable`` if the system has no thread or pipe left. An unavailable server is not an
    ///   error.
    public convenience init(
        configuration: PostgresConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) throws {
        try self.init(
            configuration: configuration,
            eventLoopGroup: eventLoopGroup,
            logger: logger,
            metrics: PostgresMetrics()
        )
    }

    init(
        configuration: PostgresConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger,
        metrics: PostgresMetrics
    ) throws {
        eventLoop = eventLoopGroup.any()
        pool = try ConnectionPool(configuration: configuration, logger: logger, metrics: metrics)
    }

    deinit {
        pool.close()
    }

    /// Keeps the minimum number of connections open until graceful shutdown or cancellation.
    ///
    /// A graceful shutdown refuses new queries, waits for running and queued ones for up to
    /// ``PostgresConfiguration/shutdownTimeout``, and closes all connections. Cancellation closes them at once.
    public func run() async throws {
        pool.open()
        do {
            try await gracefulShutdown()
            await drain()
        } catch {
            await pool.closeAndWait()
        }
    }

    /// Refuses new queries, waits for the others as ``run()`` does on a graceful shutdown, and closes all connections.
    func drain() async {
        await pool.shutDown()
    }

    /// Executes a reading statement and returns its rows as JSON.
    ///
    /// The call returns or throws at `deadline` at the latest. If the deadline passes or the calling task is cancelled,
    /// the statement is cancelled on the server, too.
    ///
    /// - Parameters:
    ///   - statement: the statement.
    ///   - parameters: the values of its parameters.
    ///   - findsPosition: sets ``JSONAnswer/position``, which takes another round trip.
    ///   - deadline: the deadline of the call.
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

    /// Executes a reading statement and passes its rows as JSON to a completion, without a task.
    ///
    /// It behaves like ``query(_:_:findsPosition:deadline:)``. A task is started only if the query fails with an error
    /// that requires another query.
    ///
    /// - Parameters:
    ///   - statement: the statement.
    ///   - parameters: the values of its parameters.
    ///   - deadline: the deadline of the call.
    ///   - eventLoop: the event loop on which `completion` is called.
    ///   - completion: receives the result; called once.
    /// - Returns: the query, for its cancellation.
    public func query(
        _ statement: PostgresStatement,
        _ parameters: PostgresParameters,
        deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping @Sendable (Result<JSONAnswer, PostgresError>) -> Void
    ) -> PostgresQueryHandle {
        let job = QueryJob(
            statement: statement,
            parameters: parameters,
            access: .read(findsPosition: false),
            deadline: deadline
        )
        let query = PostgresQueryHandle(job: job, pool: pool)
        guard !parameters.containsNUL else {
            let error = PostgresError(.invalidParameter, "a parameter contains a NUL character")
            eventLoop.execute { completion(.failure(error)) }
            return query
        }
        let isAttached = job.attach { [self] result in
            guard case .failure(let error) = result, error.waitsForTypes || error.parameterTypeOID != nil else {
                return eventLoop.execute { completion(result) }
            }
            query.goOn {
                let result = await self.result(after: error, of: statement, parameters, deadline: deadline)
                eventLoop.execute { completion(result) }
            }
        }
        if isAttached { pool.submit(job) }
        return query
    }

    /// Returns the result of a query whose first execution has failed with an error that requires another query.
    private func result(
        after error: PostgresError,
        of statement: PostgresStatement,
        _ parameters: PostgresParameters,
        deadline: NIODeadline
    ) async -> Result<JSONAnswer, PostgresError> {
        guard error.waitsForTypes else {
            return .failure(await resolved(error, of: statement, deadline: deadline))
        }
        do throws(PostgresError) {
            try await waitForTypes(of: statement, deadline)
            return .success(try await query(statement, parameters, deadline: deadline))
        } catch {
            return .failure(error)
        }
    }

    /// Prepares a statement on one connection, as its first execution would, and executes nothing.
    ///
    /// The types of its parameters are found and kept for all connections, and the connection keeps the prepared
    /// statement. If the connection has it already, nothing is sent.
    ///
    /// - Parameters:
    ///   - statement: the statement. It may write.
    ///   - deadline: the deadline of the call.
    /// - Throws: ``PostgresError``, with ``PostgresError/isFromPreparing`` if the server refuses the statement.
    package func prepare(_ statement: PostgresStatement, deadline: NIODeadline) async throws(PostgresError) {
        while true {
            let job = QueryJob(
                statement: statement,
                parameters: PostgresParameters(),
                access: .preparing,
                deadline: deadline
            )
            do throws(PostgresError) {
                _ = try await run(job) {
                    if job.finish(.failure(PostgresError(.cancelled, "the task was cancelled"))) { pool.abandon(job) }
                }
                return
            } catch {
                guard error.waitsForTypes else { throw error }
                try await waitForTypes(of: statement, deadline)
            }
        }
    }

    /// Waits while another execution of the statement searches for the types of its parameters.
    private func waitForTypes(of statement: PostgresStatement, _ deadline: NIODeadline) async throws(PostgresError) {
        await statement.typing.waitForTurn(until: deadline, on: eventLoop)
        guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
        guard eventLoop.now < deadline else {
            throw PostgresError(.deadlineExceeded, "the query's deadline has passed")
        }
    }

    /// Executes a statement in its own transaction, commits, and returns the statement's rows as JSON.
    ///
    /// The call returns or throws at `deadline` at the latest. If the deadline passes before COMMIT was sent, the
    /// statement is cancelled on the server and has no effect; afterwards the error is
    /// ``PostgresError/Code/outcomeUnknown``. Cancelling the calling task only ends the wait for a connection: a write
    /// that has begun continues, because its caller has to know its outcome.
    ///
    /// After a serialization failure or a deadlock the transaction is repeated as often as `transaction` allows, with
    /// doubling waits.
    ///
    /// Under a condition, the isolation level is at least REPEATABLE READ, whatever is declared or is the session's
    /// default. The transaction is repeated at least once, and also after the violation of a unique or an exclusion
    /// constraint. So the write never changes a row that others have changed since the condition was evaluated. Rows
    /// that only the condition reads are protected against serializable transactions only, if this one is serializable.
    ///
    /// - Parameters:
    ///   - statement: the statement.
    ///   - parameters: the values of its parameters.
    ///   - transaction: the isolation level and the number of repetitions.
    ///   - condition: decides whether the write is executed.
    ///   - deadline: the deadline of the call.
    /// - Throws: ``PostgresError``, with ``PostgresError/Code/conditionNotMet`` if the condition does not allow the
    ///   write.
    public func write(
        _ statement: PostgresStatement,
        _ parameters: PostgresParameters = PostgresParameters(),
        _ transaction: PostgresTransactionOptions = PostgresTransactionOptions(),
        under condition: PostgresWriteCondition? = nil,
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
                if condition != nil, error.isOfExistingRow, !hasMetExistingRow, eventLoop.now < deadline {
                    hasMetExistingRow = true
                    continue
                }
                let pause = Self.retryBackoff.delay(afterFailures: retries + 1, random: .random(in: 0..<1))
                guard error.isSerializationFailure, retries < transaction.retries, eventLoop.now + pause < deadline,
                    (try? await eventLoop.sleep(for: pause)) != nil
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
                if job.attach({ continuation.resume(returning: $0) }) { pool.submit(job) }
            }
        } onCancel: {
            onCancel()
        }
        return try result.get()
    }

    /// Tests the server with a query that uses no tables, through the pool.
    ///
    /// - Parameter deadline: the deadline of the call.
    /// - Throws: ``PostgresError``.
    public func ping(deadline: NIODeadline) async throws(PostgresError) {
        _ = try await query(ConnectionPool.pingStatement, deadline: deadline)
    }
}
