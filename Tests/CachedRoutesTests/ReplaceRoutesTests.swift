import CachedRoutesTesting
import NIOCore
import RouteModel
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// A database that answers with the text of the statement, and tells which statements it was told to forget.
private final class ForgettingDatabase: StatementKeepingDatabase {
    private let forgotten = Mutex<[[String]]>([])

    /// The statements of each call.
    var calls: [[String]] { forgotten.withLock { $0 } }

    func forget(_ statements: [SQLStatement]) {
        forgotten.withLock { $0.append(statements.map(\.sql)) }
    }

    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        DatabaseAnswer(body: ByteBuffer(string: "\"\(query.sql)\""))
    }

    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under condition: WriteCondition,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        try await answer(to: query, values, deadline: deadline)
    }

    func ping(deadline: NIODeadline) async throws(RouteDatabaseError) {}
}

@Suite("Routes that are exchanged while a service runs", .timeLimit(.minutes(1)))
struct ReplaceRoutesTests {
    private let database = ForgettingDatabase()
    private let service: CachedRoutesService

    init() { service = .testing(database: database) }

    private static func definition(
        _ name: String,
        sql: String? = nil,
        fingerprint: String = "0",
        _ cache: CachePolicy = CachePolicy()
    ) -> RouteDefinition {
        RouteDefinition(
            RouteDeclaration(
                name,
                RouteSignature(
                    namespace: "n",
                    fingerprint: fingerprint,
                    method: .get,
                    path: PathTemplate("/\(name)"),
                    inputs: []
                ),
                .read(cache),
                isPublic: true,
                location: "routes.yaml:\(fingerprint)"
            ),
            .sql(sql ?? name)
        )
    }

    private static func route(
        _ name: String,
        sql: String? = nil,
        fingerprint: String = "0",
        _ cache: CachePolicy = CachePolicy()
    ) -> CompiledRoute {
        CompiledRoute(definition(name, sql: sql, fingerprint: fingerprint, cache))
    }

    private func isHit(_ route: CompiledRoute) async -> Bool {
        await service.get("/\(route.route.name)", of: route).cacheStatus?.contains("; hit") ?? false
    }

    @Test("A route is found by its namespace and name, as long as it is among those that are served")
    func names() {
        service.register([Self.route("a")])
        #expect(service.engine.route(namespace: "n", name: "a")?.route.signature.fingerprint == "0")
        #expect(service.engine.route(namespace: "m", name: "a") == nil)
        #expect(service.engine.route(namespace: "n", name: "b") == nil)
        _ = service.replaceRoutes([Self.route("a", fingerprint: "1"), Self.route("b")])
        #expect(service.engine.route(namespace: "n", name: "a")?.route.signature.fingerprint == "1")
        #expect(service.engine.route(namespace: "n", name: "b") != nil)
        _ = service.replaceRoutes([])
        #expect(service.engine.route(namespace: "n", name: "a") == nil)
    }

    @Test("What is stored stays, and is reused by routes with the same fingerprint alone")
    func stored() async {
        let (stays, before) = (Self.route("a"), Self.route("b"))
        service.register([stays, before])
        for route in [stays, before] {
            #expect(await !isHit(route))
            #expect(await isHit(route))
        }
        let after = Self.route("b", sql: "other", fingerprint: "1")
        let renewed = Self.route("a", CachePolicy(ttl: .seconds(3)))
        _ = service.replaceRoutes([renewed, after])
        #expect(await isHit(renewed))
        #expect(await service.get("/b", of: after).text == "\"other\"")
        // A request that found its route before.
        #expect(await isHit(before))
    }

    @Test("A purge between two exchanges reaches the responses of the routes before and after")
    func purge() async {
        let cache = CachePolicy(tags: ["things"])
        let (before, after) = (Self.route("a", cache), Self.route("a", fingerprint: "1", cache))
        let service = service
        let purges: [@Sendable () async -> PurgeOutcome?] = [
            { await service.purge(tags: ["things"]) }, { await service.purgeAll() },
            { try? await service.purge(route: "a") },
        ]
        for purge in purges {
            _ = service.replaceRoutes([before])
            _ = await isHit(before)
            _ = service.replaceRoutes([after])
            _ = await isHit(after)
            #expect(await isHit(before))
            #expect(await isHit(after))
            #expect(await purge() == .done)
            #expect(await !isHit(after))
            _ = service.replaceRoutes([before])
            #expect(await !isHit(before))
        }
    }

    @Test("A purge of everything reaches a route that is away meanwhile")
    func purgeOfFormerRoutes() async {
        let away = Self.route("a", CachePolicy())
        _ = service.replaceRoutes([away])
        _ = await isHit(away)
        #expect(await isHit(away))
        _ = service.replaceRoutes([Self.route("b")])
        #expect(await service.purgeAll() == .done)
        _ = service.replaceRoutes([away])
        #expect(await !isHit(away))
    }

    @Test("A fill under way ends as the route that it began with, and nobody else waits for it")
    func fill() async {
        let gate = Gate()
        let database = CannedDatabase { statement, _ in
            if statement.sql == "old" { await gate.pass() }
            return "\"\(statement.sql)\""
        }
        let service = CachedRoutesService.testing(database: database)
        let (before, after) = (Self.route("a", sql: "old"), Self.route("a", sql: "new", fingerprint: "1"))
        service.register([before])
        async let first = service.get("/a", of: before)
        await gate.arrivals(1)
        _ = service.replaceRoutes([after])
        #expect(await service.get("/a", of: after).text == "\"new\"")
        // A request that found its route before.
        async let second = service.get("/a", of: before)
        gate.open()
        #expect(await [first.text, second.text] == ["\"old\"", "\"old\""])
        for (route, text) in [(before, "\"old\""), (after, "\"new\"")] {
            let response = await service.get("/a", of: route)
            #expect(response.text == text && response.cacheStatus?.contains("; hit") ?? false)
        }
        #expect(database.queryCount == 2)
    }

    @Test("A purge after an exchange reaches the response that a route from before is still making")
    func purgeOfFill() async {
        let gate = Gate()
        let database = CannedDatabase { _, _ in
            await gate.pass()
            return "1"
        }
        let service = CachedRoutesService.testing(database: database)
        let cache = CachePolicy(tags: ["things"])
        let (before, after) = (Self.route("a", cache), Self.route("a", fingerprint: "1", cache))
        service.register([before])
        async let first = service.get("/a", of: before)
        await gate.arrivals(1)
        _ = service.replaceRoutes([after])
        #expect(await service.purge(tags: ["things"]) == .done)
        gate.open()
        #expect(await first.status == .ok)
        _ = service.replaceRoutes([before])
        let next = await service.get("/a", of: before)
        #expect(next.cacheStatus?.contains("; hit") == false && database.queryCount == 2)
    }

    @Test("A route that moves in its manifest has its new place in messages, and so have its copies and its statement")
    func moves() {
        let definition = Self.definition("a")
        let compiled = CompiledRoute(definition)
        definition.move(to: "routes.yaml:9")
        #expect(compiled.route.location == "routes.yaml:9" && definition.statements[0].location == "routes.yaml:9")
        #expect(compiled.route.label == "route 'a' (GET /a, routes.yaml:9)")
        let problems = service.replaceRoutes([Self.route("a", fingerprint: "1"), compiled]).problems
        #expect(problems.map(\.location) == ["routes.yaml:9"])
    }

    @Test("Routes that can't be served are left out with their reasons, until they are mended")
    func problems() throws {
        let first = Self.route("a")
        let second = Self.route("a", fingerprint: "1")
        let (routes, problems) = service.replaceRoutes([first, second, Self.route("b")])
        #expect(routes.map(\.route.location) == ["routes.yaml:0", "routes.yaml:0"])
        #expect(routes.map(\.route.name) == ["a", "b"])
        #expect(problems.count == 1)
        #expect(try #require(problems.first).message.contains("has two routes called 'a'"))
        #expect(problems.first?.location == "routes.yaml:1")
        #expect(throws: CachedRoutesConfigurationError.self) { try service.checkRoutes() }
        #expect(service.replaceRoutes([second]).problems.isEmpty)
        #expect(throws: Never.self) { try service.checkRoutes() }
    }

    @Test("The database forgets statements that no route has any more, and once more at the next exchange")
    func statements() {
        let get = Self.definition("get", sql: "SELECT")
        let write = RouteDefinition(
            RouteDeclaration(
                "write",
                RouteSignature(namespace: "n", fingerprint: "0", method: .delete, path: "/get", inputs: []),
                .write(WritePolicy()),
                returns: .none
            ),
            .sql("DELETE"),
            precondition: PreconditionPolicy(get)
        )
        let compiled = CompiledRoute(write)
        service.register([CompiledRoute(get), compiled, Self.route("a", sql: "1")])
        _ = service.replaceRoutes([compiled, Self.route("a", sql: "2")])
        #expect(database.calls == [["1"]])
        _ = service.replaceRoutes([compiled, Self.route("a", sql: "3")])
        #expect(database.calls.last == ["1", "2"])
        _ = service.replaceRoutes([])
        #expect(database.calls.last?.first == "2" && Set(database.calls.last ?? []) == ["2", "3", "DELETE", "SELECT"])
        _ = service.replaceRoutes([])
        _ = service.replaceRoutes([])
        #expect(database.calls.last == [])
    }

    @Test("What a route warmed is made no more when the route is gone, and no timer is left")
    func warming() async throws {
        let (loop, clock, database) = (ManualEventLoop(), ManualClock(), CannedDatabase(json: "[1]"))
        let log = LogRecorder()
        let service = CachedRoutesService.testing(
            .memory(budget: 1 << 20, clock: clock.wallClock),
            database: database,
            clock: clock.wallClock,
            eventLoopGroup: loop,
            logger: log.logger
        )
        /// Waits until so many timers are left.
        func timers(_ count: Int) async throws {
            try await poll("\(count) timers are left") {
                await loop.advance(by: .nanoseconds(0))
                return loop.timers == count
            }
        }
        /// Waits until so many responses are stored, and all of them are slept for.
        func warmed(_ count: Int, sleeping: Int) async throws {
            try await poll("\(count) are made") { log.lines.count { $0.contains("Warmed an answer") } == count }
            // The time limit of a fill has a timer until it is over.
            await loop.advance(by: .seconds(60))
            try await timers(sleeping)
            #expect(database.queryCount == count)
        }
        let cache = CachePolicy(warm: WarmPolicy(every: .seconds(86_400)))
        let (stays, goes) = (Self.route("a", cache), Self.route("b", cache))
        service.register([stays, goes])
        let running = Task { try await service.run() }
        try await warmed(2, sleeping: 2)
        _ = service.replaceRoutes([stays])
        try await timers(1)
        _ = service.replaceRoutes([stays, Self.route("b", fingerprint: "1", cache)])
        try await warmed(3, sleeping: 2)
        clock.advance(by: .seconds(86_400))
        await loop.advance(by: .seconds(86_400))
        try await warmed(5, sleeping: 2)
        _ = service.replaceRoutes([])
        try await timers(0)
        running.cancel()
        try await running.value
    }
}
