import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HTTPConnections

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("A connection's handler")
struct ConnectionHandlerTests {
    /// The events that come to the socket.
    private final class Socket: ChannelOutboundHandler {
        typealias OutboundIn = IOData
        var reads = 0
        var closes: [CloseMode] = []

        func read(context: ChannelHandlerContext) { reads += 1 }

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            closes.append(mode)
            // Only a whole close is known here.
            if mode == .all { context.close(mode: mode, promise: promise) } else { promise?.succeed() }
        }
    }

    private final class Reasons: Sendable {
        let all = Mutex<[CloseReason]>([])
        var list: [CloseReason] { all.withLock { $0 } }
    }

    private struct Connection {
        let socket = Socket()
        let handler: ConnectionHandler
        let channel: EmbeddedChannel
        let registry: ConnectionRegistry

        init(
            on loop: EmbeddedEventLoop = EmbeddedEventLoop(),
            in registry: ConnectionRegistry = ConnectionRegistry(maximum: 10, unsentBytes: 1 << 20),
            of server: ServerShutdownFlag = ServerShutdownFlag()
        ) throws {
            self.registry = registry
            handler = ConnectionHandler(registry, limits: ConnectionTimeouts(), shutdown: server)
            channel = EmbeddedChannel(handlers: [socket, handler], loop: loop)
            channel.allowRemoteHalfClosure = true
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func answer() {
            handler.requestBegan(hasBody: false)
            handler.responseWritten()
        }
    }

    @Test("The system is told how much it may hold for a client that takes nothing")
    func systemBuffer() throws {
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let registry = ConnectionRegistry(maximum: 10, unsentBytes: 1 << 20)
        try channel.pipeline.syncOperations.addHandler(ConnectionHandler(registry, limits: ConnectionTimeouts()))
        let bounds = channel.options.compactMap { option -> ChannelOptions.Types.SocketOption.Value? in
            guard let socketOption = option.option as? ChannelOptions.Types.SocketOption,
                socketOption == ChannelOptions.tcpOption(NIOBSDSocket.Option(rawValue: TCP_NOTSENT_LOWAT))
            else { return nil }
            return option.value as? ChannelOptions.Types.SocketOption.Value
        }
        #expect(bounds == [128 * 1024])
    }

    @Test("Each limit ends its connection, on one timer for all")
    func limits() throws {
        for (seconds, isAnswered) in [(Int64(10), false), (75, true)] {
            let connection = try Connection()
            if isAnswered { connection.answer() }
            connection.channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
            #expect(connection.socket.closes == [])
            connection.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            #expect(connection.socket.closes == [isAnswered ? .output : .all])
        }
    }

    @Test("After its last response a connection discards what comes, and closes when the client does or not at all")
    func linger() throws {
        for clientCloses in [true, false] {
            let connection = try Connection()
            connection.answer()
            try connection.channel.writeInbound(ByteBuffer(string: "a"))
            #expect(try connection.channel.readInbound(as: ByteBuffer.self) == ByteBuffer(string: "a"))
            let reads = connection.socket.reads
            connection.channel.close(mode: .output, promise: nil)
            #expect(connection.socket.closes == [.output] && connection.socket.reads == reads + 1)
            try connection.channel.writeInbound(ByteBuffer(string: "b"))
            #expect(try connection.channel.readInbound(as: ByteBuffer.self) == nil)
            #expect(connection.socket.reads == reads + 2)
            if clientCloses {
                connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            } else {
                connection.channel.embeddedEventLoop.advanceTime(by: .milliseconds(1500))
                #expect(connection.socket.closes == [.output])
                connection.channel.embeddedEventLoop.advanceTime(by: .seconds(2))
            }
            #expect(connection.socket.closes == [.output, .all])
        }
    }

    @Test("What waits for a client is sent before its connection is closed, also when the client has closed its side")
    func drains() throws {
        for (mode, hasInputClosed) in [(CloseMode.all, false), (.all, true), (.output, true)] {
            let connection = try Connection()
            connection.answer()
            if hasInputClosed {
                connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            }
            connection.channel.write(ByteBuffer(string: "answer"), promise: nil)
            connection.channel.close(mode: mode, promise: nil)
            #expect(try connection.channel.readOutbound(as: ByteBuffer.self) == ByteBuffer(string: "answer"))
            connection.channel.embeddedEventLoop.run()
            #expect(connection.socket.closes == [.all])
        }
    }

    @Test("A client that takes nothing is closed, whatever is written meanwhile")
    func stalled() throws {
        let connection = try Connection()
        connection.answer()
        for _ in 0..<30 {
            // Nothing is flushed: so the bytes wait.
            connection.channel.write(ByteBuffer(string: "x"), promise: nil)
            connection.answer()
            connection.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        }
        #expect(connection.socket.closes == [])
        connection.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(connection.socket.closes == [.all])
        #expect(connection.registry.unsentBytes == 0)
    }

    @Test("A shutdown ends idle connections after a grace and the others at its end, and is not told to the app")
    func shutdown() throws {
        let loop = EmbeddedEventLoop()
        let registry = ConnectionRegistry(maximum: 10, unsentBytes: 1 << 20)
        let server = ServerShutdownFlag()
        let idle = try Connection(on: loop, in: registry, of: server)
        let busy = try Connection(on: loop, in: registry, of: server)
        let other = try Connection(in: registry)
        idle.answer()
        busy.handler.requestBegan(hasBody: false)
        var isCut = false
        busy.handler.whenCut { isCut = true }
        #expect(!idle.handler.isQuiescing && !busy.handler.isQuiescing)
        idle.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        // A response that is written before the connection itself is told is the last one, too.
        #expect(idle.handler.isQuiescing && busy.handler.isQuiescing && !other.handler.isQuiescing)
        busy.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(registry.isShuttingDown)
        loop.advanceTime(by: .milliseconds(499))
        #expect(idle.socket.closes == [])
        loop.advanceTime(by: .milliseconds(101))
        #expect(idle.socket.closes == [.output] && busy.socket.closes == [])
        loop.advanceTime(by: .seconds(12))
        #expect(idle.socket.closes == [.output, .all] && busy.socket.closes == [])
        loop.advanceTime(by: .seconds(1))
        #expect(busy.socket.closes == [.all] && isCut)
    }

    @Test("Beyond the bound of unsent bytes the slowest connection is closed, in a turn of its own")
    func unsentBytes() throws {
        let loop = EmbeddedEventLoop()
        let reasons = Reasons()
        let registry = ConnectionRegistry(maximum: 10, unsentBytes: 400_000) { event in
            if case .closes(let reason) = event { reasons.all.withLock { $0.append(reason) } }
        }
        let connections = try (0..<4).map { _ in try Connection(on: loop, in: registry) }
        for connection in connections {
            // A buffer of 100,000 bytes has a storage of 131,072.
            connection.channel.write(ByteBuffer(repeating: 1, count: 100_000), promise: nil)
            connection.answer()
            connection.handler.settle()
            loop.advanceTime(by: .milliseconds(1))
        }
        #expect(reasons.list == [.buffers])
        #expect(connections.map { $0.socket.closes.isEmpty } == [false, true, true, true])
        #expect(registry.unsentBytes == 3 * 131_072)
        // They take nothing for a moment more.
        loop.advanceTime(by: .seconds(1))
        #expect(reasons.list == [.buffers, .buffers])
        #expect(registry.unsentBytes == 2 * 131_072)
    }
}
