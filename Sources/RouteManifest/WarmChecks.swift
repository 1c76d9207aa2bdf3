import RouteModel

/// Checks what is to be warmed against the inputs and the ttl of a route, which may have it from `defaults`: messages stand
/// where it is written, and name the route.
struct WarmChecks {
    let reader: NodeReader
    let route: DraftRoute

    private var diagnostics: Diagnostics { reader.diagnostics }

    /// What is warmed; `nil` where that is nothing, or after reporting what is wrong with it.
    func check() -> ManifestWarmPolicy? {
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
                    "route '\(route.name)' is warmed twice with the same inputs, defaults included",
                    at: set.location,
                    notes: [.init("first here", at: earlier)]
                )
            } else {
                first[answer] = set.location
            }
        }
        return warm.every.map { ManifestWarmPolicy(every: $0.value, inputs: inputs, atStart: warm.atStart) }
    }

    private func warnOfGaps(_ warm: WarmSettings) {
        let ttl = route.settings.cache.ttl
        guard let every = warm.every, every.value > ttl?.value ?? ManifestCachePolicy().ttl else { return }
        diagnostics.report(
            .warmGap,
            "'every' is longer than the ttl of route '\(route.name)': from the end of the ttl until the next run, "
                + "requests make the answers themselves",
            allowed: route.settings.allowed,
            at: every.location,
            notes: ttl.map { [.init("the ttl is here", at: $0.location)] } ?? []
        )
    }

    /// The canonical texts of a set; `nil` after reporting why there are none.
    private func values(of set: WarmSettings.InputSet) -> [String: [String]]? {
        var values: [String: [String]] = [:]
        var isValid = true
        for entry in set.entries {
            guard let draft = route.inputs.first(where: { $0.name == entry.key }) else {
                let hint = Suggestion.text(for: entry.key, among: route.inputs.map(\.name))
                diagnostics.error(
                    "'\(entry.key)' is not an input of route '\(route.name)'\(hint)",
                    at: entry.keyLocation
                )
                isValid = false
                continue
            }
            guard let input = draft.input, let texts = texts(entry.value, input) else {
                isValid = false
                continue
            }
            values[input.name] = texts
        }
        let named = Set(set.entries.map(\.key))
        for input in route.inputs.compactMap(\.input) where needsValue(input) && !named.contains(input.name) {
            diagnostics.error(
                "route '\(route.name)' is warmed without a value for its input '\(input.name)'; name one in 'with'",
                at: set.location
            )
            isValid = false
        }
        return isValid ? values : nil
    }

    /// A header never makes a request fail, and that a GET route has a body is reported elsewhere.
    private func needsValue(_ input: Input) -> Bool {
        switch input.group {
        case .path, .query, .context: input.defaultValue == nil && !input.isOptional
        case .header, .body: false
        }
    }

    private func texts(_ node: YAMLNode, _ input: Input) -> [String]? {
        let what = "input '\(input.name)' of route '\(route.name)'"
        guard input.type.isList else { return reader.canonical(node, what, input).map { [$0] } }
        guard let elements = reader.sequence(node, what) else { return nil }
        guard !elements.isEmpty else {
            diagnostics.error("\(what) needs at least one value: a query has no empty lists", at: node.location)
            return nil
        }
        let texts = elements.compactMap { reader.canonical($0, "a value of \(what)", input) }
        return texts.count == elements.count ? texts : nil
    }

    /// All values of an answer, as the bytes that would stand in its key.
    private func completed(_ values: [String: [String]]) -> [String: [[UInt8]]] {
        var completed = values
        for input in route.inputs.compactMap(\.input) {
            if let value = input.defaultValue, values[input.name] == nil { completed[input.name] = value.texts }
        }
        return completed.mapValues { $0.map { Array($0.utf8) } }
    }
}
