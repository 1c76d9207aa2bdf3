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

    /// The names in the path's braces that are not declared under `path`, which is reported there.
    var undeclaredPathNames: Set<String> {
        let declared = Set(inputs.filter { $0.group == .path }.map(\.name))
        return Set(path?.names.map { $0.name } ?? []).subtracting(declared)
    }

    /// The names that the path or the SQL uses and no input has. Errors there say what to declare, so that other errors about
    /// these names would only repeat or contradict them.
    var undeclaredNames: Set<String> {
        guard case .sql(let sql)? = source else { return undeclaredPathNames }
        let declared = Set(inputs.map(\.name) + inputs.compactMap(\.presenceName))
        let used = Set(SQLInputScanner(sql.text).inputs.map(\.text))
        return undeclaredPathNames.union(used).subtracting(declared)
    }

    /// The names of inputs whose declaration has an error: the path lacks them, or they are declared twice.
    var misdeclaredNames: Set<String> {
        let inPath = path.map { Set($0.names.map { $0.name }) }
        let stray = inputs.filter { $0.group == .path && !(inPath?.contains($0.name) ?? true) }.map(\.name)
        let counts = Dictionary(inputs.map { ($0.name, 1) }, uniquingKeysWith: +)
        return Set(stray).union(counts.filter { $0.value > 1 }.keys)
    }

    /// The properties that decide which settings are for the route.
    func scope(_ method: RouteSignature.Method) -> SettingApplicabilityTraits {
        SettingApplicabilityTraits(isWrite: method != .get, isHandler: isHandler)
    }
}
