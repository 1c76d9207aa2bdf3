import CPostgres
import NIOCore
import SQLSyntax

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A session that listens, driven by the thread that made it, which alone touches it.
final class ListeningSession {
    /// What a turn has brought.
    enum Event {
        case notice(String)
        /// - Parameter reports: what was found, where the tables were inspected.
        case answer(ListenerMachine.Answer, [TableReport])
    }

    private let handle: OpaquePointer
    private let inspection: () -> TableInspection
    private var inspected: TableInspection?
    private var reports: [TableReport] = []
    private var machine: ListenerMachine
    private var wantsToWrite = false
    private var isAnswerDue = true
    private var hasFailed = false

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
        try send("LISTEN \(SQLIdentifier.quoted(channel))")
    }

    deinit {
        PQfinish(handle)
    }

    /// When ``turn(_:)`` is due although nothing has come.
    var deadline: NIODeadline { machine.deadline }

    /// Asks as soon as possible, unless that was done at this time or later.
    func want(answerSince time: NIODeadline) { machine.want(answerSince: time) }

    /// Has the tables inspected soon.
    func wantInspection(_ now: NIODeadline) { machine.wantInspection(now) }

    /// The socket and what to watch it for.
    var pollDescriptor: pollfd {
        pollfd(fd: PQsocket(handle), events: Int16(wantsToWrite ? POLLIN | POLLOUT : POLLIN), revents: 0)
    }

    /// Takes in what has come, and asks the server when it is time.
    ///
    /// - Throws: ``PostgresError`` when the session is over.
    func turn(_ now: NIODeadline, _ handle: (Event) -> Void) throws(PostgresError) {
        guard PQconsumeInput(self.handle) == 1 else { throw lost }
        if wantsToWrite { try flush() }
        // Before the answer that may have come behind them.
        takeNotices(handle)
        while isAnswerDue, PQisBusy(self.handle) == 0 {
            if let result = PQgetResult(self.handle) {
                defer { PQclear(result) }
                switch PQresultStatus(result) {
                case PGRES_TUPLES_OK: reports = inspected?.reports(result) ?? []
                case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: continue
                default: throw PostgresError(result: result)
                }
            }
            // The server is ready for the next question. Those that came between the two looks came before that.
            isAnswerDue = false
            takeNotices(handle)
            if let answer = machine.answered(now) { handle(.answer(answer, reports)) }
            reports = []
        }
        guard PQstatus(self.handle) == CONNECTION_OK else { throw lost }
        switch machine.due(now) {
        case .none: break
        case .ask(.inspection): try inspect()
        case .ask: try send("")
        case .giveUp: throw PostgresError(.connectionLost, "the server did not answer in time")
        }
    }

    private func takeNotices(_ handle: (Event) -> Void) {
        while let notice = PQnotifies(self.handle) {
            handle(.notice(String(cString: notice.pointee.extra)))
            PQfreemem(notice)
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
