import CachedRoutesTesting
import HTTPTypes
import NIOCore
import Synchronization
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

/// A database that prepares what a test lets it.
private final class StrictDatabase: PreparingDatabase {
    private let state = Mutex((errors: [String: RouteDatabaseError](), prepared: [String]()))

    /// The texts of the statements that were to be prepared, in their order.
    var prepared: [String] { state.withLock { $0.prepared } }

    /// Has a statement fail from now on, or not.
    func set(_ sql: String, _ error: RouteDatabaseError?) { state.withLock { $0.errors[sql] = error } }

    func prepare(_ query: SQLStatement, deadline: NIODeadline) async throws(RouteDatabaseError) {
        let error = state.withLock { state in
            state.prepared.append(query.sql)
            return state.errors[query.sql]
        }
        if let error { throw error }
    }

    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        DatabaseAnswer(body: nil)
    }

    func answer(
        to query: SQLStatement,
        _ values: InputValues,
        under condition: WriteCondition,
        deadline: NIODeadline
    ) async throws(RouteDatabaseError) -> DatabaseAnswer {
        DatabaseAnswer(body: nil)
    }

    func ping(deadline: NIODeadline) async throws(RouteDatabaseError) {}
}

@Suite("The check of statements at the start", .timeLimit(.minutes(1)))
struct StartCheckTests {
    private let loop = ManualEventLoop()
    private let log = LogRecorder()
    private let database = StrictDatabase()

    private func route(_ name: String, sql: String? = nil, namespace: String = "test") -> CompiledRoute {
        CompiledRoute(
            RouteDefinition(
                RouteDeclaration(
                    name,
                    RouteSignature(
                        namespace: namespace,
                        fingerprint: "0",
                        method: .get,
                        path: PathTemplate("/\(name)"),
                        inputs: []
                    ),
                    .read(nil),
                    location: "Sources/App/routes.yaml:12"
                ),
                .sql(sql ?? name)
            )
        )
    }

    private func service(
        _ check: CachedRoutesConfiguration.StatementCheck,
        database: (any RouteDatabase)? = nil
    ) -> CachedRoutesService {
        var configuration = CachedRoutesConfiguration()
        configuration.statementCheck = check
        return CachedRoutesService(
            configuration: configuration,
            store: .memory(budget: 1 << 20),
            database: DatabaseBackend(database: database ?? self.database, maximumConnections: 16),
            eventLoopGroup: loop,
            logger: log.logger
        )
    }

    /// Runs the service until `body` returns.
    private func running(_ service: CachedRoutesService, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            // Cancelled, it throws.
            tasks.addTask { try? await service.run() }
            try await body()
            tasks.cancelAll()
        }
    }

    private func readiness(_ service: CachedRoutesService) async -> String {
        let response = await service.readiness()
        return "\(response.status.code) \(response.text)"
    }

    private var errors: [String] { log.lines.filter { $0.hasPrefix("error") } }

    @Test("A fault is logged with its route and place, and the service is ready all the same")
    func warn() async throws {
        database.set("bad", RouteDatabaseError(.failed, "no such column"))
        let service = service(.warn)
        service.register([route("good"), route("bad"), route("good", sql: "again"), route("last")])
        #expect(await readiness(service) == #"200 {"status":"ok"}"#)
        try await running(service) {
            try await poll("preparing all") { database.prepared.count == 3 && errors.count == 1 }
            service.register([route("late", sql: "later")])
            try await poll("preparing what comes later") { database.prepared.count == 4 }
        }
        #expect(Set(database.prepared) == ["good", "bad", "last", "later"])
        #expect(
            errors == [
                "error A statement can't be prepared error=no such column manifest=Sources/App/routes.yaml:12 route=bad"
            ]
        )
        #expect(await readiness(service).hasPrefix("200"))
    }

    @Test("Under fail the service is not ready before the database has prepared all, and a migration mends it")
    func fail() async throws {
        database.set("bad", RouteDatabaseError(.failed, "no such column"))
        let service = service(.fail)
        service.register([route("good"), route("bad")])
        #expect(await readiness(service) == #"503 {"status":"checking"}"#)
        try await running(service) {
            try await poll("the fault") { await readiness(service) == #"503 {"status":"faulty","routes":["bad"]}"# }
            await loop.timers(1)
            await loop.advance(by: .seconds(10))
            try await poll("another attempt") { database.prepared.count { $0 == "bad" } == 2 }
            await loop.timers(1)
            database.set("bad", nil)
            await loop.advance(by: .seconds(10))
            try await poll("the end of the fault") { await readiness(service) == #"200 {"status":"ok"}"# }
            #expect(service.health().status == .ok)
        }
        #expect(errors.count == 1)
        #expect(log.lines.contains { $0.hasPrefix("notice A statement can be prepared again") })
    }

    @Test(
        "While the database is away, or something holds a statement up, nothing is said of it",
        arguments: [RouteDatabaseError.Code.unavailable, .overloaded, .deadlineExceeded, .contended]
    )
    func away(code: RouteDatabaseError.Code) async throws {
        database.set("first", RouteDatabaseError(code, "not now"))
        let service = service(.fail)
        service.register([route("first")])
        try await running(service) {
            for attempt in 1...3 {
                try await poll("attempt \(attempt)") { database.prepared.count == attempt }
                await loop.timers(1)
                #expect(await readiness(service) == #"503 {"status":"checking"}"#)
                if attempt == 3 { database.set("first", nil) }
                await loop.advance(by: .seconds(20))
            }
            try await poll("readiness") { await readiness(service).hasPrefix("200") }
        }
        #expect(errors == [])
    }

    @Test("Switched off, or with a database that can't, nothing is prepared and nothing waits for it")
    func off() async throws {
        let switchedOff = service(.off)
        switchedOff.register([route("first")])
        let unable = service(.fail, database: CannedDatabase(json: "[]"))
        unable.register([route("first")])
        for service in [switchedOff, unable] {
            #expect(!service.engine.services.contains { $0 is StartCheck })
            #expect(await readiness(service).hasPrefix("200"))
        }
        #expect(CachedRoutesService.testing(database: database).engine.startCheck == nil)
        #expect(service(.warn).engine.services.contains { $0 is StartCheck })
    }

    @Test("The variable has three values")
    func variable() throws {
        for (text, expected) in [("warn", .warn), ("fail", .fail), ("off", .off), ("", .warn)]
            as [(String, CachedRoutesConfiguration.StatementCheck)]
        {
            let configuration = try CachedRoutesConfiguration(environment: ["CACHED_ROUTES_CHECK": text])
            #expect(configuration.statementCheck == expected)
        }
        do {
            _ = try CachedRoutesConfiguration(environment: ["CACHED_ROUTES_CHECK": "error"])
            Issue.record("the value is refused")
        } catch {
            #expect(error.problems == ["CACHED_ROUTES_CHECK='error' is not one of warn, fail, off"])
        }
    }
}
