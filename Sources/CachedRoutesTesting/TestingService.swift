public import CachedRoutes
package import CachedRoutesCore
public import Logging
package import NIOCore
import NIOPosix

extension CachedRoutesService {
    /// Makes a service without servers: with the memory store, a database that the test scripts, and a clock that it
    /// advances. It needs not be run.
    ///
    /// - Parameters:
    ///   - routes: the routes of manifests, such as `Routes()` or `Routes(handlers: MyHandlers())`.
    ///   - database: the database, such as a ``CannedDatabase``; by default each statement fails.
    ///   - clock: the clock by which entries age and expire.
    ///   - memoryBudget: the budget of the store in bytes.
    ///   - draw: returns numbers from 0 to 1, the part of a route's jitter by which a response's ttl is shortened. By
    ///     default it is not shortened.
    ///   - logger: the service's logger.
    public static func testing(
        _ routes: any RouteSet...,
        database: any RouteDatabase = CannedDatabase(),
        clock: ManualClock = ManualClock(),
        memoryBudget: Int = 64 << 20,
        draw: @escaping @Sendable () -> Double = { 0 },
        logger: Logger = Logger(label: "cached-routes-testing")
    ) -> CachedRoutesService {
        let service = testing(
            .memory(budget: memoryBudget, clock: clock.wallClock),
            database: database,
            clock: clock.wallClock,
            draw: draw,
            logger: logger
        )
        for table in routes { service.register(table.routes.map { CompiledRoute($0) }) }
        return service
    }

    /// Makes a service with any store and database.
    ///
    /// - Parameters:
    ///   - store: the store.
    ///   - configuration: the service's configuration; `nil` for the defaults, without the preparation of all statements.
    ///   - database: the database.
    ///   - followUps: the actions after each commit, before anything is purged.
    ///   - clock: the clock by which entries age and expire.
    ///   - draw: returns numbers from 0 to 1, the part of a route's jitter by which a response's ttl is shortened.
    ///   - eventLoopGroup: the event loops by whose clock the service waits; `nil` for the system's.
    ///   - logger: the service's logger.
    package static func testing(
        _ store: StoreBackend,
        configuration: CachedRoutesConfiguration? = nil,
        database: any RouteDatabase,
        followUps: [any CommitFollowUp] = [],
        clock: WallClock = .system,
        draw: @escaping @Sendable () -> Double = { 0 },
        eventLoopGroup: (any EventLoopGroup)? = nil,
        logger: Logger
    ) -> CachedRoutesService {
        let configuration = configuration ?? .withoutStatementCheck
        return CachedRoutesService(
            configuration: configuration,
            store: store,
            database: DatabaseBackend(
                database: database,
                followUps: followUps,
                maximumConnections: configuration.databasePoolMaximum
            ),
            clock: clock,
            draw: draw,
            eventLoopGroup: eventLoopGroup ?? MultiThreadedEventLoopGroup.singleton,
            logger: logger
        )
    }
}

extension CachedRoutesConfiguration {
    /// The defaults for tests, which count the statements that they cause.
    fileprivate static var withoutStatementCheck: CachedRoutesConfiguration {
        var configuration = CachedRoutesConfiguration()
        configuration.statementCheck = .off
        return configuration
    }
}

extension StoreBackend {
    /// A backend of a store that tests have made, with locks of this process.
    package init(_ store: any CacheStore, clock: WallClock = .system) {
        self.init(store: store, tagVersionLifetime: TagVersionLifetime(), locks: LocalLocks(clock: clock))
    }
}
