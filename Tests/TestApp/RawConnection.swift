import Foundation
public import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection whose bytes a test writes itself.
public struct RawConnection: Sendable {
    private let channel: any Channel
    private let collector: Collector
    private let answered: EventLoopFuture<String>
    private let closed: EventLoopFuture<Void>

    /// Opens a connection and sends this.
    ///
    /// - Parameters:
    ///   - reads: whether what comes is read; else it waits until ``startReading()``.
    ///   - prepare: adds what is between the socket and the text, such as TLS.
    public static func open(
        _ text: String,
        port: Int,
        reads: Bool = true,
        prepare: @escaping @Sendable (any Channel) throws -> Void = { _ in }
    ) async throws -> RawConnection {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.any().makePromise(of: String.self)
        let collector = Collector()
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel)
                    try channel.pipeline.syncOperations.addHandler(CollectingHandler(collector, promise))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .flatMapErrorThrowing { error in
                promise.fail(error)
                throw error
            }.get()
        try await channel.writeAndFlush(ByteBuffer(string: text))
        return RawConnection(
            channel: channel,
            collector: collector,
            answered: promise.futureResult,
            closed: channel.closeFuture
        )
    }

    /// Sends this on a connection of its own and returns the first answer's head, and what came with it.
    public static func exchange(_ text: String, port: Int) async throws -> String {
        let connection = try await open(text, port: port)
        let answer = try await connection.answer
        try? await connection.close()
        return answer
    }

    /// All that had come when the head of an answer that is not an interim one was complete, or the server closed.
    public var answer: String { get async throws { try await answered.get() } }

    /// All that has come.
    public var received: String { get async throws { collector.text } }

    /// Sends this, says that nothing more will come, and returns all that comes until the server closes.
    public static func transcript(_ text: String, port: Int) async throws -> String {
        let connection = try await open(text, port: port)
        try? await connection.finish()
        return try await connection.transcript
    }

    /// All that has come when the server has closed, each byte as one character.
    public var transcript: String {
        get async throws {
            try await closed.get()
            return collector.bytes.withLock { bytes in
                String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
            }
        }
    }

    /// All that has come, when the server has closed.
    public var receivedUntilClosed: String {
        get async throws {
            try await closed.get()
            return collector.text
        }
    }

    /// Reads what comes from now on.
    public func startReading() async throws {
        try await channel.setOption(.autoRead, value: true).get()
        channel.read()
    }

    /// Sends more.
    public func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    /// Says that nothing more will be sent.
    public func finish() async throws { try await channel.close(mode: .output) }

    /// Closes the connection.
    public func close() async throws { try await channel.close() }

    private final class Collector: Sendable {
        let bytes = Mutex<[UInt8]>([])
        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    }

    private final class CollectingHandler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let collector: Collector
        private let promise: EventLoopPromise<String>
        private var isComplete = false

        init(_ collector: Collector, _ promise: EventLoopPromise<String>) {
            self.collector = collector
            self.promise = promise
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            collector.bytes.withLock { $0 += unwrapInboundIn(data).readableBytesView }
            guard !isComplete else { return }
            let text = collector.text
            var rest = text[...]
            while rest.hasPrefix("HTTP/1.1 1"), let end = rest.range(of: "\r\n\r\n") { rest = rest[end.upperBound...] }
            if rest.contains("\r\n\r\n") {
                isComplete = true
                promise.succeed(text)
            }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            // The server has said all it had to say.
            if case .some(.inputClosed) = event as? ChannelEvent { context.close(promise: nil) }
        }

        func channelInactive(context: ChannelHandlerContext) { promise.succeed(collector.text) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }
    }
}
