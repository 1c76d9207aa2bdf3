/// The `Cache-Status` of one response (RFC 9211).
package struct CacheStatus: Sendable, Hashable {
    /// The reason for sending a request to the origin, the database or a handler (RFC 9211, 2.2).
    package enum Forward: String, Sendable, Hashable {
        /// The store has no response for the request.
        case uriMiss = "uri-miss"
        /// The stored response cannot be reused, or the store is unavailable.
        case miss
        /// The stored response is no longer fresh.
        case stale
        /// The request must not use the cache.
        case bypass
        /// The stored response is fresh, but the request's directives do not allow it.
        case request
        /// The request's method is never served from a cache.
        case method
    }

    enum Outcome: Sendable, Hashable {
        /// The remaining freshness in seconds, negative for a stale response.
        case hit(ttl: Int64)
        case forwarded(Forward, stored: Bool, collapsed: Bool)
        /// The request was refused without using the store or the origin.
        case refused
    }

    var outcome: Outcome
    var detail: String?

    /// Makes the status of a hit.
    ///
    /// - Parameters:
    ///   - remainingFreshness: in milliseconds; 0 or less if the response is stale.
    ///   - detail: the value of the `detail` parameter (RFC 9211, 2.8).
    static func hit(remainingFreshness: Int64, detail: String? = nil) -> CacheStatus {
        let ttl = remainingFreshness > 0 ? remainingFreshness / 1000 : min(-1, (remainingFreshness - 999) / 1000)
        return CacheStatus(outcome: .hit(ttl: ttl), detail: detail)
    }

    /// The value of the field.
    var fieldValue: String {
        var value = "CachedRoutes"
        switch outcome {
        case .hit(let ttl):
            value += "; hit; ttl=\(ttl)"
        case .refused: break
        case .forwarded(let forward, let stored, let collapsed):
            value += "; fwd=\(forward.rawValue)"
            if stored { value += "; stored" }
            if collapsed { value += "; collapsed" }
        }
        if let detail { value += "; detail=\(detail)" }
        return value
    }
}
