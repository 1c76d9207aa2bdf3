/// The events of the queries that share a connection, for the pool.
struct PipelineReport {
    /// The queries whose places are free.
    var ended: [UInt64] = []
    /// Queries that have to run on a connection of their own. Their places stay taken until they have ended here.
    var returned: [QueryJob] = []
    /// The number of returned queries that were hit by the cancel request for another one.
    var hits = 0
    /// The number of queries that were sent behind others.
    var joined = 0
    /// Indicates that the connection takes no more queries until all have ended.
    var isSealed = false

    /// Indicates that the pool has something to do.
    var isNews: Bool { isSealed || !ended.isEmpty || !returned.isEmpty }
}
