/// Settings with values that are properties of policies and declarations.
protocol SettingsStorage: SendableMetatype {
    /// The values.
    var values: SettingValues { get set }
}
