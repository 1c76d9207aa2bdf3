import Logging
import RouteModel
import Synchronization

extension RouteEngine {
    /// Registers routes: their responses are warmed from now on, and purges apply to them.
    ///
    /// - Parameters:
    ///   - routes: the routes of one table.
    ///   - listensToPurges: true if SQL may purge any tag, so that routes with tags need the `LISTEN` connection as
    ///     well.
    /// - Returns: the routes that can be served: all but those that have the namespace and the name, or the keys, of a
    ///   route that was registered before, and those that need a database where there is none. ``problems`` has the
    ///   reasons.
    package func register(_ routes: [CompiledRoute], listensToPurges: Bool) -> [CompiledRoute] {
        let routes = names.take(routes)
        for route in routes {
            registry.add(route.plan)
            startServices(for: route, listensToPurges: listensToPurges)
            startCheck?.add(route.route)
            warmer.add(route.plan)
            noteConcurrency(of: route.route)
        }
        return routes
    }

    /// Starts the services that a route needs, unless they have started.
    func startServices(for route: CompiledRoute, listensToPurges: Bool) {
        guard let cache = route.plan.cache else { return }
        if cache.policy.tables != nil { listenToTables(of: route.route) }
        // SQL may purge tags as well.
        if listensToPurges, !cache.policy.tags.isEmpty { tableListener?.want() }
        if cache.nearLifetime > 0 { nearTracker?.want() }
    }

    /// Returns a route by its name; `nil` if there is none.
    ///
    /// - Parameters:
    ///   - namespace: the namespace of its manifest.
    ///   - name: its name in the manifest.
    package func route(namespace: String, name: String) -> CompiledRoute? {
        names.route(namespace: namespace, name: name)
    }

    /// Notes the reason why a route can't be served.
    package func refuse(_ problem: String) { names.refuse(problem) }

    /// The reasons why routes can't be served, without repetitions.
    package var problems: [String] { names.problems }

    /// The tables whose responses are not stored now, sorted.
    package var untrustedTables: [String] { tableTrust?.untrustedTables ?? [] }

    /// The result of preparing the statements of all routes, as far as the service's readiness depends on it.
    package var startCheckStatus: StartCheckStatus { startCheck?.status ?? .passed }

    private func listenToTables(of route: RouteDefinition) {
        tableListener?.want()
        tableTrust?.registryHasChanged()
        switch tables {
        case .announced(let source): source.inspectSoon()
        case .unannounced:
            logger.error(
                """
                Responses made from tables are not stored: LISTEN does not work through a pooler in transaction mode. Set \
                DATABASE_LISTEN_URL to a connection straight to the primary.
                """,
                metadata: ["route": "\(route.name)"]
            )
        case .assumed: break
        }
    }

    /// Logs that a route's `concurrency` has no effect because the pool has no more connections than that.
    func noteConcurrency(of route: RouteDefinition) {
        guard let concurrency = route.concurrency, concurrency >= maximumConnections,
            unlimitedRoutes.withLock({ $0.insert([route.signature.namespace, route.name]).inserted })
        else { return }
        var metadata: Logger.Metadata = [
            "route": "\(route.name)", "concurrency": "\(concurrency)", "DATABASE_POOL_MAX": "\(maximumConnections)",
        ]
        if let location = route.location { metadata["manifest"] = "\(location)" }
        logger.info(
            "The concurrency of a route has no effect: its queries may use every connection of the pool",
            metadata: metadata
        )
    }
}
