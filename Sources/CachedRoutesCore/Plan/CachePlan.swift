import RouteModel

/// The way in which a route's responses are stored, worked out once.
final class CachePlan: Sendable {
    /// The manifest's word.
    let policy: CachePolicy
    /// The longest time for which an entry is fresh, in milliseconds.
    let ttl: Int64
    /// The time for which responses are kept in this process's memory, in milliseconds; zero: not at all.
    let nearLifetime: Int64
    /// The entries that the route may have stored.
    let storable: StorableEntries
    /// The tag versions that entries carry.
    let tagVersions: RouteTagVersions

    init(_ route: CachedRoute, _ policy: CachePolicy, _ downstream: DownstreamCacheControl) {
        self.policy = policy
        ttl = policy.ttl.milliseconds
        nearLifetime =
            switch policy.near {
            case .off: 0
            case .life: .max
            case .atMost(let limit): limit.milliseconds
            }
        storable = StorableEntries(route, policy, downstream)
        tagVersions = RouteTagVersions(route, policy)
    }

    /// Responses are stored in a form for clients that accept gzip, too.
    var hasVariants: Bool { policy.compress }
}
