package import NIOCore

/// Enforces the limits of one connection, next to its socket.
///
/// It stands first in the pipeline, below TLS too: it sees the bytes that the system takes, and closes without asking anybody.
/// Handlers that know HTTP tell it of requests and responses: ``requestBegan(hasBody:)`` and the like, on the event loop.
///
/// A connection ends in stages (RFC 9112, 9.6): whoever has written the last response closes the output; what still comes is read
/// and discarded, so that no reset destroys the response on its way, until the client closes or the time for that is over.
package final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = IOData
    package typealias OutboundOut = IOData

    let id = ConnectionID()
    private let registry: ConnectionRegistry
    private let limits: ConnectionLimits
    private var machine: ConnectionStateMachine
    private var unsent = UnsentWrites()
    /// The number of offered bytes at which nothing waited.
    private var drained = 0
    private var context: ChannelHandlerContext?
    private var loop: LoopConnections?
    private var isInputClosed = false
    private var isClosing = false
    /// A limit has closed the connection, and been told.
    private var hasTold = false
    private var whenCut: (() -> Void)?
    private var isServed: () -> Bool = { true }

    /// A handler of a connection that counts in `registry`.
    package init(_ registry: ConnectionRegistry, limits: ConnectionLimits) {
        self.registry = registry
        self.limits = limits
        machine = ConnectionStateMachine(limits: limits)
    }

    // MARK: - What HTTP says

    /// Indicates that the next response has to be the last one, and to say so.
    package var isQuiescing: Bool { machine.isQuiescing }
    /// Indicates that the last response has been written.
    package var isEnding: Bool { machine.isEnding }

    /// A part of a request head is there, behind a request that has been answered.
    package func headBegan() { machine.headBegan() }
    /// A request head is complete.
    package func requestBegan(hasBody: Bool) { machine.requestBegan(hasBody: hasBody) }
    /// The request that came last is complete.
    package func requestReceived() { machine.requestReceived() }
    /// A response has been written.
    package func responseWritten() { machine.responseWritten() }
    /// Has something done when the time of a shutdown is over before the connection has ended.
    package func whenCut(_ action: @escaping () -> Void) { whenCut = action }

    /// Lets a shutdown ask whether anybody answers the connection's requests.
    package func isServed(_ isServed: @escaping () -> Bool) { self.isServed = isServed }

    // MARK: - The channel

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        SystemBuffer.bound(of: context.channel)
        let loop = registry.connections(on: context.eventLoop)
        self.loop = loop
        loop.add(self, interval: limits.interval)
    }

    package func handlerRemoved(context: ChannelHandlerContext) { leave() }

    package func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        loop?.remove(self)
        loop = nil
        context = nil
        whenCut = nil
        isServed = { true }
        registry.forget(id)
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        machine.received()
        if !machine.isEnding { context.fireChannelRead(data) }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if machine.isEnding {
            // Nobody behind this handler asks for what is discarded.
            context.read()
        } else {
            context.fireChannelReadComplete()
        }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        settle()
        context.fireChannelWritabilityChanged()
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        unsent.append(unwrapOutboundIn(data))
        context.write(data, promise: promise)
    }

    package func flush(context: ChannelHandlerContext) {
        context.flush()
        // Small writes of a client that reads cost nothing here: what little may wait is found by the next examination.
        if unsent.hasLargeWrites || !context.channel.isWritable { settle() }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            machine.quiesce()
            registry.shutdownBegan()
            loop?.hurry()
        case ChannelEvent.inputClosed:
            isInputClosed = true
            if machine.isEnding { return closeDrained(context, nil) }
            context.fireUserInboundEventTriggered(event)
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .input: context.close(mode: .input, promise: promise)
        case .output:
            // The system closes both sides, and what waits is lost.
            if isInputClosed { return closeDrained(context, promise) }
            end(context)
            context.close(mode: .output, promise: promise)
        case .all: closeDrained(context, promise)
        }
    }

    /// Closes the connection once what waits has been taken, which the write limit bounds.
    private func closeDrained(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        guard pending(context) > 0, !isClosing else { return context.close(mode: .all, promise: promise) }
        end(context)
        isClosing = true
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: .all, promise: promise) }
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer())), promise: written)
    }

    private func end(_ context: ChannelHandlerContext) {
        guard !machine.isEnding else { return }
        machine.end()
        context.read()
    }

    // MARK: - Examinations

    /// Looks whether the connection has kept its limits.
    func examine(at now: NIODeadline) {
        guard let context else { return }
        settle(at: now)
        switch machine.examine(at: now, isServed: !machine.isQuiescing || isServed()) {
        case .keep: break
        case .finish(let reason):
            tell(reason)
            // From the far end of the pipeline, so that TLS says goodbye.
            context.channel.close(mode: .output, promise: nil)
            end(context)
        case .close(let reason): cut(reason)
        }
    }

    /// Closes the connection, whatever waits.
    func cut(_ reason: CloseReason) {
        guard let context else { return }
        tell(reason)
        if reason == .shutdown { whenCut?() }
        context.close(mode: .all, promise: nil)
    }

    /// Tells why the connection is closed: the first reason alone, since a client that does not go then meets others.
    private func tell(_ reason: CloseReason) {
        guard !hasTold else { return }
        hasTold = true
        registry.closes(for: reason)
    }

    /// Notes what the client has taken, and what is held for it.
    func settle(at time: NIODeadline? = nil) {
        guard let context else { return }
        let pending = drained == unsent.offered ? 0 : pending(context)
        if pending == 0 { drained = unsent.offered }
        guard pending > 0 || machine.noProgressSince != nil || unsent.isCounted else {
            if unsent.hasLargeWrites { _ = unsent.settle(pending: 0) }
            return
        }
        let now = time ?? context.eventLoop.now
        machine.progress(taken: unsent.offered - pending, pending: pending, at: now)
        let change = unsent.settle(pending: pending)
        registry.settle(
            self,
            change: change,
            noProgressSince: machine.noProgressSince ?? now,
            on: context.eventLoop,
            at: now
        )
    }

    private func pending(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}

@available(*, unavailable)
extension ConnectionHandler: Sendable {}
