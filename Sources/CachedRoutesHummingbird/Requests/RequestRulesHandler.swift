import CachedRoutes
import HTTPTypes
import NIOCore
import NIOHTTP1

/// Refuses requests that break ``RequestHeadRules``, after the responses to earlier ones, and closes their connection.
final class RequestRulesHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let decoder: UpgradeIgnoringRequestDecoder
    private var refusals = RefusalStateMachine<RequestHeadRules.Refusal>()
    private var stopsParser = false

    init(_ decoder: UpgradeIgnoringRequestDecoder) {
        self.decoder = decoder
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let step: RefusalStateMachine<RequestHeadRules.Refusal>.Step
        switch unwrapInboundIn(data) {
        case .head(let head):
            step = refusals.begins(RequestHeadRules.refusal(of: head))
            stopsParser = RequestHeadRules.stopsParser(head)
        case .body: step = refusals.goesOn()
        case .end:
            if stopsParser { decoder.stops() }
            step = refusals.goesOn()
        }
        switch step {
        case .pass: context.fireChannelRead(data)
        case .drop: break
        case .refuse(let refusal): send(refusal, context)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var refusal: RequestHeadRules.Refusal?
        if case .end = unwrapOutboundIn(data) { refusal = refusals.answered() }
        context.write(data, promise: promise)
        if let refusal { send(refusal, context) }
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
}
