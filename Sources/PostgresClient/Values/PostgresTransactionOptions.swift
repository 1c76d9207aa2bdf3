/// The settings of a write's own transaction, which is committed before its result is returned.
public struct PostgresTransactionOptions: Sendable, Hashable {
    /// A transaction isolation level (PostgreSQL manual, 13.2).
    public enum Isolation: String, Sendable, Hashable {
        /// Each statement sees what was committed before it began.
        case readCommitted = "READ COMMITTED"
        /// The transaction sees what was committed before its first statement began.
        case repeatableRead = "REPEATABLE READ"
        /// Transactions behave as if they had run one after another.
        case serializable = "SERIALIZABLE"
    }

    /// The isolation level; `nil` for the server's default.
    public var isolation: Isolation?
    /// The number of times that the transaction is repeated after a serialization failure (SQLSTATE 40001) or a
    /// deadlock (40P01).
    public var retries: Int

    /// Makes the settings of a transaction.
    public init(isolation: Isolation? = nil, retries: Int = 0) {
        self.isolation = isolation
        self.retries = retries
    }
}
