/// The reason for which a query has no result.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
    /// A kind of failure. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The connection string can't be read, or a number of the configuration is invalid.
        public static let invalidConfiguration = Code(.invalidConfiguration)
        /// A parameter can't be sent: its text contains a NUL, or the number of parameters is not that of the
        /// statement.
        public static let invalidParameter = Code(.invalidParameter)
        /// The statement's columns do not fit its ``ResultShape``, have no names, or have duplicate names.
        public static let invalidStatement = Code(.invalidStatement)
        /// The JSON of the rows does not fit in one buffer of 4 GiB.
        public static let answerTooLarge = Code(.answerTooLarge)
        /// There is no connection to the server at the moment. ``PostgresError/underlying`` has the reason.
        public static let unavailable = Code(.unavailable)
        /// The pool's queue is full.
        public static let tooManyWaiters = Code(.tooManyWaiters)
        /// No connection became free within ``PostgresConfiguration/leaseTimeout``.
        public static let leaseTimeout = Code(.leaseTimeout)
        /// The query's deadline passed. If the statement was running, it has been cancelled on the server.
        public static let deadlineExceeded = Code(.deadlineExceeded)
        /// The calling task was cancelled. If the statement was running, it has been cancelled on the server.
        public static let cancelled = Code(.cancelled)
        /// The connection broke while the statement was running, and so did a second one if there was time for it.
        public static let connectionLost = Code(.connectionLost)
        /// A write's COMMIT was sent but its result is unknown: the write may or may not have taken effect.
        /// ``PostgresError/underlying`` has the reason.
        public static let outcomeUnknown = Code(.outcomeUnknown)
        /// The condition of a write was not met, and the write was not executed.
        public static let conditionNotMet = Code(.conditionNotMet)

        /// The server refused the statement or its execution failed, with this SQLSTATE.
        ///
        /// - Parameter sqlState: the SQLSTATE of five characters.
        public static func server(sqlState: String) -> Code { Code(.server(sqlState: sqlState)) }
        /// The client is shutting down or has been shut down.
        public static let shutDown = Code(.shutDown)

        /// The kinds of this version.
        package enum Kind: Hashable, Sendable {
            case invalidConfiguration, invalidParameter, invalidStatement, answerTooLarge, unavailable
            case tooManyWaiters, leaseTimeout, deadlineExceeded, cancelled, connectionLost
            case outcomeUnknown, conditionNotMet, shutDown
            case server(sqlState: String)
        }

        /// The kind.
        package let kind: Kind

        /// Makes a code.
        init(_ kind: Kind) { self.kind = kind }

        /// The name of the code, with the SQLSTATE of a server's error.
        public var description: String { "\(kind)" }
    }

    /// The kind of failure.
    public let code: Code
    /// The server's primary message, or the client's own.
    public let message: String
    /// The server's `DETAIL`.
    public var detail: String?
    /// The server's `HINT`.
    public var hint: String?
    /// The character of the statement to which the error refers, from 1.
    public var position: Int?
    /// The offset, from 0, of the byte to which the error refers in the statement as it was written, whose parameters may
    /// have other numbers than those of the text to which ``position`` refers. Only inspections set it.
    package var sentByte: Int?
    /// The name of the violated constraint.
    public var constraint: String?
    /// The name of the table to which the error refers.
    public var table: String?
    /// The name of the column to which the error refers.
    public var column: String?
    /// Indicates that the message contains names of the schema and the server only, and no users' values.
    var isMessagePlain = true
    /// The index, from 0, of the statement's parameter whose value the server could not read.
    public var parameter: Int?
    /// The `oid` of the type as which the value was read.
    ///
    /// Even a parameter with a declared type may have become one of a user-defined type. It is then described by a type
    /// that every server has: a domain by its base type, an array as `anyarray`, a composite type as `record`, a range
    /// as `int4range`.
    public var parameterTypeOID: UInt32?
    /// Indicates that the server refused the statement itself, before it examined any value.
    public var isFromPreparing = false
    /// Indicates that the error concerns the statement of a write's ``PostgresWriteCondition``.
    public var isFromCondition = false
    var pendingCommit: PendingCommit?
    /// Indicates that another execution of the statement is searching for its parameters' types, and that nothing has
    /// been sent.
    var waitsForTypes = false
    /// The reason for which a reachable server refuses sessions.
    public internal(set) var refusal: PostgresSessionRefusal?
    /// The cause of this error, such as the last failed attempt to connect.
    public var underlying: (any Error)?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: the kind of failure.
    ///   - message: the reason in words.
    ///   - underlying: the cause.
    public init(_ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    /// Waits after ``Code/outcomeUnknown`` until the COMMIT is no longer in progress, as far as its connection can
    /// tell. Its effects may become visible until then.
    public func commitIsOver() async {
        await pendingCommit?.wait()
    }

    static var typesAreSought: PostgresError {
        var error = PostgresError(.unavailable, "the types of the statement's parameters are not known yet")
        error.waitsForTypes = true
        return error
    }

    static var clientShutDown: PostgresError { PostgresError(.shutDown, "the client is shut down") }

    /// The SQLSTATE of a server's error; `nil` for other errors.
    public var sqlState: String? {
        if case .server(let sqlState) = code.kind { sqlState } else { nil }
    }

    /// Indicates a serialization failure or a deadlock, after which the transaction may be repeated.
    var isSerializationFailure: Bool { ["40001", "40P01"].contains(sqlState) }

    /// Indicates that an existing row violates a unique or an exclusion constraint. If a condition was evaluated before
    /// that row existed, it sees the row when it is evaluated again.
    var isOfExistingRow: Bool { ["23505", "23P01"].contains(sqlState) }
}
