import CachedRoutesHummingbird
import CachedRoutesServer
import CachedRoutesTesting
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import RedisClient
import RouteModel
import Synchronization
import TestApp
import TestServers

@testable import CachedRoutes
@testable import CachedRoutesCore
@testable import CachedRoutesRedis

/// Where answers are kept in a test.
enum Backing: CaseIterable {
    case memory
    case redis
}

/// Which way hits take in this run of the suite.
enum Way {
    private static let name = ProcessInfo.processInfo.environment["CACHED_ROUTES_TEST_WAY"] ?? ""

    /// All rules hold for each way: `CACHED_ROUTES_TEST_WAY=before-router` runs them with hits before the router,
    /// `before-router-all` with misses there, too, and `server` on the server without a framework.
    static let isServer = name == "server"
    static let isBeforeRouter = name.hasPrefix("before-router")
    private static let responses: CachePolicy.BeforeRouter = name == "before-router-all" ? .all : .hits

    /// The methods of a path whose routes have these methods, as `Allow` lists them.
    static func allowed(_ methods: String) -> String {
        guard isServer else { return methods }
        return (methods.components(separatedBy: ", ") + ["OPTIONS"]).sorted().joined(separator: ", ")
    }

    /// The routes, answered as this run wants it, whoever may have their answers.
    static func routes(_ routes: [RouteDefinition], beforeRouter: Bool) -> [RouteDefinition] {
        routes.map { route in
            var route = route
            if beforeRouter, route.cache != nil { route.beforeRouter = responses }
            return route
        }
    }
}

/// A service behind a real socket, whose clock and database a test moves.
struct Harness: Sendable {
    let port: Int
    let clock: ManualClock
    let database: CannedDatabase
    let service: CachedRoutesService
    let log: LogRecorder
    /// The Redis behind the service, if there is one.
    let redis: RedisServer?

    /// Starts a service with these routes, runs `body`, and shuts it down gracefully.
    ///
    /// - Parameters:
    ///   - draw: which part of a route's jitter shortens a ttl.
    ///   - context: the values of context inputs that a request gets; `nil`: it is not authenticated.
    static func run(
        _ routes: [RouteDefinition],
        on backing: Backing = .memory,
        database: CannedDatabase = CannedDatabase(json: "[1]"),
        draw: @escaping @Sendable () -> Double = { 0 },
        context: @escaping @Sendable (HTTPFields) -> [String: String]? = { _ in nil },
        _ body: (Harness) async throws -> Void
    ) async throws {
        let redis = backing == .redis ? try await blocking { try RedisServer() } : nil
        defer { redis?.stop() }
        let clock = ManualClock(milliseconds: 1_700_000_000_000)
        try await run(routes, redis: redis, database: database, clock: clock, draw: draw, context: context, body)
    }

    /// Starts a service with these routes over a Redis that is there; `nil`: over the memory store.
    static func run(
        _ routes: [RouteDefinition],
        redis: RedisServer?,
        database: CannedDatabase,
        clock: ManualClock,
        draw: @escaping @Sendable () -> Double = { 0 },
        context: @escaping @Sendable (HTTPFields) -> [String: String]? = { _ in nil },
        configure: (inout CachedRoutesConfiguration) -> Void = { _ in },
        isBeforeRouter: Bool = Way.isBeforeRouter,
        isServer: Bool = Way.isServer,
        http: HTTP1Channel.Configuration = .init(),
        beforeRouter: BeforeRouterConfiguration = .init(),
        runsPublicRoutesOnEventLoops: Bool = true,
        wrapping wrap: (HTTPServerBuilder) throws -> HTTPServerBuilder = { $0 },
        rewriting rewrite: @escaping @Sendable (Request) -> Request = { $0 },
        hasHealth: Bool = false,
        mount: ((Router<BasicRequestContext>, Table, CachedRoutesService) -> Void)? = nil,
        _ body: (Harness) async throws -> Void
    ) async throws {
        let log = LogRecorder()
        var configuration = CachedRoutesConfiguration()
        // A busy machine is no fault.
        configuration.redisCommandTimeout = .seconds(5)
        configure(&configuration)
        let service =
            if let redis {
                try CachedRoutesService.overRedis(redis.url, configuration, database, clock, draw, log.logger)
            } else {
                CachedRoutesService.inMemory(configuration, database, clock, draw, log.logger)
            }
        func withPort(_ port: Int) async throws {
            try await body(
                Harness(port: port, clock: clock, database: database, service: service, log: log, redis: redis)
            )
        }
        let table = Table(routes: Way.routes(routes, beforeRouter: isBeforeRouter), contextOf: context)
        if isServer, mount == nil {
            var configuration = CachedRoutesServer.Configuration()
            configuration.answersHealth = hasHealth
            return try await withCachedRoutesServer(service, configuration: configuration) {
                CachedRoutesServer(table, on: service, configuration: $0) { table.context(of: $0.headerFields) }
            } _: { port in
                try await withPort(port)
            }
        }
        let router = Router()
        (mount ?? Harness.mount)(router, table, service)
        if hasHealth { router.addHealth(of: service) }
        try await withServer(
            router,
            service,
            configuration: http,
            beforeRouter: beforeRouter,
            runsPublicRoutesOnEventLoops: runsPublicRoutesOnEventLoops,
            wrapping: wrap,
            rewriting: rewrite
        ) { port in
            try await withPort(port)
        }
    }

    /// Puts the routes where their templates say.
    static func mount(_ router: Router<BasicRequestContext>, _ table: Table, _ service: CachedRoutesService) {
        router.addRoutes(table, on: service) { request, _ in table.context(of: request.headers) }
    }

    /// Sends a request on a connection of its own.
    func send(
        _ method: HTTPMethod = .GET,
        _ target: String = "/r",
        _ fields: [(String, String)] = []
    ) async throws -> HTTPClient.Response {
        try await HTTPClient.request(method, target, port: port, fields: fields)
    }

    /// Asks until the answer comes from the store: it is written in the background.
    @discardableResult
    func stored(_ target: String = "/r", _ fields: [(String, String)] = []) async throws -> HTTPClient.Response {
        var response = HTTPClient.Response()
        try await poll("the answer to \(target) is in the store") {
            response = try await send(.GET, target, fields)
            return response.cacheStatus?.hasPrefix("CachedRoutes; hit") ?? false
        }
        return response
    }

    /// Asks until the answer in the store is fresh, as `Cache-Status` says.
    @discardableResult
    func fresh(_ target: String = "/r", _ fields: [(String, String)] = []) async throws -> HTTPClient.Response {
        var response = HTTPClient.Response()
        try await poll("the answer to \(target) is fresh") {
            response = try await send(.GET, target, fields)
            let status = try CacheStatusField(of: response)
            return status.isHit && status.ttl ?? -1 >= 0
        }
        return response
    }

    /// What `redis-cli` prints for a command; empty without a Redis.
    func redis(_ arguments: String...) async throws -> String {
        guard let redis else { return "" }
        return try await blocking { try redis.cli(arguments) }
    }

    /// The keys of all entries in Redis, in order.
    func entryKeys() async throws -> [String] {
        try await redis("KEYS", "*").split(separator: "\n").map(String.init).filter { !$0.contains(";route;") }.sorted()
    }

    /// The name of the lock of the answer at `/r`, under the token that is there now, or is from now on.
    func lockName() async throws -> String {
        let token = TagVersionKey.route("route", in: "conformance").description
        _ = try await redis("SET", token, TagVersion.randomValue(), "NX")
        let identity = RedisServerIdentity(RedisInfo(try await redis("INFO")))
        let id = FlightID(
            key: CacheKey(whole: Array("conformance:0badcafe:get:/r:".utf8)),
            tokens: [TagVersion(value: try await redis("GET", token), server: identity?.digest ?? "")]
        )
        return String(decoding: id.lockName, as: UTF8.self)
    }
}

/// Holds statements back until a test lets them go.
final class DatabaseGate: Sendable {
    private let held = Mutex<[CheckedContinuation<Void, Never>]?>([])

    /// Waits until the gate is open.
    func pass() async {
        await withCheckedContinuation { continuation in
            let isOpen = held.withLock { held in
                held?.append(continuation)
                return held == nil
            }
            if isOpen { continuation.resume() }
        }
    }

    /// Lets everybody pass, from now on too.
    func open() {
        let released = held.withLock { held in
            defer { held = nil }
            return held ?? []
        }
        for continuation in released { continuation.resume() }
    }
}

extension CannedDatabase {
    /// A database that answers each statement with the values it was given, as a JSON array of strings.
    static func echo() -> CannedDatabase {
        CannedDatabase { _, values in
            let texts = (0..<values.count).flatMap { values.texts(at: $0) }
            return "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]"
        }
    }

    /// From now on every statement gets this answer; `nil`: no row.
    func answer(json: String?) {
        answer { _, _ in json }
    }
}

/// Routes as a manifest would give them.
struct Table: RouteSet {
    typealias Context = DictionaryContext
    let routes: [RouteDefinition]
    var contextOf: @Sendable (HTTPFields) -> [String: String]? = { _ in nil }

    /// The context values of a request; `nil`: it is not authenticated.
    func context(of fields: HTTPFields) -> DictionaryContext? { contextOf(fields).map(DictionaryContext.init) }
}

/// Context values as a test says.
struct DictionaryContext: RouteContext {
    var values: [String: String]
    func text(of name: String) -> String? { values[name] }
}

extension CachedRoutesService {
    fileprivate static func inMemory(
        _ configuration: CachedRoutesConfiguration,
        _ database: any RouteDatabase,
        _ clock: ManualClock,
        _ draw: @escaping @Sendable () -> Double,
        _ logger: Logger
    ) -> CachedRoutesService {
        testing(
            .memory(budget: 64 << 20, clock: clock.wallClock),
            configuration: configuration,
            database: database,
            clock: clock.wallClock,
            draw: draw,
            logger: logger
        )
    }

    fileprivate static func overRedis(
        _ url: String,
        _ configuration: CachedRoutesConfiguration,
        _ database: any RouteDatabase,
        _ clock: ManualClock,
        _ draw: @escaping @Sendable () -> Double,
        _ logger: Logger
    ) throws -> CachedRoutesService {
        var configuration = configuration
        configuration.redisURL = url
        let backends = BackendFactory(
            configuration,
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
        guard let store = try backends.redisStore(clock: clock.wallClock) else {
            preconditionFailure("a URL makes a store")
        }
        return testing(
            store,
            configuration: configuration,
            database: database,
            clock: clock.wallClock,
            draw: draw,
            logger: logger
        )
    }
}

/// A GET route at `/r`, answered by the database.
func route(
    _ cache: CachePolicy = CachePolicy(),
    path: PathTemplate = "/r",
    public isPublic: Bool = false,
    timeout: Duration = .seconds(5),
    requestDirectives: RouteDeclaration.RequestDirectives = .ignore,
    returns: RouteDeclaration.Returns = .many,
    _ inputs: RouteInput...
) -> RouteDefinition {
    RouteDefinition(
        RouteDeclaration(
            "route",
            RouteSignature(namespace: "conformance", fingerprint: "0badcafe", method: .get, path: path, inputs: inputs),
            .read(cache),
            returns: returns,
            timeout: timeout,
            isPublic: isPublic,
            requestDirectives: requestDirectives
        ),
        .sql("SELECT 1", binding: inputs.map(\.name))
    )
}

/// Middleware from a function.
struct Around: RouterMiddleware {
    typealias Context = BasicRequestContext
    typealias Next = () async throws -> Response

    private let body: @Sendable (Request, Next) async throws -> Response

    init(_ body: @escaping @Sendable (Request, Next) async throws -> Response) {
        self.body = body
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        try await body(request) { try await next(request, context) }
    }
}

/// A GET route at `/h`, answered by a handler.
func handlerRoute(
    _ cache: CachePolicy = CachePolicy(),
    timeout: Duration = .seconds(5),
    status: Int? = nil,
    _ handler: @escaping RouteDefinition.Handler
) -> RouteDefinition {
    RouteDefinition(
        RouteDeclaration(
            "handler",
            RouteSignature(namespace: "conformance", fingerprint: "0badcafe", method: .get, path: "/h", inputs: []),
            .read(cache),
            status: status,
            timeout: timeout
        ),
        .handler(handler)
    )
}
