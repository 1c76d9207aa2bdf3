import Metrics
import NIOCore

/// Told about a connection's two turning points.
protocol RedisConnectionDelegate: AnyObject {
    func connectionBecameReady(_ connection: RedisConnection)
    /// Called once, before the failed commands hear of it. Nothing is in flight any more.
    func connectionEnded(_ connection: RedisConnection, _ end: RedisConnection.End)
}

/// The handler of one connection's channel: carries out what ``RedisConnectionStateMachine`` decides. Lives on its
/// event loop.
final class RedisConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// For so long at most the memory of large replies is held for the next one.
    private static let spareTime = TimeAmount.seconds(10)
    /// A larger output buffer is not kept for the next flush.
    private static let idleOutput = 256 * 1024

    /// The end of a connection.
    struct End {
        let error: RedisError
        /// Reads that may be sent again.
        let retries: [RedisRequest]
        /// The server closed it while nothing waited for a reply.
        let wasIdle: Bool
        /// A read that was not answered, where there was one.
        let unansweredRead: RedisCommand?
        /// A reply had begun and was not whole.
        let wasInsideReply: Bool
    }

    private let eventLoop: any EventLoop
    private let metrics: RedisMetrics
    /// Told of what the server refuses; `nil`: nobody is.
    private let refusals: RedisRefusals?
    private let handshake: RedisHandshake
    private let parser: RedisReplyParser
    private let encoder = RedisCommandEncoder()
    private var machine: RedisConnectionStateMachine<RedisRequest>
    private weak var delegate: (any RedisConnectionDelegate)?
    private var context: ChannelHandlerContext?
    private var hasBegun = false
    private var output = ByteBuffer()
    /// What is on its way to the channel. A handler there may send a command before it passes on what it is given.
    private var outgoing = CircularBuffer<ByteBuffer>()
    private var isWriting = false
    private var flushIsScheduled = false
    private var commandsSinceFlush = 0
    private var timer: Scheduled<Void>?
    private var spareTimer: Scheduled<Void>?
    private var replies: [RedisReply] = []
    private var lastError: (any Error)?
    /// Takes what the server says unasked on a connection that subscribes.
    private let message: ((RedisReply) -> Void)?

    /// Refusals during the handshake that do not matter much.
    private(set) var toleratedRefusals: [String] = []

    init(
        configuration: RedisConfiguration,
        deadline: NIODeadline,
        eventLoop: any EventLoop,
        metrics: RedisMetrics,
        refusals: RedisRefusals? = nil,
        delegate: any RedisConnectionDelegate,
        message: ((RedisReply) -> Void)? = nil
    ) {
        self.message = message
        self.eventLoop = eventLoop
        self.metrics = metrics
        self.refusals = refusals
        self.delegate = delegate
        handshake = RedisHandshake(configuration)
        parser = RedisReplyParser(
            maximumReplySize: configuration.maximumReplySize,
            maximumLaterElementSize: configuration.maximumLaterElementSize
        )
        machine = RedisConnectionStateMachine(
            handshake: handshake,
            deadline: deadline,
            limits: .init(configuration),
            now: .now()
        )
    }

    /// Tells the server this connection talks to from all others; `nil` if the user may not call `INFO`.
    private(set) var serverID: String?

    /// Takes what `INFO` says, where it was refused when the connection was new.
    func learn(runID: String) {
        serverID = Self.serverID(runID)
    }

    /// A digest that is short enough to be kept without memory of its own.
    private static func serverID(_ runID: String) -> String { String(runID.prefix(15)) }

    // MARK: Commands

    /// Sends a command with the others of this tick of the event loop.
    func send(_ request: RedisRequest) {
        guard let command = request.command else {
            return request.fail(RedisError(.connectionLost, "the connection ended before the reply came"))
        }
        let now = NIODeadline.now()
        let size = command.encodedSize
        var action = machine.send(request.written, size: size, now: now)
        if case .reject(let error) = action, error.code == .overloaded {
            // The socket may have taken something since the last look.
            machine.flushed(unflushed: unflushedBytes, now: now)
            action = machine.send(request.written, size: size, now: now)
        }
        switch action {
        case .write(let timerAt):
            commandsSinceFlush += 1
            write(command, timerAt: timerAt)
        case .reject(let error):
            if error.code == .overloaded || error.code == .commandTooLarge { metrics.sheds.increment() }
            request.fail(error)
        }
    }

    /// Asks an idle connection for a sign of life; one that gives none within the deadline is given up.
    func probe() {
        guard machine.pendingCount == 0 else { return }
        guard case .write(let timerAt) = machine.send(nil, size: RedisCommand.ping.encodedSize, now: .now()) else {
            return
        }
        write(.ping, timerAt: timerAt)
    }

    /// Closes when the replies that are due have come.
    func drain() {
        if machine.drain() { close(RedisError(.shutDown, "the client is shutting down")) }
    }

    private func write(_ command: RedisCommand, timerAt: NIODeadline?) {
        encoder.encode(command, into: &output) { outgoing.append($0) }
        writeOutgoing()
        if let timerAt { setTimer(timerAt) }
        guard !flushIsScheduled else { return }
        flushIsScheduled = true
        eventLoop.assumeIsolated().execute { self.flush() }
    }

    private func flush() {
        flushIsScheduled = false
        guard let context else { return }
        let now = NIODeadline.now()
        machine.leaving(now: now)
        if commandsSinceFlush > 0 {
            metrics.commands.increment(by: commandsSinceFlush)
            commandsSinceFlush = 0
        }
        var batch = ByteBuffer()
        swap(&batch, &output)
        if batch.readableBytes > 0 {
            outgoing.append(batch)
            writeOutgoing()
        }
        context.flush()
        recycle(&batch)
        machine.flushed(unflushed: unflushedBytes, now: now)
    }

    /// Writes in the order in which it was appended, even if commands are sent meanwhile.
    private func writeOutgoing() {
        guard !isWriting else { return }
        isWriting = true
        while let piece = outgoing.popFirst() { context?.write(wrapOutboundOut(piece), promise: nil) }
        isWriting = false
    }

    /// Uses a batch's memory again, unless commands were sent while the flush called others.
    private func recycle(_ batch: inout ByteBuffer) {
        guard output.capacity == 0, batch.capacity <= Self.idleOutput else { return }
        // What the socket has not taken yet is still the channel's.
        guard batch.modifyIfUniquelyOwned({ $0.clear() }) != nil else { return }
        swap(&output, &batch)
    }

    private var unflushedBytes: Int {
        guard let channel = context?.channel else { return 0 }
        let buffered = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        return buffered + output.readableBytes
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if let timerAt = machine.setTimer() { setTimer(timerAt) }
        if context.channel.isActive { begin() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        begin()
    }

    private func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        for command in handshake.commands { write(command, timerAt: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        let now = NIODeadline.now()
        machine.received(bytes.readableBytes, now: now)
        let failure = parser.parse(bytes, into: &replies)
        var batch: [RedisReply] = []
        swap(&batch, &replies)
        for reply in batch { handle(reply, now: now) }
        batch.removeAll(keepingCapacity: true)
        if replies.isEmpty { swap(&batch, &replies) }
        if spareTimer == nil, parser.spareCapacity > 0 { clearSparesLater() }
        if let failure {
            close(failure)
        } else if machine.isDrained {
            close(RedisError(.shutDown, "the client is shutting down"))
        }
    }

    private func handle(_ reply: RedisReply, now: NIODeadline) {
        if let message, reply.isMessage { return message(reply) }
        switch machine.reply(reply, now: now) {
        case .none, .discard: break
        case .becomeReady(let tolerated):
            timer?.cancel()
            timer = nil
            toleratedRefusals = tolerated
            serverID = machine.serverRunID.map(Self.serverID)
            delegate?.connectionBecameReady(self)
        case .deliver(let request):
            refusals?.note(request.kind, reply)
            request.succeed(signed(reply))
        case .deliverAndClose(let request, let error):
            if let request { refusals?.note(request.kind, reply) }
            close(error)
            request?.succeed(signed(reply))
        case .close(let error): close(error)
        }
    }

    private func clearSparesLater() {
        spareTimer = eventLoop.assumeIsolated().scheduleTask(in: Self.spareTime) {
            self.spareTimer = nil
            self.parser.clearSpares()
        }
    }

    private func signed(_ reply: RedisReply) -> RedisReply {
        var reply = reply
        reply.serverID = serverID
        return reply
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        lastError = error
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let reason = lastError.map { "the connection broke: \($0)" } ?? "the server closed the connection"
        end(RedisError(.connectionLost, reason, underlying: lastError), byPeer: true)
        context.fireChannelInactive()
    }

    // MARK: Time and end

    private func setTimer(_ deadline: NIODeadline) {
        timer?.cancel()
        timer = eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.deadlineReached() }
    }

    private func deadlineReached() {
        // What the loop has not got around to sending leaves first: the server can't be late with that.
        if flushIsScheduled { flush() }
        let hasUnread = context?.channel.hasUnread ?? false
        let outcome = machine.deadlineReached(
            now: .now(),
            unflushed: unflushedBytes,
            hasUnread: hasUnread,
            element: parser.isInsideReply ? parser.currentElement : nil
        )
        switch outcome.action {
        case .none: break
        case .setTimer(let deadline):
            // The loop reads when no timer is due. To look at all that waits takes time: a timer that is due at the end of that would
            // keep the loop from reading for good.
            setTimer(max(deadline, .now() + .milliseconds(1)))
        case .close(let error):
            metrics.timeouts.increment()
            close(error)
        }
        for request in outcome.expired { request.fail(RedisError(.timedOut, "there was no reply in time")) }
    }

    /// Closes at once; what is due fails.
    func close(_ error: RedisError) {
        end(error, byPeer: false)
        context?.close(promise: nil)
    }

    private func end(_ error: RedisError, byPeer: Bool) {
        let wasReady = machine.isReady
        let isInsideReply = parser.isInsideReply
        guard let end = machine.close(error, byPeer: byPeer, insideReply: isInsideReply) else { return }
        // A read that has just been sent may have met the close on its way: it is sent once more, and the next attempt to connect
        // tells whether the server is away.
        let wasIdle = byPeer && wasReady && !isInsideReply && end.failures.isEmpty
        timer?.cancel()
        timer = nil
        spareTimer?.cancel()
        let unanswered = end.failures.lazy.compactMap { $0.waiter.isRead ? $0.waiter.command : nil }.first
        delegate?.connectionEnded(
            self,
            End(
                error: error,
                retries: end.retries,
                wasIdle: wasIdle,
                unansweredRead: unanswered,
                wasInsideReply: isInsideReply
            )
        )
        for (request, error) in end.failures { request.fail(error) }
    }
}

extension RedisConnectionStateMachine.Limits {
    init(_ configuration: RedisConfiguration) {
        let timeout = TimeAmount(configuration.commandTimeout)
        self.init(
            commandTimeout: timeout,
            longestWait: timeout * 10,
            maximumPendingCommands: configuration.maximumPendingCommands,
            maximumPendingBytes: configuration.maximumPendingBytes
        )
    }
}
