import RouteModel

/// Checks `warm` against the inputs and the ttl of a route.
///
/// The setting may come from `defaults`, so messages have its place and name the route.
struct WarmChecks {
    let reader: NodeReader
    let route: DraftRoute

    private var diagnostics: Diagnostics { reader.diagnostics }

    /// The policy; `nil` if nothing is warmed or after reporting an error.
    func check() -> WarmPolicy? {
        guard route.method == .get, let warm = route.settings.cache.warm else { return nil }
        warnOfGaps(warm)
        var inputs: [[String: [String]]] = []
        var first: [[String: [[UInt8]]]: Location] = [:]
        for set in warm.sets {
            guard let values = values(of: set) else { continue }
            inputs.append(values)
            let answer = completed(values)
            if let earlier = first[answer] {
                diagnostics.error(
                    "route '\(route.name)' is warmed twice with the same inputs, defaults included; remove one",
                    at: set.location,
                    notes: [.init("first here", at: earlier)]
                )
            } else {
                first[answer] = set.location
            }
        }
        return warm.every.map { WarmPolicy(every: $0.value, with: inputs, atStart: warm.atStart) }
    }

    private func warnOfGaps(_ warm: WarmSettings) {
        let ttl = route.settings.cache.ttl
        guard let every = warm.every, every.value > ttl?.value ?? CachePolicy().ttl else { return }
        diagnostics.report(
            .warmGap,
            message:
                "'every' is longer than the ttl of route '\(route.name)': from the end of the ttl until the next run, "
                + "requests make the answers themselves; write a shorter 'every', or a longer 'ttl'",
            allowed: route.settings.allowed,
            at: every.location,
            notes: ttl.map { [.init("the ttl is here", at: $0.location)] } ?? []
        )
    }

    /// The canonical values of a set of inputs; `nil` after reporting an error.
    private func values(of set: WarmSettings.InputSet) -> [String: [String]]? {
        var values: [String: [String]] = [:]
        var isValid = true
        // A misspelt name stands for the input that it resembles.
        var named = Set(set.entries.map(\.key))
        for entry in set.entries {
            guard let draft = route.inputs.first(where: { $0.name == entry.key }) else {
                isValid = false
                guard !route.mayMissInputs, !route.undeclaredNames.contains(entry.key) else { continue }
                let names = route.inputs.map(\.name)
                if let closest = MisspellingSuggestion.closest(to: entry.key, among: names) { named.insert(closest) }
                let close = MisspellingSuggestion.text(for: entry.key, among: names)
                let all = names.isEmpty ? "; it has none" : "; its inputs are \(names.joined(separator: ", "))"
                let hint = close.isEmpty ? all : close
                diagnostics.error(
                    "'\(entry.key)' is not an input of route '\(route.name)'\(hint)",
                    at: entry.keyLocation
                )
                continue
            }
            guard let input = draft.input, let texts = texts(entry.value, input) else {
                isValid = false
                continue
            }
            values[input.name] = texts
        }
        let missing = route.inputs.compactMap(\.input).filter { needsValue($0) && !named.contains($0.name) }
        if !missing.isEmpty {
            let names = missing.map { "'\($0.name)'" }.joined(separator: " and ")
            let values = missing.map { "\($0.name): \(Self.example(of: $0))" }.joined(separator: ", ")
            let cure =
                set.entries.isEmpty ? "write them beside 'every', as in with: [ { \(values) } ]" : "add '\(values)'"
            let what = missing.count == 1 ? "a value for its input" : "values for its inputs"
            diagnostics.error(
                "route '\(route.name)' is warmed without \(what) \(names); "
                    + (missing.count == 1 ? cure.replacing("write them", with: "write it") : cure),
                at: set.location
            )
            isValid = false
        }
        return isValid ? values : nil
    }

    /// An example of an input's value.
    private static func example(of input: RouteInput) -> String {
        if let first = input.oneOf.first { return YAMLSuggestions.text(first) }
        let value =
            switch input.type.scalar.kind {
            case .int, .int32, .double, .decimal: input.minimum ?? "7"
            case .bool: "true"
            case .date: "2024-02-29"
            case .timestamp: "2024-02-29T12:30:00Z"
            case .string, .uuid, .json: "…"
            }
        return input.type.isList ? "[ \(value) ]" : value
    }

    /// Tells whether a request without the input fails. A missing header never fails; the body of a GET route is
    /// reported elsewhere.
    private func needsValue(_ input: RouteInput) -> Bool {
        switch input.group.kind {
        case .path, .query, .context: input.defaultValue == nil && !input.isOptional
        case .header, .body: false
        }
    }

    private func texts(_ node: YAMLNode, _ input: RouteInput) -> [String]? {
        let what = "input '\(input.name)' of route '\(route.name)'"
        guard input.type.isList else { return reader.canonical(node, named: what, of: input).map { [$0] } }
        guard let elements = reader.list(node, named: what, of: "values", example: ["7"]) else { return nil }
        guard !elements.isEmpty else {
            diagnostics.error(
                "\(what) needs at least one value, such as [ 7 ]: a query has no empty lists",
                at: node.location
            )
            return nil
        }
        let texts = elements.compactMap { reader.canonical($0, named: "a value of \(what)", of: input) }
        return texts.count == elements.count ? texts : nil
    }

    /// The values of a set with the defaults added, as the bytes that a key contains.
    private func completed(_ values: [String: [String]]) -> [String: [[UInt8]]] {
        var completed = values
        for input in route.inputs.compactMap(\.input) {
            if let value = input.defaultValue, values[input.name] == nil { completed[input.name] = value.texts }
        }
        return completed.mapValues { $0.map { Array($0.utf8) } }
    }
}
