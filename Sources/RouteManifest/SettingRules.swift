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
            if let problem = problem(with: entry, among: entries) { diagnostics.error(problem, at: entry.keyLocation) }
        }
    }

    private func problem(with entry: YAMLEntry, among entries: [YAMLEntry]) -> String? {
        let key = entry.key
        return switch key {
        case "body" where !isWrite:
            "a GET request has no body; declare its inputs under 'query', or make the route a 'post'"
        case "isolation" where !isWrite, "retries" where !isWrite:
            "'\(key)' is about the transaction of a write; leave it out of a GET route"
        case "isolation" where isHandler, "retries" where isHandler:
            "'\(key)' is about the transaction around SQL; leave it out of a route with a handler"
        case "max-request-body" where !isWrite:
            "'max-request-body' is for writes, since a GET request has no body; leave it out"
        case "invalidates" where !isWrite: "'invalidates' is for writes; \(cure(forTags: entry.value))"
        case "invalidates-target" where !isWrite:
            "'invalidates-target' is for writes, which purge the answers of their own path; leave it out"
        case "precondition" where !isWrite:
            "'precondition' is for writes, whose conditions it lets speak of a GET route's answer; leave it out"
        case "precondition" where isHandler:
            "'precondition' is compared in the transaction of SQL; leave it out of a route with a handler"
        case "read" where isWrite: "'read' is for GET routes, since a write goes to the primary; leave it out"
        case "read" where isHandler:
            "'read' is about the server that SQL is sent to; leave it out of a route with a handler"
        case "concurrency" where isHandler:
            "'concurrency' is about the queries under way; leave it out of a route with a handler"
        case "errors" where isHandler:
            "'errors' is about the constraints SQL meets; leave it out of a route with a handler"
        case "cache" where isWrite:
            "a write has no 'cache', since its answers are never cached; \(cure(forCache: entry.value, among: entries))"
        case "public" where isWrite:
            "'public' on a write: it says who may have a cached answer, and there is none; leave it out"
        case "request-directives" where isWrite:
            "'request-directives' on a write: they are about cached answers, and there are none; leave it out"
        case "revision" where isWrite:
            "'revision' on a write: it drops cached answers, and there are none; leave it out"
        case "request-directives" where isUncached:
            "'request-directives' beside 'cache: off': they are about cached answers, and there are none; leave it out"
        case "revision" where isUncached:
            "'revision' beside 'cache: off': it drops cached answers, and there are none; leave it out"
        default: nil
        }
    }

    /// The setting of a write that does what is meant by a setting of `cache`.
    private func cure(forCache node: YAMLNode, among entries: [YAMLEntry]) -> String {
        let keys = node.mapping ?? []
        if let tags = keys.first(where: { $0.key == "tags" }) {
            if entries.contains(where: { $0.key == "invalidates" }) {
                return "leave 'cache' out, since 'invalidates' says which tags it purges"
            }
            let texts = tags.value.sequence?.compactMap { $0.scalar?.text } ?? []
            return "write 'invalidates: \(YAMLSpelling.list(texts.isEmpty ? ["users"] : texts))' in place of it"
        }
        if keys.contains(where: { $0.key == "tables" }) {
            return "leave it out: the tables' triggers see what it changes"
        }
        return "leave it out"
    }

    /// The setting of a GET route that does what is meant by tags under `invalidates`.
    private func cure(forTags node: YAMLNode) -> String {
        let texts = node.sequence?.compactMap { $0.scalar?.text } ?? []
        return
            "write 'tags: \(YAMLSpelling.list(texts.isEmpty ? ["users"] : texts))' under 'cache' for what purges its answers"
    }
}
