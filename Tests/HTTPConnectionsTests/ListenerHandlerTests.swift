import Foundation
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HTTPConnections

@Suite("A listener")
struct ListenerHandlerTests {
    /// The reads that come to the socket, and the errors that leave the pipeline.
    private final class Socket: ChannelOutboundHandler {
        typealias OutboundIn = Never
        var reads = 0

        func read(context: ChannelHandlerContext) { reads += 1 }
    }

    private final class Errors: ChannelInboundHandler {
        typealias InboundIn = any Channel
        var errors: [String] = []

        func errorCaught(context: ChannelHandlerContext, error: any Error) { errors.append("\(error)") }
    }

    private final class Events: Sendable {
        let all = Mutex<[ConnectionMonitoringEvent]>([])
        var list: [ConnectionMonitoringEvent] { all.withLock { $0 } }
    }

    private struct Listener {
        let socket = Socket()
        let errors = Errors()
        let events = Events()
        let registry: ConnectionRegistry
        let channel: EmbeddedChannel
        let loop: EmbeddedEventLoop

        init(maximum: Int) throws {
            let events = events
            registry = ConnectionRegistry(
                maximum: maximum,
                unsentBytes: 1,
                observe: { event in events.all.withLock { $0.append(event) } }
            )
            loop = EmbeddedEventLoop()
            channel = EmbeddedChannel(handlers: [socket, ListenerHandler(registry), errors], loop: loop)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            socket.reads = 0
        }

        func accept() throws -> EmbeddedChannel {
            let child = EmbeddedChannel(loop: loop)
            try child.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            channel.pipeline.fireChannelRead(child as any Channel)
            loop.run()
            return child
        }

        func close(_ child: EmbeddedChannel) throws {
            _ = try child.finish(acceptAlreadyClosed: true)
            loop.run()
        }

        var isReading: Bool {
            get throws {
                let before = socket.reads
                channel.pipeline.read()
                return socket.reads > before
            }
        }

        /// The number of connections that the channel may accept in one turn.
        var batch: UInt {
            let values = channel.options.compactMap { option in
                option.option is ChannelOptions.Types.MaxMessagesPerReadOption ? option.value as? UInt : nil
            }
            return values.last ?? 4
        }

        var setsAutoRead: [Bool] {
            channel.options.compactMap { $0.option is ChannelOptions.Types.AutoReadOption ? $0.value as? Bool : nil }
        }
    }

    @Test("reads nothing from its socket while as many connections are open as may be, and goes on when one closes")
    func full() throws {
        let listener = try Listener(maximum: 2)
        #expect(try listener.isReading)
        let first = try listener.accept()
        #expect(try listener.isReading)
        let second = try listener.accept()
        #expect(try !listener.isReading)
        #expect(try !listener.isReading)
        #expect(listener.events.list == [.isFull(maximum: 2)])
        let before = listener.socket.reads
        try listener.close(first)
        #expect(listener.socket.reads > before)
        #expect(listener.registry.openConnections == 1)
        let third = try listener.accept()
        #expect(try !listener.isReading)
        for child in [second, third] { try listener.close(child) }
        #expect(try listener.isReading)
        #expect(listener.registry.openConnections == 0)
        #expect(listener.events.list.filter { $0 == .accepts }.count <= 2)
    }

    @Test("accepts in one turn no more than there is room for")
    func batch() throws {
        let listener = try Listener(maximum: 10)
        var children: [EmbeddedChannel] = []
        var batches: [UInt] = []
        for _ in 0..<10 {
            #expect(try listener.isReading)
            batches.append(listener.batch)
            children.append(try listener.accept())
        }
        #expect(batches == [4, 4, 4, 4, 4, 4, 4, 3, 2, 1])
        for child in children { try listener.close(child) }
        #expect(try listener.isReading)
        #expect(listener.batch == 4)
    }

    @Test("counts a connection once, whoever says that it is there")
    func once() throws {
        let listener = try Listener(maximum: 10)
        let child = try listener.accept()
        let handler = try listener.channel.pipeline.syncOperations.handler(type: ListenerHandler.self)
        handler.count(child)
        #expect(listener.registry.openConnections == 1)
        try listener.close(child)
        #expect(listener.registry.openConnections == 0)
    }

    @Test("rests while there are no descriptors, and tries again", arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM])
    func exhausted(code: CInt) throws {
        let listener = try Listener(maximum: 10)
        let error = IOError(errnoCode: code, reason: "accept")
        for _ in 0..<3 {
            listener.channel.pipeline.fireErrorCaught(error)
            #expect(listener.setsAutoRead == [false])
            listener.loop.advanceTime(by: .milliseconds(99))
            #expect(listener.setsAutoRead == [false])
            listener.loop.advanceTime(by: .milliseconds(1))
            #expect(listener.setsAutoRead == [true])
        }
        #expect(listener.errors.errors == [])
        #expect(listener.events.list == [.isExhausted(error: "\(error)")])
        // Whoever has waited takes the descriptor that has become free: that is no news.
        var children: [EmbeddedChannel] = []
        for _ in 0..<5 {
            children.append(try listener.accept())
            listener.loop.advanceTime(by: .milliseconds(999))
            listener.channel.pipeline.fireErrorCaught(error)
            listener.loop.advanceTime(by: .seconds(2))
            #expect(listener.events.list == [.isExhausted(error: "\(error)")])
        }
        children.append(try listener.accept())
        listener.loop.advanceTime(by: .seconds(1))
        #expect(listener.events.list == [.isExhausted(error: "\(error)"), .accepts])
        listener.channel.pipeline.fireErrorCaught(error)
        #expect(listener.events.list.count == 3)
        for child in children { try listener.close(child) }
    }

    @Test("does not mind a client that has left before its turn, and reports other errors")
    func otherErrors() throws {
        let listener = try Listener(maximum: 10)
        listener.channel.pipeline.fireErrorCaught(IOError(errnoCode: ECONNABORTED, reason: "accept"))
        #expect(listener.errors.errors == [] && listener.setsAutoRead == [])
        let error = IOError(errnoCode: EBADF, reason: "accept")
        listener.channel.pipeline.fireErrorCaught(error)
        #expect(listener.errors.errors == ["\(error)"])
    }
}
