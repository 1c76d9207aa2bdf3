import Metrics

/// The numbers this client reports, as handles made once.
struct ClientMetrics: Sendable {
    private let queries = Counter(label: "postgres_client_queries_total")
    private let connections = Gauge(label: "postgres_client_connections")
    private let waiters = Gauge(label: "postgres_client_waiting_queries")

    /// A query was asked for.
    func started() {
        queries.increment()
    }

    /// The established connections and the queries that wait for one.
    func set(connections: Int, waiters: Int) {
        self.connections.record(connections)
        self.waiters.record(waiters)
    }
}
