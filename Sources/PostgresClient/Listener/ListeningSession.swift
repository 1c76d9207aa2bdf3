import CPostgres
import NIOCore

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
        case answer(ListenerMachine.Answer)
    }

    private let handle: OpaquePointer
    private var machine: ListenerMachine
    private var wantsToWrite = false
    private var isAnswerDue = true
    private var hasFailed = false

    /// Begins to listen.
    ///
    /// - Throws: ``PostgresError`` when the connection broke.
    init(
        _ handle: ConnectionHandle,
        channel: String,
        limits: ListenerMachine.Limits,
        now: NIODeadline
    ) throws(PostgresError) {
        self.handle = handle.pointer
        machine = ListenerMachine(limits: limits, now: now)
        let name = channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        try send("LISTEN \"\(name)\"")
    }

    deinit {
        PQfinish(handle)
    }

    /// When ``turn(_:)`` is due although nothing has come.
    var deadline: NIODeadline { machine.deadline }

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
                case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: continue
                default: throw PostgresError(result: result)
                }
            }
            // The server is ready for the next question. Those that came between the two looks came before that.
            isAnswerDue = false
            takeNotices(handle)
            if let answer = machine.answered(now) { handle(.answer(answer)) }
        }
        guard PQstatus(self.handle) == CONNECTION_OK else { throw lost }
        switch machine.due(now) {
        case .none: break
        case .ask:
            isAnswerDue = true
            try send("")
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
