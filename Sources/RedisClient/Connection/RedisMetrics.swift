import Metrics

/// The client's counters, looked up once.
struct RedisMetrics: Sendable {
    /// Commands written to a connection, those of handshakes and probes not counted.
    let commands: Counter
    /// Connections given up because the server did not answer in time.
    let timeouts: Counter
    /// Attempts to replace a connection that was lost.
    let reconnects: Counter
    /// Commands refused because too many commands or bytes were waiting.
    let sheds: Counter
    /// Commands refused because no connection was ready.
    let unavailable: Counter
    /// Reads sent once more because their connection was dead.
    let retries: Counter

    /// - Parameter factory: makes the counters; the process's own by default.
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
    }
}
