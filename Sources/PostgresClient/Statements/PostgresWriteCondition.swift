/// A reading statement in a write's transaction that is executed before the write's own statement and decides whether
/// that is executed.
public struct PostgresWriteCondition: Sendable {
    /// The reading statement, which is executed read-only.
    public let statement: PostgresStatement
    /// The values of its parameters.
    public let parameters: PostgresParameters
    /// Decides by the statement's result if the write is executed. It is called on the connection's thread and must not
    /// block.
    public let allows: @Sendable (JSONAnswer) -> Bool

    /// Makes a condition.
    ///
    /// - Parameters:
    ///   - statement: a reading statement.
    ///   - parameters: the values of its parameters.
    ///   - allows: decides by the statement's result if the write is executed.
    public init(
        _ statement: PostgresStatement,
        _ parameters: PostgresParameters = PostgresParameters(),
        allows: @escaping @Sendable (JSONAnswer) -> Bool
    ) {
        self.statement = statement
        self.parameters = parameters
        self.allows = allows
    }
}

extension PostgresTransactionOptions.Isolation {
    /// The isolation level of a write under a condition that declares this one.
    var underCondition: PostgresTransactionOptions.Isolation { self == .serializable ? .serializable : .repeatableRead }

    /// The isolation level of a write under a condition, from the name of the server's default.
    init(underConditionByDefault name: String) {
        self = name == "serializable" ? .serializable : .repeatableRead
    }
}

extension PostgresTransactionOptions {
    /// The transaction of a write under a condition, which reads and changes rows of one snapshot.
    ///
    /// Its isolation level is at least REPEATABLE READ, which never overwrites a row that another transaction has
    /// changed meanwhile, and it is repeated at least once, so that the condition is evaluated on current rows. If no
    /// level is declared, the session raises its own default, which may be SERIALIZABLE.
    var underCondition: PostgresTransactionOptions {
        PostgresTransactionOptions(isolation: isolation.map(\.underCondition), retries: max(1, retries))
    }
}
