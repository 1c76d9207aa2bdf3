import RouteModel

extension MappingKeys {
    private static let settings = RouteSettings.table.map(\.name).filter { !RouteSettings.withoutDefault.contains($0) }
    private static let ownSettings = RouteSettings.table.map(\.name).filter(RouteSettings.withoutDefault.contains)
    private static let cacheSettings = CacheSettings.table.map(\.name)
    private static let parts = ["summary", "path", "query", "header", "context", "body", "sql", "sql-file", "handler"]
    private static let cacheKeysOutside = Dictionary(
        uniqueKeysWithValues: cacheSettings.map { ($0, "'\($0)' belongs under 'cache'") }
            + [("min-interval", "'min-interval' belongs under 'tables', which belongs under 'cache'")]
    )

    private static let settingParents = ["cache": "a setting", "errors": "a constraint"]

    static let topLevel = MappingKeys(
        place: "at the top level",
        supported: ["version", "namespace", "base-path", "defaults", "routes", "access", "imports"],
        misplaced: Dictionary(
            uniqueKeysWithValues: settings.map { ($0, "'\($0)' belongs under 'defaults', or in a route") }
                + cacheSettings.map { ($0, "'\($0)' belongs under 'cache', in 'defaults' or in a route") }
                + (methods + parts + ownSettings).map { ($0, "'\($0)' belongs in a route, under 'routes'") }
        ),
        otherNames: .topLevel,
        parents: ["routes": "a route", "defaults": "a setting"],
        routeCure: "indent it under 'routes'"
    )

    static let defaults = MappingKeys(
        place: "in 'defaults'",
        supported: settings,
        misplaced: cacheKeysOutside.merging(
            (methods + parts + ownSettings).map { ($0, "'\($0)' can have no default") },
            uniquingKeysWith: { $1 }
        ),
        otherNames: .route,
        parents: settingParents,
        routeCure: "indent it under 'routes'"
    )

    static func route(_ name: String) -> MappingKeys {
        MappingKeys(
            place: "in route '\(name)'",
            supported: methods + parts + settings + ownSettings,
            misplaced: cacheKeysOutside,
            otherNames: .route,
            parents: settingParents.merging(RouteInput.Group.allCases.map { ($0.rawValue, "an input") }) { $1 },
            routeCure: "indent it as far as '\(name)'"
        )
    }

    static let cache = MappingKeys(
        place: "in 'cache'",
        supported: cacheSettings,
        misplaced: Dictionary(
            uniqueKeysWithValues: (settings + ownSettings).filter { $0 != "cache" }.map {
                ($0, "'\($0)' belongs beside 'cache', not in it")
            }
                + warm(beside: []).supported.map { ($0, "'\($0)' belongs under 'warm'") }
                + tables(beside: []).supported.map { ($0, "'\($0)' belongs under 'tables'") }
        ),
        otherNames: .cache,
        parents: ["warm": "a setting", "tables": "a setting"]
    )

    /// The keys by which errors of the YAML parser are explained.
    static let known = KnownManifestKeys(
        ofLines: Set(route("").supported),
        inBraces: Set(
            [route("").supported, cache.supported, warm(beside: []).supported, tables(beside: []).supported].joined()
                + input("", .body).supported
        )
    )
}
