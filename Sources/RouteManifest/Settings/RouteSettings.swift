import RouteModel

/// The settings that a route or `defaults` names.
package struct RouteSettings: SettingsContainer {
    var values = SettingValues()
    var invalidates: [DraftTag]?
    var precondition: PreconditionSettings?
    var errors: [String: ConstraintResponse] = [:]
    /// The places of the constraints under `errors`.
    var errorPlaces: [String: Location] = [:]
    /// The columns that are declared to be never NULL.
    var notNull: [Located<String>] = []
    var cache = CacheSettings()
    /// The checks that are silenced.
    var allowed: Set<DiagnosticName> = []

    /// The value of `returns`.
    var returns: Located<RouteDeclaration.Returns>? { values[\RouteDeclaration.returns] }
    /// The value of `status`.
    var status: Located<Int?>? { values[\RouteDeclaration.successStatus] }
    /// The value of `public`.
    var isPublic: Located<Bool>? { values[\RouteDeclaration.isPublic] }
    /// The value of `invalidates-target`.
    var invalidatesTarget: Located<Bool>? { values[\BuildTimeSettings.invalidatesTarget] }

    /// These settings, completed with those of `defaults`.
    func merged(over defaults: RouteSettings) -> RouteSettings {
        RouteSettings(
            values: values.merged(over: defaults.values),
            invalidates: invalidates ?? defaults.invalidates,
            precondition: precondition,
            errors: errors.merging(defaults.errors) { own, _ in own },
            errorPlaces: errorPlaces.merging(defaults.errorPlaces) { own, _ in own },
            notNull: notNull,
            cache: cache.merged(over: defaults.cache),
            allowed: allowed.union(defaults.allowed)
        )
    }

    /// The responses to constraint violations of a route.
    func errors(in scope: SettingApplicabilityTraits) -> [String: ConstraintResponse] {
        Self.isSetting("errors", for: scope) ? errors : [:]
    }

    /// The precondition of a route.
    func precondition(in scope: SettingApplicabilityTraits) -> PreconditionSettings? {
        Self.isSetting("precondition", for: scope) ? precondition : nil
    }

    private static func isSetting(_ name: String, for scope: SettingApplicabilityTraits) -> Bool {
        guard let setting = table.first(where: { $0.name == name }) else {
            preconditionFailure("no setting is called '\(name)'")
        }
        return setting.isFor(scope)
    }

    /// The policy of a write, with built-in values for settings that are not named.
    func writePolicy(in scope: SettingApplicabilityTraits, invalidates: [TagTemplate]) -> WritePolicy {
        var policy = WritePolicy(invalidates: invalidates)
        values.assign(to: &policy, in: scope)
        return policy
    }
}
