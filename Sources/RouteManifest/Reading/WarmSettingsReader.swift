/// Reads `warm`.
struct WarmSettingsReader {
    let reader: NodeReader
    /// The settings beside `warm`.
    let siblings: [String]

    /// Reads the setting. There is a result even after an error, so that the route is not checked against a default
    /// that it replaces.
    func read(_ entry: YAMLEntry) -> WarmSettings {
        var settings = WarmSettings(sets: [])
        // Turns a default off.
        if entry.value.scalar?.text == "off" { return settings }
        let text = entry.value.scalar?.text ?? ""
        let every = (try? QuantityParser.duration(text)) == nil ? "1m" : text
        let isOff = ["false", "no", "none", "never", "Off", "OFF"].contains(text)
        let cure = isOff ? "write 'warm: off'" : "write warm: { every: \(every) }"
        guard let entries = reader.mapping(entry.value, named: "'warm'", expected: "off or a mapping", cure: cure)
        else {
            return settings
        }
        let keys = MappingKeys.warm(beside: siblings)
        let known = Dictionary(
            uniqueKeysWithValues: keys.known(entries, reader.diagnostics).map { ($0.key, $0.value) }
        )
        if let every = known["every"] {
            settings.every = reader.duration(every, named: "'every'")
        } else if keys.misses("every", in: entries) {
            reader.diagnostics.error("'warm' has no 'every'; add one, such as 'every: 30m'", at: entry.keyLocation)
        }
        settings.sets =
            known["with"].map(sets) ?? [WarmSettings.InputSet(location: entry.keyLocation, entries: [])]
        if let atStart = known["at-start"].flatMap({ reader.bool($0, named: "'at-start'") }) {
            settings.atStart = atStart.value
        }
        return settings
    }

    private func sets(_ node: YAMLNode) -> [WarmSettings.InputSet] {
        guard let elements = node.sequence else {
            let values = node.mapping.flatMap(YAMLSuggestions.mapping) ?? "{ days: 7 }"
            reader.diagnostics.error(
                "'with' must be a list of sets of inputs, not \(node.kindName); write with: [ \(values) ]",
                at: node.location
            )
            return []
        }
        if elements.isEmpty {
            reader.diagnostics.error(
                "'with' needs at least one set of inputs; without 'with' there is one, of all defaults",
                at: node.location
            )
        }
        return elements.compactMap { element in
            reader.mapping(
                element,
                named: "a set of 'with'",
                expected: "a mapping of inputs",
                cure: "write a value for each, as in with: [ { days: 7 } ]"
            )
            .map { WarmSettings.InputSet(location: element.location, entries: $0) }
        }
    }
}
