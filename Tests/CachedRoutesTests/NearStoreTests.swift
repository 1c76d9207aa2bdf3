import CachedRoutesTesting
import NIOCore
import NIOPosix
import RouteModel
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// A server in memory that tracks what it is asked, and says nothing unless a test does.
private final class TrackedMemory: TrackedStore, ForwardingStore {
    let origin: any CacheStore
    let reads = Tally()
    let tracking = Mutex(true)
    let remembers = Mutex(true)
    private let gate = Mutex<Gate?>(nil)

    init(clock: ManualClock) { origin = MemoryStore(budget: 1 << 30, clock: clock.wallClock) }

    var isTracking: Bool { tracking.withLock { $0 } }

    /// Holds readings back; what they bring is as old as their asking.
    func hold() -> Gate {
        let gate = Gate()
        self.gate.withLock { $0 = gate }
        return gate
    }

    func readTracked(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<(reading: StoreLookupResult, isTracked: Bool)> {
        reads.add()
        guard
            case .ready(let reading) = origin.read(
                key,
                orOther: orOther,
                tokens: tokens,
                near: 0,
                within: bound,
                on: eventLoop
            )
        else {
            return eventLoop.makeSucceededFuture((.unavailable, false))
        }
        let isTracked = remembers.withLock { $0 }
        guard let gate = gate.withLock({ $0 }) else { return eventLoop.makeSucceededFuture((reading, isTracked)) }
        let promise = eventLoop.makePromise(of: (reading: StoreLookupResult, isTracked: Bool).self)
        Task {
            await gate.pass()
            promise.succeed((reading, isTracked))
        }
        return promise.futureResult
    }

    func read(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> StoreResultOrFuture {
        reads.add()
        return origin.read(key, orOther: orOther, tokens: tokens, near: near, within: bound, on: eventLoop)
    }
}

@Suite("The near cache")
struct NearStoreTests {
    private let clock = ManualClock()
    private let origin: TrackedMemory
    private let near: NearStore
    private let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
    private let names: [TagVersionKey] = [.route("r", in: "n"), .tag("a".utf8, in: "n")]

    init() {
        origin = TrackedMemory(clock: clock)
        near = NearStore(of: origin, budget: 10 << 20, clock: clock.wallClock)
    }

    private func key(_ number: Int = 1) -> CacheKey { CacheKey(whole: Array("n:0:get:/\(number):".utf8)) }

    /// Puts an entry into the store behind.
    private func store(_ number: Int = 1, _ text: String = "1", bytes: Int = 0) async throws {
        let tokens = try #require(
            try await origin.createTokens(names, knowing: names.map { _ in nil }, on: eventLoop).get()
        )
        let entry = CacheEntry(
            status: 200,
            storedAt: clock.now,
            ttl: 60_000,
            entityTag: text,
            contentType: "text/plain",
            madeIn: 0,
            tokens: tokens,
            body: ByteBuffer(repeating: 0x20, count: bytes)
        )
        _ = origin.put(entry, under: key(number), tokens: names, for: 70_000, .replace)
    }

    /// Reads, and says which answer it was and whether the store behind was asked.
    private func read(_ number: Int = 1, near life: Int64 = .max) async throws -> (text: String?, isNear: Bool) {
        try await read(key(number), near: life)
    }

    private func read(
        _ key: CacheKey,
        orOther: Bool = false,
        near life: Int64 = .max
    ) async throws -> (text: String?, isNear: Bool) {
        let before = origin.reads.value
        let reading: StoreLookupResult
        switch near.read(key, orOther: orOther, tokens: names, near: life, within: .seconds(60), on: eventLoop) {
        case .ready(let ready): reading = ready
        case .pending(let future): reading = try await future.get()
        }
        let entry = reading.entry.flatMap { $0.matches(reading.tokens) ? $0 : nil }
        return (entry?.entityTag, origin.reads.value == before)
    }

    @Test("gives what it has without asking, until the server says that it has changed")
    func invalidation() async throws {
        try await store()
        #expect(try await read() == ("1", false))
        for _ in 0..<3 { #expect(try await read() == ("1", true)) }
        try await store(1, "2")
        near.invalidated([key().stored])
        #expect(try await read() == ("2", false))
        #expect(try await read() == ("2", true))
        _ = await origin.purge([names[1]])
        #expect(try await read() == ("2", true), "nobody has said so yet")
        near.invalidated([names[1].bytes])
        #expect(try await read() == (nil, false))
        #expect(try await read() == (nil, false), "what does not match is not kept")
        near.invalidated(["n:0:get:/9:".utf8, "".utf8, "n;other;x".utf8].map(Array.init))
    }

    @Test("A token takes all entries with it that were made under it")
    func token() async throws {
        for number in 1...3 {
            try await store(number)
            _ = try await read(number)
        }
        near.invalidated([names[0].bytes])
        #expect(try await read(1) == ("1", false))
        // The token is the same; the others are as good as they were.
        #expect(try await read(2) == ("1", true))
        _ = await origin.purge([names[0]])
        near.invalidated([names[0].bytes])
        for number in 1...3 { #expect(try await read(number) == (nil, false)) }
    }

    @Test("What changes while it is read is used once and not kept")
    func placeholder() async throws {
        let events: [(NearStore) async -> Void] = [
            { $0.invalidated([key().stored]) },
            { $0.invalidated([names[1].bytes]) },
            { $0.flushed() },
            { _ = await $0.purge([TagVersionKey.tag("a".utf8, in: "n")]) },
            { $0.remove(key()) },
        ]
        for event in events {
            try await store()
            let gate = origin.hold()
            async let reading = read()
            await gate.arrivals(1)
            await event(near)
            gate.open()
            #expect(try await reading == ("1", false))
            try await store()
            #expect(try await read().isNear == false)
            near.flushed()
            #expect(near.usage.readings == 0)
        }
    }

    @Test("The other form is given if it is the only one, and else the store is asked for the client's own")
    func otherForm() async throws {
        try await store(1, "short", bytes: 10)
        try await store(2, "long", bytes: 5000)
        for number in 1...2 {
            let coded = key(number).other
            let text = number == 1 ? "short" : "long"
            #expect(try await read(coded) == (nil, false))
            #expect(try await read(coded, orOther: true) == (text, false))
            #expect(try await read(coded, orOther: true) == (text, number == 1))
            #expect(try await read(number) == (text, true), "it is there under its own key")
            #expect(try await read(coded) == (nil, false))
        }
        let stored = try #require(
            try await origin.createTokens(names, knowing: names.map { _ in nil }, on: eventLoop).get()
        )
        let coded = CacheEntry(
            status: 200,
            storedAt: clock.now,
            ttl: 60_000,
            entityTag: "coded",
            contentType: "text/plain",
            coding: .gzip,
            madeIn: 0,
            tokens: stored,
            body: ByteBuffer(repeating: 0x20, count: 100)
        )
        _ = origin.put(coded, under: key(2).other, tokens: names, for: 70_000, .add)
        #expect(try await read(key(2).other, orOther: true) == ("coded", false))
        #expect(try await read(key(2).other, orOther: true) == ("coded", true))
        #expect(try await read(2) == ("long", true))
        near.invalidated([key(2).other.stored])
        #expect(try await read(key(2).other, orOther: true) == ("coded", false))
    }

    @Test("A change of either form while both are read keeps nothing")
    func otherFormChanges() async throws {
        for change in [key(), key().other] {
            try await store(1, "short", bytes: 10)
            let gate = origin.hold()
            async let reading = read(key().other, orOther: true)
            await gate.arrivals(1)
            near.invalidated([change.stored])
            gate.open()
            #expect(try await reading == ("short", false))
            try await store(1, "short", bytes: 10)
            #expect(try await read().isNear == false)
            near.flushed()
            #expect(near.usage.readings == 0)
        }
    }

    @Test("A purge of this process is heeded when it returns")
    func purge() async throws {
        try await store()
        _ = try await read()
        #expect(await near.purge([names[1]]))
        #expect(try await read() == (nil, false))
    }

    @Test("Nothing is given or kept while the server is not known to say what changes")
    func untracked() async throws {
        try await store()
        _ = try await read()
        origin.tracking.withLock { $0 = false }
        #expect(try await read() == ("1", false))
        origin.tracking.withLock { $0 = true }
        #expect(try await read() == ("1", true))
        near.flushed()
        origin.remembers.withLock { $0 = false }
        for _ in 0..<2 { #expect(try await read() == ("1", false)) }
        origin.remembers.withLock { $0 = true }
        #expect(try await read(near: 0) == ("1", false))
        _ = try await read()
        #expect(try await read(near: 0) == ("1", false), "a route that wants no near cache gets none")
    }

    @Test("Nothing is kept for longer than the route says, or than the store keeps it")
    func life() async throws {
        try await store()
        _ = try await read(near: 5000)
        clock.advance(by: .milliseconds(4999))
        #expect(try await read(near: 5000) == ("1", true))
        clock.advance(by: .milliseconds(1))
        #expect(try await read() == ("1", false))
        clock.advance(by: .milliseconds(64_999))
        #expect(try await read() == ("1", true))
        clock.advance(by: .milliseconds(1))
        #expect(try await read().isNear == false)
    }

    @Test("It stays within its bytes under a Zipf load of large entries, and holds those that are asked for most")
    func budget() async throws {
        let sizes = (1...400).map { 20_000 + $0 * 7919 % 180_000 }
        for (index, size) in sizes.enumerated() { try await store(index + 1, bytes: size) }
        #expect(sizes.reduce(0, +) > 3 * (10 << 20))
        var weights: [Double] = []
        for rank in 1...400 { weights.append((weights.last ?? 0) + 1 / Double(rank)) }
        var generator = SystemRandomNumberGenerator()
        var nearHits = 0
        for _ in 0..<5000 {
            let draw = Double.random(in: 0..<weights[399], using: &generator)
            let number = (weights.firstIndex { $0 > draw } ?? 399) + 1
            if try await read(number).isNear { nearHits += 1 }
            #expect(near.usage.bytes <= 10 << 20)
        }
        // An even load would find about a quarter.
        #expect(nearHits > 2000)
        try await store(401, bytes: 11 << 20)
        for _ in 0..<2 { #expect(try await read(401).isNear == false) }
    }
}
