import NIOCore

/// Receives the events of the connections that a ``ReactorLoop`` drives.
///
/// All methods are called on the loop's thread, except for completions.
protocol ReactorDelegate: AnyObject, Sendable {
    /// The configuration of the connections.
    var configuration: PostgresConfiguration { get }

    /// Does the work that is due at this time.
    ///
    /// - Returns: the time of the next call.
    func tick(_ now: NIODeadline) -> NIODeadline

    /// Tells the delegate that a connection has finished a job that had the connection to itself.
    func released(_ id: UInt64, job: UInt64)

    /// Tells the delegate that a connection has been closed.
    func closed(_ id: UInt64)

    /// Reports events of the queries that share a connection, which may have ended.
    func reported(_ report: PipelineReport, on id: UInt64)

    /// Tells the delegate that a connection broke. `jobs` are the queries that it was running and that may be run
    /// again.
    func lost(_ id: UInt64, jobs: [QueryJob], error: PostgresError)

    /// Returns a query that was not sent because its connection had broken before.
    func returned(_ job: QueryJob)

    /// Sends a cancel request without blocking the caller, and calls `completion` once the server has received it.
    ///
    /// - Returns: `false` if the request can't be sent; `completion` is not called then, and the caller keeps the request.
    func send(_ request: CancelRequest, completion: @escaping @Sendable () -> Void) -> Bool
}
