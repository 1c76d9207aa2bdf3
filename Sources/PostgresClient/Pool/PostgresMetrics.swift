import Metrics

/// The client's metrics.
struct PostgresMetrics: Sendable {
    private let queries = Counter(label: "postgres_client_queries_total")
    private let connections = Gauge(label: "postgres_client_connections")
    private let waiters = Gauge(label: "postgres_client_waiting_queries")

    /// Counts a query.
    func started() {
        queries.increment()
    }

    /// Sets the number of established connections and of queries that wait for one.
    func set(connections: Int, waiters: Int) {
        self.connections.record(connections)
        self.waiters.record(waiters)
    }
}
