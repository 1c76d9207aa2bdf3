import CachedRoutes
import HTTPFrontend
import NIOCore
import Synchronization

/// A request that has reached a route which may run on the event loop.
struct RoutedRequest: Sendable {
    let route: CompiledRoute
    let target: String
    let isHead: Bool
}

/// The client at the other end of a connection. All its requests are served in one task, one after the other.
final class ConnectedClient: DownstreamRequestHandler, Sendable {
    /// The client whose requests the current task serves.
    @TaskLocal static var current: ConnectedClient?

    /// The connection of the client, which tells when the client disconnects.
    let presence = ClientConnection()
    /// The event loop of the client's connection.
    let eventLoop: any EventLoop
    /// The paths that the client's server has learned; `nil` if no route is answered before the router.
    let paths: RoutedPaths?
    private let state = Mutex(State())
    private let endFlag = Atomic(false)
    private let serveFlag = Atomic(false)
    /// Cancels the client's task when a shutdown waits for it no longer.
    private let cancellation = Mutex<(@Sendable () -> Void)?>(nil)

    /// The state of the current request.
    private struct State {
        /// The request as it was before routing.
        var unroutedRequest: PreRoutingRequest?
        /// The request at a route that may run on the event loop.
        var routedRequest: RoutedRequest?
    }

    init(on eventLoop: any EventLoop, paths: RoutedPaths?) {
        self.eventLoop = eventLoop
        self.paths = paths
    }

    /// Indicates that the last response of the connection has been written, so that later requests get none.
    var hasEnded: Bool { endFlag.load(ordering: .relaxed) }

    /// Checks that the current task's client may have more responses.
    ///
    /// - Throws: `CancellationError` if the last response has been written.
    static func checkEnd() throws {
        if current?.hasEnded ?? false { throw CancellationError() }
    }

    /// Notes that the last response has been written.
    func end() { endFlag.store(true, ordering: .relaxed) }

    /// Indicates that a task serves the client.
    var isServed: Bool { serveFlag.load(ordering: .acquiring) }

    /// Notes that a task serves the client.
    func serve() { serveFlag.store(true, ordering: .releasing) }

    /// Sets the action for a shutdown that waits for the client no longer.
    func whenCut(_ action: @escaping @Sendable () -> Void) { cancellation.withLock { $0 = action } }

    /// Performs the action for a shutdown that waits for the client no longer.
    func cut() { cancellation.withLock { $0.take() }?() }

    /// Sets the request that reaches the router next; `nil` if it was not examined before.
    func arrives(_ unroutedRequest: PreRoutingRequest?) {
        state.withLock { $0.unroutedRequest = unroutedRequest }
    }

    /// Notes that the current request has reached a route.
    ///
    /// - Parameters:
    ///   - route: the route.
    ///   - target: the request's target as the router sees it. If an app has rewritten the client's target, nothing is
    ///     learned.
    ///   - isHead: true for a HEAD request.
    /// - Returns: the result of a lookup before routing, once; `nil` if there was none.
    func comes(to route: CompiledRoute, target: String, isHead: Bool) -> EarlyLookupResult? {
        let unroutedRequest = state.withLock { state in
            if route.mayRunOnEventLoop {
                state.routedRequest = RoutedRequest(route: route, target: target, isHead: isHead)
            }
            return state.unroutedRequest.take()
        }
        guard let unroutedRequest, unroutedRequest.isHead == isHead,
            target.utf8.prefix(while: { $0 != UInt8(ascii: "?") }).elementsEqual(unroutedRequest.path)
        else { return nil }
        // A path with a lookup before routing is known already.
        if unroutedRequest.lookup == nil, route.isBeforeRouter {
            paths?.add(unroutedRequest.path, isHead: isHead, route: route)
        }
        return unroutedRequest.lookup
    }

    /// Returns the current request at a route that may run on the event loop, once.
    func takeRoutedRequest() -> RoutedRequest? {
        state.withLock { $0.routedRequest.take() }
    }
}

/// The clients of a server's open connections.
final class ConnectedClientRegistry: Sendable {
    private let clients = Mutex<[ObjectIdentifier: ConnectedClient]>([:])
    /// The learned paths of the server; `nil` if no route is answered before the router.
    let paths: RoutedPaths?

    init(paths: RoutedPaths?) {
        self.paths = paths
    }

    /// Returns the client at the other end of a channel.
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
