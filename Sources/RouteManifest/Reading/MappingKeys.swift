import RouteModel

/// The keys of a kind of mapping, and the messages about unknown ones.
struct MappingKeys {
    /// The place of the keys in messages: `in 'cache'`.
    var place: String
    var supported: [String]
    /// The messages about keys that belong elsewhere.
    var misplaced: [String: String] = [:]
    /// Names of the keys in other tools.
    var otherNames = OtherToolKeyNames()
    /// Keys whose value is a mapping, with the description of an entry, such as `an input`.
    var parents: [String: String] = [:]
    /// The suggestion for a route that is written among these keys.
    var routeCure: String?
    /// The end of the message about an unknown key if there is no better suggestion.
    var explanation = ""

    /// The entries whose keys are known. All others are reported.
    ///
    /// A key without a value is left out if its own keys are written beside it, because only these are reported.
    func known(_ entries: [YAMLEntry], _ diagnostics: Diagnostics) -> [YAMLEntry] {
        var known: [YAMLEntry] = []
        var parent: YAMLEntry?
        // In braces, YAML takes text after a comma in SQL for a key. The comma is reported elsewhere.
        var isInSQL = false
        for entry in entries {
            if isInSQL, entry.value.isNull, !supported.contains(entry.key) { continue }
            isInSQL = entry.key == "sql" && (entry.value.scalar?.isPlain ?? false) && !entry.isOnLineOfItsOwn
            if supported.contains(entry.key) {
                known.append(entry)
                parent = parents[entry.key] != nil && entry.value.isNull ? entry : nil
                continue
            }
            let isOfParent = parent.map { misplaced[entry.key]?.contains("'\($0.key)'") ?? true } ?? false
            if isOfParent, let parent, known.last?.key == parent.key { known.removeLast() }
            diagnostics.error(
                message(for: entry, under: isOfParent ? parent?.key : nil, among: entries),
                at: entry.keyLocation
            )
        }
        return known
    }

    /// Tells whether neither a key nor a misspelling of it is among the entries.
    func misses(_ key: String, in entries: [YAMLEntry]) -> Bool {
        !entries.contains { entry in
            if entry.key == key { return true }
            guard !supported.contains(entry.key), misplaced[entry.key] == nil else { return false }
            return otherNames.keys(for: entry.key).contains(key)
                || MisspellingSuggestion.closest(to: entry.key, among: supported) == key
        }
    }

    private func message(for entry: YAMLEntry, under parent: String?, among entries: [YAMLEntry]) -> String {
        let key = entry.key
        if let reason = misplaced[key] { return reason + (parent.map { "; indent it deeper than '\($0)'" } ?? "") }
        if key == "<<" {
            return "merge keys ('<<') are not supported; write what routes share beside 'routes', as in "
                + "defaults: { cache: 60s }"
        }
        if let routeCure, entry.value.mapping?.contains(where: { Self.methods.contains($0.key.lowercased()) }) ?? false
        {
            return "'\(key)' looks like a route; \(routeCure)"
        }
        let unknown = "unknown key '\(key)' \(place)"
        if let parent, let child = parents[parent] {
            return "\(unknown); indent it deeper if it is \(child) of '\(parent)'"
        }
        if let meant = Self.inputs(ofOpenAPI: entry.value), supported.contains("query") {
            return "\(unknown); write \(meant) in place of the list"
        }
        if OtherToolKeyNames.isAuthentication(key), supported.contains("context"),
            let input = entries.first(where: { $0.key == "context" })?.value.mapping?.first
        {
            return
                "\(unknown); leave it out: the context input '\(input.key)' already requires an authenticated request"
        }
        let closest = otherNames.keys(for: key).first ?? MisspellingSuggestion.closest(to: key, among: supported)
        if let closest, Self.lists.contains(closest), supported.contains(closest), entry.value.sequence == nil {
            let elements = YAMLSuggestions.elements(of: entry.value)
            if !elements.isEmpty { return "\(unknown) (write '\(closest): \(YAMLSuggestions.list(elements))')" }
        }
        if let hint = otherNames.hint(for: key, supported: supported) { return unknown + hint }
        let hint = MisspellingSuggestion.text(for: key, among: supported)
        guard hint.isEmpty else { return unknown + hint }
        let folded = OtherToolKeyNames.folded(key)
        if let other = misplaced.keys.first(where: { OtherToolKeyNames.folded($0) == folded }),
            let reason = misplaced[other]
        {
            return "\(unknown) (\(reason))"
        }
        let all = supported.count <= 16 ? "; the keys are \(supported.joined(separator: ", "))" : "; leave it out"
        return unknown + (explanation.isEmpty ? all : explanation)
    }

    /// The settings that are lists of names.
    private static let lists: Set<String> = ["tags", "tables", "invalidates", "allow", "imports", "one-of", "names"]

    /// The groups of inputs to write in place of a list of OpenAPI parameters; `nil` for anything else.
    private static func inputs(ofOpenAPI node: YAMLNode) -> String? {
        guard let elements = node.sequence, !elements.isEmpty else { return nil }
        var groups: [String: [String]] = [:]
        for element in elements {
            let entries = Dictionary(uniqueKeysWithValues: (element.mapping ?? []).map { ($0.key, $0.value) })
            guard let name = entries["name"]?.scalar?.text, SwiftIdentifierRules.isIdentifier(name),
                let place = entries["in"]?.scalar?.text, RouteInput.Group(rawValue: place) != nil
            else { return nil }
            let schema = entries["schema"]?.mapping?.first { $0.key == "type" }?.value ?? entries["type"]
            let type =
                schema?.scalar.flatMap { InputDeclarationReader.meant($0.text) } ?? YAMLSuggestions.type(ofInput: name)
            groups[place, default: []].append("\(name): \(type)")
        }
        let written = ["path", "query", "header", "body", "context"].compactMap { group in
            groups[group].map { "'\(group): { \($0.joined(separator: ", ")) }'" }
        }
        return written.joined(separator: " and ")
    }

    /// The keys that name a method.
    static let methods = RouteSignature.Method.allCases.map(\.rawValue)

    static let precondition = MappingKeys(
        place: "in 'precondition'",
        supported: ["route", "required"],
        otherNames: .precondition
    )

    /// The keys under `warm`.
    ///
    /// - Parameter siblings: the keys beside `warm`.
    static func warm(beside siblings: [String]) -> MappingKeys {
        MappingKeys(
            place: "in 'warm'",
            supported: ["every", "with", "at-start"],
            misplaced: misplaced(siblings, besides: "warm"),
            otherNames: .warm
        )
    }

    /// The keys under `tables`.
    ///
    /// - Parameter siblings: the keys beside `tables`.
    static func tables(beside siblings: [String]) -> MappingKeys {
        MappingKeys(
            place: "in 'tables'",
            supported: ["names", "min-interval"],
            misplaced: misplaced(siblings, besides: "tables"),
            otherNames: .tables,
            explanation: "; tables are a list, such as [ books, authors ]"
        )
    }

    /// The messages about keys that belong beside the setting they are written under.
    private static func misplaced(_ siblings: [String], besides setting: String) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: siblings.filter { $0 != setting }.map {
                ($0, "'\($0)' belongs beside '\(setting)', not in it")
            }
        )
    }

    static func constraint(_ name: String) -> MappingKeys {
        MappingKeys(place: "in constraint '\(name)'", supported: ["status", "message"], otherNames: .constraint)
    }

    static func input(_ name: String, _ group: RouteInput.Group) -> MappingKeys {
        var keys = ["type", "one-of", "min", "max", "min-length", "max-length", "default", "optional"]
        var misplaced: [String: String] = [:]
        switch group.kind {
        case .header, .query, .body: keys.insert("from", at: 0)
        case .path:
            misplaced["from"] =
                "path input '\(name)' is the '{\(name)}' of its path and has no other name; leave out 'from'"
        case .context:
            misplaced["from"] = "context input '\(name)' is given by the app under its own name; leave out 'from'"
        }
        if group == .body {
            keys.append("nullable")
        } else {
            misplaced["nullable"] =
                "'nullable' is for inputs under 'body', where JSON has a null; "
                + (group == .path ? "leave it out" : "say 'optional: true' for one that may be absent")
        }
        return MappingKeys(place: "in input '\(name)'", supported: keys, misplaced: misplaced, otherNames: .input)
    }
}
