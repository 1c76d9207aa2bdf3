import Synchronization

extension RouteEngine {
    /// Exchanges all routes for others, as the next version of an app has them.
    ///
    /// Nothing that is stored is removed: responses of a route that is changed in another way than its fingerprint tells stay,
    /// and those of a route that is gone are dropped for want of requests. Requests and fills under way keep their routes, and
    /// nobody waits for them. A route that is the same object in both tables keeps its statement and its warming.
    ///
    /// Call it before a server gets the routes, so that no request meets one whose tags nobody purges. Statements are not
    /// prepared in advance.
    ///
    /// - Parameters:
    ///   - routes: the routes of all manifests.
    ///   - listensToPurges: true if SQL may purge any tag.
    /// - Returns: the routes that can be served, and the reasons why others can't, as ``register(_:listensToPurges:)`` finds
    ///   them. ``problems`` are these from now on.
    package func replace(
        _ routes: [CompiledRoute],
        listensToPurges: Bool
    ) -> (routes: [CompiledRoute], problems: [RouteProblem]) {
        // One exchange after the other.
        retiredStatements.withLock { retired in
            let former = names.routes
            let formerPlans = Set(former.map { ObjectIdentifier($0.plan) })
            let (routes, problems) = names.replace(routes)
            registry.replace(routes.map(\.plan))
            tableTrust?.registryWasReplaced()
            warmer.retire(except: Set(routes.map { ObjectIdentifier($0.plan) }))
            for route in routes where !formerPlans.contains(ObjectIdentifier(route.plan)) {
                startServices(for: route, listensToPurges: listensToPurges)
                warmer.add(route.plan)
                noteConcurrency(of: route.route)
            }
            let used = Set(routes.flatMap(\.route.statements).map { ObjectIdentifier($0) })
            let unused = former.flatMap(\.route.statements).filter { !used.contains(ObjectIdentifier($0)) }
            // Those of the exchange before once more: a request that was under way then may have run one since.
            let before = retired.filter { !used.contains(ObjectIdentifier($0)) }
            (database as? any StatementKeepingDatabase)?.forget(before + unused)
            retired = unused
            return (routes, problems)
        }
    }
}
