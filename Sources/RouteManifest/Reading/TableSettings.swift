import RouteModel

/// The settings under `tables`.
struct TableSettings {
    /// `auto`: the tables are those of the lock.
    struct Automatic {
        /// The place of the word.
        var location: Location
        /// The list to write in place of it.
        var list: String
    }

    /// The canonical names, sorted by their bytes; empty for `off`, and `nil` for `auto` until they are known.
    var names: [String]?
    /// Set for `auto`.
    var automatic: Automatic?
    /// The minimum interval; zero for `off`.
    var minimumInterval: Duration?
    /// The places of the names.
    var places: [String: Location] = [:]
    /// Indicates that a key is unknown, and so may stand for `names`.
    var hasUnknownKeys = false
    /// The text of the interval, for messages.
    var intervalText: String?
    /// The place of the setting.
    var location: Location

    /// The place of each name, or that of the setting for one without a place of its own; `nil` for `auto`.
    var placesByName: [String: Location]? {
        names.map { names in
            Dictionary(names.map { ($0, places[$0] ?? location) }) { first, _ in first }
        }
    }

    func merged(over defaults: TableSettings?) -> TableSettings {
        let hasOwn = names != nil || automatic != nil
        return TableSettings(
            names: hasOwn ? names : defaults?.names,
            automatic: hasOwn ? automatic : defaults?.automatic,
            minimumInterval: minimumInterval ?? defaults?.minimumInterval,
            places: hasOwn ? places : defaults?.places ?? [:],
            hasUnknownKeys: hasUnknownKeys,
            intervalText: intervalText,
            location: location
        )
    }

    /// Reports a route's setting without tables, neither its own nor those of a default.
    ///
    /// - Parameter tables: tables for the message.
    func checkNames(_ tables: [String], _ diagnostics: Diagnostics) {
        guard names == nil, automatic == nil, !hasUnknownKeys else { return }
        let interval = intervalText.map { ", min-interval: \($0)" } ?? ""
        diagnostics.error(
            "'tables' has no 'names'; write tables: { names: \(YAMLSuggestions.list(tables))\(interval) }",
            at: location
        )
    }

    /// The tables with their interval; `nil` if there are none.
    var policy: TablePolicy? {
        guard let names, !names.isEmpty else { return nil }
        return TablePolicy(names, minimumInterval: minimumInterval ?? .zero)
    }
}
