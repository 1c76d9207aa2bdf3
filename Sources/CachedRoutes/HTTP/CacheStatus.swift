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
        /// The request's method is never answered by a cache.
        case method
    }

    enum Outcome: Sendable, Hashable {
        /// The remaining freshness in seconds, negative for a stale answer.
        case hit(ttl: Int64)
        case forwarded(Forward, stored: Bool, collapsed: Bool)
    }

    var outcome: Outcome
    var detail: String?

    static func hit(ttl: Int64) -> CacheStatus { CacheStatus(outcome: .hit(ttl: ttl)) }

    /// The value of the field.
    var fieldValue: String {
        var value = "CachedRoutes; "
        switch outcome {
        case .hit(let ttl):
            value += "hit; ttl=\(ttl)"
        case .forwarded(let forward, let stored, let collapsed):
            value += "fwd=\(forward.rawValue)"
            if stored { value += "; stored" }
            if collapsed { value += "; collapsed" }
        }
        if let detail { value += "; detail=\(detail)" }
        return value
    }
}
