import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP connection to a process for one request after the other, opened anew when it is lost.
final class PersistentConnection {
    /// The parts of an answer that are needed.
    struct Answer {
        var status = 0
        var version: Int?
        var cacheStatus = ""
        var isPurgeQueued = false

        /// Indicates that it came from the store.
        var isHit: Bool { cacheStatus.contains("; hit;") }
    }

    private let port: Int
    private var channel: (any NIOCore.Channel)?

    /// The timeout of a request, longer than that of any route.
    private static let timeout = TimeAmount.seconds(10)

    init(port: Int) {
        self.port = port
    }

    deinit {
        channel?.close(promise: nil)
    }

    /// Sends a request and waits for its answer.
    func send(_ method: HTTPMethod, _ target: String, json: String? = nil) async throws -> Answer {
        do {
            let (channel, collector) = try await connected()
            let eventLoop = channel.eventLoop
            let promise = eventLoop.makePromise(of: Answer.self)
            let timer = eventLoop.scheduleTask(in: Self.timeout) { promise.fail(ChannelError.ioOnClosedChannel) }
            defer { timer.cancel() }
            eventLoop.execute { collector.value.begin(promise) }
            var head = HTTPRequestHead(version: .http1_1, method: method, uri: target)
            head.headers.add(name: "Host", value: "127.0.0.1")
            if let json {
                head.headers.add(contentsOf: [
                    ("Content-Type", "application/json"), ("Content-Length", "\(json.utf8.count)"),
                ])
            }
            channel.write(HTTPClientRequestPart.head(head), promise: nil)
            if let json {
                channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(string: json))), promise: nil)
            }
            channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
            return try await promise.futureResult.get()
        } catch {
            channel?.close(promise: nil)
            channel = nil
            throw error
        }
    }

    private var box: NIOLoopBoundBox<Collector>?

    private func connected() async throws -> (any NIOCore.Channel, NIOLoopBoundBox<Collector>) {
        if let channel, let box, channel.isActive { return (channel, box) }
        let group = MultiThreadedEventLoopGroup.singleton
        let (channel, box) = try await ClientBootstrap(group: group)
            .connectTimeout(.seconds(2))
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let collector = Collector()
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(collector)
                    return (channel, NIOLoopBoundBox(collector, eventLoop: channel.eventLoop))
                }
            }
        self.channel = channel
        self.box = box
        return (channel, box)
    }

    /// Puts an answer together, on the event loop of its connection.
    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = HTTPClientResponsePart
        private var answer = Answer()
        private var body = ByteBuffer()
        private var promise: EventLoopPromise<Answer>?

        func begin(_ promise: EventLoopPromise<Answer>) {
            answer = Answer()
            body.clear()
            self.promise = promise
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                answer.status = Int(head.status.code)
                answer.cacheStatus = head.headers.first(name: "Cache-Status") ?? ""
                answer.isPurgeQueued = head.headers.first(name: "Cached-Routes-Purge") == "queued"
            case .body(var part): body.writeBuffer(&part)
            case .end:
                answer.version = Self.version(in: String(buffer: body))
                promise?.succeed(answer)
                promise = nil
            }
        }

        private static func version(in json: String) -> Int? {
            guard let start = json.range(of: "\"version\":")?.upperBound else { return nil }
            return Int(json[start...].prefix { $0.isNumber })
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            promise?.fail(error)
            promise = nil
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            promise?.fail(ChannelError.eof)
            promise = nil
        }
    }
}
