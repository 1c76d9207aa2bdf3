import CachedRoutes
import HTTPFrontend
import HTTPTypes

/// The routes of a server by their paths, and the server's own endpoints.
struct ServerRoutes: EarlyRouteLookup {
    /// Returns the values of a route's context inputs for a request.
    typealias ContextOf = @Sendable (ServerRequest) async throws -> (any RouteContext)?

    /// A route of a manifest.
    struct Endpoint: Sendable {
        let route: CompiledRoute
        /// Returns the values of its context inputs; `nil` if it has none.
        let context: ContextOf?
    }

    /// An endpoint of the server's own.
    enum Health: String, CaseIterable {
        case health, ready
    }

    /// The destination of a request.
    enum Destination {
        case route(Endpoint)
        case health(Health)
        /// The path has routes for these methods, and for none like the request's.
        case otherMethods(String)
        /// The request asks for the options of a path, or of the server as a whole.
        case options(String)
        case nowhere
        /// No request is served now; the response is one to GET.
        case refused(RouteResponse)
    }

    private var tree = RouteTree(ignoresCase: false, hasGroups: false)
    private var endpoints: [Int: Endpoint] = [:]
    private let own: Set<Health>

    /// - Parameter hasHealth: true if the server answers `GET /health` and `GET /ready`.
    init(hasHealth: Bool) { self.init(own: hasHealth ? Set(Health.allCases) : []) }

    /// - Parameter own: the endpoints that the server answers itself.
    init(own: Set<Health>) {
        self.own = own
        for endpoint in own {
            for method in [HTTPRequest.Method.get, .head] { tree.note([endpoint.rawValue], method) }
        }
    }

    /// Adds a route.
    ///
    /// - Parameters:
    ///   - route: the route.
    ///   - context: returns the values of its context inputs.
    /// - Throws: ``RouteClashError`` if another route matches the same requests.
    mutating func add(_ route: CompiledRoute, context: @escaping ContextOf) throws(RouteClashError) {
        if let endpoint = Health(of: route.route), own.contains(endpoint) {
            throw RouteClashError(
                description:
                    "\(route.route.label) matches the same requests as the server's own '/\(endpoint.rawValue)': give "
                    + "it another path, or set 'answersHealth' of the server's configuration to false"
            )
        }
        let added = try tree.add(route.route)
        endpoints[added.id] = Endpoint(route: route, context: route.route.hasContextInputs ? context : nil)
    }

    // MARK: - Finding routes

    var isStable: Bool { true }

    func route(of path: UnsafeRawBufferPointer, isHead: Bool) -> CompiledRoute? {
        guard case .manifest(_, let id) = tree.owner(of: path, method: isHead ? .head : .get),
            let endpoint = endpoints[id], endpoint.context == nil, endpoint.route.route.cache != nil
        else { return nil }
        return endpoint.route
    }

    /// Returns the destination of a request.
    func destination(of target: RequestTarget, method: HTTPRequest.Method) -> Destination {
        if target.originForm == "*" { return method == .options ? .options("") : .nowhere }
        return target.withPath { path in
            guard let place = tree.place(of: path) else { return .nowhere }
            switch place.owners[method] {
            case .manifest(_, let id): return endpoints[id].map(Destination.route) ?? .nowhere
            case .app: return Self.health(of: path).map(Destination.health) ?? .nowhere
            case nil:
                let methods = (place.owners.keys.map(\.rawValue) + [HTTPRequest.Method.options.rawValue]).sorted()
                    .joined(separator: ", ")
                return method == .options ? .options(methods) : .otherMethods(methods)
            }
        }
    }

    private static func health(of path: UnsafeRawBufferPointer) -> Health? {
        let segments = PathNormalization.segments(of: String(decoding: path, as: UTF8.self))
        return segments.count == 1 ? Health(rawValue: segments[0]) : nil
    }
}

extension ServerRoutes.Health {
    /// The endpoint with the method and the path of a route; `nil` if there is none.
    init?(of route: RouteDefinition) {
        guard route.methods.contains(.get), route.signature.path.segments.count == 1,
            case .literal(let text) = route.signature.path.segments[0]
        else { return nil }
        self.init(rawValue: text)
    }
}
