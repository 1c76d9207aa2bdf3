import Logging
import Synchronization

/// Says once of each optional command of the handshake that the server refuses it.
final class RedisHandshakeRefusals: Sendable {
    private let known = Mutex<Set<String>>([])

    /// Takes what one handshake was refused.
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
