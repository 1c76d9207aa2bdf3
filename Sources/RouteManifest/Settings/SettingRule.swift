import RouteModel

/// The properties of a route that decide which settings are for it.
struct SettingScope {
    let isWrite: Bool
    let isHandler: Bool
    /// True where the route says `cache: off`, or has it by default.
    var isUncached = false
}

/// Routes that a setting is not for, and the message about one that has it.
///
/// `defaults` may name every setting: there each holds for the routes it is for.
struct SettingRule {
    /// Tells whether the setting means nothing for a route.
    let excludes: (SettingScope) -> Bool
    /// The message about an entry among those of its route.
    let message: (_ entry: YAMLEntry, _ among: [YAMLEntry]) -> String

    /// A rule that the setting is not for writes.
    static func notForWrites(_ message: String) -> SettingRule { SettingRule({ $0.isWrite }, message) }

    /// A rule that the setting is for writes alone.
    static func onlyForWrites(_ message: String) -> SettingRule { SettingRule({ !$0.isWrite }, message) }

    /// A rule that the setting is about SQL.
    static func notForHandlers(_ message: String) -> SettingRule { SettingRule({ $0.isHandler }, message) }

    /// A rule that the setting is about stored answers.
    static func notUncached(_ message: String) -> SettingRule { SettingRule({ $0.isUncached }, message) }

    init(_ excludes: @escaping (SettingScope) -> Bool, _ message: String) {
        self.init(excludes) { _, _ in message }
    }

    init(_ excludes: @escaping (SettingScope) -> Bool, message: @escaping (YAMLEntry, [YAMLEntry]) -> String) {
        self.excludes = excludes
        self.message = message
    }
}

extension SettingScope {
    /// Reports the entries of a route that mean nothing for it.
    func check(_ entries: [YAMLEntry], _ diagnostics: Diagnostics) {
        let rules = Dictionary(uniqueKeysWithValues: RouteSettings.table.map { ($0.name, $0.rules) })
        for entry in entries {
            if entry.key == "body", !isWrite {
                diagnostics.error(
                    "a GET request has no body; declare its inputs under 'query', or make the route a 'post'",
                    at: entry.keyLocation
                )
            }
            if let rule = rules[entry.key]?.first(where: { $0.excludes(self) }) {
                diagnostics.error(rule.message(entry, entries), at: entry.keyLocation)
            }
        }
    }
}
