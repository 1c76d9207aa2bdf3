import RouteModel

extension RouteEngine {
    /// Purges all responses that carry one of the tags, in the namespaces of all routes, at one moment for all of them.
    package func purge(tags: [CacheTag]) async -> PurgeOutcome {
        let names = registry.namespaces.flatMap { namespace in
            tags.map { TagVersionKey.tag($0.description.utf8, in: namespace) }
        }
        return await purge(names)
    }

    /// Purges all responses of the routes with this name; `nil` if no route that reads has it.
    package func purge(routesNamed name: String) async -> PurgeOutcome? {
        guard let names = registry.routes(named: name) else { return nil }
        return await purge(names)
    }

    /// Purges all responses of all routes.
    package func purgeAll() async -> PurgeOutcome { await purge(registry.routes) }

    /// Not a child of the caller's task: a purge that is asked for is not given up.
    private func purge(_ names: [TagVersionKey]) async -> PurgeOutcome {
        guard !names.isEmpty else { return .done }
        return await Task { await purger.purge(names) }.value
    }
}
