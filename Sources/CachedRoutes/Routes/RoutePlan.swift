import HTTPTypes
import Metrics
import NIOCore
import RouteModel

/// A route with everything about it that does not depend on a request worked out once.
final class RoutePlan: Sendable {
    let route: Route
    let parser: RequestParser
    let metrics: RouteMetrics
    /// How answers are cached; `nil`: the route writes.
    let cache: CachePolicy?
    /// How long an entry is kept in the store, in milliseconds.
    let lifetime: Int64
    /// How long an entry is fresh, in milliseconds.
    let ttl: Int64
    /// The value of `Cache-Control` on answers for clients.
    let cacheControl: String
    /// The value of `Vary`, where the answer depends on fields of the request.
    let vary: String?
    let timeout: TimeAmount
    /// Whether a value that the database refuses may be the client's fault. A header never is (it would be the default).
    let hasClientValues: Bool
    let hasBodyInputs: Bool

    init(_ route: Route) {
        self.route = route
        parser = RequestParser(route.signature, rejectsUnknownQuery: route.unknownQuery == .reject)
        metrics = RouteMetrics(route: route.name)
        cache = route.cache
        ttl = cache?.ttl.milliseconds ?? 0
        lifetime = ttl
        cacheControl = cache.map { Self.cacheControl(of: route, $0) } ?? "no-store"
        vary = Self.vary(of: route)
        hasClientValues = route.signature.inputs.contains { $0.group != .header && $0.group != .context }
        hasBodyInputs = route.signature.inputs.contains { $0.group == .body }
        timeout = .milliseconds(route.timeout.milliseconds)
    }

    /// What clients may do with an answer: by default the route's ttl, and `no-cache` where an answer is somebody's own,
    /// because nobody can purge a browser.
    private static func cacheControl(of route: Route, _ cache: CachePolicy) -> String {
        var directives: [String] = []
        if route.hasContextInputs {
            directives.append("private")
        } else if route.isPublic {
            directives.append("public")
        }
        let clientTTL = cache.clientTTL ?? (route.hasContextInputs ? .zero : cache.ttl)
        let seconds = clientTTL.milliseconds / 1000
        directives.append(seconds > 0 ? "max-age=\(seconds)" : "no-cache")
        return directives.joined(separator: ", ")
    }

    private static func vary(of route: Route) -> String? {
        var fields: [String] = []
        for input in route.signature.inputs {
            if let field = input.field, !fields.contains(where: { $0.lowercased() == field.lowercased() }) {
                fields.append(field)
            }
        }
        if route.hasContextInputs { fields += ["Authorization", "Cookie"] }
        return fields.isEmpty ? nil : fields.joined(separator: ", ")
    }
}

/// The counters of one route.
struct RouteMetrics: Sendable {
    let hits: Counter
    let misses: Counter
    let bypasses: Counter
    let collapsed: Counter
    let refused: Counter
    let failures: Counter
    let unreadable: Counter
    let storeAway: Counter
    let stored: Counter
    let writes: Counter

    init(route: String) {
        func counter(_ outcome: String) -> Counter {
            Counter(label: "cached_routes_requests_total", dimensions: [("route", route), ("outcome", outcome)])
        }
        hits = counter("hit")
        misses = counter("miss")
        bypasses = counter("bypass")
        collapsed = counter("collapsed")
        refused = counter("refused")
        writes = counter("write")
        failures = counter("failure")
        unreadable = Counter(label: "cached_routes_unreadable_entries_total", dimensions: [("route", route)])
        storeAway = Counter(label: "cached_routes_store_away_total", dimensions: [("route", route)])
        stored = Counter(label: "cached_routes_stored_total", dimensions: [("route", route)])
    }
}
