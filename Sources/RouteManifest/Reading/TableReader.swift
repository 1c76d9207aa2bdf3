import RouteModel

/// What stands under `tables`.
struct TableSettings {
    /// Canonical names, sorted by their bytes; none where that is off.
    var names: [String]?
    /// Zero where that is off.
    var minimumInterval: Duration?
    /// The places of the names.
    var places: [String: Location] = [:]
    /// Whether something in it could not be read, which may be the names.
    var hasUnknownKeys = false
    /// The text of the interval, for messages.
    var intervalText: String?
    /// Where the setting is.
    var location: Location

    func merged(over defaults: TableSettings?) -> TableSettings {
        TableSettings(
            names: names ?? defaults?.names,
            minimumInterval: minimumInterval ?? defaults?.minimumInterval,
            places: names == nil ? defaults?.places ?? [:] : places,
            hasUnknownKeys: hasUnknownKeys,
            intervalText: intervalText,
            location: location
        )
    }

    /// Reports a route's own setting that names no tables, and has none of a default.
    ///
    /// - Parameter tables: names for the message.
    func checkNames(_ tables: [String], _ diagnostics: Diagnostics) {
        guard names == nil, !hasUnknownKeys else { return }
        let interval = intervalText.map { ", min-interval: \($0)" } ?? ""
        diagnostics.error(
            "'tables' has no 'names'; write tables: { names: \(YAMLSpelling.list(tables))\(interval) }",
            at: location
        )
    }

    /// The tables with their interval; `nil` where there are none.
    var policy: TablePolicy? {
        guard let names, !names.isEmpty else { return nil }
        return TablePolicy(names, minimumInterval: minimumInterval ?? .zero)
    }
}

/// Reads `tables`.
struct TableReader {
    let reader: NodeReader
    /// Names for messages: those that the route's SQL reads, where that is known.
    var tables: [String] = []

    private static let longestInterval = Duration.seconds(3600)

    private var diagnostics: Diagnostics { reader.diagnostics }
    private var example: [String] { tables.isEmpty ? ["books", "authors"] : tables }

    /// Reads off, a list of names, or a mapping. Names that are wrong are none rather than those of a default.
    func read(_ entry: YAMLEntry) -> TableSettings {
        let node = entry.value
        var settings = TableSettings(location: entry.keyLocation)
        guard case .mapping(let entries) = node.kind else {
            readNames(node, "'tables'", into: &settings)
            return settings
        }
        let known = Keys.tables.known(entries, diagnostics)
        settings.hasUnknownKeys = known.count < entries.count
        for part in known {
            switch part.key {
            case "names": readNames(part.value, "'names'", into: &settings)
            case "min-interval":
                settings.intervalText = part.value.scalar?.text
                settings.minimumInterval = interval(part.value)
            default: break
            }
        }
        return settings
    }

    private func interval(_ node: YAMLNode) -> Duration? {
        // Against a default.
        if node.scalar?.text == "off" { return .zero }
        guard let interval = reader.duration(node, "'min-interval'") else { return nil }
        guard interval.value <= Self.longestInterval else {
            diagnostics.error("'min-interval' must be at most 1h; write '1h' or less", at: interval.location)
            return nil
        }
        return interval.value
    }

    private func readNames(
        _ node: YAMLNode,
        _ what: String,
        into settings: inout TableSettings
    ) {
        settings.names = []
        switch node.scalar?.text {
        case "off": return
        case "auto":
            diagnostics.error(
                "'tables: auto' needs a lock file, and none is read yet; write '\(what.filter { $0 != "'" }): "
                    + "\(YAMLSpelling.list(example))'",
                at: node.location
            )
            return
        default: break
        }
        var first: [String: Location] = [:]
        for element in reader.list(node, what, of: "tables", example: example, canBeOff: true) ?? [] {
            guard let text = reader.text(element, "a table of \(what)") else { continue }
            let name: String
            do { name = try TableSpelling.canonical(text.value) } catch {
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
