import RouteModel

/// The settings under `cache`.
package struct CacheSettings: SettingsContainer {
    /// `true` for `cache: off`, `false` for settings; `nil` without `cache`.
    var isOff: Bool?
    var values = SettingValues()
    var warm: WarmSettings?
    var tags: [DraftTag]?
    var tables: TableSettings?

    /// The value of `ttl`.
    var ttl: Located<Duration>? { values[\CachePolicy.ttl] }
    /// The value of `negative-ttl`.
    var negativeTTL: Located<Duration?>? { values[\CachePolicy.negativeTTL] }
    /// The value of `before-router`.
    var beforeRouter: Located<CachePolicy.BeforeRouter>? { values[\CachePolicy.beforeRouter] }

    /// These settings, completed with those of `defaults`. `cache: off` takes over none of them.
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

    /// The policy, with built-in values for settings that are not named; `nil` for `cache: off`.
    ///
    /// - Parameters:
    ///   - scope: the properties of the route.
    ///   - warm: the sets of inputs that are warmed, which depend on the route's inputs.
    ///   - tags: the tags, which depend on the route's inputs.
    ///   - isPublic: `true` if anyone may have the responses. Only such a route is answered before the router.
    func policy(
        in scope: SettingApplicabilityTraits,
        warm: WarmPolicy?,
        tags: [TagTemplate],
        isPublic: Bool
    ) -> CachePolicy? {
        guard isOff != true else { return nil }
        var policy = CachePolicy(warm: warm, tags: tags, tables: tables?.policy)
        values.assign(to: &policy, in: scope)
        if !isPublic { policy.beforeRouter = .off }
        return policy
    }
}
