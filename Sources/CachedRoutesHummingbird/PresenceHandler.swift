import CachedRoutes
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Notices when the client of a connection leaves, and tells one that asks first that it may send its body.
///
/// A client that has closed its side may have left, or may only have nothing more to say and still wait. They differ once
/// something is sent: the first one's system resets the connection. So a client that closes its side and whose request is not
/// answered soon is sent an interim response, `102 Processing`, which one that waits has to skip. HTTP/1.0 has none (RFC 9110,
/// 15.2): such a client counts as there.
final class PresenceHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let clients: ConnectedClients
    private var client: ConnectedClient?
    /// What answers before the router on this connection.
    private weak var beforeRouter: BeforeRouterHandler?
    /// Whether the client understands interim responses.
    fileprivate var takesInterimResponses = false
    /// Requests that have begun to come and whose answers have not begun to leave.
    private var unanswered = 0
    /// Whether an answer is being sent.
    private var isAnswering = false
    /// Whether more of a request is to come.
    private var isReading = false
    private var probe: Scheduled<Void>?

    /// How long an answer may take to a client that has closed its side before it is looked whether the client is there.
    private static let patience = TimeAmount.milliseconds(100)

    init(_ clients: ConnectedClients) {
        self.clients = clients
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let client = ConnectedClient(on: context.eventLoop, paths: clients.paths)
        self.client = client
        clients.add(client, context.channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        probe?.cancel()
        clients.remove(context.channel)
    }

    func channelInactive(context: ChannelHandlerContext) {
        probe?.cancel()
        client?.presence.leave()
        clients.remove(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isReading = true
            unanswered += 1
            // RFC 9110, 10.1.1. A body that is too large by its announced length is refused all the same, with a final status.
            if head.headerFields[.expect]?.lowercased() == "100-continue" {
                writeInterim(.init(code: 100, reasonPhrase: "Continue"), context)
            }
        case .end: isReading = false
        case .body: break
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational:
            unanswered -= 1
            isAnswering = true
            if let beforeRouter, head.headerFields[.connection]?.lowercased() == "close" {
                beforeRouter.routerEndsConnection()
            }
        case .end:
            isAnswering = false
            context.write(data, promise: promise)
            beforeRouter?.routerHasAnswered()
            return
        case .head, .body: break
        }
        context.write(data, promise: promise)
    }

    /// Some requests are answered before they come here.
    func isBehind(_ handler: BeforeRouterHandler) {
        beforeRouter = handler
        guard let client else { return }
        handler.isInFront(of: client) { [weak self] in self?.isAnsweringWhole ?? false }
    }

    /// Whether a whole request has come that is not answered.
    private var isAnsweringWhole: Bool { !isReading && (unanswered > 0 || isAnswering) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { lookLater(context) }
        context.fireUserInboundEventTriggered(event)
    }

    /// Sends something now and then, for as long as there is a request to answer.
    private func lookLater(_ context: ChannelHandlerContext) {
        probe = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) {
            guard self.unanswered > 0 else { return }
            self.writeInterim(.init(code: 102, reasonPhrase: "Processing"), context)
            self.lookLater(context)
        }
    }

    /// Not where it would stand inside an answer, or before the one of another request.
    private func writeInterim(_ status: HTTPResponse.Status, _ context: ChannelHandlerContext) {
        guard takesInterimResponses, unanswered == 1, !isAnswering else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: status))), promise: nil)
    }
}

/// Notes the version of a connection's first request, which is not known behind the codec of HTTP types, and leaves.
final class VersionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let presence: PresenceHandler

    init(_ presence: PresenceHandler) {
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
