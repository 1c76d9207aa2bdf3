/// The way in which a write runs.
public struct WritePolicy: Sendable, Hashable {
    /// The isolation of a transaction from others (PostgreSQL manual, 13.2).
    public enum Isolation: String, Sendable, Hashable, CaseIterable {
        /// Each statement sees what was committed before it.
        case readCommitted = "read-committed"
        /// The transaction sees what was committed before its first statement.
        case repeatableRead = "repeatable-read"
        /// As if transactions ran one after the other.
        case serializable
    }

    /// The isolation of the transaction; `nil`: the server's default.
    public package(set) var isolation: Isolation?
    /// The number of times that the transaction is run again after a serialization failure (SQLSTATE 40001) or a deadlock (40P01).
    public package(set) var retries: Int
    /// The largest request body that is read, in bytes. Larger ones are a 413.
    public package(set) var maxRequestBody: Int
    /// The tags that are purged once the write is committed, before it is answered.
    public package(set) var invalidates: [TagTemplate]
    /// The answers that are purged then because they are those of the path that the write changes.
    public package(set) var targets: [WriteTarget]

    /// A policy from its parts. An argument that is left out has the value of a manifest that doesn't name its setting.
    ///
    /// - Parameters:
    ///   - retries: 0 or more.
    ///   - maxRequestBody: bytes, positive.
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
