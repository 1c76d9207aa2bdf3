/// A query as the pool sees it.
protocol PoolJob: Identifiable, Sendable where ID == UInt64 {
    /// The queries that share a line and a limit: those of one statement.
    var group: UInt64 { get }
    /// The queries of the group that may be under way at once.
    var concurrency: StatementConcurrency { get }
}

extension QueryJob: PoolJob {}
