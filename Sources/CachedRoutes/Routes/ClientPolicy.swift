/// What clients and caches on the way to them may do with a route's answers: the values of `Cache-Control`.
struct ClientPolicy: Sendable {
    /// The value for an answer as the manifest says.
    let value: String
    /// The value for an answer that says that there is nothing.
    let negativeValue: String

    private let scope: String?
    private let maxAge: Int64
    private let windows: [String]

    init(_ route: Route) {
        guard let cache = route.cache else {
            (value, negativeValue, scope, maxAge, windows) = ("no-store", "no-store", nil, 0, [])
            return
        }
        scope = route.hasContextInputs ? "private" : route.isPublic ? "public" : nil
        // Nobody can purge a browser: what is somebody's own is asked for each time.
        let clientTTL = cache.clientTTL ?? (route.hasContextInputs ? .zero : cache.ttl)
        maxAge = clientTTL.milliseconds / 1000
        windows = [
            ("stale-while-revalidate", cache.staleWhileRevalidate), ("stale-if-error", cache.staleIfError),
        ].compactMap { name, window in
            let seconds = window.milliseconds / 1000
            return seconds > 0 ? "\(name)=\(seconds)" : nil
        }
        value = Self.value(scope, maxAge, windows)
        if let negativeTTL = cache.negativeTTL {
            negativeValue = Self.value(scope, min(maxAge, negativeTTL.milliseconds / 1000), [])
        } else {
            negativeValue = "no-store"
        }
    }

    /// The value for an answer whose handler says more.
    ///
    /// - Parameters:
    ///   - limit: the most seconds the answer may be kept without asking.
    ///   - mayBeStale: whether the windows hold for it.
    ///   - others: directives that are sent as they are.
    func value(limit: Int64?, mayBeStale: Bool, others: [String]) -> String {
        let seconds = min(maxAge, limit ?? maxAge)
        return ([Self.value(scope, seconds, mayBeStale ? windows : [])] + others).joined(separator: ", ")
    }

    /// Windows mean something beside a time after which an answer is stale (RFC 5861).
    private static func value(_ scope: String?, _ seconds: Int64, _ windows: [String]) -> String {
        let life = seconds > 0 ? ["max-age=\(seconds)"] + windows : ["no-cache"]
        return ((scope.map { [$0] } ?? []) + life).joined(separator: ", ")
    }
}
