public import RouteModel

/// How a route's answers are cached.
public struct CachePolicy: Sendable, Hashable {
    /// Which concurrent misses of one key share a query.
    public enum Coalesce: Sendable, Hashable {
        /// Those of one process.
        case process
        /// Those of all processes behind one Redis.
        case fleet
        /// None.
        case off
    }

    /// How long an answer is fresh, before ``jitter``.
    public let ttl: Duration
    /// By how many per cent of itself, at most, a ttl is shortened at random, so that entries made together don't expire
    /// together. 0 to 99.
    public let jitter: Int
    /// For how long after its ttl an answer is still given at once while it is renewed in the background (RFC 5861, 3); zero: not
    /// at all.
    public let staleWhileRevalidate: Duration
    /// For how long after its ttl an answer is still given when a new one can't be made (RFC 5861, 4); zero: not at all.
    public let staleIfError: Duration
    /// How long it is remembered that there is no answer (404); `nil`: not at all.
    public let negativeTTL: Duration?
    /// What clients may keep without asking; `nil`: the default of the route's kind.
    public let clientTTL: Duration?
    /// The largest body that is stored, in bytes. Larger answers are served and not stored.
    public let maxBody: Int
    /// Which misses share a query.
    public let coalesce: Coalesce
    /// Whether a gzip variant is kept beside each answer, for clients that accept it.
    public let compress: Bool
    /// Which answers are made before anybody asks for them.
    public let warm: WarmPolicy?
    /// What the answers are purged by. A list input in braces makes a tag of each of its elements.
    public let tags: [TagTemplate]
    /// The tables whose changes purge the answers; `nil`: none.
    public let tables: TablePolicy?
    /// Whether answers are also kept in this process's own memory, in front of Redis.
    public let near: NearCache
    /// Whether hits are answered before the app's router sees the request, and so without its middleware. The route is public.
    public let beforeRouter: Bool

    /// A policy from its parts.
    public init(
        ttl: Duration = .seconds(60),
        jitter: Int = 10,
        staleWhileRevalidate: Duration = .zero,
        staleIfError: Duration = .zero,
        negativeTTL: Duration? = nil,
        clientTTL: Duration? = nil,
        maxBody: Int = 16 << 20,
        coalesce: Coalesce = .process,
        compress: Bool = true,
        warm: WarmPolicy? = nil,
        tags: [TagTemplate] = [],
        tables: TablePolicy? = nil,
        near: NearCache = .off,
        beforeRouter: Bool = false
    ) {
        precondition(ttl > .zero, "a ttl is positive")
        precondition((0...99).contains(jitter), "a ttl is shortened by 0 to 99 per cent")
        precondition(staleWhileRevalidate >= .zero && staleIfError >= .zero, "a window is not negative")
        precondition(negativeTTL.map { $0 > .zero } ?? true, "a ttl is positive")
        self.ttl = ttl
        self.jitter = jitter
        self.staleWhileRevalidate = staleWhileRevalidate
        self.staleIfError = staleIfError
        self.negativeTTL = negativeTTL
        self.clientTTL = clientTTL
        self.maxBody = maxBody
        self.coalesce = coalesce
        self.compress = compress
        self.warm = warm
        self.tags = tags
        self.tables = tables
        self.near = near
        self.beforeRouter = beforeRouter
    }
}

extension CachePolicy? {
    /// Answers are never cached: nothing is asked of the store, and clients are told not to keep them.
    public static var off: CachePolicy? { nil }
}

/// The tables whose changes purge a route's answers.
public struct TablePolicy: Sendable, Hashable {
    /// The names of the tables, each as its trigger gives it: `users`, or `audit.events` outside of the schema `public`.
    public let names: [String]
    /// How long answers are kept at least before the next change of a table purges them; zero: not at all.
    public let minimumInterval: Duration

    /// A policy from its parts.
    public init(_ names: [String], minimumInterval: Duration = .zero) {
        precondition(minimumInterval >= .zero, "an interval is not negative")
        self.names = names
        self.minimumInterval = minimumInterval
    }
}

/// Whether a route's answers are kept in a process's own memory, in front of Redis.
public enum NearCache: Sendable, Hashable {
    /// They are not.
    case off
    /// As long as Redis keeps them.
    case life
    /// For so long at most; positive.
    case atMost(Duration)
}
