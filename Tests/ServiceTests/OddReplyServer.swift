import NIOCore
import NIOPosix

/// A server that greets as Redis does and answers every other command as a test says; `nil`: not at all.
enum OddReplyServer {
    /// Runs a server while `body` does, which is given its URL.
    static func with(
        _ answer: @escaping @Sendable (_ words: [String]) -> String?,
        _ body: (String) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let result: Result<Void, any Error>
        do {
            result = .success(try await body("redis://127.0.0.1:\(channel.localAddress?.port ?? 0)"))
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

        private let answer: ([String]) -> String?
        private var received = ByteBuffer()
        private var isGreeted = false

        init(_ answer: @escaping ([String]) -> String?) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            received.writeBuffer(&bytes)
            while let words = nextCommand() {
                guard let text = reply(to: words) else { continue }
                context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            }
        }

        private func reply(to words: [String]) -> String? {
            guard !isGreeted else { return answer(words) }
            // The handshake ends with PING.
            isGreeted = words.first == "PING"
            return isGreeted ? "+PONG\r\n" : words.first == "INFO" ? "$12\r\nrun_id:abc\r\n\r\n" : "+OK\r\n"
        }

        private func nextCommand() -> [String]? {
            var rest = received
            guard let count = number(&rest) else { return nil }
            var words: [String] = []
            for _ in 0..<count {
                guard let length = number(&rest), let word = rest.readString(length: length),
                    rest.readString(length: 2) != nil
                else { return nil }
                words.append(word)
            }
            received = rest
            return words
        }

        /// The number in the header of an array or of a string.
        private func number(_ bytes: inout ByteBuffer) -> Int? {
            guard let end = bytes.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
            let line = bytes.readString(length: end + 1 - bytes.readerIndex) ?? ""
            return Int(line.dropFirst().dropLast(1).filter(\.isNumber))
        }
    }
}
