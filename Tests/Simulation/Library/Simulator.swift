/// Runs of the protocol of purges, fills, flights, locks, restarts and failovers, each made of events in an order that a seed
/// chooses, with a check of what the protocol promises.
///
/// The decisions are those of the service's own value types: `StoredResponseReuse` with `CacheEntry.matches`, `FlightID` with
/// `lockName`, `SingleFlightStateMachine`, `WorkSharing`, `EpochStateMachine`, `FillLockStateMachine`, `PurgeQueue` and
/// `NearMemory`. What classes do around them is written here after their sources, which comments name. Redis, PostgreSQL,
/// clocks and connections are models.
///
/// The promises:
///
/// - Rules 1 to 4 of `Checker`: no request gets an older version of a row than one that was acknowledged before it began.
/// - No request gets what was read before a purge, of a write or of the tool, that was acknowledged before it began.
/// - A flight has one query, a server grants a lock to one owner at a time, and no lock outlives its life.
/// - Once faults end, every request, write, purge and flight comes to an end.
///
/// What is not promised, and what the model assumes instead:
///
/// - A process that is connected to an old primary does not see purges at the new one, and others don't see its own. What it
///   answers is counted and not checked: for as long as that server takes itself for the primary, and for 1.2 s after it has
///   learnt that it is a replica. Such a server is promoted by Sentinels alone, who close its connections.
/// - Two failovers of a shard are 1.3 s apart, and a server that is promoted again has known for as long that it was a replica, if
///   at all: a process may rely on the identity of a server for a second, and wait for a reply for another 0.1 s.
/// - Sentinels that decide on a promotion know the one before, and so does who asks most of them.
/// - A purge that was queued holds in its own process.
/// - In a cluster, a slot that has moved does not come back (``Settings/slotsReturn``).
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
