import Logging
import Synchronization

/// Logs each refused optional command of the handshake once.
final class RedisHandshakeRefusalLog: Sendable {
    private let known = Mutex<Set<String>>([])

    /// Takes the refused commands of one handshake.
    func note(_ refusals: [String], _ logger: Logger) {
        for refusal in refusals {
            let isNew = known.withLock { $0.insert(refusal).inserted }
            logger.log(
                level: isNew ? .notice : .debug,
                "Redis refused a command of the handshake that it may do without",
                metadata: ["redis.reason": "\(refusal)"]
            )
        }
    }
}
