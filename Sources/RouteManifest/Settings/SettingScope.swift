/// The properties of a route that decide which settings are for it.
struct SettingScope {
    let isWrite: Bool
    let isHandler: Bool
    /// True where the route says `cache: off`, or has it by default.
    var isUncached = false
}

extension SettingScope {
    /// Reports the entries of a mapping that are settings of a table and have no meaning for the route.
    func check<Settings>(_ entries: [YAMLEntry], in table: [Setting<Settings>], reportingTo diagnostics: Diagnostics) {
        for entry in entries {
            let setting = table.first { $0.name == entry.key }
            if let rule = setting?.rules.first(where: { $0.excludes(self) }) {
                diagnostics.error(rule.message(entry, entries), at: entry.keyLocation)
            }
        }
    }
}
