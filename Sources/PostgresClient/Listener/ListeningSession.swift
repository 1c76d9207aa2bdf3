import CPostgres
import NIOCore
import SQLSyntax

/// A session that listens, driven by the thread that made it, which alone touches it.
final class ListeningSession {
    /// Something that a turn has brought.
    enum Event {
        /// The channel was notified with this payload.
        case notified(String)
        /// The session listens.
        case subscribed
        /// The tables have been inspected.
        case inspected([TableReport], askedAt: NIODeadline)
        /// The tables could not be inspected, which leaves the session as it is.
        case inspectionFailed(PostgresError, askedAt: NIODeadline)
        /// The server is there.
        case alive(askedAt: NIODeadline)
    }

    private let handle: OpaquePointer
    private let inspection: () -> TableInspection
    private var inspected: TableInspection?
    private var inspectionResult: Result<[TableReport], PostgresError>?
    private var machine: ListenerMachine
    private var wantsToWrite = false
    private var isAnswerDue = true

    /// Begins to listen.
    ///
    /// - Parameter inspection: the question about the tables, as it is to be asked now.
    /// - Throws: ``PostgresError`` when the connection broke.
    init(
        _ handle: ConnectionHandle,
        channel: String,
        limits: ListenerMachine.Limits,
        inspection: @escaping () -> TableInspection,
        now: NIODeadline
    ) throws(PostgresError) {
        self.handle = handle.pointer
        self.inspection = inspection
        machine = ListenerMachine(limits: limits, now: now)
        // The server keeps the time of an inspection, because only it can end one and leave the session.
        let milliseconds = max(1, limits.inspectionTimeout.nanoseconds / 1_000_000)
        try send("SET statement_timeout = \(milliseconds); LISTEN \(SQLIdentifier.quoted(channel))")
    }

    deinit {
        PQfinish(handle)
    }

    /// The time at which ``turn(_:)`` is due although nothing has come.
    var deadline: NIODeadline { machine.deadline }

    /// Asks as soon as possible, unless that was done at this time or later.
    func want(answerSince time: NIODeadline) { machine.want(answerSince: time) }

    /// Has the tables inspected soon.
    func wantInspection(_ now: NIODeadline) { machine.wantInspection(now) }

    /// The socket and the events to watch it for.
    var pollDescriptor: PollDescriptor {
        PollDescriptor(PQsocket(handle), awaitsOutput: wantsToWrite)
    }

    /// Takes in what has come, and asks the server when it is time.
    ///
    /// - Throws: ``PostgresError`` when the session is over.
    func turn(_ now: NIODeadline, _ handle: (Event) -> Void) throws(PostgresError) {
        guard PQconsumeInput(self.handle) == 1 else { throw lost }
        if wantsToWrite { try flush() }
        // Before the answer that may have come behind them.
        takeNotifications(handle)
        while isAnswerDue, PQisBusy(self.handle) == 0 {
            if let result = PQgetResult(self.handle) {
                defer { PQclear(result) }
                try take(result)
                continue
            }
            // The server is ready for the next question. Those that came between the two looks came before that.
            isAnswerDue = false
            takeNotifications(handle)
            if let event = answer(now) { handle(event) }
            inspectionResult = nil
        }
        guard PQstatus(self.handle) == CONNECTION_OK else { throw lost }
        switch machine.due(now) {
        case .none: break
        case .ask(.inspection): try inspect()
        case .ask: try send("")
        case .giveUp: throw PostgresError(.connectionLost, "the server did not answer in time")
        }
    }

    private func takeNotifications(_ handle: (Event) -> Void) {
        while let notification = PQnotifies(self.handle) {
            handle(.notified(String(cString: notification.pointee.extra)))
            PQfreemem(notification)
        }
    }

    /// Keeps what a result says of the tables.
    ///
    /// - Throws: ``PostgresError`` when the session can't go on: it was ended, or it does not listen.
    private func take(_ result: OpaquePointer) throws(PostgresError) {
        switch PQresultStatus(result) {
        case PGRES_TUPLES_OK: inspectionResult = inspected.map { .success($0.reports(result)) }
        case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
        default:
            let error = PostgresError(result: result)
            guard machine.isInspecting, !PostgresError.endsSession(result), error.sqlState != nil else { throw error }
            inspectionResult = .failure(error)
        }
    }

    /// The meaning of the answer whose results have all come.
    private func answer(_ now: NIODeadline) -> Event? {
        if case .failure(let error)? = inspectionResult {
            return machine.inspectionFailed(now).map { .inspectionFailed(error, askedAt: $0.askedAt) }
        }
        guard let answer = machine.answered(now) else { return nil }
        switch answer.question {
        case .subscription: return .subscribed
        case .life: return .alive(askedAt: answer.askedAt)
        case .inspection:
            return .inspected((try? inspectionResult?.get()) ?? [], askedAt: answer.askedAt)
        }
    }

    private func send(_ sql: String) throws(PostgresError) {
        guard PQsendQuery(handle, sql) == 1 else { throw lost }
        isAnswerDue = true
        try flush()
    }

    private func inspect() throws(PostgresError) {
        let inspection = inspection()
        inspected = inspection
        let parameters = inspection.parameters
        let isSent = parameters.withPointers { values in
            PQsendQueryParams(handle, TableInspection.sql, Int32(values.count), nil, values.baseAddress, nil, nil, 0)
        }
        guard isSent == 1 else { throw lost }
        isAnswerDue = true
        try flush()
    }

    private func flush() throws(PostgresError) {
        switch PQflush(handle) {
        case 0: wantsToWrite = false
        case 1: wantsToWrite = true
        default: throw lost
        }
    }

    private var lost: PostgresError { PostgresError(.connectionLost, connection: handle) }
}
