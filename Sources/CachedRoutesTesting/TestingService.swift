public import CachedRoutes
package import CachedRoutesCore
public import Logging

extension CachedRoutesService {
    /// A service without servers: the memory store, a database that answers what the test says, and a clock that it moves.
    ///
    /// - Parameters:
    ///   - memoryBudget: the budget of the store in bytes.
    ///   - draw: gives numbers between 0 and 1: the part of a route's jitter that shortens a response's ttl. By default none does.
    public static func testing(
        database: any RouteDatabase,
        clock: ManualClock = ManualClock(),
        memoryBudget: Int = 64 << 20,
        draw: @escaping @Sendable () -> Double = { 0 },
        logger: Logger = Logger(label: "cached-routes-testing")
    ) -> CachedRoutesService {
        testing(
            .memory(budget: memoryBudget, clock: clock.wallClock),
            database: database,
            clock: clock.wallClock,
            draw: draw,
            logger: logger
        )
    }

    /// A service over any store and a database.
    ///
    /// - Parameter followUps: the things to do after each commit, before anything is purged.
    package static func testing(
        _ store: StoreBackend,
        configuration: CachedRoutesConfiguration = CachedRoutesConfiguration(),
        database: any RouteDatabase,
        followUps: [any CommitFollowUp] = [],
        clock: WallClock = .system,
        draw: @escaping @Sendable () -> Double = { 0 },
        logger: Logger
    ) -> CachedRoutesService {
        CachedRoutesService(
            configuration: configuration,
            store: store,
            database: DatabaseBackend(
                database: database,
                followUps: followUps,
                maximumConnections: configuration.databasePoolMaximum
            ),
            clock: clock,
            draw: draw,
            logger: logger
        )
    }

    /// A service over a store that tests have made, with locks of this process.
    package static func testing(
        store: any CacheStore,
        tagVersionLifetime: TagVersionLifetime = TagVersionLifetime(),
        configuration: CachedRoutesConfiguration = CachedRoutesConfiguration(),
        database: any RouteDatabase,
        followUps: [any CommitFollowUp] = [],
        clock: WallClock = .system,
        draw: @escaping @Sendable () -> Double = { 0 },
        logger: Logger
    ) -> CachedRoutesService {
        testing(
            StoreBackend(store: store, tagVersionLifetime: tagVersionLifetime, locks: LocalLocks(clock: clock)),
            configuration: configuration,
            database: database,
            followUps: followUps,
            clock: clock,
            draw: draw,
            logger: logger
        )
    }
}
