import RouteModel

extension RouteEngine {
    /// Purges all responses that carry one of the tags, in the namespaces of all routes, atomically.
    package func purge(tags: [CacheTag]) async -> PurgeOutcome {
        let names = registry.namespaces.flatMap { namespace in
            tags.map { TagVersionKey.tag($0.description.utf8, in: namespace) }
        }
        return await purge(names)
    }

    /// Purges all responses of the routes of a name; `nil` if no GET route has it.
    package func purge(routesNamed name: String) async -> PurgeOutcome? {
        guard let names = registry.routes(named: name) else { return nil }
        return await purge(names)
    }

    /// Purges all responses of all routes.
    package func purgeAll() async -> PurgeOutcome { await purge(registry.routes) }

    /// Purges in a task of its own, because a purge goes on when its caller is cancelled.
    private func purge(_ names: [TagVersionKey]) async -> PurgeOutcome {
        guard !names.isEmpty else { return .done }
        return await Task { await purger.purge(names) }.value
    }
}
