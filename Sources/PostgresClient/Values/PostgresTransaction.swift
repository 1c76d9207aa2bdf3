/// How a write runs: in a transaction of its own, which is committed before the answer is given.
public struct PostgresTransaction: Sendable, Hashable {
    /// What a transaction sees of others (PostgreSQL manual, 13.2).
    public enum Isolation: String, Sendable, Hashable {
        /// Each statement sees what was committed before it.
        case readCommitted = "READ COMMITTED"
        /// The transaction sees what was committed before its first statement.
        case repeatableRead = "REPEATABLE READ"
        /// As if transactions ran one after the other.
        case serializable = "SERIALIZABLE"
    }

    /// The isolation; `nil`: the server's default.
    public var isolation: Isolation?
    /// How often the transaction is run again after a serialization failure (SQLSTATE 40001) or a deadlock (40P01).
    public var retries: Int

    /// A transaction from its parts.
    public init(isolation: Isolation? = nil, retries: Int = 0) {
        self.isolation = isolation
        self.retries = retries
    }
}
