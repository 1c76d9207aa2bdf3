public import CachedRoutesCore
package import HTTPConnections
public import NIOCore
import RouteModel
import Synchronization

extension CachedRoutesService {
    /// Registers routes, so that their responses are warmed while the service runs and purges apply to them. Adding
    /// routes to a router does this. Otherwise call it before ``run()`` and before requests of the routes are served.
    ///
    /// - Parameter routes: the routes of one manifest.
    /// - Returns: the routes that can be served: all but those that have the namespace and the name, or the keys, of a
    ///   route that was registered before, or SQL without a database. If there are such, ``run()`` throws instead of
    ///   running.
    @discardableResult
    public func register(_ routes: [CompiledRoute]) -> [CompiledRoute] {
        let routes = engine.register(routes, listensToPurges: configuration.databaseListenURL != nil)
        if routes.contains(where: \.isBeforeRouter) { hasRoutesBeforeRouter.store(true, ordering: .relaxed) }
        return routes
    }

    /// Exchanges all routes for others, see `RouteEngine.replace`.
    ///
    /// - Parameter routes: the routes of all manifests.
    /// - Returns: the routes that can be served, and the reasons why others can't.
    package func replaceRoutes(_ routes: [CompiledRoute]) -> (routes: [CompiledRoute], problems: [RouteProblem]) {
        engine.replace(routes, listensToPurges: configuration.databaseListenURL != nil)
    }

    /// Notes the reason why a route can't be served.
    package func refuse(_ problem: String) { engine.refuse(problem) }

    /// Checks that all routes that were added can be served.
    ///
    /// - Throws: ``CachedRoutesConfigurationError`` with the reasons why some can't.
    package func checkRoutes() throws(CachedRoutesConfigurationError) {
        let problems = engine.problems
        guard problems.isEmpty else { throw CachedRoutesConfigurationError(.invalidRoutes, problems: problems) }
    }

    /// Responds to a request within the timeout of its route.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - route: the route of the request.
    ///   - context: the values of the manifest's context inputs.
    ///   - deadline: the end of the route's timeout; `nil` if it starts now.
    ///   - eventLoop: the event loop of the request, where Redis is asked and responses from SQL are made; `nil` for
    ///     any of the service's group.
    public func respond(
        to request: RouteRequest,
        of route: CompiledRoute,
        context: some RouteContext,
        deadline: NIODeadline? = nil,
        on eventLoop: (any EventLoop)? = nil
    ) async -> RouteResponse {
        await engine.respond(to: request, of: route, context: context, after: nil, deadline: deadline, on: eventLoop)
    }

    /// Indicates that hits of some routes are answered before the app's router.
    package var answersBeforeRouters: Bool { hasRoutesBeforeRouter.load(ordering: .relaxed) }

    /// The time limits of a client's connection.
    package var connectionLimits: ConnectionTimeouts {
        ConnectionTimeouts(
            head: .milliseconds(configuration.httpHeadTimeout.milliseconds),
            idle: .milliseconds(configuration.httpIdleTimeout.milliseconds),
            write: .milliseconds(configuration.httpWriteTimeout.milliseconds),
            shutdown: shutdownTimes.clients
        )
    }

    /// The number of requests that wait for a response in the making.
    package var waitingRequests: Int { engine.waitingRequests }
}
