import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HTTPConnections

/// Connections that break a limit each, and the reasons that are told.
@Suite("A connection that a limit closes")
struct CloseReasonTests {
    /// A socket of a client that takes nothing: what is written waits, and is not taken when the output is closed.
    private final class Socket: ChannelOutboundHandler {
        typealias OutboundIn = IOData

        func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
            if mode == .all { context.close(mode: mode, promise: promise) } else { promise?.succeed() }
        }
    }

    private final class Reasons: Sendable {
        private let kept = Mutex<[CloseReason]>([])

        var all: [CloseReason] { kept.withLock { $0 } }
        func note(_ reason: CloseReason) { kept.withLock { $0.append(reason) } }
    }

    private struct Client {
        let handler: ConnectionHandler
        let channel: EmbeddedChannel

        func answer() {
            handler.requestBegan(hasBody: false)
            handler.responseWritten()
        }

        /// Writes a response that is not flushed, and so is not taken.
        func writeUnread(_ bytes: Int) {
            channel.write(ByteBuffer(repeating: 1, count: bytes), promise: nil)
            answer()
            handler.settle()
        }
    }

    /// Does what breaks a limit; the time then passes.
    private static func breakLimit(_ reason: CloseReason, _ client: Client) {
        switch reason {
        case .head: break
        case .idle: client.answer()
        case .body: client.handler.requestBegan(hasBody: true)
        case .write: client.writeUnread(10)
        case .linger:
            client.answer()
            client.channel.close(mode: .output, promise: nil)
        case .buffers: client.writeUnread(200_000)
        case .shutdown:
            client.handler.requestBegan(hasBody: false)
            client.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    private func reasons(_ body: (Client) throws -> Void) throws -> [CloseReason] {
        let reasons = Reasons()
        let registry = ConnectionRegistry(maximum: 10, unsentBytes: 100_000) { event in
            if case .closes(let reason) = event { reasons.note(reason) }
        }
        let loop = EmbeddedEventLoop()
        func client() throws -> Client {
            let handler = ConnectionHandler(registry, limits: ConnectionTimeouts())
            let channel = EmbeddedChannel(handlers: [Socket(), handler], loop: loop)
            channel.allowRemoteHalfClosure = true
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            return Client(handler: handler, channel: channel)
        }
        let first = try client()
        try body(first)
        // Alone a client may hold any response. This one has taken nothing for a shorter time.
        loop.advanceTime(by: .milliseconds(1))
        let other = try client()
        other.handler.requestBegan(hasBody: false)
        other.channel.write(ByteBuffer(repeating: 1, count: 5_000), promise: nil)
        other.handler.settle()
        loop.run()
        try other.channel.close().wait()
        for _ in 0..<200 where first.channel.isActive { loop.advanceTime(by: .seconds(1)) }
        #expect(!first.channel.isActive)
        #expect(registry.unsentBytes == 0)
        return reasons.all
    }

    @Test("tells which, once, however it ends then", arguments: CloseReason.allCases)
    func each(reason: CloseReason) throws {
        #expect(try reasons { Self.breakLimit(reason, $0) } == [reason])
    }

    @Test("tells the first of several limits alone")
    func first() throws {
        // An idle client that does not close when it is told to.
        #expect(try reasons { $0.answer() } == [.idle])
        // One whose connection a shutdown ends, and which does not close either.
        #expect(
            try reasons { client in
                client.answer()
                client.channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            } == [.shutdown]
        )
    }

    @Test("tells nothing where the client closes, or the server has said that it would")
    func none() throws {
        #expect(try reasons { try $0.channel.close().wait() } == [])
        #expect(
            try reasons { client in
                client.answer()
                client.channel.close(mode: .output, promise: nil)
                client.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            } == []
        )
    }
}
