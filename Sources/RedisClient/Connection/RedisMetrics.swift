import Metrics

/// The client's counters.
struct RedisMetrics: Sendable {
    /// Commands written to a connection, without those of handshakes and probes.
    let commands: Counter
    /// Connections closed because the server did not reply in time.
    let timeouts: Counter
    /// Attempts to replace a lost connection.
    let reconnects: Counter
    /// Commands refused because too many commands or bytes were waiting.
    let sheds: Counter
    /// Commands refused because no connection was ready.
    let unavailable: Counter
    /// Reads sent again because their connection was dead.
    let retries: Counter
    /// Commands sent again to another node of a cluster, or after a pause, because a node said so.
    let redirects: Counter

    /// Makes the counters.
    ///
    /// - Parameter factory: the metrics backend, by default that of the process.
    init(factory: any MetricsFactory = MetricsSystem.factory) {
        func counter(_ name: String) -> Counter {
            Counter(label: "redis_client_\(name)_total", dimensions: [], factory: factory)
        }
        commands = counter("commands")
        timeouts = counter("timeouts")
        reconnects = counter("reconnects")
        sheds = counter("sheds")
        unavailable = counter("unavailable")
        retries = counter("retries")
        redirects = counter("redirects")
    }
}
