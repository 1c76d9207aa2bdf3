import CPostgres
import NIOCore

/// Sends the queries of a ``PipelineStateMachine`` in libpq's pipeline mode and reads their results.
///
/// The connection is in pipeline mode only while queries are in flight. Each query is followed by a sync, so its
/// results are rows or an error, the end (`nil`), and `PGRES_PIPELINE_SYNC`. An error of its implicit commit comes
/// between the last two. A query is answered at its sync or, if many more rows follow than its answer needs, before it.
final class Pipeline {
    /// The effect of an event on the connection.
    enum Step {
        case none
        /// The connection has to be closed; its queries that still have a caller run on other connections.
        case closed
        /// The connection broke.
        case lost(PostgresError)
    }

    private struct Query {
        let id: UInt64
        let statement: PostgresStatement
        let deadline: NIODeadline
        /// The query; `nil` once it was answered, abandoned or moved to another connection.
        var job: QueryJob?
        var rows: StatementResultCollector
        /// The first error.
        var error: PostgresError?
        /// Indicates that the `nil` that ends the results has been read.
        var hasEnded = false
        /// Indicates that the server has skipped the query, so that it has no results.
        var isSkipped = false
        /// The time at which the query was sent or, if later, became the first one in flight.
        var beginning: NIODeadline
    }

    private let handle: OpaquePointer
    private let cancel: Connection.Cancel
    private let drainTimeout: TimeAmount
    private let stallTime: TimeAmount
    private var machine: PipelineStateMachine
    private var queries: [Query] = []
    private var report = PipelineReport()
    /// The last query that ended, whose place stays taken until the cancel request has returned.
    private var unreported: UInt64?
    /// Indicates that libpq's row mode has not been set for the first query.
    private var rowsAreUndecided = false
    /// The number of replies behind the current one that had arrived whole when the socket was last inspected.
    private var wholeAnswers = 0
    private(set) var wantsToWrite = false
    /// Indicates that libpq may hold results that have left the socket and have not been processed.
    private(set) var isBusy = false
    /// The time at which the connection is closed if an abandoned query or a cancel request has not ended.
    private var cleanupDeadline: NIODeadline?

    /// The bytes of results that are encoded before the other connections have their turn.
    private static let slice = 256 * 1024

    init(handle: OpaquePointer, configuration: PostgresConfiguration, cancel: @escaping Connection.Cancel) {
        self.handle = handle
        drainTimeout = configuration.drainTimeout
        stallTime = configuration.pipelineStallTime
        self.cancel = cancel
        machine = PipelineStateMachine(depth: configuration.sharedDepth)
    }

    /// Indicates that queries or a cancel request are in flight.
    var isInUse: Bool { !machine.isFree }
    /// Indicates that there is a place for another query.
    var isOpen: Bool { machine.isOpen }

    /// The time at which ``expire(_:)`` has to be called.
    var deadline: NIODeadline {
        var next = cleanupDeadline ?? .distantFuture
        for query in queries where query.job != nil { next = min(next, query.deadline) }
        if let stallDeadline { next = min(next, stallDeadline) }
        return next
    }

    /// The time at which the queries behind the first one have waited too long.
    private var stallDeadline: NIODeadline? {
        guard queries.count > 1, queries.dropFirst().contains(where: { $0.job != nil }) else { return nil }
        return queries[0].beginning + stallTime
    }

    /// Returns the events since the last call that concern the pool; `nil` if there are none.
    func takeReport() -> PipelineReport? {
        guard report.isNews else { return nil }
        defer { report = PipelineReport() }
        return report
    }

    // MARK: - Events

    /// Enters pipeline mode on an idle connection.
    ///
    /// - Returns: `false` if libpq refuses.
    func enter() -> Bool { cached_routes_enter_pipeline(handle) == 1 }

    /// Returns a query to the pool, because there is no place for it here.
    func refuse(_ job: QueryJob) {
        report.returned.append(job)
        report.ended.append(job.id)
    }

    /// Sends a query behind those in flight, as an execution of this prepared statement. The connection is in pipeline
    /// mode.
    func start(_ job: QueryJob, name: String, _ plan: RowEncodingPlan) -> Step {
        let isFirst = queries.isEmpty
        guard machine.admit(job.id) else { return .closed }
        queries.append(
            Query(
                id: job.id,
                statement: job.statement,
                deadline: job.deadline,
                job: job,
                rows: StatementResultCollector(plan: plan, checksColumns: false),
                beginning: .now()
            )
        )
        if isFirst { rowsAreUndecided = true } else { report.joined += 1 }
        let isSent = job.parameters.withPointers(sources: plan.parameterSources) {
            PQsendQueryPrepared(handle, name, Int32($0.count), $0.baseAddress, nil, nil, 0) == 1
        }
        guard isSent, cached_routes_sync_pipeline(handle) == 1 else { return lose() }
        return flush()
    }

    /// Abandons a query whose caller already has a result.
    func abandon(_ id: UInt64) -> Step {
        guard let index = queries.firstIndex(where: { $0.id == id }), queries[index].job != nil else { return .none }
        return leave(index)
    }

    /// Handles the return of the cancel request.
    func cancelReturned() -> Step {
        let step = carryOut(machine.cancelReturned())
        if machine.isFree, let id = unreported {
            unreported = nil
            report.ended.append(id)
        }
        limitCleanup()
        return step
    }

    /// Handles the passing of ``deadline``: fails queries whose deadlines have passed, and moves those that wait too
    /// long.
    func expire(_ now: NIODeadline) -> Step {
        // In reverse, so that expired queries behind the first one are abandoned before its cancel request is sent.
        for index in queries.indices.reversed() where queries[index].deadline <= now {
            guard let job = queries[index].job else { continue }
            job.finish(.failure(PostgresError(.deadlineExceeded, "the query's deadline has passed")))
            let step = leave(index)
            guard case .none = step else { return step }
        }
        if let cleanupDeadline, cleanupDeadline <= now { return .closed }
        if let stallDeadline, stallDeadline <= now { moveFollowers() }
        return .none
    }

    /// Returns the queries behind a slow one to the pool.
    private func moveFollowers() {
        report.isSealed = true
        for id in machine.stalled() {
            guard let index = queries.firstIndex(where: { $0.id == id }), let job = queries[index].job else { continue }
            queries[index].job = nil
            report.returned.append(job)
        }
        limitCleanup()
    }

    /// Reads and writes after the socket has become readable or writable.
    func ready(_ session: inout PostgresConnectionStateMachine) -> Step {
        if rowsAreUndecided {
            wholeAnswers = WholePostgresReplyDetector.count(on: handle)
            decideRows()
        }
        // Reads before it writes: a server whose output isn't read may not read its input either.
        guard PQconsumeInput(handle) == 1 else { return lose() }
        while let notification = PQnotifies(handle) { PQfreemem(notification) }
        if wantsToWrite {
            let step = flush()
            guard case .none = step else { return step }
        }
        guard queries.isEmpty else { return read(&session) }
        // Processes messages that the server sends unasked, such as notices.
        _ = PQisBusy(handle)
        return PQstatus(handle) == CONNECTION_OK ? .none : lose()
    }

    /// Removes and returns the queries that still have a caller, in order, because the connection no longer runs them.
    func surrender() -> [QueryJob] {
        _ = machine.ended()
        return queries.indices.compactMap { index in
            defer { queries[index].job = nil }
            return queries[index].job
        }
    }

    /// Returns the queries that still have a caller to the pool, because the connection is closed.
    func giveUp() {
        report.returned += surrender()
    }

    /// Fails the remaining queries with `error` and cancels the running one, because the connection is about to be
    /// closed.
    func close(_ error: PostgresError?) {
        let isRunning = !queries.isEmpty && PQstatus(handle) == CONNECTION_OK
        for job in surrender() {
            job.finish(.failure(error ?? PostgresError(.connectionLost, "the connection was closed")))
        }
        guard isRunning, let request = CancelRequest(for: handle) else { return }
        if !cancel(request) { request.free() }
    }

    // MARK: - Actions

    private func leave(_ index: Int) -> Step {
        let query = queries[index]
        if index == 0 { query.statement.cost.recordAbandoned(after: .now() - query.beginning) }
        return drop(index)
    }

    /// Drops the results of a query that are still to come.
    private func drop(_ index: Int) -> Step {
        queries[index].job = nil
        defer { limitCleanup() }
        return carryOut(machine.abandoned(queries[index].id))
    }

    private func carryOut(_ action: PipelineStateMachine.Action) -> Step {
        switch action {
        case .none: return .none
        case .cancel:
            report.isSealed = true
            cleanupDeadline = .now() + drainTimeout
            guard let request = CancelRequest(for: handle) else { return .closed }
            if cancel(request) { return .none }
            request.free()
            return .closed
        }
    }

    /// Limits the time for which an abandoned query or a cancel request may delay other queries.
    private func limitCleanup() {
        if machine.isCancelling || machine.isHeadAbandoned {
            cleanupDeadline = cleanupDeadline ?? .now() + drainTimeout
        } else {
            cleanupDeadline = nil
        }
    }

    private func flush() -> Step {
        switch PQflush(handle) {
        case 0: wantsToWrite = false
        case 1: wantsToWrite = true
        default: return lose()
        }
        return .none
    }

    /// Sets libpq's row mode for the first query: rows as they arrive, so that neither all of them nor their JSON is
    /// ever held in memory twice, unless the reply has arrived whole and is small.
    ///
    /// libpq refuses this once it has parsed some of the rows. They are then returned all at once, which only costs
    /// memory.
    private func decideRows() {
        rowsAreUndecided = false
        if wholeAnswers > 0 {
            wholeAnswers -= 1
        } else if queries.first?.statement.shape == .many {
            _ = cached_routes_stream_rows(handle)
        } else {
            _ = PQsetSingleRowMode(handle)
        }
    }

    /// Prepares to read the results of the query that has become the first one, because the sync before it has been
    /// read.
    private func activate() {
        // libpq may already have parsed some of many rows. The row mode is chosen when more data arrives, when it can
        // be seen if that is all. For few rows, either mode is cheap.
        if wholeAnswers == 0, queries.first?.statement.shape == .many {
            rowsAreUndecided = true
        } else {
            decideRows()
        }
    }

    // MARK: - Results

    /// Reads results until there are none or the budget of the turn is used up.
    func read(_ session: inout PostgresConnectionStateMachine) -> Step {
        isBusy = false
        var budget = Self.slice
        while !queries.isEmpty, PQisBusy(handle) == 0 {
            guard budget > 0 else {
                isBusy = true
                return .none
            }
            guard let result = PQgetResult(handle) else {
                guard PQstatus(handle) == CONNECTION_OK, !queries[0].hasEnded else { return lose() }
                queries[0].hasEnded = true
                continue
            }
            defer { PQclear(result) }
            var step = Step.none
            switch PQresultStatus(result) {
            case let status where cached_routes_is_sync(status) == 1: step = completeFirst(&session)
            case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_COMMAND_OK: budget -= take(result)
            case let status where cached_routes_is_chunk(status) == 1: budget -= take(result)
            case let status where cached_routes_is_skipped(status) == 1:
                queries[0].isSkipped = true
                queries[0].hasEnded = false
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH: return .closed
            default:
                let error = PostgresError(result: result)
                queries[0].error = queries[0].error ?? error
                guard !PostgresError.endsSession(result), PQstatus(handle) == CONNECTION_OK else { return lose() }
                // After an error of the implicit commit, another `nil` follows.
                queries[0].hasEnded = false
            }
            if case .none = step { step = answerEarly() }
            guard case .none = step else { return step }
        }
        return .none
    }

    /// Reads a successful result.
    ///
    /// - Returns: its size in bytes, which counts against the turn's budget.
    private func take(_ result: OpaquePointer) -> Int {
        // The rows of an abandoned query are dropped; their size is an estimate.
        queries[0].job == nil ? Int(PQntuples(result)) * 64 : queries[0].rows.read(result)
    }

    /// Answers the first query as soon as its answer is complete, and has the server cancel it.
    private func answerEarly() -> Step {
        guard let query = queries.first, query.rows.isDone, let job = query.job else { return .none }
        let size = query.rows.size
        job.finish(.success(queries[0].rows.answer(position: nil)))
        query.statement.cost.record(time: .now() - query.beginning, size: size)
        return drop(0)
    }

    /// Completes the first query, whose sync has been read.
    private func completeFirst(_ session: inout PostgresConnectionStateMachine) -> Step {
        var query = queries.removeFirst()
        let now = NIODeadline.now()
        if !queries.isEmpty { queries[0].beginning = now }
        let outcome = outcome(of: query, &session)
        switch machine.completed(outcome) {
        case .answer:
            query.statement.cost.record(time: now - query.beginning, size: query.rows.size)
            query.job?.finish(.success(query.rows.answer(position: nil)))
        case .fail(let error):
            query.statement.cost.record(time: now - query.beginning, size: query.rows.size)
            query.job?.finish(.failure(error))
        case .runAgain(let wasHit):
            if wasHit {
                report.hits += 1
            } else {
                session.doubt(query.statement)
                query.statement.cost.forget()
            }
            if let job = query.job { report.returned.append(job) }
        case .drop: break
        }
        if queries.isEmpty, !machine.isFree { unreported = query.id } else { report.ended.append(query.id) }
        limitCleanup()
        // A statement may have changed a setting by `set_config`, with which the queries behind it have run.
        guard SessionSettings.difference(handle) == nil else { return .closed }
        guard queries.isEmpty else {
            activate()
            return .none
        }
        wholeAnswers = 0
        guard PQtransactionStatus(handle) == PQTRANS_IDLE, cached_routes_exit_pipeline(handle) == 1 else {
            return .closed
        }
        return .none
    }

    private func outcome(
        of query: Query,
        _ session: inout PostgresConnectionStateMachine
    ) -> PipelineStateMachine.Outcome {
        // The results of an abandoned query have not been read.
        guard query.job != nil, !query.isSkipped else { return .doubtful }
        if let error = query.error {
            return session.failure(error, of: query.statement).map { .failed($0) } ?? .doubtful
        }
        guard query.rows.hasEnded else { return .doubtful }
        switch query.rows.outcome {
        case .done: return .done
        case .unusable(let error): return .failed(error)
        case .described, .begun, .failed, .mismatched: return .doubtful
        }
    }

    /// Handles the loss of the connection. The error includes the server's last one, if there was any.
    private func lose() -> Step {
        guard let error = queries.first?.error else { return .lost(PostgresError(.connectionLost, connection: handle)) }
        return .lost(PostgresError(.connectionLost, error.message, underlying: error))
    }
}
