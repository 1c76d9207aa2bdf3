import NIOCore

/// Limits the number of accepted connections, and survives a lack of file descriptors.
///
/// The handler is the first one in the pipeline of a server channel. At the maximum, nothing is read from the listening
/// socket: clients wait in the system's queue, which costs this process neither descriptors nor time, and are accepted
/// when other connections close.
///
/// If `accept` fails for lack of descriptors, NIO fires an error that would end the server. It also keeps waiting for
/// the socket, which stays readable, so it would try again at once and forever. This handler drops the error and pauses
/// the socket for a moment.
final class ListenerHandler: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let registry: ConnectionRegistry
    private let shutdownBegan: (any EventLoop) -> Void
    private var context: ChannelHandlerContext?
    private var counted: Set<ObjectIdentifier> = []
    private var retry: Scheduled<Void>?
    private var isExhausted = false
    private var recovery: Scheduled<Void>?
    private var batch = usualBatch

    /// The time after which accepting is tried again, because freed descriptors are not reported.
    static let pause = TimeAmount.milliseconds(100)
    /// The time without a failure after which descriptors count as available again. Waiting clients may use up the
    /// first ones at once.
    static let calm = TimeAmount.seconds(1)
    /// The number of connections that a server channel accepts in one turn, which is NIO's default.
    private static let usualBatch: UInt = 4

    /// Makes a handler of a listener whose connections count in `registry`.
    ///
    /// - Parameters:
    ///   - registry: counts the connections.
    ///   - shutdownBegan: is called when the listener's server begins to shut down.
    init(
        _ registry: ConnectionRegistry,
        whenShutdownBegins shutdownBegan: @escaping (any EventLoop) -> Void = { _ in }
    ) {
        self.registry = registry
        self.shutdownBegan = shutdownBegan
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        retry?.cancel()
        recovery?.cancel()
        self.context = nil
    }

    /// Counts a connection for as long as it is open, even if it is called several times for it.
    func count(_ channel: any Channel) {
        guard let context, counted.insert(ObjectIdentifier(channel)).inserted else { return }
        registry.opened()
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let registry = registry
        channel.closeFuture.whenComplete { [id = ObjectIdentifier(channel)] _ in
            registry.closed()
            bound.eventLoop.execute { bound.value.counted.remove(id) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        count(unwrapInboundIn(data))
        if isExhausted, recovery == nil { recoverSoon(context) }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let room = registry.room { bound.eventLoop.execute { bound.value.context?.pipeline.read() } }
        guard room > 0 else { return }
        limitBatch(to: room, context)
        context.read()
    }

    /// Limits the number of connections that are accepted in one turn.
    private func limitBatch(to room: Int, _ context: ChannelHandlerContext) {
        let batch = min(Self.usualBatch, UInt(room))
        guard batch != self.batch else { return }
        self.batch = batch
        try? context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: batch)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (error as? IOError).flatMap({ SocketConstants.AcceptFailure(errno: $0.errnoCode) }) {
        case .aborted:
            // The client has closed the connection before it was accepted.
            break
        case .exhausted:
            recovery?.cancel()
            recovery = nil
            if !isExhausted {
                isExhausted = true
                registry.isExhausted(error)
            }
            rest(context)
        case nil: context.fireErrorCaught(error)
        }
    }

    private func rest(_ context: ChannelHandlerContext) {
        guard retry == nil, let options = context.channel.syncOptions else { return }
        // Turning automatic reading off makes the channel stop watching the socket. Withholding a read would not,
        // because the last read has not finished.
        try? options.setOption(.autoRead, value: false)
        retry = context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.retry = nil
            try? options.setOption(.autoRead, value: true)
        }
    }

    private func recoverSoon(_ context: ChannelHandlerContext) {
        recovery = context.eventLoop.assumeIsolated().scheduleTask(in: Self.calm) {
            self.recovery = nil
            self.isExhausted = false
            self.registry.accepts()
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            registry.shutdownBegan()
            shutdownBegan(context.eventLoop)
        }
        context.fireUserInboundEventTriggered(event)
    }
}

@available(*, unavailable)
extension ListenerHandler: Sendable {}
