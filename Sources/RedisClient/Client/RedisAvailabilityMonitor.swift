import ClientSupport
import Logging
import NIOCore
import Synchronization

/// The availability of a client's connections, and the log messages about it.
///
/// An outage begins when the first connection is lost or can't be opened, and ends when every connection is ready. It
/// is worth one warning and one notice, however many connections and attempts are involved. A server that can't be
/// reached and a server that refuses the login or the database need different remedies, so one following the other is
/// worth another warning.
///
/// A server that comes and goes, such as a replica that accepts the handshake and refuses the first write, does not
/// fill the log: an outage that begins within a minute of the last warning is not reported if it also ends within that time.
/// Otherwise it is reported by the first attempt to connect that fails later.
final class RedisAvailabilityMonitor: Sendable {
    private struct State {
        var ready: Set<Int> = []
        var away: Set<Int> = []
        /// The outages of a server that can't be reached, and of one that refuses.
        var (unreachable, refusing) = (OutageLog(), OutageLog())
        /// Indicates that the last report was about a refusal.
        var isRefusal = false
        /// The reason, if it is known, for which the last attempt to connect failed.
        var unavailability: RedisUnavailability?
    }

    private let state = Mutex(State())
    private let readyCount = Atomic(0)
    private let logger: Logger
    private let now: @Sendable () -> NIODeadline

    init(logger: Logger, now: @escaping @Sendable () -> NIODeadline) {
        self.logger = logger
        self.now = now
    }

    /// Indicates that at least one connection is ready.
    var isAvailable: Bool { readyCount.load(ordering: .relaxed) > 0 }

    /// The reason for which no connection becomes ready; `nil` if one is ready or the server can't be reached.
    var unavailability: RedisUnavailability? { isAvailable ? nil : state.withLock { $0.unavailability } }

    /// Indicates that a connection was lost, or could not be opened, and has not been replaced.
    var isAway: Bool { state.withLock { !$0.away.isEmpty } }

    /// Records that the connection with the number `link` is ready.
    ///
    /// - Returns: `true` if it replaces one that was lost, or could not be opened before, and no other one is to be
    ///   replaced.
    @discardableResult func becameReady(_ link: Int) -> Bool {
        let (isRecovery, isReported) = state.withLock { state in
            state.ready.insert(link)
            readyCount.store(state.ready.count, ordering: .relaxed)
            guard state.away.remove(link) != nil, state.away.isEmpty else { return (false, false) }
            let (wasUnreachable, wasRefusing) = (state.unreachable.ended(), state.refusing.ended())
            return (true, wasUnreachable || wasRefusing)
        }
        if isReported {
            logger.notice("Redis is available again")
        } else {
            logger.debug("A connection to Redis is ready")
        }
        return isRecovery
    }

    /// Records that the connection with the number `link` was lost or could not be opened.
    func failed(_ link: Int, _ error: RedisError) {
        let now = now()
        let unavailability = RedisUnavailability(error)
        let isWarning = state.withLock { state in
            state.unavailability = unavailability
            state.ready.remove(link)
            readyCount.store(state.ready.count, ordering: .relaxed)
            state.away.insert(link)
            let hasChanged = state.isRefusal != error.isRefusal
            let outage: WritableKeyPath<State, OutageLog> = error.isRefusal ? \.refusing : \.unreachable
            guard state[keyPath: outage].persists(at: now, hasChanged: hasChanged) else { return false }
            state.isRefusal = error.isRefusal
            return true
        }
        var metadata: Logger.Metadata = ["redis.reason": "\(error)"]
        if let unavailability { metadata["redis.cure"] = "\(unavailability.cure)" }
        if isWarning {
            let title = error.isRefusal ? "Redis refuses connections" : "Redis is unavailable"
            logger.warning("\(title), trying to connect again", metadata: metadata)
        } else {
            logger.debug("A connection to Redis failed", metadata: metadata)
        }
    }

    /// Records that the connection with the number `link` was closed on purpose.
    func closed(_ link: Int) {
        state.withLock { state in
            state.ready.remove(link)
            state.away.remove(link)
            readyCount.store(state.ready.count, ordering: .relaxed)
        }
    }
}
