import CPostgres
import NIOCore

/// Sends the queries of a ``PipelineStateMachine`` in libpq's pipeline mode and reads their results.
///
/// The connection is in pipeline mode only while queries are in flight. Each is sent with a sync of its own, so its
/// results are rows or an error, the end (`nil`), and `PGRES_PIPELINE_SYNC`; an error of its commit comes between the
/// last two. A query is answered at its sync.
final class Pipeline {
    /// What becomes of the connection after an event.
    enum Step {
        case none
        /// It has to be closed, and the queries that somebody waits for run elsewhere.
        case closed
        /// It broke.
        case lost(PostgresError)
    }

    private struct Query {
        let id: UInt64
        let statement: PostgresStatement
        let deadline: NIODeadline
        /// The query, as long as somebody waits for it.
        var job: QueryJob?
        var rows: StatementResultCollector
        /// The first error.
        var error: PostgresError?
        /// The `nil` that ends the results has been read.
        var hasEnded = false
        /// The results are none, because the query was skipped.
        var isSkipped = false
        /// The time since which it may have run.
        var beginning: NIODeadline
    }

    private let handle: OpaquePointer
    private let cancel: Connection.Cancel
    private let drainTimeout: TimeAmount
    private let stallTime: TimeAmount
    private var machine: PipelineStateMachine
    private var queries: [Query] = []
    private var report = PipelineReport()
    /// The query that has ended last, while a request to cancel keeps its place.
    private var unreported: UInt64?
    /// libpq has not been told yet how to give the rows of the first query.
    private var rowsAreUndecided = false
    /// The number of queries whose whole answers are being read.
    private var wholeAnswers = 0
    private(set) var wantsToWrite = false
    /// There may be results to read that have left the socket already.
    private(set) var isBusy = false
    /// The time at which to give up what goes on though nobody waits for it.
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

    /// Queries are in flight, or a request to cancel one is.
    var isInUse: Bool { !machine.isFree }
    /// There is a place for another query.
    var isOpen: Bool { machine.isOpen }

    /// The time at which ``expire(_:)`` has to be called.
    var deadline: NIODeadline {
        var next = cleanupDeadline ?? .distantFuture
        for query in queries where query.job != nil { next = min(next, query.deadline) }
        if let stallDeadline { next = min(next, stallDeadline) }
        return next
    }

    /// The time at which queries behind the first one have waited for too long.
    private var stallDeadline: NIODeadline? {
        guard queries.count > 1, queries.dropFirst().contains(where: { $0.job != nil }) else { return nil }
        return queries[0].beginning + stallTime
    }

    /// The events since the last call that the pool has to know of; `nil` if there are none.
    func takeReport() -> PipelineReport? {
        guard report.isNews else { return nil }
        defer { report = PipelineReport() }
        return report
    }

    // MARK: - Events

    /// Enters pipeline mode; the connection is idle.
    ///
    /// - Returns: `false` if libpq refuses.
    func enter() -> Bool { cached_routes_enter_pipeline(handle) == 1 }

    /// Refuses a query for which there is no place here.
    func refuse(_ job: QueryJob) {
        report.returned.append(job)
        report.ended.append(job.id)
    }

    /// Sends a query behind those in flight, by this prepared statement. The connection is in pipeline mode.
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

    /// The caller of this query has been answered elsewhere.
    func abandon(_ id: UInt64) -> Step {
        guard let index = queries.firstIndex(where: { $0.id == id }), queries[index].job != nil else { return .none }
        return leave(index)
    }

    /// The request to cancel is through.
    func cancelReturned() -> Step {
        let step = carryOut(machine.cancelReturned())
        if machine.isFree, let id = unreported {
            unreported = nil
            report.ended.append(id)
        }
        limitCleanup()
        return step
    }

    /// Time has passed.
    func expire(_ now: NIODeadline) -> Step {
        // From the end, because the first query's request to cancel is for a query that nobody else waits for any more.
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

    /// Returns the queries behind one that takes long to the pool.
    private func moveFollowers() {
        report.isSealed = true
        for id in machine.stalled() {
            guard let index = queries.firstIndex(where: { $0.id == id }), let job = queries[index].job else { continue }
            queries[index].job = nil
            report.returned.append(job)
        }
        limitCleanup()
    }

    /// The socket can be read or written.
    func ready(_ session: inout PostgresConnectionStateMachine) -> Step {
        if rowsAreUndecided {
            wholeAnswers = WholePostgresReplyDetector.count(on: handle)
            decideRows()
        }
        // Reading comes first: a server that sends and isn't read from may not read either.
        guard PQconsumeInput(handle) == 1 else { return lose() }
        while let notification = PQnotifies(handle) { PQfreemem(notification) }
        if wantsToWrite {
            let step = flush()
            guard case .none = step else { return step }
        }
        guard queries.isEmpty else { return read(&session) }
        // Takes in what the server says unasked.
        _ = PQisBusy(handle)
        return PQstatus(handle) == CONNECTION_OK ? .none : lose()
    }

    /// The queries that somebody waits for, in their order. The connection has ended; it runs them no more.
    func surrender() -> [QueryJob] {
        _ = machine.ended()
        return queries.indices.compactMap { index in
            defer { queries[index].job = nil }
            return queries[index].job
        }
    }

    /// Returns the queries that somebody waits for to the pool. The connection is closed.
    func giveUp() {
        report.returned += surrender()
    }

    /// The connection is about to be closed: its queries are answered with `error`, and the one that runs is cancelled.
    func close(_ error: PostgresError?) {
        let isRunning = !queries.isEmpty && PQstatus(handle) == CONNECTION_OK
        for job in surrender() {
            job.finish(.failure(error ?? PostgresError(.connectionLost, "the connection was closed")))
        }
        guard isRunning, let request = CancelRequest(for: handle) else { return }
        if !cancel(request) { request.free() }
    }

    // MARK: - Carrying out

    private func leave(_ index: Int) -> Step {
        let query = queries[index]
        if index == 0 { query.statement.cost.recordAbandoned(after: .now() - query.beginning) }
        queries[index].job = nil
        defer { limitCleanup() }
        return carryOut(machine.abandoned(query.id))
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

    /// Bounds the time of a query that nobody waits for, while it keeps others waiting.
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

    /// Tells libpq how to give the first query's rows: as they come, so that neither all of them nor their JSON alone is ever
    /// held twice, unless all are here and few.
    ///
    /// libpq refuses that where it has seen some of the rows; then they come all at once, which costs memory only.
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

    /// The sync before it has been read, so the first query is the one whose results come next.
    private func activate() {
        // What has come of many rows, libpq may have looked at by then: whether to have the rest as it comes is decided when it
        // comes. Few rows cost nothing either way.
        if wholeAnswers == 0, queries.first?.statement.shape == .many {
            rowsAreUndecided = true
        } else {
            decideRows()
        }
    }

    // MARK: - Results

    /// Reads results for as long as there are some, and not too many.
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
                // After an error of its commit, another `nil` comes.
                queries[0].hasEnded = false
            }
            if case .none = step { step = answerEarly() }
            guard case .none = step else { return step }
        }
        return .none
    }

    /// Takes what a good result has. Returns what that cost, in bytes.
    private func take(_ result: OpaquePointer) -> Int {
        // Nobody waits for the rows of an abandoned query.
        queries[0].job == nil ? Int(PQntuples(result)) * 64 : queries[0].rows.read(result)
    }

    /// Answers as soon as all is there that the answer needs, and has the server stop.
    private func answerEarly() -> Step {
        guard let query = queries.first, query.rows.isDone, let job = query.job else { return .none }
        let size = query.rows.size
        job.finish(.success(queries[0].rows.answer(position: nil)))
        query.statement.cost.record(time: .now() - query.beginning, size: size)
        return leave(0)
    }

    /// The first query's sync has been read.
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
        // A statement may have called set_config; those behind it have run with what it has set.
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
        // Of a query that nobody waits for nothing has been read.
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

    /// The connection broke; says so with the server's last words, if it had any.
    private func lose() -> Step {
        guard let error = queries.first?.error else { return .lost(PostgresError(.connectionLost, connection: handle)) }
        return .lost(PostgresError(.connectionLost, error.message, underlying: error))
    }
}
