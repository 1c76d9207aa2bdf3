import ClientSupport
import NIOCore
import TestApp
import Testing

@Suite("A sleep by an event loop's clock", .timeLimit(.minutes(1)))
struct EventLoopSleepTests {
    private let loop = ManualEventLoop()

    @Test("ends at its time, and not before")
    func time() async throws {
        let ended = Tally()
        let tasks = [5, 10, 10, 20].map { (seconds: Int64) in
            Task { [loop] in
                try await loop.sleep(until: .uptimeNanoseconds(0) + .seconds(seconds))
                #expect(loop.now == .uptimeNanoseconds(0) + .seconds(seconds))
                ended.add()
            }
        }
        await loop.timers(4)
        await loop.advance(by: .seconds(5) - .nanoseconds(1))
        #expect(loop.timers == 4 && ended.value == 0)
        await loop.advance(by: .nanoseconds(1))
        try await tasks[0].value
        #expect(loop.timers == 3 && ended.value == 1)
        await loop.advance(by: .seconds(5))
        for task in tasks[1...2] { try await task.value }
        #expect(loop.timers == 1 && ended.value == 3)
        await loop.advance(by: .seconds(10))
        try await tasks[3].value
        #expect(loop.timers == 0)
    }

    @Test("of some time begins with the call")
    func duration() async throws {
        await loop.advance(by: .seconds(100))
        let task = Task { [loop] in
            try await loop.sleep(for: .seconds(7))
            return loop.now
        }
        await loop.timers(1)
        await loop.advance(by: .seconds(7))
        #expect(try await task.value == .uptimeNanoseconds(0) + .seconds(107))
    }

    @Test("that is cancelled ends at once and leaves no timer")
    func cancellation() async {
        for count in [1, 200] {
            let tasks = (0..<count).map { _ in
                Task { [loop] in await #expect(throws: CancellationError.self) { try await loop.sleep(for: .hours(1)) }
                }
            }
            await loop.timers(count)
            for task in tasks { task.cancel() }
            for task in tasks { _ = await task.value }
            #expect(loop.timers == 0)
            #expect(loop.now == .uptimeNanoseconds(0))
        }
    }

    @Test("of a task that was cancelled before does not begin, whenever it would end", arguments: [0, 1, 3600])
    func cancelledBefore(seconds: Int64) async {
        let gate = Gate()
        let task = Task { [loop] in
            await gate.pass()
            await #expect(throws: CancellationError.self) { try await loop.sleep(for: .seconds(seconds)) }
        }
        await gate.arrivals(1)
        task.cancel()
        gate.open()
        _ = await task.value
        #expect(loop.allTimers == 0)
    }

    @Test("until a time that has passed does not suspend the task and has no timer", arguments: [0, 1, 60])
    func past(seconds: Int64) async throws {
        await loop.advance(by: .seconds(60))
        try await loop.sleep(until: loop.now - .seconds(seconds))
        try await loop.sleep(for: .seconds(-seconds))
        #expect(loop.allTimers == 0)
    }

    @Test("ends with its event loop")
    func shutdown() async throws {
        let sleeping = Task { [loop] in
            await #expect(throws: CancellationError.self) { try await loop.sleep(for: .hours(1)) }
        }
        await loop.timers(1)
        try await loop.shutdownGracefully()
        _ = await sleeping.value
        #expect(loop.timers == 0)
    }
}
