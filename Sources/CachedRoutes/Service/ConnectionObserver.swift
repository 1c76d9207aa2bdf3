import HTTPConnections
import Logging
import Metrics

/// Counts and logs what becomes of clients' connections.
struct ConnectionObserver: Sendable {
    private let logger: Logger
    private let closed: [CloseReason: Counter]

    init(logger: Logger) {
        self.logger = logger
        let counters = CloseReason.allCases.map { reason in
            (
                reason,
                Counter(label: "cached_routes_connections_closed_total", dimensions: [("reason", reason.rawValue)])
            )
        }
        closed = Dictionary(uniqueKeysWithValues: counters)
    }

    func observe(_ event: ConnectionEvent) {
        switch event {
        case .closes(let reason):
            closed[reason]?.increment()
            logger.debug("A client's connection is closed", metadata: ["reason": "\(reason.rawValue)"])
        case .isFull(let maximum):
            logger.warning(
                "As many clients are connected as may be, others wait: see HTTP_MAX_CONNECTIONS",
                metadata: ["connections": "\(maximum)"]
            )
        case .isExhausted(let error):
            logger.error(
                "Connections can't be accepted: let the process have more file descriptors, or lower HTTP_MAX_CONNECTIONS",
                metadata: ["error": "\(error)"]
            )
        case .accepts: logger.notice("Connections are accepted again")
        }
    }
}
