public import CachedRoutes
import HTTPConnections
import HTTPFrontend
import NIOCore
public import ServiceLifecycle

#if TLS
    import NIOSSL
#endif

/// An HTTP server for apps whose endpoints are all in manifests.
///
/// ```swift
/// let service = try CachedRoutesService(environment: .process)
/// try await CachedRoutesServer(Routes(handlers: MyHandlers()), on: service).run()
/// ```
///
/// Every GET route also answers HEAD, and every path of a route answers OPTIONS. Another method is a 405 with `Allow`, and a
/// path without routes is a 404. Hits, and misses of routes with SQL, are answered without a task, unless the route has
/// context inputs.
///
/// Clients have time limits and share bounded memory, and a shutdown ends in time whatever they do;
/// `CachedRoutesConfiguration` lists the settings. A client that closes its side of the connection counts as
/// disconnected.
public struct CachedRoutesServer: Service {
    private let service: CachedRoutesService
    private let configuration: Configuration
    private var routes: ServerRoutes
    /// The routes to serve in place of ``routes``; `nil` if those are served.
    private let replaceable: ReplaceableRoutes?

    /// Creates a server for the routes of a manifest without context inputs.
    ///
    /// A route that matches the same requests as another one, or has its namespace and name, is not served: ``run()``
    /// then throws an error that names both.
    ///
    /// - Parameters:
    ///   - routes: the generated type of the manifest.
    ///   - service: the service that serves the routes. The server runs it.
    ///   - configuration: the configuration of the server.
    public init<Routes: RouteSet>(
        _ routes: Routes,
        on service: CachedRoutesService,
        configuration: Configuration = Configuration()
    ) where Routes.Context == NoContext {
        self.init(routes, on: service, configuration: configuration) { _ in NoContext() }
    }

    /// Creates a server for the routes of a manifest.
    ///
    /// - Parameters:
    ///   - routes: the generated type of the manifest.
    ///   - service: the service that serves the routes. The server runs it.
    ///   - configuration: the configuration of the server.
    ///   - context: authenticates a request, and returns the values of the context inputs. A value that is `nil`, or no
    ///     context at all, is a 401 on routes that need it. It is called for routes with context inputs only, before
    ///     the request's body is read. A `HandlerError` that it throws is the response; any other error is logged, and
    ///     a 500 that reveals nothing. It has the time of the route's `timeout`, after which the response is a 504, and
    ///     is cancelled then, and when the client disconnects.
    public init<Routes: RouteSet>(
        _ routes: Routes,
        on service: CachedRoutesService,
        configuration: Configuration = Configuration(),
        context: @escaping @Sendable (ServerRequest) async throws -> Routes.Context?
    ) {
        self.service = service
        self.configuration = configuration
        self.routes = ServerRoutes(hasHealth: configuration.answersHealth)
        replaceable = nil
        add(routes, context: context)
    }

    /// Creates a server for routes that are exchanged while it runs.
    ///
    /// - Parameters:
    ///   - routes: the routes, which decide whether `/health` and `/ready` are answered. No others can be added.
    ///   - service: the service that serves the routes. The server runs it.
    ///   - configuration: the configuration of the server.
    package init(
        _ routes: ReplaceableRoutes,
        on service: CachedRoutesService,
        configuration: Configuration = Configuration()
    ) {
        self.service = service
        self.configuration = configuration
        self.routes = ServerRoutes(hasHealth: false)
        replaceable = routes
    }

    /// Returns a server that also serves the routes of another manifest without context inputs.
    ///
    /// - Parameter routes: the generated type of the manifest.
    public func adding<Routes: RouteSet>(_ routes: Routes) -> CachedRoutesServer where Routes.Context == NoContext {
        adding(routes) { _ in NoContext() }
    }

    /// Returns a server that also serves the routes of another manifest.
    ///
    /// - Parameters:
    ///   - routes: the generated type of the manifest.
    ///   - context: returns the values of the context inputs of a request, as for
    ///     ``init(_:on:configuration:context:)``.
    public func adding<Routes: RouteSet>(
        _ routes: Routes,
        context: @escaping @Sendable (ServerRequest) async throws -> Routes.Context?
    ) -> CachedRoutesServer {
        var server = self
        server.add(routes, context: context)
        return server
    }

    private mutating func add<Routes: RouteSet>(
        _ routes: Routes,
        context: @escaping @Sendable (ServerRequest) async throws -> Routes.Context?
    ) {
        precondition(replaceable == nil, "routes that are exchanged are all that a server has")
        for route in service.register(routes.routes.map { CompiledRoute($0) }) {
            do throws(RouteClashError) {
                try self.routes.add(route) { try await context($0) }
            } catch {
                service.refuse(error.description)
            }
        }
    }

    /// Runs the service and the server until a signal shuts them down gracefully: the server first, and when the
    /// responses to its requests have been sent, the service.
    ///
    /// - Throws: `CachedRoutesConfigurationError` for a configuration or routes that can't be used, and the error of an
    ///   address that can't be listened on. `CachedRoutesService.exit(withError:)` prints both.
    public func run() async throws {
        // Before a socket is opened.
        try service.checkRoutes()
        let listener = Listener(
            address: configuration.address
                ?? .hostname(service.configuration.host, port: service.configuration.port),
            connections: try makeConnections(),
            time: service.connectionLimits.shutdown,
            onListening: configuration.onListening
        )
        // The services of a group stop in reverse order, one after the other.
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: configuration.services + [service, listener],
                gracefulShutdownSignals: configuration.gracefulShutdownSignals,
                logger: service.logger
            )
        )
        try await group.run()
    }

    private func makeConnections() throws -> ServerConnections {
        var problems = configuration.crossOrigin?.problems.map { "crossOrigin: \($0)" } ?? []
        var addresses = ClientAddressResolver()
        do throws(MalformedAddressRangeError) {
            if let proxies = configuration.trustedProxies { addresses = try proxies.resolver() }
        } catch {
            problems.append(
                "trustedProxies: '\(error.text)' is neither an IP address nor a range such as 10.0.0.0/8 or fd00::/8, nor "
                    + "'unix:'"
            )
        }
        guard problems.isEmpty else { throw CachedRoutesConfigurationError(problems: problems) }
        let routes = replaceable.map(RoutesInUse.replaceable) ?? .fixed(routes)
        let accessLog = configuration.accessLog.map { AccessLog(addresses: addresses, log: $0) }
        let core = SharedServerState(
            service: service,
            routes: routes,
            fields: ServerResponseFields(serverName: configuration.serverName, policy: configuration.crossOrigin),
            addresses: addresses,
            accessLog: accessLog,
            tasks: RequestTasks()
        )
        let early = EarlyResponseHandler.Shared(
            service: service,
            routes: routes.early,
            answersAllMisses: true,
            fields: core.fields.constantFields,
            accessLog: accessLog,
            limits: ServerConnections.decoderLimits
        )
        var limits = service.connectionLimits
        // A part of the time is left for cancelled tasks to end.
        limits.shutdown = limits.shutdown - limits.patience
        #if TLS
            return ServerConnections(
                core: core,
                early: early,
                limits: limits,
                tls: try configuration.tls.map { try NIOSSLContext(configuration: $0.offeringHTTP2) }
            )
        #else
            return ServerConnections(core: core, early: early, limits: limits)
        #endif
    }
}
