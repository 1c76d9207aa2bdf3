import CachedRoutesTesting
import HTTPTypes
import Logging
import NIOCore
import NIOPosix
import RouteModel
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Concurrent misses of one key")
struct SingleFlightTests {
    private let gate = Gate()

    private func slowDatabase() -> CannedDatabase {
        CannedDatabase { [gate] _, values in
            await gate.pass()
            return "[\(values.text(at: 1) ?? "")]"
        }
    }

    @Test("make one query")
    func oneQuery() async {
        let database = slowDatabase()
        let service = CachedRoutesService.testing(database: database)
        let route = CompiledRoute(TestRoutes.users())
        let responses = await withTaskGroup(of: RouteResponse.self) { group in
            for _ in 0..<64 { group.addTask { await service.get("/users", of: route) } }
            await gate.arrivals(1)
            gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(database.queryCount == 1)
        #expect(Set(responses.map(\.text)) == ["[20]"])
        let statuses = responses.compactMap(\.cacheStatus)
        #expect(statuses.filter { $0 == "CachedRoutes; fwd=uri-miss; stored" }.count == 1)
        #expect(statuses.allSatisfy { $0.contains("collapsed") || $0.contains("hit") || $0.hasSuffix("stored") })
    }

    @Test("of other keys don't wait for each other")
    func otherKeys() async {
        let database = slowDatabase()
        let service = CachedRoutesService.testing(database: database)
        let route = CompiledRoute(TestRoutes.users())
        async let first = service.get("/users?limit=1", of: route)
        async let second = service.get("/users?limit=2", of: route)
        await gate.arrivals(2)
        gate.open()
        #expect(await first.text == "[1]")
        #expect(await second.text == "[2]")
        #expect(database.queryCount == 2)
    }

    @Test("make a query each with coalesce: off")
    func off() async {
        let database = slowDatabase()
        let service = CachedRoutesService.testing(database: database)
        let route = CompiledRoute(TestRoutes.users(coalesce: .off))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = await service.get("/users", of: route) } }
            await gate.arrivals(8)
            gate.open()
        }
        #expect(database.queryCount == 8)
    }

    @Test("survive the clients that leave, the first one included", arguments: 0..<4)
    func cancellation(seed: UInt64) async {
        let database = slowDatabase()
        let service = CachedRoutesService.testing(database: database)
        let route = CompiledRoute(TestRoutes.users())
        var random = SeededGenerator(seed)
        let first = Task { await service.get("/users", of: route) }
        await gate.arrivals(1)
        let others = (0..<63).map { _ in Task { await service.get("/users", of: route) } }
        while service.waitingRequests < 64 { await Task.yield() }
        var staying: [Task<RouteResponse, Never>] = []
        first.cancel()
        for task in others {
            if Bool.random(using: &random) { task.cancel() } else { staying.append(task) }
        }
        gate.open()
        for task in staying { #expect(await task.value.text == "[20]") }
        _ = await first.value
        #expect(database.queryCount == 1)
    }

    @Test("end at the deadline of the one who waits, and the query's answer is stored all the same")
    func deadline() async {
        let database = slowDatabase()
        let service = CachedRoutesService.testing(database: database)
        let route = CompiledRoute(TestRoutes.users(timeout: .milliseconds(50)))
        let response = await service.get("/users", of: route)
        #expect(response.status == .gatewayTimeout)
        #expect(response.cacheStatus == "CachedRoutes; fwd=uri-miss")
        gate.open()
    }

    @Test("are not answered from a flight that landed longer than its ttl ago and still waits for a slow store")
    func slowStore() async {
        let clock = ManualClock()
        let database = CannedDatabase { _, _ in "[\(clock.now)]" }
        let store = UnsettledStore()
        let service = CachedRoutesService.testing(
            StoreBackend(store, clock: clock.wallClock),
            database: database,
            clock: clock.wallClock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let route = CompiledRoute(TestRoutes.users(ttl: .seconds(10)))
        let first = await service.get("/users", of: route)
        clock.advance(by: .seconds(4))
        let second = await service.get("/users", of: route)
        #expect(second.text == first.text)
        #expect(second.cacheStatus == "CachedRoutes; fwd=uri-miss; stored; collapsed")
        #expect(second.headerFields[.age] == "4")
        clock.advance(by: .seconds(6))
        let third = await service.get("/users", of: route)
        #expect(third.text == "[\(clock.now)]")
        #expect(third.cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
        // The new flight is the one that others meet now.
        let fourth = await service.get("/users", of: route)
        #expect(fourth.cacheStatus == "CachedRoutes; fwd=uri-miss; stored; collapsed")
        #expect(database.queryCount == 2)
        store.settle()
    }

    @Test("make the other form of an answer once, from the one that is stored", arguments: ["gzip", "identity"])
    func otherForm(wanted: String) async throws {
        let clock = ManualClock()
        let memory = MemoryStore(budget: 1 << 20, clock: clock.wallClock)
        let body = "[" + String(repeating: "1,", count: 2000) + "1]"
        let store = CountingStore(memory: memory)
        let database = CannedDatabase(json: body)
        let service = CachedRoutesService.testing(
            StoreBackend(store, clock: clock.wallClock),
            database: database,
            clock: clock.wallClock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let route = CompiledRoute(TestRoutes.users())
        _ = await service.get("/users", of: route, [.acceptEncoding: wanted == "gzip" ? "identity" : "gzip"])
        let before = store.kept.value
        #expect(before == 1)
        let answers = await withTaskGroup(of: RouteResponse.self) { group in
            for _ in 0..<32 {
                group.addTask { await service.get("/users", of: route, [.acceptEncoding: wanted]) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.allSatisfy { $0.cacheStatus == "CachedRoutes; hit; ttl=60" })
        #expect(answers.allSatisfy { $0.headerFields[.contentEncoding] == (wanted == "gzip" ? "gzip" : nil) })
        if wanted == "identity" { #expect(answers.allSatisfy { $0.text == body }) }
        #expect(store.kept.value - before == 1)
        #expect(database.queryCount == 1)
    }

    @Test("look into the store again when a flight of their key has left since they looked")
    func secondLook() async {
        let clock = ManualClock()
        let memory = MemoryStore(budget: 1 << 20, clock: clock.wallClock)
        let gate = gate
        let store = DelayedStore(memory: memory, gate: gate)
        let database = CannedDatabase(json: "[1]")
        let service = CachedRoutesService.testing(
            StoreBackend(store, clock: clock.wallClock),
            database: database,
            clock: clock.wallClock,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let route = CompiledRoute(TestRoutes.users())
        // This one has missed, and hears of it only after the other one has come and gone.
        async let slow = service.get("/users", of: route)
        await gate.arrivals(1)
        let quick = await service.get("/users", of: route)
        #expect(quick.cacheStatus == "CachedRoutes; fwd=uri-miss; stored")
        gate.open()
        #expect(await slow.cacheStatus == "CachedRoutes; hit; ttl=60")
        #expect(database.queryCount == 1)
    }
}

/// Accepts everything, finds nothing, and settles when it is told to.
private final class UnsettledStore: ForwardingStore {
    private let promises = Mutex<[EventLoopPromise<Void>]>([])
    let origin: any CacheStore = MemoryStore(budget: 1 << 20)

    func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        tokens: [TagVersionKey],
        for lifetime: Int64,
        _ mode: PutMode
    ) -> PutResult {
        let promise = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
        promises.withLock { $0.append(promise) }
        return .accepted(promise.futureResult)
    }

    func settle() {
        for promise in promises.withLock({ $0 }) { promise.succeed() }
    }
}

/// The memory store, whose first reading takes until a gate is open.
private final class DelayedStore: ForwardingStore {
    let origin: any CacheStore
    private let gate: Gate
    private let readings = Mutex(0)

    init(memory: MemoryStore, gate: Gate) {
        origin = memory
        self.gate = gate
    }

    func read(
        _ key: CacheKey,
        orOther: Bool,
        tokens: [TagVersionKey],
        near: Int64,
        within bound: TimeAmount,
        on eventLoop: any EventLoop
    ) -> StoreResultOrFuture {
        let reading = origin.read(key, orOther: orOther, tokens: tokens, near: near, within: bound, on: eventLoop)
        guard case .ready(let result) = reading,
            readings.withLock({
                $0 += 1; return $0
            }) == 1
        else { return reading }
        let promise = eventLoop.makePromise(of: StoreLookupResult.self)
        Task { [gate] in
            await gate.pass()
            promise.succeed(result)
        }
        return .pending(promise.futureResult)
    }
}

/// The memory store, which counts what it keeps.
private final class CountingStore: ForwardingStore {
    let origin: any CacheStore
    let kept = Tally()

    init(memory: MemoryStore) { origin = memory }

    func put(
        _ entry: CacheEntry,
        under key: CacheKey,
        tokens: [TagVersionKey],
        for lifetime: Int64,
        _ mode: PutMode
    ) -> PutResult {
        kept.add()
        return origin.put(entry, under: key, tokens: tokens, for: lifetime, mode)
    }
}
