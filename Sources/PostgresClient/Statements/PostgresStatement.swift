import Synchronization

/// An SQL statement that is run many times.
///
/// Make it once and keep it: connections remember the prepared statement by the identity given here, which copies
/// share.
public struct PostgresStatement: Sendable {
    /// One SQL statement with parameters `$1` to `$n`.
    public let sql: String
    /// The types that each parameter may be given. A parameter without an entry is left to the server.
    public let parameterTypes: [ParameterTypes]
    /// What the rows become.
    public let shape: ResultShape
    /// The queries of the statement that may be under way at once in one client.
    public let concurrency: StatementConcurrency

    let id: UInt64
    /// The types of the parameters, once they are known.
    let typing: StatementTyping
    private static let lastID = Atomic<UInt64>(0)

    /// A statement with an identity of its own. Nothing is checked or sent until it is first run.
    public init(
        sql: String,
        parameters parameterTypes: [ParameterTypes],
        shape: ResultShape,
        concurrency: StatementConcurrency = .unlimited
    ) {
        self.concurrency = concurrency
        self.sql = sql
        self.parameterTypes = parameterTypes
        self.shape = shape
        typing = StatementTyping(sql: sql, parameters: parameterTypes)
        id = Self.lastID.add(1, ordering: .relaxed).newValue
    }

    /// A statement whose parameters have the types that the server infers and, where it can't, those given here.
    public init(sql: String, parameterTypes: [PostgresType?] = [], shape: ResultShape) {
        self.init(sql: sql, parameters: parameterTypes.map { .inferred(else: $0) }, shape: shape)
    }
}
