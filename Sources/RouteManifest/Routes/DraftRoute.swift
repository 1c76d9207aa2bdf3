import RouteModel

/// A route as far as it could be read.
struct DraftRoute {
    /// A statement and what is known about it, or the app's code.
    enum Source {
        case sql(SQLText)
        case handler
    }

    var name: String
    var location: Location
    var methodName: String?
    var methodLocation: Location
    var path: ParsedPath?
    /// The path as the route has it, without the manifest's `base-path`.
    var pathText = ""
    /// The manifest's `base-path`, where it has one.
    var basePath = ""
    var summary: String?
    var inputs: [DraftInput] = []
    var settings = RouteSettings()
    var source: Source?
    /// Whether there are keys that could not be read: what seems to be missing may be under them.
    var hasUnknownKeys = false
    /// Some of the route's inputs may stand where they could not be read.
    var mayMissInputs = false
    /// The key of the source, or the route's own name.
    var sourceLocation: Location

    /// The method, if there is such a one.
    var method: RouteSignature.Method? { methodName.flatMap(RouteSignature.Method.init) }
    var isHandler: Bool { if case .handler? = source { true } else { false } }

    /// The properties that decide which settings are for the route.
    func scope(_ method: RouteSignature.Method) -> SettingScope {
        SettingScope(isWrite: method != .get, isHandler: isHandler)
    }
}
