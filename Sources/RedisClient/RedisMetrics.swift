import Metrics

/// The client's counters, looked up once.
struct RedisMetrics: Sendable {
    /// Commands written to a connection, those of handshakes and probes not counted.
    let commands = Counter(label: "redis_client_commands_total")
    /// Connections given up because the server did not answer in time.
    let timeouts = Counter(label: "redis_client_timeouts_total")
    /// Attempts to replace a connection that was lost.
    let reconnects = Counter(label: "redis_client_reconnects_total")
    /// Commands refused because too many commands or bytes were waiting.
    let sheds = Counter(label: "redis_client_sheds_total")
    /// Commands refused because no connection was ready.
    let unavailable = Counter(label: "redis_client_unavailable_total")
    /// Reads sent once more because their connection was dead.
    let retries = Counter(label: "redis_client_retries_total")
}
