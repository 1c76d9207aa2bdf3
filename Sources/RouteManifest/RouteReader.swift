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
}

/// Reads one route.
struct RouteReader {
    let reader: NodeReader
    let sqlReader: SQLReader
    let basePath: ParsedPath
    let defaults: RouteSettings

    static let methods = RouteSignature.Method.allCases.map(\.rawValue)
    private static let sources = ["sql", "sql-file", "handler"]

    private var diagnostics: Diagnostics { reader.diagnostics }

    func read(_ entry: YAMLEntry) -> DraftRoute? {
        let name = entry.key
        if let problem = SwiftName.problem(with: name) {
            diagnostics.error("a route's name: \(problem)", at: entry.keyLocation)
        }
        let expectation = "a mapping with a method and SQL, such as { get: /\(name), sql: … }"
        guard var entries = reader.mapping(entry.value, "route '\(name)'", expectation) else { return nil }
        var route = DraftRoute(
            name: name,
            location: entry.keyLocation,
            methodLocation: entry.keyLocation,
            sourceLocation: entry.keyLocation
        )
        let hasMethodKey = reportMethodKey(&entries)
        let others = entries.filter { !Self.methods.contains($0.key) && !isUnknownMethod($0) }
        var settings = RouteSettings()
        let known = Keys.route(name).known(others, diagnostics)
        // A key that is unknown may stand for a missing one, and what follows an empty key may belong under it.
        let hasUnknownKeys = known.count < others.count
        let holdsSQL = known.contains(where: isStatement)
        readMethod(entries, &route, isRequired: !hasUnknownKeys && !hasMethodKey)
        let groups = known.filter { Input.Group(rawValue: $0.key) != nil }
        let knownKeys = Set(known.map(\.key))
        let strayInputs = others.contains { !knownKeys.contains($0.key) && $0.value.scalar == nil }
        route.hasUnknownKeys = hasUnknownKeys
        route.mayMissInputs = strayInputs || groups.contains { $0.value.mapping == nil }
        for part in known {
            switch part.key {
            case "summary": route.summary = reader.line(part.value, "'summary'")?.value
            case "path", "query", "header", "context", "body":
                guard let group = Input.Group(rawValue: part.key) else { continue }
                if isStatement(part) {
                    diagnostics.error(
                        "'\(part.key)' declares inputs; SQL stands under 'sql'",
                        at: part.value.location
                    )
                    continue
                }
                if hasUnknownKeys, part.value.isNull { continue }
                route.inputs += InputReader(reader: reader).read(part.value, group)
            case "sql", "sql-file", "handler": break
            default: SettingsReader(reader: reader).read(part, into: &settings)
            }
        }
        // In the order of groups, whatever the order in the file: the order of a route's inputs is part of its signature.
        route.inputs = Input.Group.allCases.flatMap { group in route.inputs.filter { $0.group == group } }
        route.settings = settings.merged(over: defaults)
        if settings.cache.tables != nil { route.settings.cache.tables?.checkNames(diagnostics) }
        readSource(entries, &route, isRequired: !hasUnknownKeys && !holdsSQL)
        checkHandler(settings, &route)
        if let method = route.method {
            let rules = SettingRules(
                isWrite: method != .get,
                isHandler: route.isHandler,
                isUncached: route.settings.cache.isOff ?? false
            )
            rules.check(known, diagnostics)
        }
        return route
    }

    private func isUnknownMethod(_ entry: YAMLEntry) -> Bool {
        !Keys.route("").supported.contains(entry.key) && entry.value.scalar?.text.hasPrefix("/") ?? false
    }

    /// Reports `method: GET` beside `path: /users`, and takes both out of the entries.
    private func reportMethodKey(_ entries: inout [YAMLEntry]) -> Bool {
        guard let method = entries.first(where: { $0.key == "method" }) else { return false }
        let path = entries.first { ["path", "url", "route"].contains($0.key) && $0.value.scalar != nil }
        let word = method.value.scalar?.text.lowercased() ?? ""
        let name = Self.methods.contains(word) ? word : "get"
        let text = path?.value.scalar?.text ?? ""
        diagnostics.error(
            "write '\(name): \(text.isEmpty ? "/…" : text)' instead of 'method' and '\(path?.key ?? "path")'",
            at: method.keyLocation
        )
        entries.removeAll { $0.key == "method" || $0.key == path?.key }
        return true
    }

    /// Whether SQL stands under a group of inputs.
    private func isStatement(_ entry: YAMLEntry) -> Bool {
        guard Input.Group(rawValue: entry.key) != nil, let scalar = entry.value.scalar else { return false }
        return scalar.text.contains(where: \.isWhitespace)
    }

    private func readMethod(_ entries: [YAMLEntry], _ route: inout DraftRoute, isRequired: Bool) {
        let named = entries.filter { Self.methods.contains($0.key) }
        for entry in entries where isUnknownMethod(entry) && !Self.methods.contains(entry.key) {
            let hint =
                entry.key.lowercased() == "head"
                ? "GET routes answer HEAD too; write 'get'"
                : Suggestion.closest(to: entry.key, among: Self.methods).map { "did you mean '\($0)'?" }
            diagnostics.error(
                "unknown method '\(entry.key)' (\(hint ?? "one of \(Self.methods.joined(separator: ", "))"))",
                at: entry.keyLocation
            )
            if named.isEmpty { route.methodName = entry.key }
        }
        guard let first = named.first else {
            if route.methodName == nil, isRequired {
                diagnostics.error(
                    "route '\(route.name)' has no method and path, such as 'get: /\(route.name)'",
                    at: route.location
                )
            }
            return
        }
        for other in named.dropFirst() {
            diagnostics.error(
                "a route has one method; make this a route of its own",
                at: other.keyLocation,
                notes: [.init("first here", at: first.keyLocation)]
            )
        }
        route.methodName = first.key
        route.methodLocation = first.keyLocation
        route.path = PathReader(reader: reader).read(first.value, "'\(first.key)'", allowsInputs: true)
        if var path = route.path {
            path.segments = basePath.segments + path.segments
            route.path = path
        }
    }

    private func readSource(_ entries: [YAMLEntry], _ route: inout DraftRoute, isRequired: Bool) {
        let named = entries.filter { Self.sources.contains($0.key) }
        guard let first = named.first else {
            let keys = Keys.route(route.name)
            guard isRequired, Self.sources.allSatisfy({ keys.misses($0, in: entries) }) else { return }
            diagnostics.error("route '\(route.name)' has no 'sql', 'sql-file' or 'handler'", at: route.location)
            return
        }
        for other in named.dropFirst() {
            diagnostics.error(
                "a route has one of 'sql', 'sql-file' and 'handler'",
                at: other.keyLocation,
                notes: [.init("first here", at: first.keyLocation)]
            )
        }
        route.sourceLocation = first.keyLocation
        switch first.key {
        case "sql": route.source = sqlReader.inline(first.value).map { .sql($0) }
        case "sql-file": route.source = sqlReader.file(first.value).map { .sql($0) }
        default:
            let handler: Located<HandlerKind>? = reader.choice(first.value, "'handler'")
            if handler != nil { route.source = .handler }
        }
    }

    private enum HandlerKind: String, CaseIterable { case swift }

    /// A handler makes its own body: what the manifest says about rows cannot hold for it.
    private func checkHandler(_ own: RouteSettings, _ route: inout DraftRoute) {
        guard route.isHandler else { return }
        if let returns = own.returns {
            diagnostics.error(
                "'returns' is about the rows of SQL; a handler's answer is what it returns",
                at: returns.location
            )
        }
        route.settings.returns = nil
    }
}
