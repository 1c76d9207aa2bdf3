import RouteModel

/// Reads the settings under `cache`.
struct CacheSettingsReader {
    let context: SettingReadingContext

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
                if let ttl = reader.duration(node, named: "'cache'") {
                    settings.values.set("ttl", for: \CachePolicy.ttl, to: ttl)
                }
            }
            return settings
        }
        let cure = node.isNull ? "write 'cache: 60s', or leave it out" : "write it as in cache: { ttl: 60s }"
        let expectation = "a duration, a mapping or off"
        guard let entries = reader.mapping(node, named: "'cache'", expected: expectation, cure: cure) else {
            return settings
        }
        CacheSettings.table.read(MappingKeys.cache.known(entries, reader.diagnostics), in: context, into: &settings)
        return settings
    }
}
