/// What the `Cache-Status` field says about one answer (RFC 9211).
struct CacheStatus: Sendable, Hashable {
    /// Why a request went to the database or the handler (RFC 9211, 2.2).
    enum Forward: String, Sendable, Hashable {
        /// The store had nothing for the request.
        case uriMiss = "uri-miss"
        /// What the store had could not be used, or it could not be asked.
        case miss
        /// The store had an answer that was no longer fresh.
        case stale
        /// The request was not to use the cache.
        case bypass
        /// What the store had was fresh, and the request's own directives did not allow its use.
        case request
        /// The request's method is never answered by a cache.
        case method
    }

    enum Outcome: Sendable, Hashable {
        /// The remaining freshness in seconds, negative for a stale answer.
        case hit(ttl: Int64)
        case forwarded(Forward, stored: Bool, collapsed: Bool)
        /// Nobody was asked.
        case refused
    }

    var outcome: Outcome
    var detail: String?

    /// A hit with so much freshness left, in milliseconds; none or less is a stale one.
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
