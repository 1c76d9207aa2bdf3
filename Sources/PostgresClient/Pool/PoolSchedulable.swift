/// A query from the point of view of the pool.
protocol PoolSchedulable: Identifiable, Sendable where ID == UInt64 {
    /// The group of queries that share a line and a limit: those of one statement.
    var group: UInt64 { get }
    /// The number of queries of the group that may run at once.
    var concurrency: StatementConcurrencyLimit { get }
    /// Indicates that others may be under way on its connection.
    var mayShareConnection: Bool { get }
}

extension QueryJob: PoolSchedulable {}
