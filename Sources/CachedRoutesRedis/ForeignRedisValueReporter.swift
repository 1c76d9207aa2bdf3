import CachedRoutesCore
import ClientSupport
import Logging
import Metrics
import NIOCore
import Synchronization

/// Counts values under the service's keys that the service has not written, or that are damaged, and logs a warning
/// once a minute.
///
/// The caller replaces the value. The log names the key, with its inputs at `debug` only, and never the value.
final class ForeignRedisValueReporter: Sendable {
    /// The shortest time between two warnings.
    private static let warningInterval = TimeAmount.minutes(1)

    private let count: Counter
    private let throttle = Mutex(LogThrottle(interval: warningInterval))
    private let logger: Logger
    private let now: @Sendable () -> NIODeadline

    init(logger: Logger, now: @escaping @Sendable () -> NIODeadline) {
        self.logger = logger
        self.now = now
        count = Counter(label: "cached_routes_foreign_values_total")
    }

    /// Counts a value.
    ///
    /// - Parameters:
    ///   - key: the key in Redis.
    ///   - what: the fault of its value.
    func note(_ key: [UInt8], _ what: String) {
        count.increment()
        let now = now()
        let isWarning = throttle.withLock { $0.admit(at: now) } != nil
        let message: Logger.Message =
            "Redis holds a foreign or damaged value under a key of this service: it is replaced"
        if isWarning {
            logger.warning(message, metadata: ["redis.key": "\(KeyRedaction.text(key))", "redis.value": "\(what)"])
        }
        logger.debug(
            message,
            metadata: ["redis.key": "\(String(decoding: key, as: UTF8.self))", "redis.value": "\(what)"]
        )
    }
}
