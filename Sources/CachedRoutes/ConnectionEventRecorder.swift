import CachedRoutesCore
import HTTPConnections
import Logging
import Metrics

/// Counts and logs events of clients' connections.
struct ConnectionEventRecorder: Sendable {
    private let logger: Logger
    private let closed: [CloseReason: Counter]
    /// Counts the pauses of accepting, by the resource that ran out.
    private let full: Counter
    private let exhausted: Counter

    /// - Parameter metrics: makes the counters.
    init(logger: Logger, metrics: any MetricsFactory = MetricsSystem.factory) {
        self.logger = logger
        let counters = CloseReason.allCases.map { reason in
            (
                reason,
                Counter(
                    label: "cached_routes_connections_closed_total",
                    dimensions: [("reason", reason.rawValue)],
                    factory: metrics
                )
            )
        }
        closed = Dictionary(uniqueKeysWithValues: counters)
        let pauses = "cached_routes_accept_pauses_total"
        full = Counter(label: pauses, dimensions: [("reason", "connections")], factory: metrics)
        exhausted = Counter(label: pauses, dimensions: [("reason", "descriptors")], factory: metrics)
    }

    func observe(_ event: ConnectionMonitoringEvent) {
        switch event {
        case .closes(let reason):
            closed[reason]?.increment()
            logger.debug("A client's connection is closed", metadata: ["reason": "\(reason.rawValue)"])
        case .isFull(let maximum):
            full.increment()
            logger.warning(
                "The limit of connections is reached, and other clients wait: see HTTP_MAX_CONNECTIONS",
                metadata: ["connections": "\(maximum)"]
            )
        case .isExhausted(let error):
            exhausted.increment()
            logger.error(
                "Connections can't be accepted: raise the process's limit of file descriptors, or lower HTTP_MAX_CONNECTIONS",
                metadata: ["error": "\(error)"]
            )
        case .accepts: logger.notice("Connections are accepted again")
        }
    }
}
