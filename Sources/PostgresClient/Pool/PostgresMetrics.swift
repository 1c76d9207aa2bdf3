import Metrics

/// The client's metrics.
struct PostgresMetrics: Sendable {
    private let queries: Counter
    private let joined: Counter
    private let hits: Counter
    private let connections: Gauge
    private let waiters: Gauge

    /// - Parameter factory: the metrics backend, by default that of the process.
    init(factory: any MetricsFactory = MetricsSystem.factory) {
        func counter(_ name: String) -> Counter {
            Counter(label: "postgres_client_\(name)_total", dimensions: [], factory: factory)
        }
        func gauge(_ name: String) -> Gauge {
            Gauge(label: "postgres_client_\(name)", dimensions: [], factory: factory)
        }
        queries = counter("queries")
        joined = counter("pipelined_queries")
        hits = counter("cancel_hits")
        connections = gauge("connections")
        waiters = gauge("waiting_queries")
    }

    /// Counts a query.
    func started() {
        queries.increment()
    }

    /// Counts queries that were sent behind others on a connection.
    func joined(_ count: Int) {
        if count > 0 { joined.increment(by: Int64(count)) }
    }

    /// Counts queries that were hit by the cancel request for another one and run again.
    func hit(_ count: Int) {
        if count > 0 { hits.increment(by: Int64(count)) }
    }

    /// Sets the number of established connections and that of queries in the queue.
    func set(connections: Int, waiters: Int) {
        self.connections.record(connections)
        self.waiters.record(waiters)
    }
}
