import Logging
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("The background writer")
struct BackgroundWriterTests {
    private let eventLoop = NIOAsyncTestingEventLoop()

    private func writer(entries: Int = 4, bytes: Int = 100, concurrent: Int = 1) -> BackgroundWriter {
        BackgroundWriter(
            limits: .init(concurrent: concurrent, entries: entries, bytes: bytes),
            eventLoop: eventLoop,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    @Test("takes writes within its bounds and sheds the others")
    func bounds() async {
        let writer = writer()
        let promise = eventLoop.makePromise(of: Void.self)
        #expect(writer.offer(bytes: 60) { _ in promise.futureResult } != nil)
        #expect(writer.offer(bytes: 41) { $0.makeSucceededVoidFuture() } == nil)
        #expect(writer.offer(bytes: 40) { $0.makeSucceededVoidFuture() } != nil)
        #expect(writer.count == 2)
        promise.succeed()
        await eventLoop.run()
        #expect(writer.count == 0)
        await eventLoop.shutdownGracefully()
    }

    @Test("writes in the order of the offers, whether a write fails or not")
    func order() async {
        struct Failure: Error {}
        let writer = writer(entries: 10)
        let order = Order()
        var ended: [EventLoopFuture<Void>] = []
        for number in 0..<5 {
            let future = writer.offer(bytes: 1) { loop in
                order.append(number)
                return number % 2 == 0 ? loop.makeFailedFuture(Failure()) : loop.makeSucceededVoidFuture()
            }
            if let future { ended.append(future) }
        }
        await eventLoop.run()
        #expect(order.numbers == [0, 1, 2, 3, 4])
        #expect(ended.count == 5)
        await #expect(throws: Failure.self) { try await ended[0].get() }
        await #expect(throws: Never.self) { try await ended[1].get() }
        await eventLoop.shutdownGracefully()
    }

    @Test("ends a long queue when every write fails at once")
    func failingQueue() async {
        struct Failure: Error {}
        let count = 100_000
        let writer = writer(entries: count, bytes: count)
        let promise = eventLoop.makePromise(of: Void.self)
        _ = writer.offer(bytes: 1) { _ in promise.futureResult }
        for _ in 1..<count { _ = writer.offer(bytes: 1) { $0.makeFailedFuture(Failure()) } }
        #expect(writer.count == count)
        promise.succeed()
        await eventLoop.run()
        #expect(writer.count == 0)
        await eventLoop.shutdownGracefully()
    }

    @Test("refuses for good what is over its bound alone")
    func tooLarge() async {
        let writer = writer(bytes: 100)
        #expect(writer.offer(bytes: 101) { $0.makeSucceededVoidFuture() } == nil)
        #expect(writer.count == 0)
        await eventLoop.shutdownGracefully()
    }

    @Test("gives what still waits up at the deadline of the shutdown, and takes nothing after")
    func drain() async {
        let writer = writer(entries: 10)
        let promise = eventLoop.makePromise(of: Void.self)
        _ = writer.offer(bytes: 1) { _ in promise.futureResult }
        let waiting = writer.offer(bytes: 1) { $0.makeSucceededVoidFuture() }
        async let drained: Void = writer.drain(deadline: eventLoop.now + .seconds(5))
        while writer.offer(bytes: 1, { $0.makeSucceededVoidFuture() }) != nil { await Task.yield() }
        await eventLoop.advanceTime(by: .seconds(4))
        #expect(writer.count >= 2)
        await eventLoop.advanceTime(by: .seconds(2))
        await drained
        await #expect(throws: BackgroundWriter.AbandonedError.self) { try await waiting?.get() }
        promise.succeed()
        await eventLoop.run()
        #expect(writer.count == 0)
        await eventLoop.shutdownGracefully()
    }
}

private final class Order: Sendable {
    private let list = Mutex<[Int]>([])
    func append(_ number: Int) { list.withLock { $0.append(number) } }
    var numbers: [Int] { list.withLock { $0 } }
}
