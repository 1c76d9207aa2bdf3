import NIOCore
import NIOPosix
import Synchronization

/// A server that understands Redis' commands and answers as a test tells it to.
public enum FakeRedisServer {
    /// An answer to a command.
    public enum Answer: Sendable {
        case send(String)
        case sendAndClose(String)
        case close
        case nothing
    }

    /// A command.
    public struct Request: Sendable {
        /// The number of the connection on which it came; the first is 0.
        public let connection: Int
        /// The command's name and its arguments.
        public let words: [String]
    }

    /// Answers a handshake without login and database.
    public static func handshake(_ request: Request) -> Answer? {
        switch request.words.first {
        case "INFO": .send("$12\r\nrun_id:abc\r\n\r\n")
        case "PING": .send("+PONG\r\n")
        default: nil
        }
    }

    /// Runs a server while `body` does. Commands of the handshake are answered unless `answer` does that itself.
    public static func with(
        _ answer: @escaping @Sendable (Request) -> Answer?,
        _ body: (String) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connections = Mutex(0)
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = connections.withLock { count in
                        defer { count += 1 }
                        return count
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        Handler(number) { answer($0) ?? handshake($0) ?? .nothing }
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Void, any Error>
        do {
            try await body("redis://127.0.0.1:\(channel.localAddress!.port!)")
            result = .success(())
        } catch {
            result = .failure(error)
        }
        try await channel.close()
        try await group.shutdownGracefully()
        try result.get()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let number: Int
        private let answer: (Request) -> Answer
        private var received = ByteBuffer()

        init(_ number: Int, _ answer: @escaping (Request) -> Answer) {
            self.number = number
            self.answer = answer
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            received.writeBuffer(&bytes)
            while let words = nextCommand() {
                switch answer(Request(connection: number, words: words)) {
                case .send(let text): write(text, context)
                case .sendAndClose(let text):
                    write(text, context)
                    context.close(promise: nil)
                    return
                case .close:
                    context.close(promise: nil)
                    return
                case .nothing: break
                }
            }
        }

        private func write(_ text: String, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }

        private func nextCommand() -> [String]? {
            var rest = received
            guard let count = line(&rest).flatMap({ Int($0.dropFirst()) }) else { return nil }
            var words: [String] = []
            for _ in 0..<count {
                guard let length = line(&rest).flatMap({ Int($0.dropFirst()) }) else { return nil }
                guard let word = rest.readString(length: length), rest.readString(length: 2) != nil else { return nil }
                words.append(word)
            }
            received = rest
            return words
        }

        private func line(_ bytes: inout ByteBuffer) -> String? {
            guard let end = bytes.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            defer { bytes.moveReaderIndex(to: end + 1) }
            return bytes.getString(at: bytes.readerIndex, length: end - 1 - bytes.readerIndex)
        }
    }
}
