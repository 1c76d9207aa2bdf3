/// Settings with values that are properties of policies and declarations.
protocol SettingsContainer: SendableMetatype {
    /// The values.
    var values: SettingValues { get set }
}
