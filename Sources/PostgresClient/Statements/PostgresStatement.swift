import Synchronization

/// An SQL statement that is executed many times.
///
/// Make it once and keep it: connections identify the prepared statement by the identity that is assigned here, which
/// copies share.
public struct PostgresStatement: Sendable {
    /// The parts of a statement, which copies share: a query passes its statement on many times.
    private final class Parts: Sendable {
        let sql: String
        let parameterTypes: [ParameterTypeCandidates]
        let shape: ResultShape
        let concurrency: StatementConcurrencyLimit
        let id: UInt64
        let typing: StatementTyping
        let cost = StatementCost()
        let expectation: StatementExpectation?

        init(
            sql: String,
            _ parameterTypes: [ParameterTypeCandidates],
            _ shape: ResultShape,
            _ concurrency: StatementConcurrencyLimit,
            _ expectation: StatementExpectation?
        ) {
            self.sql = sql
            self.parameterTypes = parameterTypes
            self.shape = shape
            self.concurrency = concurrency
            self.expectation = expectation
            id = lastID.add(1, ordering: .relaxed).newValue
            typing = StatementTyping(sql: sql, parameters: parameterTypes)
        }
    }

    private let parts: Parts
    private static let lastID = Atomic<UInt64>(0)

    /// A single SQL statement with parameters `$1` to `$n`.
    public var sql: String { parts.sql }
    /// The candidate types of each parameter. A parameter without an entry is left to the server.
    public var parameterTypes: [ParameterTypeCandidates] { parts.parameterTypes }
    /// The form of the result.
    public var shape: ResultShape { parts.shape }
    /// The number of the statement's queries that may run at once in one client.
    public var concurrency: StatementConcurrencyLimit { parts.concurrency }

    var id: UInt64 { parts.id }
    /// The types of the parameters, once they are known.
    var typing: StatementTyping { parts.typing }
    /// The types of parameters and columns with which the server's description is compared; `nil` if none are known.
    var expectation: StatementExpectation? { parts.expectation }
    /// The recent cost of its executions.
    var cost: StatementCost { parts.cost }

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
        self.init(
            sql: sql,
            parameters: parameterTypes,
            shape: shape,
            concurrency: concurrency,
            expectation: nil
        )
    }

    /// Makes a statement whose description by the server is compared with what is known of it.
    ///
    /// - Parameters:
    ///   - sql: a single SQL statement.
    ///   - parameterTypes: the candidate types of each parameter.
    ///   - shape: the form of the result.
    ///   - concurrency: the number of queries that may run at once.
    ///   - expectation: the known types of parameters and columns; `nil` if there are none.
    package init(
        sql: String,
        parameters parameterTypes: [ParameterTypeCandidates],
        shape: ResultShape,
        concurrency: StatementConcurrencyLimit,
        expectation: StatementExpectation?
    ) {
        parts = Parts(sql: sql, parameterTypes, shape, concurrency, expectation)
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
