import HTTPTypes
import NIOCore
import RouteModel

/// A compiled route: everything about it that does not depend on a request, computed once.
package final class RoutePlan: Sendable {
    let route: RouteDefinition
    let parser: RequestParser
    let metrics: RouteMetrics
    /// The caching of responses; `nil` if they never are cached.
    let cache: CachePlan?
    /// Indicates that responses are also stored in gzip coding.
    var hasVariants: Bool { cache?.hasVariants ?? false }
    /// The effects of a write; `nil` if the route reads.
    let write: WritePlan?
    /// The `Cache-Control` of responses.
    let downstream: DownstreamCacheControl
    /// The value of `Vary`, if responses depend on fields of the request.
    let vary: String?
    let timeout: TimeAmount
    /// Indicates that a value refused by the database may be the client's. Headers do not count, because an invalid one
    /// is replaced by its default.
    let hasClientValues: Bool
    let hasBodyInputs: Bool
    /// The request fields that matter to a stored response.
    let requestFields: [RequestFieldMatcher]

    init(_ route: RouteDefinition) {
        self.route = route
        parser = RequestParser(
            route.signature,
            rejectsUnknownQuery: route.unknownQuery == .reject,
            otherQueryNames: PreconditionPlan.queryNames(of: route)
        )
        metrics = RouteMetrics(route: route.name)
        let downstream = DownstreamCacheControl(route)
        self.downstream = downstream
        cache = route.cache.map { CachePlan(route, $0, downstream: downstream) }
        write = route.write.map { WritePlan(route, $0) }
        vary = Self.vary(of: route)
        hasClientValues = route.signature.inputs.contains { $0.group != .header && $0.group != .context }
        hasBodyInputs = route.signature.inputs.contains { $0.group == .body }
        timeout = .milliseconds(route.timeout.milliseconds)
        requestFields = Self.requestFields(of: route)
    }

    private static func requestFields(of route: RouteDefinition) -> [RequestFieldMatcher] {
        var names: [HTTPField.Name] = [.ifNoneMatch, .ifModifiedSince]
        if route.cache?.compress ?? false { names.append(.acceptEncoding) }
        // Handlers may set the entity tags of their responses.
        if case .handler = route.source { names.append(.ifMatch) }
        if route.requestDirectives == .honor { names += [.cacheControl, .pragma] }
        if !route.isPublic { names.append(.authorization) }
        names += route.signature.inputs.compactMap { $0.field.flatMap { HTTPField.Name($0) } }
        return names.withoutRepetitions.map { RequestFieldMatcher($0) }
    }

    private static func vary(of route: RouteDefinition) -> String? {
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
