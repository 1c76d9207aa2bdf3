import HTTPTypes
import NIOCore
import RouteModel

/// A compiled route: everything about it that does not depend on a request, computed once.
package final class RoutePlan: Sendable {
    let route: RouteDefinition
    /// The part of the route that determines its keys.
    let signature: RouteSignature
    /// Indicates that responses to requests with `Authorization` are neither stored nor shared (RFC 9111, 3.5).
    let bypassesForAuthorization: Bool
    /// Indicates that the cache directives of requests are followed.
    let honorsRequestDirectives: Bool
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
    let requestFields: RequestFieldSelection
    /// The responses that are sent before the app's router receives the request.
    let beforeRouter: CachePolicy.BeforeRouter
    /// Indicates that no code of the app runs for a request: there is no handler and no context inputs.
    let mayRunOnEventLoop: Bool

    init(_ route: RouteDefinition) {
        self.route = route
        signature = route.signature
        bypassesForAuthorization = !route.isPublic && !route.hasContextInputs
        honorsRequestDirectives = route.requestDirectives == .honor
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
        beforeRouter = route.beforeRouter
        mayRunOnEventLoop = route.isPublic && !route.hasContextInputs && route.mayFillOnEventLoop
    }

    private static func requestFields(of route: RouteDefinition) -> RequestFieldSelection {
        var names: [HTTPField.Name] = [.ifNoneMatch, .ifModifiedSince]
        if route.cache?.compress ?? false { names.append(.acceptEncoding) }
        // Handlers may set the entity tags of their responses.
        if case .handler = route.source { names.append(.ifMatch) }
        if route.requestDirectives == .honor { names += [.cacheControl, .pragma] }
        if !route.isPublic { names.append(.authorization) }
        names += route.signature.inputs.compactMap { $0.field.flatMap { HTTPField.Name($0) } }
        return RequestFieldSelection(names.withoutRepetitions)
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
