/// The queries that are in flight on one connection in pipeline mode, in the order in which they were sent: which may
/// join them, what becomes of each, and what is cancelled.
///
/// Each query is a group of messages that ends in a sync, so an error ends its own group only, and the server runs one
/// query after the other. The first one is the one that runs, as far as the client can tell.
///
/// A request to cancel names a connection and not a query, so it may hit the query behind the one that it is meant for.
/// From the request on the connection is sealed: no query joins, until the request has returned and everything in
/// flight has been read. A query that is hit by it meanwhile runs again. A connection whose first query takes long is
/// sealed, too, and the queries behind it run elsewhere.
struct PipelineStateMachine {
    /// What the results of a query say.
    enum Outcome {
        case done
        case failed(PostgresError)
        /// The results may come from an outdated plan or are no results.
        case doubtful
    }

    /// What becomes of a query whose results have been read.
    enum Verdict {
        case answer
        case fail(PostgresError)
        /// The query runs again, on a connection of its own.
        case runAgain(wasHit: Bool)
        /// Nobody waits for it.
        case drop
    }

    /// What has to be done after an event.
    enum Action {
        case none
        /// Ask the server to cancel, and report the request's return by ``PipelineStateMachine/cancelReturned()``.
        case cancel
    }

    private struct Query {
        let id: UInt64
        /// Nobody waits for its result.
        var isAbandoned = false
        /// It was abandoned while it ran, and the request to cancel it has not been sent.
        var awaitsCancel = false
    }

    /// The largest number of queries in flight.
    private let depth: Int
    private var queries: [Query] = []
    /// A request to cancel is under way.
    private(set) var isCancelling = false
    /// No query may join.
    private(set) var isSealed = false
    /// A request to cancel has been sent since the connection was free.
    private var mayBeHit = false

    init(depth: Int) {
        self.depth = depth
    }

    /// The number of queries in flight.
    var count: Int { queries.count }
    /// There is a place for another query.
    var isOpen: Bool { !isSealed && queries.count < depth }
    /// All results have been read, and no request to cancel can reach a later query.
    var isFree: Bool { queries.isEmpty && !isCancelling }
    /// Nobody waits for the result of the query that runs.
    var isHeadAbandoned: Bool { queries.first?.isAbandoned ?? false }

    // MARK: - Events

    /// A query is about to be sent.
    ///
    /// - Returns: `false` if there is no place for it.
    mutating func admit(_ id: UInt64) -> Bool {
        guard isOpen else { return false }
        queries.append(Query(id: id))
        return true
    }

    /// All results of the first query have been read, and it has left.
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

    /// Nobody waits for the query's result any more. Only the query that runs is cancelled.
    mutating func abandoned(_ id: UInt64) -> Action {
        guard let index = queries.firstIndex(where: { $0.id == id }), !queries[index].isAbandoned else { return .none }
        queries[index].isAbandoned = true
        guard index == 0 else { return .none }
        queries[0].awaitsCancel = true
        return cancelIfDue()
    }

    /// The request to cancel has been delivered, or has failed for good.
    mutating func cancelReturned() -> Action {
        guard isCancelling else { return .none }
        isCancelling = false
        unsealIfFree()
        return cancelIfDue()
    }

    /// The query that runs takes long. Those behind it run elsewhere, and their results are dropped; no other joins.
    ///
    /// - Returns: the queries that run elsewhere, in their order.
    mutating func stalled() -> [UInt64] {
        let moved = queries.dropFirst().filter { !$0.isAbandoned }.map(\.id)
        guard !moved.isEmpty else { return [] }
        for index in queries.indices.dropFirst() { queries[index].isAbandoned = true }
        isSealed = true
        return moved
    }

    /// The connection has ended, and with it all that is in flight.
    ///
    /// - Returns: the queries for whose results somebody waits, in their order.
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
