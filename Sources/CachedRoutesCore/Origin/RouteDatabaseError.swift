/// The failure of a statement.
public struct RouteDatabaseError: Error, Sendable, CustomStringConvertible {
    /// The kind of a failure, which decides the status of the response.
    public enum Kind: Sendable, Hashable {
        /// The database can't be reached, or accepts no writes.
        case unavailable
        /// Every connection is in use and none became free in time, or the database has no resources for more work.
        case overloaded
        /// The deadline passed. A write was rolled back.
        case deadlineExceeded
        /// The caller's task was cancelled. A write was rolled back.
        case cancelled
        /// The COMMIT of a write was sent and its result is not known.
        case outcomeUnknown
        /// The transaction and its retries failed because of concurrent transactions, or it did not get a lock.
        case contended
        /// The condition of a write was not met, and nothing was written.
        case preconditionFailed
        /// The database refused a value.
        case badValue
        /// The values conflict with existing rows: they exist already, or refer to a row that does not exist.
        case conflict
        /// The service's role, or a row security policy, does not allow the statement.
        case forbidden
        /// A function or trigger of the database refused the request (`RAISE EXCEPTION`).
        case refused
        /// Any other failure, such as a statement that the server refuses.
        case failed
    }

    /// The kind of the failure.
    public let kind: Kind
    /// The name of the constraint that was violated; `nil` if none was.
    public let constraint: String?
    /// The index of the statement's parameter whose value could not be read; `nil` if no single one is to blame.
    public let parameter: Int?
    /// True if the statement of a write's condition failed.
    public let isOfCondition: Bool
    /// The failure for the log, without users' values: more people read a log than a table.
    public let description: String
    /// The whole failure with users' values, for the log at `debug` only; `nil` if ``description`` is complete.
    public let fullDescription: String?
    /// For ``Kind/outcomeUnknown``: returns when the COMMIT is no longer in progress, as far as can be told.
    public let commitIsOver: (@Sendable () async -> Void)?

    /// Creates a failure.
    ///
    /// - Parameters:
    ///   - kind: the kind of the failure, which decides the status of the response.
    ///   - description: the failure for the log, without users' values.
    ///   - fullDescription: the failure with users' values.
    ///   - constraint: the name of the constraint that refused the values.
    ///   - parameter: the index of the parameter whose value was refused.
    ///   - isOfCondition: true if the statement of a write's condition failed.
    ///   - commitIsOver: returns when a COMMIT without a reply has ended.
    public init(
        _ kind: Kind,
        _ description: String,
        fullDescription: String? = nil,
        constraint: String? = nil,
        parameter: Int? = nil,
        isOfCondition: Bool = false,
        commitIsOver: (@Sendable () async -> Void)? = nil
    ) {
        self.kind = kind
        self.constraint = constraint
        self.parameter = parameter
        self.isOfCondition = isOfCondition
        self.description = description
        self.fullDescription = fullDescription
        self.commitIsOver = commitIsOver
    }
}
