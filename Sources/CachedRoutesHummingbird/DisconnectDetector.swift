import CachedRoutes
import HTTPConnections
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Notices when the client of a connection leaves, and tells its ``ConnectionHandler`` what the router does.
///
/// A client that closes its side has left, as for Go's server: work that nobody else waits for is given up. What has been answered
/// by then it still gets. Also a client that asks first is told here that it may send its body, and the last response of a
/// connection that ends says so.
final class DisconnectDetector: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let clients: ConnectedClients
    private var client: ConnectedClient?
    private var connection: ConnectionHandler?
    /// The connection as its task will have it.
    private var value: HTTP1Channel.Value?
    /// What answers before the router on this connection.
    private weak var beforeRouter: BeforeRouterHandler?
    /// Whether the client understands interim responses.
    fileprivate var takesInterimResponses = false
    /// Requests that have begun to come and whose answers have not begun to leave.
    private var unanswered = 0
    /// Whether an answer is being sent.
    private var isAnswering = false
    /// True where the answer being sent is the last one of the connection.
    private var isLast = false

    init(_ clients: ConnectedClients) {
        self.clients = clients
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let client = ConnectedClient(on: context.eventLoop, paths: clients.paths)
        self.client = client
        clients.add(client, context.channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        clients.remove(context.channel)
        guard let value = value.take(), client?.isServed == false else { return }
        // A connection that comes at the moment when the listener closes gets no task, and NIO traps where nobody finishes it.
        Task { try? await value.executeThenClose { _, _ in } }
    }

    func channelInactive(context: ChannelHandlerContext) {
        client?.presence.leave()
        clients.remove(context.channel)
        context.fireChannelInactive()
    }

    /// Requests come from a connection, some of which are answered before they come here.
    func isBehind(
        _ connection: ConnectionHandler,
        _ beforeRouter: BeforeRouterHandler?,
        for value: HTTP1Channel.Value
    ) {
        self.connection = connection
        self.value = value
        self.beforeRouter = beforeRouter
        guard let client else { return }
        connection.whenCut { client.cut() }
        connection.isServed { client.isServed }
        beforeRouter?.isInFront(of: client)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            unanswered += 1
            connection?.requestBegan(hasBody: true)
            // RFC 9110, 10.1.1. A body that is too large by its announced length is refused all the same, with a final status.
            if head.headerFields[.expect]?.lowercased() == "100-continue" { writeContinue(context) }
        case .end: connection?.requestReceived()
        case .body: break
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            unanswered = max(0, unanswered - 1)
            isAnswering = true
            if connection?.isQuiescing ?? false {
                head.headerFields[.connection] = "close"
                isLast = true
                context.write(wrapOutboundOut(.head(head)), promise: promise)
            } else {
                isLast = head.headerFields[.connection]?.lowercased() == "close"
                context.write(data, promise: promise)
            }
            if isLast { beforeRouter?.routerEndsConnection() }
        case .end:
            isAnswering = false
            context.write(data, promise: promise)
            connection?.responseWritten()
            beforeRouter?.routerHasAnswered()
            if isLast { end(context) }
        case .head, .body: context.write(data, promise: promise)
        }
    }

    /// The connection ends with the answer that has been written.
    private func end(_ context: ChannelHandlerContext) {
        client?.end()
        context.flush()
        context.close(mode: .output, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { client?.presence.leave() }
        context.fireUserInboundEventTriggered(event)
    }

    /// Not where it would stand inside an answer, or before the one of another request.
    private func writeContinue(_ context: ChannelHandlerContext) {
        guard takesInterimResponses, unanswered == 1, !isAnswering else { return }
        let response = HTTPResponse(status: .init(code: 100, reasonPhrase: "Continue"))
        context.writeAndFlush(wrapOutboundOut(.head(response)), promise: nil)
    }
}

/// Notes the version of a connection's first request, which is not known behind the codec of HTTP types, and leaves.
final class VersionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let presence: DisconnectDetector

    init(_ presence: DisconnectDetector) {
        self.presence = presence
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            presence.takesInterimResponses = (head.version.major, head.version.minor) >= (1, 1)
            context.fireChannelRead(data)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } else {
            context.fireChannelRead(data)
        }
    }
}
