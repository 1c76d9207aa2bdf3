import Metrics
import NIOCore

/// Receives the two state changes of a connection.
protocol RedisConnectionDelegate: AnyObject {
    func connectionBecameReady(_ connection: RedisConnection)
    /// The server at the other end has another identity than before.
    func connectionHasOtherServer(_ connection: RedisConnection)
    /// Called once, before the failed commands are completed. No command is in flight any more.
    func connectionEnded(_ connection: RedisConnection, _ end: RedisConnection.End)
}

/// The handler of one connection's channel, which executes the decisions of ``RedisConnectionStateMachine``. It is
/// confined to its event loop.
final class RedisConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The longest time for which the memory of large replies is retained for the next one.
    private static let spareTime = TimeAmount.seconds(10)
    /// The size of the largest output buffer that is retained for the next flush.
    private static let idleOutput = 256 * 1024

    /// The end of a connection.
    struct End {
        let error: RedisError
        /// The reads that may be sent again.
        let retries: [RedisRequest]
        /// Indicates that the server closed the connection while no command was in flight.
        let wasIdle: Bool
        /// A read without a reply, if there was one.
        let unansweredRead: RedisCommand?
        /// Indicates that a reply had begun and was not complete.
        let wasInsideReply: Bool
    }

    private let eventLoop: any EventLoop
    private let metrics: RedisMetrics
    /// Receives the server's refusals; `nil` ignores them.
    private let refusals: RedisCommandRefusals?
    private let handshake: RedisHandshake
    private let isOfCluster: Bool
    private let parser: RedisReplyParser
    private var machine: RedisConnectionStateMachine<RedisRequest>
    /// It is strong, and `nil` after the end: an object that was ever referred to weakly counts all its references in a table of
    /// its own, and each command needs some.
    private var delegate: (any RedisConnectionDelegate)?
    private var context: ChannelHandlerContext?
    private var hasBegun = false
    private var isEncrypted = false
    private var output = ByteBuffer()
    /// The buffers to be written to the channel. Another handler may send a command during a write, so the order has to
    /// be kept here.
    private var outgoing = CircularBuffer<ByteBuffer>()
    private var isWriting = false
    private var flushIsScheduled = false
    private var commandsSinceFlush = 0
    private var timer: Scheduled<Void>?
    private var spareTimer: Scheduled<Void>?
    private var replies: [RedisReply] = []
    /// Indicates that the rest of the replies that are being handled were parsed before the server told another identity.
    private var hasOldIdentity = false
    private var lastError: (any Error)?
    /// Receives published messages on a connection that has subscribed.
    private let message: ((RedisReply) -> Void)?

    /// The refused commands of the handshake that are not required.
    private(set) var toleratedRefusals: [String] = []

    init(
        configuration: RedisConfiguration,
        configEpoch: UInt64 = 0,
        deadline: NIODeadline,
        eventLoop: any EventLoop,
        metrics: RedisMetrics,
        refusals: RedisCommandRefusals? = nil,
        delegate: any RedisConnectionDelegate,
        message: ((RedisReply) -> Void)? = nil
    ) {
        self.message = message
        self.eventLoop = eventLoop
        self.metrics = metrics
        self.refusals = refusals
        self.delegate = delegate
        handshake = RedisHandshake(configuration, configEpoch: configEpoch)
        isOfCluster = configuration.deployment.isCluster
        parser = RedisReplyParser(
            maximumReplySize: configuration.maximumReplySize,
            maximumLaterElementSize: configuration.maximumLaterElementSize
        )
        machine = RedisConnectionStateMachine(
            handshake: handshake,
            deadline: deadline,
            limits: .init(configuration),
            now: eventLoop.now
        )
        // The connection owns the parser.
        parser.shape = { [unowned self] in machine.shape(ofReply: $0) }
    }

    /// The identity of the server, see ``RedisReply/serverID``; `nil` if the user may not call `INFO`.
    var serverID: String? { parser.serverID }

    /// The identity of the server; `nil` if the user may not call `INFO`.
    var identity: RedisServerIdentity? { machine.identity }

    /// The ID of a cluster's node; `nil` outside of clusters, and if the user may not ask.
    var nodeID: String? { machine.nodeID }

    /// Takes the identity of a server that refused `INFO` during the handshake from a later reply.
    ///
    /// - Returns: the identity; `nil` if the reply has none.
    func learn(_ reply: RedisReply) -> RedisServerIdentity? {
        guard let identity = handshake.identity(in: reply) else { return nil }
        machine.learn(identity, now: eventLoop.now)
        parser.serverID = machine.identity?.digest
        return identity
    }

    /// Has the server's identity asked before the next command, because it may be another one.
    func doubtIdentity() { machine.doubtIdentity() }

    /// Asks for the server's identity now, if it has told one, because no command may come that would.
    func renewIdentity() {
        machine.doubtIdentity()
        let now = eventLoop.now
        if machine.isReady, machine.isIdentityDue(now: now) { askForIdentity(now) }
    }

    // MARK: Commands

    /// Sends a command, together with others of the same tick of the event loop.
    ///
    /// - Parameters:
    ///   - request: the command.
    ///   - prefix: a command that the server has to receive immediately before.
    ///   - now: the current time; `nil` if the caller does not know it.
    func send(_ request: RedisRequest, after prefix: RedisRequest? = nil, now: NIODeadline? = nil) {
        let now = now ?? eventLoop.now
        // A connection that has subscribed takes no such command.
        if message == nil, machine.isIdentityDue(now: now) { askForIdentity(now) }
        if let prefix { send(prefix, now) }
        if request.isAsking {
            sendAsking(request, now)
        } else {
            send(request, now)
        }
    }

    /// Sends a command behind `ASKING`, or neither of them: the server would take `ASKING` alone for the command after it.
    private func sendAsking(_ request: RedisRequest, _ now: NIODeadline) {
        let asking = RedisCommand("ASKING")
        let size = asking.encodedSize + (request.command?.encodedSize ?? 0)
        var refusal = machine.refusal(isRead: request.isRead, size: size, count: 2)
        if refusal?.code == .overloaded {
            machine.flushed(unflushed: unflushedBytes, now: now)
            refusal = machine.refusal(isRead: request.isRead, size: size, count: 2)
        }
        if let refusal { return reject(request, refusal) }
        // Its reply matters to nobody: without it, the command is redirected.
        if case .write(let timerAt) = machine.send(nil, isOwnRead: request.isRead, size: asking.encodedSize, now: now) {
            write(asking, timerAt: timerAt)
        }
        send(request, now)
    }

    private func reject(_ request: RedisRequest, _ error: RedisError) {
        if error.code == .overloaded || error.code == .commandTooLarge { metrics.sheds.increment() }
        request.fail(error)
    }

    private func askForIdentity(_ now: NIODeadline) {
        // The command behind it must not be sent without it because of bytes that the socket has accepted meanwhile.
        machine.flushed(unflushed: unflushedBytes, now: now)
        let question = RedisCommand.infoReplication
        // A refused question is asked before the next command.
        guard
            case .write(let timerAt) = machine.askForIdentity(size: question.encodedSize, now: now)
        else {
            return
        }
        write(question, timerAt: timerAt)
    }

    private func send(_ request: RedisRequest, _ now: NIODeadline) {
        guard let command = request.command else {
            return request.fail(RedisError(.connectionLost, "the connection ended before the reply came"))
        }
        let size = command.encodedSize
        let written = request.written
        var action = machine.send(written, size: size, now: now)
        if case .reject(let error) = action, error.code == .overloaded {
            // The socket may have accepted bytes since the last update.
            machine.flushed(unflushed: unflushedBytes, now: now)
            action = machine.send(written, size: size, now: now)
        }
        switch action {
        case .write(let timerAt):
            commandsSinceFlush += 1
            write(command, timerAt: timerAt)
        case .reject(let error): reject(request, error)
        }
    }

    /// Sends `PING` over an idle connection, which is closed if no reply arrives before the deadline.
    func probe() {
        guard machine.pendingCount == 0 else { return }
        guard case .write(let timerAt) = machine.send(nil, size: RedisCommand.ping.encodedSize, now: eventLoop.now)
        else {
            return
        }
        write(.ping, timerAt: timerAt)
    }

    /// Closes the connection once all commands in flight have their replies.
    func drain() {
        if machine.drain() { close(RedisError(.shutDown, "the client is shutting down")) }
    }

    private func write(_ command: RedisCommand, timerAt: NIODeadline?) {
        RedisCommandEncoder.encode(command, into: &output) { outgoing.append($0) }
        writeOutgoing()
        if let timerAt { setTimer(timerAt) }
        guard !flushIsScheduled else { return }
        flushIsScheduled = true
        eventLoop.assumeIsolated().execute { self.flush() }
    }

    private func flush() {
        flushIsScheduled = false
        guard let context else { return }
        let now = eventLoop.now
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
        // Memory that the channel no longer holds has been accepted by the socket, and with it everything written before. That
        // saves the channel's own count, which takes longer to ask for. TLS holds none: it copies what it encrypts.
        let isAccepted = recycle(&batch) && !isEncrypted
        machine.flushed(unflushed: isAccepted ? output.readableBytes : unflushedBytes, now: now)
    }

    /// Writes the buffers in their order, even if a write causes more commands to be sent.
    private func writeOutgoing() {
        guard !isWriting else { return }
        isWriting = true
        while let piece = outgoing.popFirst() { context?.write(wrapOutboundOut(piece), promise: nil) }
        isWriting = false
    }

    /// Retains a batch's memory for the next one, unless commands were sent during the flush.
    ///
    /// - Returns: `true` if the batch had bytes and the channel no longer holds them.
    private func recycle(_ batch: inout ByteBuffer) -> Bool {
        let hasBytes = batch.readableBytes > 0
        guard output.capacity == 0, batch.capacity <= Self.idleOutput else { return false }
        // The channel still uses the memory of bytes that the socket has not accepted.
        guard batch.modifyIfUniquelyOwned({ $0.clear() }) != nil else { return false }
        swap(&output, &batch)
        return hasBytes
    }

    private var unflushedBytes: Int {
        guard let channel = context?.channel else { return 0 }
        let buffered = (try? channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        return buffered + output.readableBytes
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        isEncrypted = context.channel.isEncrypted
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
        let now = eventLoop.now
        machine.received(bytes.readableBytes, now: now)
        let failure = parser.parse(bytes, into: &replies)
        var batch: [RedisReply] = []
        swap(&batch, &replies)
        // The elements of an array would be retained for each call.
        batch.withUnsafeMutableBufferPointer { batch in
            for index in batch.indices {
                if hasOldIdentity { batch[index].serverID = parser.serverID }
                handle(batch[index], now: now)
            }
        }
        hasOldIdentity = false
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
            parser.serverID = machine.identity?.digest
            delegate?.connectionBecameReady(self)
        case .becomeOther:
            parser.serverID = machine.identity?.digest
            hasOldIdentity = true
            delegate?.connectionHasOtherServer(self)
        case .deliver(let request):
            let isFollowed = request.follow(reply)
            // Some of the replies to a repeated command may be errors of another kind.
            if !isFollowed || reply.kind == .array { note(reply, to: request) }
            if !isFollowed { request.succeed(reply) }
        case .deliverAndClose(let request, let error):
            if let request { note(reply, to: request) }
            close(error)
            request?.succeed(reply)
        case .close(let error): close(error)
        }
    }

    /// Takes note of refusals. Redirects that are not followed any more, while the nodes of a cluster disagree, are none.
    private func note(_ reply: RedisReply, to request: RedisRequest) {
        refusals?.note(request.kind, reply, exceptRedirects: isOfCluster)
    }

    private func clearSparesLater() {
        spareTimer = eventLoop.assumeIsolated().scheduleTask(in: Self.spareTime) {
            self.spareTimer = nil
            self.parser.clearSpares()
        }
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
        // Sends delayed output first, because the server can't be late with commands that were not sent.
        if flushIsScheduled { flush() }
        let hasUnread = context?.channel.hasUnread ?? false
        let outcome = machine.deadlineReached(
            now: eventLoop.now,
            unflushed: unflushedBytes,
            hasUnread: hasUnread,
            element: parser.isInsideReply ? parser.currentElement : nil
        )
        switch outcome.action {
        case .none: break
        case .setTimer(let deadline):
            // The event loop reads only when no timer is due. Checking all commands takes time, so a timer that is due
            // right after it could keep the loop from reading forever.
            setTimer(max(deadline, eventLoop.now + .milliseconds(1)))
        case .close(let error):
            metrics.timeouts.increment()
            close(error)
        }
        for request in outcome.expired { request.fail(RedisError(.timedOut, "there was no reply in time")) }
    }

    /// Closes the connection at once. The commands in flight fail.
    func close(_ error: RedisError) {
        end(error, byPeer: false)
        context?.close(promise: nil)
    }

    private func end(_ error: RedisError, byPeer: Bool) {
        let wasReady = machine.isReady
        let isInsideReply = parser.isInsideReply
        guard let end = machine.close(error, byPeer: byPeer, insideReply: isInsideReply) else { return }
        // A read that was just sent may have crossed with the server's close. It is sent again, and the next attempt to
        // connect shows whether the server is available.
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
        delegate = nil
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
