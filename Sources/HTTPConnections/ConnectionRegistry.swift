package import NIOCore
import Synchronization

/// Something about connections that an operator may want to know.
package enum ConnectionEvent: Sendable, Equatable {
    /// The server closes a connection.
    case closes(CloseReason)
    /// As many connections are open as may be; others wait in the system's queue.
    case isFull(maximum: Int)
    /// The process or the system has no file descriptor left, or no memory for sockets.
    case isExhausted(error: String)
    /// Connections are accepted again.
    case accepts
}

/// The facts that the connections of all servers of a process share: their number, the memory of their unsent responses, and the
/// shutdown.
package final class ConnectionRegistry: Sendable {
    private struct State {
        var loops: [ObjectIdentifier: NIOLoopBound<LoopConnections>] = [:]
        var open = 0
        var isFull = false
        /// Listeners that accept again once there is room.
        var waiting: [@Sendable () -> Void] = []
        var listeners: [ObjectIdentifier: NIOLoopBound<ListenerHandler>] = [:]
    }

    /// The number of connections that may be open.
    package let maximum: Int
    private let state = Mutex(State())
    private let unsent: Mutex<UnsentBytes>
    private let hasShutdownBegun = Atomic(false)
    private let observe: @Sendable (ConnectionEvent) -> Void
    private let release: @Sendable () -> Void

    /// A registry without connections.
    ///
    /// - Parameters:
    ///   - maximum: the number of connections that may be open.
    ///   - unsentBytes: the number of bytes that unsent responses may hold.
    ///   - observe: is told what happens, on event loops.
    ///   - release: is called on an event loop when a time of much unsent memory is over.
    package init(
        maximum: Int,
        unsentBytes: Int,
        observe: @escaping @Sendable (ConnectionEvent) -> Void = { _ in },
        release: @escaping @Sendable () -> Void = {}
    ) {
        self.maximum = maximum
        unsent = Mutex(UnsentBytes(limit: unsentBytes))
        self.observe = observe
        self.release = release
    }

    /// Indicates that a server has begun to shut down.
    package var isShuttingDown: Bool { hasShutdownBegun.load(ordering: .relaxed) }

    /// The number of open connections.
    package var openConnections: Int { state.withLock { $0.open } }

    /// The number of bytes that unsent responses hold.
    package var unsentBytes: Int { unsent.withLock { $0.total } }

    /// Counts a connection, and watches the listener that has accepted it.
    ///
    /// - Parameter shutdownBegan: is called on the listener's event loop when its server begins to shut down.
    package func accepted(
        _ channel: any Channel,
        whenShutdownBegins shutdownBegan: @escaping @Sendable (any EventLoop) -> Void = { _ in }
    ) {
        guard let parent = channel.parent else { return }
        parent.eventLoop.execute { self.listener(of: parent, shutdownBegan)?.count(channel) }
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

    func connections(on eventLoop: any EventLoop) -> LoopConnections {
        let id = ObjectIdentifier(eventLoop)
        if let known = state.withLock({ $0.loops[id] }) { return known.value }
        let new = LoopConnections(eventLoop)
        let bound = NIOLoopBound(new, eventLoop: eventLoop)
        state.withLock { $0.loops[id] = bound }
        return new
    }

    func shutdownBegan() { hasShutdownBegun.store(true, ordering: .relaxed) }

    func closes(for reason: CloseReason) { observe(.closes(reason)) }

    func settle(
        _ connection: ConnectionHandler,
        change: UnsentWrites.Change?,
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

    /// Does something with connections, each on its own event loop and never at once: the caller is in the middle of a write.
    private func withConnections(_ ids: [ConnectionID], _ body: @escaping @Sendable (ConnectionHandler) -> Void) {
        for loop in state.withLock({ Array($0.loops.values) }) {
            loop.eventLoop.execute {
                for id in ids { loop.value[id].map(body) }
            }
        }
    }

    // MARK: - For listeners

    /// The number of connections that may be accepted; where it is zero, `resume` is called once there is room.
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
            // What was full is full for as long as clients wait.
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
