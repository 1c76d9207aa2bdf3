import CachedRoutesCore
import ClientSupport
import Logging
import NIOCore
import RedisClient
import Synchronization

/// Remembers the length of an entry that could not be read within the command timeout, so that no entry of this length
/// is stored only to be removed by its next reader.
///
/// Redis may only have been slow for a moment, so the length is forgotten after ``memory``.
final class AdaptiveEntrySizeLimit: Sendable {
    /// The time for which a length is remembered.
    static let memory = TimeAmount.minutes(1)
    /// The shortest time between two warnings.
    static let warningInterval = TimeAmount.minutes(10)

    private struct State {
        var end = NIODeadline.uptimeNanoseconds(0)
        var throttle = LogThrottle(interval: warningInterval)
    }

    /// The longest entry that may be stored, in bytes; nearly always there is no limit.
    private let longest = Atomic(Int.max)
    private let state = Mutex(State())
    private let logger: Logger
    private let now: @Sendable () -> NIODeadline

    init(logger: Logger, now: @escaping @Sendable () -> NIODeadline) {
        self.logger = logger
        self.now = now
    }

    /// Notes an entry that was too long.
    ///
    /// - Parameters:
    ///   - key: the key of the entry.
    ///   - received: the number of its bytes that came in time.
    func note(_ key: [UInt8], received: Int) {
        let now = now()
        let isWarning = state.withLock { state in
            // An entry from before may be shorter than the remembered length, and as slow. A longer one tells nothing
            // new.
            let known = now < state.end ? longest.load(ordering: .relaxed) : .max
            if received < known {
                longest.store(received, ordering: .relaxed)
                state.end = now + Self.memory
            }
            return state.throttle.admit(at: now) != nil
        }
        logger.log(
            level: isWarning ? .warning : .debug,
            "A response takes longer to read from Redis than REDIS_COMMAND_TIMEOUT: none of its length is stored for a minute",
            metadata: [
                "redis.key": "\(KeyRedaction.text(key))", "redis.bytes": "\(received)",
                "redis.cure":
                    "raise REDIS_COMMAND_TIMEOUT, or make the route's responses shorter, or lower its max-body",
            ]
        )
    }

    /// Indicates that an entry is too long to be read in time, as far as is known.
    ///
    /// - Parameter length: the number of the entry's bytes.
    func isExceeded(by length: Int) -> Bool {
        guard length > longest.load(ordering: .relaxed) else { return false }
        let now = now()
        return state.withLock { state in
            if now < state.end { return true }
            longest.store(.max, ordering: .relaxed)
            return false
        }
    }
}
