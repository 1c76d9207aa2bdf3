public import RouteModel

/// A statement with `$1`, `$2`, … in place of `:name`.
public struct BoundStatement: Sendable, Hashable {
    /// The statement as PostgreSQL gets it.
    public var sql: String
    /// For each parameter, what is bound to it, by the order of the route's inputs.
    public var parameters: [BoundParameter]

    /// A statement from its parts.
    public init(sql: String, parameters: [BoundParameter]) {
        self.sql = sql
        self.parameters = parameters
    }
}
