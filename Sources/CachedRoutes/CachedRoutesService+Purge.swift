public import CachedRoutesCore

extension CachedRoutesService {
    /// Purges all responses that carry one of the tags, in the namespaces of all manifests whose routes were added, at one moment
    /// for all of them.
    ///
    /// A response that is being made from what was read before is given to those who wait for it, and to nobody else.
    @discardableResult
    public func purge(tags: [CacheTag]) async -> PurgeOutcome { await engine.purge(tags: tags) }

    /// Purges all responses of a route.
    ///
    /// - Parameter name: its name in the manifest; where several manifests have it, all of them.
    /// - Throws: ``UnknownRouteName`` if no route that reads was added under this name.
    @discardableResult
    public func purge(route name: String) async throws(UnknownRouteName) -> PurgeOutcome {
        guard let outcome = await engine.purge(routesNamed: name) else { throw UnknownRouteName(name: name) }
        return outcome
    }

    /// Purges all responses of all routes that were added.
    @discardableResult
    public func purgeAll() async -> PurgeOutcome { await engine.purgeAll() }
}

/// There is no route with this name.
public struct UnknownRouteName: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name that was given.
    public let name: String

    /// The error in a sentence.
    public var description: String { "no route that reads is called '\(name)'" }
}
