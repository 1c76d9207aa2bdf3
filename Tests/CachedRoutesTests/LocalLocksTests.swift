import CachedRoutesTesting
import NIOCore
import NIOPosix
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("The memory store's locks")
struct LocalLocksTests {
    private let clock = ManualClock()
    private let locks: LocalLocks
    private let eventLoop = MultiThreadedEventLoopGroup.singleton.next()

    init() { locks = LocalLocks(clock: clock.wallClock) }

    private func acquire(_ name: [UInt8], _ owner: String, life: Int64 = 1000) async -> LockResult {
        await locks.acquire(name, owner: owner, life: life, on: eventLoop)
    }

    private func release(_ name: [UInt8], _ owner: String) { locks.release(name, owner: owner, on: eventLoop) }

    private func remainingLife(_ name: [UInt8]) async -> Int64? {
        await locks.remainingLife(of: name, on: eventLoop)
    }

    @Test("one of fifty who ask at once gets the lock")
    func race() async {
        let results = await withTaskGroup(of: LockResult.self) { group in
            for number in 0..<50 { group.addTask { await acquire([1], "\(number)") } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { $0 == .acquired } == 1)
        #expect(results.count { $0 == .held } == 49)
    }

    @Test("a lock is held until its life ends, for its owner too, and free from then on")
    func life() async {
        #expect(await remainingLife([1]) == 0)
        #expect(await acquire([1], "a") == .acquired)
        #expect(await remainingLife([1]) == 1000)
        clock.advance(by: .milliseconds(999))
        #expect(await acquire([1], "a") == .held)
        #expect(await acquire([1], "b") == .held)
        #expect(await remainingLife([1]) == 1)
        clock.advance(by: .milliseconds(1))
        #expect(await remainingLife([1]) == 0)
        clock.advance(by: .milliseconds(1))
        #expect(await remainingLife([1]) == 0)
        #expect(await acquire([1], "b", life: 50) == .acquired)
        #expect(await remainingLife([1]) == 50)
    }

    @Test("a life of less than a millisecond is one")
    func shortestLife() async {
        for life: Int64 in [1, 0, -1000, .min] {
            #expect(await acquire([1], "a", life: life) == .acquired)
            #expect(await remainingLife([1]) == 1)
            clock.advance(by: .milliseconds(1))
        }
    }

    @Test("only its owner gives a lock back")
    func release() async {
        #expect(await acquire([1], "a") == .acquired)
        release([1], "b")
        #expect(await acquire([1], "c") == .held)
        release([1], "a")
        #expect(await remainingLife([1]) == 0)
        #expect(await acquire([1], "c") == .acquired)
        release([2], "a")
    }

    @Test("who lost a lock by its life leaves the next owner's alone")
    func lateRelease() async {
        #expect(await acquire([1], "a", life: 10) == .acquired)
        clock.advance(by: .milliseconds(10))
        #expect(await acquire([1], "b") == .acquired)
        release([1], "a")
        #expect(await acquire([1], "c") == .held)
        #expect(await remainingLife([1]) == 1000)
    }

    @Test("names of any bytes are locks of their own")
    func names() async {
        let names = [[]] + (UInt8.min...UInt8.max).map { [$0] } + [[0, 0], Array(UInt8.min...UInt8.max)]
        for name in names { #expect(await acquire(name, "a") == .acquired) }
        for name in names { #expect(await acquire(name, "b") == .held) }
        release([7], "a")
        for name in names { #expect(await remainingLife(name) == (name == [7] ? 0 : 1000)) }
    }

    @Test("locks whose life has ended are forgotten, and no others")
    func memory() async {
        func name(_ number: Int) -> [UInt8] { Array("\(number)".utf8) }
        for number in 0..<1000 { #expect(await acquire(name(number), "a", life: 1_000_000) == .acquired) }
        var largest = 0
        for number in 1000..<20_000 {
            #expect(await acquire(name(number), "b", life: 5) == .acquired)
            clock.advance(by: .milliseconds(1))
            largest = max(largest, locks.count)
        }
        // Twice the thousand and the five that can be alive beside them.
        #expect(largest <= 2010)
        for number in 0..<1000 { #expect(await acquire(name(number), "c") == .held) }
        for number in 0..<1000 { release(name(number), "a") }
        for number in 20_000..<30_000 {
            #expect(await acquire(name(number), "b", life: 5) == .acquired)
            clock.advance(by: .milliseconds(1))
        }
        #expect(locks.count <= 65)
    }
}
