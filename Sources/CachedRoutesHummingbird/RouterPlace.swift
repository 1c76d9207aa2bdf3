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
    init?(_ container: Any) {
        if let router = container as? any ListedRouter {
            self.router = router
            prefix = []
            groupMiddlewares = []
            return
        }
        let group = Mirror(reflecting: container)
        guard let parent = group.descendant("parent"), let place = RouterPlace(parent) else { return nil }
        router = place.router
        prefix = place.prefix + ((group.descendant("path") as? RouterPath)?.elements ?? [])
        groupMiddlewares = (group.descendant("middlewares").map { [$0] } ?? []) + place.groupMiddlewares
    }
}

/// A router whose routes are known, whatever its context.
protocol ListedRouter: AnyObject {
    /// What is known of its routes.
    func knowledge() -> RouterKnowledge
    /// Has requests that no route takes looked at once more, without answering those of routes in groups.
    func watchUnmatched(_ knowledge: RouterKnowledge, redirecting endpoints: Set<Int>)
}

extension Router: ListedRouter {
    func knowledge() -> RouterKnowledge {
        let middlewares = Mirror(reflecting: self.middlewares).descendant("middlewares") as? [Any] ?? []
        let options = Mirror(reflecting: self).descendant("options") as? RouterOptions ?? []
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
    func knowledge() -> RouterKnowledge {
        let knowledge = RouterKnowledge(ignoringCase: false)
        let routes = Mirror(reflecting: self).descendant("routes").map { Mirror(reflecting: $0).children } ?? .init([])
        knowledge.note(
            routes.compactMap { child in
                let route = Mirror(reflecting: child.value)
                guard let path = route.descendant("path") as? RouterPath,
                    let method = route.descendant("method") as? HTTPRequest.Method
                else { return nil }
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
