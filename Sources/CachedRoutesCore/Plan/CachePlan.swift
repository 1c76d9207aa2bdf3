import RouteModel

/// The compiled caching policy of a route.
final class CachePlan: Sendable {
    /// The policy in the manifest.
    let policy: CachePolicy
    /// The longest freshness lifetime of an entry, in milliseconds.
    let ttl: Int64
    /// The time for which responses are stored in this process's memory, in milliseconds; 0 for none.
    let nearLifetime: Int64
    /// Validates the route's stored entries.
    let verifier: EntryPolicyVerifier
    /// The tag versions of the route's entries.
    let tagVersions: RouteTagVersionKeys

    init(_ route: RouteDefinition, _ policy: CachePolicy, downstream: DownstreamCacheControl) {
        self.policy = policy
        ttl = policy.ttl.milliseconds
        nearLifetime =
            switch policy.near.kind {
            case .off: 0
            case .life: .max
            case .atMost(let limit): limit.milliseconds
            }
        verifier = EntryPolicyVerifier(route, policy, downstream: downstream)
        tagVersions = RouteTagVersionKeys(route, policy)
    }

    /// Indicates that responses are also stored in gzip coding.
    var hasVariants: Bool { policy.compress }
}
