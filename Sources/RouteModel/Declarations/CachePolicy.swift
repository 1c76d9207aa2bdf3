/// The way in which a route's responses are cached.
public struct CachePolicy: Sendable, Hashable {
    /// The concurrent misses of one key that share a query.
    public struct Coalescing: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// Misses in the same process.
        public static let process = Coalescing(.process)
        /// Misses in all processes that use the same Redis.
        public static let fleet = Coalescing(.fleet)
        /// No misses.
        public static let off = Coalescing(.off)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case process, fleet, off
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in a manifest.
        public var description: String { rawValue }
    }

    /// The use of the process's own memory as a cache in front of Redis.
    public struct Near: Hashable, Sendable {
        /// Not used.
        public static let off = Near(kind: .off)
        /// Responses stay in memory for as long as they stay in Redis.
        public static let life = Near(kind: .life)

        /// Responses stay in memory for at most a time.
        ///
        /// - Parameter duration: must be positive.
        public static func atMost(_ duration: Duration) -> Near { Near(kind: .atMost(duration)) }

        /// The values of this version.
        package enum Kind: Hashable, Sendable {
            case off, life
            case atMost(Duration)
        }

        /// The value.
        package let kind: Kind
    }

    /// The responses that are sent before the app's router and middleware see the request.
    public struct BeforeRouter: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// None.
        public static let off = BeforeRouter(.off)
        /// Stored responses.
        public static let hits = BeforeRouter(.hits)
        /// All responses of the route, except to requests whose inputs are invalid.
        public static let all = BeforeRouter(.all)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case off = "false"
            case hits = "true"
            case all
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in a manifest.
        public var description: String { rawValue }
    }

    /// The time for which a response is fresh, before ``jitter`` is applied.
    public package(set) var ttl: Duration
    /// The largest percentage, from 0 to 99, by which a TTL is shortened at random, so that entries stored together
    /// don't expire together.
    public package(set) var jitter: Int
    /// The time after the TTL in which a stale response is still served while it is revalidated in the background (RFC
    /// 5861, 3); zero disables it.
    public package(set) var staleWhileRevalidate: Duration
    /// The time after the TTL in which a stale response is still served if a new one can't be made (RFC 5861, 4); zero
    /// disables it.
    public package(set) var staleIfError: Duration
    /// The time for which a 404 is stored; `nil` doesn't store it.
    public package(set) var negativeTTL: Duration?
    /// The time for which clients may reuse a response without revalidation; `nil` is the default of the route's kind.
    public package(set) var clientTTL: Duration?
    /// The size in bytes of the largest body that is stored. Larger responses are served without being stored.
    public package(set) var maxBody: Int
    /// The concurrent misses that share a query.
    public package(set) var coalesce: Coalescing
    /// Indicates that clients that accept gzip get the response in that coding.
    public package(set) var compress: Bool
    /// The responses that are stored before they are requested; `nil` if there are none.
    public package(set) var warm: WarmPolicy?
    /// The tags by which responses are purged. A list input in braces makes one tag for each of its elements.
    public package(set) var tags: [TagTemplate]
    /// The tables whose changes purge the responses; `nil` if there are none.
    public package(set) var tables: TablePolicy?
    /// The use of the process's own memory in front of Redis.
    public package(set) var near: Near
    /// Indicates that hits are served before the app's router sees the request, and so without the app's middleware.
    /// Requires a public route.
    public package(set) var beforeRouter: BeforeRouter

    /// Makes a policy. Arguments that are left out have the defaults of a manifest.
    ///
    /// - Parameters:
    ///   - ttl: the fresh time; must be positive.
    ///   - jitter: a percentage from 0 to 99.
    ///   - staleWhileRevalidate: must not be negative.
    ///   - staleIfError: must not be negative.
    ///   - negativeTTL: must be positive.
    ///   - clientTTL: the client's fresh time.
    ///   - maxBody: a size in bytes.
    ///   - coalesce: the misses that share a query.
    ///   - compress: sends gzip to clients that accept it.
    ///   - warm: the responses to store in advance.
    ///   - tags: the tags of each response.
    ///   - tables: the tables whose changes purge the responses.
    ///   - near: the use of the process's memory.
    ///   - beforeRouter: the responses that are sent before the router.
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
        beforeRouter: BeforeRouter = .off
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
    /// No caching: the store is not used, and clients are told not to store responses.
    public static var off: CachePolicy? { nil }
}
