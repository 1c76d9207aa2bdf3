public import CachedRoutes
public import Logging

extension CachedRoutesService {
    /// A service without servers: the memory store, a database that answers what the test says, and a clock that it moves.
    ///
    /// - Parameter memoryBudget: the budget of the store in bytes.
    public static func testing(
        database: any Database,
        clock: ManualClock = ManualClock(),
        memoryBudget: Int = 64 << 20,
        logger: Logger = Logger(label: "cached-routes-testing")
    ) -> CachedRoutesService {
        CachedRoutesService(
            configuration: CachedRoutesConfiguration(),
            store: MemoryStore(budget: memoryBudget, clock: clock.wallClock),
            database: database,
            clock: clock.wallClock,
            logger: logger
        )
    }
}
