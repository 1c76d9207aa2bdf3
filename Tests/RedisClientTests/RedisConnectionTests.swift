import NIOCore
import NIOEmbedded
import Testing

@testable import RedisClient

/// The channel handler without a socket.
@Suite struct RedisConnectionTests {
    private final class Delegate: RedisConnectionDelegate {
        var isReady = false
        var error: RedisError?

        func connectionBecameReady(_ connection: RedisConnection) { isReady = true }
        func connectionHasOtherServer(_ connection: RedisConnection) {}

        func connectionEnded(_ connection: RedisConnection, _ end: RedisConnection.End) {
            error = end.error
        }
    }

    private struct Harness {
        let channel = EmbeddedChannel()
        let delegate = Delegate()
        let connection: RedisConnection

        init(isReady: Bool = true) throws {
            connection = RedisConnection(
                configuration: try RedisConfiguration(url: "redis://:p@a/1"),
                deadline: channel.eventLoop.now + .hours(1),
                eventLoop: channel.eventLoop,
                metrics: RedisMetrics(),
                delegate: delegate
            )
            try channel.pipeline.syncOperations.addHandler(connection)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            channel.embeddedEventLoop.run()
            if isReady {
                _ = try channel.readOutbound(as: ByteBuffer.self)
                try receive("+OK\r\n+OK\r\n$12\r\nrun_id:abc\r\n\r\n$0\r\n\r\n+PONG\r\n")
            }
        }

        func receive(_ text: String) throws {
            try channel.writeInbound(ByteBuffer(string: text))
        }

        func send(_ command: RedisCommand, ticket: RedisReplyRace? = nil) -> EventLoopFuture<RedisReply> {
            let promise = channel.eventLoop.makePromise(of: RedisReply.self)
            connection.send(RedisRequest(command, for: .promise(promise), ticket: ticket, now: channel.eventLoop.now))
            return promise.futureResult
        }
    }

    @Test func `The whole handshake leaves in one write`() throws {
        let harness = try Harness(isReady: false)
        let bytes = try #require(try harness.channel.readOutbound(as: ByteBuffer.self))
        #expect(
            String(buffer: bytes)
                == "*2\r\n$4\r\nAUTH\r\n$1\r\np\r\n*2\r\n$6\r\nSELECT\r\n$1\r\n1\r\n*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n"
                + "*2\r\n$4\r\nINFO\r\n$11\r\nreplication\r\n*1\r\n$4\r\nPING\r\n"
        )
        #expect(try harness.channel.readOutbound(as: ByteBuffer.self) == nil)
        #expect(!harness.delegate.isReady)
        try harness.receive("+OK\r\n+OK\r\n$12\r\nrun_id:abc\r\n\r\n$0\r\n\r\n+PONG\r\n")
        #expect(harness.delegate.isReady)
        #expect(harness.connection.serverID == RedisServerIdentity(runID: "abc").digest)
    }

    @Test func `Commands of one tick leave in one write`() throws {
        let harness = try Harness()
        let replies = (0..<50).map { harness.send(RedisCommand("ECHO", [.integer($0)])) }
        #expect(try harness.channel.readOutbound(as: ByteBuffer.self) == nil)
        harness.channel.embeddedEventLoop.run()
        let bytes = try #require(try harness.channel.readOutbound(as: ByteBuffer.self))
        #expect(String(buffer: bytes).split(separator: "ECHO").count == 51)
        #expect(try harness.channel.readOutbound(as: ByteBuffer.self) == nil)
        try harness.receive((0..<50).map { ":\($0)\r\n" }.joined())
        #expect(try replies.map { try $0.wait().integer } == (0..<50).map { Int64($0) })
    }

    @Test func `A large value leaves between its framing without being copied`() throws {
        let harness = try Harness()
        let value = ByteBuffer(repeating: 0x61, count: 100_000)
        _ = harness.send(.get("before"))
        _ = harness.send(.set("key", .buffer(value)))
        _ = harness.send(.get("after"))
        harness.channel.embeddedEventLoop.run()
        var pieces: [ByteBuffer] = []
        while let piece = try harness.channel.readOutbound(as: ByteBuffer.self) { pieces.append(piece) }
        #expect(pieces.map(\.readableBytes)[1] == 100_000)
        #expect(pieces.count == 3)
        #expect(String(buffer: pieces[0]).hasSuffix("$3\r\nkey\r\n$100000\r\n"))
        #expect(String(buffer: pieces[2]) == "\r\n*2\r\n$3\r\nGET\r\n$5\r\nafter\r\n")
        try harness.receive("+1\r\n+2\r\n+3\r\n")
    }

    @Test func `The reply to an abandoned command is dropped and the next one is not shifted`() throws {
        let harness = try Harness()
        let ticket = RedisReplyRace()
        var delivered: [String] = []
        harness.send(.get("a"), ticket: ticket).assumeIsolated().whenSuccess { delivered.append($0.string!) }
        harness.send(.get("b")).assumeIsolated().whenSuccess { delivered.append($0.string!) }
        harness.channel.embeddedEventLoop.run()
        #expect(ticket.abandon())
        try harness.receive("+a\r\n+b\r\n")
        #expect(delivered == ["b"])
        #expect(!ticket.answer())
        #expect(harness.delegate.error == nil)
    }

    @Test func `A command sent while replies are delivered is sent`() throws {
        let harness = try Harness()
        let chained = harness.send(.get("a")).assumeIsolated().flatMap { _ in harness.send(.get("b")) }
        harness.channel.embeddedEventLoop.run()
        _ = try harness.channel.readOutbound(as: ByteBuffer.self)
        try harness.receive("+a\r\n")
        harness.channel.embeddedEventLoop.run()
        let bytes = try #require(try harness.channel.readOutbound(as: ByteBuffer.self))
        #expect(String(buffer: bytes) == "*2\r\n$3\r\nGET\r\n$1\r\nb\r\n")
        try harness.receive("+b\r\n")
        #expect(try chained.nonisolated().wait().string == "b")
    }

    /// Calls back, once, before it passes on what is written.
    private final class Interrupter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var onWrite: (() -> Void)?

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            let body = onWrite
            onWrite = nil
            body?()
            context.write(data, promise: promise)
        }
    }

    @Test(arguments: [10, 100_000], [10, 100_000])
    func `A command sent while another one is written follows it whole`(first: Int, second: Int) throws {
        let harness = try Harness()
        let interrupter = Interrupter()
        try harness.channel.pipeline.syncOperations.addHandler(interrupter, position: .first)
        interrupter.onWrite = { _ = harness.send(.set("b", .buffer(ByteBuffer(repeating: 0x62, count: second)))) }
        _ = harness.send(.set("a", .buffer(ByteBuffer(repeating: 0x61, count: first))))
        harness.channel.embeddedEventLoop.run()
        var written = ""
        while let piece = try harness.channel.readOutbound(as: ByteBuffer.self) { written += String(buffer: piece) }
        let expected = [("a", first), ("b", second)].map { name, size in
            let value = String(repeating: name, count: size)
            return "*3\r\n$3\r\nSET\r\n$1\r\n\(name)\r\n$\(size)\r\n\(value)\r\n"
        }
        #expect(written == expected.joined())
    }

    @Test func `A failure of the socket ends the connection with its cause`() throws {
        let harness = try Harness()
        let reply = harness.send(.set("a", "b"))
        harness.channel.embeddedEventLoop.run()
        harness.channel.pipeline.fireErrorCaught(IOError(errnoCode: 104, reason: "read"))
        harness.channel.embeddedEventLoop.run()
        #expect(throws: RedisError.self) { try reply.wait() }
        #expect(harness.delegate.error?.code == .connectionLost)
        #expect(harness.delegate.error?.underlying is IOError)
    }
}
