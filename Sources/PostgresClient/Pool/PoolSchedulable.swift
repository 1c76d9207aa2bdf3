/// The properties of a query on which the pool's decisions depend.
protocol PoolSchedulable: Identifiable, Sendable where ID == UInt64 {
    /// The group of queries that share a line and a limit: those of one statement.
    var group: UInt64 { get }
    /// The number of queries of the group that may run at once.
    var concurrency: StatementConcurrencyLimit { get }
    /// Indicates that other queries may be in flight on the same connection.
    var mayShareConnection: Bool { get }
}

extension QueryJob: PoolSchedulable {}
