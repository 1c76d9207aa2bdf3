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

    @Test("Routes that can't be served are left out with their reasons, until they are mended")
    func problems() throws {
        let first = Self.route("a")
        let second = Self.route("a", fingerprint: "1")
        let (routes, problems) = service.replaceRoutes([first, second, Self.route("b")])
        #expect(routes.map(\.route.location) == ["routes.yaml:0", "routes.yaml:0"])
        #expect(routes.map(\.route.name) == ["a", "b"])
        #expect(problems.count == 1)
        #expect(try #require(problems.first).contains("has two routes called 'a'"))
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
