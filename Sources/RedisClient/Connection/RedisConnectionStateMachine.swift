import NIOCore

/// Something that waits for a reply.
protocol RedisWaiter {
    /// Whether nobody wants the reply any more. It still comes, and is discarded when it does.
    var isAbandoned: Bool { get }
    /// Whether the command may be sent again on another connection.
    var mayBeRetried: Bool { get }
    /// True for a command that only reads.
    var isRead: Bool { get }
    /// The time at which the caller asked.
    var askedAt: NIODeadline { get }
    /// The time at which the caller gives up.
    var deadline: NIODeadline { get }
    /// True for what was on another connection before, or waited for this one.
    var hasWaited: Bool { get }
}

/// One connection from the moment it is open: handshake, commands in flight, deadlines, end.
///
/// Events come in with the time at which they happened, actions go out. A connection lives once; connecting again is
/// the task of ``RedisReconnectStateMachine``.
///
/// A read has its whole reply within the command timeout, counted from its sending, or fails. With it the connection is over, unless
/// something else held it up: a write, which may be long and has to get on, or the replies of other reads, where they came well. Then
/// the late reads fail alone, and so do those that come after them, at once, until the replies of the late ones have come. What comes
/// in meanwhile decides also what is to blame, the server or the length of a reply.
///
/// ```
/// handshaking ──all answers good──▶ ready ──drain──▶ draining
///      └───────────────────────────────┴─────────────────┴──────▶ closed
/// ```
struct RedisConnectionStateMachine<Waiter: RedisWaiter> {
    struct Limits: Sendable {
        /// The time that a read may wait, and for which a write may see no progress.
        var commandTimeout: TimeAmount
        /// The time that a write may wait in all.
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
        /// Nobody for a probe of the connection's own, and for a read that was given up alone.
        var waiter: Waiter?
        var isRead: Bool
        /// A read that waited for too long behind something else.
        var isLate = false
        /// The bytes that had come when it was sent.
        var receivedBefore: Int
        var sentAt: NIODeadline
        /// The time at which whoever waits is told that there is no reply; later than ``sentAt`` by the timeout at most.
        var deadline: NIODeadline
        /// Where the command ends in the stream of bytes sent.
        var end: Int
    }

    private let limits: Limits
    private var state: State
    private var pending = CircularBuffer<Entry>()
    private var lastProgress: NIODeadline
    private var bytesSent = 0
    private var bytesFlushed = 0
    /// The bytes sent by the last flush, and the time of the first command after it; `nil`: there has been none.
    private var bytesLeft = 0
    private var unsentSince: NIODeadline?
    private var timerAt: NIODeadline?
    /// The deadline was found to have passed while something lay unread.
    private var overrun: Overrun?
    private var lateReads = 0
    private var slowness: Slowness?
    /// The time of the last whole reply, and the bytes that have come since: those of the first that waits.
    private var lastReply: NIODeadline
    private var headBytes = 0
    private var bytesReceived = 0

    /// A deadline that has passed while the event loop did not get around to reading.
    private struct Overrun {
        /// The last progress by then.
        let progress: NIODeadline
        /// For how long the loop had not looked.
        var lateness: TimeAmount
        /// The end of the time that is given back, once something was read.
        var end: NIODeadline?
    }

    /// A time without any reply that came in half of the timeout.
    private struct Slowness {
        let since: NIODeadline
        var bytes = 0
    }

    /// After so many timeouts without a prompt reply, and without a number of bytes that would explain it, a server is too slow.
    private static var patience: Int { 5 }
    /// A server that gives so many bytes a second is not slow, whatever the replies wait for.
    private static var promptBytes: Int64 { 1 << 20 }

    /// The `run_id` of the server at the other end.
    private(set) var serverRunID: String?

    init(handshake: RedisHandshake, deadline: NIODeadline, limits: Limits, now: NIODeadline) {
        self.limits = limits
        state = .handshaking(handshake, deadline: deadline)
        lastProgress = now
        lastReply = now
    }

    /// The number of commands that wait for a reply, abandoned ones and probes included.
    var pendingCount: Int { pending.count }

    /// True while the connection takes commands.
    var isReady: Bool {
        if case .ready = state { true } else { false }
    }

    /// Whether the connection is to be closed because the last reply it was kept for has come.
    var isDrained: Bool {
        if case .draining = state { pending.isEmpty } else { false }
    }

    // MARK: Sending

    enum SendAction {
        /// Write the command; if a time is given, call ``deadlineReached(now:unflushed:hasUnread:)`` then, and not at any time
        /// that was given before.
        case write(timerAt: NIODeadline?)
        case reject(RedisError)
    }

    /// A command of `size` bytes is to be sent; no waiter makes it a probe.
    mutating func send(_ waiter: Waiter?, size: Int, now: NIODeadline) -> SendAction {
        guard case .ready = state else {
            return .reject(RedisError(.unavailable, "the connection is not ready"))
        }
        let isRead = waiter?.isRead ?? true
        guard !isRead || lateReads == 0 else {
            return .reject(RedisError(.unavailable, "earlier commands delay the connection"))
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
        if unsentSince == nil { unsentSince = now }
        let askedAt = isRead ? min(now, waiter?.askedAt ?? now) : now
        let deadline =
            isRead ? min(askedAt + limits.commandTimeout, waiter?.deadline ?? .distantFuture) : .distantFuture
        // That a part of its time is spent is no fault of this connection, which then has the whole of the timeout.
        let sentAt = waiter?.hasWaited ?? false ? now : askedAt
        pending.append(
            Entry(
                waiter: waiter,
                isRead: isRead,
                receivedBefore: bytesReceived,
                sentAt: sentAt,
                deadline: deadline,
                end: bytesSent
            )
        )
        if let timerAt, timerAt <= deadline { return .write(timerAt: nil) }
        timerAt = timerAt == nil ? nextDeadline : deadline
        return .write(timerAt: timerAt)
    }

    private var unflushed: Int { bytesSent - bytesFlushed }

    /// The commands that were sent since the last flush leave now.
    ///
    /// They leave at the end of the tick in which they were sent. Where something held the loop up in that tick, the server is not
    /// to blame for it, and the time of these commands begins only now.
    mutating func leaving(now: NIODeadline) {
        defer { (bytesLeft, unsentSince) = (bytesSent, nil) }
        guard let unsentSince, now - unsentSince > .nanoseconds(limits.commandTimeout.nanoseconds / 2) else { return }
        for index in pending.indices.reversed() {
            guard pending[index].end > bytesLeft else { break }
            pending[index].sentAt = now
            guard pending[index].isRead else { continue }
            pending[index].deadline = min(
                now + limits.commandTimeout,
                pending[index].waiter?.deadline ?? .distantFuture
            )
        }
    }

    /// The socket has taken everything but the last `unflushed` bytes.
    mutating func flushed(unflushed: Int, now: NIODeadline) {
        let flushed = max(bytesFlushed, bytesSent - unflushed)
        // Bytes behind the head's command are no sign that the head is getting on.
        if let head = pending.first, flushed > bytesFlushed, bytesFlushed < head.end { lastProgress = now }
        bytesFlushed = flushed
    }

    // MARK: Receiving

    /// Bytes have arrived, whole replies or not.
    mutating func received(_ count: Int = 0, now: NIODeadline) {
        lastProgress = now
        slowness?.bytes += count
        headBytes += count
        bytesReceived += count
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
    mutating func reply(_ reply: RedisReply, now: NIODeadline) -> ReplyAction {
        lastReply = now
        headBytes = 0
        switch state {
        case .handshaking(var handshake, let deadline):
            let progress = handshake.answer(reply)
            state = .handshaking(handshake, deadline: deadline)
            switch progress {
            case .unfinished: return .none
            case .failed(let error): return .close(error)
            case .ready:
                state = .ready
                timerAt = nil
                overrun = nil
                serverRunID = handshake.serverRunID
                return .becomeReady(tolerated: handshake.tolerated)
            }
        case .ready, .draining:
            guard let entry = pending.popFirst() else {
                return .close(RedisError(.protocolViolation, "a reply came without a command"))
            }
            if entry.isLate { lateReads -= 1 }
            let waiter = entry.waiter.flatMap { $0.isAbandoned ? nil : $0 }
            if reply.kind == .error, let error = reply.error, let refusal = RedisRefusal(error), refusal.leavesServer {
                let message = "\(Self.reasons[refusal.kind] ?? "the server can't be used now") (\(error))"
                return .deliverAndClose(waiter, RedisError(.connectionLost, message, underlying: error))
            }
            if entry.isRead, isTooSlow(now - entry.sentAt, now: now) {
                return .deliverAndClose(waiter, RedisError(.timedOut, "the server answers too slowly"))
            }
            return waiter.map { .deliver($0) } ?? .discard
        case .closed:
            return .none
        }
    }

    private static var reasons: [RedisRefusal.Kind: String] {
        [
            .replica: "the server has become a replica", .loading: "the server is loading its data",
            .primaryDown: "the server has lost its primary",
        ]
    }

    /// Takes the time that a read took.
    ///
    /// Replies that each come just in time would make every request wait for nearly as long as none does. A connection that
    /// gives nothing else for a while, and few bytes, has to go.
    ///
    /// - Returns: whether the connection is over.
    private mutating func isTooSlow(_ wait: TimeAmount, now: NIODeadline) -> Bool {
        guard wait > .nanoseconds(limits.commandTimeout.nanoseconds / 2) else {
            slowness = nil
            return false
        }
        guard let slowness else {
            self.slowness = Slowness(since: now)
            return false
        }
        let time = now - slowness.since
        guard time > limits.commandTimeout * Self.patience else { return false }
        if !isPrompt(slowness.bytes, in: time) { return true }
        self.slowness = Slowness(since: now)
        return false
    }

    private func isPrompt(_ bytes: Int, in time: TimeAmount) -> Bool {
        Double(bytes) * 1e9 >= Double(Self.promptBytes) * Double(time.nanoseconds)
    }

    // MARK: Time

    /// When to call ``deadlineReached(now:unflushed:hasUnread:)``, if that has not been asked for already.
    mutating func setTimer() -> NIODeadline? {
        guard timerAt == nil, let deadline = nextDeadline else { return nil }
        timerAt = deadline
        return deadline
    }

    /// The next time at which something has to have happened. Only the timer asks, which looks at all that waits.
    private var nextDeadline: NIODeadline? {
        switch state {
        case .handshaking(_, let deadline): deadline
        case .closed: nil
        case .ready, .draining:
            headDeadline.map { head in
                pending.reduce(head) { $1.waiter == nil ? $0 : min($0, $1.deadline) }
            }
        }
    }

    /// The time at which the connection is given up.
    private var headDeadline: NIODeadline? {
        pending.first.map { head in
            if head.isRead && !head.isLate { return head.sentAt + limits.commandTimeout }
            return min(max(head.sentAt, lastProgress) + limits.commandTimeout, head.sentAt + limits.longestWait)
        }
    }

    enum DeadlineAction {
        case none
        case setTimer(at: NIODeadline)
        case close(RedisError)
    }

    /// The consequences of a deadline that has passed.
    struct DeadlineOutcome {
        var action: DeadlineAction
        /// Those who are told that there was no reply in time, while the connection lives on.
        var expired: [Waiter] = []
    }

    /// The time that was asked for has come. One timer serves all commands: it looks at what waits, which may have changed.
    ///
    /// An event loop that something held up runs its timers before it reads again. So while the socket has something to
    /// read, a deadline counts only once that has been read, and the time for which the loop did not look is given back: the
    /// server is not late, the loop is.
    ///
    /// - Parameter element: the element of the reply under way that is to come next; `nil`: no reply has begun.
    mutating func deadlineReached(
        now: NIODeadline,
        unflushed: Int,
        hasUnread: Bool,
        element: Int? = nil
    ) -> DeadlineOutcome {
        timerAt = nil
        flushed(unflushed: unflushed, now: now)
        guard let deadline = nextDeadline, deadline <= now else {
            overrun = nil
            return DeadlineOutcome(action: setTimer().map { .setTimer(at: $0) } ?? .none)
        }
        if let later = postponed(from: deadline, now: now, hasUnread: hasUnread) {
            timerAt = later
            return DeadlineOutcome(action: .setTimer(at: later))
        }
        if case .handshaking = state {
            let message = "the server accepted the connection but did not reply in time"
            return DeadlineOutcome(action: .close(RedisError(.timedOut, message)))
        }
        if let head = headDeadline, head <= now {
            let error = lateness(element, now: now)
            guard error.code == .timedOut, isHeldUpByOthers(now: now) else {
                return DeadlineOutcome(action: .close(error))
            }
        }
        overrun = nil
        var expired: [Waiter] = []
        for index in pending.indices where pending[index].isRead {
            if !pending[index].isLate, pending[index].sentAt + limits.commandTimeout <= now {
                pending[index].isLate = true
                lateReads += 1
            }
            guard pending[index].deadline <= now, let waiter = pending[index].waiter else { continue }
            pending[index].waiter = nil
            expired.append(waiter)
        }
        return DeadlineOutcome(action: setTimer().map { .setTimer(at: $0) } ?? .none, expired: expired)
    }

    /// True where the first command that waits is a read that is late because of the replies before its own: the server has given
    /// many bytes since it was sent, and is none that answers slowly.
    private func isHeldUpByOthers(now: NIODeadline) -> Bool {
        guard let head = pending.first, head.isRead, !head.isLate else { return false }
        return isPrompt(bytesReceived - head.receivedBefore, in: now - head.sentAt)
    }

    /// The error of a connection on which the first command that waits is late.
    ///
    /// A server that has given most of the timeout to one reply, and many bytes of it, is not slow: that reply is too long to be
    /// read in time, now and the next time.
    private func lateness(_ element: Int?, now: NIODeadline) -> RedisError {
        let late = RedisError(.timedOut, "the server did not answer in time")
        guard let element, let head = pending.first, head.isRead, !head.isLate else { return late }
        let time = now - max(head.sentAt, lastReply)
        guard time.nanoseconds >= limits.commandTimeout.nanoseconds / 4 * 3, isPrompt(headBytes, in: time) else {
            return late
        }
        let milliseconds = limits.commandTimeout.nanoseconds / 1_000_000
        let message = "\(headBytes) bytes of a reply arrived within \(milliseconds) ms, which is not all of it"
        return RedisError(.replyTooSlow, message, element: element, received: headBytes)
    }

    /// The time at which to look again at a deadline that has passed; `nil`: it counts.
    private mutating func postponed(from deadline: NIODeadline, now: NIODeadline, hasUnread: Bool) -> NIODeadline? {
        let lateness = min(now - deadline, limits.commandTimeout)
        guard var overrun else {
            guard hasUnread else { return nil }
            overrun = Overrun(progress: lastProgress, lateness: lateness)
            return now + .milliseconds(1)
        }
        defer { self.overrun = overrun }
        if overrun.progress == lastProgress {
            overrun.lateness = max(overrun.lateness, lateness)
            return hasUnread ? now + .milliseconds(1) : nil
        }
        let end = overrun.end ?? now + overrun.lateness
        overrun.end = end
        return end > now ? end : nil
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
        // Of what was too large only the first in the queue knows anything.
        let mayRetry = if case .ready = state { byPeer || error.isAboutValue } else { false }
        let insideReply = insideReply || error.isAboutValue
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
