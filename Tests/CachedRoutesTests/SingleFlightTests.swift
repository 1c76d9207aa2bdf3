import CachedRoutes
import CachedRoutesTesting
import HTTPTypes
import NIOCore
import Testing

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
        let route = PlannedRoute(TestRoutes.users())
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
        let route = PlannedRoute(TestRoutes.users())
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
        let route = PlannedRoute(TestRoutes.users(coalesce: .off))
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
        let route = PlannedRoute(TestRoutes.users())
        var random = SeededGenerator(seed)
        let first = Task { await service.get("/users", of: route) }
        await gate.arrivals(1)
        let others = (0..<63).map { _ in Task { await service.get("/users", of: route) } }
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
        let route = PlannedRoute(TestRoutes.users(timeout: .milliseconds(50)))
        let response = await service.get("/users", of: route)
        #expect(response.status == .gatewayTimeout)
        #expect(response.cacheStatus == "CachedRoutes; fwd=uri-miss")
        gate.open()
    }
}
