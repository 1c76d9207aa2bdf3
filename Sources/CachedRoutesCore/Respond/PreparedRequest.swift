import RouteModel

/// A request whose inputs were read.
///
/// It is an object because it is passed on by each step of a lookup and of a miss.
final class PreparedRequest: Sendable {
    let request: RouteRequest
    let values: InputValues
    /// The key of the response, in its form without a coding.
    let key: CacheKey
    /// The keys of the response's tag versions.
    let tokens: [TagVersionKey]
    /// The form that the client gets.
    let coding: ContentCoding
    /// The cache directives of the request, if the route honors them.
    let directives: RequestDirectives
    /// The caching of the response; `nil` if it must not be stored or shared.
    let cache: CachePlan?
    /// The number of flights that had left the board before the lookup.
    let departures: UInt64

    init(
        request: RouteRequest,
        values: InputValues,
        key: CacheKey,
        tokens: [TagVersionKey],
        coding: ContentCoding,
        directives: RequestDirectives,
        cache: CachePlan?,
        departures: UInt64
    ) {
        self.request = request
        self.values = values
        self.key = key
        self.tokens = tokens
        self.coding = coding
        self.directives = directives
        self.cache = cache
        self.departures = departures
    }

    /// Returns the same request with the number of departures before an earlier lookup.
    func looked(after departures: UInt64) -> PreparedRequest {
        PreparedRequest(
            request: request,
            values: values,
            key: key,
            tokens: tokens,
            coding: coding,
            directives: directives,
            cache: cache,
            departures: departures
        )
    }

    /// Indicates that the store may be read and written.
    var mayUseStore: Bool { cache != nil && !directives.noStore }

    /// The coalescing with other requests: none if the store may not be used, or if the client demands by `no-cache` a
    /// response that is made for its request.
    var coalescing: CachePolicy.Coalescing {
        guard mayUseStore, !directives.noCache else { return .off }
        return cache?.policy.coalesce ?? .off
    }

    /// The key of the form that the client gets.
    var lookupKey: CacheKey { key.form(coding) }

    /// Indicates that a lookup for `other` is the same lookup.
    func asksLike(_ other: PreparedRequest) -> Bool {
        mayUseStore && other.mayUseStore && lookupKey == other.lookupKey && tokens == other.tokens
            && directives == other.directives
    }
}
