/// A statement that reads in a write's transaction, before the write's own statement, and that decides whether this one is run.
public struct PostgresCondition: Sendable {
    /// The statement that reads. It runs read-only.
    public let statement: PostgresStatement
    /// The values of its parameters.
    public let parameters: PostgresParameters
    /// Decides by the answer whether the write goes on. It runs on the connection's thread and must not block.
    public let allows: @Sendable (JSONAnswer) -> Bool

    /// A condition from its parts.
    ///
    /// - Parameters:
    ///   - statement: a statement that reads.
    ///   - parameters: the values of its parameters.
    ///   - allows: decides by the statement's answer whether the write goes on.
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

extension PostgresTransaction.Isolation {
    /// The isolation of a write under a condition, where this one is asked for.
    var underCondition: PostgresTransaction.Isolation { self == .serializable ? .serializable : .repeatableRead }

    /// The isolation of a write under a condition, where this one is what the server calls the default.
    init(underConditionByDefault name: String) {
        self = name == "serializable" ? .serializable : .repeatableRead
    }
}

extension PostgresTransaction {
    /// The transaction of a write under a condition: what the condition has read and the write then changes is of one snapshot.
    ///
    /// It has at least the isolation REPEATABLE READ, at which a row that another transaction has changed meanwhile is never
    /// overwritten, and is run again at least once, so that the condition is asked about what is there now. Where no isolation is
    /// declared, the session raises its own default alone, which may be SERIALIZABLE.
    var underCondition: PostgresTransaction {
        PostgresTransaction(isolation: isolation.map(\.underCondition), retries: max(1, retries))
    }
}
