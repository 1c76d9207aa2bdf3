import CachedRoutesTesting
import Logging
import NIOCore
import NIOPosix
import RouteModel
import TestApp
import Testing

@testable import CachedRoutes

/// The memory store, which counts the tokens that are purged.
private final class CountingStore: WrappingStore {
    let origin: any CacheStore
    let purged = Tally()

    init(_ origin: any CacheStore) { self.origin = origin }

    func purge(_ names: [TokenName]) async -> Bool {
        for _ in names { purged.add() }
        return await origin.purge(names)
    }
}

@Suite("The changes of tables")
struct TableWatchTests {
    private let clock = ManualClock()
    private let registry = RouteRegistry(tokenLife: TokenLife())
    private let store: CountingStore
    private let locks: LocalLocks
    private let group = MultiThreadedEventLoopGroup.singleton

    init() {
        store = CountingStore(MemoryStore(budget: 1 << 20, clock: clock.wallClock))
        locks = LocalLocks(clock: clock.wallClock)
        for (namespace, interval) in [("a", Duration.zero), ("b", .zero), ("paced", .seconds(2))] {
            let cache = CachePolicy(tables: TablePolicy(["users", "orders"], minimumInterval: interval))
            registry.add(
                RoutePlan(
                    Route(
                        "list",
                        RouteSignature(namespace: namespace, fingerprint: "0", method: .get, path: "/", inputs: []),
                        cache: cache,
                        returns: .many,
                        sql: ""
                    )
                )
            )
        }
    }

    private func watch(_ gate: Gate) -> TableWatch {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return TableWatch(
            registry: registry,
            purger: Purger(store: store, registry: registry, drainTimeout: .zero, logger: logger),
            store: store,
            locks: locks,
            eventLoopGroup: group,
            pause: { _ in await gate.pass() }
        )
    }

    private func name(_ namespace: String, _ table: String = "users") -> TokenName {
        .table(table, minimumInterval: namespace == "paced" ? 2000 : 0, in: namespace)
    }

    /// Reads the token as a reader does who has missed.
    @discardableResult
    private func token(_ name: TokenName) async throws -> Token? {
        try await store.createTokens([name], knowing: [nil], on: group.any()).get()?.first
    }

    @Test("purge what was made from the table, in every namespace, and nothing else")
    func prompt() async throws {
        let watch = watch(Gate())
        let names = [name("a"), name("b"), name("a", "orders")]
        var before: [Token?] = []
        for name in names { before.append(try await token(name)) }
        await watch.changed("users")
        await watch.changed("nobody's")
        var after: [Token?] = []
        for name in names { after.append(try await token(name)) }
        #expect(zip(before, after).map { $0 == $1 } == [false, false, true])
        await watch.missed()
        #expect(try await token(names[2]) != after[2])
    }

    @Test("of a hot table purge once at the beginning and once at the end of its interval")
    func paced() async throws {
        let gate = Gate()
        let watch = watch(gate)
        let name = name("paced")
        let first = try await token(name)
        await watch.changed("users")
        let second = try await token(name)
        #expect(second != first)
        let purges = store.purged.value
        for _ in 0..<5 { await watch.changed("users") }
        await gate.arrivals(1)
        // The tables without an interval, five times in two namespaces.
        #expect(store.purged.value - purges == 10)
        #expect(try await token(name) == second)
        clock.advance(by: .seconds(2))
        gate.open()
        try await poll("the last change") { try await token(name) != second }
        #expect(store.purged.value - purges == 11)
        // Its interval has begun anew.
        let third = try await token(name)
        await watch.changed("users")
        #expect(try await token(name) == third)
    }

    @Test("are purged by one of several processes, and by another one if that dies before it can")
    func processes() async throws {
        let (gate, otherGate) = (Gate(), Gate())
        let (watch, other) = (watch(gate), watch(otherGate))
        let name = name("paced")
        let first = try await token(name)
        await watch.changed("users")
        let second = try await token(name)
        await other.changed("users")
        #expect(try await token(name) == second && second != first)
        await otherGate.arrivals(1)
        await watch.changed("users")
        await gate.arrivals(1)
        clock.advance(by: .seconds(2))
        gate.open()
        try await poll("one of them has purged") { try await token(name) != second }
        let third = try await token(name)
        let purges = store.purged.value
        otherGate.open()
        // It finds the mark of the other one, and another token than it had seen.
        await other.changed("orders")
        #expect(try await token(name) == third)
        #expect(store.purged.value - purges == 3)

        // Somebody marks the change, and is gone.
        clock.advance(by: .seconds(2))
        let marker = RouteRegistry.TableToken(name: name, minimumInterval: 2000).markerName
        #expect(await locks.acquire(marker, owner: "dead", life: 2000, on: group.any()) == .acquired)
        await other.changed("users")
        try await poll("the other one purges") { try await token(name) != third }
    }
}
