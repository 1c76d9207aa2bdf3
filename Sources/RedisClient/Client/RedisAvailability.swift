import Logging
import NIOCore
import Synchronization

/// What all connections of a client have in common: whether any of them is ready, and what the log says about it.
///
/// An outage begins when the first connection is lost or cannot be opened, and is over when every connection is ready.
/// It is worth one warning and one notice, however many connections and attempts it takes. A server that can't be reached and
/// one that refuses the login or the database are two things to mend: where one follows the other, that is worth a warning, too.
///
/// A server that comes and goes, such as a replica that greets well and refuses the first write, does not fill the log:
/// an outage that begins within ``warningInterval`` of the last warning is worth nothing if it ends in that time too,
/// and else its warning with the first attempt to connect that fails after it.
final class RedisAvailability: Sendable {
    /// The shortest time between two warnings.
    static let warningInterval = TimeAmount.minutes(1)

    private struct State {
        var ready: Set<Int> = []
        var away: Set<Int> = []
        /// The log has said that the server is away or refuses connections, and not yet that it is back.
        var isReported = false
        /// What it has said is a refusal.
        var isRefusal = false
        /// By whether they were about a refusal.
        var lastWarnings: [Bool: NIODeadline] = [:]
        /// The refusal that keeps connections from becoming ready.
        var refusal: RedisRefusal?
    }

    private let state = Mutex(State())
    private let readyCount = Atomic(0)
    private let logger: Logger
    private let now: @Sendable () -> NIODeadline

    init(logger: Logger, now: @escaping @Sendable () -> NIODeadline = { .now() }) {
        self.logger = logger
        self.now = now
    }

    /// Whether any connection is ready.
    var isAvailable: Bool { readyCount.load(ordering: .relaxed) > 0 }

    /// The refusal that keeps all connections from being ready, where the server is there and says one.
    var refusal: RedisRefusal? { isAvailable ? nil : state.withLock { $0.refusal } }

    /// The connection numbered `link` is ready.
    func becameReady(_ link: Int) {
        let isRecovery = state.withLock { state in
            state.ready.insert(link)
            readyCount.store(state.ready.count, ordering: .relaxed)
            guard state.away.remove(link) != nil, state.away.isEmpty, state.isReported else { return false }
            state.isReported = false
            return true
        }
        if isRecovery {
            logger.notice("Redis is available again")
        } else {
            logger.debug("A connection to Redis is ready")
        }
    }

    /// The connection numbered `link` was lost or could not be opened.
    func failed(_ link: Int, _ error: RedisError) {
        let now = now()
        let refusal = (error.underlyingError as? RedisServerError).flatMap { RedisRefusal($0) }
        let isWarning = state.withLock { state in
            state.refusal = refusal
            state.ready.remove(link)
            readyCount.store(state.ready.count, ordering: .relaxed)
            state.away.insert(link)
            guard !state.isReported || state.isRefusal != error.isRefusal else { return false }
            if let last = state.lastWarnings[error.isRefusal], now - last < Self.warningInterval { return false }
            state.isReported = true
            state.isRefusal = error.isRefusal
            state.lastWarnings[error.isRefusal] = now
            return true
        }
        var metadata: Logger.Metadata = ["redis.reason": "\(error)"]
        if let refusal { metadata["redis.cure"] = "\(refusal.cure)" }
        if isWarning {
            let title = error.isRefusal ? "Redis refuses connections" : "Redis is unavailable"
            logger.warning("\(title), trying to connect again", metadata: metadata)
        } else {
            logger.debug("A connection to Redis failed", metadata: metadata)
        }
    }

    /// The connection numbered `link` was closed on purpose.
    func closed(_ link: Int) {
        state.withLock { state in
            state.ready.remove(link)
            state.away.remove(link)
            readyCount.store(state.ready.count, ordering: .relaxed)
        }
    }
}
