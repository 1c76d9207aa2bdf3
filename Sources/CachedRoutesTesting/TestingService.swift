public import CachedRoutes
public import Logging

extension CachedRoutesService {
    /// A service without servers: the memory store, a database that answers what the test says, and a clock that it moves.
    ///
    /// - Parameters:
    ///   - memoryBudget: the budget of the store in bytes.
    ///   - draw: gives numbers between 0 and 1: which part of a route's jitter shortens an answer's ttl. By default none does.
    public static func testing(
        database: any RouteDatabase,
        clock: ManualClock = ManualClock(),
        memoryBudget: Int = 64 << 20,
        draw: @escaping @Sendable () -> Double = { 0 },
        logger: Logger = Logger(label: "cached-routes-testing")
    ) -> CachedRoutesService {
        let tokenLife = TagVersionLifetime()
        return CachedRoutesService(
            configuration: CachedRoutesConfiguration(),
            store: MemoryStore(budget: memoryBudget, tokenLife: tokenLife, clock: clock.wallClock),
            tokenLife: tokenLife,
            database: database,
            clock: clock.wallClock,
            draw: draw,
            logger: logger
        )
    }
}
