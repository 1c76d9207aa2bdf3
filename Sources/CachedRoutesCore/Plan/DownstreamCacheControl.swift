/// The `Cache-Control` of a route's responses for clients and caches downstream of this service.
struct DownstreamCacheControl: Sendable {
    /// The value of a response for which the handler sets none.
    let value: String
    /// The value of a negative response.
    let negativeValue: String

    private let scope: String?
    private let maxAge: Int64

    init(_ route: RouteDefinition) {
        scope = route.hasContextInputs ? "private" : route.isPublic ? "public" : nil
        guard let cache = route.cache else {
            (value, negativeValue) = ("no-store", "no-store")
            // The route sets no limit to what a handler may allow.
            maxAge = .max
            return
        }
        // Browsers cannot be purged: responses that are purged here, and those of a single user, must be revalidated
        // each time.
        let mustRevalidate = route.hasContextInputs || !cache.tags.isEmpty || cache.tables != nil
        let clientTTL = cache.clientTTL ?? (mustRevalidate ? .zero : cache.ttl)
        maxAge = clientTTL.milliseconds / 1000
        let windows = StaleWindows(cache)
        value = Self.value(scope: scope, maxAge: maxAge, windows: windows)
        if let negativeTTL = cache.negativeTTL {
            negativeValue = Self.value(
                scope: scope,
                maxAge: min(maxAge, negativeTTL.milliseconds / 1000),
                windows: .none
            )
        } else {
            negativeValue = "no-store"
        }
    }

    /// The value of a response for which the handler sets one.
    ///
    /// - Parameters:
    ///   - limit: the most seconds for which the response may be reused without revalidation.
    ///   - sharedLimit: the same for shared caches, if it differs.
    ///   - windows: the stale windows for clients.
    ///   - isPrivate: makes the response private, whatever the route is.
    ///   - others: directives that are sent unchanged.
    func value(
        limit: Int64?,
        sharedLimit: Int64?,
        _ windows: StaleWindows,
        isPrivate: Bool,
        others: [String]
    ) -> String {
        let seconds = min(maxAge, limit ?? maxAge)
        let scope = isPrivate ? "private" : scope
        var directives = [Self.value(scope: scope, maxAge: seconds, windows: windows)]
        // Without freshness for clients there is none for shared caches.
        if let shared = sharedLimit.map({ min($0, maxAge) }), shared != seconds, seconds > 0, scope != "private" {
            directives.append("s-maxage=\(shared)")
        }
        return (directives + others).joined(separator: ", ")
    }

    /// Stale windows only have a meaning after a freshness lifetime (RFC 5861).
    private static func value(scope: String?, maxAge: Int64, windows: StaleWindows) -> String {
        let freshness = maxAge > 0 ? ["max-age=\(maxAge)"] + windows.directives : ["no-cache"]
        return ((scope.map { [$0] } ?? []) + freshness).joined(separator: ", ")
    }
}

/// The times after its ttl for which a response may be served, in milliseconds (RFC 5861).
struct StaleWindows: Sendable, Hashable {
    var whileRevalidate: Int64
    var ifError: Int64

    static let none = StaleWindows(whileRevalidate: 0, ifError: 0)

    init(whileRevalidate: Int64, ifError: Int64) {
        self.whileRevalidate = whileRevalidate
        self.ifError = ifError
    }

    init(_ cache: CachePolicy) {
        whileRevalidate = cache.staleWhileRevalidate.milliseconds
        ifError = cache.staleIfError.milliseconds
    }

    /// The directives, in whole seconds.
    var directives: [String] {
        [("stale-while-revalidate", whileRevalidate), ("stale-if-error", ifError)].compactMap { name, window in
            window >= 1000 ? "\(name)=\(window / 1000)" : nil
        }
    }
}
