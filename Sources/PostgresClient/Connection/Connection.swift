import CPostgres
import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A libpq connection, driven by the one reactor thread that owns it: carries out what its ``ConnectionMachine`` says.
final class Connection {
    /// What the reactor has to know.
    enum Signal {
        case none
        /// Ready for the next query.
        case released
        /// To be closed; nobody waits for it.
        case closed
        /// Broken, with the query it had.
        case lost(QueryJob?, PostgresError)
    }

    /// How to ask the server to cancel: sends the request elsewhere and reports its return. False when that cannot be
    /// done.
    typealias Cancel = (CancelRequest) -> Bool

    let id: UInt64
    private let handle: OpaquePointer
    private let cancel: Cancel
    private let drainTimeout: TimeAmount
    private var machine: ConnectionMachine
    private var job: QueryJob?
    private var lastCommand = ConnectionMachine.Command.rollback
    private var awaitsResults = false
    private var wantsToWrite = false
    /// The last command's result: rows, or the first error.
    private var held: OpaquePointer?
    private var encoder: RowEncoder?
    /// When to give up what goes on though nobody waits for it.
    private var cleanupDeadline: NIODeadline?

    /// How much of an answer is encoded before the other connections have their turn.
    private static let slice = 256 * 1024

    init(id: UInt64, handle: ConnectionHandle, configuration: PostgresConfiguration, cancel: @escaping Cancel) {
        self.id = id
        self.handle = handle.pointer
        self.cancel = cancel
        drainTimeout = configuration.drainTimeout
        // Names that no other session has: where a proxy hands sessions around, a statement of this name is this one
        // or is missing, which heals, and never another one.
        machine = ConnectionMachine(
            maximumPreparedStatements: configuration.maximumPreparedStatements,
            namePrefix: "s\(String(UInt64.random(in: .min ... .max), radix: 16))_"
        )
    }

    // MARK: - What the reactor asks

    /// The socket and what to watch it for.
    var pollDescriptor: pollfd {
        guard encoder == nil else { return pollfd(fd: -1, events: 0, revents: 0) }
        let events = wantsToWrite ? POLLIN | POLLOUT : POLLIN
        return pollfd(fd: PQsocket(handle), events: Int16(events), revents: 0)
    }

    /// Whether ``turn()`` has work.
    var isEncoding: Bool { encoder != nil }

    /// When ``expire(_:)`` has to be called.
    var deadline: NIODeadline { job?.deadline ?? cleanupDeadline ?? .distantFuture }

    // MARK: - What the reactor reports

    /// Runs a query. The connection is idle.
    func start(_ job: QueryJob) -> Signal {
        guard !job.isFinished else { return .released }
        self.job = job
        return perform(machine.start(job.statement, parameterCount: job.parameters.count))
    }

    /// The caller of this query has been answered elsewhere.
    func abandon(_ jobID: UInt64) -> Signal {
        guard job?.id == jobID else { return .none }
        job = nil
        return perform(machine.abandon())
    }

    /// The cancel request is through.
    func cancelReturned() -> Signal {
        perform(machine.cancelReturned())
    }

    /// Time has passed.
    func expire(_ now: NIODeadline) -> Signal {
        guard let job else { return .closed }
        job.finish(.failure(PostgresError(.deadlineExceeded, "the query's deadline has passed")))
        self.job = nil
        return perform(machine.abandon())
    }

    /// The socket can be read or written.
    func ready(_ events: Int16) -> Signal {
        // Reading comes first: a server that sends and isn't read from may not read either.
        guard PQconsumeInput(handle) == 1 else { return lose() }
        while let notification = PQnotifies(handle) { PQfreemem(notification) }
        if wantsToWrite, case .lost(let job, let error) = flush() { return .lost(job, error) }
        guard awaitsResults else {
            // Takes in what the server says unasked.
            _ = PQisBusy(handle)
            return PQstatus(handle) == CONNECTION_OK ? .none : lose()
        }
        return readResults()
    }

    /// Encodes a slice of the answer.
    func turn() -> Signal {
        do throws(PostgresError) {
            guard try encoder?.encode(budget: Self.slice) == true, let answer = encoder?.answer() else { return .none }
            return finish(.success(answer))
        } catch {
            return finish(.failure(error))
        }
    }

    /// Closes the connection. A query it still has is answered with `error` and cancelled on the server.
    func close(_ error: PostgresError?) {
        if let job {
            job.finish(.failure(error ?? PostgresError(.connectionLost, "the connection was closed")))
            if awaitsResults, PQstatus(handle) == CONNECTION_OK, let request = CancelRequest(for: handle) {
                if !cancel(request) { request.free() }
            }
        }
        job = nil
        clearResult()
        PQfinish(handle)
    }

    // MARK: - Carrying out

    private func perform(_ first: ConnectionMachine.Action) -> Signal {
        switch first {
        case .wait: return .none
        case .send(let command):
            if job == nil { cleanupDeadline = .now() + drainTimeout }
            return send(command) ? flush() : lose()
        case .encode(let plan): return encode(plan)
        case .fail(let error): return finish(.failure(error))
        case .settle:
            clearResult()
            return perform(machine.answered(transactionStatus))
        case .cancel:
            cleanupDeadline = .now() + drainTimeout
            guard let request = CancelRequest(for: handle) else { return .closed }
            if cancel(request) { return .none }
            request.free()
            return .closed
        case .release:
            cleanupDeadline = nil
            // A statement may have called set_config.
            return ServerSettings.difference(handle) == nil ? .released : .closed
        case .close: return .closed
        }
    }

    private func finish(_ answer: QueryJob.Answer) -> Signal {
        clearResult()
        job?.finish(answer)
        job = nil
        return perform(machine.answered(transactionStatus))
    }

    private var transactionStatus: ConnectionMachine.TransactionStatus {
        switch PQtransactionStatus(handle) {
        case PQTRANS_IDLE: .idle
        case PQTRANS_INTRANS, PQTRANS_INERROR: .inTransaction
        default: .unknown
        }
    }

    private func encode(_ plan: ResultPlan) -> Signal {
        guard let result = held else { return .closed }
        guard plan.shape != .none else {
            let count = Int(String(cString: PQcmdTuples(result))) ?? 0
            return finish(.success(JSONAnswer(body: nil, rowCount: count)))
        }
        guard Int(PQnfields(result)) == plan.columns.count else { return .closed }
        encoder = RowEncoder(result: result, plan: plan)
        return turn()
    }

    private func send(_ command: ConnectionMachine.Command) -> Bool {
        lastCommand = command
        awaitsResults = true
        switch command {
        case .prepare(let name, let sql, let types):
            return PQsendPrepare(handle, name, sql, Int32(types.count), types) == 1
        case .describe(let name):
            return PQsendDescribePrepared(handle, name) == 1
        case .execute(let name):
            guard let job else { return false }
            return job.parameters.withPointers { values in
                PQsendQueryPrepared(handle, name, Int32(values.count), values.baseAddress, nil, nil, 0) == 1
            }
        case .deallocate(let name):
            return PQsendQuery(handle, "DEALLOCATE \(name)") == 1
        case .rollback:
            return PQsendQuery(handle, "ROLLBACK") == 1
        }
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
        while awaitsResults, PQisBusy(handle) == 0 {
            if let result = PQgetResult(handle) {
                switch PQresultStatus(result) {
                case PGRES_COPY_IN, PGRES_COPY_OUT, PGRES_COPY_BOTH:
                    PQclear(result)
                    job?.finish(.failure(PostgresError(.invalidStatement, "COPY cannot be run as a query")))
                    job = nil
                    return .closed
                default: hold(result)
                }
            } else {
                awaitsResults = false
                guard PQstatus(handle) == CONNECTION_OK, let outcome = takeOutcome() else { return lose() }
                let signal = perform(machine.completed(outcome))
                if case .none = signal { continue }
                return signal
            }
        }
        return .none
    }

    /// Keeps a result, in place of the one before unless that was an error.
    private func hold(_ result: OpaquePointer) {
        if let held {
            guard !Self.isError(held) else { return PQclear(result) }
            PQclear(held)
        }
        held = result
    }

    private func takeOutcome() -> ConnectionMachine.Outcome? {
        guard let result = held else { return nil }
        if Self.isError(result) {
            guard !PostgresError.endsSession(result) else { return nil }
            defer { clearResult() }
            if PQresultStatus(result) == PGRES_EMPTY_QUERY {
                return .failed(PostgresError(.invalidStatement, "the statement is empty"))
            }
            return .failed(PostgresError(result: result))
        }
        switch lastCommand {
        case .execute: return PQresultStatus(result) == PGRES_TUPLES_OK ? .rows : .done
        case .describe:
            defer { clearResult() }
            return .described(StatementDescription(result: result))
        case .prepare, .deallocate, .rollback:
            clearResult()
            return .done
        }
    }

    private static func isError(_ result: OpaquePointer) -> Bool {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK: false
        default: true
        }
    }

    private func clearResult() {
        encoder = nil
        if let held { PQclear(held) }
        held = nil
    }

    /// The connection broke; says so with the server's last words, if it had any.
    private func lose() -> Signal {
        var error = PostgresError(.connectionLost, connection: handle)
        if let held, Self.isError(held) {
            error = PostgresError(.connectionLost, error.message, underlying: PostgresError(result: held))
        }
        let job = job
        self.job = nil
        return .lost(job, error)
    }
}

extension StatementDescription {
    /// Reads the result of describing a prepared statement.
    fileprivate init(result: OpaquePointer) {
        self.init(
            columns: (0..<PQnfields(result)).map {
                Column(name: String(cString: PQfname(result, $0)), typeOID: PQftype(result, $0))
            },
            parameterOIDs: (0..<PQnparams(result)).map { PQparamtype(result, $0) }
        )
    }
}
