import RouteModel

/// Routes that a setting is not for, and the message about one that has it.
///
/// `defaults` may name every setting: there each holds for the routes it is for.
struct SettingRule: Sendable {
    /// Tells whether the setting means nothing for a route.
    let excludes: @Sendable (SettingScope) -> Bool
    /// The message about an entry among those of its route.
    let message: @Sendable (_ entry: YAMLEntry, _ among: [YAMLEntry]) -> String

    /// A rule that the setting is not for writes.
    static func notForWrites(_ message: String) -> SettingRule { SettingRule({ $0.isWrite }, message) }

    /// A rule that the setting is for writes alone.
    static func onlyForWrites(_ message: String) -> SettingRule { SettingRule({ !$0.isWrite }, message) }

    /// A rule that the setting is about SQL.
    static func notForHandlers(_ message: String) -> SettingRule { SettingRule({ $0.isHandler }, message) }

    /// A rule that the setting is about stored answers.
    static func notUncached(_ message: String) -> SettingRule { SettingRule({ $0.isUncached }, message) }

    init(_ excludes: @escaping @Sendable (SettingScope) -> Bool, _ message: String) {
        self.init(excludes) { _, _ in message }
    }

    init(
        _ excludes: @escaping @Sendable (SettingScope) -> Bool,
        message: @escaping @Sendable (YAMLEntry, [YAMLEntry]) -> String
    ) {
        self.excludes = excludes
        self.message = message
    }
}
