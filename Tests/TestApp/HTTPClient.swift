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
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.any().makePromise(of: Response.self)
        let channel = try await ClientBootstrap(group: group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(Collector(promise))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .flatMapErrorThrowing { error in
                promise.fail(error)
                throw error
            }.get()
        var head = HTTPRequestHead(version: .http1_1, method: method, uri: target)
        head.headers.add(contentsOf: [("Host", "127.0.0.1")] + fields)
        if let body { head.headers.add(name: "Content-Length", value: String(body.utf8.count)) }
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if let body { channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: body))), promise: nil) }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
        let response = try await promise.futureResult.get()
        try? await channel.close()
        return response
    }

    /// Sends JSON.
    public static func send(_ method: HTTPMethod, _ target: String, _ json: String, port: Int) async throws -> Response
    {
        try await request(method, target, port: port, fields: [("Content-Type", "application/json")], body: json)
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart
        private var response = Response()
        private let promise: EventLoopPromise<Response>

        init(_ promise: EventLoopPromise<Response>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                response.status = Int(head.status.code)
                response.fields = head.headers.map { ($0.name, $0.value) }
            case .body(var part): response.body.writeBuffer(&part)
            case .end: promise.succeed(response)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }
        func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
    }
}
