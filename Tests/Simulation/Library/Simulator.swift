/// Runs of the protocol of purges, fills, flights, locks, restarts and failovers, each made of events in an order that a seed
/// chooses, with a check of what the protocol promises.
///
/// The decisions are those of the service's own value types: `StoredResponseReuse` with `CacheEntry.matches`, `FlightID`,
/// `SingleFlightStateMachine`, `WorkSharing`, `EpochStateMachine`, `FillLockStateMachine` and `PurgeQueue`. What classes do
/// around them is written here after their sources, which comments name. Redis, PostgreSQL, clocks and connections are models.
public struct Simulator: ~Copyable {
    private var world: World

    /// - Parameters:
    ///   - omissions: the parts of the protocol that are left out.
    ///   - settings: the settings of all runs.
    public init(without omissions: [Omission] = [], settings: Settings = Settings()) {
        world = World(omissions: omissions.reduce(0) { $0 | $1.bit }, settings: settings)
    }

    /// Makes the run of a seed.
    ///
    /// - Returns: the broken promise, if there is one.
    public mutating func run(seed: UInt64) -> Violation? {
        world.run(seed, isTraced: false)
        return world.violation
    }

    /// Makes the run of a seed.
    ///
    /// - Returns: all events, one on each line, and the broken promise if there is one.
    public mutating func trace(seed: UInt64) -> (events: [String], violation: Violation?) {
        world.run(seed, isTraced: true)
        return (world.trace, world.violation)
    }

    /// How often things have happened in all runs.
    public var counts: Counts { world.counts }
}
