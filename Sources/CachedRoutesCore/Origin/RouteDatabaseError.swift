/// The failure of a statement.
public struct RouteDatabaseError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure, which decides the status of the response. More kinds may be added.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The database can't be reached, or accepts no writes.
        public static let unavailable = Code(.unavailable)
        /// Every connection is in use and none became free in time, or the database has no resources for more work.
        public static let overloaded = Code(.overloaded)
        /// The deadline passed. A write was rolled back.
        public static let deadlineExceeded = Code(.deadlineExceeded)
        /// The caller's task was cancelled. A write was rolled back.
        public static let cancelled = Code(.cancelled)
        /// The COMMIT of a write was sent and its result is not known.
        public static let outcomeUnknown = Code(.outcomeUnknown)
        /// The transaction and its retries failed because of concurrent transactions, or it did not get a lock.
        public static let contended = Code(.contended)
        /// The condition of a write was not met, and nothing was written.
        public static let preconditionFailed = Code(.preconditionFailed)
        /// The database refused a value.
        public static let badValue = Code(.badValue)
        /// The values conflict with existing rows: they exist already, or refer to a row that does not exist.
        public static let conflict = Code(.conflict)
        /// The service's role, or a row security policy, does not allow the statement.
        public static let forbidden = Code(.forbidden)
        /// A function or trigger of the database refused the request (`RAISE EXCEPTION`).
        public static let refused = Code(.refused)
        /// Any other failure, such as a statement that the server refuses.
        public static let failed = Code(.failed)

        /// The kinds of this version.
        package enum Kind: Hashable, Sendable, CaseIterable {
            case unavailable, overloaded, deadlineExceeded, cancelled, outcomeUnknown, contended, preconditionFailed
            case badValue, conflict, forbidden, refused, failed
        }

        /// The kind.
        package let kind: Kind

        /// Makes a code.
        package init(_ kind: Kind) { self.kind = kind }

        /// The name of the code.
        public var description: String { "\(kind)" }
    }

    /// The kind of the failure.
    public let code: Code
    /// The failure for the log, without users' values: more people read a log than a table.
    public let message: String
    /// The failure with users' values, for the log at `debug` only; `nil` if ``message`` is complete.
    public let fullDescription: String?
    /// The error of the database's client that caused this one. It may contain users' values.
    public let underlying: (any Error)?
    /// The name of the constraint that was violated; `nil` if none was.
    public let constraint: String?
    /// The name of the table whose constraint was violated; `nil` if it is not known.
    public let table: String?
    /// The index of the statement's parameter whose value could not be read; `nil` if no single one is to blame.
    public let parameter: Int?
    /// True if the statement of a write's condition failed.
    public let isOfCondition: Bool
    /// For ``Code/outcomeUnknown``: returns when the COMMIT is no longer in progress, as far as can be told.
    public let commitIsOver: (@Sendable () async -> Void)?

    /// Creates a failure.
    ///
    /// - Parameters:
    ///   - code: the kind of the failure, which decides the status of the response.
    ///   - message: the failure for the log, without users' values.
    ///   - fullDescription: the failure with users' values.
    ///   - constraint: the name of the constraint that refused the values.
    ///   - table: the name of the constraint's table.
    ///   - parameter: the index of the parameter whose value was refused.
    ///   - isOfCondition: true if the statement of a write's condition failed.
    ///   - commitIsOver: returns when a COMMIT without a reply has ended.
    ///   - underlying: the error of the database's client.
    public init(
        _ code: Code,
        _ message: String,
        fullDescription: String? = nil,
        constraint: String? = nil,
        table: String? = nil,
        parameter: Int? = nil,
        isOfCondition: Bool = false,
        commitIsOver: (@Sendable () async -> Void)? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.fullDescription = fullDescription
        self.underlying = underlying
        self.constraint = constraint
        self.table = table
        self.parameter = parameter
        self.isOfCondition = isOfCondition
        self.commitIsOver = commitIsOver
    }

    /// The message. It goes without the code, because that of a database's client begins with a more precise one.
    public var description: String { message }
}
