package import NIOCore
import Synchronization

/// An event that concerns an operator.
package enum ConnectionMonitoringEvent: Sendable, Equatable {
    /// The server closes a connection.
    case closes(CloseReason)
    /// The largest number of connections is open; further ones wait in the system's queue.
    case isFull(maximum: Int)
    /// The process or the system has no file descriptors left, or no memory for sockets.
    case isExhausted(error: String)
    /// Connections are accepted again.
    case accepts
}

/// The state that the connections of all servers in a process share: their number, the memory of their unsent
/// responses, and the shutdown.
package final class ConnectionRegistry: Sendable {
    private struct State {
        var loops: [ObjectIdentifier: NIOLoopBound<EventLoopConnections>] = [:]
        var open = 0
        var isFull = false
        /// The listeners that wait for another connection to close.
        var waiting: [@Sendable () -> Void] = []
        var listeners: [ObjectIdentifier: NIOLoopBound<ListenerHandler>] = [:]
    }

    /// The largest number of open connections.
    package let maximum: Int
    private let state = Mutex(State())
    private let unsent: Mutex<OutputMemoryLimiter>
    private let hasShutdownBegun = Atomic(false)
    private let observe: @Sendable (ConnectionMonitoringEvent) -> Void
    private let release: @Sendable () -> Void

    /// Makes a registry without connections.
    ///
    /// - Parameters:
    ///   - maximum: the largest number of open connections.
    ///   - unsentBytes: the largest number of bytes that unsent responses may hold.
    ///   - observe: receives events, on event loops.
    ///   - release: is called on an event loop at the end of a period with much unsent memory.
    package init(
        maximum: Int,
        unsentBytes: Int,
        observe: @escaping @Sendable (ConnectionMonitoringEvent) -> Void = { _ in },
        release: @escaping @Sendable () -> Void = {}
    ) {
        self.maximum = maximum
        unsent = Mutex(OutputMemoryLimiter(limit: unsentBytes))
        self.observe = observe
        self.release = release
    }

    /// Indicates that a server has begun to shut down.
    package var isShuttingDown: Bool { hasShutdownBegun.load(ordering: .relaxed) }

    /// The number of open connections.
    package var openConnections: Int { state.withLock { $0.open } }

    /// The number of bytes that unsent responses hold.
    package var unsentBytes: Int { unsent.withLock { $0.total } }

    /// Counts a connection and watches the listener that has accepted it.
    ///
    /// - Parameters:
    ///   - channel: the connection.
    ///   - shutdownBegan: is called on the listener's event loop when its server begins to shut down.
    package func accepted(
        _ channel: any Channel,
        whenShutdownBegins shutdownBegan: @escaping @Sendable (any EventLoop) -> Void = { _ in }
    ) {
        guard let parent = channel.parent else { return }
        parent.eventLoop.execute { self.listener(of: parent, shutdownBegan)?.count(channel) }
    }

    /// Watches a listener, on its event loop, before it accepts connections.
    ///
    /// - Parameters:
    ///   - channel: the listener.
    ///   - shutdownBegan: is called on the listener's event loop when its server begins to shut down.
    package func watch(
        listener channel: any Channel,
        whenShutdownBegins shutdownBegan: @escaping @Sendable (any EventLoop) -> Void
    ) {
        _ = listener(of: channel, shutdownBegan)
    }

    private func listener(
        of parent: any Channel,
        _ shutdownBegan: @escaping @Sendable (any EventLoop) -> Void
    ) -> ListenerHandler? {
        if let listener = state.withLock({ $0.listeners[ObjectIdentifier(parent)] }) { return listener.value }
        let listener = ListenerHandler(self, whenShutdownBegins: shutdownBegan)
        guard (try? parent.pipeline.syncOperations.addHandler(listener, position: .first)) != nil else { return nil }
        let bound = NIOLoopBound(listener, eventLoop: parent.eventLoop)
        let id = ObjectIdentifier(parent)
        state.withLock { $0.listeners[id] = bound }
        parent.closeFuture.whenComplete { _ in self.state.withLock { _ = $0.listeners.removeValue(forKey: id) } }
        return listener
    }

    // MARK: - For connections

    func connections(on eventLoop: any EventLoop) -> EventLoopConnections {
        let id = ObjectIdentifier(eventLoop)
        if let known = state.withLock({ $0.loops[id] }) { return known.value }
        let new = EventLoopConnections(eventLoop)
        let bound = NIOLoopBound(new, eventLoop: eventLoop)
        state.withLock { $0.loops[id] = bound }
        return new
    }

    func shutdownBegan() { hasShutdownBegun.store(true, ordering: .relaxed) }

    func closes(for reason: CloseReason) { observe(.closes(reason)) }

    func settle(
        _ connection: ConnectionHandler,
        change: UnsentOutputMemory.Change?,
        noProgressSince: NIODeadline,
        on eventLoop: any EventLoop,
        at now: NIODeadline
    ) {
        let id = connection.id
        let (action, isReleased) = unsent.withLock {
            ($0.update(id, change: change, noProgressSince: noProgressSince, at: now), $0.isReleased())
        }
        if isReleased { release() }
        switch action {
        case .none: break
        case .settle(let ids): withConnections(ids) { $0.settle() }
        case .close(let ids): withConnections(ids) { $0.cut(.buffers) }
        }
    }

    func forget(_ id: ConnectionID) {
        let isReleased = unsent.withLock { unsent in
            unsent.remove(id)
            return unsent.isReleased()
        }
        if isReleased { release() }
    }

    /// Calls `body` for connections, on their event loops, and never synchronously, because the caller may be in the
    /// middle of a write.
    private func withConnections(_ ids: [ConnectionID], _ body: @escaping @Sendable (ConnectionHandler) -> Void) {
        for loop in state.withLock({ Array($0.loops.values) }) {
            loop.eventLoop.execute {
                for id in ids { loop.value[id].map(body) }
            }
        }
    }

    // MARK: - For listeners

    /// The number of connections that may be accepted. If it is zero, `resume` is called once another connection has
    /// closed.
    func room(otherwise resume: @escaping @Sendable () -> Void) -> Int {
        let (room, isNews) = state.withLock { state in
            let room = maximum - state.open
            if room > 0 { return (room, false) }
            state.waiting.append(resume)
            defer { state.isFull = true }
            return (0, !state.isFull)
        }
        if isNews { observe(.isFull(maximum: maximum)) }
        return room
    }

    func opened() { state.withLock { $0.open += 1 } }

    func closed() {
        let (waiting, isNews): ([@Sendable () -> Void], Bool) = state.withLock { state in
            state.open -= 1
            guard state.open < maximum else { return ([], false) }
            // Until a tenth of the maximum is free, the state counts as full, so that events are rare.
            let isNews = state.isFull && state.open <= maximum - max(1, maximum / 10)
            if isNews { state.isFull = false }
            defer { state.waiting = [] }
            return (state.waiting, isNews)
        }
        for resume in waiting { resume() }
        if isNews { observe(.accepts) }
    }

    func isExhausted(_ error: any Error) { observe(.isExhausted(error: "\(error)")) }

    func accepts() { observe(.accepts) }
}
