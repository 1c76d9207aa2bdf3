import RouteModel

/// What is known of a request once its inputs are read.
struct PreparedRequest: Sendable {
    let request: RouteRequest
    let values: InputValues
    /// The key of the answer, in its form without a coding.
    let key: CacheKey
    /// The tokens that the answer has to carry.
    let tokens: [TagVersionKey]
    /// The form that the client gets.
    let coding: ContentCoding
    /// What the client says about stored answers, where the route listens to it.
    let directives: RequestDirectives
    /// The way in which the response may be stored and shared; `nil`: it may not.
    let cache: CachePlan?
    /// The number of flights that had left the board before the store was asked.
    var departures: UInt64

    /// The store may be read and written.
    var mayUseStore: Bool { cache != nil && !directives.noStore }

    /// The coalescing with other requests: none if the store may not be used, or if the client demands with `no-cache` a
    /// response that is made for its request.
    var coalescing: CachePolicy.Coalescing {
        guard mayUseStore, !directives.noCache else { return .off }
        return cache?.policy.coalesce ?? .off
    }

    /// The key of the form that the client gets.
    var lookupKey: CacheKey { key.form(coding) }

    /// Asks the store for the same as `other`.
    func asksLike(_ other: PreparedRequest) -> Bool {
        mayUseStore && other.mayUseStore && lookupKey == other.lookupKey && tokens == other.tokens
            && directives == other.directives
    }
}
