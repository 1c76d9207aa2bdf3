import HTTPTypes

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
    private var windows = StaleWindows(whileRevalidate: .max, ifError: .max)

    init(_ fields: HTTPFields) {
        isPrivate = fields.contains(.setCookie)
        forbidsTransformation = fields.contains(.contentEncoding)
        guard let value = fields[.cacheControl] else { return }
        for (name, argument) in CacheDirectives(value) {
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
            case "stale-while-revalidate": windows.whileRevalidate = min(windows.whileRevalidate, seconds * 1000)
            case "stale-if-error": windows.ifError = min(windows.ifError, seconds * 1000)
            default:
                if name == "no-transform" { forbidsTransformation = true }
                others.append(argument.map { "\(name)=\(Self.quoted($0))" } ?? name)
            }
        }
    }

    /// Whether nobody else may have the answer.
    var forbidsSharing: Bool { forbidsStoring || isPrivate || mustBeAskedFor || storeLimit == 0 }

    /// The most seconds that the answer is fresh here, in a cache that many share.
    var storeLimit: Int64? { sharedMaxAge ?? maxAge }

    /// The most seconds that clients may keep it without asking. Who sends only `s-maxage` does not mean more for them.
    var clientLimit: Int64? { mustBeAskedFor ? 0 : maxAge ?? sharedMaxAge }

    /// The route's windows, as far as the handler allows them.
    func narrowed(_ declared: StaleWindows) -> StaleWindows {
        guard !forbidsStale else { return .none }
        return StaleWindows(
            whileRevalidate: min(declared.whileRevalidate, windows.whileRevalidate),
            ifError: min(declared.ifError, windows.ifError)
        )
    }

    private static func quoted(_ argument: String) -> String {
        let isToken = !argument.isEmpty && HTTPField.Name(argument) != nil
        if isToken { return argument }
        return "\"" + argument.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }
}
