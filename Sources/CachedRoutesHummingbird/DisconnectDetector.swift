import CachedRoutes
import HTTPConnections
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Detects that the client of a connection has disconnected, and reports requests and responses to the
/// ``ConnectionHandler``.
///
/// A client that closes its side counts as disconnected, as in Go's server: work that no other client waits for is
/// cancelled. Responses that are ready by then are still sent. This handler also sends `100 Continue`, and `Connection:
/// close` with the last response of a connection.
final class DisconnectDetector: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let clients: ConnectedClients
    private var client: ConnectedClient?
    private var connection: ConnectionHandler?
    /// The channel value for the task of the connection.
    private var value: HTTP1Channel.Value?
    /// The handler that answers before the router on this connection.
    private weak var beforeRouter: BeforeRouterHandler?
    /// True if the client understands interim responses.
    fileprivate var takesInterimResponses = false
    /// The number of requests that have begun and whose responses have not.
    private var unanswered = 0
    /// True while a response is being written.
    private var isAnswering = false
    /// True if the response being written is the last one of the connection.
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
        // A connection that is accepted while the listener closes has no task, and NIO traps if its channel is never
        // finished.
        Task { try? await value.executeThenClose { _, _ in } }
    }

    func channelInactive(context: ChannelHandlerContext) {
        client?.presence.leave()
        clients.remove(context.channel)
        context.fireChannelInactive()
    }

    /// Connects this handler with the other handlers of its connection.
    ///
    /// - Parameters:
    ///   - connection: the handler of the connection's limits.
    ///   - beforeRouter: the handler that answers before the router; `nil` if there is none.
    ///   - value: the channel value for the task of the connection.
    func connect(
        to connection: ConnectionHandler,
        beforeRouter: BeforeRouterHandler?,
        value: HTTP1Channel.Value
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
            // RFC 9110, 10.1.1. A body with too large a `Content-Length` still gets a final status.
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

    /// Closes the connection after the response that has been written.
    private func end(_ context: ChannelHandlerContext) {
        client?.end()
        context.flush()
        context.close(mode: .output, promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { client?.presence.leave() }
        context.fireUserInboundEventTriggered(event)
    }

    /// Writes `100 Continue`, unless it would come inside a response, or before that of an earlier request.
    private func writeContinue(_ context: ChannelHandlerContext) {
        guard takesInterimResponses, unanswered == 1, !isAnswering else { return }
        let response = HTTPResponse(status: .init(code: 100, reasonPhrase: "Continue"))
        context.writeAndFlush(wrapOutboundOut(.head(response)), promise: nil)
    }
}

/// Notes the version of a connection's first request, which the codec of HTTP types drops, and removes itself.
final class RequestVersionRecorder: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let detector: DisconnectDetector

    init(_ detector: DisconnectDetector) {
        self.detector = detector
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            detector.takesInterimResponses = (head.version.major, head.version.minor) >= (1, 1)
            context.fireChannelRead(data)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } else {
            context.fireChannelRead(data)
        }
    }
}
