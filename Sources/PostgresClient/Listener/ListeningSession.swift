import CPostgres
import NIOCore
import SQLSyntax

/// A listening session, which is confined to the thread that made it.
final class ListeningSession {
    /// An event of a session.
    enum Event {
        /// The channel was notified with this payload.
        case notified(String)
        /// The session listens.
        case subscribed
        /// The tables have been inspected.
        case inspected([TableReport], askedAt: NIODeadline)
        /// The inspection failed, which does not end the session.
        case inspectionFailed(PostgresError, askedAt: NIODeadline)
        /// The server responds.
        case alive(askedAt: NIODeadline)
    }

    private let handle: OpaquePointer
    private let inspection: () -> TriggerInspection
    private var inspected: TriggerInspection?
    private var inspectionResult: Result<[TableReport], PostgresError>?
    private var machine: ListeningSessionStateMachine
    private var wantsToWrite = false
    private var isAnswerDue = true

    /// Begins to listen.
    ///
    /// - Parameters:
    ///   - handle: the connection, which the session closes at its end.
    ///   - channel: the channel.
    ///   - limits: the time limits.
    ///   - inspection: makes the query about the tables that are to be inspected at the time of the call.
    ///   - now: the current time.
    /// - Throws: ``PostgresError`` if the connection broke.
    init(
        _ handle: LibpqConnectionHandle,
        channel: String,
        limits: ListeningSessionStateMachine.Limits,
        inspection: @escaping () -> TriggerInspection,
        now: NIODeadline
    ) throws(PostgresError) {
        self.handle = handle.pointer
        self.inspection = inspection
        machine = ListeningSessionStateMachine(limits: limits, now: now)
        // The server limits the time of an inspection, because only it can cancel one and keep the session.
        let milliseconds = max(1, limits.inspectionTimeout.nanoseconds / 1_000_000)
        try send("SET statement_timeout = \(milliseconds); LISTEN \(SQLIdentifierSyntax.quoted(channel))")
    }

    deinit {
        PQfinish(handle)
    }

    /// The time at which ``turn(_:_:)`` is due even without input.
    var deadline: NIODeadline { machine.deadline }

    /// Requests a ping as soon as possible, unless a request was sent at this time or later.
    func want(answerSince time: NIODeadline) { machine.want(answerSince: time) }

    /// Requests an inspection soon.
    func wantInspection(_ now: NIODeadline) { machine.wantInspection(now) }

    /// The socket and the events to wait for.
    var pollDescriptor: PollDescriptor {
        PollDescriptor(PQsocket(handle), awaitsOutput: wantsToWrite)
    }

    /// Processes input, and sends the request that is due.
    ///
    /// - Parameters:
    ///   - now: the current time.
    ///   - handle: receives the events.
    /// - Throws: ``PostgresError`` if the session has ended.
    func turn(_ now: NIODeadline, _ handle: (Event) -> Void) throws(PostgresError) {
        guard PQconsumeInput(self.handle) == 1 else { throw lost }
        if wantsToWrite { try flush() }
        // Notifications precede a response that arrived behind them.
        takeNotifications(handle)
        while isAnswerDue, PQisBusy(self.handle) == 0 {
            if let result = PQgetResult(self.handle) {
                defer { PQclear(result) }
                try take(result)
                continue
            }
            // The server is ready for the next request. Notifications that arrived since the last check precede it.
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

    /// Takes a result of the current request.
    ///
    /// - Throws: ``PostgresError`` if the session has ended or does not listen.
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

    /// Returns the event for the current request, whose results are complete.
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
            PQsendQueryParams(handle, TriggerInspection.sql, Int32(values.count), nil, values.baseAddress, nil, nil, 0)
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
