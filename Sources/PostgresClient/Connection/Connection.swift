import CPostgres
import NIOCore

/// A libpq connection that executes the actions of its ``PostgresConnectionStateMachine``. Only the reactor thread that
/// owns it uses it.
final class Connection {
    /// The effect of an event on the connection, for the reactor.
    enum Signal {
        case none
        /// The connection is ready for the next query; the one with this identifier has ended.
        case released(UInt64)
        /// The connection has to be closed. A query that has it to itself fails; those in a pipeline have been returned
        /// to the pool.
        case closed
        /// The connection broke. The queries are those that it was running and that may be run again on another one.
        case lost([QueryJob], PostgresError)
    }

    /// Sends a cancel request on another thread and reports its return by ``cancelReturned()``. Returns `false` if the
    /// request can't be sent; the caller then keeps it.
    typealias Cancel = (CancelRequest) -> Bool

    let id: UInt64
    private let handle: OpaquePointer
    private let cancel: Cancel
    private let configuration: PostgresConfiguration
    private var machine: PostgresConnectionStateMachine
    /// The pipeline for queries that share the connection; `nil` if each query has the connection to itself.
    private let pipeline: Pipeline?
    private var job: QueryJob?
    /// The identifier of the last query that had the connection to itself.
    private var leaseholder: UInt64 = 0
    /// The time at which the statement of the query was sent; set only if there is a pipeline.
    private var executionTime = NIODeadline.distantFuture
    private var lastCommand = PostgresCommand.rollback
    private var awaitsResults = false
    /// Indicates that libpq's row mode has not been set for the awaited rows.
    private var rowsAreUndecided = false
    private var wantsToWrite = false
    /// Indicates that libpq may hold results that have left the socket and have not been processed.
    var isBusy: Bool { hasMoreToRead || pipeline?.isBusy == true }
    private var hasMoreToRead = false
    /// The last result of the last command, or its first error. The rows of statements are collected in `rows` instead.
    private var held: OpaquePointer?
    private var rows: StatementResultCollector?
    private var parameterSources: [Int]?
    private var position: PostgresLSN?
    /// The default isolation level that the server has reported at the beginning of a transaction.
    private var defaultIsolation: String?
    /// Indicates that the server has refused a write because it is read-only. The connection is then closed, because a
    /// new one may find a server that accepts writes.
    private var isMisplaced = false
    /// The COMMIT of unknown outcome that is in progress, for callers that wait for its end.
    private var pendingCommit: PendingCommit?
    /// The time at which the connection is closed if work without a caller, such as a rollback, has not ended.
    private var cleanupDeadline: NIODeadline?

    /// The bytes of results that are encoded before the other connections have their turn.
    private static let slice = 256 * 1024

    init(id: UInt64, handle: LibpqConnectionHandle, configuration: PostgresConfiguration, cancel: @escaping Cancel) {
        self.id = id
        self.handle = handle.pointer
        self.cancel = cancel
        self.configuration = configuration
        // The names are unique among all sessions. Behind a proxy that shares sessions, such a name refers to this
        // statement, or to none, in which case it is prepared again, but never to another statement.
        machine = PostgresConnectionStateMachine(
            maximumPreparedStatements: configuration.maximumPreparedStatements,
            namePrefix: "s\(String(UInt64.random(in: .min ... .max), radix: 16))_",
            statements: configuration.statements,
            mayBeStandby: configuration.session == .preferStandby,
            now: { .now() }
        )
        pipeline =
            configuration.sharedDepth > 1
            ? Pipeline(handle: handle.pointer, configuration: configuration, cancel: cancel) : nil
    }

    // MARK: - State

    /// The socket and the events to wait for.
    var pollDescriptor: PollDescriptor {
        isBusy
            ? .none : PollDescriptor(PQsocket(handle), awaitsOutput: wantsToWrite || pipeline?.wantsToWrite == true)
    }

    /// The time at which ``expire()`` has to be called.
    var deadline: NIODeadline {
        job?.deadline ?? cleanupDeadline ?? pipelineInUse?.deadline ?? .distantFuture
    }

    /// Returns the events since the last call of queries that share the connection; `nil` if there are none for the
    /// pool.
    func takeReport() -> PipelineReport? { pipeline?.takeReport() }

    // MARK: - Events

    /// Runs a query. The connection is idle, or runs queries that may share it.
    func start(_ job: QueryJob) -> Signal {
        if let pipeline {
            guard machine.isIdle else { return refuse(job) }
            if pipeline.isInUse || job.mayShareConnection, let signal = share(job, pipeline) { return signal }
        }
        guard !job.isFinished else { return .released(job.id) }
        leaseholder = job.id
        self.job = job
        position = nil
        let condition = job.condition.map { (statement: $0.statement, parameterCount: $0.parameters.count) }
        return perform(
            machine.start(
                job.statement,
                parameterCount: job.parameters.count,
                access: job.access,
                condition: condition,
                within: timeLimit(of: job)
            )
        )
    }

    /// The time for which the server may run a query; `nil` sets no limit for the session, because nothing is executed.
    private func timeLimit(of job: QueryJob) -> TimeAmount? {
        if case .preparing = job.access { nil } else { job.deadline - .now() }
    }

    /// Sends a query through the pipeline, or refuses it. Returns `nil` if the query has to run alone and no other is
    /// in flight.
    private func share(_ job: QueryJob, _ pipeline: Pipeline) -> Signal? {
        let isAlone = !pipeline.isInUse
        guard !job.isFinished, job.mayShareConnection, pipeline.isOpen,
            let (name, plan) = machine.prepared(
                job.statement,
                parameterCount: job.parameters.count,
                within: job.deadline - .now()
            ), !isAlone || pipeline.enter()
        else { return isAlone ? nil : refuse(job) }
        return signal(pipeline.start(job, name: name, plan))
    }

    private func refuse(_ job: QueryJob) -> Signal {
        pipeline?.refuse(job)
        return .none
    }

    /// The pipeline while it has queries or a cancel request in flight, and so handles the events of the connection.
    private var pipelineInUse: Pipeline? { pipeline?.isInUse == true ? pipeline : nil }

    private func signal(_ step: Pipeline.Step) -> Signal {
        switch step {
        case .none: return .none
        case .closed:
            pipeline?.giveUp()
            return .closed
        case .lost(let error): return .lost(pipeline?.surrender() ?? [], error)
        }
    }

    /// Abandons a query whose caller already has a result.
    func abandon(_ jobID: UInt64) -> Signal {
        if let pipelineInUse { return signal(pipelineInUse.abandon(jobID)) }
        guard let job, job.id == jobID else { return .none }
        noteAbandoned(job)
        self.job = nil
        return perform(machine.abandon())
    }

    /// Handles the return of the cancel request, which was delivered or has failed for good.
    func cancelReturned() -> Signal {
        if let pipelineInUse { return signal(pipelineInUse.cancelReturned()) }
        return perform(machine.cancelReturned())
    }

    /// Handles the passing of ``deadline``: fails the query, or closes the connection if work without a caller takes
    /// too long.
    func expire() -> Signal {
        if let pipelineInUse { return signal(pipelineInUse.expire(.now())) }
        guard let job else { return .closed }
        job.finish(.failure(ending(PostgresError(.deadlineExceeded, "the query's deadline has passed"))))
        noteAbandoned(job)
        self.job = nil
        return perform(machine.abandon())
    }

    /// Reads and writes after the socket has become readable or writable.
    func ready() -> Signal {
        if let pipelineInUse { return signal(pipelineInUse.ready(&machine)) }
        if rowsAreUndecided {
            rowsAreUndecided = false
            // Streams the rows, so that neither all of them nor their JSON is ever held in memory twice. A small reply
            // that has arrived whole is cheaper to read as one result.
            guard WholePostgresReplyDetector.hasCome(to: handle) || streamRows() else { return lose() }
        }
        // Reads before it writes: a server whose output isn't read may not read its input either.
        guard PQconsumeInput(handle) == 1 else { return lose() }
        while let notification = PQnotifies(handle) { PQfreemem(notification) }
        if wantsToWrite, case .lost(let jobs, let error) = flush() { return .lost(jobs, error) }
        guard awaitsResults else {
            // Processes messages that the server sends unasked, such as notices.
            _ = PQisBusy(handle)
            return PQstatus(handle) == CONNECTION_OK ? .none : lose()
        }
        return readResults()
    }

    /// Continues to read results where the last turn stopped.
    func turn() -> Signal {
        if let pipelineInUse { return signal(pipelineInUse.read(&machine)) }
        return readResults()
    }

    /// Closes the connection. A query that it still runs fails with `error` and is cancelled on the server.
    func close(_ error: PostgresError?) {
        if let job {
            job.finish(.failure(ending(error ?? PostgresError(.connectionLost, "the connection was closed"))))
            // A COMMIT that is cancelled takes effect all the same, but may no longer wait for synchronous standbys.
            if awaitsResults, !machine.isCommitting, PQstatus(handle) == CONNECTION_OK,
                let request = CancelRequest(for: handle)
            {
                if !cancel(request) { request.free() }
            }
        }
        job = nil
        pipeline?.close(error)
        clearResults()
        PQfinish(handle)
        endPendingCommit()
    }

    // MARK: - Actions

    private func perform(_ first: PostgresConnectionStateMachine.Action) -> Signal {
        switch first {
        case .wait: return .none
        case .send(let command): return send(command)
        case .execute(let command, let plan):
            parameterSources = plan.parameterSources
            rows = StatementResultCollector(plan: plan, checksColumns: configuration.statements == .unnamed)
            return send(command)
        case .decide:
            guard let condition = job?.condition, let answer = rows?.answer(position: nil) else { return .closed }
            return perform(machine.decided(condition.allows(answer)))
        case .answer:
            let size = rows?.size ?? 0
            guard let answer = rows?.answer(position: position) else { return .closed }
            if pipeline != nil, let job, !job.access.isWrite {
                job.statement.cost.record(time: .now() - executionTime, size: size)
            }
            return finish(.success(answer))
        case .prepared: return finish(.success(JSONAnswer(body: nil, rowCount: 0)))
        case .fail(let error): return finish(.failure(error))
        case .settle:
            clearResults()
            return perform(machine.answered(transactionStatus))
        case .cancel:
            cleanupDeadline = .now() + configuration.drainTimeout
            guard let request = CancelRequest(for: handle) else { return .closed }
            if cancel(request) { return .none }
            request.free()
            return .closed
        case .drain:
            cleanupDeadline = .now() + configuration.drainTimeout
            return .none
        case .release:
            cleanupDeadline = nil
            guard !isMisplaced else { return .closed }
            // A statement may have changed a setting by `set_config`.
            let isAsItWas = configuration.statements == .unnamed || SessionSettings.difference(handle) == nil
            return isAsItWas ? .released(leaseholder) : .closed
        case .close: return .closed
        }
    }

    private func finish(_ answer: QueryJob.Answer) -> Signal {
        clearResults()
        if case .failure(let error) = answer, error.sqlState == "25006", !error.isFromCondition,
            job?.access.isWrite == true
        {
            isMisplaced = true
        }
        job?.finish(answer)
        job = nil
        return perform(machine.answered(transactionStatus))
    }

    private var transactionStatus: PostgresConnectionStateMachine.TransactionStatus {
        switch PQtransactionStatus(handle) {
        case PQTRANS_IDLE: .idle
        case PQTRANS_INTRANS, PQTRANS_INERROR: .inTransaction
        default: .unknown
        }
    }

    private func send(_ command: PostgresCommand) -> Signal {
        if job == nil { cleanupDeadline = .now() + configuration.drainTimeout }
        lastCommand = command
        defaultIsolation = nil
        awaitsResults = true
        return submit(command) ? flush() : lose()
    }

    private func submit(_ command: PostgresCommand) -> Bool {
        switch command {
        case .locate: return PQsendQuery(handle, SessionSettings.positionSQL) == 1
        case .limit(let milliseconds):
            return PQsendQuery(handle, SessionSettings.timeLimitSQL(milliseconds: milliseconds)) == 1
        case .begin(let sql): return PQsendQuery(handle, sql) == 1
        case .releaseSavepoint: return PQsendQuery(handle, "RELEASE SAVEPOINT condition") == 1
        case .commit: return PQsendQuery(handle, "COMMIT") == 1
        case .rollback: return PQsendQuery(handle, "ROLLBACK") == 1
        case .deallocate(let name): return PQsendQuery(handle, "DEALLOCATE \(name)") == 1
        case .prepare(let name, let sql, let types):
            return PQsendPrepare(handle, name, sql, Int32(types.count), types) == 1
        case .describe(let name):
            return PQsendDescribePrepared(handle, name) == 1
        case .execute(let name):
            return execute { count, values in PQsendQueryPrepared(handle, name, count, values, nil, nil, 0) }
        case .executeUnnamed(let sql, let types):
            return execute { count, values in
                // `PQsendQueryParams` reads as many types as there are values, whatever the statement declares.
                let oids = types.prefix(Int(count)) + Array(repeating: 0, count: max(0, Int(count) - types.count))
                return PQsendQueryParams(handle, sql, count, Array(oids), values, nil, nil, 0)
            }
        }
    }

    private func execute(_ send: (Int32, UnsafePointer<UnsafePointer<CChar>?>?) -> Int32) -> Bool {
        guard let job else { return false }
        let condition = machine.isAskingCondition ? job.condition : nil
        let parameters = condition?.parameters ?? job.parameters
        guard parameters.withPointers(sources: parameterSources, { send(Int32($0.count), $0.baseAddress) }) == 1
        else { return false }
        rowsAreUndecided = true
        if pipeline != nil { executionTime = .now() }
        return true
    }

    /// Records the time that a read has taken until it was abandoned.
    private func noteAbandoned(_ job: QueryJob) {
        guard pipeline != nil, !job.access.isWrite, lastCommand.isExecution, awaitsResults else { return }
        job.statement.cost.recordAbandoned(after: .now() - executionTime)
    }

    /// Sets libpq's row mode to return rows as they arrive: in chunks, or one by one if the answer is a single row, so
    /// that no second row is held in memory beside it.
    private func streamRows() -> Bool {
        let isMany = (machine.isAskingCondition ? job?.condition?.statement : job?.statement)?.shape == .many
        return (isMany ? cached_routes_stream_rows(handle) : PQsetSingleRowMode(handle)) == 1
    }

    private func flush() -> Signal {
        switch PQflush(handle) {
        case 0: wantsToWrite = false
        case 1: wantsToWrite = true
        default: return lose()
        }
        return .none
    }

    // MARK: - Results

    private func readResults() -> Signal {
        hasMoreToRead = false
        var budget = Self.slice
        // The row mode has to be set before libpq parses the first row.
        while awaitsResults, !rowsAreUndecided, PQisBusy(handle) == 0 {
            guard budget > 0 else {
                hasMoreToRead = true
                return .none
            }
            guard let result = PQgetResult(handle) else {
                awaitsResults = false
                guard PQstatus(handle) == CONNECTION_OK, let outcome = takeOutcome() else { return lose() }
                if isTooLateToCommit, case .closed = expire() { return .closed }
                let signal = perform(machine.completed(outcome))
                if !machine.isCommitting { endPendingCommit() }
                if case .none = signal { continue }
                return signal
            }
            switch PQresultStatus(result) {
            case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                PQclear(result)
                job?.finish(.failure(PostgresError(.invalidStatement, "COPY cannot be run as a query")))
                job = nil
                return .closed
            case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE, PGRES_COMMAND_OK: budget -= read(result)
            case let status where cached_routes_is_chunk(status) == 1: budget -= read(result)
            default: hold(result)
            }
            if let signal = answerEarly() { return signal }
        }
        return .none
    }

    /// Answers a read as soon as its answer is complete, and has the server cancel the statement; `nil` if there is
    /// nothing to do. A write has to run to its end.
    private func answerEarly() -> Signal? {
        guard lastCommand.isExecution, let job, !job.access.isWrite, rows?.isDone == true, let size = rows?.size,
            let answer = rows?.answer(position: position)
        else { return nil }
        job.finish(.success(answer))
        if pipeline != nil { job.statement.cost.record(time: .now() - executionTime, size: size) }
        self.job = nil
        rows = nil
        return perform(machine.abandon())
    }

    /// Indicates that the deadline of a write has passed while its statement or condition was executed, so that it must
    /// not be committed.
    private var isTooLateToCommit: Bool {
        guard lastCommand.isExecution, let job, job.access.isWrite else { return false }
        return job.deadline <= .now()
    }

    /// Reads a successful result.
    ///
    /// - Returns: its size in bytes, which counts against the turn's budget.
    private func read(_ result: OpaquePointer) -> Int {
        switch lastCommand {
        case .execute, .executeUnnamed:
            defer { PQclear(result) }
            // The rows of an abandoned statement are dropped; their size is an estimate.
            return job == nil ? Int(PQntuples(result)) * 64 : rows?.read(result) ?? 0
        case .locate:
            if PQntuples(result) == 1, PQgetisnull(result, 0, 0) == 0 {
                position = PostgresLSN(String(cString: PQgetvalue(result, 0, 0)))
            }
        case .begin:
            if PQntuples(result) == 1, System.isEqual(PQfname(result, 0), SessionSettings.defaultIsolation) {
                defaultIsolation = String(cString: PQgetvalue(result, 0, 0))
            }
        case .limit, .prepare, .describe, .releaseSavepoint, .commit, .rollback, .deallocate: break
        }
        hold(result)
        return 0
    }

    /// Keeps a result in place of the previous one, unless that was an error.
    private func hold(_ result: OpaquePointer) {
        if let held {
            guard !Self.isError(held) else { return PQclear(result) }
            PQclear(held)
        }
        held = result
    }

    /// Returns the outcome of the last command; `nil` if the session has ended or a result is missing.
    private func takeOutcome() -> PostgresConnectionStateMachine.Outcome? {
        defer { clearHeld() }
        if let result = held, Self.isError(result) {
            guard !PostgresError.endsSession(result) else { return nil }
            if PQresultStatus(result) == PGRES_EMPTY_QUERY {
                return .failed(PostgresError(.invalidStatement, "the statement is empty"))
            }
            return .failed(PostgresError(result: result))
        }
        switch lastCommand {
        case .execute, .executeUnnamed:
            guard job != nil else { return .done }
            guard let rows, rows.hasEnded else { return nil }
            return rows.outcome
        case .describe: return held.map { .described(StatementDescription(result: $0)) }
        case .commit:
            // PostgreSQL answers COMMIT with ROLLBACK if the transaction had failed.
            guard let held, !System.isEqual(PQcmdStatus(held), "ROLLBACK") else {
                return held.map { _ in .failed(PostgresError(.server(sqlState: "25P02"), "the transaction had failed"))
                }
            }
            return .done
        case .begin:
            return held.map { _ in defaultIsolation.map { .begun(defaultIsolation: $0) } ?? .done }
        case .locate, .limit, .prepare, .releaseSavepoint, .rollback, .deallocate:
            return held.map { _ in .done }
        }
    }

    private static func isError(_ result: OpaquePointer) -> Bool {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: false
        default: true
        }
    }

    private func clearHeld() {
        if let held { PQclear(held) }
        held = nil
    }

    private func clearResults() {
        rows = nil
        clearHeld()
    }

    // MARK: - Loss of the connection

    /// Handles the loss of the connection. The error includes the server's last one, if there was any.
    private func lose() -> Signal {
        var error = PostgresError(.connectionLost, connection: handle)
        if let held, Self.isError(held) {
            error = PostgresError(.connectionLost, error.message, underlying: PostgresError(result: held))
        }
        guard let job else { return .lost([], error) }
        self.job = nil
        guard machine.isCommitting else { return .lost([job], error) }
        job.finish(.failure(ending(error)))
        return .lost([], error)
    }

    /// Returns the error of a query that ends without a reply of the server: ``PostgresError/Code/outcomeUnknown`` once
    /// its COMMIT has been sent.
    private func ending(_ error: PostgresError) -> PostgresError {
        guard machine.isCommitting else { return error }
        var unknown = PostgresError(.outcomeUnknown, "the transaction may have been committed", underlying: error)
        let pending = pendingCommit ?? PendingCommit()
        pendingCommit = pending
        unknown.pendingCommit = pending
        return unknown
    }

    private func endPendingCommit() {
        pendingCommit?.end()
        pendingCommit = nil
    }
}

extension StatementDescription {
    /// Reads the description of a prepared statement, or the columns of a result.
    init(result: OpaquePointer) {
        self.init(
            columns: (0..<PQnfields(result)).map {
                Column(name: String(cString: PQfname(result, $0)), typeOID: PQftype(result, $0))
            },
            parameterOIDs: (0..<PQnparams(result)).map { PQparamtype(result, $0) }
        )
    }
}
