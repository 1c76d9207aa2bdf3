/// Why a query has no answer.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: Sendable, Hashable {
        /// The connection string cannot be read, or a number of the configuration makes no sense.
        case invalidConfiguration
        /// A parameter cannot be sent: its text contains a NUL, or the number of parameters is not the statement's.
        case invalidParameter
        /// The statement's columns do not fit its ``ResultShape``, have no name of their own, or share one.
        case invalidStatement
        /// The rows make more JSON than one buffer holds, 4 GiB.
        case answerTooLarge
        /// No connection to the server can be had at the moment. ``PostgresError/underlying`` says why.
        case unavailable
        /// The pool's queue is full.
        case tooManyWaiters
        /// No connection became free within the lease timeout.
        case leaseTimeout
        /// The query's deadline passed. If the statement was running, it has been cancelled on the server.
        case deadlineExceeded
        /// The task that asked was cancelled. If the statement was running, it has been cancelled on the server.
        case cancelled
        /// The connection broke while the statement ran, and so did the second one, if time was left for a second one.
        case connectionLost
        /// A write's COMMIT was sent and the server's answer to it never came: the write may have taken effect, or not.
        /// ``PostgresError/underlying`` says what came between.
        case outcomeUnknown
        /// The condition of a write was not met, and nothing of the write was done.
        case conditionNotMet
        /// The server refused the statement or failed in it, with this SQLSTATE.
        case server(sqlState: String)
        /// The client is shutting down or was shut down.
        case shutDown
    }

    /// The kind of failure.
    public let code: Code
    /// What happened: the server's primary message, or the client's own.
    public let message: String
    /// The server's `DETAIL`.
    public var detail: String?
    /// The server's `HINT`.
    public var hint: String?
    /// The character of the statement the server complains about, counted from 1.
    public var position: Int?
    /// The name of the violated constraint.
    public var constraint: String?
    /// The name of the table that the error is about.
    public var table: String?
    /// The name of the column that the error is about.
    public var column: String?
    /// The message names things of the schema and of the server only, and no value that came from a user.
    var isMessagePlain = true
    /// The index of the statement's parameter whose value the server could not read, from 0.
    public var parameter: Int?
    /// The `oid` of the type that the value was read as.
    ///
    /// A parameter with a declared type may all the same have become one of a type that users have made. That is told by a type which
    /// every server has: a domain by its base type, an array as `anyarray`, a composite type as `record`, a range as `int4range`.
    public var parameterTypeOID: UInt32?
    /// The server refused the statement itself, before any value was looked at.
    public var isFromPreparing = false
    /// The error is about the statement of a write's ``PostgresCondition``.
    public var isFromCondition = false
    var pendingCommit: PendingCommit?
    /// Another run of the statement searches for the types of its parameters; nothing has been sent.
    var waitsForTypes = false
    /// The reason for which a server that can be reached gives no session.
    public internal(set) var refusal: SessionRefusal?
    /// What this failure follows from, for instance the last failed attempt to connect.
    public var underlying: (any Error)?

    /// A failure of this kind.
    public init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    /// For ``Code/outcomeUnknown``: returns when the COMMIT is no longer under way, as far as its connection can tell. Until
    /// then its effects may still become visible.
    public func commitIsOver() async {
        await pendingCommit?.wait()
    }

    static var typesAreSought: PostgresError {
        var error = PostgresError(.unavailable, "the types of the statement's parameters are not known yet")
        error.waitsForTypes = true
        return error
    }

    static var clientShutDown: PostgresError { PostgresError(.shutDown, "the client is shut down") }

    /// The SQLSTATE of a server's error.
    public var sqlState: String? {
        if case .server(let sqlState) = code { sqlState } else { nil }
    }

    /// Whether the transaction could not be made to look as if it had run alone, and may be run again: a serialization
    /// failure or a deadlock.
    var isSerializationFailure: Bool { ["40001", "40P01"].contains(sqlState) }

    /// True where a row that is there already stood in the way: a violated unique or exclusion constraint. A condition that was
    /// asked before that row was there sees it when it is asked again.
    var isOfExistingRow: Bool { ["23505", "23P01"].contains(sqlState) }
}
