import CachedRoutesCore
import ConsistencyChecker
import HTTPTypes
import NIOCore
import RouteModel

/// Something that the protocol promises and that did not hold.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The seed of the run.
    public let seed: UInt64
    /// The step of the run.
    public let step: Int
    /// The broken promise.
    public let rule: String

    /// The seed, the step and the promise, on one line.
    public var description: String { "seed \(seed), step \(step): \(rule)" }
}

/// A run: servers, processes, clients, and the messages between them.
struct World: ~Copyable {
    let omissions: UInt32
    let settings: Settings
    var seed: UInt64 = 0
    var random = Random(seed: 0)
    var isTraced = false
    var trace: [String] = []

    /// The number of events.
    var step: Int32 = 0
    /// The global time in microseconds, which nobody in the model knows.
    var now: Int64 = 0
    /// Indicates that faults have ended, and no request begins.
    var isEnding = false

    var isCluster = false
    var hasSentinels = false
    var nodes = [Node](repeating: Node(), count: 4)
    var shards = [Shard](repeating: Shard(), count: 2)
    /// The shard of each key: a bit for each, 1 for the second shard.
    var owners: UInt16 = 0
    var migration = Migration()
    var lastRunID: UInt8 = 0
    var lastReplicationID: UInt8 = 0
    var plan = FaultPlan()

    var connections = [Connection](repeating: Connection(), count: 12)
    /// The connections with requests that no server has read, and those with replies that no client has read.
    var withRequests: UInt32 = 0
    var withReplies: UInt32 = 0
    var orphans: [OrphanedCommands] = []

    var rows: (first: UInt32, second: UInt32) = (0, 0)
    var queries: [DatabaseMessage] = []

    var processes: [Process] = [Process(), Process(), Process()]
    var readers = [Reader](repeating: Reader(), count: Address.readers)
    var writers = [Writer](repeating: Writer(), count: Address.writers)
    var tool = Purge()
    var works = [Work](repeating: Work(), count: Address.works)
    var puts = [Put](repeating: Put(), count: Address.puts)
    var activeWorks: UInt32 = 0
    var activePuts: UInt32 = 0

    var stored: [StoredResponse] = []
    var lastQuestion: UInt32 = 0
    var lastVersion: UInt32 = 0
    var lastOwner: UInt32 = 0
    var lastSingle: UInt64 = 0
    var timeToLive: Int64 = 0
    var staleWindow: Int64 = 0
    /// A write or a purge begins in one of so many cases in which it could.
    var writePause = 1
    /// A change reaches the replica in one of so many cases in which it could.
    var replicationPause = 1
    var coalescing: [CachePolicy.Coalescing] = [.fleet, .process, .fleet]

    var hasNear = false
    /// The entry that half of the requests are for, whose route has the near cache.
    var hotKey = 0
    var near = [NearCache(), NearCache()]

    var checker = Checker()
    /// Another process's near cache is believed for a second after a sign of life, which comes from a server whose identity
    /// was asked for within a second before; by clocks that differ.
    let bounds = {
        var bounds = Bounds()
        bounds.near = 2_200_000_000
        return bounds
    }()
    /// For each key of a tag version, the step in which its last acknowledged purge was executed.
    var floors = [Int32](repeating: 0, count: Key.stored)
    /// The locks that servers have granted.
    var grants: [Grant] = []
    var violation: Violation?
    var counts = Counts()

    // What is the same in every run.
    let keys: [CacheKey]
    /// The keys of each entry's tag versions.
    let names: [[TagVersionKey]]
    let keyNames: [TagVersionKey]
    /// The values of tag versions, by their numbers.
    let values: [String]
    /// The digests of servers, by ``Reply/identity``.
    let servers: [String]
    let noFields: HTTPFields = [:]
    let noBody = ByteBuffer()

    init(omissions: UInt32, settings: Settings) {
        self.omissions = omissions & Omissions.ask == 0 ? omissions : omissions | Omissions.asked
        self.settings = settings
        keys = ["item?id=0", "item?id=1", "items"].map { CacheKey(whole: Array($0.utf8)) }
        let tags = ["item:0", "item:1", "items"].map { TagVersionKey.tag($0.utf8, in: "s") }
        let route = TagVersionKey.route("items", in: "s")
        names = tags.map { [route, $0] }
        keyNames = [route] + tags
        values = (0..<1024).map { "v\($0)" }
        servers = (0..<16_384).map { $0 == 0 ? "" : "s\($0)" }
    }

    /// The keys of the tag versions that an entry carries.
    func versionKeys(_ key: Int) -> (first: Int, second: Int) { (Key.route, Key.firstTag + key) }

    /// The global time in nanoseconds, by which the checker goes.
    var time: UInt64 { UInt64(now) * 1000 }

    func isOmitted(_ omission: UInt32) -> Bool { omissions & omission != 0 }

    func clock(_ process: Int) -> Int64 { processes[process].clock.time(at: now) }

    func milliseconds(_ process: Int) -> Int64 { 1_000_000_000 + clock(process) / 1000 }

    static func deadline(_ microseconds: Int64) -> NIODeadline {
        .uptimeNanoseconds(UInt64(truncatingIfNeeded: (microseconds &+ 1_000_000_000) &* 1000))
    }

    mutating func newQuestion() -> UInt32 {
        lastQuestion += 1
        return lastQuestion
    }

    /// The step from which on a message may be delivered: mostly at once, sometimes late.
    mutating func delay() -> Int32 {
        let dice = random.below(64)
        if dice > 5 || isEnding { return step }
        return step + Int32(dice > 0 ? random.below(40) : 40 + random.below(160))
    }

    mutating func note(_ text: String) {
        trace.append("\(step) \(now / 1000) ms  " + text)
    }

    mutating func violate(_ rule: String) {
        if isTraced { note("VIOLATION: " + rule) }
        if violation == nil { violation = Violation(seed: seed, step: Int(step), rule: rule) }
    }
}

/// A lock that a server has granted, until its owner releases it or it expires.
struct Grant {
    let name: UInt64
    let owner: UInt32
    let node: Int
    let life: UInt8
    let expiry: Int64
}

/// How often things have happened, to show that runs are not idle.
public struct Counts: Sendable {
    /// Events.
    public var steps = 0
    /// Runs.
    public var runs = 0
    /// Responses from the store.
    public var hits = 0
    /// Responses that were made, or shared with those that made them.
    public var misses = 0
    /// Responses that are errors.
    public var failures = 0
    /// Writes whose purge was acknowledged.
    public var purges = 0
    /// Writes whose purge was queued.
    public var queued = 0
    /// Restarts and failovers.
    public var failovers = 0
    /// Responses of which nothing is promised, because an old primary was asked.
    public var excused = 0

    /// Nothing has happened.
    public init() {}

    /// Adds what has happened elsewhere.
    public mutating func add(_ other: Counts) {
        steps += other.steps
        runs += other.runs
        hits += other.hits
        misses += other.misses
        failures += other.failures
        purges += other.purges
        queued += other.queued
        failovers += other.failovers
        excused += other.excused
    }
}

/// The kind of deployment that runs have.
public enum Deployment: String, Sendable, CaseIterable {
    /// One address, a primary and its replica behind it.
    case single
    /// A primary and its replica, and Sentinels that name the primary.
    case sentinel
    /// Two primaries with a replica each, and slots that move.
    case cluster
    /// Any of them, by the seed.
    case any
}

/// The settings of all runs.
public struct Settings: Sendable {
    /// The deployment.
    public var deployment = Deployment.any
    /// The number of steps before faults end.
    public var steps = 400
    /// The number of steps after that in which every request has to be answered.
    public var endingSteps = 4000

    /// Indicates that a slot that has moved may come back. A server that has lost a purge meanwhile, and is no longer asked,
    /// then goes unnoticed.
    public var slotsReturn = false

    /// Indicates that in each run the server that a slot leaves fails over, which has told its replica little.
    public var isAboutMigration = false

    /// Indicates that in each run a primary is replaced, does not learn it, and is promoted again by Sentinels.
    public var isAboutReturn = false

    /// The settings of CI.
    public init() {}
}

/// The faults of servers in a run.
struct FaultPlan {
    enum Fault: UInt8 {
        case none, restart, failover
    }

    var first = Fault.none
    var second = Fault.none
    var firstStep: Int32 = 0
    var secondStep: Int32 = 0
    var shard = 0
    var migrationStep: Int32 = 0
    var migratesBack = false
}
