import NIOCore

/// Something that waits for a reply.
protocol RedisWaiter {
    /// Whether nobody wants the reply any more. It still comes, and is discarded when it does.
    var isAbandoned: Bool { get }
    /// Whether the command may be sent again on another connection.
    var mayBeRetried: Bool { get }
}

/// One connection from the moment it is open: handshake, commands in flight, deadlines, end.
///
/// Events come in with the time at which they happened, actions go out. A connection lives once; connecting again is
/// the task of ``RedisReconnectStateMachine``.
///
/// ```
/// handshaking ──all answers good──▶ ready ──drain──▶ draining
///      └───────────────────────────────┴─────────────────┴──────▶ closed
/// ```
struct RedisConnectionStateMachine<Waiter: RedisWaiter> {
    struct Limits: Sendable {
        /// How long the head of the queue may see no progress.
        var commandTimeout: TimeAmount
        /// How long a command may wait in all.
        var longestWait: TimeAmount
        var maximumPendingCommands: Int
        var maximumPendingBytes: Int
    }

    private enum State {
        case handshaking(RedisHandshake, deadline: NIODeadline)
        case ready
        case draining
        case closed
    }

    private struct Entry {
        /// Nobody for a probe of the connection's own.
        var waiter: Waiter?
        var sentAt: NIODeadline
        /// Where the command ends in the stream of bytes sent.
        var end: Int
    }

    private let limits: Limits
    private var state: State
    private var pending = CircularBuffer<Entry>()
    private var lastProgress: NIODeadline
    private var bytesSent = 0
    private var bytesFlushed = 0
    private var timerIsSet = false
    /// The last progress when the deadline was found to have passed while something lay unread.
    private var progressBeforeReading: NIODeadline?

    /// The `run_id` of the server at the other end.
    private(set) var serverRunID: String?

    init(handshake: RedisHandshake, deadline: NIODeadline, limits: Limits, now: NIODeadline) {
        self.limits = limits
        state = .handshaking(handshake, deadline: deadline)
        lastProgress = now
    }

    /// How many commands wait for a reply, abandoned ones and probes included.
    var pendingCount: Int { pending.count }

    /// Whether the connection is to be closed because the last reply it was kept for has come.
    var isDrained: Bool {
        if case .draining = state { pending.isEmpty } else { false }
    }

    // MARK: Sending

    enum SendAction {
        /// Write the command; if a time is given, call ``deadlineReached(now:unflushed:hasUnread:)`` then.
        case write(timerAt: NIODeadline?)
        case reject(RedisError)
    }

    /// A command of `size` bytes is to be sent; no waiter makes it a probe.
    mutating func send(_ waiter: Waiter?, size: Int, now: NIODeadline) -> SendAction {
        guard case .ready = state else {
            return .reject(RedisError(.unavailable, "the connection is not ready"))
        }
        guard pending.count < limits.maximumPendingCommands else {
            return .reject(RedisError(.overloaded, "\(pending.count) commands wait for a reply already"))
        }
        guard size <= limits.maximumPendingBytes else {
            let message = "the command has \(size) bytes, \(limits.maximumPendingBytes) are allowed"
            return .reject(RedisError(.commandTooLarge, message))
        }
        guard size <= limits.maximumPendingBytes - unflushed else {
            return .reject(RedisError(.overloaded, "\(unflushed) bytes wait to be written already"))
        }
        bytesSent += size
        pending.append(Entry(waiter: waiter, sentAt: now, end: bytesSent))
        return .write(timerAt: setTimer())
    }

    private var unflushed: Int { bytesSent - bytesFlushed }

    /// The socket has taken everything but the last `unflushed` bytes.
    mutating func flushed(unflushed: Int, now: NIODeadline) {
        let flushed = max(bytesFlushed, bytesSent - unflushed)
        // Bytes behind the head's command are no sign that the head is getting on.
        if let head = pending.first, flushed > bytesFlushed, bytesFlushed < head.end { lastProgress = now }
        bytesFlushed = flushed
    }

    // MARK: Receiving

    /// Bytes have arrived, whole replies or not.
    mutating func received(now: NIODeadline) {
        lastProgress = now
    }

    enum ReplyAction {
        case none
        /// The handshake is done, and with it the timer that was set for it.
        case becomeReady(tolerated: [String])
        case deliver(Waiter)
        /// Nobody wants the reply.
        case discard
        /// Deliver the reply and close.
        case deliverAndClose(Waiter?, RedisError)
        case close(RedisError)
    }

    /// A whole reply has arrived.
    mutating func reply(_ reply: RedisReply) -> ReplyAction {
        switch state {
        case .handshaking(var handshake, let deadline):
            let progress = handshake.answer(reply)
            state = .handshaking(handshake, deadline: deadline)
            switch progress {
            case .unfinished: return .none
            case .failed(let error): return .close(error)
            case .ready:
                state = .ready
                timerIsSet = false
                progressBeforeReading = nil
                serverRunID = handshake.serverRunID
                return .becomeReady(tolerated: handshake.tolerated)
            }
        case .ready, .draining:
            guard let entry = pending.popFirst() else {
                return .close(RedisError(.protocolViolation, "a reply came that no command had asked for"))
            }
            let waiter = entry.waiter.flatMap { $0.isAbandoned ? nil : $0 }
            if let error = reply.error, let refusal = Self.refusal(error) {
                return .deliverAndClose(waiter, refusal)
            }
            return waiter.map { .deliver($0) } ?? .discard
        case .closed:
            return .none
        }
    }

    /// Errors that mean this server is not, or not now, the one to talk to.
    private static func refusal(_ error: RedisServerError) -> RedisError? {
        switch error.code {
        case "READONLY": RedisError(.connectionLost, "the server has become a replica", underlying: error)
        case "LOADING": RedisError(.connectionLost, "the server is loading its data", underlying: error)
        default: nil
        }
    }

    // MARK: Time

    /// When to call ``deadlineReached(now:unflushed:hasUnread:)``, if that has not been asked for already.
    mutating func setTimer() -> NIODeadline? {
        guard !timerIsSet, let deadline = nextDeadline else { return nil }
        timerIsSet = true
        return deadline
    }

    private var nextDeadline: NIODeadline? {
        switch state {
        case .handshaking(_, let deadline): deadline
        case .closed: nil
        case .ready, .draining:
            pending.first.map { head in
                min(max(head.sentAt, lastProgress) + limits.commandTimeout, head.sentAt + limits.longestWait)
            }
        }
    }

    enum DeadlineAction {
        case none
        case setTimer(at: NIODeadline)
        case close(RedisError)
    }

    /// The time that was asked for has come. One timer serves all commands: it looks at the head, which may have
    /// changed.
    ///
    /// An event loop that something held up runs its timers before it reads again. So while the socket has something to
    /// read, the deadline counts only once that has been read: the server is not late, the loop is.
    mutating func deadlineReached(now: NIODeadline, unflushed: Int, hasUnread: Bool) -> DeadlineAction {
        timerIsSet = false
        flushed(unflushed: unflushed, now: now)
        guard let deadline = nextDeadline, deadline <= now else {
            progressBeforeReading = nil
            return setTimer().map { .setTimer(at: $0) } ?? .none
        }
        if hasUnread && progressBeforeReading ?? lastProgress == lastProgress {
            progressBeforeReading = lastProgress
            timerIsSet = true
            return .setTimer(at: now + .milliseconds(1))
        }
        if case .handshaking = state {
            return .close(RedisError(.timedOut, "the server accepted the connection but did not answer in time"))
        }
        return .close(RedisError(.timedOut, "the server did not answer in time"))
    }

    // MARK: End

    /// Sends nothing more, and closes when the replies that are due have come.
    ///
    /// - Returns: whether to close at once.
    mutating func drain() -> Bool {
        switch state {
        case .ready where !pending.isEmpty:
            state = .draining
            return false
        case .handshaking, .ready: return true
        case .draining, .closed: return false
        }
    }

    /// What becomes of the commands in flight. They are in the order in which they were sent.
    struct End {
        var failures: [(waiter: Waiter, error: RedisError)] = []
        /// Reads that may be sent again: the connection was dead before anything of their replies came.
        var retries: [Waiter] = []
    }

    /// The connection is over.
    ///
    /// - Parameters:
    ///   - byPeer: the connection broke or the other side closed it; nothing here gave it up.
    ///   - insideReply: part of the head's reply had come.
    /// - Returns: `nil` if it was over already.
    mutating func close(_ error: RedisError, byPeer: Bool, insideReply: Bool) -> End? {
        if case .closed = state { return nil }
        let mayRetry = if case .ready = state { byPeer } else { false }
        state = .closed
        var end = End()
        for (position, entry) in pending.enumerated() {
            guard let waiter = entry.waiter, !waiter.isAbandoned else { continue }
            if mayRetry && waiter.mayBeRetried && !(position == 0 && insideReply) {
                end.retries.append(waiter)
            } else if position == 0 {
                end.failures.append((waiter, error))
            } else {
                let message = "the connection ended before the reply came (\(error.message))"
                end.failures.append((waiter, RedisError(.connectionLost, message, underlying: error.underlyingError)))
            }
        }
        pending.removeAll()
        return end
    }
}
