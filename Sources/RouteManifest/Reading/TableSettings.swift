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
