import CachedRoutesTesting
import HTTPTypes
import NIOCore
import RouteModel
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// A store that no purge reaches until it is connected.
private final class UnreachableStore: ForwardingStore {
    let origin: any CacheStore = MemoryStore(budget: 1 << 20)
    let attempts = Tally()
    let isConnected = Switch()

    func purge(_ names: [TagVersionKey]) async -> Bool {
        attempts.add()
        return isConnected.isOn ? await origin.purge(names) : false
    }
}

@Suite("The time of a service is its event loop's", .timeLimit(.minutes(1)))
struct GivenTimeTests {
    private let loop = ManualEventLoop()
    private let clock = ManualClock()
    private let log = LogRecorder()
    private let name = TagVersionKey.tag("a".utf8, in: "n")

    private func service(_ database: CannedDatabase) -> CachedRoutesService {
        .testing(
            .memory(budget: 1 << 20, clock: clock.wallClock),
            database: database,
            clock: clock.wallClock,
            eventLoopGroup: loop,
            logger: log.logger
        )
    }

    private func purger(_ store: UnreachableStore) -> Purger {
        Purger(
            store: store,
            registry: TagVersionKeyRegistry(tagVersionLifetime: TagVersionLifetime()),
            drain: DrainDeadline(.seconds(5)),
            eventLoop: loop,
            logger: log.logger
        )
    }

    @Test(
        "A miss ends at its route's timeout, and not before",
        arguments: [CachePolicy.Coalescing.process, .fleet, .off]
    )
    func miss(coalesce: CachePolicy.Coalescing) async {
        let gate = Gate()
        let database = CannedDatabase { _, _ in
            await gate.pass()
            return "[1]"
        }
        let service = service(database)
        let route = CompiledRoute(TestRoutes.users(coalesce: coalesce, timeout: .seconds(5)))
        let response = Task { await service.get("/users", of: route) }
        await gate.arrivals(1)
        await loop.timers(1)
        await loop.advance(by: .seconds(5) - .nanoseconds(1))
        #expect(service.waitingRequests == 1)
        await loop.advance(by: .nanoseconds(1))
        #expect(await response.value.status == .gatewayTimeout)
        gate.open()
    }

    @Test("A queued purge is sent again every 50 ms until it arrives")
    func purge() async throws {
        let store = UnreachableStore()
        let purger = purger(store)
        let running = Task { try await purger.run() }
        #expect(await purger.purge([name]) == .queued)
        for attempt in 2..<20 {
            await loop.timers(1)
            #expect(store.attempts.value == attempt)
            await loop.advance(by: .milliseconds(49))
            #expect(store.attempts.value == attempt && loop.timers == 1)
            if attempt == 19 { store.isConnected.turnOn() }
            await loop.advance(by: .milliseconds(1))
        }
        while purger.waitingCount > 0 { await Task.yield() }
        #expect(store.attempts.value == 20 && loop.timers == 0)
        running.cancel()
        try await running.value
        #expect(loop.now == .uptimeNanoseconds(0) + .milliseconds(50 * 18))
    }

    @Test("A shutdown tries queued purges until its deadline")
    func drain() async throws {
        let store = UnreachableStore()
        let purger = purger(store)
        #expect(await purger.purge([name]) == .queued)
        // Cancelled before it begins, so that all timers are those of the shutdown.
        let gate = Gate()
        let running = Task {
            await gate.pass()
            try await purger.run()
        }
        await gate.arrivals(1)
        running.cancel()
        gate.open()
        for _ in 0..<100 {
            await loop.timers(1)
            await loop.advance(by: .milliseconds(50))
        }
        try await running.value
        #expect(purger.waitingCount == 1 && loop.timers == 0)
        #expect(loop.now == .uptimeNanoseconds(0) + .seconds(5))
        #expect(log.lines.contains { $0.hasPrefix("error Queued purges not delivered before shutdown") })
    }

    @Test("What is warmed is made again when its period is over, however long that is")
    func warming() async throws {
        let database = CannedDatabase(json: "[1]")
        let service = service(database)
        let policy = WarmPolicy(every: .seconds(7 * 86_400))
        let warmed = RouteDefinition(
            RouteDeclaration(
                "warmed",
                RouteSignature(namespace: "t", fingerprint: "0", method: .get, path: "/w", inputs: []),
                .read(CachePolicy(warm: policy)),
                returns: .many
            ),
            .sql("SELECT 1")
        )
        service.register([CompiledRoute(warmed)])
        let running = Task { try await service.run() }
        for count in 1...3 {
            try await poll("it is made") { log.lines.count { $0.contains("Warmed an answer") } == count }
            // The time limit of the fill has a timer until it is over. The pause may begin before or after that.
            await loop.advance(by: .seconds(60))
            await loop.timers(1)
            await loop.advance(by: .seconds(7 * 86_400 - 61))
            #expect(database.queryCount == count && loop.timers == 1)
            clock.advance(by: .seconds(7 * 86_400))
            await loop.advance(by: .seconds(61))
        }
        try await poll("it is made") { database.queryCount == 4 }
        running.cancel()
        try await running.value
    }

    @Test("A deadline that is shared begins with its first use")
    func drainDeadline() {
        let deadline = DrainDeadline(.seconds(3))
        let start = NIODeadline.uptimeNanoseconds(1)
        #expect(deadline.begin(at: start) == start + .seconds(3))
        #expect(deadline.begin(at: start + .seconds(2)) == start + .seconds(3))
    }
}
