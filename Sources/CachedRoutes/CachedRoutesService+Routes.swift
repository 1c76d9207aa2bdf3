public import CachedRoutesCore
package import HTTPConnections
public import NIOCore
import RouteModel
import Synchronization

extension CachedRoutesService {
    /// Takes routes, so that their responses are warmed while the service runs and purges find them. Adding routes to a router
    /// does this. It is to be done before requests for them are answered, and before ``run()``.
    ///
    /// - Returns: the routes that may be answered: all but those that have the namespace and the name, or the keys, of another
    ///   one that was taken before, or SQL where there is no database. If there are such, ``run()`` throws instead of running.
    @discardableResult
    public func register(_ routes: [CompiledRoute]) -> [CompiledRoute] {
        let routes = engine.register(routes, listensToPurges: configuration.databaseListenURL != nil)
        if routes.contains(where: \.isBeforeRouter) { beforeRouter.exist() }
        return routes
    }

    /// Notes why a route can't be answered.
    package func refuse(_ problem: String) { engine.refuse(problem) }

    /// Checks that all routes that were added can be answered beside each other.
    ///
    /// - Throws: ``CachedRoutesConfigurationError`` if they can't.
    package func checkRoutes() throws(CachedRoutesConfigurationError) {
        let problems = engine.problems
        guard problems.isEmpty else { throw CachedRoutesConfigurationError(problems: problems) }
    }

    /// Answers a request of `route` within the route's timeout.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - route: the route that it has been routed to.
    ///   - context: the values of the manifest's context inputs.
    ///   - deadline: the end of the route's timeout; `nil`: it begins now.
    ///   - eventLoop: the event loop of the request, where Redis is asked and responses from SQL are made; `nil`: any of the
    ///     service's group.
    public func respond(
        to request: RouteRequest,
        of route: CompiledRoute,
        context: some RouteContext,
        deadline: NIODeadline? = nil,
        on eventLoop: (any EventLoop)? = nil
    ) async -> RouteResponse {
        await engine.respond(to: request, of: route, context: context, after: nil, deadline: deadline, on: eventLoop)
    }

    /// Answers a request of `route` within the route's timeout.
    ///
    /// - Parameter prior: the result of a lookup before the request came to its route.
    package func respond(
        to request: RouteRequest,
        of route: CompiledRoute,
        context: some RouteContext,
        after prior: StoreLookup?,
        deadline: NIODeadline? = nil,
        on eventLoop: (any EventLoop)? = nil
    ) async -> RouteResponse {
        await engine.respond(
            to: request,
            of: route,
            context: context,
            after: prior,
            deadline: deadline,
            on: eventLoop
        )
    }

    /// Hits of some routes are answered before the app's router.
    package var answersBeforeRouters: Bool { beforeRouter.areKnown }

    /// Asks the store for the response to a request before a router has seen it; touches neither task nor thread.
    package func readyLookup(
        _ request: RouteRequest,
        of route: CompiledRoute,
        on eventLoop: any EventLoop
    ) -> PendingStoreLookup {
        engine.readyLookup(request, of: route, on: eventLoop)
    }

    /// The limits of a client's connection.
    package var connectionLimits: ConnectionLimits {
        ConnectionLimits(
            head: .milliseconds(configuration.httpHeadTimeout.milliseconds),
            idle: .milliseconds(configuration.httpIdleTimeout.milliseconds),
            write: .milliseconds(configuration.httpWriteTimeout.milliseconds),
            shutdown: shutdownTimes.clients
        )
    }

    /// The number of requests that wait for a response that is being made.
    package var waitingRequests: Int { engine.waitingRequests }
}

/// Remembers that some routes are answered before the router.
final class RoutesBeforeRouter: Sendable {
    private let flag = Atomic(false)

    /// Hits of some routes are answered before the router.
    var areKnown: Bool { flag.load(ordering: .relaxed) }

    /// There are such routes.
    func exist() { flag.store(true, ordering: .relaxed) }
}
