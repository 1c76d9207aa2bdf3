import RouteModel

/// A route as far as it could be read.
struct DraftRoute {
    /// The source of the route's responses.
    enum Source {
        case sql(SQLText)
        case handler
    }

    var name: String
    var location: Location
    var methodName: String?
    var methodLocation: Location
    var path: DraftPath?
    /// The path as written in the route, without the manifest's `base-path`.
    var pathText = ""
    /// The manifest's `base-path`, if it has one.
    var basePath = ""
    var summary: String?
    var inputs: [DraftInput] = []
    var settings = RouteSettings()
    var source: Source?
    /// Indicates that there are unknown keys, which may stand for ones that seem to be missing.
    var hasUnknownKeys = false
    /// Indicates that some of the route's inputs may not have been read.
    var mayMissInputs = false
    /// The place of the source's key, or else of the route's name.
    var sourceLocation: Location

    /// The method; `nil` if it is missing or unknown.
    var method: RouteSignature.Method? { methodName.flatMap(RouteSignature.Method.init) }
    var isHandler: Bool { if case .handler? = source { true } else { false } }

    /// The properties that decide which settings are for the route.
    func scope(_ method: RouteSignature.Method) -> SettingApplicabilityTraits {
        SettingApplicabilityTraits(isWrite: method != .get, isHandler: isHandler)
    }
}
