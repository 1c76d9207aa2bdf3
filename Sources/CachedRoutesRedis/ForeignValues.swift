import CachedRoutesCore
import Logging
import Metrics
import NIOCore
import Synchronization

/// Counts what stands under keys of the service and is none of it, or is damaged, and says so once in a while.
///
/// Whoever finds such a value has it replaced. The log names the key, its inputs at debug only, and never the value.
final class ForeignValues: Sendable {
    /// The shortest time between two warnings.
    private static let warningInterval = TimeAmount.minutes(1)

    private let count: Counter
    private let nextWarning = Mutex<NIODeadline?>(nil)
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
        count = Counter(label: "cached_routes_foreign_values_total")
    }

    /// Takes note of a value.
    ///
    /// - Parameter what: what is wrong with it.
    func note(_ key: [UInt8], _ what: String) {
        count.increment()
        let now = NIODeadline.now()
        let isWarning = nextWarning.withLock { next in
            if let due = next, now < due { return false }
            next = now + Self.warningInterval
            return true
        }
        let message: Logger.Message =
            "Redis holds something under a key of this service that it would not store so: it is replaced"
        if isWarning {
            logger.warning(message, metadata: ["redis.key": "\(LoggedKey.text(key))", "redis.value": "\(what)"])
        }
        logger.debug(
            message,
            metadata: ["redis.key": "\(String(decoding: key, as: UTF8.self))", "redis.value": "\(what)"]
        )
    }
}
