public import NIOCore

/// A statement's rows as JSON.
public struct JSONAnswer: Sendable {
    /// The JSON text, in the form the statement's ``ResultShape`` names; `nil` for ``ResultShape/none``, and for
    /// ``ResultShape/one`` and ``ResultShape/value`` without a row.
    public let body: ByteBuffer?
    /// The rows the server returned (or, for ``ResultShape/none``, touched). A statement that reads is stopped where one row is
    /// wanted and many come; they are not counted then.
    public let rowCount: Int
    /// How far the standby that answered had replayed the log before the statement saw anything; `nil` where a primary
    /// answered, or where nobody asked.
    public let position: PostgresLSN?

    /// An answer with these parts, for tests that need no server.
    public init(body: ByteBuffer?, rowCount: Int, position: PostgresLSN? = nil) {
        self.body = body
        self.rowCount = rowCount
        self.position = position
    }
}
