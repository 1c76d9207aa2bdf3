/// The way in which a route's answers are cached.
public struct CachePolicy: Sendable, Hashable {
    /// The concurrent misses of one key that share a query.
    public enum Coalescing: String, Sendable, Hashable, CaseIterable {
        /// Those of one process.
        case process
        /// Those of all processes behind one Redis.
        case fleet
        /// None.
        case off
    }

    /// The use of a process's own memory, in front of Redis.
    public enum Near: Sendable, Hashable {
        /// None.
        case off
        /// Answers are kept as long as Redis keeps them.
        case life
        /// Answers are kept for so long at most; positive.
        case atMost(Duration)
    }

    /// The time for which an answer is fresh, before ``jitter``.
    public package(set) var ttl: Duration
    /// The part of itself, in per cent, by which a ttl is shortened at random at most, so that entries made together don't expire
    /// together: 0 to 99.
    public package(set) var jitter: Int
    /// The time after its ttl in which an answer is still given at once while it is renewed in the background (RFC 5861, 3); zero:
    /// none.
    public package(set) var staleWhileRevalidate: Duration
    /// The time after its ttl in which an answer is still given when a new one can't be made (RFC 5861, 4); zero: none.
    public package(set) var staleIfError: Duration
    /// The time for which a 404 is remembered; `nil`: not at all.
    public package(set) var negativeTTL: Duration?
    /// The time for which clients may keep an answer without asking; `nil`: the default of the route's kind.
    public package(set) var clientTTL: Duration?
    /// The largest body that is stored, in bytes. Larger answers are served and not stored.
    public package(set) var maxBody: Int
    /// The misses that share a query.
    public package(set) var coalesce: Coalescing
    /// True where a gzip variant is kept beside each answer, for clients that accept it.
    public package(set) var compress: Bool
    /// The answers that are made before anybody asks for them.
    public package(set) var warm: WarmPolicy?
    /// The tags by which answers are purged. A list input in braces makes a tag of each of its elements.
    public package(set) var tags: [TagTemplate]
    /// The tables whose changes purge the answers; `nil`: none.
    public package(set) var tables: TablePolicy?
    /// The use of this process's own memory, in front of Redis.
    public package(set) var near: Near
    /// True where hits are answered before the app's router sees the request, and so without its middleware. The route is public.
    public package(set) var beforeRouter: Bool

    /// A policy from its parts. An argument that is left out has the value of a manifest that doesn't name its setting.
    ///
    /// - Parameters:
    ///   - ttl: positive.
    ///   - jitter: per cent, 0 to 99.
    ///   - negativeTTL: positive.
    ///   - maxBody: bytes.
    public init(
        ttl: Duration = .seconds(60),
        jitter: Int = 10,
        staleWhileRevalidate: Duration = .zero,
        staleIfError: Duration = .zero,
        negativeTTL: Duration? = nil,
        clientTTL: Duration? = nil,
        maxBody: Int = 16 << 20,
        coalesce: Coalescing = .process,
        compress: Bool = true,
        warm: WarmPolicy? = nil,
        tags: [TagTemplate] = [],
        tables: TablePolicy? = nil,
        near: Near = .off,
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
    /// No caching: nothing is asked of the store, and clients are told not to keep answers.
    public static var off: CachePolicy? { nil }
}
