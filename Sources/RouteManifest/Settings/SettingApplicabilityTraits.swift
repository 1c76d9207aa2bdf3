/// The properties of a route that decide which settings apply to it.
struct SettingApplicabilityTraits {
    let isWrite: Bool
    let isHandler: Bool
    /// Indicates `cache: off`, in the route or in `defaults`.
    var isUncached = false
}

extension SettingApplicabilityTraits {
    /// Reports the entries that are settings of a table and don't apply to the route.
    func check<Settings>(_ entries: [YAMLEntry], in table: [Setting<Settings>], reportingTo diagnostics: Diagnostics) {
        for entry in entries {
            let setting = table.first { $0.name == entry.key }
            if let rule = setting?.rules.first(where: { $0.excludes(self) }) {
                diagnostics.error(rule.message(entry, entries), at: entry.keyLocation)
            }
        }
    }
}
