package import CachedRoutes
package import HTTPConnections
import HTTPTypes
package import NIOCore
package import NIOHTTP1

/// Answers requests on a connection's bytes, in front of the handlers that parse HTTP for the server behind.
///
/// All other requests are passed on byte for byte. The server behind does not see the requests that were answered here.
package final class EarlyResponseHandler: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = IOData
    package typealias OutboundOut = ByteBuffer

    /// The part that the handlers of a server share.
    package struct Shared: Sendable {
        let service: CachedRoutesService
        let routes: any EarlyRouteLookup
        let remembersRoutes: Bool
        let answersAllMisses: Bool
        let fields: EarlyResponseFields
        let accessLog: AccessLog?
        let longestHead: Int
        let mostFields: Int

        /// Creates the shared part.
        ///
        /// - Parameters:
        ///   - service: the service that serves the routes.
        ///   - routes: finds the routes of requests.
        ///   - answersAllMisses: true if misses of all routes are answered, false for those with `before-router: all`.
        ///   - fields: the fields that responses have beside those of their routes.
        ///   - accessLog: takes the answered requests.
        ///   - limits: the limits of the decoder behind, which refuses heads beyond them.
        package init(
            service: CachedRoutesService,
            routes: any EarlyRouteLookup,
            answersAllMisses: Bool,
            fields: EarlyResponseFields,
            accessLog: AccessLog?,
            limits: NIOHTTPDecoderLimitConfiguration
        ) {
            self.service = service
            self.routes = routes
            remembersRoutes = routes.isStable
            self.answersAllMisses = answersAllMisses
            self.fields = fields
            self.accessLog = accessLog
            longestHead = min(16 * 1024, limits.maxHeaderListSize, limits.maxHeaderFieldSize)
            mostFields = min(100, limits.maxHeaderFieldCount)
        }

        func answersMisses(of route: CompiledRoute) -> Bool { answersAllMisses || route.answersMissesBeforeRouter }
    }

    private let shared: Shared
    private let connection: ConnectionHandler
    private var server: (any DownstreamRequestHandler)?
    private var machine = EarlyResponseStateMachine()
    private var reader: RequestHeadReader
    /// The last path whose route was found, because most clients request a path more than once. It is not kept where the
    /// path may have another route next time.
    private var lastPath: (bytes: [UInt8], isHead: Bool, route: CompiledRoute)?
    private var input = ByteBuffer()
    private var output = ByteBuffer()
    private var context: ChannelHandlerContext?
    private var isRunning = false
    private var hasForwarded = false
    private var hasUnflushed = false
    private var withheldRead = false
    /// The end of the timeout of the examined request, if its miss would be answered here.
    private var deadline = NIODeadline.distantPast
    /// Indicates that a response is being made after a miss.
    package private(set) var isMaking = false

    /// The usual size of a response's head, with room to spare.
    private static let usualHead = 512

    /// The largest number of bytes of answered requests that are kept in the input before others.
    private static let mostDone = 4 * 1024
    /// The length of the longest body that is copied behind its head. A longer one is written by itself.
    private static let longestCopy = 16 * 1024

    /// Creates the handler of a connection.
    ///
    /// - Parameters:
    ///   - shared: the part that the handlers of a server share.
    ///   - connection: the handler of the connection's limits.
    package init(_ shared: Shared, on connection: ConnectionHandler) {
        self.shared = shared
        self.connection = connection
        reader = RequestHeadReader(longestHead: shared.longestHead, mostFields: shared.mostFields)
    }

    // MARK: - The channel

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    package func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        context.fireChannelInactive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if input.readableBytes == 0 {
            input = unwrapInboundIn(data)
        } else {
            var more = unwrapInboundIn(data)
            input.writeBuffer(&more)
        }
        run(context)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        flush(context)
        // The handlers behind have received nothing if everything was answered here.
        if hasForwarded {
            hasForwarded = false
            context.fireChannelReadComplete()
        }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            machine.drained()
            resume(context)
        }
        context.fireChannelWritabilityChanged()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        machine.inputClosed()
        leaveIfLast()
        resume(context)
    }

    package func read(context: ChannelHandlerContext) {
        if machine.mayRead(buffered: input.readableBytes) {
            context.read()
        } else {
            withheldRead = true
        }
    }

    // MARK: - The server behind

    /// Sets the server that gets all requests that are not answered here.
    package func isInFront(of server: (any DownstreamRequestHandler)?) {
        self.server = server
    }

    /// Notes that the response to a request that was passed on has been written.
    package func forwardedIsAnswered() {
        // A lookup that its request did not take is of no use to the next one.
        server?.arrives(nil)
        machine.forwardedIsAnswered()
        guard let context, !isRunning else { return }
        // The server is in the middle of writing.
        context.eventLoop.assumeIsolated().execute {
            if let context = self.context { self.resume(context) }
        }
    }

    /// Notes that a response of the server behind announces the end of the connection.
    package func forwardedEndsConnection() {
        server?.arrives(nil)
        machine.handOver()
    }

    /// The memory that the unanswered input holds, in bytes.
    package var inputCapacity: Int { input.capacity }

    // MARK: - Turns

    /// Continues outside of a read, for example when a response is ready.
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
                // The channel reuses the memory of its reads if nothing else holds it.
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
        // It follows everything that is pending.
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }

    // MARK: - Requests

    private func examine(_ context: ChannelHandlerContext) {
        switch reader.read(input) {
        case .incomplete:
            connection.headBegan()
            machine.isIncomplete(input.readableBytes)
        case .foreign:
            server?.arrives(nil)
            machine.handOver()
        case .head:
            guard let route = route() else { return pass(nil, context) }
            // Only a response that is made needs a deadline; a hit does not.
            if shared.answersMisses(of: route) { deadline = context.eventLoop.now + route.timeout }
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

    /// Returns the route of the examined request; `nil` if it is not answered here.
    private func route() -> CompiledRoute? {
        let head = reader.head
        guard head.mayBeAnswered, !head.hasOrigin || !shared.fields.passesOnOrigins else { return nil }
        let isHead = head.method == .head
        return input.withUnsafeReadableBytes { bytes in
            let path = UnsafeRawBufferPointer(rebasing: bytes[head.path])
            if let lastPath, lastPath.isHead == isHead, lastPath.bytes.elementsEqual(path) { return lastPath.route }
            guard let route = shared.routes.route(of: path, isHead: isHead) else { return nil }
            if shared.remembersRoutes { lastPath = (Array(path), isHead, route) }
            return route
        }
    }

    private func request(of route: CompiledRoute) -> RouteRequest {
        let head = reader.head
        let selection = route.requestFields
        return input.withUnsafeReadableBytes { bytes in
            var fields = HTTPFields()
            for field in head.fields {
                let name = UnsafeRawBufferPointer(rebasing: bytes[field.name])
                guard let known = selection.known(name) else { continue }
                fields.append(HTTPField(name: known, value: String(decoding: bytes[field.value], as: UTF8.self)))
            }
            return RouteRequest(
                method: head.method == .head ? .head : .get,
                target: Array(bytes[head.target]),
                headerFields: fields,
                client: shared.answersMisses(of: route) ? server?.presence : nil
            )
        }
    }

    /// Passes the examined request on.
    private func pass(_ lookup: EarlyLookupResult?, _ context: ChannelHandlerContext) {
        let head = reader.head
        server?.arrives(head.mayBeAnswered ? unroutedRequest(head, lookup) : nil)
        machine.forwarded(bodyLength: head.bodyLength, endsConnection: head.endsConnection)
        forward(head.length, context)
    }

    private func unroutedRequest(_ head: RequestHead, _ lookup: EarlyLookupResult?) -> PreRoutingRequest {
        let path = input.withUnsafeReadableBytes { Array($0[head.path]) }
        return PreRoutingRequest(path: path, isHead: head.method == .head, lookup: lookup)
    }

    private func finish(_ lookup: EarlyLookupResult, of route: CompiledRoute, _ context: ChannelHandlerContext) {
        // The server behind reports its own requests.
        connection.responseWritten()
        if output.capacity == 0 {
            let room = Self.usualHead + min(lookup.bodyLength, Self.longestCopy)
            output = context.channel.allocator.buffer(capacity: room)
        }
        if let answer = lookup.writeHead(to: &output) {
            send(answer.hasBody ? answer.body : ByteBuffer(), answer.status, lookup.request, of: route, context)
        } else if lookup.isMiss, shared.answersMisses(of: route), server != nil {
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

    /// Cancels the response that is being made if the client has closed its side after that request, as the server
    /// behind does.
    private func leaveIfLast() {
        guard isMaking, machine.hasInputClosed, input.readableBytes <= reader.head.length else { return }
        server?.presence.leave()
    }

    private func made(_ response: RouteResponse, after miss: EarlyLookupResult, of route: CompiledRoute) {
        isMaking = false
        guard let context else { return }
        connection.responseWritten()
        response.writeHead(to: &output, now: shared.service.engine.clock.now)
        send(response.body, response.status.code, miss.request, of: route, context)
        if !isRunning { resume(context) }
    }

    /// Sends a response whose head is in the output, without the fields that all responses have.
    private func send(
        _ body: ByteBuffer,
        _ status: Int,
        _ request: RouteRequest,
        of route: CompiledRoute,
        _ context: ChannelHandlerContext
    ) {
        let head = reader.head
        output.writeImmutableBuffer(shared.fields.all)
        if head.hasOrigin { writeOriginFields(head) }
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
        // Many small responses may wait for one flush, but no large one.
        if output.readableBytes > Self.longestCopy { flush(context) }
        machine.answered(isDrained: context.channel.isWritable, isLast: isLast)
        guard isLast else { return }
        flush(context)
        context.close(mode: .output, promise: nil)
    }

    /// Writes the fields that responses to requests of an origin have.
    private func writeOriginFields(_ head: RequestHead) {
        let fields = input.withUnsafeReadableBytes { bytes in
            shared.fields.fields(forOrigins: { head.values(of: "origin", in: bytes) })
        }
        if let fields { output.writeImmutableBuffer(fields) }
    }

    private func log(
        _ request: RouteRequest,
        _ route: CompiledRoute,
        _ status: Int,
        _ bodyLength: Int,
        _ context: ChannelHandlerContext
    ) {
        guard let log = shared.accessLog else { return }
        let head = reader.head
        let address = log.addresses.address(peer: context.remoteAddress) { name in
            input.withUnsafeReadableBytes { head.values(of: name, in: $0) }
        }
        log.log(
            AccessLogEntry(
                method: request.method,
                target: request.target,
                route: route.route.name,
                status: status,
                bodyLength: bodyLength,
                remoteAddress: address
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
