import HTTPTypes

/// The cache directives of a request (RFC 9111, 5.2.1).
package struct RequestDirectives: Sendable, Hashable {
    /// No directives.
    package static let none = RequestDirectives()

    /// Requires a response from the origin (5.2.1.4).
    var noCache = false
    /// Forbids both reading from and writing to the store (5.2.1.5).
    var noStore = false
    /// Accepts stored responses only (5.2.1.7).
    var onlyIfCached = false
    /// The greatest acceptable age in milliseconds (5.2.1.1).
    var maxAge: Int64?
    /// The least acceptable remaining freshness in milliseconds (5.2.1.3).
    var minFresh: Int64?
    /// The longest acceptable staleness in milliseconds; `Int64.max` for any (5.2.1.2).
    var maxStale: Int64?

    init() {}

    /// Reads the directives of a request.
    ///
    /// Unknown directives are ignored, and so are those whose argument is missing or malformed. Of repeated directives
    /// the most restrictive counts. `Pragma` is used only without `Cache-Control` (5.4).
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

    /// Indicates that a stored response satisfies the request.
    ///
    /// The cache decides if stale responses may be served at all. A client that limits age or freshness does not accept
    /// them unless it says so (5.2.1.1); without directives the choice is the cache's. Times are compared in
    /// milliseconds: an age of 10.5 s exceeds `max-age=10`, although `Age` is 10.
    ///
    /// - Parameters:
    ///   - age: in milliseconds (4.2.3).
    ///   - remainingFreshness: in milliseconds; 0 or less if the response is stale (4.2).
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
