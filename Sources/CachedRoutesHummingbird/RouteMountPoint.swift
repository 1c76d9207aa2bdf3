import CachedRoutes
import HTTPTypes
import Hummingbird

/// A place where routes are added: a router, and the path of a group in it.
///
/// The parent of a group and the middleware of a router are private, so both are read by reflection: without them the
/// whole path of a route is unknown, and two routes of one path end the process or hide each other. If nothing is
/// found, as in a container type of the app's own, routes are checked against those of the same call.
struct RouteMountPoint {
    let router: any InspectableRouter
    /// The elements of the group's path.
    let prefix: [String]
    /// The middleware of the groups, from the inside to the outside, each a `MiddlewareGroup`.
    let groupMiddlewares: [Any]

    /// Finds the place of a router or a group; `nil` for any other container.
    ///
    /// - Throws: ``UnsupportedHummingbirdError`` if a group does not have the known stored properties.
    init?(_ container: Any) throws(UnsupportedHummingbirdError) {
        if let router = container as? any InspectableRouter {
            self.router = router
            prefix = []
            groupMiddlewares = []
            return
        }
        let group = Mirror(reflecting: container)
        let path = group.descendant("path") as? RouterPath
        let middlewares = group.descendant("middlewares")
        let parent = group.descendant("parent")
        if container is any AnyContextRouterGroup, parent == nil || path == nil || middlewares == nil {
            throw UnsupportedHummingbirdError()
        }
        guard let parent, let place = try RouteMountPoint(parent) else { return nil }
        router = place.router
        prefix = place.prefix + (path?.elements ?? [])
        groupMiddlewares = (middlewares.map { [$0] } ?? []) + place.groupMiddlewares
    }
}

/// The error of a Hummingbird version whose routers do not have the known stored properties.
struct UnsupportedHummingbirdError: Error, CustomStringConvertible {
    var description: String {
        "CachedRoutes does not know the routers of this version of Hummingbird, so that routes could hide each other; use the "
            + "version that the last release of CachedRoutes was tested with"
    }
}

/// A group of any context type.
private protocol AnyContextRouterGroup {}
extension RouterGroup: AnyContextRouterGroup {}

/// A router of any context type, whose routes can be listed.
protocol InspectableRouter: AnyObject {
    /// Returns the routes that the router has so far.
    func knowledge() throws(UnsupportedHummingbirdError) -> RouterRouteTable
    /// Adds middleware for requests that match no route. It redirects to the endpoints of groups, and does not call
    /// them.
    func watchUnmatched(_ knowledge: RouterRouteTable, redirecting endpoints: Set<Int>)
}

extension Router: InspectableRouter {
    func knowledge() throws(UnsupportedHummingbirdError) -> RouterRouteTable {
        guard let middlewares = Mirror(reflecting: self.middlewares).descendant("middlewares") as? [Any],
            let options = Mirror(reflecting: self).descendant("options") as? RouterOptions
        else { throw UnsupportedHummingbirdError() }
        let known =
            middlewares.lazy.compactMap { ($0 as? UnmatchedRequestMiddleware<Context>)?.knowledge }.first
            ?? RouterRouteTable(ignoringCase: options.contains(.caseInsensitive))
        known.note(routes.map { (elements: $0.path.elements, method: $0.method) })
        return known
    }

    func watchUnmatched(_ knowledge: RouterRouteTable, redirecting endpoints: Set<Int>) {
        add(middleware: UnmatchedRequestMiddleware<Context>(knowledge, answering: [:], redirecting: endpoints))
    }
}

extension RouteCollection {
    /// Returns the routes that the collection has so far.
    func knowledge() throws(UnsupportedHummingbirdError) -> RouterRouteTable {
        guard let routes = Mirror(reflecting: self).descendant("routes") else { throw UnsupportedHummingbirdError() }
        let knowledge = RouterRouteTable(ignoringCase: false)
        knowledge.note(
            try Mirror(reflecting: routes).children.map { child throws(UnsupportedHummingbirdError) in
                let route = Mirror(reflecting: child.value)
                guard let path = route.descendant("path") as? RouterPath,
                    let method = route.descendant("method") as? HTTPRequest.Method
                else { throw UnsupportedHummingbirdError() }
                return (path.elements, method)
            }
        )
        return knowledge
    }
}

extension RouterPath {
    /// The elements as the router prints them, with captures as `{name}`.
    var elements: [String] { components.map(\.description) }
}
