import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A TCP connection whose bytes a test writes itself.
public struct RawConnection {
    private let channel: any Channel
    private let collector: Collector
    private let answered: EventLoopFuture<String>

    /// Opens a connection and sends this.
    public static func open(_ text: String, port: Int) async throws -> RawConnection {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.any().makePromise(of: String.self)
        let collector = Collector()
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(CollectingHandler(collector, promise))
                }
            }
            .connect(host: "127.0.0.1", port: port)
            .flatMapErrorThrowing { error in
                promise.fail(error)
                throw error
            }.get()
        try await channel.writeAndFlush(ByteBuffer(string: text))
        return RawConnection(channel: channel, collector: collector, answered: promise.futureResult)
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
    public var received: String { get async throws { collector.text.withLock { $0 } } }

    /// Sends more.
    public func send(_ text: String) async throws { try await channel.writeAndFlush(ByteBuffer(string: text)) }

    /// Says that nothing more will be sent.
    public func finish() async throws { try await channel.close(mode: .output) }

    /// Closes the connection.
    public func close() async throws { try await channel.close() }

    private final class Collector: Sendable {
        let text = Mutex("")
    }

    private final class CollectingHandler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let collector: Collector
        private let promise: EventLoopPromise<String>

        init(_ collector: Collector, _ promise: EventLoopPromise<String>) {
            self.collector = collector
            self.promise = promise
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = collector.text.withLock { text in
                text += String(buffer: unwrapInboundIn(data))
                return text
            }
            var rest = text[...]
            while rest.hasPrefix("HTTP/1.1 1"), let end = rest.range(of: "\r\n\r\n") { rest = rest[end.upperBound...] }
            if rest.contains("\r\n\r\n") { promise.succeed(text) }
        }

        func channelInactive(context: ChannelHandlerContext) { promise.succeed(collector.text.withLock { $0 }) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }
    }
}
