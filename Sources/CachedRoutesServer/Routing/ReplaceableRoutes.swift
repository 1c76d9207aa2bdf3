import CachedRoutes
import HTTPFrontend
import HTTPTypes
import Synchronization

/// Routes that are exchanged for others while a server runs.
///
/// A request that has found its route keeps it, so an exchange interrupts nobody.
package final class ReplaceableRoutes: EarlyRouteLookup, Sendable {
    private enum State {
        case routes(ServerRoutes)
        /// All paths have one response, except those of the server's own endpoints; that of `/ready` is `readiness`.
        case refused(RouteResponse, readiness: RouteResponse)
    }

    private let hasHealth: Bool
    private let state: Mutex<State>

    /// Creates a table without routes.
    ///
    /// - Parameter hasHealth: true if the server answers `GET /health` and `GET /ready`.
    package init(hasHealth: Bool = true) {
        self.hasHealth = hasHealth
        state = Mutex(.routes(ServerRoutes(hasHealth: hasHealth)))
    }

    /// Serves these routes from now on, and no others. One for `GET /health` or `GET /ready` takes the place of the server's own.
    ///
    /// - Parameters:
    ///   - routes: the routes, which the service has taken.
    ///   - context: returns the values of the context inputs of a request; `nil` for none.
    /// - Returns: the reasons why routes can't be served beside each other, in which case nothing is exchanged.
    package func replace(
        _ routes: [CompiledRoute],
        context: @escaping @Sendable (ServerRequest) async throws -> (any RouteContext)?
    ) -> [RouteProblem] {
        let taken = routes.compactMap { ServerRoutes.Health(of: $0.route) }
        var new = ServerRoutes(own: hasHealth ? Set(ServerRoutes.Health.allCases).subtracting(taken) : [])
        var problems: [RouteProblem] = []
        for route in routes {
            do throws(RouteClashError) {
                try new.add(route, context: context)
            } catch {
                problems.append(RouteProblem(error.description, of: route.route))
            }
        }
        guard problems.isEmpty else { return problems }
        state.withLock { [new] in $0 = .routes(new) }
        return []
    }

    /// Gives every request the same response from now on, whatever its method and path, except `/health`.
    ///
    /// - Parameters:
    ///   - response: the response to GET. One to HEAD has no body.
    ///   - readiness: that of `/ready`.
    package func refuse(with response: RouteResponse, readiness: RouteResponse) {
        state.withLock { $0 = .refused(response, readiness: readiness) }
    }

    // MARK: - Finding routes

    package var isStable: Bool { false }

    package func route(of path: UnsafeRawBufferPointer, isHead: Bool) -> CompiledRoute? {
        guard case .routes(let routes) = state.withLock({ $0 }) else { return nil }
        return routes.route(of: path, isHead: isHead)
    }

    /// Returns the destination of a request.
    func destination(of target: RequestTarget, method: HTTPRequest.Method) -> ServerRoutes.Destination {
        switch state.withLock({ $0 }) {
        case .routes(let routes): return routes.destination(of: target, method: method)
        case .refused(let response, let readiness):
            // The table without routes knows the server's own endpoints.
            switch ServerRoutes(hasHealth: hasHealth).destination(of: target, method: method) {
            case .health(.ready): return .refused(readiness)
            case .health(.health): return .health(.health)
            case .route, .otherMethods, .options, .nowhere, .refused: return .refused(response)
            }
        }
    }
}

/// The routes of a server that runs.
enum RoutesInUse: Sendable {
    /// Those that an app has added before.
    case fixed(ServerRoutes)
    /// Those of the moment.
    case replaceable(ReplaceableRoutes)

    /// The routes that are answered early.
    var early: any EarlyRouteLookup {
        switch self {
        case .fixed(let routes): routes
        case .replaceable(let routes): routes
        }
    }

    /// Returns the destination of a request.
    func destination(of target: RequestTarget, method: HTTPRequest.Method) -> ServerRoutes.Destination {
        switch self {
        case .fixed(let routes): routes.destination(of: target, method: method)
        case .replaceable(let routes): routes.destination(of: target, method: method)
        }
    }
}
