import HTTPTypes
import RouteModel

/// The caching directives of a handler's response (RFC 9111, 5.2.2).
struct HandlerCacheControl {
    /// Forbids storing the response.
    private(set) var forbidsStoring = false
    /// Restricts the response to one client.
    private(set) var isPrivate: Bool
    /// Forbids serving the response stale.
    private(set) var forbidsStale = false
    /// The other directives, in the form in which they are sent.
    private(set) var others: [String] = []
    /// Forbids coding the body.
    private(set) var forbidsTransformation: Bool
    private var requiresRevalidation = false
    private var maxAge: Int64?
    private var sharedMaxAge: Int64?
    /// The handler's own stale windows in milliseconds; `nil` if it sets none.
    private var whileRevalidate: Int64?
    private var ifError: Int64?
    /// Indicates that the handler sets `Cache-Control` or `Expires`.
    let isGiven: Bool

    /// Reads the directives of a response.
    ///
    /// - Parameters:
    ///   - fields: the fields of the response.
    ///   - now: the current time in milliseconds, from which `Expires` counts.
    init(_ fields: HTTPFields, now: Int64) {
        isPrivate = fields.contains(.setCookie)
        forbidsTransformation = fields.contains(.contentEncoding)
        isGiven = fields.contains(.cacheControl) || fields.contains(.expires)
        for (name, argument) in CacheDirectives(fields[.cacheControl] ?? "", repairing: Self.obeyedIfMalformed) {
            read(name, argument)
        }
        // `max-age` overrides `Expires` (RFC 9111, 5.3). A malformed date lies in the past.
        if maxAge == nil, sharedMaxAge == nil, let expires = fields[.expires] {
            maxAge = max(0, (HTTPDate.milliseconds(expires, now: now).map { $0 - now } ?? 0) / 1000)
        }
    }

    /// The directives that are obeyed even if malformed: a response with malformed freshness is stale (RFC 9111,
    /// 4.2.1), and one with a malformed `private` is private.
    private static let obeyedIfMalformed: Set<String> = [
        "no-store", "private", "no-cache", "max-age", "s-maxage", "must-revalidate", "proxy-revalidate",
        "stale-while-revalidate", "stale-if-error",
    ]

    private mutating func read(_ name: String, _ argument: String?) {
        // A malformed number makes the response stale (RFC 9111, 4.2.1).
        let seconds = CacheDirectives.deltaSeconds(argument) ?? 0
        switch name {
        case "no-store": forbidsStoring = true
        case "private": isPrivate = true
        case "no-cache": requiresRevalidation = true
        case "max-age": maxAge = min(maxAge ?? .max, seconds)
        case "s-maxage":
            sharedMaxAge = min(sharedMaxAge ?? .max, seconds)
            forbidsStale = true
        case "must-revalidate", "proxy-revalidate":
            forbidsStale = true
            others.append(name)
        case "public": break
        case "stale-while-revalidate": whileRevalidate = min(whileRevalidate ?? .max, seconds * 1000)
        case "stale-if-error": ifError = min(ifError ?? .max, seconds * 1000)
        default:
            if name == "no-transform" { forbidsTransformation = true }
            others.append(argument.map { "\(name)=\(Self.quoted($0))" } ?? name)
        }
    }

    /// Forbids giving the response to other requests.
    var forbidsSharing: Bool { forbidsStoring || isPrivate || requiresRevalidation || storeLimit == 0 }

    /// The longest freshness lifetime in this service's store, a shared cache, in seconds.
    var storeLimit: Int64? { sharedMaxAge ?? maxAge }

    /// The longest freshness lifetime for clients, in seconds. A lone `s-maxage` limits them as well.
    var clientLimit: Int64? { requiresRevalidation ? 0 : maxAge ?? sharedMaxAge }

    /// The longest freshness lifetime in other shared caches, in seconds, if the handler sets one.
    var sharedLimit: Int64? { isPrivate || requiresRevalidation ? nil : sharedMaxAge }

    /// The stale windows that are sent to clients. If the handler sets anything, those of the route apply to this
    /// service's store only.
    func announced(_ windows: StaleWindows) -> StaleWindows {
        guard isGiven else { return windows }
        return StaleWindows(
            whileRevalidate: whileRevalidate == nil ? 0 : windows.whileRevalidate,
            ifError: ifError == nil ? 0 : windows.ifError
        )
    }

    /// The route's stale windows, as far as the handler allows them.
    func narrowed(_ declared: StaleWindows) -> StaleWindows {
        guard !forbidsStale else { return .none }
        return StaleWindows(
            whileRevalidate: min(declared.whileRevalidate, whileRevalidate ?? .max),
            ifError: min(declared.ifError, ifError ?? .max)
        )
    }

    private static func quoted(_ argument: String) -> String {
        if argument.utf8.isToken { return argument }
        return "\"" + argument.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
