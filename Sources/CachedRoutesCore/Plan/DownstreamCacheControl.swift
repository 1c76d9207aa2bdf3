/// What clients and caches on the way to them may do with a route's answers: the values of `Cache-Control`.
struct DownstreamCacheControl: Sendable {
    /// The value for an answer as the manifest says.
    let value: String
    /// The value for an answer that says that there is nothing.
    let negativeValue: String

    private let scope: String?
    private let maxAge: Int64

    init(_ route: CachedRoute) {
        scope = route.hasContextInputs ? "private" : route.isPublic ? "public" : nil
        guard let cache = route.cache else {
            (value, negativeValue) = ("no-store", "no-store")
            // Nothing is known here that would limit what a handler says of its answer.
            maxAge = .max
            return
        }
        // Nobody can purge a browser: what is purged here, and what is somebody's own, is asked for each time.
        let isAskedFor = route.hasContextInputs || !cache.tags.isEmpty || cache.tables != nil
        let clientTTL = cache.clientTTL ?? (isAskedFor ? .zero : cache.ttl)
        maxAge = clientTTL.milliseconds / 1000
        let windows = StaleWindows(cache)
        value = Self.value(scope, maxAge, windows)
        if let negativeTTL = cache.negativeTTL {
            negativeValue = Self.value(scope, min(maxAge, negativeTTL.milliseconds / 1000), .none)
        } else {
            negativeValue = "no-store"
        }
    }

    /// The value for an answer whose handler says more.
    ///
    /// - Parameters:
    ///   - limit: the most seconds the answer may be kept without asking.
    ///   - sharedLimit: the same for caches that many share, where it is another.
    ///   - isPrivate: whether the answer is for one client, whatever the route is.
    ///   - others: directives that are sent as they are.
    func value(
        limit: Int64?,
        sharedLimit: Int64?,
        _ windows: StaleWindows,
        isPrivate: Bool,
        others: [String]
    ) -> String {
        let seconds = min(maxAge, limit ?? maxAge)
        let scope = isPrivate ? "private" : scope
        var directives = [Self.value(scope, seconds, windows)]
        // Without a life for clients there is none for anybody.
        if let shared = sharedLimit.map({ min($0, maxAge) }), shared != seconds, seconds > 0, scope != "private" {
            directives.append("s-maxage=\(shared)")
        }
        return (directives + others).joined(separator: ", ")
    }

    /// Windows mean something beside a time after which an answer is stale (RFC 5861).
    private static func value(_ scope: String?, _ seconds: Int64, _ windows: StaleWindows) -> String {
        let life = seconds > 0 ? ["max-age=\(seconds)"] + windows.directives : ["no-cache"]
        return ((scope.map { [$0] } ?? []) + life).joined(separator: ", ")
    }
}

/// For how long after its ttl an answer may be given, in milliseconds (RFC 5861).
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

    /// The directives in whole seconds.
    var directives: [String] {
        [("stale-while-revalidate", whileRevalidate), ("stale-if-error", ifError)].compactMap { name, window in
            window >= 1000 ? "\(name)=\(window / 1000)" : nil
        }
    }
}
