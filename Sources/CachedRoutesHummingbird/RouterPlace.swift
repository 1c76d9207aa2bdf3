import CachedRoutes
import HTTPTypes
import Hummingbird

/// A place where routes are added: a router, below the path of a group.
///
/// A group keeps what it is part of to itself, and a router its middleware, so both are looked up by reflection: nobody else
/// knows the whole path of a route, and two routes of one path end the process or hide each other. Where nothing is found, as
/// in a container of an app's own, routes are checked against those of the same call.
struct RouterPlace {
    let router: any ListedRouter
    /// The elements of the group's path.
    let prefix: [String]
    /// The middleware of the groups, from the inside to the outside, each a `MiddlewareGroup`.
    let groupMiddlewares: [Any]

    /// The place of a router or of a group; `nil`: it is neither.
    ///
    /// - Throws: where a group is not built as it is known to be.
    init?(_ container: Any) throws(UnknownHummingbird) {
        if let router = container as? any ListedRouter {
            self.router = router
            prefix = []
            groupMiddlewares = []
            return
        }
        let group = Mirror(reflecting: container)
        let path = group.descendant("path") as? RouterPath
        let middlewares = group.descendant("middlewares")
        let parent = group.descendant("parent")
        if container is any GroupOfRoutes, parent == nil || path == nil || middlewares == nil {
            throw UnknownHummingbird()
        }
        guard let parent, let place = try RouterPlace(parent) else { return nil }
        router = place.router
        prefix = place.prefix + (path?.elements ?? [])
        groupMiddlewares = (middlewares.map { [$0] } ?? []) + place.groupMiddlewares
    }
}

/// A version of Hummingbird keeps its routers' parts in other places than those that are known.
struct UnknownHummingbird: Error, CustomStringConvertible {
    var description: String {
        "the routers of this version of Hummingbird are not built as CachedRoutes knows them, so that routes could hide each "
            + "other; use the version that the last release of CachedRoutes was tested with"
    }
}

/// A group, whatever its context.
private protocol GroupOfRoutes {}
extension RouterGroup: GroupOfRoutes {}

/// A router whose routes are known, whatever its context.
protocol ListedRouter: AnyObject {
    /// What is known of its routes.
    func knowledge() throws(UnknownHummingbird) -> RouterKnowledge
    /// Has requests that no route takes looked at once more, without answering those of routes in groups.
    func watchUnmatched(_ knowledge: RouterKnowledge, redirecting endpoints: Set<Int>)
}

extension Router: ListedRouter {
    func knowledge() throws(UnknownHummingbird) -> RouterKnowledge {
        guard let middlewares = Mirror(reflecting: self.middlewares).descendant("middlewares") as? [Any],
            let options = Mirror(reflecting: self).descendant("options") as? RouterOptions
        else { throw UnknownHummingbird() }
        let known =
            middlewares.lazy.compactMap { ($0 as? UnmatchedRequests<Context>)?.knowledge }.first
            ?? RouterKnowledge(ignoringCase: options.contains(.caseInsensitive))
        known.note(routes.map { (elements: $0.path.elements, method: $0.method) })
        return known
    }

    func watchUnmatched(_ knowledge: RouterKnowledge, redirecting endpoints: Set<Int>) {
        add(middleware: UnmatchedRequests<Context>(knowledge, answering: [:], redirecting: endpoints))
    }
}

extension RouteCollection {
    /// What is known of the routes that it has collected.
    func knowledge() throws(UnknownHummingbird) -> RouterKnowledge {
        guard let routes = Mirror(reflecting: self).descendant("routes") else { throw UnknownHummingbird() }
        let knowledge = RouterKnowledge(ignoringCase: false)
        knowledge.note(
            try Mirror(reflecting: routes).children.map { child throws(UnknownHummingbird) in
                let route = Mirror(reflecting: child.value)
                guard let path = route.descendant("path") as? RouterPath,
                    let method = route.descendant("method") as? HTTPRequest.Method
                else { throw UnknownHummingbird() }
                return (path.elements, method)
            }
        )
        return knowledge
    }
}

extension RouterPath {
    /// The elements as the router prints them, a capture as `{name}`.
    var elements: [String] { components.map(\.description) }
}
