public import NIOCore

/// A statement's rows as JSON.
public struct JSONAnswer: Sendable {
    /// The JSON text in the form of the statement's ``ResultShape``; `nil` for ``ResultShape/none``, and for
    /// ``ResultShape/one`` and ``ResultShape/value`` without a row.
    public let body: ByteBuffer?
    /// The number of rows that the server returned or, for ``ResultShape/none``, affected. If one row is wanted and
    /// many follow, a reading statement is stopped and the remaining rows are not counted.
    public let rowCount: Int
    /// The position to which the standby had replayed the log before the statement began; `nil` from a primary, and if
    /// it was not requested.
    public let position: PostgresLSN?

    /// Makes a result, for tests without a server.
    public init(body: ByteBuffer?, rowCount: Int, position: PostgresLSN? = nil) {
        self.body = body
        self.rowCount = rowCount
        self.position = position
    }
}
