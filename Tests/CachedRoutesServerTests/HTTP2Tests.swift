#if HTTP2
    import CachedRoutes
    import CachedRoutesServer
    import CachedRoutesTesting
    import HTTPConnections
    import NIOCore
    import NIOHTTP1
    import NIOHTTP2
    import NIOPosix
    import NIOSSL
    import TestApp
    import Testing

    /// A connection of HTTP/2 whose requests are streams.
    private struct HTTP2Client {
        let channel: any Channel
        private let multiplexer: NIOHTTP2Handler.StreamMultiplexer

        static func open(_ fixture: TLSFixture, port: Int) async throws -> HTTP2Client {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(fixture.client(offering: ["h2"]))
                        _ = try pipeline.configureHTTP2Pipeline(
                            mode: .client,
                            connectionConfiguration: .init(),
                            streamConfiguration: .init()
                        ) { $0.eventLoop.makeSucceededVoidFuture() }
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
            let multiplexer = try await channel.eventLoop.flatSubmit {
                do {
                    return try channel.pipeline.syncOperations.handler(type: NIOHTTP2Handler.self).multiplexer
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
            }.get()
            return HTTP2Client(channel: channel, multiplexer: multiplexer)
        }

        func send(
            _ method: HTTPMethod,
            _ target: String,
            _ fields: [(String, String)] = [],
            body: String? = nil
        ) async throws -> HTTPClient.Response {
            let response = channel.eventLoop.makePromise(of: HTTPClient.Response.self)
            let opened = channel.eventLoop.makePromise(of: (any Channel).self)
            multiplexer.createStreamChannel(promise: opened) { stream in
                stream.eventLoop.makeCompletedFuture {
                    try stream.pipeline.syncOperations.addHandlers(
                        HTTP2FramePayloadToHTTP1ClientCodec(httpProtocol: .https),
                        Collector(response)
                    )
                }
            }
            opened.futureResult.whenFailure { response.fail($0) }
            opened.futureResult.whenSuccess { stream in
                var head = HTTPRequestHead(version: .http2, method: method, uri: target)
                head.headers.add(contentsOf: [("Host", "localhost")] + fields)
                stream.write(HTTPClientRequestPart.head(head), promise: nil)
                if let body {
                    stream.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: body))), promise: nil)
                }
                stream.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
            }
            return try await response.futureResult.get()
        }

        private final class Collector: ChannelInboundHandler {
            typealias InboundIn = HTTPClientResponsePart
            private var response = HTTPClient.Response()
            private let promise: EventLoopPromise<HTTPClient.Response>

            init(_ promise: EventLoopPromise<HTTPClient.Response>) {
                self.promise = promise
            }

            func channelRead(context: ChannelHandlerContext, data: NIOAny) {
                switch unwrapInboundIn(data) {
                case .head(let head):
                    response.status = Int(head.status.code)
                    response.fields = head.headers.map { ($0.name, $0.value) }
                case .body(var bytes): response.body.writeBuffer(&bytes)
                case .end: promise.succeed(response)
                }
            }

            func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }
            func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
        }
    }

    @Suite("HTTP/2")
    struct HTTP2Tests {
        private static let large = "\"" + String(repeating: "x", count: 1 << 20) + "\""

        @Test("Streams are served as requests of HTTP/1.1 are, at the same time")
        func streams() async throws {
            try await TLSFixture.with { fixture in
                let logged = Logged()
                try await RunningServer.run(database: CannedDatabase(json: Self.large)) {
                    $0.tls = fixture.server
                    $0.accessLog = logged.add
                    $0.crossOrigin = .anyOrigin()
                } context: { _ in
                    User(id: "a")
                } _: { server async throws in
                    let client = try await HTTP2Client.open(fixture, port: server.port)
                    let json = ("Content-Type", "application/json")
                    async let first = client.send(.GET, "/r")
                    async let second = client.send(.GET, "/mine", [("Origin", "https://a")])
                    async let third = client.send(.POST, "/r", [json], body: #"{"name":"x"}"#)
                    #expect(try await [first.text, second.text, third.text].allSatisfy { $0 == Self.large })
                    #expect(try await second["access-control-allow-origin"] == "*")
                    let hit = try await client.send(.GET, "/r")
                    #expect(hit.text == Self.large && hit.cacheStatus?.hasPrefix("CachedRoutes; hit") == true)
                    let tag = try #require(hit["etag"])
                    let validated = try await client.send(.GET, "/r", [("If-None-Match", tag)])
                    #expect(validated.status == 304 && validated.text.isEmpty)
                    let head = try await client.send(.HEAD, "/r")
                    #expect(head.status == 200 && head.text.isEmpty)
                    #expect(try await client.send(.GET, "/x").status == 404)
                    #expect(try await client.send(.OPTIONS, "/r")["allow"] == "GET, HEAD, OPTIONS, POST")
                    let big = String(repeating: " ", count: 65)
                    #expect(try await client.send(.POST, "/r", [json], body: big).status == 413)
                    #expect(try await client.send(.POST, "/x", body: big).status == 404)
                    #expect(try await client.send(.GET, "/health").status == 200)
                    try await poll("all are logged") { logged.all.count == 11 }
                    #expect(logged.all.allSatisfy { $0.remoteAddress == "127.0.0.1" })
                    try await client.channel.close()
                }
            }
        }

        @Test("A shutdown answers the streams that are open, and closes the connection")
        func shutdown() async throws {
            try await TLSFixture.with { fixture in
                let gate = Gate()
                let database = CannedDatabase { _, _ in
                    await gate.pass()
                    return "[1]"
                }
                var open: HTTP2Client?
                var answers: [Task<HTTPClient.Response, any Error>] = []
                try await RunningServer.run(database: database) {
                    $0.tls = fixture.server
                } _: { server async throws in
                    let client = try await HTTP2Client.open(fixture, port: server.port)
                    answers = (0..<3).map { page in Task { try await client.send(.GET, "/r?page=\(page)") } }
                    await gate.arrivals(3)
                    open = client
                    Task { [service = server.service] in
                        try await poll("the shutdown begins") { service.connections.isShuttingDown }
                        gate.open()
                    }
                }
                for answer in answers { #expect(try await answer.value.text == "[1]") }
                try await open?.channel.closeFuture.get()
            }
        }
    }
#endif
