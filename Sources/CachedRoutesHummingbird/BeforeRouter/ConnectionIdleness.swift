import NIOCore

/// When an idle connection is closed. A value type without a timer.
struct ConnectionIdleness {
    enum Verdict: Equatable {
        case close
        case lookAgain(at: NIODeadline)
    }

    let timeout: TimeAmount
    private var lastActive: NIODeadline
    /// What waited for the client when it was looked last.
    private var unwritten = 0

    init(timeout: TimeAmount, now: NIODeadline) {
        self.timeout = timeout
        lastActive = now
    }

    /// When to look for the first time.
    var firstLook: NIODeadline { lastActive + timeout }

    /// The client has sent something, or been sent an answer.
    mutating func isActive(at now: NIODeadline) { lastActive = now }

    /// What to do about a connection.
    ///
    /// - Parameters:
    ///   - isAnswering: whether a whole request waits for its answer.
    ///   - unwritten: the bytes that wait for the client.
    mutating func look(at now: NIODeadline, isAnswering: Bool, unwritten: Int) -> Verdict {
        let hasMoved = unwritten > 0 && unwritten != self.unwritten
        self.unwritten = unwritten
        if isAnswering || hasMoved { return .lookAgain(at: now + timeout) }
        return now >= lastActive + timeout ? .close : .lookAgain(at: lastActive + timeout)
    }
}
