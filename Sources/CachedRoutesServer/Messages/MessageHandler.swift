import CachedRoutes
import HTTPConnections
import HTTPFrontend
import HTTPTypes
import NIOCore
import NIOHTTP1

/// Serves the requests of a connection that are not answered early, or those of a stream of HTTP/2, one after the other.
///
/// - Requests that break ``RequestHeadRules`` are refused, after the responses to earlier ones.
/// - The body of a write is collected within the limit and the timeout of its route; any other body is discarded.
/// - A client that closes its side counts as disconnected: work that no other client waits for is cancelled. Responses
///   that are ready by then are still sent.
/// - The closure for context inputs has the time of the route, and is cancelled when the client disconnects.
/// - Reads are answered without a task. Writes and closures of the app run in tasks.
final class MessageHandler: ChannelDuplexHandler, DownstreamRequestHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = Never
    typealias OutboundIn = Never
    typealias OutboundOut = HTTPServerResponsePart

    /// Tells when the client disconnects.
    let presence = ClientConnection()
    let core: SharedServerState
    let reports: RequestActivityReporter
    /// The decoder of the connection; `nil` for a stream of HTTP/2.
    private let decoder: UpgradeIgnoringRequestDecoder?
    /// The handler that answers early on the connection; `nil` for a stream of HTTP/2.
    let early: EarlyResponseHandler?

    var sequence = RequestSequence()
    var exchange: HTTPExchange?
    private(set) var context: ChannelHandlerContext?
    private var lastNumber: UInt64 = 0
    /// Indicates that the decoder stops after the request that is being read.
    private var stopsDecoder = false
    private var isRunning = false
    private var withheldRead = false

    /// Creates the handler of a connection.
    ///
    /// - Parameters:
    ///   - core: the part that the connections of a server share.
    ///   - reports: take requests and responses.
    ///   - decoder: the decoder of the connection; `nil` for a stream of HTTP/2.
    ///   - early: the handler that answers early on the connection; `nil` for a stream of HTTP/2.
    init(
        _ core: SharedServerState,
        reports: RequestActivityReporter,
        decoder: UpgradeIgnoringRequestDecoder?,
        early: EarlyResponseHandler?
    ) {
        self.core = core
        self.reports = reports
        self.decoder = decoder
        self.early = early
    }

    /// Takes no result: a miss that was looked up early is answered early as well.
    func arrives(_ request: PreRoutingRequest?) {}

    // MARK: - The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        early?.isInFront(of: self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        leave()
        early?.isInFront(of: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    private func leave() {
        context = nil
        presence.leave()
        guard let exchange = exchange.take() else { return }
        if case .collecting(_, _, let timer) = exchange.body { timer.cancel() }
        if let timer = exchange.authenticationTimer {
            timer.cancel()
            exchange.task?.cancel()
        }
        reports.responseWritten()
    }

    /// Cancels the app's work for a connection that a shutdown waits for no longer.
    func cut() { exchange?.task?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent {
            presence.leave()
            giveUpAuthentication()
            sequence.inputClosed()
            run(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { run(context) }
        context.fireChannelWritabilityChanged()
    }

    func read(context: ChannelHandlerContext) {
        if sequence.mayRead {
            context.read()
        } else {
            withheldRead = true
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            let verdict = RequestHeadRules.verdict(on: head)
            stopsDecoder = verdict.stopsParser
            if let refusal = verdict.refusal {
                sequence.receive(.refused(refusal))
            } else {
                reports.requestBegan()
                sequence.receive(.head(head))
            }
        case .body(let bytes): sequence.receive(.body(bytes))
        case .end:
            if stopsDecoder { decoder?.stops() }
            reports.requestReceived()
            sequence.receive(.end)
        }
        run(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is HTTPParserError {
            sequence.receive(.malformed)
            run(context)
        } else {
            context.close(promise: nil)
        }
    }

    // MARK: - Steps

    /// Takes all steps that are possible now.
    func run(_ context: ChannelHandlerContext) {
        guard !isRunning else { return }
        isRunning = true
        steps: while true {
            switch sequence.next(isWritable: context.channel.isWritable) {
            case .wait: break steps
            case .begin(let head): begin(head)
            case .body(let bytes): take(bytes)
            case .end: bodyIsComplete()
            case .interrupted: bodyIsInterrupted()
            case .refuse(let refusal): refuse(refusal)
            case .refuseMalformed: refuseMalformed()
            case .close: close(context)
            }
        }
        isRunning = false
        if withheldRead, sequence.mayRead {
            withheldRead = false
            context.read()
        }
    }

    private func begin(_ head: HTTPRequestHead) {
        lastNumber += 1
        guard let exchange = HTTPExchange(head, number: lastNumber) else {
            return refuse(RequestHeadRules.Refusal(status: .badRequest, detail: "The request's method is malformed."))
        }
        self.exchange = exchange
        serve(exchange)
    }

    /// Closes the connection after the response that has been written. A stream is closed with the end of its response.
    private func close(_ context: ChannelHandlerContext) {
        if !reports.isStream { context.close(mode: .output, promise: nil) }
    }

    // MARK: - Writing

    /// Writes the response to the current request.
    ///
    /// - Parameters:
    ///   - response: the response.
    ///   - number: the number of the request. If it has been answered meanwhile, nothing is written.
    ///   - preflight: the methods of the path, for the response to a preflight request.
    ///   - endsConnection: true if no further request is read.
    func respond(
        _ response: RouteResponse,
        to number: UInt64,
        preflight: String? = nil,
        endsConnection: Bool = false
    ) {
        guard let context, let exchange = self.exchange, exchange.number == number else { return }
        if case .collecting(_, _, let timer) = exchange.body { timer.cancel() }
        self.exchange = nil
        var fields = response.headerFields
        if !fields.contains(.date) { fields.append(HTTPField(name: .date, value: date)) }
        for field in core.fields.all { fields.append(field) }
        let origins = exchange.fields[values: .origin]
        if !origins.isEmpty {
            for field in core.fields.fields(for: origins, preflight: preflight) { fields.append(field) }
        }
        // A client that waits for `100 Continue` may send the body, or the next request.
        let announcesEnd = endsConnection || reports.isQuiescing || exchange.waitsForContinue && !reports.isStream
        if announcesEnd && !reports.isStream { fields[.connection] = "close" }
        let isLast = announcesEnd || exchange.isLast
        if isLast { early?.forwardedEndsConnection() }
        write(response.status, fields, response.body, context)
        log(exchange, response)
        reports.responseWritten()
        early?.forwardedIsAnswered()
        sequence.answered(isLast: isLast)
        if isLast { close(context) }
        run(context)
    }

    private func write(
        _ status: HTTPResponse.Status,
        _ fields: HTTPFields,
        _ body: ByteBuffer,
        _ context: ChannelHandlerContext
    ) {
        var headers = HTTPHeaders()
        headers.reserveCapacity(fields.count)
        for field in fields { headers.add(name: field.name.rawName, value: field.value) }
        let head = HTTPResponseHead(
            version: .http1_1,
            status: HTTPResponseStatus(statusCode: status.code, reasonPhrase: status.reasonPhrase),
            headers: headers
        )
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if body.readableBytes > 0 { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        guard reports.isStream else { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
        let written = context.eventLoop.makePromise(of: Void.self)
        // A client that is still sending its request is told that it is not read (RFC 9113, 8.1).
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    /// Writes `100 Continue`, if the client waits for it.
    func writeContinue() {
        guard let context, exchange?.waitsForContinue == true else { return }
        exchange?.waitsForContinue = false
        let head = HTTPResponseHead(version: .http1_1, status: .continue)
        context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
    }

    /// Refuses a request that breaks the rules, and closes the connection.
    private func refuse(_ refusal: RequestHeadRules.Refusal) {
        let response = Problem(HTTPResponse.Status(code: Int(refusal.status.code)), refusal.detail).response()
        refuse(response.status, response.headerFields, response.body)
    }

    /// Refuses bytes that are no request, and closes the connection.
    private func refuseMalformed() { refuse(.badRequest, [.contentLength: "0"], ByteBuffer()) }

    private func refuse(_ status: HTTPResponse.Status, _ fields: HTTPFields, _ body: ByteBuffer) {
        guard let context else { return }
        var fields = fields
        if !reports.isStream { fields[.connection] = "close" }
        fields.append(HTTPField(name: .date, value: date))
        for field in core.fields.all { fields.append(field) }
        early?.forwardedEndsConnection()
        write(status, fields, body, context)
        sequence.answered(isLast: true)
        close(context)
    }

    /// The time of day.
    private var date: String { HTTPDate.string(milliseconds: core.service.engine.clock.now) }

    private func log(_ exchange: HTTPExchange, _ response: RouteResponse) {
        guard let log = core.accessLog else { return }
        log(
            AccessLogEntry(
                method: exchange.method,
                target: exchange.receivedTarget,
                route: exchange.endpoint?.route.route.name,
                status: response.status.code,
                bodyLength: response.body.readableBytes,
                remoteAddress: remoteAddress(of: exchange)
            )
        )
    }

    /// The other end of the connection. A stream has no addresses of its own.
    private var peer: SocketAddress? {
        reports.isStream ? context?.channel.parent?.remoteAddress : context?.remoteAddress
    }

    /// Returns the address of the client that has sent a request.
    func remoteAddress(of exchange: HTTPExchange) -> String? {
        core.addresses.address(peer: peer) { name in
            HTTPField.Name(name).map { exchange.fields[values: $0] } ?? []
        }
    }
}

@available(*, unavailable)
extension MessageHandler: Sendable {}
