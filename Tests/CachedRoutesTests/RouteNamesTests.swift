import CachedRoutesTesting
import Logging
import NIOCore
import RouteModel
import TestApp
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Routes of several tables on one service")
struct RouteNamesTests {
    private static func route(
        _ name: String,
        _ path: PathTemplate,
        namespace: String = "n",
        fingerprint: String = "00000000",
        location: String? = nil,
        isWrite: Bool = false,
        isCached: Bool = true
    ) -> CompiledRoute {
        let signature = RouteSignature(
            namespace: namespace,
            fingerprint: fingerprint,
            method: isWrite ? .put : .get,
            path: path,
            inputs: []
        )
        return CompiledRoute(
            isWrite
                ? RouteDefinition(
                    RouteDeclaration(name, signature, .write(WritePolicy()), returns: .none, location: location),
                    .sql("x")
                )
                : RouteDefinition(
                    RouteDeclaration(
                        name,
                        signature,
                        .read(isCached ? CachePolicy() : nil),
                        returns: .many,
                        location: location
                    ),
                    .sql("x")
                )
        )
    }

    private static func problems(_ tables: [CompiledRoute]...) -> [String] {
        let service = CachedRoutesService.testing(database: CannedDatabase(json: "[]"))
        var taken = 0
        for table in tables { taken += service.register(table).count }
        do {
            try service.checkRoutes()
            #expect(taken == tables.map(\.count).reduce(0, +))
            return []
        } catch {
            #expect(taken < tables.map(\.count).reduce(0, +))
            return error.problems
        }
    }

    @Test("Without a database a route with SQL is refused, and one with a handler is not")
    func noDatabase() throws {
        let service = CachedRoutesService(
            configuration: CachedRoutesConfiguration(),
            store: .memory(budget: 1 << 20),
            database: DatabaseBackend(database: nil, maximumConnections: 1),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let signature = RouteSignature(namespace: "n", fingerprint: "0", method: .get, path: "/a", inputs: [])
        let handler = RouteDefinition(
            RouteDeclaration("handled", signature, .read(nil), returns: .many),
            .handler { _ in HandlerResponse(status: 200) }
        )
        #expect(service.register([CompiledRoute(handler)]).count == 1)
        #expect(throws: Never.self) { try service.checkRoutes() }
        #expect(service.register([Self.route("a", "/b", location: "x:1")]).isEmpty)
        let error = #expect(throws: CachedRoutesConfigurationError.self) { try service.checkRoutes() }
        #expect(
            error?.problems == [
                "route 'a' (GET /b, x:1) has SQL, but this program was built without PostgreSQL: enable the trait 'Postgres'"
            ]
        )
    }

    @Test("Two declarations of one name in one namespace are named with their places, and only the first is taken")
    func names() {
        let first = Self.route("users", "/a", location: "Sources/App/routes.yaml:8")
        let second = Self.route("users", "/b", location: "Sources/Admin/routes.yaml:5", isWrite: true)
        #expect(
            Self.problems([first], [second]) == [
                "the namespace 'n' has two routes called 'users': route 'users' (GET /a, Sources/App/routes.yaml:8) and route "
                    + "'users' (PUT /b, Sources/Admin/routes.yaml:5); rename one of them, or give one of the manifests another "
                    + "namespace"
            ]
        )
        // The same statement, and for all that is known not the same handler.
        #expect(Self.problems([first], [Self.route("users", "/a", location: "Sources/Admin/routes.yaml:8")]).count == 1)
    }

    @Test("One declaration at several places, and one name in several namespaces, are no problem")
    func fine() {
        let route = Self.route("users", "/a", location: "x:1")
        #expect(Self.problems([route], [route], [route]) == [])
        #expect(Self.problems([route], [Self.route("users", "/a", namespace: "m", location: "y:1")]) == [])
    }

    @Test("Two names with the same keys would get each other's answers")
    func keys() {
        let problems = Self.problems([Self.route("a", "/r", location: "x:1")], [Self.route("b", "/r", location: "y:1")])
        #expect(problems.count == 1 && problems[0].contains("(GET /r, x:1)") && problems[0].contains("(GET /r, y:1)"))
        #expect(Self.problems([Self.route("a", "/r")], [Self.route("b", "/r", fingerprint: "00000001")]) == [])
        #expect(Self.problems([Self.route("a", "/r", isWrite: true)], [Self.route("b", "/r", isWrite: true)]) == [])
        #expect(Self.problems([Self.route("a", "/r", isCached: false)], [Self.route("b", "/r", isCached: false)]) == [])
        #expect(Self.problems([Self.route("a", "/r")], [Self.route("b", "/r", isCached: false)]) == [])
    }

    @Test("A service whose routes contradict each other doesn't run", .timeLimit(.minutes(1)))
    func run() async {
        let service = CachedRoutesService.testing(database: CannedDatabase(json: "[]"))
        service.register([Self.route("a", "/a")])
        service.register([Self.route("a", "/b")])
        await #expect(throws: CachedRoutesConfigurationError.self) { try await service.run() }
    }

    @Test("Thousands of routes of several tables are taken")
    func scale() throws {
        let service = CachedRoutesService.testing(database: CannedDatabase(json: "[]"))
        for table in 0..<10 {
            let routes = (0..<500).map { Self.route("r\(table)x\($0)", PathTemplate("/\(table)/\($0)")) }
            #expect(service.register(routes).count == 500)
        }
        try service.checkRoutes()
    }
}

@Suite("Limits of routes that are none")
struct ConcurrencyNoticeTests {
    private static func route(_ name: String, _ concurrency: Int?) -> CompiledRoute {
        CompiledRoute(
            RouteDefinition(
                RouteDeclaration(
                    name,
                    RouteSignature(
                        namespace: "n",
                        fingerprint: "00000000",
                        method: .get,
                        path: PathTemplate(segments: [.literal(name)]),
                        inputs: []
                    ),
                    .read(nil),
                    returns: .many,
                    concurrency: concurrency,
                    location: "routes.yaml:7"
                ),
                .sql("x")
            )
        )
    }

    @Test("A route that may have every connection is told of once, when it is taken")
    func notices() {
        let log = LogRecorder()
        let service = CachedRoutesService.testing(database: CannedDatabase(json: "[]"), logger: log.logger)
        let most = service.configuration.databasePoolMaximum
        let routes = [
            Self.route("one", 1), Self.route("share", nil), Self.route("less", most - 1), Self.route("equal", most),
            Self.route("more", most + 1),
        ]
        service.register(routes)
        service.register(routes)
        let lines = log.lines.filter { $0.contains("concurrency") }
        #expect(lines.map { $0.contains("route=equal") } == [true, false])
        #expect(lines.map { $0.contains("route=more") } == [false, true])
        #expect(lines.allSatisfy { $0.hasPrefix("info ") && $0.contains("manifest=routes.yaml:7") })
    }
}
