import HTTPTypes
import RouteModel

/// What a handler says about storing its answer (RFC 9111, 5.2.2).
struct HandlerCacheControl {
    /// Whether nobody may store the answer.
    private(set) var forbidsStoring = false
    /// Whether the answer is for one client.
    private(set) var isPrivate: Bool
    /// Whether the answer may not be given once it is stale.
    private(set) var forbidsStale = false
    /// Directives that are about something else, as they are sent.
    private(set) var others: [String] = []
    /// Whether the body may not be coded.
    private(set) var forbidsTransformation: Bool
    private var mustBeAskedFor = false
    private var maxAge: Int64?
    private var sharedMaxAge: Int64?
    /// The handler's own windows, in milliseconds; `nil`: it says nothing of them.
    private var whileRevalidate: Int64?
    private var ifError: Int64?
    /// True where the handler says anything of caching.
    let isGiven: Bool

    /// - Parameter now: the time of day in milliseconds, from which `Expires` counts.
    init(_ fields: HTTPFields, now: Int64) {
        isPrivate = fields.contains(.setCookie)
        forbidsTransformation = fields.contains(.contentEncoding)
        isGiven = fields.contains(.cacheControl) || fields.contains(.expires)
        for (name, argument) in CacheDirectives(fields[.cacheControl] ?? "", repairing: Self.known) {
            read(name, argument)
        }
        // Who says `max-age` has said it in its place (RFC 9111, 5.3). What is no date has passed.
        if maxAge == nil, sharedMaxAge == nil, let expires = fields[.expires] {
            maxAge = max(0, (HTTPDate.milliseconds(expires, now: now).map { $0 - now } ?? 0) / 1000)
        }
    }

    /// The directives that are heeded however they are written: an answer whose freshness can't be read is stale (RFC 9111, 4.2.1),
    /// and one that nearly says `private` is nobody else's.
    private static let known: Set<String> = [
        "no-store", "private", "no-cache", "max-age", "s-maxage", "must-revalidate", "proxy-revalidate",
        "stale-while-revalidate", "stale-if-error",
    ]

    private mutating func read(_ name: String, _ argument: String?) {
        // What can't be read says that the answer is stale (RFC 9111, 4.2.1).
        let seconds = CacheDirectives.deltaSeconds(argument) ?? 0
        switch name {
        case "no-store": forbidsStoring = true
        case "private": isPrivate = true
        case "no-cache": mustBeAskedFor = true
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

    /// Whether nobody else may have the answer.
    var forbidsSharing: Bool { forbidsStoring || isPrivate || mustBeAskedFor || storeLimit == 0 }

    /// The most seconds that the answer is fresh here, in a cache that many share.
    var storeLimit: Int64? { sharedMaxAge ?? maxAge }

    /// The most seconds that clients may keep it without asking. Who sends only `s-maxage` does not mean more for them.
    var clientLimit: Int64? { mustBeAskedFor ? 0 : maxAge ?? sharedMaxAge }

    /// The most seconds that caches on the way to clients may keep it, where the handler says so apart from clients.
    var sharedLimit: Int64? { isPrivate || mustBeAskedFor ? nil : sharedMaxAge }

    /// The windows that clients are told. A handler that speaks of caching has said all of it: those of the route are for this
    /// store alone then.
    func announced(_ windows: StaleWindows) -> StaleWindows {
        guard isGiven else { return windows }
        return StaleWindows(
            whileRevalidate: whileRevalidate == nil ? 0 : windows.whileRevalidate,
            ifError: ifError == nil ? 0 : windows.ifError
        )
    }

    /// The route's windows, as far as the handler allows them.
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
