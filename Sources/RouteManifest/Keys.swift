import RouteModel

/// The keys of one kind of mapping.
struct Keys {
    /// Where the keys stand, for messages: `in 'cache'`.
    var place: String
    var supported: [String]
    /// Keys that belong elsewhere, and what to say about them.
    var misplaced: [String: String] = [:]

    /// The entries that can be read; all others are reported.
    func known(_ entries: [YAMLEntry], _ diagnostics: Diagnostics) -> [YAMLEntry] {
        entries.filter { entry in
            if supported.contains(entry.key) { return true }
            if let reason = misplaced[entry.key] {
                diagnostics.error(reason, at: entry.keyLocation)
            } else if entry.key == "<<" {
                diagnostics.error("merge keys ('<<') are not supported; use 'defaults'", at: entry.keyLocation)
            } else {
                let hint = Suggestion.text(for: entry.key, among: supported)
                diagnostics.error("unknown key '\(entry.key)' \(place)\(hint)", at: entry.keyLocation)
            }
            return false
        }
    }

    private static let settings = [
        "returns", "status", "timeout", "public", "unknown-query", "request-directives", "revision", "isolation",
        "retries", "errors", "read", "max-request-body", "invalidates", "cache", "allow",
    ]
    private static let cacheSettings = [
        "ttl", "jitter", "stale-while-revalidate", "stale-if-error", "negative-ttl", "client-ttl", "max-body",
        "coalesce", "compress", "warm", "tags", "tables", "near", "before-router",
    ]
    private static let warmSettings = ["every", "with", "at-start"]
    private static let tableSettings = ["names", "min-interval"]
    private static let methods = RouteSignature.Method.allCases.map(\.rawValue)
    private static let parts = ["summary", "path", "query", "header", "context", "body", "sql", "sql-file", "handler"]
    private static let cacheKeysOutside = Dictionary(
        uniqueKeysWithValues: cacheSettings.map { ($0, "'\($0)' belongs under 'cache'") }
            + [("min-interval", "'min-interval' belongs under 'tables', which belongs under 'cache'")]
    )

    static let topLevel = Keys(
        place: "at the top level",
        supported: ["version", "namespace", "base-path", "defaults", "routes", "access", "imports"]
    )

    static let defaults = Keys(
        place: "in 'defaults'",
        supported: settings,
        misplaced: cacheKeysOutside.merging(
            (methods + parts).map { ($0, "'\($0)' can have no default") },
            uniquingKeysWith: { $1 }
        )
    )

    static func route(_ name: String) -> Keys {
        Keys(
            place: "in route '\(name)'",
            supported: methods + parts + settings,
            misplaced: cacheKeysOutside
        )
    }

    static let cache = Keys(
        place: "in 'cache'",
        supported: cacheSettings,
        misplaced: Dictionary(
            uniqueKeysWithValues: settings.filter { $0 != "cache" }.map {
                ($0, "'\($0)' belongs beside 'cache', not in it")
            }
                + warmSettings.map { ($0, "'\($0)' belongs under 'warm'") }
                + tableSettings.map { ($0, "'\($0)' belongs under 'tables'") }
        )
    )

    static let warm = Keys(
        place: "in 'warm'",
        supported: warmSettings,
        misplaced: cacheKeys(outside: "warm")
    )

    static let tables = Keys(
        place: "in 'tables'",
        supported: tableSettings,
        misplaced: cacheKeys(outside: "tables")
    )

    private static func cacheKeys(outside setting: String) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: cacheSettings.filter { $0 != setting }.map {
                ($0, "'\($0)' belongs beside '\(setting)', not in it")
            }
        )
    }

    static func constraint(_ name: String) -> Keys {
        Keys(place: "in constraint '\(name)'", supported: ["status", "message"])
    }

    static func input(_ name: String, _ group: Input.Group) -> Keys {
        var keys = ["type", "one-of", "min", "max", "min-length", "max-length", "default", "optional"]
        var misplaced: [String: String] = [:]
        switch group {
        case .header, .query, .body: keys.insert("from", at: 0)
        case .path:
            misplaced["from"] =
                "path input '\(name)' is the '{\(name)}' of its path and has no other name; leave out 'from'"
        case .context:
            misplaced["from"] = "context input '\(name)' is given by the app under its own name; leave out 'from'"
        }
        if group == .body {
            keys.append("nullable")
        } else {
            misplaced["nullable"] =
                "'nullable' is for inputs under 'body', where JSON has a null; "
                + (group == .path ? "leave it out" : "say 'optional: true' for one that may be absent")
        }
        return Keys(place: "in input '\(name)'", supported: keys, misplaced: misplaced)
    }
}
