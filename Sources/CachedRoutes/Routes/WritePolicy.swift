public import RouteModel

/// How a write runs.
public struct WritePolicy: Sendable, Hashable {
    /// What a transaction sees of others (PostgreSQL manual, 13.2).
    public enum Isolation: Sendable, Hashable {
        /// Each statement sees what was committed before it.
        case readCommitted
        /// The transaction sees what was committed before its first statement.
        case repeatableRead
        /// As if transactions ran one after the other.
        case serializable
    }

    /// The isolation of the transaction; `nil`: the server's default.
    public let isolation: Isolation?
    /// How often the transaction is run again after a serialization failure (SQLSTATE 40001) or a deadlock (40P01).
    public let retries: Int
    /// The largest request body that is read, in bytes. Larger ones are a 413.
    public let maxRequestBody: Int
    /// The tags that are purged once the write is committed, before it is answered.
    public let invalidates: [TagTemplate]
    /// The answers that are purged then because they are those of the path that the write changes.
    public let targets: [WriteTarget]

    /// A policy from its parts.
    public init(
        isolation: Isolation? = nil,
        retries: Int = 0,
        maxRequestBody: Int = 1 << 20,
        invalidates: [TagTemplate] = [],
        targets: [WriteTarget] = []
    ) {
        precondition(retries >= 0, "retries are counted from 0")
        precondition(maxRequestBody > 0, "a body limit is positive")
        self.isolation = isolation
        self.retries = retries
        self.maxRequestBody = maxRequestBody
        self.invalidates = invalidates
        self.targets = targets
    }
}

/// The server that a route's statement is sent to.
public enum ReadPreference: Sendable, Hashable {
    /// The one that takes writes.
    case primary
    /// A standby, or the primary where none can be had.
    case replica
}

/// What a client is told when a constraint of the database refuses its values.
public struct ConstraintAnswer: Sendable, Hashable {
    /// The status, 400 to 599.
    public let status: Int
    /// A sentence for the client.
    public let message: String

    /// An answer from its parts.
    public init(_ status: Int, _ message: String) {
        precondition((400...599).contains(status), "the status of an error is 400 to 599")
        self.status = status
        self.message = message
    }
}
