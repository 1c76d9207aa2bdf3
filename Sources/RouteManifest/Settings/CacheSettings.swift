import RouteModel

/// The settings under `cache`.
package struct CacheSettings: SettingsStorage {
    /// `true` for `cache: off`, `false` for settings; `nil` where there is no `cache`.
    var isOff: Bool?
    var values = SettingValues()
    var warm: WarmSettings?
    var tags: [DraftTag]?
    var tables: TableSettings?

    /// The value for a property of the policy, with its place; `nil` where no setting names it.
    subscript<Value>(property: KeyPath<CachePolicy, Value>) -> Located<Value>? { values[property] }

    /// These settings, and for each that is not named the one of `defaults`. Whoever says `off` takes over none of them.
    func merged(over defaults: CacheSettings) -> CacheSettings {
        if isOff ?? defaults.isOff ?? false { return CacheSettings(isOff: true) }
        return CacheSettings(
            isOff: isOff ?? defaults.isOff,
            values: values.merged(over: defaults.values),
            warm: warm ?? defaults.warm,
            tags: tags ?? defaults.tags,
            tables: tables?.merged(over: defaults.tables) ?? defaults.tables
        )
    }

    /// The policy with the built-in values for what nobody names; `nil`: `off`. What is warmed and what purges answers depend
    /// on the route's inputs too, and where they are given on whom they are for.
    func policy(warm: WarmPolicy?, tags: [TagTemplate], isPublic: Bool) -> CachePolicy? {
        guard isOff != true else { return nil }
        var policy = CachePolicy(warm: warm, tags: tags, tables: tables?.policy)
        values.assign(to: &policy, in: SettingScope(isWrite: false, isHandler: false))
        policy.beforeRouter = policy.beforeRouter && isPublic
        return policy
    }
}

/// Reads what stands under `cache`.
struct CacheReader {
    let context: SettingContext

    private var reader: NodeReader { context.reader }

    /// Reads a mapping of settings, a ttl alone, or `off`.
    func read(_ node: YAMLNode) -> CacheSettings {
        var settings = CacheSettings(isOff: false)
        if let scalar = node.scalar, !scalar.isNull {
            switch scalar.text {
            case "off" where scalar.foreignTag == nil: settings.isOff = true
            case "false", "no", "none", "never", "OFF", "Off":
                reader.diagnostics.error(
                    "'cache' must be a duration, a mapping or off, not '\(scalar.text)' (write 'off')",
                    at: scalar.location
                )
            case "true", "yes", "on":
                reader.diagnostics.error(
                    "'cache' must be a duration, a mapping or off, not '\(scalar.text)' (write a ttl such as '60s')",
                    at: scalar.location
                )
            default:
                if let ttl = reader.duration(node, "'cache'") { settings.values.set("ttl", \CachePolicy.ttl, ttl) }
            }
            return settings
        }
        let cure = node.isNull ? "write 'cache: 60s', or leave it out" : "write it as in cache: { ttl: 60s }"
        let expectation = "a duration, a mapping or off"
        guard let entries = reader.mapping(node, "'cache'", expectation, cure: cure) else { return settings }
        CacheSettings.table.read(Keys.cache.known(entries, reader.diagnostics), context, into: &settings)
        return settings
    }
}
