import CPostgres
import NIOCore

/// A libpq connection, driven by the one reactor thread that owns it: carries out what its ``PostgresConnectionStateMachine`` says.
final class Connection {
    /// What the reactor has to know.
    enum Signal {
        case none
        /// Ready for the next query; this one has ended.
        case released(UInt64)
        /// To be closed; nobody waits for it.
        case closed
        /// Broken, with the queries it had, if they may be run again elsewhere.
        case lost([QueryJob], PostgresError)
    }

    /// How to ask the server to cancel: sends the request elsewhere and reports its return. False when that cannot be
    /// done.
    typealias Cancel = (CancelRequest) -> Bool

    let id: UInt64
    private let handle: OpaquePointer
    private let cancel: Cancel
    private let configuration: PostgresConfiguration
    private var machine: PostgresConnectionStateMachine
    /// Runs queries side by side; `nil`: each has the connection for itself.
    private let pipeline: Pipeline?
    private var job: QueryJob?
    /// The query that has the connection for itself.
    private var leaseholder: UInt64 = 0
    /// The time at which its statement was sent.
    private var executionTime = NIODeadline.distantFuture
    private var lastCommand = PostgresCommand.rollback
    private var awaitsResults = false
    /// Whether libpq has not been told yet how to give the rows that are awaited.
    private var rowsAreUndecided = false
    private var wantsToWrite = false
    /// Whether there may be results to read that have left the socket already.
    var isBusy: Bool { hasMoreToRead || pipeline?.isBusy == true }
    private var hasMoreToRead = false
    /// The last command's last result without rows, or its first error.
    private var held: OpaquePointer?
    private var rows: StatementResultCollector?
    private var parameterSources: [Int]?
    private var position: PostgresLSN?
    /// The default isolation that the server has shown at the beginning of a transaction.
    private var defaultIsolation: String?
    /// Whether the server takes no writes, so that a new connection may find one that does.
    private var isMisplaced = false
    /// Who waits to hear that a COMMIT of unknown outcome is over.
    private var pendingCommit: PendingCommit?
    /// When to give up what goes on though nobody waits for it.
    private var cleanupDeadline: NIODeadline?

    /// How much of an answer is encoded before the other connections have their turn.
    private static let slice = 256 * 1024

    init(id: UInt64, handle: LibpqConnectionHandle, configuration: PostgresConfiguration, cancel: @escaping Cancel) {
        self.id = id
        self.handle = handle.pointer
        self.cancel = cancel
        self.configuration = configuration
        // Names that no other session has: where a proxy hands sessions around, a statement of this name is this one
        // or is missing, which heals, and never another one.
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

    // MARK: - What the reactor asks

    /// The socket and what to watch it for.
    var pollDescriptor: PollDescriptor {
        isBusy
            ? .none : PollDescriptor(PQsocket(handle), awaitsOutput: wantsToWrite || pipeline?.wantsToWrite == true)
    }

    /// When ``expire()`` has to be called.
    var deadline: NIODeadline {
        job?.deadline ?? cleanupDeadline ?? pipelineInUse?.deadline ?? .distantFuture
    }

    /// The events of queries side by side that the pool has to know of; `nil` if there are none.
    func takeReport() -> PipelineReport? { pipeline?.takeReport() }

    // MARK: - What the reactor reports

    /// Runs a query. The connection is idle, or runs others that share it.
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
                within: job.deadline - .now()
            )
        )
    }

    /// Sends a query that others may follow, or that follows others; `nil`: it has to be alone, and may be.
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

    /// The pipeline, while it has to be asked and told.
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

    /// The caller of this query has been answered elsewhere.
    func abandon(_ jobID: UInt64) -> Signal {
        if let pipelineInUse { return signal(pipelineInUse.abandon(jobID)) }
        guard let job, job.id == jobID else { return .none }
        noteAbandoned(job)
        self.job = nil
        return perform(machine.abandon())
    }

    /// The cancel request is through.
    func cancelReturned() -> Signal {
        if let pipelineInUse { return signal(pipelineInUse.cancelReturned()) }
        return perform(machine.cancelReturned())
    }

    /// Time has passed.
    func expire() -> Signal {
        if let pipelineInUse { return signal(pipelineInUse.expire(.now())) }
        guard let job else { return .closed }
        job.finish(.failure(ending(PostgresError(.deadlineExceeded, "the query's deadline has passed"))))
        noteAbandoned(job)
        self.job = nil
        return perform(machine.abandon())
    }

    /// The socket can be read or written.
    func ready() -> Signal {
        if let pipelineInUse { return signal(pipelineInUse.ready(&machine)) }
        if rowsAreUndecided {
            rowsAreUndecided = false
            // Rows are read as they come: neither all of them nor their JSON alone is ever held twice. Where all are here
            // and are few, one result of them costs less than many.
            guard WholePostgresReplyDetector.hasCome(to: handle) || streamRows() else { return lose() }
        }
        // Reading comes first: a server that sends and isn't read from may not read either.
        guard PQconsumeInput(handle) == 1 else { return lose() }
        while let notification = PQnotifies(handle) { PQfreemem(notification) }
        if wantsToWrite, case .lost(let jobs, let error) = flush() { return .lost(jobs, error) }
        guard awaitsResults else {
            // Takes in what the server says unasked.
            _ = PQisBusy(handle)
            return PQstatus(handle) == CONNECTION_OK ? .none : lose()
        }
        return readResults()
    }

    /// Reads on where the last turn left off.
    func turn() -> Signal {
        if let pipelineInUse { return signal(pipelineInUse.read(&machine)) }
        return readResults()
    }

    /// Closes the connection. A query it still has is answered with `error` and cancelled on the server.
    func close(_ error: PostgresError?) {
        if let job {
            job.finish(.failure(ending(error ?? PostgresError(.connectionLost, "the connection was closed"))))
            if awaitsResults, PQstatus(handle) == CONNECTION_OK, let request = CancelRequest(for: handle) {
                if !cancel(request) { request.free() }
            }
        }
        job = nil
        pipeline?.close(error)
        clearResults()
        PQfinish(handle)
        endPendingCommit()
    }

    // MARK: - Carrying out

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
            // A statement may have called set_config.
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
                // As many as there are values, whatever the statement declares.
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

    /// Notes what a statement has taken that nobody waits for any more.
    private func noteAbandoned(_ job: QueryJob) {
        guard pipeline != nil, !job.access.isWrite, lastCommand.isExecution, awaitsResults else { return }
        job.statement.cost.recordAbandoned(after: .now() - executionTime)
    }

    /// Has libpq give rows as they come. Where one row is the answer, no second one is ever held beside it.
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
        // libpq has to be told how to give rows before it looks at any.
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

    /// Answers as soon as all is there that the answer needs, and has the server stop; `nil`: nothing of that. What writes has
    /// to run to its end.
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

    /// Whether the next command would be a COMMIT that nobody waits for any more.
    private var isTooLateToCommit: Bool {
        guard lastCommand.isExecution, let job, job.access.isWrite else { return false }
        return job.deadline <= .now()
    }

    /// Takes what a good result has. Returns what that cost, in bytes.
    private func read(_ result: OpaquePointer) -> Int {
        switch lastCommand {
        case .execute, .executeUnnamed:
            defer { PQclear(result) }
            // Nobody waits for the rows of an abandoned statement.
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

    /// Keeps a result, in place of the one before unless that was an error.
    private func hold(_ result: OpaquePointer) {
        if let held {
            guard !Self.isError(held) else { return PQclear(result) }
            PQclear(held)
        }
        held = result
    }

    /// What the results of the last command come to; `nil` when the session has ended.
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
            // What PostgreSQL answers to COMMIT where the transaction had failed.
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

    // MARK: - The end

    /// The connection broke; says so with the server's last words, if it had any.
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

    /// What to answer where a query ends without an answer of the server's: whether it took effect is not known once
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
    /// Reads the result of describing a prepared statement, or the columns of a result.
    init(result: OpaquePointer) {
        self.init(
            columns: (0..<PQnfields(result)).map {
                Column(name: String(cString: PQfname(result, $0)), typeOID: PQftype(result, $0))
            },
            parameterOIDs: (0..<PQnparams(result)).map { PQparamtype(result, $0) }
        )
    }
}
