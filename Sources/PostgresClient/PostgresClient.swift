public import Logging
public import NIOCore
public import ServiceLifecycle

/// A statement's rows as JSON.
public struct JSONAnswer: Sendable {
    /// The JSON text, in the form the statement's ``ResultShape`` names; `nil` for ``ResultShape/none``, and for
    /// ``ResultShape/one`` and ``ResultShape/value`` without a row.
    public let body: ByteBuffer?
    /// The rows the server returned (or, for ``ResultShape/none``, touched).
    public let rowCount: Int

    /// An answer with these parts, for tests that need no server.
    public init(body: ByteBuffer?, rowCount: Int) {
        self.body = body
        self.rowCount = rowCount
    }
}

/// Runs statements on a PostgreSQL server and returns their rows as JSON.
///
/// A few threads drive all connections through libpq's asynchronous interface. Nothing here blocks the caller's thread.
/// Rows become JSON bytes straight from libpq's memory, and the bytes are those of the server's own `row_to_json` in a
/// session with `TimeZone` UTC.
///
/// All sessions are read only (`default_transaction_read_only`), so a query that lost its connection is run once more.
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
    private static let pingStatement = PostgresStatement(sql: "SELECT 1", shape: .none)

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

    /// Runs a statement and returns its rows as JSON.
    ///
    /// The answer or an error is there when `deadline` passes, at the latest. When the deadline passes or the calling
    /// task is cancelled, the statement is cancelled on the server too.
    ///
    /// - Throws: ``PostgresError``.
    public func query(
        _ statement: PostgresStatement,
        _ parameters: PostgresParameters = PostgresParameters(),
        deadline: NIODeadline
    ) async throws(PostgresError) -> JSONAnswer {
        guard !parameters.containsNUL else {
            throw PostgresError(.invalidParameter, "a parameter contains a NUL character")
        }
        let job = QueryJob(statement: statement, parameters: parameters, deadline: deadline)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if job.attach(continuation) { pool.submit(job) }
            }
        } onCancel: {
            if job.finish(.failure(PostgresError(.cancelled, "the task was cancelled"))) { pool.abandon(job) }
        }
        return try result.get()
    }

    /// Makes sure that the server answers: a query that reads nothing, through the pool.
    ///
    /// - Throws: ``PostgresError``.
    public func ping(deadline: NIODeadline) async throws(PostgresError) {
        _ = try await query(Self.pingStatement, deadline: deadline)
    }
}
