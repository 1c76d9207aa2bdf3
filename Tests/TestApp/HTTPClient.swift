import Foundation
public import NIOCore
public import NIOHTTP1
import NIOPosix

/// An HTTP/1.1 client that sends what a test says and interprets nothing.
public enum HTTPClient {
    /// An answer as it came.
    public struct Response: Sendable {
        /// The status.
        public var status = 0
        /// The fields as they came.
        public var fields: [(name: String, value: String)] = []
        /// The body.
        public var body = ByteBuffer()

        /// A response of nothing yet.
        public init() {}

        /// The only value of a field; `nil` when it is absent or stands more than once.
        public subscript(name: String) -> String? {
            let values = fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
            return values.count == 1 ? values[0] : nil
        }

        /// The body as text.
        public var text: String { String(buffer: body) }
        /// `Cache-Status`.
        public var cacheStatus: String? { self["Cache-Status"] }
    }

    /// Sends one request on a connection of its own.
    public static func request(
        _ method: HTTPMethod = .GET,
        _ target: String,
        port: Int,
        fields: [(String, String)] = [],
        body: String? = nil
    ) async throws -> Response {
        let connection = try await Connection.open(port: port)
        let response = try await connection.send(method, target, fields, body: body)
        try? await connection.close()
        return response
    }

    /// A connection for requests one after another.
    public struct Connection: Sendable {
        private let channel: any Channel

        /// Connects to a server on loopback.
        public static func open(port: Int) async throws -> Connection {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHTTPClientHandlers()
                        try channel.pipeline.syncOperations.addHandler(Collector())
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
            return Connection(channel: channel)
        }

        /// Sends a request, and returns its answer.
        public func send(
            _ method: HTTPMethod,
            _ target: String,
            _ fields: [(String, String)] = [],
            body: String? = nil
        ) async throws -> Response {
            var head = HTTPRequestHead(version: .http1_1, method: method, uri: target)
            head.headers.add(contentsOf: [("Host", "127.0.0.1")] + fields)
            if let body { head.headers.add(name: "Content-Length", value: String(body.utf8.count)) }
            return try await channel.eventLoop.flatSubmit { [channel, head] in
                do {
                    let response = try channel.pipeline.syncOperations.handler(type: Collector.self).next()
                    channel.write(HTTPClientRequestPart.head(head), promise: nil)
                    if let body {
                        channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: body))), promise: nil)
                    }
                    channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
                    return response
                } catch {
                    return channel.eventLoop.makeFailedFuture(error)
                }
            }.get()
        }

        /// Closes the connection.
        public func close() async throws { try await channel.close() }
    }

    /// Sends JSON.
    public static func send(_ method: HTTPMethod, _ target: String, _ json: String, port: Int) async throws -> Response
    {
        try await request(method, target, port: port, fields: [("Content-Type", "application/json")], body: json)
    }

    /// Collects the response that is awaited.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart
        private var response = Response()
        private var awaited: EventLoopPromise<Response>?
        private var context: ChannelHandlerContext?

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }
        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

        /// The response that comes next.
        func next() throws -> EventLoopFuture<Response> {
            guard let context, context.channel.isActive else { throw ChannelError.eof }
            let promise = context.eventLoop.makePromise(of: Response.self)
            response = Response()
            awaited = promise
            return promise.futureResult
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                response.status = Int(head.status.code)
                response.fields = head.headers.map { ($0.name, $0.value) }
            case .body(var part): response.body.writeBuffer(&part)
            case .end: end(.success(response))
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { end(.failure(error)) }
        func channelInactive(context: ChannelHandlerContext) { end(.failure(ChannelError.eof)) }

        private func end(_ result: Result<Response, any Error>) {
            awaited?.completeWith(result)
            awaited = nil
        }
    }
}
