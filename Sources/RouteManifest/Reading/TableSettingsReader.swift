import RouteModel

/// Reads `tables`.
struct TableSettingsReader {
    let reader: NodeReader
    /// The settings beside `tables`.
    let siblings: [String]
    /// Tables for messages: those that the route's SQL reads, if known.
    var tables: [String] = []

    private static let longestInterval = Duration.seconds(3600)

    private var diagnostics: Diagnostics { reader.diagnostics }
    private var example: [String] { tables.isEmpty ? ["books", "authors"] : tables }

    /// Reads `off`, `auto`, a list of names, or a mapping. Invalid names result in an empty list, not in that of a default.
    func read(_ entry: YAMLEntry) -> TableSettings {
        let node = entry.value
        var settings = TableSettings(location: entry.keyLocation)
        guard case .mapping(let entries) = node.kind else {
            readNames(node, named: "'tables'", into: &settings)
            return settings
        }
        let known = MappingKeys.tables(beside: siblings).known(entries, diagnostics)
        settings.hasUnknownKeys = known.count < entries.count
        for part in known {
            switch part.key {
            case "names": readNames(part.value, named: "'names'", into: &settings)
            case "min-interval":
                settings.intervalText = part.value.scalar?.text
                settings.minimumInterval = interval(part.value)
            default: break
            }
        }
        return settings
    }

    private func interval(_ node: YAMLNode) -> Duration? {
        // Turns a default off.
        if node.scalar?.text == "off" { return .zero }
        guard let interval = reader.duration(node, named: "'min-interval'") else { return nil }
        guard interval.value <= Self.longestInterval else {
            diagnostics.error("'min-interval' must be at most 1h; write '1h' or less", at: interval.location)
            return nil
        }
        return interval.value
    }

    private func readNames(
        _ node: YAMLNode,
        named what: String,
        into settings: inout TableSettings
    ) {
        if node.scalar?.text == "auto" {
            settings.automatic = TableSettings.Automatic(
                location: node.location,
                list: "\(what.filter { $0 != "'" }): \(YAMLSuggestions.list(example))"
            )
            return
        }
        settings.names = []
        if node.scalar?.text == "off" { return }
        var first: [String: Location] = [:]
        for element in reader.list(node, named: what, of: "tables", example: example, canBeOff: true) ?? [] {
            guard let text = reader.text(element, named: "a table of \(what)") else { continue }
            let name: String
            do { name = try TableNameNormalization.canonical(text.value) } catch {
                diagnostics.error(error.message(for: text.value), at: text.location)
                continue
            }
            if let earlier = first[name] {
                diagnostics.error(
                    "\(what) has the table '\(name)' twice; remove one",
                    at: text.location,
                    notes: [.init("first here", at: earlier)]
                )
            } else {
                first[name] = text.location
            }
        }
        settings.names = first.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        settings.places = first
    }
}
