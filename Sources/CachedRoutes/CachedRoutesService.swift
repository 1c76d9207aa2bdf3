package import CachedRoutesCore
package import HTTPConnections
public import Logging
public import NIOCore
public import NIOPosix
public import ServiceLifecycle
import Synchronization

/// The service behind the routes of manifests: it owns the store, the connections to the database, and the engine that
/// serves requests.
///
/// Run it beside the HTTP server, and stop it after the server, when the background writes of all responses are queued.
public final class CachedRoutesService: Service {
    /// The configuration of the service.
    public let configuration: CachedRoutesConfiguration
    /// The logger of the service.
    public let logger: Logger

    /// The event loops of the HTTP server.
    package let eventLoopGroup: any EventLoopGroup
    /// The connections of clients, on all servers that use this service.
    package let connections: ConnectionRegistry
    /// The engine that answers the routes.
    package let engine: RouteEngine
    let readinessCheck: ReadinessCheck
    let shutdownTimes: ShutdownTimes
    let hasRoutesBeforeRouter = Atomic(false)

    /// Creates a service from environment variables, which ``CachedRoutesConfiguration`` lists.
    ///
    /// - Parameters:
    ///   - environment: the variables.
    ///   - logger: takes the messages of the service; `nil` for a logger of its own with
    ///     ``CachedRoutesConfiguration/logLevel``.
    /// - Throws: ``CachedRoutesConfigurationError`` for a configuration that can't be used; never because a server is
    ///   unavailable.
    public convenience init(environment: CachedRoutesEnvironment, logger: Logger? = nil) throws {
        let configuration = try CachedRoutesConfiguration(environment: environment)
        try self.init(configuration: configuration, logger: logger)
        for variable in configuration.unreadVariables { variable.log(to: self.logger) }
        for note in configuration.notes { self.logger.info("\(note)") }
    }

    /// Creates a service from a configuration.
    ///
    /// - Parameters:
    ///   - configuration: servers, limits and times.
    ///   - eventLoopGroup: the event loops of the HTTP server, so that a request asks Redis on its own event loop. They
    ///     also measure the service's time: shut the group down only after ``run()`` has returned, which otherwise may
    ///     wait forever.
    ///   - logger: takes the messages of the service; `nil` for a logger of its own with
    ///     ``CachedRoutesConfiguration/logLevel``.
    /// - Throws: ``CachedRoutesConfigurationError`` for a configuration that can't be used; never because a server is
    ///   unavailable.
    public convenience init(
        configuration: CachedRoutesConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger? = nil
    ) throws {
        try self.init(configuration: configuration, eventLoopGroup: eventLoopGroup, logger: logger) { $0 }
    }

    /// Creates a service from a configuration, with a store that a test wraps.
    ///
    /// - Parameters:
    ///   - configuration: servers, limits and times.
    ///   - eventLoopGroup: the event loops of the HTTP server.
    ///   - logger: takes the messages of the service; `nil` for a logger of its own.
    ///   - inspectionInterval: the time between two inspections of the tables' triggers.
    ///   - wrap: returns the store to use, given the configured one.
    /// - Throws: ``CachedRoutesConfigurationError`` for a configuration that can't be used.
    package convenience init(
        configuration: CachedRoutesConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger? = nil,
        inspectionInterval: TimeAmount = .seconds(10),
        wrappingStore wrap: (any CacheStore) -> any CacheStore
    ) throws {
        let logger = logger ?? configuration.makeLogger()
        let backends = BackendFactory(configuration, eventLoopGroup: eventLoopGroup, logger: logger)
        let problems = backends.problems
        guard problems.isEmpty else { throw CachedRoutesConfigurationError(problems: problems) }
        var store = try backends.store()
        store.store = wrap(store.store)
        self.init(
            configuration: configuration,
            store: store,
            database: try backends.database(inspectionInterval: inspectionInterval),
            eventLoopGroup: eventLoopGroup,
            logger: logger
        )
    }

    /// Creates a service over any store and database.
    ///
    /// - Parameters:
    ///   - configuration: limits and times.
    ///   - store: the store of responses.
    ///   - database: the database of routes with SQL.
    ///   - clock: tells the time of day.
    ///   - draw: returns numbers between 0 and 1: the part of a route's jitter that shortens a response's ttl.
    ///   - eventLoopGroup: the event loops of the HTTP server.
    ///   - logger: takes the messages of the service.
    package init(
        configuration: CachedRoutesConfiguration,
        store: StoreBackend,
        database: DatabaseBackend,
        clock: WallClock = .system,
        draw: (@Sendable () -> Double)? = nil,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) {
        self.configuration = configuration
        self.logger = logger
        self.eventLoopGroup = eventLoopGroup
        shutdownTimes = ShutdownTimes(configuration)
        let trimmer = MemoryTrimmer(logger: logger)
        connections = ConnectionRegistry(
            maximum: configuration.httpMaximumConnections,
            unsentBytes: configuration.clientBufferBytes,
            observe: ConnectionEventRecorder(logger: logger).observe,
            release: { trimmer.plan(on: eventLoopGroup.any()) }
        )
        engine = RouteEngine(
            store: store,
            database: database,
            limits: RouteEngine.Limits(
                compression: configuration.writeQueueBytes,
                warming: configuration.warmConcurrency,
                drain: shutdownTimes.drain
            ),
            startCheck: StartCheckMode(configuration.statementCheck),
            clock: clock,
            draw: draw,
            eventLoopGroup: eventLoopGroup,
            logger: logger
        )
        readinessCheck = ReadinessCheck(
            database: database.database,
            storeProblem: store.problem,
            eventLoop: eventLoopGroup.any(),
            logger: logger
        )
    }

    /// Keeps the connections to Redis and PostgreSQL until the service shuts down gracefully. Then it finishes
    /// background writes within ``CachedRoutesConfiguration/drainTimeout`` and closes the connections. Together with
    /// the time that clients of the server have before, this takes ``CachedRoutesConfiguration/shutdownTimeout`` at
    /// most.
    ///
    /// - Throws: ``CachedRoutesConfigurationError`` if routes were added that can't be served.
    public func run() async throws {
        try checkRoutes()
        // The services of a group stop in reverse order, one after the other.
        try await ServiceGroup(services: engine.services, logger: logger).run()
    }
}

extension StartCheckMode {
    fileprivate init(_ check: CachedRoutesConfiguration.StatementCheck) {
        self =
            switch check.kind {
            case .warn: .warn
            case .fail: .fail
            case .off: .off
            }
    }
}
