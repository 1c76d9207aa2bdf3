/// Why a statement was not answered.
public struct RouteDatabaseError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is, which decides the status of the answer.
    public enum Kind: Sendable, Hashable {
        /// The database can't be reached, or takes no writes.
        case unavailable
        /// Every connection is in use and no one came back in time, or the database has no room for more work.
        case overloaded
        /// The deadline passed. Nothing of a write was kept.
        case deadlineExceeded
        /// The caller left. Nothing of a write was kept.
        case cancelled
        /// A write's commit was asked for and its result is not known.
        case outcomeUnknown
        /// The transaction could not run beside others, and neither could its retries; or it did not get a lock.
        case contended
        /// The condition of a write was not met, and nothing was done.
        case preconditionFailed
        /// The database refused a value.
        case badValue
        /// The values contradict what is stored: they exist already, or refer to what does not exist.
        case conflict
        /// The service's role, or a policy, does not allow this.
        case forbidden
        /// A function or trigger of the database refused the request (`RAISE EXCEPTION`).
        case refused
        /// Anything else: a statement the server refuses, for instance.
        case failed
    }

    /// What kind of failure it is.
    public let kind: Kind
    /// The name of the constraint that was violated, where one was.
    public let constraint: String?
    /// The index of the statement's parameter whose value could not be read.
    public let parameter: Int?
    /// True where the statement that failed is that of a write's condition.
    public let isOfCondition: Bool
    /// The failure for the log, without values of users: a log is read by more people than a table is.
    public let description: String
    /// Everything that is known, values of users included, for the log at debug only; `nil`: ``description`` is all.
    public let fullDescription: String?
    /// For ``Kind/outcomeUnknown``: returns when the commit is no longer under way, as far as can be told.
    public let commitIsOver: (@Sendable () async -> Void)?

    /// A failure from its parts.
    ///
    /// - Parameters:
    ///   - kind: the kind of failure, which decides about the response.
    ///   - description: what happened, without values of users.
    ///   - fullDescription: what happened, with values.
    ///   - constraint: the name of the constraint that refused the values.
    ///   - parameter: the index of the parameter whose value was refused.
    ///   - isOfCondition: true for a failure of the statement of a write's condition.
    ///   - commitIsOver: waits until a COMMIT without a reply has ended.
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
