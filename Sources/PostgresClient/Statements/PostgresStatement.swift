import Synchronization

/// An SQL statement that is executed many times.
///
/// Make it once and keep it: connections identify the prepared statement by the identity that is assigned here, which
/// copies share.
public struct PostgresStatement: Sendable {
    /// A single SQL statement with parameters `$1` to `$n`.
    public let sql: String
    /// The candidate types of each parameter. A parameter without an entry is left to the server.
    public let parameterTypes: [ParameterTypeCandidates]
    /// The form of the result.
    public let shape: ResultShape
    /// The number of the statement's queries that may run at once in one client.
    public let concurrency: StatementConcurrencyLimit

    let id: UInt64
    /// The types of the parameters, once they are known.
    let typing: StatementTyping
    /// The recent cost of its executions.
    let cost = StatementCost()
    private static let lastID = Atomic<UInt64>(0)

    /// Makes a statement with its own identity. Nothing is checked or sent until its first execution.
    ///
    /// - Parameters:
    ///   - sql: a single SQL statement.
    ///   - parameterTypes: the candidate types of each parameter.
    ///   - shape: the form of the result.
    ///   - concurrency: the number of queries that may run at once.
    public init(
        sql: String,
        parameters parameterTypes: [ParameterTypeCandidates],
        shape: ResultShape,
        concurrency: StatementConcurrencyLimit = .unlimited
    ) {
        self.concurrency = concurrency
        self.sql = sql
        self.parameterTypes = parameterTypes
        self.shape = shape
        typing = StatementTyping(sql: sql, parameters: parameterTypes)
        id = Self.lastID.add(1, ordering: .relaxed).newValue
    }

    /// Makes a statement whose parameters have the types that the server infers or, if it can't, those given here.
    ///
    /// - Parameters:
    ///   - sql: a single SQL statement.
    ///   - parameterTypes: the type of each parameter for which the server infers none.
    ///   - shape: the form of the result.
    public init(sql: String, parameterTypes: [PostgresType?] = [], shape: ResultShape) {
        self.init(sql: sql, parameters: parameterTypes.map { .inferred(else: $0) }, shape: shape)
    }
}
