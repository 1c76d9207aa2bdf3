public import CachedRoutesCore

extension CachedRoutesService {
    /// Purges all responses that carry one of the tags, in the namespaces of all manifests whose routes were added,
    /// atomically.
    ///
    /// A response that is being made from older data is sent to the requests that wait for it already, and never
    /// reused.
    ///
    /// - Parameter tags: the tags with their values filled in.
    /// - Returns: ``PurgeOutcome/queued`` if the store can't be reached yet.
    @discardableResult
    public func purge(tags: [CacheTag]) async -> PurgeOutcome { await engine.purge(tags: tags) }

    /// Purges all responses of a route.
    ///
    /// - Parameter name: the name of the route in its manifest; it stands for all routes of that name.
    /// - Returns: ``PurgeOutcome/queued`` if the store can't be reached yet.
    /// - Throws: ``PurgeError/Code/unknownRoute`` if no GET route of this name was added.
    @discardableResult
    public func purge(route name: String) async throws(PurgeError) -> PurgeOutcome {
        guard let outcome = await engine.purge(routesNamed: name) else { throw .unknownRoute(name) }
        return outcome
    }

    /// Purges all responses of all routes that were added.
    ///
    /// - Returns: ``PurgeOutcome/queued`` if the store can't be reached yet.
    @discardableResult
    public func purgeAll() async -> PurgeOutcome { await engine.purgeAll() }
}
