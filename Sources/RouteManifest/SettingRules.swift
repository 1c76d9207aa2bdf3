import RouteModel

/// What a route itself may say, by what it does. `defaults` may name every setting: each holds where it makes sense.
struct SettingRules {
    let isWrite: Bool
    let isHandler: Bool
    /// Whether the route says `cache: off`, or has it by default.
    var isUncached = false

    /// Reports the entries that mean nothing for the route.
    func check(_ entries: [YAMLEntry], _ diagnostics: Diagnostics) {
        for entry in entries {
            if let problem = problem(with: entry) { diagnostics.error(problem, at: entry.keyLocation) }
        }
    }

    private func problem(with entry: YAMLEntry) -> String? {
        let key = entry.key
        return switch key {
        case "body" where !isWrite:
            "a GET request has no body; declare its inputs under 'query', or make the route a 'post'"
        case "isolation" where !isWrite, "retries" where !isWrite:
            "'\(key)' is about the transaction of a write; this is a GET route"
        case "isolation" where isHandler, "retries" where isHandler:
            "'\(key)' is about the transaction around SQL; this route has a handler"
        case "max-request-body" where !isWrite: "'max-request-body' is for writes; a GET request has no body"
        case "invalidates" where !isWrite: "'invalidates' is for writes; a GET route has 'tags' under 'cache'"
        case "read" where isWrite: "'read' is for GET routes; a write goes to the primary"
        case "read" where isHandler: "'read' is about the server that SQL is sent to; this route has a handler"
        case "errors" where isHandler: "'errors' is about the constraints SQL meets; this route has a handler"
        case "cache" where isWrite: "'cache' on a write: its answers are never cached; \(cure(forCache: entry.value))"
        case "public" where isWrite: "'public' on a write: it says who may have a cached answer, and there is none"
        case "request-directives" where isWrite:
            "'request-directives' on a write: they are about cached answers, and there are none"
        case "revision" where isWrite: "'revision' on a write: it drops cached answers, and there are none"
        case "request-directives" where isUncached:
            "'request-directives' beside 'cache: off': they are about cached answers, and there are none"
        case "revision" where isUncached: "'revision' beside 'cache: off': it drops cached answers, and there are none"
        default: nil
        }
    }

    /// The setting of a write that does what is meant by a setting of `cache`.
    private func cure(forCache node: YAMLNode) -> String {
        let keys = node.mapping?.map(\.key) ?? []
        if keys.contains("tags") {
            return "the tags it purges stand under 'invalidates', beside 'cache'; leave 'cache' out"
        }
        if keys.contains("tables") { return "the tables' triggers see what it changes; leave 'cache' out" }
        return "leave 'cache' out"
    }
}
