import Foundation
import NIOCore
import NIOPosix

/// A TCP connection whose bytes a test writes itself.
struct RawConnection {
    private let channel: any Channel
    private let received: EventLoopFuture<String>

    /// Opens a connection and sends this.
    static func open(_ text: String, port: Int) async throws -> RawConnection {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.any().makePromise(of: String.self)
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(promise))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(string: text))
        return RawConnection(channel: channel, received: promise.futureResult)
    }

    /// Sends this on a connection of its own and returns the first answer's head, and what came with it.
    static func exchange(_ text: String, port: Int) async throws -> String {
        let connection = try await open(text, port: port)
        let answer = try await connection.answer
        try? await connection.close()
        return answer
    }

    /// All that had come when the head of an answer that is not an interim one was complete, or the server closed.
    var answer: String { get async throws { try await received.get() } }

    /// Says that nothing more will be sent.
    func finish() async throws { try await channel.close(mode: .output) }

    /// Closes the connection.
    func close() async throws { try await channel.close() }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private var text = ""
        private let promise: EventLoopPromise<String>

        init(_ promise: EventLoopPromise<String>) { self.promise = promise }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            var rest = text[...]
            while rest.hasPrefix("HTTP/1.1 1"), let end = rest.range(of: "\r\n\r\n") { rest = rest[end.upperBound...] }
            if rest.contains("\r\n\r\n") { promise.succeed(text) }
        }

        func channelInactive(context: ChannelHandlerContext) { promise.succeed(text) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { promise.fail(error) }
    }
}
