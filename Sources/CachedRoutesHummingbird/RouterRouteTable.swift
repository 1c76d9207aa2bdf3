import CachedRoutes
import HTTPFrontend
import HTTPTypes
import Synchronization

/// The routes of a router: the app's own that were added before those of a manifest, and those of all manifests.
final class RouterRouteTable: Sendable {
    private let tree: Mutex<RouteTree>

    /// - Parameter ignoringCase: true if the router does not distinguish `/Users` from `/users`.
    init(ignoringCase: Bool) {
        tree = Mutex(RouteTree(ignoresCase: ignoringCase))
    }

    /// Records routes that the router has.
    func note(_ routes: [(elements: [String], method: HTTPRequest.Method)]) {
        tree.withLock { tree in
            for route in routes { tree.note(route.elements, route.method) }
        }
    }

    /// Adds a route of a manifest.
    ///
    /// - Parameters:
    ///   - route: the route.
    ///   - prefix: the path of the group that it is added to.
    /// - Throws: ``RouteClashError`` if the router can't have it.
    func add(_ route: RouteDefinition, below prefix: [String]) throws(RouteClashError) -> RouteTree.Endpoint {
        try tree.withLock { tree throws(RouteClashError) in try tree.add(route, below: prefix) }
    }

    /// Returns the routes of a path; `nil` if there is none.
    func place(of path: String) -> RouteTree.Place? {
        tree.withLock { $0.place(of: path) }
    }
}
