import Logging
import RouteModel
import Synchronization

extension RouteEngine {
    /// Takes routes: their responses are warmed from now on, and purges are about them.
    ///
    /// - Parameter listensToPurges: purges are announced by the database, too, so that it is listened to for any tag.
    /// - Returns: the routes that may be answered: all but those that have the namespace and the name, or the keys, of another
    ///   one that was taken before, and those that need what the engine lacks. ``problems`` says why.
    package func register(_ routes: [CompiledRoute], listensToPurges: Bool) -> [CompiledRoute] {
        let routes = names.take(routes)
        for route in routes {
            registry.add(route.plan)
            if let cache = route.plan.cache {
                if cache.policy.tables != nil { listenToTables(of: route.route) }
                // SQL may purge tags, too.
                if listensToPurges, !cache.policy.tags.isEmpty { tableListener?.want() }
                if cache.nearLifetime > 0 { nearTracker?.want() }
            }
            warmer.add(route.plan)
            noteConcurrency(of: route.route)
        }
        return routes
    }

    /// Notes why a route can't be answered.
    package func refuse(_ problem: String) { names.refuse(problem) }

    /// The reasons why routes can't be answered, each once.
    package var problems: [String] { names.problems }

    /// The tables whose responses are not stored now, sorted.
    package var untrustedTables: [String] { tableTrust?.untrustedTables ?? [] }

    private func listenToTables(of route: CachedRoute) {
        tableListener?.want()
        tableTrust?.registryHasChanged()
        switch tables {
        case .announced(let source): source.inspectSoon()
        case .unannounced:
            logger.error(
                """
                Answers with tables are not kept: changes are not heard through a pooler in transaction mode. Let \
                DATABASE_LISTEN_URL lead straight to the primary.
                """,
                metadata: ["route": "\(route.name)"]
            )
        case .assumed: break
        }
    }

    /// Logs that a limit has no effect: the pool has no connection beyond it.
    private func noteConcurrency(of route: CachedRoute) {
        guard let concurrency = route.concurrency, concurrency >= maximumConnections,
            unlimitedRoutes.withLock({ $0.insert([route.signature.namespace, route.name]).inserted })
        else { return }
        var metadata: Logger.Metadata = [
            "route": "\(route.name)", "concurrency": "\(concurrency)", "DATABASE_POOL_MAX": "\(maximumConnections)",
        ]
        if let location = route.location { metadata["manifest"] = "\(location)" }
        logger.info(
            "The concurrency of a route has no effect: its queries may take every connection, and others wait",
            metadata: metadata
        )
    }
}
