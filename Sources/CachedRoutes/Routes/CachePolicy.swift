/// How a route's answers are cached.
public struct CachePolicy: Sendable, Hashable {
    /// Which concurrent misses of one key share a query.
    public enum Coalesce: Sendable, Hashable {
        /// Those of one process.
        case process
        /// None.
        case off
    }

    /// How long an answer is fresh.
    public let ttl: Duration
    /// What clients may keep without asking; `nil`: the default of the route's kind.
    public let clientTTL: Duration?
    /// The largest body that is stored, in bytes. Larger answers are served and not stored.
    public let maxBody: Int
    /// Which misses share a query.
    public let coalesce: Coalesce

    /// A policy from its parts.
    public init(
        ttl: Duration = .seconds(60),
        clientTTL: Duration? = nil,
        maxBody: Int = 16 << 20,
        coalesce: Coalesce = .process
    ) {
        precondition(ttl > .zero, "a ttl is positive")
        self.ttl = ttl
        self.clientTTL = clientTTL
        self.maxBody = maxBody
        self.coalesce = coalesce
    }
}
