import RouteModel
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Those who share an answer without tokens")
struct EpochCoalescerTests {
    private let key = CacheKey(whole: [1])

    @Test("come before its query begins; a few queries are under way at once")
    func begin() async {
        let epochs = EpochCoalescer(concurrency: 2)
        let gate = Gate()
        let begun = Tally()
        let first = epochs.number(for: key)
        #expect(epochs.number(for: key) == first)
        let ended = Gate()
        ended.open()
        for count in 1...3 {
            _ = epochs.run(key) { end in
                begun.add()
                return CancellableWork(
                    Task {
                        await gate.pass()
                        end()
                        await ended.pass()
                    }
                )
            }
            if count < 3 { await gate.arrivals(count) }
        }
        let later = epochs.number(for: key)
        #expect(later != first)
        #expect(begun.value == 2)
        gate.open()
        await ended.arrivals(3)
        #expect(epochs.number(for: key) != later)
        #expect(begun.value == 3)
    }

    @Test("give their place back when they are given up, once, and never start when that was before their turn")
    func cancelled() {
        let epochs = EpochCoalescer(concurrency: 1)
        let events = Mutex<[String]>([])
        func run(_ name: String) -> (work: CancellableWork, end: @Sendable () -> Void) {
            let end = Mutex<(@Sendable () -> Void)?>(nil)
            let work = epochs.run(key) { ending in
                end.withLock { $0 = ending }
                events.withLock { $0.append("\(name) starts") }
                return CancellableWork { events.withLock { $0.append("\(name) is cancelled") } }
            }
            return (work, { end.withLock { $0 }?() })
        }
        let first = run("a")
        let second = run("b")
        let third = run("c")
        #expect(events.withLock { $0 } == ["a starts"])
        second.work.cancel()
        first.work.cancel()
        #expect(events.withLock { $0 } == ["a starts", "c starts", "a is cancelled"])
        first.end()
        second.work.cancel()
        first.work.cancel()
        let fourth = run("d")
        #expect(!events.withLock { $0 }.contains("d starts"), "the third one has the place")
        third.end()
        #expect(events.withLock { $0.last } == "d starts")
        third.end()
        let fifth = run("e")
        #expect(events.withLock { $0.last } == "d starts")
        fourth.end()
        fifth.end()
        let sixth = run("f")
        #expect(events.withLock { $0.last } == "f starts")
        // However many have been given up.
        let crowd = (0..<100_000).map { _ in run("x") }
        for one in crowd { one.work.cancel() }
        let last = run("g")
        sixth.end()
        #expect(events.withLock { $0.last } == "g starts")
        #expect(!events.withLock { $0 }.contains("x starts"))
        last.end()
    }
}
