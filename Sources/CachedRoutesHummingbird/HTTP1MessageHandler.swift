import CachedRoutes
import HTTPConnections
import HTTPFrontend
import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Passes the messages of a connection between NIO's HTTP/1.1 parser and the app, in the types of each.
///
/// Everything that this server does to messages is done in this one handler, because each handler costs another dynamic
/// cast and another call for every part of every message:
///
/// - Requests that break ``RequestHeadRules`` are refused, after the responses to earlier ones.
/// - The ``ConnectionHandler`` is notified of requests and responses.
/// - A client that closes its side counts as disconnected, as in Go's server: work that no other client waits for is
///   cancelled. Responses that are ready by then are still sent.
/// - `100 Continue` is sent, and `Connection: close` with the last response of a connection.
/// - The `Date` of a stored response is restored, which the framework overwrites.
final class HTTP1MessageHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let clients: ConnectedClientRegistry
    private var client: ConnectedClient?
    private var connection: ConnectionHandler?
    private var decoder: UpgradeIgnoringRequestDecoder?
    /// The channel value for the task of the connection.
    private var value: HTTP1Channel.Value?
    /// The handler of early responses on this connection.
    private weak var beforeRouter: EarlyResponseHandler?
    private var refusals = RefusalStateMachine<RequestHeadRules.Refusal>()
    /// True if the parser stops after the request that is being read.
    private var stopsParser = false
    /// True if the response being written is the last one of the connection.
    private var isLast = false

    init(_ clients: ConnectedClientRegistry) {
        self.clients = clients
    }

    /// Connects this handler with the other handlers of its connection.
    ///
    /// - Parameters:
    ///   - connection: the handler of the connection's limits; `nil` for none.
    ///   - decoder: the decoder of requests.
    ///   - beforeRouter: the handler of early responses; `nil` if there is none.
    ///   - value: the channel value for the task of the connection; `nil` if there is no task.
    func connect(
        to connection: ConnectionHandler?,
        decoder: UpgradeIgnoringRequestDecoder,
        beforeRouter: EarlyResponseHandler?,
        value: HTTP1Channel.Value?
    ) {
        self.connection = connection
        self.decoder = decoder
        self.value = value
        self.beforeRouter = beforeRouter
        guard let client else { return }
        connection?.whenCut { client.cut() }
        connection?.isServed { [weak beforeRouter] in client.isServed || (beforeRouter?.isMaking ?? false) }
        beforeRouter?.isInFront(of: client)
    }

    // MARK: - The channel

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

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { client?.presence.leave() }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: - Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let verdict = RequestHeadRules.verdict(on: head)
            stopsParser = verdict.stopsParser
            switch refusals.begins(verdict.refusal) {
            case .pass: begin(head, context)
            case .drop: break
            case .refuse(let refusal): send(refusal, context)
            }
        case .body(let bytes):
            guard refusals.isOpen else { return }
            context.fireChannelRead(wrapInboundOut(.body(bytes)))
        case .end(let trailers):
            if stopsParser { decoder?.stops() }
            guard refusals.isOpen else { return }
            connection?.requestReceived()
            context.fireChannelRead(wrapInboundOut(.end(trailers.map { HTTPFields($0, splitCookie: false) })))
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let request: HTTPRequest
        do {
            request = try HTTPRequest(head, secure: false, splitCookie: false)
        } catch {
            return context.fireErrorCaught(error)
        }
        connection?.requestBegan(hasBody: true)
        // RFC 9110, 10.1.1. A body with too large a `Content-Length` still gets a final status.
        if request.headerFields[.expect]?.lowercased() == "100-continue" { writeContinue(head.version, context) }
        context.fireChannelRead(wrapInboundOut(.head(request)))
    }

    /// Writes `100 Continue`, unless it would come before or inside the response to an earlier request.
    private func writeContinue(_ version: HTTPVersion, _ context: ChannelHandlerContext) {
        // HTTP/1.0 has no interim responses.
        guard version.major > 1 || version.minor >= 1, refusals.unanswered == 1 else { return }
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    private func send(_ refusal: RequestHeadRules.Refusal, _ context: ChannelHandlerContext) {
        let response = Problem(HTTPResponse.Status(code: Int(refusal.status.code)), refusal.detail).response()
        var head = HTTPResponseHead(version: .http1_1, status: refusal.status)
        for field in response.headerFields { head.headers.add(name: field.name.rawName, value: field.value) }
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
        let written = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
        // The `ConnectionHandler` reads the rest of the input, so that the client gets the response and not a reset.
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(mode: .output, promise: nil) }
    }

    // MARK: - Responses

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if head.status.kind != .informational {
                head.restoreDate()
                if connection?.isQuiescing ?? false {
                    head.headerFields[.connection] = "close"
                    isLast = true
                } else {
                    isLast = head.headerFields[.connection]?.lowercased() == "close"
                }
                if isLast { beforeRouter?.forwardedEndsConnection() }
            }
            context.write(wrapOutboundOut(.head(HTTPResponseHead(head))), promise: promise)
        case .body(let bytes):
            context.write(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: promise)
        case .end(let trailers):
            context.write(wrapOutboundOut(.end(trailers.map(HTTPHeaders.init))), promise: promise)
            if let refusal = refusals.answered() { send(refusal, context) }
            connection?.responseWritten()
            beforeRouter?.forwardedIsAnswered()
            if isLast { end(context) }
        }
    }

    /// Closes the connection after the response that has been written.
    private func end(_ context: ChannelHandlerContext) {
        client?.end()
        context.flush()
        context.close(mode: .output, promise: nil)
    }
}

extension HTTPField.Name {
    /// Carries the date of a response past the framework, which overwrites `Date`.
    static let originalDate = HTTPField.Name("Cached-Routes-Date")!
}

extension HTTPResponse {
    /// Restores the `Date` of a stored response.
    fileprivate mutating func restoreDate() {
        guard let original = headerFields.firstIndex(where: { $0.name == .originalDate }) else { return }
        // In its own place, as in responses before the router; the framework's date comes last.
        headerFields[original] = HTTPField(name: .date, value: headerFields[original].value)
        if let current = headerFields.indices.last(where: { $0 != original && headerFields[$0].name == .date }) {
            headerFields.remove(at: current)
        }
    }
}
