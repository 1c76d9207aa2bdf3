import Logging
import Synchronization

/// What all connections of a client have in common: whether any of them is ready, and what the log says about it.
///
/// An outage begins when the first connection is lost or cannot be opened, and is over when every connection is ready.
/// It is worth one warning and one notice, however many connections and attempts it takes.
final class RedisAvailability: Sendable {
    private struct State {
        var ready: Set<Int> = []
        var away: Set<Int> = []
    }

    private let state = Mutex(State())
    private let readyCount = Atomic(0)
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    /// Whether any connection is ready.
    var isAvailable: Bool { readyCount.load(ordering: .relaxed) > 0 }

    /// The connection numbered `link` is ready.
    func becameReady(_ link: Int) {
        let isRecovery = state.withLock { state in
            state.ready.insert(link)
            readyCount.store(state.ready.count, ordering: .relaxed)
            return state.away.remove(link) != nil && state.away.isEmpty
        }
        if isRecovery {
            logger.notice("Redis is back")
        } else {
            logger.debug("A connection to Redis is ready")
        }
    }

    /// The connection numbered `link` was lost or could not be opened.
    func failed(_ link: Int, _ error: RedisError) {
        let isFirst = state.withLock { state in
            state.ready.remove(link)
            readyCount.store(state.ready.count, ordering: .relaxed)
            let wasFine = state.away.isEmpty
            state.away.insert(link)
            return wasFine
        }
        let metadata: Logger.Metadata = ["redis.reason": "\(error)"]
        if isFirst {
            logger.warning("Redis is away, trying to connect again", metadata: metadata)
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
