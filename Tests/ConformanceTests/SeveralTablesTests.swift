import CachedRoutes
import CachedRoutesHummingbird
import CachedRoutesTesting
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import NIOHTTP1
import RouteModel
import TestApp
import Testing

@Suite("Routes of several manifests, and of the app, on one router")
struct SeveralTablesTests {
    /// A place where routes are added.
    enum Mount: CaseIterable {
        case router
        case group
        case nestedGroups
        case transformedGroup
        case collection

        var prefix: String {
            switch self {
            case .router: ""
            case .group, .transformedGroup: "/g"
            case .nestedGroups: "/g/h"
            case .collection: "/c"
            }
        }

        /// Adds the tables one after the other, each by a group value of its own.
        func add(_ tables: [Table], to router: Router<BasicRequestContext>, _ service: CachedRoutesService) {
            let collection = RouteCollection()
            for table in tables {
                switch self {
                case .router: router.addRoutes(table, on: service) { _, _ in nil }
                case .group: router.group("g").addRoutes(table, on: service) { _, _ in nil }
                case .nestedGroups: router.group("g").group("h").addRoutes(table, on: service) { _, _ in nil }
                case .transformedGroup:
                    router.group("g", context: OtherContext.self).addRoutes(table, on: service) { _, _ in nil }
                case .collection: collection.addRoutes(table, on: service) { _, _ in nil }
                }
            }
            if self == .collection { router.addRoutes(collection, atPath: "c") }
        }
    }

    struct OtherContext: RequestContext {
        typealias Source = BasicRequestContext
        var coreContext: CoreRequestContextStorage
        init(source: Source) { coreContext = source.coreContext }
    }

    /// A server of this library, or Hummingbird's own.
    enum Kind: CaseIterable {
        case ours
        case plain

        func wrap(_ builder: HTTPServerBuilder) -> HTTPServerBuilder { self == .ours ? builder : .http1() }
    }

    private static func route(
        _ name: String,
        _ method: RouteSignature.Method,
        _ path: PathTemplate,
        namespace: String = "n",
        location: String? = nil,
        policy: CachePolicy = CachePolicy(),
        public isPublic: Bool = false
    ) -> RouteDefinition {
        let signature = RouteSignature(
            namespace: namespace,
            fingerprint: "0badcafe",
            method: method,
            path: path,
            inputs: path.inputNames.map { RouteInput(.path, $0, .string) }
        )
        let sql = "\(name)"
        guard method != .get else {
            return RouteDefinition(
                RouteDeclaration(
                    name,
                    signature,
                    .read(policy),
                    returns: .many,
                    isPublic: isPublic,
                    location: location
                ),
                .sql(sql, binding: path.inputNames)
            )
        }
        return RouteDefinition(
            RouteDeclaration(name, signature, .write(WritePolicy()), returns: .many, location: location),
            .sql(sql, binding: path.inputNames)
        )
    }

    /// Says which statement was asked with which values.
    private static func echo() -> CannedDatabase {
        CannedDatabase { query, values in
            "\"" + ([query.sql] + (0..<values.count).flatMap { values.texts(at: $0) }).joined(separator: " ") + "\""
        }
    }

    /// Runs an app.
    ///
    /// - Parameter add: adds routes to the router.
    private static func withRouter(
        _ kind: Kind = .ours,
        database: CannedDatabase = echo(),
        runsService: Bool = true,
        _ add: (Router<BasicRequestContext>, CachedRoutesService) -> Void,
        _ body: (Int) async throws -> Void
    ) async throws {
        let service = CachedRoutesService.testing(database: database, logger: LogRecorder().logger)
        let router = Router()
        add(router, service)
        try await withServer(router, service, wrapping: kind.wrap, runsService: runsService, body)
    }

    // MARK: - One place, several names

    @Test(
        "One place may have several names for its input: each method is answered, and 405 lists them all",
        arguments: Mount.allCases
    )
    func names(mount: Mount) async throws {
        let tables = [
            Table(routes: [Self.route("get", .get, "/users/{id}"), Self.route("orders", .get, "/users/{user}/orders")]),
            Table(routes: [Self.route("put", .put, "/users/{userID}"), Self.route("list", .get, "/users")]),
            Table(routes: [Self.route("post", .post, "/users/{name}/orders"), Self.route("me", .patch, "/users/me")]),
        ]
        try await Self.withRouter { router, service in
            mount.add(tables, to: router, service)
        } _: { port async throws in
            func answer(_ method: HTTPMethod, _ path: String) async throws -> HTTPClient.Response {
                try await HTTPClient.request(method, mount.prefix + path, port: port)
            }
            #expect(try await answer(.GET, "/users/7").text == "\"get 7\"")
            #expect(try await answer(.PUT, "/users/7").text == "\"put 7\"")
            #expect(try await answer(.GET, "/users/7/orders").text == "\"orders 7\"")
            #expect(try await answer(.POST, "/users/7/orders").text == "\"post 7\"")
            #expect(try await answer(.PATCH, "/users/me").text == "\"me\"")
            #expect(try await answer(.HEAD, "/users/7").status == 200)
            // What a collection becomes part of is not known.
            guard mount != .collection else { return }
            for (path, allowed) in [
                ("/users/7", "GET, HEAD, PUT"), ("/users/7/orders", "GET, HEAD, POST"), ("/users", "GET, HEAD"),
                ("/users/me", "GET, HEAD, PATCH, PUT"),
            ] {
                let refused = try await answer(.DELETE, path)
                #expect(refused.status == 405 && refused["Allow"] == allowed, "\(path)")
            }
            #expect(try await answer(.DELETE, "/users/7/other").status == 404)
            // A literal hides a capture for its own methods only. Behind another context the router alone can say.
            guard mount != .transformedGroup else { return }
            #expect(try await answer(.GET, "/users/me").text == "\"get me\"")
            #expect(try await answer(.PUT, "/users/me").text == "\"put me\"")
        }
    }

    @Test(
        "The app may have its own name for the place, or none",
        arguments: ["/users/:key", "/users/{key}", "/users/*"],
        [Mount.router, .group, .transformedGroup]
    )
    func ownNames(path: RouterPath, mount: Mount) async throws {
        try await Self.withRouter { router, service in
            router.delete(RouterPath(mount.prefix + path.description)) { _, _ in "mine" }
            mount.add([Table(routes: [Self.route("get", .get, "/users/{id}")])], to: router, service)
        } _: { port async throws in
            let target = mount.prefix + "/users/7"
            #expect(try await HTTPClient.request(.GET, target, port: port).text == "\"get 7\"")
            #expect(try await HTTPClient.request(.DELETE, target, port: port).text == "mine")
            let refused = try await HTTPClient.request(.PUT, target, port: port)
            #expect(refused.status == 405 && refused["Allow"] == "DELETE, GET, HEAD")
        }
    }

    @Test("A literal that leads nowhere doesn't hide an input that fits")
    func literals() async throws {
        let table = Table(routes: [
            Self.route("get", .get, "/users/{id}"), Self.route("profile", .get, "/users/me/profile"),
        ])
        try await Self.withRouter { router, service in
            router.addRoutes(table, on: service) { _, _ in nil }
        } _: { port async throws in
            #expect(try await HTTPClient.request(.GET, "/users/me", port: port).text == "\"get me\"")
            #expect(try await HTTPClient.request(.GET, "/users/me/profile", port: port).text == "\"profile\"")
            #expect(try await HTTPClient.request(.PUT, "/users/me", port: port)["Allow"] == "GET, HEAD")
        }
    }

    // MARK: - Clashes

    @Test(
        "Two routes of one method and shape keep the app from running, and are named with their places",
        arguments: [Mount.router, .group, .nestedGroups, .transformedGroup],
        Kind.allCases
    )
    func clash(mount: Mount, kind: Kind) async throws {
        let tables = [
            Table(routes: [Self.route("a", .get, "/users/{id}", location: "Sources/App/routes.yaml:8")]),
            Table(routes: [Self.route("b", .get, "/users/{x}", namespace: "m", location: "Sources/Admin/routes.yaml:5")]
            ),
        ]
        do {
            let service = CachedRoutesService.testing(database: Self.echo(), logger: LogRecorder().logger)
            let router = Router()
            mount.add(tables, to: router, service)
            switch kind {
            case .ours: try await withServer(router, service) { _ in Issue.record("the server listens") }
            // A server that knows nothing of the service is ended by what the service throws.
            case .plain: try await service.run()
            }
            Issue.record("the app runs")
        } catch let error as CachedRoutesConfigurationError {
            #expect(
                error.problems == [
                    "route 'b' (GET \(mount.prefix)/users/{x}, Sources/Admin/routes.yaml:5) matches the same requests as route 'a' "
                        + "(GET /users/{id}, Sources/App/routes.yaml:8), which was added before: give one of the two another "
                        + "path, or 'base-path', or add it to a group"
                ]
            )
        }
    }

    @Test(
        "Where nobody runs the service, the first of two routes is answered, and the second is not",
        arguments: Mount.allCases
    )
    func first(mount: Mount) async throws {
        let tables = [
            Table(routes: [Self.route("a", .get, "/users/{id}")]),
            Table(routes: [
                Self.route("b", .get, "/users/{x}", namespace: "m"), Self.route("a", .get, "/other", location: "x:1"),
            ]),
        ]
        try await Self.withRouter(.plain, runsService: false) { router, service in
            mount.add(tables, to: router, service)
        } _: { port async throws in
            #expect(try await HTTPClient.request(.GET, mount.prefix + "/users/7", port: port).text == "\"a 7\"")
            #expect(try await HTTPClient.request(.GET, mount.prefix + "/other", port: port).status == 404)
        }
    }

    @Test(
        "A route that the router can't have beside one of the app's is named too",
        .timeLimit(.minutes(1)),
        arguments: [
            ("/users", "own route for GET"), ("/users/{id}", "own route for GET"), ("/users/*", "own route for GET"),
            ("/users/**", "can't stand beside the app's own '/users/**'"),
        ]
    )
    func ownClash(path: RouterPath, words: String) async throws {
        let service = CachedRoutesService.testing(database: Self.echo())
        let router = Router()
        router.get(path) { _, _ in "mine" }
        let table = Table(routes: [
            Self.route("list", .get, "/users"), Self.route("get", .get, "/users/{x}", location: "x:1"),
        ])
        router.addRoutes(table, on: service) { _, _ in nil }
        let error = try #require(await #expect(throws: CachedRoutesConfigurationError.self) { try await service.run() })
        #expect(error.problems.count == 1 && error.problems[0].contains(words))
    }

    @Test("A router that takes /Users for /users has one of the two", .timeLimit(.minutes(1)))
    func caseInsensitive() async throws {
        let service = CachedRoutesService.testing(database: Self.echo())
        let router = Router(options: .caseInsensitive)
        router.addRoutes(Table(routes: [Self.route("a", .get, "/Users")]), on: service) { _, _ in nil }
        router.addRoutes(Table(routes: [Self.route("b", .get, "/users")]), on: service) { _, _ in nil }
        await #expect(throws: CachedRoutesConfigurationError.self) { try await service.run() }
    }

    @Test("One table may be on several routers of a service")
    func severalRouters() async throws {
        let service = CachedRoutesService.testing(database: Self.echo(), logger: LogRecorder().logger)
        let table = Table(routes: [Self.route("a", .get, "/users/{id}", location: "x:1")])
        let routers = [Router(), Router()]
        for router in routers { router.addRoutes(table, on: service) { _, _ in nil } }
        for router in routers {
            try await withServer(router, service, runsService: false) { port async throws in
                #expect(try await HTTPClient.request(.GET, "/users/7", port: port).text == "\"a 7\"")
            }
        }
    }

    @Test("Several tables with thousands of routes go on one router")
    func scale() throws {
        let service = CachedRoutesService.testing(database: Self.echo())
        let router = Router()
        for table in 0..<4 {
            // Few beside each other, because the router itself compares those.
            let routes = (0..<1000).map { number in
                Self.route("r\(table)x\(number)", .get, PathTemplate("/t\(table)/\(number / 32)/\(number)/{a}"))
            }
            router.addRoutes(Table(routes: routes), on: service) { _, _ in nil }
        }
        #expect(router.routes.count == 8000)
        try service.checkRoutes()
    }

    // MARK: - Spellings of a path

    /// Spellings of a path in which some characters of its literal segments are percent-encoded.
    private static func spellings(of path: String, count: Int, seed: UInt64) -> [String] {
        var random = SplitMix(state: seed)
        return (0..<count).map { _ in
            path.utf8.map { byte in
                guard byte != 0x2F, random.next() % 3 == 0 else { return String(UnicodeScalar(byte)) }
                let digits = String(byte, radix: 16, uppercase: random.next() % 2 == 0)
                return "%" + (digits.count == 1 ? "0" : "") + digits
            }.joined()
        }
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    @Test(
        "A path is the same with unreserved characters percent-encoded (RFC 3986, 6.2.2.2)",
        arguments: [Mount.router, .group, .nestedGroups],
        Kind.allCases
    )
    func spellings(mount: Mount, kind: Kind) async throws {
        let routes = [
            Self.route("get", .get, "/~team/A-Z_a.z/{x}/09", policy: CachePolicy(beforeRouter: .hits), public: true),
            Self.route("put", .put, "/~team/A-Z_a.z/{y}/09"),
        ]
        let database = Self.echo()
        try await Self.withRouter(kind, database: database) { router, service in
            // As many of the groups' own are with bytes.
            mount.add([Table(routes: routes)], to: router, service)
        } _: { port async throws in
            let path = "/~team/A-Z_a.z/v/09"
            let first = try await HTTPClient.request(.GET, mount.prefix + path, port: port)
            #expect(first.text == "\"get v\"")
            for spelling in ["/%7Eteam/A-Z_a.z/v/09", "/%7eteam/A-Z_a.z/v/09"]
                + Self.spellings(of: path, count: 30, seed: 1)
            {
                for _ in 0..<2 {
                    let answer = try await HTTPClient.request(.GET, mount.prefix + spelling, port: port)
                    #expect(answer.text == first.text && answer["ETag"] == first["ETag"], "\(spelling)")
                    #expect(answer.cacheStatus?.hasPrefix("CachedRoutes; hit") == true)
                }
                let head = try await HTTPClient.request(.HEAD, mount.prefix + spelling + "?a=%2F", port: port)
                #expect(head.status == 200 && head.text == "" && head["ETag"] == first["ETag"])
                let refused = try await HTTPClient.request(.POST, mount.prefix + spelling, port: port)
                #expect(refused.status == 405 && refused["Allow"] == "GET, HEAD, PUT")
            }
            #expect(database.queryCount == 1, "all spellings have one key")
            let put = try await HTTPClient.request(.PUT, mount.prefix + "/%7Eteam/A-Z_a.z/w%2Fx/0%39", port: port)
            #expect(put.text == "\"put w/x\"")
            for other in [
                "/%257Eteam/A-Z_a.z/v/09", "/~team%2FA-Z_a.z/v/09", "/%7team/A-Z_a.z/v/09", "/%/A-Z_a.z/v/09",
                "/%7E/team/A-Z_a.z/v/09", "/~TEAM/A-Z_a.z/v/09", "/%7Eteam%2fA-Z_a.z/v/09", "/%7Eteam%00/A-Z_a.z/v/09",
            ] {
                #expect(try await HTTPClient.request(.GET, mount.prefix + other, port: port).status == 404, "\(other)")
            }
        }
    }

    @Test("The app's own routes and middleware keep their say in other spellings of a path")
    func guards() async throws {
        let table = Table(routes: [Self.route("get", .get, "/~team/{x}")])
        try await Self.withRouter { router, service in
            router.get("/~team/own") { _, _ in "mine" }
            let guarded = router.group("g")
            guarded.add(
                middleware: Around { request, next in
                    guard request.headers[.authorization] != nil else { throw HTTPError(.unauthorized) }
                    return try await next()
                }
            )
            guarded.addRoutes(table, on: service) { _, _ in nil }
            let other = router.group("o", context: OtherContext.self)
            other.addRoutes(table, on: service) { _, _ in nil }
        } _: { port async throws in
            for target in ["/g/~team/a", "/g/%7Eteam/a"] {
                #expect(try await HTTPClient.request(.GET, target, port: port).status == 401)
                let fields = [("Authorization", "x")]
                #expect(try await HTTPClient.request(.GET, target, port: port, fields: fields).text == "\"get a\"")
            }
            // A group with a context of its own is entered by the router alone.
            let moved = try await HTTPClient.request(.GET, "//o/%7Eteam/a%2Fb?q=%7E", port: port)
            #expect(moved.status == 308 && moved["Location"] == "/o/~team/a%2Fb?q=%7E")
            #expect(try await HTTPClient.request(.GET, "/o/~team/a%2Fb", port: port).text == "\"get a/b\"")
            #expect(try await HTTPClient.request(.POST, "/o/%7Eteam/a", port: port)["Allow"] == "GET, HEAD")
            #expect(try await HTTPClient.request(.GET, "/%7Eteam/own", port: port).status == 404)
        }
    }
}
