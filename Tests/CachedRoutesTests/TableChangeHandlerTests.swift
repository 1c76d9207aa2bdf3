import CachedRoutesPostgres
import CachedRoutesTesting
import Logging
import NIOCore
import NIOPosix
import PostgresClient
import RouteModel
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// A source that announces nothing by itself, and counts the inspections it is asked for.
private struct QuietSource: TableChangeSource {
    let inspections: Tally
    var isHeard: Bool { true }

    func inspectSoon() { inspections.add() }
    func settle() async {}
    func isTableName(_ text: String) -> Bool { TableName(text) != nil }
    func run(_ handler: TableChangeHandler, tables: @escaping @Sendable () -> [String]) async throws {}
}

/// The memory store, which counts the tokens that are purged.
private final class CountingStore: ForwardingStore {
    let origin: any CacheStore
    let purged = Tally()

    init(_ origin: any CacheStore) { self.origin = origin }

    func purge(_ names: [TagVersionKey]) async -> Bool {
        for _ in names { purged.add() }
        return await origin.purge(names)
    }
}

@Suite("The changes of tables")
struct TableChangeHandlerTests {
    private let clock = ManualClock()
    private let registry = TagVersionKeyRegistry(tagVersionLifetime: TagVersionLifetime())
    private let store: CountingStore
    private let locks: LocalLocks
    private let inspections = Tally()
    private let group = MultiThreadedEventLoopGroup.singleton

    init() {
        store = CountingStore(MemoryStore(budget: 1 << 20, clock: clock.wallClock))
        locks = LocalLocks(clock: clock.wallClock)
        for (namespace, interval) in [("a", Duration.zero), ("b", .zero), ("paced", .seconds(2))] {
            let cache = CachePolicy(tables: TablePolicy(["users", "orders"], minimumInterval: interval))
            registry.add(
                RoutePlan(
                    RouteDefinition(
                        RouteDeclaration(
                            "list",
                            RouteSignature(namespace: namespace, fingerprint: "0", method: .get, path: "/", inputs: []),
                            .read(cache),
                            returns: .many
                        ),
                        .sql("")
                    )
                )
            )
        }
    }

    private static func noTriggers(_ part: String? = nil) -> InspectedTable.Fault? {
        InspectedTable(TableReport(name: "", digest: "", fault: .noTriggers(part: part))).fault
    }

    private func watch(_ gate: Gate, _ trust: TableTrust? = nil, _ log: LogRecorder = LogRecorder())
        -> TableChangeHandler
    {
        TableChangeHandler(
            registry: registry,
            purger: Purger(
                store: store,
                registry: registry,
                drain: DrainDeadline(.zero),
                eventLoop: group.any(),
                logger: log.logger
            ),
            store: store,
            locks: locks,
            eventLoopGroup: group,
            trust: trust ?? TableTrust(registry: registry) { true },
            source: QuietSource(inspections: inspections),
            logger: log.logger,
            pause: { _, _ in await gate.pass() }
        )
    }

    private func name(_ namespace: String, _ table: String = "users") -> TagVersionKey {
        .table(table, minimumInterval: namespace == "paced" ? 2000 : 0, in: namespace)
    }

    /// Reads the token as a reader does who has missed.
    @discardableResult
    private func token(_ name: TagVersionKey) async throws -> TagVersion? {
        try await store.createTokens([name], knowing: [nil], on: group.any()).get()?.first
    }

    @Test("purge what was made from the table, in every namespace, and nothing else")
    func prompt() async throws {
        let watch = watch(Gate())
        let names = [name("a"), name("b"), name("a", "orders")]
        var before: [TagVersion?] = []
        for name in names { before.append(try await token(name)) }
        await watch.changed("users")
        await watch.changed("nobody's")
        var after: [TagVersion?] = []
        for name in names { after.append(try await token(name)) }
        #expect(zip(before, after).map { $0 == $1 } == [false, false, true])
        await watch.missed(.beforeFirstSession)
        #expect(try await token(names[2]) != after[2])
    }

    @Test(
        "and purges that may have been missed purge all answers, once the process has listened",
        arguments: [
            (TableChangeGap.beforeFirstSession, true), (.betweenSessions, false), (.tooMany, false),
        ]
    )
    func missed(_ gap: TableChangeGap, isKept: Bool) async throws {
        let log = LogRecorder()
        let name = TagVersionKey.route("list", in: "a")
        let before = try await token(name)
        await watch(Gate(), nil, log).missed(gap)
        #expect((try await token(name) == before) == isKept)
        #expect(
            log.lines.filter { $0.hasPrefix("warning Purges by SQL may have been missed") }.count == (isKept ? 0 : 1)
        )
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
        let marker = TagVersionKeyRegistry.TableTagVersion(name: name, minimumInterval: 2000).markerName
        #expect(await locks.acquire(marker, owner: "dead", life: 2000, on: group.any()) == .acquired)
        await other.changed("users")
        try await poll("the other one purges") { try await token(name) != third }
    }

    @Test("and of its triggers have it believed, or not, and are said once")
    func inspections() async throws {
        let trust = TableTrust(registry: registry) { true }
        let log = LogRecorder()
        let watch = watch(Gate(), trust, log)
        let (users, orders) = ([name("a")], [name("a", "orders")])
        func lines() -> [String] {
            log.lines.map { String($0.prefix { $0 != "'" }) + ($0.split(separator: "'").dropFirst().first ?? "") }
        }
        #expect(!trust.trusts(users) && trust.standing(users) == .unknown)
        #expect(trust.untrustedTables == ["orders", "users"])
        let right = InspectedTable(name: "users", digest: "1", fault: nil)
        let wrong = InspectedTable(name: "orders", digest: "1", fault: Self.noTriggers())
        for _ in 0..<3 { await watch.inspected([wrong, right]) }
        #expect(trust.trusts(users) && !trust.trusts(orders) && !trust.trusts(users + orders))
        #expect(trust.standing(users + orders) == .untrusted(["orders"]) && trust.untrustedTables == ["orders"])
        #expect(lines() == ["warning Responses made from the table orders"])
        #expect(log.lines[0].contains("run=cached-routes triggers | psql, as the owner of the tables"))
        #expect(log.lines[0].ranges(of: "it has no triggers").count == 1, "the reason is said once")
        #expect(log.lines[0].contains("are not stored: it has no triggers"))
        // Somebody makes them, which the table itself says.
        await watch.notified("orders")
        #expect(inspections.value == 1)
        await watch.notified("users")
        #expect(inspections.value == 1)
        await watch.inspected([InspectedTable(name: "orders", digest: "2", fault: nil), right])
        #expect(trust.trusts(users + orders) && trust.untrustedTables.isEmpty)
        #expect(lines().last == "notice Responses made from the table orders" && log.lines.count == 2)
        // Another fault of the same table is said, too.
        for part in ["a", "a", "b"] {
            await watch.inspected([InspectedTable(name: "orders", digest: "3", fault: Self.noTriggers(part)), right])
        }
        #expect(log.lines.count == 4)
    }

    @Test("and of its shape purge what was made before, each once")
    func digests() async throws {
        let trust = TableTrust(registry: registry) { true }
        let watch = watch(Gate(), trust)
        func reports(_ users: String, _ orders: String) -> [InspectedTable] {
            [
                InspectedTable(name: "orders", digest: orders, fault: nil),
                InspectedTable(name: "users", digest: users, fault: nil),
            ]
        }
        await watch.inspected(reports("1", "1"))
        let names = [name("a"), name("a", "orders"), name("paced", "orders")]
        var before: [TagVersion?] = []
        for name in names { before.append(try await token(name)) }
        let purges = store.purged.value
        await watch.inspected(reports("1", "1"))
        #expect(store.purged.value == purges)
        await watch.inspected(reports("1", "2"))
        var after: [TagVersion?] = []
        for name in names { after.append(try await token(name)) }
        #expect(zip(before, after).map { $0 == $1 } == [true, false, false])
        #expect(store.purged.value - purges == 3)
        await watch.inspected(reports("1", "2"))
        #expect(store.purged.value - purges == 3)
    }

    @Test("are not known of a route that comes later, until the tables are inspected again")
    func laterRoutes() async throws {
        let trust = TableTrust(registry: registry) { true }
        let watch = watch(Gate(), trust)
        let right = ["orders", "users"].map { InspectedTable(name: $0, digest: "1", fault: nil) }
        await watch.inspected(right)
        let late = TagVersionKey.table("users", in: "late")
        registry.add(
            RoutePlan(
                RouteDefinition(
                    RouteDeclaration(
                        "list",
                        RouteSignature(namespace: "late", fingerprint: "0", method: .get, path: "/", inputs: []),
                        .read(CachePolicy(tables: TablePolicy(["users"]))),
                        returns: .many
                    ),
                    .sql("")
                )
            )
        )
        trust.registryHasChanged()
        #expect(trust.trusts([name("a")]) && !trust.trusts([late]))
        try await token(late)
        let purges = store.purged.value
        await watch.inspected(right)
        #expect(trust.trusts([late]) && store.purged.value - purges == 1)
    }

    @Test("are not known of a table that no route had for a while, until what was made before is purged")
    func formerTables() async throws {
        func plan(_ namespace: String, _ tables: [String]) -> RoutePlan {
            RoutePlan(
                RouteDefinition(
                    RouteDeclaration(
                        "list",
                        RouteSignature(namespace: namespace, fingerprint: "0", method: .get, path: "/", inputs: []),
                        .read(CachePolicy(tables: TablePolicy(tables)))
                    ),
                    .sql("")
                )
            )
        }
        let trust = TableTrust(registry: registry) { true }
        let watch = watch(Gate(), trust)
        let right = ["orders", "users"].map { InspectedTable(name: $0, digest: "1", fault: nil) }
        let (orders, users) = (name("a", "orders"), name("a", "users"))
        func exchange(_ tables: String...) {
            registry.replace([plan("a", tables)])
            trust.registryWasReplaced()
        }
        exchange("orders", "users")
        await watch.inspected(right)
        #expect(trust.trusts([orders, users]))
        let before = try await token(users)
        exchange("orders")
        #expect(trust.trusts([orders]) && !trust.trusts([users]))
        await watch.notified("users")
        #expect(try await token(users) == before, "a change of the table is nobody's")
        exchange("orders", "users")
        #expect(trust.trusts([orders]) && !trust.trusts([users]))
        await watch.inspected(right)
        #expect(trust.trusts([orders, users]))
        #expect(try await token(users) != before)
        // An inspection that began before says nothing of what was missed since, and decides about the others.
        let findings = trust.take(right)
        exchange("orders")
        exchange("orders", "users")
        trust.trust(findings)
        #expect(!trust.trusts([users]) && trust.trusts([orders]))
        await watch.inspected(right)
        #expect(trust.trusts([orders, users]))
        // Nor does the first inspection of a table, which was trusted by nobody then.
        let items = name("a", "items")
        exchange("orders", "users", "items")
        let first = trust.take(right + [InspectedTable(name: "items", digest: "1", fault: nil)])
        exchange("orders", "users")
        trust.trust(first)
        exchange("orders", "users", "items")
        #expect(trust.trusts([orders, users]) && !trust.trusts([items]))
    }

    @Test("are not known while the database is not heard, nor where it can't be")
    func unheard() async throws {
        let silent = TableTrust(registry: registry) { false }
        await watch(Gate(), silent).inspected(
            ["orders", "users"].map { InspectedTable(name: $0, digest: "1", fault: nil) }
        )
        #expect(!silent.trusts([name("a")]) && silent.standing([name("a")]) == .unknown)
        #expect(silent.trusts([.tag("users".utf8, in: "a")]))
        let never = TableTrust(registry: registry, mayBeHeard: false) { false }
        #expect(never.standing([name("a")]) == .untrusted(["users"]))
    }

    @Test("are told from what SQL asks to have purged")
    func purgeNotices() async throws {
        let log = LogRecorder()
        let watch = watch(Gate(), nil, log)
        let (tag, other) = (TagVersionKey.tag("user:7".utf8, in: "a"), TagVersionKey.tag("user:7".utf8, in: "b"))
        let route = TagVersionKey.route("list", in: "a")
        func tokens() async throws -> [TagVersion?] {
            [try await token(tag), try await token(other), try await token(route)]
        }
        for (payload, purged) in [
            (#"{"tags":["user:7"]}"#, [true, true, false]),
            (#"{"tags":["user:7"],"namespace":"a"}"#, [true, false, false]),
            (#"{"tags":["user:7"],"namespace":"elsewhere"}"#, [false, false, false]),
            (#"{"routes":["list", "nothing"],"namespace":"a"}"#, [false, false, true]),
            (#"{"tags":[{"tag":"user:{id}","with":{"id":7}}]}"#, [true, true, false]),
            ("user:7", [false, false, false]),
            ("nobody's \u{1}", [false, false, false]), ("elsewhere", [false, false, false]),
        ] {
            let before = try await tokens()
            await watch.notified(payload)
            await watch.notified(payload)
            let after = try await tokens()
            #expect(zip(before, after).map { $0 != $1 } == purged, "\(payload)")
        }
        // Of each reason once: no route has such a tag, in any of three namespaces, and a text that is no table's name;
        // and no route is called so.
        let warnings = log.lines.filter { !$0.hasPrefix("debug ") }
        #expect(warnings.count == 5 && warnings.count { $0.contains("is called 'nothing'") } == 1)
        #expect(warnings.allSatisfy { $0.hasPrefix("warning A notification can't be used") })
    }
}
