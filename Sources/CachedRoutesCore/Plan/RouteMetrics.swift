import Metrics

/// The counters of one route.
struct RouteMetrics: Sendable {
    let hits: Counter
    /// Hits with a stale response.
    let stale: Counter
    let misses: Counter
    let bypasses: Counter
    let collapsed: Counter
    let refused: Counter
    let failures: Counter
    let unreadable: Counter
    let storeAway: Counter
    let storeRefused: Counter
    let untrusted: Counter
    let stored: Counter
    let renewals: Counter
    let writes: Counter

    init(route: String) {
        func counter(_ outcome: String) -> Counter {
            Counter(label: "cached_routes_requests_total", dimensions: [("route", route), ("outcome", outcome)])
        }
        hits = counter("hit")
        stale = Counter(label: "cached_routes_stale_hits_total", dimensions: [("route", route)])
        misses = counter("miss")
        bypasses = counter("bypass")
        collapsed = Counter(label: "cached_routes_collapsed_total", dimensions: [("route", route)])
        refused = counter("refused")
        writes = counter("write")
        failures = counter("failure")
        unreadable = Counter(label: "cached_routes_unreadable_entries_total", dimensions: [("route", route)])
        storeAway = Counter(label: "cached_routes_store_away_total", dimensions: [("route", route)])
        storeRefused = Counter(label: "cached_routes_store_refused_total", dimensions: [("route", route)])
        untrusted = Counter(label: "cached_routes_untrusted_total", dimensions: [("route", route)])
        stored = Counter(label: "cached_routes_stored_total", dimensions: [("route", route)])
        renewals = Counter(label: "cached_routes_renewals_total", dimensions: [("route", route)])
    }
}
