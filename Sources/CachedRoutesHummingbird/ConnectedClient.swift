import CachedRoutes
import NIOCore
import Synchronization

/// A request that was looked at before it came to the router.
struct Arrival: Sendable {
    /// The path as the client sent it.
    let path: [UInt8]
    let isHead: Bool
    /// What the store said, where it was asked.
    let lookup: StoreLookup?
}

/// A request as a route that may be answered on the event loop has seen it.
struct EventLoopArrival: Sendable {
    let route: CompiledRoute
    let target: String
    let isHead: Bool
}

/// The client at the other end of a connection. All its requests are answered in one task, one after the other.
final class ConnectedClient: Sendable {
    /// The client whose requests the current task answers.
    @TaskLocal static var current: ConnectedClient?

    /// Whether the client is still there.
    let presence = ClientConnection()
    /// Where its connection is.
    let eventLoop: any EventLoop
    /// What is known of the paths of its server; `nil`: nothing is answered before the router.
    let paths: LearnedPaths?
    private let state = Mutex(State())
    private let endFlag = Atomic(false)
    private let serveFlag = Atomic(false)
    /// Ends what is done for the client when a shutdown does not wait any longer.
    private let cancellation = Mutex<(@Sendable () -> Void)?>(nil)

    /// What is known of the request under way.
    private struct State {
        /// What was seen of it before it came to the router.
        var arrival: Arrival?
        /// How it has come to a route that may be answered on the event loop.
        var eventLoopArrival: EventLoopArrival?
    }

    init(on eventLoop: any EventLoop, paths: LearnedPaths?) {
        self.eventLoop = eventLoop
        self.paths = paths
    }

    /// Indicates that the last response of the connection has been written: what has come behind its request is not answered.
    var hasEnded: Bool { endFlag.load(ordering: .relaxed) }

    /// Throws where the current task's client gets no more answers.
    static func checkEnd() throws {
        if current?.hasEnded ?? false { throw CancellationError() }
    }

    /// The last response has been written.
    func end() { endFlag.store(true, ordering: .relaxed) }

    /// Indicates that a task answers the client's requests.
    var isServed: Bool { serveFlag.load(ordering: .acquiring) }

    /// A task answers the client's requests.
    func serve() { serveFlag.store(true, ordering: .releasing) }

    /// Has something done when a shutdown does not wait any longer for the client.
    func whenCut(_ action: @escaping @Sendable () -> Void) { cancellation.withLock { $0 = action } }

    /// A shutdown does not wait any longer for the client.
    func cut() { cancellation.withLock { $0.take() }?() }

    /// The request that comes to the router next, or is there; `nil`: it was not looked at.
    func arrives(_ arrival: Arrival?) {
        state.withLock { $0.arrival = arrival }
    }

    /// The request under way has come to `route`.
    ///
    /// - Parameter target: its target as the router sees it. Where an app has it see another one than the client sent, nothing is
    ///   learnt from that.
    /// - Returns: what the store said of the request before; it is of use once.
    func comes(to route: CompiledRoute, _ target: String, isHead: Bool) -> StoreLookup? {
        let arrival = state.withLock { state in
            if route.mayRunOnEventLoop {
                state.eventLoopArrival = EventLoopArrival(route: route, target: target, isHead: isHead)
            }
            return state.arrival.take()
        }
        guard let arrival, arrival.isHead == isHead,
            target.utf8.prefix(while: { $0 != 0x3F }).elementsEqual(arrival.path)
        else { return nil }
        // A path that was looked for in the store is known already.
        if arrival.lookup == nil, route.isBeforeRouter { paths?.add(arrival.path, isHead: isHead, route) }
        return arrival.lookup
    }

    /// How the request under way has come to a route that may be answered on the event loop; it is given once.
    func takeEventLoopArrival() -> EventLoopArrival? {
        state.withLock { $0.eventLoopArrival.take() }
    }
}

/// The clients of a server's open connections.
final class ConnectedClients: Sendable {
    private let clients = Mutex<[ObjectIdentifier: ConnectedClient]>([:])
    /// What is known of the server's paths; `nil`: nothing is answered before the router.
    let paths: LearnedPaths?

    init(paths: LearnedPaths?) {
        self.paths = paths
    }

    /// The client at the other end of `channel`.
    func client(of channel: any Channel) -> ConnectedClient? {
        clients.withLock { $0[ObjectIdentifier(channel)] }
    }

    func add(_ client: ConnectedClient, _ channel: any Channel) {
        clients.withLock { $0[ObjectIdentifier(channel)] = client }
    }

    func remove(_ channel: any Channel) {
        clients.withLock { $0[ObjectIdentifier(channel)] = nil }
    }
}
