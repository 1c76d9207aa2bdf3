public import RouteModel

/// A statement with `$1`, `$2`, … in place of `:name`.
public struct PositionalStatement: Sendable, Hashable {
    /// The statement that is sent to PostgreSQL.
    public var sql: String
    /// The inputs that are bound to `$1`, `$2`, ….
    public var parameters: [ParameterBinding]
    /// The description of the statement in the lock; `nil` without a lock.
    package var locked: LockedStatement?

    /// Creates a statement.
    public init(sql: String, parameters: [ParameterBinding]) {
        self.sql = sql
        self.parameters = parameters
    }
}
