import NIOCore

/// A command that waits for its reply.
protocol RedisWaiter {
    /// Indicates that the reply is no longer wanted. It still arrives, and is then discarded.
    var isAbandoned: Bool { get }
    /// Indicates that the command may be sent again over another connection.
    var mayBeRetried: Bool { get }
    /// Indicates that the command only reads.
    var isRead: Bool { get }
    /// The time of the caller's request.
    var askedAt: NIODeadline { get }
    /// The time at which the caller gives up.
    var deadline: NIODeadline { get }
    /// Indicates that the command was on another connection before, or waited for this one.
    var hasWaited: Bool { get }
    /// The expected shape of the reply.
    var replyShape: RedisReplyShape { get }
}

/// The state of one connection from its opening on: the handshake, the commands in flight, their deadlines, and the
/// end.
///
/// Events carry the time at which they happened, and the results are actions. An instance is used for one connection;
/// reconnecting is the task of ``RedisReconnectStateMachine``.
///
/// The whole reply to a read must arrive within the command timeout, counted from its sending; otherwise the read fails
/// and the connection is closed. It is not closed if something else caused the delay: a write, which may be long but
/// must make progress, or replies to other reads, if these arrived at a good rate. In this case only the late reads
/// fail, and later reads fail at once, until the late replies have arrived. The bytes that arrive meanwhile also decide
/// whether the server is too slow or a reply is too long.
///
/// ```
/// handshaking ──all replies good──▶ ready ──drain──▶ draining
///      └───────────────────────────────┴─────────────────┴──────▶ closed
/// ```
struct RedisConnectionStateMachine<Waiter: RedisWaiter> {
    struct Limits: Sendable {
        /// The time limit of a read, and the longest time without progress of a write.
        var commandTimeout: TimeAmount
        /// The time limit of a write.
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
        /// The command; `nil` for a probe of the connection's own, and for a read that failed while the connection
        /// stays open.
        var waiter: Waiter?
        /// Indicates the connection's own question for the server's identity.
        var asksForIdentity = false
        var isRead: Bool
        /// Indicates a read that waited for too long behind other commands.
        var isLate = false
        /// The number of bytes that had been received when the command was sent.
        var receivedBefore: Int
        var sentAt: NIODeadline
        /// The time at which the caller is told that there is no reply, at most the timeout after ``sentAt``.
        var deadline: NIODeadline
        /// The end of the command in the stream of sent bytes.
        var end: Int
    }

    private let limits: Limits
    private var state: State
    private var pending = CircularBuffer<Entry>()
    /// The shapes of the replies to ``pending``, in the same order. They are apart from the entries, because reading one field
    /// of an entry copies all of it.
    private var shapes = CircularBuffer<RedisReplyShape>()
    private var lastProgress: NIODeadline
    private var bytesSent = 0
    private var bytesFlushed = 0
    /// The number of bytes that the last flush sent, and the time of the first command after it; `nil` if there is
    /// none.
    private var bytesLeft = 0
    private var unsentSince: NIODeadline?
    private var timerAt: NIODeadline?
    /// A deadline that passed while bytes were unread.
    private var overrun: Overrun?
    private var lateReads = 0
    private var slowness: Slowness?
    /// The time of the last complete reply, and the number of bytes received since, which belong to the first command
    /// in flight.
    private var lastReply: NIODeadline
    private var headBytes = 0
    private var bytesReceived = 0

    /// A deadline that passed before the event loop got around to reading.
    private struct Overrun {
        /// The time of the last progress at that point.
        let progress: NIODeadline
        /// The time for which the event loop did not read.
        var lateness: TimeAmount
        /// The end of the extra time that is granted once something was read.
        var end: NIODeadline?
    }

    /// A period in which no reply arrived within half of the timeout.
    private struct Slowness {
        let since: NIODeadline
        var bytes = 0
    }

    /// The number of timeouts without a prompt reply, and without many bytes, after which a server is too slow.
    private static var patience: Int { 5 }
    /// The number of bytes per second from which on a server is not too slow, however long the replies take.
    private static var promptBytes: Int64 { 1 << 20 }

    /// The server's identity; `nil` if the user may not call `INFO`.
    private(set) var identity: RedisServerIdentity?
    /// The ID of a cluster's node; `nil` outside of clusters, and if the user may not ask.
    private(set) var nodeID: String?
    /// Indicates that the server was a primary when the connection was opened.
    private var wasPrimary = false
    /// The time of the last question for the identity; `nil` if it has to be asked before the next command.
    private var identityAskedAt: NIODeadline?

    /// The longest time for which an identity counts while commands are sent.
    static var identityLife: TimeAmount { .seconds(1) }

    init(handshake: RedisHandshake, deadline: NIODeadline, limits: Limits, now: NIODeadline) {
        self.limits = limits
        state = .handshaking(handshake, deadline: deadline)
        lastProgress = now
        lastReply = now
    }

    /// The number of commands in flight, with abandoned ones and probes.
    var pendingCount: Int { pending.count }

    /// Returns the expected shape of one of the next replies, counted from 0.
    func shape(ofReply number: Int) -> RedisReplyShape {
        number < shapes.count ? shapes[offset: number] : RedisReplyShape()
    }

    /// Indicates that the connection accepts commands.
    var isReady: Bool {
        if case .ready = state { true } else { false }
    }

    /// Indicates that the connection is to be closed because the last awaited reply has arrived.
    var isDrained: Bool {
        if case .draining = state { pending.isEmpty } else { false }
    }

    // MARK: Sending

    enum SendAction {
        /// Write the command. If there is a time, call ``deadlineReached(now:unflushed:hasUnread:)`` at it instead of
        /// at an earlier setting.
        case write(timerAt: NIODeadline?)
        case reject(RedisError)
    }

    /// Returns the reason for which a command would be rejected; `nil` if it can be sent.
    ///
    /// - Parameters:
    ///   - isRead: tells that the command is a read.
    ///   - size: the encoded size in bytes.
    ///   - count: the number of commands of which it is made.
    func refusal(isRead: Bool, size: Int, count: Int = 1) -> RedisError? {
        guard case .ready = state else {
            return RedisError(.unavailable, "the connection is not ready")
        }
        guard !isRead || lateReads == 0 else {
            return RedisError(.unavailable, "earlier commands delay the connection")
        }
        guard pending.count + count <= limits.maximumPendingCommands else {
            return RedisError(.overloaded, "\(pending.count) commands wait for a reply already")
        }
        guard size <= limits.maximumPendingBytes else {
            let message = "the command has \(size) bytes, \(limits.maximumPendingBytes) are allowed"
            return RedisError(.commandTooLarge, message)
        }
        guard size <= limits.maximumPendingBytes - unflushed else {
            return RedisError(.overloaded, "\(unflushed) bytes wait to be written already")
        }
        return nil
    }

    /// Adds a command to the commands in flight.
    ///
    /// - Parameters:
    ///   - waiter: the command; `nil` for one of the connection's own.
    ///   - isOwnRead: tells that one of the connection's own is a read.
    ///   - size: the encoded size in bytes.
    ///   - now: the current time.
    mutating func send(_ waiter: Waiter?, isOwnRead: Bool = true, size: Int, now: NIODeadline) -> SendAction {
        let isRead = waiter?.isRead ?? isOwnRead
        if let error = refusal(isRead: isRead, size: size) { return .reject(error) }
        bytesSent += size
        if unsentSince == nil { unsentSince = now }
        let askedAt = isRead ? min(now, waiter?.askedAt ?? now) : now
        let deadline =
            isRead ? min(askedAt + limits.commandTimeout, waiter?.deadline ?? .distantFuture) : .distantFuture
        // The connection is not to blame for the time that the command has already spent waiting, so it gets the whole
        // timeout.
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
        shapes.append(waiter?.replyShape ?? RedisReplyShape())
        if let timerAt, timerAt <= deadline { return .write(timerAt: nil) }
        timerAt = timerAt == nil ? nextDeadline : deadline
        return .write(timerAt: timerAt)
    }

    private var unflushed: Int { bytesSent - bytesFlushed }

    /// Indicates that `INFO replication` has to be sent before the next command.
    ///
    /// A cluster's node may lose its role and get it back while a connection is open, and lose commands meanwhile. Its
    /// identity tells, so it is asked again and again, in the same flush as the first command that comes after a while.
    ///
    /// - Parameter now: the current time.
    func isIdentityDue(now: NIODeadline) -> Bool {
        guard identity?.replicationID != nil, let identityAskedAt else { return identity?.replicationID != nil }
        return now - identityAskedAt >= Self.identityLife
    }

    /// Records a reason to doubt the identity, so that it is asked before the next command.
    mutating func doubtIdentity() { identityAskedAt = nil }

    /// Adds the question for the identity to the commands in flight, like ``send(_:size:now:)``.
    mutating func askForIdentity(size: Int, now: NIODeadline) -> SendAction {
        let action = send(nil, size: size, now: now)
        if case .write = action {
            pending[pending.index(before: pending.endIndex)].asksForIdentity = true
            identityAskedAt = now
        }
        return action
    }

    /// Sets the identity of a server that refused to tell it in the handshake.
    mutating func learn(_ identity: RedisServerIdentity, now: NIODeadline) {
        self.identity = identity
        identityAskedAt = now
    }

    /// Records that the commands since the last flush are now sent.
    ///
    /// They are sent at the end of the tick in which they were added. If something delayed the event loop in that tick,
    /// the server is not to blame, and the time of these commands begins only now.
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

    /// Records that the socket has accepted all but the last `unflushed` bytes.
    mutating func flushed(unflushed: Int, now: NIODeadline) {
        let flushed = max(bytesFlushed, bytesSent - unflushed)
        // Bytes behind the first command's end are not progress of the first command.
        if let head = pending.first, flushed > bytesFlushed, bytesFlushed < head.end { lastProgress = now }
        bytesFlushed = flushed
    }

    // MARK: Receiving

    /// Records received bytes, which need not be complete replies.
    mutating func received(_ count: Int = 0, now: NIODeadline) {
        lastProgress = now
        slowness?.bytes += count
        headBytes += count
        bytesReceived += count
    }

    enum ReplyAction {
        case none
        /// The handshake is finished, and its timer is no longer needed.
        case becomeReady(tolerated: [String])
        case deliver(Waiter)
        /// The reply is not wanted.
        case discard
        /// The server has another identity than before. It is that of all replies after this one.
        case becomeOther
        /// Deliver the reply, then close the connection.
        case deliverAndClose(Waiter?, RedisError)
        case close(RedisError)
    }

    /// Takes a complete reply.
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
                identity = handshake.identity
                nodeID = handshake.nodeID
                wasPrimary = handshake.isPrimary
                identityAskedAt = now
                return .becomeReady(tolerated: handshake.tolerated)
            }
        case .ready, .draining:
            guard let entry = pending.popFirst() else {
                return .close(RedisError(.protocolViolation, "a reply came without a command"))
            }
            _ = shapes.popFirst()
            if entry.isLate { lateReads -= 1 }
            let waiter = entry.waiter.flatMap { $0.isAbandoned ? nil : $0 }
            if reply.isOrHasError, let (error, refusal) = Self.refusal(in: reply) {
                let message = "\(Self.reasons[refusal.kind] ?? "the server can't be used now") (\(error))"
                return .deliverAndClose(waiter, RedisError(.connectionLost, message, underlying: error))
            }
            if entry.isRead, isTooSlow(now - entry.sentAt, now: now) {
                return .deliverAndClose(waiter, RedisError(.timedOut, "the server answers too slowly"))
            }
            if entry.asksForIdentity { return learn(reply) }
            return waiter.map { .deliver($0) } ?? .discard
        case .closed:
            return .none
        }
    }

    /// The first error by which a server says that it can't be used.
    private static func refusal(in reply: RedisReply) -> (RedisServerError, RedisCommandRefusal)? {
        for error in reply.errors {
            if let refusal = RedisCommandRefusal(error), refusal.leavesServer { return (error, refusal) }
        }
        return nil
    }

    /// Takes the reply to the connection's own question for the identity.
    ///
    /// If the user may no longer ask, the connection is closed: the handshake of the next one tells what that means. So it is if a
    /// primary has become a replica, which would go on to serve reads.
    private mutating func learn(_ reply: RedisReply) -> ReplyAction {
        guard let info = reply.string.map(RedisInfo.init), reply.kind == .bulkString,
            let replicationID = info.replicationID
        else {
            return .close(RedisError(.connectionLost, "the server no longer tells its master_replid"))
        }
        if wasPrimary, let role = info.role, role != "master" {
            return .close(RedisError(.connectionLost, "the server has become a replica"))
        }
        guard replicationID != identity?.replicationID else { return .discard }
        identity?.replicationID = replicationID
        return .becomeOther
    }

    private static var reasons: [RedisCommandRefusal.Kind: String] {
        [
            .replica: "the server has become a replica", .loading: "the server is loading its data",
            .primaryDown: "the server has lost its primary",
        ]
    }

    /// Judges the server by the time that a read took.
    ///
    /// If each reply arrived just in time, every request would wait for nearly as long as with an unavailable server. A
    /// connection is closed after a period with only such replies and with few bytes.
    ///
    /// - Parameters:
    ///   - wait: the time from sending the read to its reply.
    ///   - now: the current time.
    /// - Returns: `true` if the connection has to be closed.
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

    /// The time at which to call ``deadlineReached(now:unflushed:hasUnread:)``; `nil` if the timer is set already.
    mutating func setTimer() -> NIODeadline? {
        guard timerAt == nil, let deadline = nextDeadline else { return nil }
        timerAt = deadline
        return deadline
    }

    /// The next deadline. Computing it takes linear time, so only the timer does.
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

    /// The time at which the connection is closed.
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

    /// The consequences of a passed deadline.
    struct DeadlineOutcome {
        var action: DeadlineAction
        /// The commands that fail without closing the connection.
        var expired: [Waiter] = []
    }

    /// Checks the deadlines of all commands, which share one timer.
    ///
    /// A delayed event loop runs its timers before it reads. So while the socket has input, a deadline counts only once
    /// that was read, and the time for which the event loop did not read is added to the deadline: the loop is late,
    /// not the server.
    ///
    /// - Parameters:
    ///   - now: the current time.
    ///   - unflushed: the number of bytes that the socket has not accepted.
    ///   - hasUnread: tells if the socket has input.
    ///   - element: the next element of the current reply; `nil` if no reply has begun.
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

    /// Indicates that the first command in flight is a read that is late because of the replies before its own: the
    /// server has sent many bytes since the read was sent, so it is not slow.
    private func isHeldUpByOthers(now: NIODeadline) -> Bool {
        guard let head = pending.first, head.isRead, !head.isLate else { return false }
        return isPrompt(bytesReceived - head.receivedBefore, in: now - head.sentAt)
    }

    /// The error of a connection whose first command in flight is late.
    ///
    /// A server that has spent most of the timeout on one reply, and has sent many bytes of it, is not slow: the reply
    /// is too long to be read in time, now and the next time.
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

    /// The time at which to check a passed deadline again; `nil` if it counts.
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

    /// Accepts no more commands, and closes the connection once all commands in flight have their replies.
    ///
    /// - Returns: `true` if it is to be closed at once.
    mutating func drain() -> Bool {
        switch state {
        case .ready where !pending.isEmpty:
            state = .draining
            return false
        case .handshaking, .ready: return true
        case .draining, .closed: return false
        }
    }

    /// The commands that were in flight at the end, in the order of their sending.
    struct End {
        var failures: [(waiter: Waiter, error: RedisError)] = []
        /// Reads that may be sent again, because the connection was dead before any part of their replies arrived.
        var retries: [Waiter] = []
    }

    /// Ends the connection.
    ///
    /// - Parameters:
    ///   - error: the reason.
    ///   - byPeer: tells that the connection broke or the server closed it.
    ///   - insideReply: tells that a part of the first reply had arrived.
    /// - Returns: the commands in flight; `nil` if the connection had ended before.
    mutating func close(_ error: RedisError, byPeer: Bool, insideReply: Bool) -> End? {
        if case .closed = state { return nil }
        // Of a reply that is too large, only the first command's part is known.
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
                end.failures.append((waiter, error.asLossOfConnection))
            }
        }
        pending.removeAll()
        shapes.removeAll()
        return end
    }
}
