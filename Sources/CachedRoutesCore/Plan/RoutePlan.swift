import HTTPTypes
import Metrics
import NIOCore
import RouteModel

/// A route with everything about it that does not depend on a request worked out once.
package final class RoutePlan: Sendable {
    let route: CachedRoute
    let parser: RequestParser
    let metrics: RouteMetrics
    /// How answers are cached; `nil`: never.
    let cache: CachePolicy?
    /// How long an entry is fresh at most, in milliseconds.
    let ttl: Int64
    /// Whether answers are kept in a form for clients that accept gzip, too.
    let hasVariants: Bool
    /// What clients may do with answers.
    let clientPolicy: DownstreamCacheControl
    /// The value of `Vary`, where the answer depends on fields of the request.
    let vary: String?
    let timeout: TimeAmount
    /// Whether a value that the database refuses may be the client's fault. A header never is (it would be the default).
    let hasClientValues: Bool
    let hasBodyInputs: Bool
    /// For how long answers are kept in this process's memory, in milliseconds; zero: not at all.
    let nearLife: Int64
    /// The entries that the route may have stored; `nil`: none.
    let storable: StorableEntries?
    /// Which tokens answers carry; `nil`: they are never stored.
    let tokens: RouteTagVersions?
    /// The tags that a write purges.
    let invalidates: [TagRenderer]
    /// The answers of its own path that a write purges.
    let targets: [TargetRenderer]
    /// The representation that conditions of a write speak of; `nil`: none.
    let precondition: PreconditionPlan?
    /// The fields of a request that matter to a stored answer.
    let requestFields: [RequestFieldName]

    init(_ route: CachedRoute) {
        self.route = route
        parser = RequestParser(
            route.signature,
            rejectsUnknownQuery: route.unknownQuery == .reject,
            otherQueryNames: PreconditionPlan.queryNames(of: route)
        )
        precondition = PreconditionPlan(route)
        metrics = RouteMetrics(route: route.name)
        cache = route.cache
        ttl = cache?.ttl.milliseconds ?? 0
        hasVariants = cache?.compress ?? false
        clientPolicy = DownstreamCacheControl(route)
        storable = StorableEntries(route, clientPolicy)
        vary = Self.vary(of: route)
        hasClientValues = route.signature.inputs.contains { $0.group != .header && $0.group != .context }
        hasBodyInputs = route.signature.inputs.contains { $0.group == .body }
        timeout = .milliseconds(route.timeout.milliseconds)
        nearLife =
            switch route.cache?.near ?? .off {
            case .off: 0
            case .life: .max
            case .atMost(let limit): limit.milliseconds
            }
        tokens = route.cache.map { RouteTagVersions(route, $0) }
        requestFields = Self.requestFields(of: route)
        targets = route.write?.targets.map { TargetRenderer($0, of: route.signature) } ?? []
        invalidates = route.write?.invalidates.map { TagRenderer($0, of: route.signature) } ?? []
    }

    private static func requestFields(of route: CachedRoute) -> [RequestFieldName] {
        var names: [HTTPField.Name] = [.ifNoneMatch, .ifModifiedSince]
        if route.cache?.compress ?? false { names.append(.acceptEncoding) }
        // Handlers may name the versions of their answers.
        if case .handler = route.source { names.append(.ifMatch) }
        if route.requestDirectives == .honor { names += [.cacheControl, .pragma] }
        if !route.isPublic { names.append(.authorization) }
        names += route.signature.inputs.compactMap { $0.field.flatMap { HTTPField.Name($0) } }
        return names.withoutRepetitions.map { RequestFieldName($0) }
    }

    private static func vary(of route: CachedRoute) -> String? {
        var fields: [String] = []
        for input in route.signature.inputs {
            if let field = input.field, !fields.contains(where: { $0.lowercased() == field.lowercased() }) {
                fields.append(field)
            }
        }
        if route.hasContextInputs { fields += ["Authorization", "Cookie"] }
        if route.cache?.compress ?? false, !fields.contains(where: { $0.lowercased() == "accept-encoding" }) {
            fields.append("Accept-Encoding")
        }
        return fields.isEmpty ? nil : fields.joined(separator: ", ")
    }
}

/// The counters of one route.
struct RouteMetrics: Sendable {
    let hits: Counter
    /// Hits that were stale.
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
