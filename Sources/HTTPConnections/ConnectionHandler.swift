package import NIOCore

/// Enforces the limits of one connection, next to its socket.
///
/// The handler is the first one in the pipeline, even before TLS: it sees the bytes that the system accepts, and can
/// close the connection without other handlers. Handlers that know HTTP report requests and responses by
/// ``requestBegan(hasBody:)`` and similar methods, on the event loop.
///
/// A connection ends in stages (RFC 9112, 9.6). The handler that has written the last response closes the output.
/// Further input is read and discarded, so that no reset destroys the response in transit, until the client closes or
/// its time is over.
package final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = IOData
    package typealias OutboundOut = IOData

    let id = ConnectionID()
    private let registry: ConnectionRegistry
    private let limits: ConnectionTimeouts
    private let shutdown: ServerShutdownFlag
    private var machine: ConnectionStateMachine
    private var unsent = UnsentOutputMemory()
    /// The number of written bytes at the last time when none of them was pending.
    private var drained = 0
    private var context: ChannelHandlerContext?
    private var loop: EventLoopConnections?
    private var isInputClosed = false
    private var isClosing = false
    /// Indicates that the reason for closing the connection has been reported.
    private var hasTold = false
    private var whenCut: (() -> Void)?
    private var isServed: () -> Bool = { true }

    /// Makes a handler of a connection.
    ///
    /// - Parameters:
    ///   - registry: counts the connection.
    ///   - limits: the time limits.
    ///   - shutdown: the shutdown of the connection's server.
    package init(
        _ registry: ConnectionRegistry,
        limits: ConnectionTimeouts,
        shutdown: ServerShutdownFlag = ServerShutdownFlag()
    ) {
        self.registry = registry
        self.shutdown = shutdown
        self.limits = limits
        machine = ConnectionStateMachine(limits: limits)
    }

    // MARK: - Reports of HTTP handlers

    /// Indicates that the next response has to be the last one, and has to announce that.
    package var isQuiescing: Bool { machine.isQuiescing || shutdown.hasBegun }
    /// Indicates that the last response has been written.
    package var isEnding: Bool { machine.isEnding }

    /// Records that requests are streams of the connection (RFC 9113), whose frames are not told apart here.
    package func becomesMultiplexed() { machine.becomesMultiplexed() }
    /// Records the first bytes of a request head, after a request that has its response.
    package func headBegan() { machine.headBegan() }
    /// Records a complete request head.
    package func requestBegan(hasBody: Bool) { machine.requestBegan(hasBody: hasBody) }
    /// Records the end of the latest request.
    package func requestReceived() { machine.requestReceived() }
    /// Records a complete response.
    package func responseWritten() { machine.responseWritten() }
    /// Sets an action for the case that the connection is still open at the end of a shutdown's time.
    package func whenCut(_ action: @escaping () -> Void) { whenCut = action }

    /// Sets a closure that tells if the connection's requests get responses, for a shutdown.
    package func isServed(_ isServed: @escaping () -> Bool) { self.isServed = isServed }

    // MARK: - The channel

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        UnsentBytesLimit.bound(of: context.channel)
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
            // No other handler reads the input that is discarded.
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
        // Small writes to a client that reads need no work here: the next examination finds what may be pending.
        if unsent.hasLargeWrites || !context.channel.isWritable { settle() }
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            machine.quiesce()
            shutdown.begin()
            registry.shutdownBegan()
            loop?.hurry()
            if machine.isMultiplexed { context.fireUserInboundEventTriggered(event) }
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
            // The system closes both directions, and pending output is lost.
            if isInputClosed { return closeDrained(context, promise) }
            end(context)
            context.close(mode: .output, promise: promise)
        case .all: closeDrained(context, promise)
        }
    }

    /// Closes the connection once the pending output has been sent, for which the write limit is the time limit.
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

    /// Enforces the limits of the connection.
    func examine(at now: NIODeadline) {
        guard let context else { return }
        settle(at: now)
        switch machine.examine(at: now, isServed: !machine.isQuiescing || isServed()) {
        case .keep: break
        case .finish(let reason):
            tell(reason)
            // From the end of the pipeline, so that TLS sends its closing alert.
            context.channel.close(mode: .output, promise: nil)
            end(context)
        case .close(let reason): cut(reason)
        }
    }

    /// Closes the connection without waiting for pending output.
    func cut(_ reason: CloseReason) {
        guard let context else { return }
        tell(reason)
        if reason == .shutdown { whenCut?() }
        context.close(mode: .all, promise: nil)
    }

    /// Reports the reason for closing the connection. Only the first reason is reported: a client that does not close
    /// exceeds other limits, too.
    private func tell(_ reason: CloseReason) {
        guard !hasTold else { return }
        hasTold = true
        registry.closes(for: reason)
    }

    /// Updates the bytes that the client has accepted and the memory that is held for it.
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
