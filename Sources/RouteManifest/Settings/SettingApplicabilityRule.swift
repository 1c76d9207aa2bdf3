import RouteModel

/// A rule about routes that a setting doesn't apply to, with the message about the setting in such a route.
///
/// In `defaults` a setting is always allowed, and applies to the routes for which it has a meaning.
struct SettingApplicabilityRule: Sendable {
    /// Tells whether the setting doesn't apply to a route.
    let excludes: @Sendable (SettingApplicabilityTraits) -> Bool
    /// The message about an entry, given all entries of its mapping.
    let message: @Sendable (_ entry: YAMLEntry, _ among: [YAMLEntry]) -> String

    /// A rule that the setting doesn't apply to writes.
    static func notForWrites(_ message: String) -> SettingApplicabilityRule {
        SettingApplicabilityRule({ $0.isWrite }, message)
    }

    /// A rule that the setting applies to writes only.
    static func onlyForWrites(_ message: String) -> SettingApplicabilityRule {
        SettingApplicabilityRule({ !$0.isWrite }, message)
    }

    /// A rule that the setting applies to routes with SQL only.
    static func notForHandlers(_ message: String) -> SettingApplicabilityRule {
        SettingApplicabilityRule({ $0.isHandler }, message)
    }

    /// A rule that the setting applies to cached routes only.
    static func notUncached(_ message: String) -> SettingApplicabilityRule {
        SettingApplicabilityRule({ $0.isUncached }, message)
    }

    init(_ excludes: @escaping @Sendable (SettingApplicabilityTraits) -> Bool, _ message: String) {
        self.init(excludes) { _, _ in message }
    }

    init(
        _ excludes: @escaping @Sendable (SettingApplicabilityTraits) -> Bool,
        message: @escaping @Sendable (YAMLEntry, [YAMLEntry]) -> String
    ) {
        self.excludes = excludes
        self.message = message
    }
}
