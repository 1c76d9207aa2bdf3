public import RouteModel

/// How a route's answers are cached.
public struct ManifestCachePolicy: Sendable, Hashable {
    /// Which concurrent misses of one key share a query.
    public enum Coalesce: String, Sendable, Hashable, CaseIterable {
        /// Those of one process.
        case process
        /// Those of all processes behind one Redis.
        case fleet
        /// None.
        case off
    }

    /// How long an answer is fresh, before ``jitter``.
    public var ttl: Duration
    /// By how many per cent of itself, at most, a ttl is shortened at random: 0 to 99.
    public var jitter: Int
    /// For how long after its ttl an answer is still given while it is renewed; zero: not at all.
    public var staleWhileRevalidate: Duration
    /// For how long after its ttl an answer is still given when a new one can't be made; zero: not at all.
    public var staleIfError: Duration
    /// How long it is remembered that there is no answer; `nil`: not at all.
    public var negativeTTL: Duration?
    /// What clients may keep without asking, where the manifest says so.
    public var clientTTL: Duration?
    /// The largest body that is stored, in bytes.
    public var maxBody: Int
    /// Which misses share a query.
    public var coalesce: Coalesce
    /// Whether a gzip variant is kept beside each answer.
    public var compress: Bool
    /// Which answers are made before anybody asks for them.
    public var warm: ManifestWarmPolicy?
    /// What the answers are purged by, in the manifest's order.
    public var tags: [TagTemplate]
    /// The tables whose changes purge the answers; `nil`: none.
    public var tables: ManifestTablePolicy?
    /// Whether answers are also kept in a process's own memory, in front of Redis.
    public var near: ManifestNearCache
    /// Whether hits are answered before the app's router sees the request.
    public var beforeRouter: Bool

    /// A policy from its parts. What is left out has the value it has where a manifest doesn't name it.
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
        warm: ManifestWarmPolicy? = nil,
        tags: [TagTemplate] = [],
        tables: ManifestTablePolicy? = nil,
        near: ManifestNearCache = .off,
        beforeRouter: Bool = false
    ) {
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

/// Which of a route's answers are made before anybody asks for them, and how often.
public struct ManifestWarmPolicy: Sendable, Hashable {
    /// How often each of the answers is made.
    public var every: Duration
    /// For each of the answers, canonical texts of inputs by their names; a list has several. Inputs that are not named have
    /// their default, or are absent.
    public var inputs: [[String: [String]]]
    /// Whether answers that are not there are made when the service starts.
    public var atStart: Bool

    /// A policy from its parts. What is left out has the value it has where a manifest doesn't name it.
    public init(every: Duration, inputs: [[String: [String]]] = [[:]], atStart: Bool = true) {
        self.every = every
        self.inputs = inputs
        self.atStart = atStart
    }
}

/// The tables whose changes purge a route's answers.
public struct ManifestTablePolicy: Sendable, Hashable {
    /// The names, sorted by their bytes: `users`, or `audit.events` outside of the schema `public`.
    public var names: [String]
    /// How long answers are kept at least before the next change of a table purges them; zero: not at all.
    public var minimumInterval: Duration

    /// A policy from its parts. What is left out has the value it has where a manifest doesn't name it.
    public init(names: [String], minimumInterval: Duration = .zero) {
        self.names = names
        self.minimumInterval = minimumInterval
    }
}

/// Whether a route's answers are kept in a process's own memory, in front of Redis.
public enum ManifestNearCache: Sendable, Hashable {
    /// They are not.
    case off
    /// As long as Redis keeps them.
    case life
    /// For so long at most; positive.
    case atMost(Duration)
}
