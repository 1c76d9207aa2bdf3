import RouteModel

/// The settings a route or `defaults` names.
package struct RouteSettings: SettingsStorage {
    var values = SettingValues()
    var invalidates: [DraftTag]?
    var precondition: PreconditionSettings?
    var errors: [String: ConstraintResponse] = [:]
    var cache = CacheSettings()
    /// The names of checks that may fail.
    var allowed: Set<DiagnosticName> = []

    /// The value for a property of the declaration, with its place; `nil` where no setting names it.
    subscript<Value>(property: KeyPath<RouteDeclaration, Value>) -> Located<Value>? { values[property] }

    /// The value of a setting that ends with the manifest.
    subscript<Value>(property: KeyPath<BuildSettings, Value>) -> Located<Value>? { values[property] }

    /// These settings, and for each that is not named the one of `defaults`.
    func merged(over defaults: RouteSettings) -> RouteSettings {
        RouteSettings(
            values: values.merged(over: defaults.values),
            invalidates: invalidates ?? defaults.invalidates,
            precondition: precondition,
            errors: errors.merging(defaults.errors) { own, _ in own },
            cache: cache.merged(over: defaults.cache),
            allowed: allowed.union(defaults.allowed)
        )
    }

    /// The way in which a write runs, with the built-in values for what nobody names.
    func writePolicy(in scope: SettingScope, invalidates: [TagTemplate]) -> WritePolicy {
        var policy = WritePolicy(invalidates: invalidates)
        values.assign(to: &policy, in: scope)
        return policy
    }
}

/// Settings that decide what is built, and that the runtime doesn't know.
struct BuildSettings {
    /// A text that changes the fingerprint.
    var revision: String?
    /// True where a write purges the answers of its own path.
    var invalidatesTarget = true
}
