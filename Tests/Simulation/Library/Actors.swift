import CachedRoutesCore
import NIOCore
import RouteModel

/// The number by which replies find who has asked.
enum Address {
    static let readers = 3
    static let firstWriter = 8
    static let writers = 2
    static let tool = 10
    static let firstFlusher = 12
    static let firstWork = 16
    static let works = 16
    static let firstPut = 32
    static let puts = 32
    /// Nobody waits for the reply.
    static let nobody = 255

    static let firstRenewal = 64
}

/// A response in the store, with what the checker has to know of it.
struct StoredResponse {
    let entry: CacheEntry
    let content: Content
}

/// What a query has read.
struct Content {
    /// The versions of the two rows.
    var first: UInt32 = 0
    var second: UInt32 = 0
    /// The step in which the database has read them.
    var step: Int32 = 0
}

/// A question to the store: an entry, tag versions, or both, by as many commands as servers and slots demand. It follows
/// `RedisStore.read`, and in a cluster reads each key by a command of its own.
struct StoreRead {
    var question: UInt32 = 0
    var outstanding = 0
    var entry: UInt32 = 0
    var versions: (first: UInt32, second: UInt32) = (0, 0)
    var servers: (first: UInt16, second: UInt16) = (0, 0)
    var isLost = false
    var isExcused = false

    /// Takes a reply.
    ///
    /// - Returns: true if it was the last one.
    mutating func take(_ reply: Reply) -> Bool {
        guard reply.command.question == question, outstanding > 0 else { return false }
        outstanding -= 1
        if reply.status == .lost { isLost = true }
        if reply.isExcused { isExcused = true }
        switch reply.command.part {
        case Part.entry: entry = reply.first
        case Part.first:
            versions.first = reply.first
            servers.first = reply.identity
        case Part.second:
            versions.second = reply.first
            servers.second = reply.identity
        case Part.all:
            entry = reply.entry
            versions = (reply.first, reply.second)
            servers = (reply.identity, reply.identity)
        default: break
        }
        return outstanding == 0
    }
}

/// The parts of a ``StoreRead``.
enum Part {
    static let entry: UInt8 = 0
    static let first: UInt8 = 1
    static let second: UInt8 = 2
    static let all: UInt8 = 3
    static let creation: UInt8 = 4
}

/// A request for a GET route. It follows `LookupEvaluator` and `MissExchange` in `MissResponder`.
struct Reader {
    enum Phase: UInt8 {
        case idle, lookup, creation, flight
    }

    var process = 0
    var phase = Phase.idle
    var key = 0
    var start: Int32 = 0
    /// By the clock of the process, in microseconds.
    var deadline: Int64 = 0
    var departures: UInt64 = 0
    var read = StoreRead()
    var attempts = 0
    /// The tag versions that the lookup has read.
    var known: [TagVersion?] = []
    var previous: UInt32 = 0
    var tokens: [TagVersion] = []
    var mayStore = false
    var sharing = WorkSharing.none
    var ticket: Board.Ticket?
    var isExcused = false
    /// Indicates that the answer depends on what the process had in its memory.
    var isNear = false
    /// The read of a near cache.
    var pending: NearMemory.PendingRead?
    /// The global time at which it began, in nanoseconds.
    var startTime: UInt64 = 0
    /// The last steps before the request in which acknowledged purges of its versions were executed.
    var floor: Int32 = 0
}

/// A request's place in a flight.
struct Waiter {
    let address: UInt8
    var isLeader = false
}

/// The outcome of a flight, as `FillOutcome` has it.
struct Outcome {
    enum Kind: UInt8 {
        case made, found, elsewhere, failed, deadlineExceeded
    }

    var kind: Kind
    var content = Content()
    var entry: CacheEntry?
    var isStored = false
    var isExcused = false
}

typealias Board = SingleFlightStateMachine<Waiter, Outcome>

/// The work of a flight. It follows `DistributedFiller` and `OriginFetcher`.
struct Work {
    enum Phase: UInt8 {
        case free, turn, acquisition, entry, pause, query, versions
    }

    var phase = Phase.free
    var process = 0
    var loop = 0
    var key = 0
    var tokens: [TagVersion] = []
    var mayStore = false
    var sharing = WorkSharing.none
    var ticket: Board.Ticket?
    var deadline: Int64 = 0
    var previous: UInt32 = 0
    var isRenewal = false
    var isExcused = false
    var turn = FillLockStateMachine(bound: .distantFuture)
    var lockName: UInt64 = 0
    var lockOwner: UInt32 = 0
    var lock = LockResult.unavailable
    var resumesAt: Int64 = 0
    var read = StoreRead()
    var question: UInt32 = 0
    var attempts = 0
    var queries = 0
    var epochNumber: UInt64?
    var content = Content()
}

/// A response on its way to the store. It follows `RedisStore.put`, `EntryWriteOrder` and `BackgroundWriter`.
struct Put {
    enum Phase: UInt8 {
        case free, deferred, sent
    }

    var phase = Phase.free
    var process = 0
    var key = 0
    var entry: UInt32 = 0
    /// In microseconds.
    var life: Int64 = 0
    var due: Int32 = 0
    var mayDefer = false
    var question: UInt32 = 0
    /// The flight that leaves the board when the response is stored.
    var ticket: Board.Ticket?
    var loop = 0
    var lockName: UInt64 = 0
    /// The owner of a lock that is released then; 0 for none.
    var lockOwner: UInt32 = 0
}

/// A purge on its way to the store. It follows `RedisStore.purge`, which tries again for the time of a command.
struct Purge {
    enum Phase: UInt8 {
        case idle, sent, pause, done, failed
    }

    var phase = Phase.idle
    var sender: UInt8 = 0
    var process = 0
    var loop = 0
    /// The keys that no server has removed yet.
    var keys: UInt16 = 0
    var question: UInt32 = 0
    var outstanding = 0
    var isLost = false
    var isExcused = false
    var deadline: Int64 = 0
    var resumesAt: Int64 = 0
    /// The steps in which servers have removed the keys.
    var steps = SIMD16<Int32>()

    /// Takes a reply: only a number counts as done.
    mutating func take(_ reply: Reply, _ omissions: UInt32) {
        guard phase == .sent, reply.command.question == question else { return }
        outstanding -= 1
        if reply.status == .done {
            if reply.isExcused { isExcused = true }
            keys &= ~reply.command.keys
            for key in 0..<Key.stored where reply.command.keys & 1 << UInt16(key) != 0 { steps[key] = reply.step }
            if omissions & Omissions.allServers != 0 { keys = 0 }
        } else if omissions & Omissions.purgeConfirmation != 0 {
            keys &= ~reply.command.keys
        } else {
            isLost = true
        }
        if keys == 0 { phase = .done }
    }
}

/// A client that writes one row. It follows `WriteResponder` and `Purger.purge`.
struct Writer {
    enum Phase: UInt8 {
        case idle, commit, purge
    }

    var phase = Phase.idle
    var process = 0
    var version: UInt32 = 0
    var question: UInt32 = 0
    var deadline: Int64 = 0
    /// Indicates that the reply to COMMIT has come.
    var isCertain = false
    var purge = Purge()
}

/// A query or a COMMIT.
struct DatabaseMessage {
    enum Status: UInt8 {
        case sent, executed, failed
    }

    var isCommit: Bool
    var sender: UInt8
    var question: UInt32
    var row = 0
    var version: UInt32 = 0
    var status = Status.sent
    var content = Content()
    var due: Int32
}

/// One process of the service; the tool is another one.
struct Process {
    var clock = Clock()
    /// The shard that each key is looked for in: a bit for each key, 1 for the second shard.
    var shards: UInt16 = 0
    var board = Board()
    var epochs = EpochStateMachine<UInt8>(concurrency: 2)
    var queue = PurgeQueue()
    var batch: PurgeQueue.Batch?
    var flush = Purge()
    /// The state of `RefreshBackoff` for each entry, and until when it lasts, in milliseconds.
    var backoff = [RefreshBackoff.State](repeating: .none, count: Key.entries)
    var backoffEnds = [Int64](repeating: 0, count: Key.entries)
    var isRenewing = [Bool](repeating: false, count: Key.entries)
    /// Indicates that a queued purge has gone to a server that was no primary any more.
    var isExcused = false
}
