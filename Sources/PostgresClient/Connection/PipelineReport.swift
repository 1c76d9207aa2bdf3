/// What the pool has to know of the queries of a connection that runs several.
struct PipelineReport {
    /// The queries whose places are free.
    var ended: [UInt64] = []
    /// Queries that have to run on a connection of their own. Their places are free when they have ended here.
    var returned: [QueryJob] = []
    /// The number of returned queries that the request to cancel another one hit.
    var hits = 0
    /// The number of queries that were sent behind others.
    var joined = 0
    /// The connection takes no more queries until all of them have ended.
    var isSealed = false

    /// There is something for the pool to do.
    var isNews: Bool { isSealed || !ended.isEmpty || !returned.isEmpty }
}
