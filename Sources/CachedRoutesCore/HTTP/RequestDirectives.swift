import HTTPTypes

/// What a request asks of caches (RFC 9111, 5.2.1).
struct RequestDirectives: Sendable, Hashable {
    /// A request that asks nothing.
    static let none = RequestDirectives()

    /// Whether the answer is to be made anew (5.2.1.4).
    var noCache = false
    /// Whether the answer is to be neither taken from a store nor put there (5.2.1.5).
    var noStore = false
    /// Whether the answer may come from a store only (5.2.1.7).
    var onlyIfCached = false
    /// The greatest age the client takes, in milliseconds (5.2.1.1).
    var maxAge: Int64?
    /// The least remaining freshness the client takes, in milliseconds (5.2.1.3).
    var minFresh: Int64?
    /// How long an answer may have been stale, in milliseconds; `Int64.max` where the client takes any (5.2.1.2).
    var maxStale: Int64?

    init() {}

    /// The directives in `fields`.
    ///
    /// A directive that lacks the argument it needs, or has a malformed one, is ignored, as are unknown ones. Of
    /// directives that are repeated the most restrictive counts. `Pragma` stands in for `Cache-Control` where that is
    /// absent (5.4).
    init(_ fields: HTTPFields) {
        guard let value = fields[.cacheControl] else {
            guard let pragma = fields[.pragma] else { return }
            noCache = CacheDirectives(pragma).contains { $0.name == "no-cache" }
            return
        }
        for (name, argument) in CacheDirectives(value) {
            switch name {
            case "no-cache": noCache = true
            case "no-store": noStore = true
            case "only-if-cached": onlyIfCached = true
            case "max-age":
                guard let limit = Self.milliseconds(argument) else { continue }
                maxAge = min(maxAge ?? limit, limit)
            case "min-fresh":
                guard let limit = Self.milliseconds(argument) else { continue }
                minFresh = max(minFresh ?? limit, limit)
            case "max-stale":
                guard let limit = argument == nil ? .max : Self.milliseconds(argument) else { continue }
                maxStale = min(maxStale ?? limit, limit)
            default: break
            }
        }
    }

    /// Whether a stored answer of this age and remaining freshness, both in milliseconds, satisfies the request.
    ///
    /// Whether a stale answer may be given at all is for the cache to decide. A client that says how old or how fresh
    /// an answer is to be doesn't want one, unless it says so (5.2.1.1); a client that says nothing leaves that to the
    /// cache. Times are compared in milliseconds: an age of 10.5 s is more than `max-age=10`, though `Age` says 10.
    ///
    /// - Parameter remainingFreshness: zero or less when the answer is stale (4.2).
    func accepts(age: Int64, remainingFreshness: Int64) -> Bool {
        if noCache || noStore { return false }
        if let maxAge, age > maxAge { return false }
        if let minFresh, remainingFreshness < minFresh { return false }
        if remainingFreshness > 0 { return true }
        if let maxStale { return remainingFreshness >= -maxStale }
        return maxAge == nil && minFresh == nil
    }

    private static func milliseconds(_ argument: String?) -> Int64? {
        CacheDirectives.deltaSeconds(argument).map { $0 * 1000 }
    }
}

extension HTTPField.Name {
    static let pragma = HTTPField.Name("Pragma")!
}
