import CachedRoutes
import HTTPConnections
import HTTPTypes
import NIOCore

/// Answers hits on a connection's bytes, in front of everything that makes HTTP of them for the router.
///
/// What is no hit passes on byte for byte: the router sees a connection on which requests that were answered here never came.
final class BeforeRouterHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = ByteBuffer

    /// What the handlers of a server share.
    struct Shared: Sendable {
        let service: CachedRoutesService
        let paths: RoutedPaths
        let fields: ConstantFields
        let accessLog: (@Sendable (AnsweredRequest) -> Void)?
        let longestHead: Int
        let mostFields: Int
    }

    private let shared: Shared
    private let connection: ConnectionHandler
    private var client: ConnectedClient?
    private var machine = BeforeRouterStateMachine()
    private var reader: RequestHeadReader
    /// The last path whose route was known: most clients ask for one more than once.
    private var lastPath: (bytes: [UInt8], isHead: Bool, route: CompiledRoute)?
    private var input = ByteBuffer()
    private var output = ByteBuffer()
    private var context: ChannelHandlerContext?
    private var isRunning = false
    private var hasForwarded = false
    private var hasUnflushed = false
    private var withheldRead = false
    /// The end of the timeout of the request that is being examined, if a miss of it would be answered here.
    private var deadline = NIODeadline.distantPast
    /// True while a response is made after a miss.
    private(set) var isMaking = false

    /// More than the head of an ordinary answer has.
    private static let usualHead = 512

    /// So much that has been answered may stand in front of what has not.
    private static let mostDone = 4 * 1024
    /// A longer body is sent from where it is.
    private static let longestCopy = 16 * 1024

    init(_ shared: Shared, on connection: ConnectionHandler) {
        self.shared = shared
        self.connection = connection
        reader = RequestHeadReader(longestHead: shared.longestHead, mostFields: shared.mostFields)
    }

    // MARK: - The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if input.readableBytes == 0 {
            input = unwrapInboundIn(data)
        } else {
            var more = unwrapInboundIn(data)
            input.writeBuffer(&more)
        }
        run(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flush(context)
        // Behind this handler nothing has come where everything was answered here.
        if hasForwarded {
            hasForwarded = false
            context.fireChannelReadComplete()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            machine.drained()
            resume(context)
        }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        machine.inputClosed()
        leaveIfLast()
        resume(context)
    }

    func read(context: ChannelHandlerContext) {
        if machine.mayRead(buffered: input.readableBytes) {
            context.read()
        } else {
            withheldRead = true
        }
    }

    // MARK: - The router's side

    /// What is not answered here comes to a router that answers this client.
    func isInFront(of client: ConnectedClient) {
        self.client = client
    }

    /// The router's answer to the request it was given has been written.
    func routerHasAnswered() {
        // What nobody took was of no use to the request, and is none to the next.
        client?.arrives(nil)
        machine.routerHasAnswered()
        guard let context, !isRunning else { return }
        // The router is in the middle of writing.
        context.eventLoop.assumeIsolated().execute {
            if let context = self.context { self.resume(context) }
        }
    }

    /// The router's answer says that the connection ends with it.
    func routerEndsConnection() {
        client?.arrives(nil)
        machine.handOver()
    }

    /// The memory held for what has come and not been answered.
    var inputCapacity: Int { input.capacity }

    // MARK: - Turns

    /// Goes on outside of a read.
    private func resume(_ context: ChannelHandlerContext) {
        run(context)
        channelReadComplete(context: context)
    }

    private func run(_ context: ChannelHandlerContext) {
        guard !isRunning else { return }
        isRunning = true
        defer { isRunning = false }
        while true {
            switch machine.next(buffered: input.readableBytes) {
            case .wait:
                // The channel uses the memory of what it has read again where nobody holds it.
                if input.readableBytes == 0 {
                    input = ByteBuffer()
                } else if input.readerIndex > Self.mostDone {
                    input.discardReadBytes()
                }
                if withheldRead, machine.mayRead(buffered: input.readableBytes) {
                    withheldRead = false
                    context.read()
                }
                return
            case .examine: examine(context)
            case .forward(let count): forward(count, context)
            case .tellInputClosed: context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            case .finishWriting: finishWriting(context)
            case .drop: input = ByteBuffer()
            }
        }
    }

    private func forward(_ count: Int, _ context: ChannelHandlerContext) {
        guard let bytes = input.readSlice(length: count) else { return }
        flush(context)
        hasForwarded = true
        context.fireChannelRead(wrapInboundOut(bytes))
    }

    private func finishWriting(_ context: ChannelHandlerContext) {
        flush(context)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in
            self.machine.written()
            if let context = self.context { self.resume(context) }
        }
        // It follows what waits already.
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }

    // MARK: - Requests

    private func examine(_ context: ChannelHandlerContext) {
        switch reader.read(input) {
        case .incomplete:
            connection.headBegan()
            machine.isIncomplete(input.readableBytes)
        case .foreign:
            client?.arrives(nil)
            machine.handOver()
        case .head:
            guard let route = route() else { return pass(nil, context) }
            // A hit has no use for it.
            if route.answersMissesBeforeRouter { deadline = context.eventLoop.now + route.timeout }
            switch shared.service.engine.readyLookup(request(of: route), of: route, on: context.eventLoop) {
            case .ready(let lookup): finish(lookup, of: route, context)
            case .pending(let reading, let request):
                machine.looks()
                connection.requestBegan(hasBody: false)
                let eventLoop = context.eventLoop
                reading.assumeIsolated().whenComplete { result in
                    let lookup = request.lookup((try? result.get()) ?? .unavailable, on: eventLoop)
                    guard let context = self.context else { return }
                    self.finish(lookup, of: route, context)
                    self.resume(context)
                }
            }
        }
    }

    /// The route whose stored answers may be given to the request.
    private func route() -> CompiledRoute? {
        let head = reader.head
        guard head.mayBeAnswered, !head.hasOrigin || shared.fields.forOrigins != nil else { return nil }
        let isHead = head.method == .head
        return input.withUnsafeReadableBytes { bytes in
            let path = UnsafeRawBufferPointer(rebasing: bytes[head.path])
            if let lastPath, lastPath.isHead == isHead, lastPath.bytes.elementsEqual(path) { return lastPath.route }
            guard let route = shared.paths.route(of: path, isHead: isHead) else { return nil }
            lastPath = (Array(path), isHead, route)
            return route
        }
    }

    private func request(of route: CompiledRoute) -> RouteRequest {
        let head = reader.head
        return input.withUnsafeReadableBytes { bytes in
            var fields = HTTPFields()
            for field in head.fields {
                let name = UnsafeRawBufferPointer(rebasing: bytes[field.name])
                guard let known = route.requestFields.first(where: { $0.matches(name) }) else { continue }
                fields.append(HTTPField(name: known.name, value: String(decoding: bytes[field.value], as: UTF8.self)))
            }
            return RouteRequest(
                method: head.method == .head ? .head : .get,
                target: Array(bytes[head.target]),
                headerFields: fields,
                client: route.answersMissesBeforeRouter ? client?.presence : nil
            )
        }
    }

    /// Gives the request that was looked at to the router.
    private func pass(_ lookup: EarlyLookupResult?, _ context: ChannelHandlerContext) {
        let head = reader.head
        client?.arrives(head.mayBeAnswered ? unroutedRequest(head, lookup) : nil)
        machine.routed(bodyLength: head.bodyLength, endsConnection: head.endsConnection)
        forward(head.length, context)
    }

    private func unroutedRequest(_ head: RequestHead, _ lookup: EarlyLookupResult?) -> PreRoutingRequest {
        let path = input.withUnsafeReadableBytes { Array($0[head.path]) }
        return PreRoutingRequest(path: path, isHead: head.method == .head, lookup: lookup)
    }

    private func finish(_ lookup: EarlyLookupResult, of route: CompiledRoute, _ context: ChannelHandlerContext) {
        // The router says itself when it has one.
        connection.responseWritten()
        if output.capacity == 0 {
            let room = Self.usualHead + min(lookup.bodyLength, Self.longestCopy)
            output = context.channel.allocator.buffer(capacity: room)
        }
        if let answer = lookup.writeHead(to: &output) {
            send(answer.hasBody ? answer.body : ByteBuffer(), answer.status, lookup.request, of: route, context)
        } else if lookup.isMiss, route.answersMissesBeforeRouter, client != nil {
            make(lookup, of: route, context)
        } else {
            pass(lookup.prior, context)
        }
    }

    /// Makes the response to a request after a miss, and sends it.
    private func make(_ miss: EarlyLookupResult, of route: CompiledRoute, _ context: ChannelHandlerContext) {
        machine.looks()
        connection.requestBegan(hasBody: false)
        isMaking = true
        leaveIfLast()
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        shared.service.engine.respond(after: miss, deadline: deadline, on: context.eventLoop) { response in
            handler.value.made(response, after: miss, of: route)
        }
    }

    /// Gives up the response that is being made if the client has closed its side after that request, as the router does.
    private func leaveIfLast() {
        guard isMaking, machine.hasInputClosed, input.readableBytes <= reader.head.length else { return }
        client?.presence.leave()
    }

    private func made(_ response: RouteResponse, after miss: EarlyLookupResult, of route: CompiledRoute) {
        isMaking = false
        guard let context else { return }
        connection.responseWritten()
        response.writeHead(to: &output, now: shared.service.engine.clock.now)
        send(response.body, response.status.code, miss.request, of: route, context)
        if !isRunning { resume(context) }
    }

    /// Sends a response whose head is in the output, but for the fields that all responses have.
    private func send(
        _ body: ByteBuffer,
        _ status: Int,
        _ request: RouteRequest,
        of route: CompiledRoute,
        _ context: ChannelHandlerContext
    ) {
        let head = reader.head
        output.writeImmutableBuffer(shared.fields.all)
        if head.hasOrigin, let fields = shared.fields.forOrigins { output.writeImmutableBuffer(fields) }
        let isLast = connection.isQuiescing
        if isLast { output.writeStaticString("Connection: close\r\n") }
        output.writeStaticString("\r\n")
        if body.readableBytes <= Self.longestCopy {
            output.writeImmutableBuffer(body)
        } else {
            writeOutput(context)
            write(body, context)
            flush(context)
        }
        log(request, route, status, body.readableBytes, context)
        input.moveReaderIndex(forwardBy: head.length)
        // Many small answers may wait for one flush, but no large one.
        if output.readableBytes > Self.longestCopy { flush(context) }
        machine.answered(isDrained: context.channel.isWritable, isLast: isLast)
        guard isLast else { return }
        flush(context)
        context.close(mode: .output, promise: nil)
    }

    private func log(
        _ request: RouteRequest,
        _ route: CompiledRoute,
        _ status: Int,
        _ bodyLength: Int,
        _ context: ChannelHandlerContext
    ) {
        guard let log = shared.accessLog else { return }
        log(
            AnsweredRequest(
                method: request.method,
                target: request.target,
                route: route.route.name,
                status: status,
                bodyLength: bodyLength,
                remoteAddress: context.remoteAddress?.ipAddress
            )
        )
    }

    // MARK: - Writing

    private func write(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        hasUnflushed = true
        context.write(wrapOutboundOut(bytes), promise: nil)
    }

    private func writeOutput(_ context: ChannelHandlerContext) {
        guard output.readableBytes > 0 else { return }
        write(output, context)
        output = ByteBuffer()
    }

    private func flush(_ context: ChannelHandlerContext) {
        writeOutput(context)
        guard hasUnflushed else { return }
        hasUnflushed = false
        context.flush()
    }
}
