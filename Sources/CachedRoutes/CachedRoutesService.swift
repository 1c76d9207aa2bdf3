package import CachedRoutesCore
package import HTTPConnections
public import Logging
public import NIOCore
public import NIOPosix
public import ServiceLifecycle

/// The service behind a manifest's routes: the store, the database and everything that answers between them.
///
/// Run it beside the HTTP server, and let it stop after the server: background writes of all responses are queued by then.
public final class CachedRoutesService: Service {
    /// The configuration that the service was made from.
    public let configuration: CachedRoutesConfiguration
    /// Where the service logs.
    public let logger: Logger

    /// The connections of clients, on all servers that answer with this service.
    package let connections: ConnectionRegistry
    let engine: RouteEngine
    let readinessCheck: ReadinessCheck
    let shutdownTimes: ShutdownTimes
    let beforeRouter = RoutesBeforeRouter()

    /// A service from environment variables; ``CachedRoutesConfiguration`` lists them.
    ///
    /// - Throws: ``CachedRoutesConfigurationError`` for a configuration that can't be used; never because a server is unavailable.
    public convenience init(environment: CachedRoutesEnvironment, logger: Logger? = nil) throws {
        let configuration = try CachedRoutesConfiguration(environment: environment)
        try self.init(configuration: configuration, logger: logger)
        for variable in configuration.unreadVariables { variable.log(to: self.logger) }
        for note in configuration.notes { self.logger.info("\(note)") }
    }

    /// A service from a configuration.
    ///
    /// - Parameters:
    ///   - configuration: servers, limits and times.
    ///   - eventLoopGroup: the group of the HTTP server, so that a request asks Redis on its own event loop.
    ///   - logger: where the service logs; `nil`: a logger of its own with ``CachedRoutesConfiguration/logLevel``.
    /// - Throws: ``CachedRoutesConfigurationError`` for a configuration that can't be used; never because a server is unavailable.
    public convenience init(
        configuration: CachedRoutesConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger? = nil
    ) throws {
        try self.init(configuration: configuration, eventLoopGroup: eventLoopGroup, logger: logger) { $0 }
    }

    /// A service from a configuration, whose store tests see before it is used.
    ///
    /// - Parameter inspectionInterval: the time between two inspections of the tables' triggers.
    package convenience init(
        configuration: CachedRoutesConfiguration,
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger? = nil,
        inspectionInterval: TimeAmount = .seconds(10),
        wrappingStore wrap: (any CacheStore) -> any CacheStore
    ) throws {
        let logger = logger ?? configuration.makeLogger()
        let backends = ConfiguredBackends(configuration, eventLoopGroup: eventLoopGroup, logger: logger)
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

    /// A service over any store and database.
    ///
    /// - Parameter draw: gives numbers between 0 and 1: the part of a route's jitter that shortens a response's ttl.
    package init(
        configuration: CachedRoutesConfiguration,
        store: StoreBackend,
        database: DatabaseBackend,
        clock: WallClock = .system,
        draw: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        eventLoopGroup: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) {
        self.configuration = configuration
        self.logger = logger
        shutdownTimes = ShutdownTimes(configuration)
        let trimmer = MemoryTrimmer(logger: logger)
        connections = ConnectionRegistry(
            maximum: configuration.httpMaximumConnections,
            unsentBytes: configuration.clientBufferBytes,
            observe: ConnectionObserver(logger: logger).observe,
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
            clock: clock,
            draw: draw,
            eventLoopGroup: eventLoopGroup,
            logger: logger
        )
        readinessCheck = ReadinessCheck(database: database.database, storeProblem: store.problem, logger: logger)
    }

    /// Keeps the connections to Redis and PostgreSQL until the service is shut down gracefully; then background writes end within
    /// ``CachedRoutesConfiguration/drainTimeout``, and the connections close. Together with the time that clients of the server
    /// have before, this takes ``CachedRoutesConfiguration/shutdownTimeout`` at most.
    ///
    /// - Throws: ``CachedRoutesConfigurationError`` if routes were added that can't be answered beside each other.
    public func run() async throws {
        try checkRoutes()
        // Services of a group stop in the reverse of their order, each after the one before has ended.
        try await ServiceGroup(services: engine.services, logger: logger).run()
    }
}
