import RouteModel
import SQLSyntax

/// Reads one route.
struct RouteReader {
    let reader: NodeReader
    let sqlReader: SQLReader
    let basePath: DraftPath
    let defaults: RouteSettings
    let typeName: String

    private static let sources = ["sql", "sql-file", "handler"]

    private var diagnostics: Diagnostics { reader.diagnostics }

    func read(_ entry: YAMLEntry) -> DraftRoute? {
        let name = entry.key
        if let problem = SwiftIdentifierRules.problem(with: name) {
            diagnostics.error("a route's name: \(problem)\(Self.cure(forName: name))", at: entry.keyLocation)
        }
        let isUsable = SwiftIdentifierRules.isIdentifier(name)
        let expectation = "a mapping with a method and SQL, such as { get: /\(isUsable ? name : "users"), sql: … }"
        guard var entries = reader.mapping(entry.value, named: "route '\(name)'", expected: expectation) else {
            return nil
        }
        var route = DraftRoute(
            name: name,
            location: entry.keyLocation,
            methodLocation: entry.keyLocation,
            sourceLocation: entry.keyLocation
        )
        let hasMethodKey = reportMethodKey(&entries)
        let others = entries.filter { !MappingKeys.methods.contains($0.key) && !isUnknownMethod($0) && !isPath($0) }
        let tables = Self.tables(in: entries)
        var settings = RouteSettings()
        let known = MappingKeys.route(name).known(others, diagnostics)
        let hasPathKey = reportPathKeys(entries)
        // An unknown key may stand for a missing one, or belong under an empty key before it.
        let hasUnknownKeys = known.count < others.count || hasPathKey
        let holdsSQL = known.contains(where: isStatement)
        readMethod(entries, into: &route, isRequired: !hasUnknownKeys && !hasMethodKey)
        let groups = known.filter { RouteInput.Group(rawValue: $0.key) != nil }
        let knownKeys = Set(known.map(\.key))
        let strayInputs = others.contains { !knownKeys.contains($0.key) && $0.value.scalar == nil }
        route.hasUnknownKeys = hasUnknownKeys
        route.mayMissInputs = strayInputs || groups.contains { $0.value.mapping == nil }
        for part in known {
            switch part.key {
            case "summary": route.summary = reader.line(part.value, named: "'summary'")?.value
            case "path", "query", "header", "context", "body":
                guard let group = RouteInput.Group(rawValue: part.key) else { continue }
                if isStatement(part) {
                    diagnostics.error(
                        "'\(part.key)' declares inputs; write 'sql:' in place of '\(part.key):'",
                        at: part.value.location
                    )
                    continue
                }
                if hasUnknownKeys, part.value.isNull { continue }
                route.inputs += InputDeclarationReader(reader: reader).read(part.value, group)
            default: break
            }
        }
        RouteSettings.table.read(known, in: SettingReadingContext(reader: reader, tables: tables), into: &settings)
        // Inputs are ordered by group, regardless of the file, because their order is part of the signature.
        route.inputs = RouteInput.Group.allCases.flatMap { group in route.inputs.filter { $0.group == group } }
        route.settings = settings.merged(over: defaults)
        if settings.cache.tables != nil {
            route.settings.cache.tables?.checkNames(tables.isEmpty ? ["books"] : tables, diagnostics)
        }
        readSource(entries, into: &route, isRequired: !hasUnknownKeys && !holdsSQL)
        checkHandler(settings, &route)
        if let method = route.method {
            var scope = route.scope(method)
            scope.isUncached = route.settings.cache.isOff ?? false
            check(known, in: scope)
        }
        return route
    }

    /// Reports the keys of a route that have no meaning for it.
    private func check(_ entries: [YAMLEntry], in scope: SettingApplicabilityTraits) {
        for entry in entries {
            if entry.key == "body", !scope.isWrite {
                diagnostics.error(
                    "a GET request has no body; declare its inputs under 'query', or make the route a 'post'",
                    at: entry.keyLocation
                )
            }
        }
        scope.check(entries, in: RouteSettings.table, reportingTo: diagnostics)
        let cache = entries.first { $0.key == "cache" }?.value.mapping ?? []
        scope.check(cache, in: CacheSettings.table, reportingTo: diagnostics)
    }

    /// Tells whether an entry has a path under a misspelled method, or under one that routes don't support.
    private func isUnknownMethod(_ entry: YAMLEntry) -> Bool {
        guard !MappingKeys.route("").supported.contains(entry.key), entry.value.scalar?.text.hasPrefix("/") ?? false
        else {
            return false
        }
        let word = entry.key.lowercased()
        return Self.otherMethods.contains(word)
            || MisspellingSuggestion.closest(to: word, among: MappingKeys.methods) != nil
    }

    private static let otherMethods = ["head", "options", "trace", "connect", "query", "any", "all", "search"]

    /// Tells whether an entry has a path under another key, such as `url`, or under `path`, which declares its inputs.
    private func isPath(_ entry: YAMLEntry) -> Bool {
        guard !isUnknownMethod(entry), let text = entry.value.scalar?.text, text.hasPrefix("/") else { return false }
        return entry.key == "path" || !MappingKeys.route("").supported.contains(entry.key)
    }

    /// Reports paths that are not the value of a method, and returns `true` if there are any.
    private func reportPathKeys(_ entries: [YAMLEntry]) -> Bool {
        let paths = entries.filter { isPath($0) }
        let method = entries.first { MappingKeys.methods.contains($0.key) }
        for path in paths {
            let text = path.value.scalar?.text ?? ""
            let what = path.key == "path" ? "'path' declares the inputs of a path" : "unknown key '\(path.key)'"
            let cure =
                method?.value.isNull ?? true
                ? "a path stands behind its method: '\(method?.key ?? likelyMethod(entries)): \(text)'"
                : "the path stands behind '\(method?.key ?? "get")' alone; leave '\(path.key)' out"
            diagnostics.error("\(what); \(cure)", at: path.keyLocation)
        }
        return !paths.isEmpty
    }

    /// The method that suits a route's SQL.
    private func likelyMethod(_ entries: [YAMLEntry]) -> String {
        let sql = entries.first { $0.key == "sql" }?.value.scalar?.text ?? ""
        switch SQLInputScanner(sql).words.first?.text {
        case "insert": return "post"
        case "update": return "patch"
        case "delete": return "delete"
        default: return entries.contains { $0.key == "body" } ? "post" : "get"
        }
    }

    /// The tables that a route's SQL reads, without repetitions.
    private static func tables(in entries: [YAMLEntry]) -> [String] {
        guard entries.contains(where: { $0.key == "cache" }),
            let sql = entries.first(where: { $0.key == "sql" })?.value.scalar?.text
        else { return [] }
        let scanner = SQLInputScanner(sql)
        guard scanner.faults.isEmpty else { return [] }
        return SQLTokenTree(scanner).relations.withoutRepetitions
    }

    /// The suggestion for a name that Swift doesn't allow.
    private static func cure(forName name: String) -> String {
        let other = SwiftIdentifierRules.joined(name)
        guard SwiftIdentifierRules.problem(with: other) == nil else { return "; write one such as 'listUsers'" }
        return "; write '\(other)'"
    }

    /// Reports `method: GET` and `path: /users`, and removes both from the entries.
    private func reportMethodKey(_ entries: inout [YAMLEntry]) -> Bool {
        guard let method = entries.first(where: { $0.key == "method" }) else { return false }
        let path =
            entries.first { isPath($0) }
            ?? entries.first { ["path", "url", "route"].contains($0.key) && $0.value.scalar != nil }
        let word = method.value.scalar?.text.lowercased() ?? ""
        let name = MappingKeys.methods.contains(word) ? word : "get"
        let text = path?.value.scalar?.text ?? ""
        diagnostics.error(
            "write '\(name): \(text.isEmpty ? "/…" : text)' instead of 'method' and '\(path?.key ?? "path")'",
            at: method.keyLocation
        )
        entries.removeAll { $0.key == "method" || $0.key == path?.key }
        return true
    }

    /// Tells whether an entry has SQL under a group of inputs.
    private func isStatement(_ entry: YAMLEntry) -> Bool {
        guard RouteInput.Group(rawValue: entry.key) != nil, let scalar = entry.value.scalar else { return false }
        return scalar.text.contains(where: \.isWhitespace)
    }

    private func readMethod(_ entries: [YAMLEntry], into route: inout DraftRoute, isRequired: Bool) {
        let named = entries.filter { MappingKeys.methods.contains($0.key) }
        for entry in entries where isUnknownMethod(entry) && !MappingKeys.methods.contains(entry.key) {
            let word = entry.key.lowercased()
            let hint =
                switch word {
                case "head": "GET routes answer HEAD too; write 'get'"
                case "query", "search", "any", "all": "write 'get', or one of post, put, patch, delete for a write"
                default:
                    MisspellingSuggestion.closest(to: word, among: MappingKeys.methods).map { "did you mean '\($0)'?" }
                }
            diagnostics.error(
                "unknown method '\(entry.key)' (\(hint ?? "one of \(MappingKeys.methods.joined(separator: ", "))"))",
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
                "a route has one method; make this a route of its own, with a name and 'sql' of its own",
                at: other.keyLocation,
                notes: [.init("first here", at: first.keyLocation)]
            )
        }
        // With several methods, none is known to be meant.
        if named.count == 1 { route.methodName = first.key }
        route.methodLocation = first.keyLocation
        route.path = PathTemplateReader(reader: reader).read(first.value, named: "'\(first.key)'", allowsInputs: true)
        route.pathText = first.value.scalar?.text ?? ""
        route.basePath = PathTemplate(segments: basePath.segments).description
        if var path = route.path {
            path.segments = basePath.segments + path.segments
            route.path = path
        }
    }

    private func readSource(_ entries: [YAMLEntry], into route: inout DraftRoute, isRequired: Bool) {
        let named = entries.filter { Self.sources.contains($0.key) }
        guard let first = named.first else {
            let keys = MappingKeys.route(route.name)
            guard isRequired, Self.sources.allSatisfy({ keys.misses($0, in: entries) }) else { return }
            diagnostics.error(
                "route '\(route.name)' has no 'sql', 'sql-file' or 'handler'; add one, such as 'sql: SELECT …'",
                at: route.location
            )
            return
        }
        for other in named.dropFirst() {
            diagnostics.error(
                "a route has only one of 'sql', 'sql-file' and 'handler'; remove '\(first.key)' or '\(other.key)'",
                at: other.keyLocation,
                notes: [.init("first here", at: first.keyLocation)]
            )
        }
        route.sourceLocation = first.keyLocation
        switch first.key {
        case "sql": route.source = sqlReader.inline(first.value).map { .sql($0) }
        case "sql-file": route.source = sqlReader.file(first.value).map { .sql($0) }
        default:
            let handler: Located<HandlerKind>? = reader.choice(first.value, named: "'handler'") { _ in
                " (write 'handler: swift'; the Swift method is '\(route.name)' of \(typeName).Handlers)"
            }
            if handler != nil { route.source = .handler }
        }
    }

    private enum HandlerKind: String, CaseIterable { case swift }

    /// Reports `returns` of a route with a handler, which has no rows, and removes it.
    private func checkHandler(_ own: RouteSettings, _ route: inout DraftRoute) {
        guard route.isHandler else { return }
        if let returns = own.returns {
            diagnostics.error(
                "'returns' is about the rows of SQL; a handler's answer is what it returns; leave 'returns' out",
                at: returns.location
            )
        }
        route.settings.values.remove(\RouteDeclaration.returns)
    }
}
