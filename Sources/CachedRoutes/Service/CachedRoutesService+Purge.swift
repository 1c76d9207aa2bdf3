import RouteModel

extension CachedRoutesService {
    /// Purges all answers that carry one of the tags, in the namespaces of all manifests whose routes were added. At one moment
    /// for all of them.
    ///
    /// An answer that is being made from what was read before is given to those who wait for it, and to nobody else.
    @discardableResult
    public func purge(tags: [CacheTag]) async -> PurgeOutcome {
        let names = registry.namespaces.flatMap { namespace in
            tags.map { TagVersionKey.tag($0.description.utf8, in: namespace) }
        }
        return await purge(names)
    }

    /// Purges all answers of a route.
    ///
    /// - Parameter name: its name in the manifest; where several manifests have it, all of them.
    /// - Throws: ``UnknownRouteName`` when no route that reads was added under this name.
    @discardableResult
    public func purge(route name: String) async throws(UnknownRouteName) -> PurgeOutcome {
        guard let names = registry.routes(named: name) else { throw UnknownRouteName(name: name) }
        return await purge(names)
    }

    /// Purges all answers of all routes that were added.
    @discardableResult
    public func purgeAll() async -> PurgeOutcome {
        await purge(registry.routes)
    }

    /// Not a child of the caller's task: a purge that is asked for is not given up.
    private func purge(_ names: [TagVersionKey]) async -> PurgeOutcome {
        guard !names.isEmpty else { return .done }
        return await Task { await purger.purge(names) }.value
    }
}

/// There is no such route.
public struct UnknownRouteName: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name that was given.
    public let name: String

    /// Says so.
    public var description: String { "no route that reads is called '\(name)'" }
}
