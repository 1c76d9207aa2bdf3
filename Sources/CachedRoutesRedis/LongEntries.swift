import CachedRoutesCore
import Logging
import NIOCore
import RedisClient
import Synchronization

/// Remembers that an entry could not be read within a command's time, so that none of its length is stored only to be taken away by
/// the next who reads it.
///
/// It may have been a slow moment, so that is forgotten after ``memory``, and one is tried again.
final class LongEntries: Sendable {
    /// The time for which a length is remembered.
    static let memory = TimeAmount.minutes(1)
    /// The shortest time between two warnings.
    static let warningInterval = TimeAmount.minutes(10)

    private struct State {
        var end = NIODeadline.uptimeNanoseconds(0)
        var nextWarning: NIODeadline?
    }

    /// The longest entry that may be stored. Nearly always any may.
    private let longest = Atomic(Int.max)
    private let state = Mutex(State())
    private let logger: Logger
    private let now: @Sendable () -> NIODeadline

    init(logger: Logger, now: @escaping @Sendable () -> NIODeadline = { .now() }) {
        self.logger = logger
        self.now = now
    }

    /// Takes note of an entry of which only so many bytes came in time.
    func note(_ key: [UInt8], received: Int) {
        let now = now()
        let isWarning = state.withLock { state in
            // An entry that was there before may be shorter than what is not stored any more, and as slow. A longer one says nothing
            // of those that are not stored.
            let known = now < state.end ? longest.load(ordering: .relaxed) : .max
            if received < known {
                longest.store(received, ordering: .relaxed)
                state.end = now + Self.memory
            }
            if let due = state.nextWarning, now < due { return false }
            state.nextWarning = now + Self.warningInterval
            return true
        }
        logger.log(
            level: isWarning ? .warning : .debug,
            "An answer takes longer to be read from Redis than REDIS_COMMAND_TIMEOUT: none of its length is stored for a while",
            metadata: [
                "redis.key": "\(LoggedKey.text(key))", "redis.bytes": "\(received)",
                "redis.cure": "raise REDIS_COMMAND_TIMEOUT, or make the route's answers shorter, or lower its max-body",
            ]
        )
    }

    /// Tells if an entry of so many bytes could not be read in time, as far as is known.
    func contain(length: Int) -> Bool {
        guard length > longest.load(ordering: .relaxed) else { return false }
        let now = now()
        return state.withLock { state in
            if now < state.end { return true }
            longest.store(.max, ordering: .relaxed)
            return false
        }
    }
}
