/// The queries in flight on one connection in pipeline mode, in the order in which they were sent. Decides which
/// queries may join, what happens to each of them, and which one is cancelled.
///
/// Each query is a group of messages that ends in a sync, so an error ends its own group only, and the server runs one
/// query after another. As far as the client can tell, the first one is running.
///
/// A cancel request names a connection and not a query, so it may hit the query behind its target. From the request on,
/// the connection is sealed: no query joins until the request has returned and everything in flight has been read. A
/// query that is hit meanwhile runs again. A connection whose first query is slow is sealed, too, and the queries
/// behind it run elsewhere.
struct PipelineStateMachine {
    /// The outcome of a query, from its results.
    enum Outcome {
        case done
        case failed(PostgresError)
        /// The results may come from an outdated plan, or there are none.
        case doubtful
    }

    /// The decision about a query whose results have been read.
    enum Verdict {
        case answer
        case fail(PostgresError)
        /// The query runs again, on a connection of its own.
        case runAgain(wasHit: Bool)
        /// The query was abandoned.
        case drop
    }

    /// The action that follows an event.
    enum Action {
        case none
        /// Send a cancel request and report its return by ``PipelineStateMachine/cancelReturned()``.
        case cancel
    }

    private struct Query {
        let id: UInt64
        /// Indicates that the result is no longer needed here.
        var isAbandoned = false
        /// Indicates that the query was abandoned while it was running, and that its cancel request has not been sent.
        var awaitsCancel = false
    }

    /// The largest number of queries in flight.
    private let depth: Int
    private var queries: [Query] = []
    /// Indicates that a cancel request is in flight.
    private(set) var isCancelling = false
    /// Indicates that no query may join.
    private(set) var isSealed = false
    /// Indicates that a cancel request has been sent since the connection was last free.
    private var mayBeHit = false

    init(depth: Int) {
        self.depth = depth
    }

    /// The number of queries in flight.
    var count: Int { queries.count }
    /// Indicates that there is a place for another query.
    var isOpen: Bool { !isSealed && queries.count < depth }
    /// Indicates that all results have been read and no cancel request can reach a later query.
    var isFree: Bool { queries.isEmpty && !isCancelling }
    /// Indicates that the running query was abandoned.
    var isHeadAbandoned: Bool { queries.first?.isAbandoned ?? false }

    // MARK: - Events

    /// Adds a query that is about to be sent.
    ///
    /// - Returns: `false` if there is no place for it.
    mutating func admit(_ id: UInt64) -> Bool {
        guard isOpen else { return false }
        queries.append(Query(id: id))
        return true
    }

    /// Removes the first query, all of whose results have been read, and decides about it.
    mutating func completed(_ outcome: Outcome) -> Verdict {
        guard !queries.isEmpty else { return .drop }
        let query = queries.removeFirst()
        let mayBeHit = mayBeHit
        unsealIfFree()
        guard !query.isAbandoned else { return .drop }
        switch outcome {
        case .done: return .answer
        case .failed(let error) where mayBeHit && error.sqlState == "57014": return .runAgain(wasHit: true)
        case .failed(let error): return .fail(error)
        case .doubtful: return .runAgain(wasHit: false)
        }
    }

    /// Abandons a query. It is cancelled only if it is running.
    mutating func abandoned(_ id: UInt64) -> Action {
        guard let index = queries.firstIndex(where: { $0.id == id }), !queries[index].isAbandoned else { return .none }
        queries[index].isAbandoned = true
        guard index == 0 else { return .none }
        queries[0].awaitsCancel = true
        return cancelIfDue()
    }

    /// Records that the cancel request was delivered or has failed for good.
    mutating func cancelReturned() -> Action {
        guard isCancelling else { return .none }
        isCancelling = false
        unsealIfFree()
        return cancelIfDue()
    }

    /// Moves the queries behind a slow one elsewhere. Their results are dropped here, and no other query joins.
    ///
    /// - Returns: the moved queries, in order.
    mutating func stalled() -> [UInt64] {
        let moved = queries.dropFirst().filter { !$0.isAbandoned }.map(\.id)
        guard !moved.isEmpty else { return [] }
        for index in queries.indices.dropFirst() { queries[index].isAbandoned = true }
        isSealed = true
        return moved
    }

    /// Removes all queries, because the connection has ended.
    ///
    /// - Returns: the queries that were not abandoned, in order.
    mutating func ended() -> [UInt64] {
        defer {
            queries = []
            isCancelling = false
            isSealed = true
        }
        return queries.filter { !$0.isAbandoned }.map(\.id)
    }

    private mutating func cancelIfDue() -> Action {
        guard !isCancelling, let head = queries.first, head.awaitsCancel else { return .none }
        queries[0].awaitsCancel = false
        isCancelling = true
        isSealed = true
        mayBeHit = true
        return .cancel
    }

    private mutating func unsealIfFree() {
        guard isFree else { return }
        isSealed = false
        mayBeHit = false
    }
}
