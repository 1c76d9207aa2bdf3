import RouteModel

/// The settings a route or `defaults` names.
struct RouteSettings {
    var returns: Located<ManifestRoute.Returns>?
    var status: Located<Int>?
    var timeout: Located<Duration>?
    var isPublic: Located<Bool>?
    var unknownQuery: Located<ManifestRoute.UnknownQuery>?
    var requestDirectives: Located<ManifestRoute.RequestDirectives>?
    var revision: Located<String>?
    var isolation: Located<ManifestWritePolicy.Isolation>?
    var retries: Located<Int>?
    var maxRequestBody: Located<Int>?
    var invalidates: [DraftTag]?
    var invalidatesTarget: Located<Bool>?
    var precondition: PreconditionSettings?
    var read: Located<ManifestRoute.ReadPreference>?
    var concurrency: Located<Int>?
    var errors: [String: ManifestConstraintAnswer] = [:]
    var cache = CacheSettings()
    /// Settings that are named, but could not be read.
    var unread: Set<String> = []
    /// The names of checks that may fail.
    var allowed: Set<DiagnosticName> = []

    /// These settings, and for each that is not named the one of `defaults`.
    func merged(over defaults: RouteSettings) -> RouteSettings {
        RouteSettings(
            returns: returns ?? defaults.returns,
            status: status ?? defaults.status,
            timeout: timeout ?? defaults.timeout,
            isPublic: isPublic ?? defaults.isPublic,
            unknownQuery: unknownQuery ?? defaults.unknownQuery,
            requestDirectives: requestDirectives ?? defaults.requestDirectives,
            revision: revision ?? defaults.revision,
            isolation: isolation ?? defaults.isolation,
            retries: retries ?? defaults.retries,
            maxRequestBody: maxRequestBody ?? defaults.maxRequestBody,
            invalidates: invalidates ?? defaults.invalidates,
            invalidatesTarget: invalidatesTarget ?? defaults.invalidatesTarget,
            precondition: precondition,
            read: read ?? defaults.read,
            concurrency: concurrency ?? defaults.concurrency,
            errors: errors.merging(defaults.errors) { own, _ in own },
            cache: cache.merged(over: defaults.cache),
            unread: unread.union(returns == nil ? defaults.unread : defaults.unread.subtracting(["returns"])),
            allowed: allowed.union(defaults.allowed)
        )
    }

    /// How a write runs, with the built-in values for what nobody names. A handler's own transactions are not the route's.
    func writePolicy(isHandler: Bool, invalidates: [TagTemplate]) -> ManifestWritePolicy {
        ManifestWritePolicy(
            isolation: isHandler ? nil : isolation?.value,
            retries: isHandler ? 0 : retries?.value ?? 0,
            maxRequestBody: maxRequestBody?.value ?? 1 << 20,
            invalidates: invalidates,
            precondition: isHandler
                ? nil : precondition.map { ManifestPrecondition(route: $0.route.value, isRequired: $0.isRequired) }
        )
    }
}

/// Reads settings.
struct SettingsReader {
    let reader: NodeReader
    /// Names of tables for messages: those that the route's SQL reads.
    var tables: [String] = []

    /// Reads the entry if it is a setting.
    func read(_ entry: YAMLEntry, into settings: inout RouteSettings) {
        let what = "'\(entry.key)'"
        switch entry.key {
        case "returns":
            settings.returns = reader.choice(entry.value, what, otherNames: Self.otherReturns, hint: Self.returns)
            if settings.returns == nil { settings.unread.insert(entry.key) }
        case "status": settings.status = status(entry.value, what)
        case "timeout": settings.timeout = reader.duration(entry.value, what)
        case "public": settings.isPublic = reader.bool(entry.value, what)
        case "unknown-query": settings.unknownQuery = reader.choice(entry.value, what, otherNames: Self.otherQueryRules)
        case "request-directives": settings.requestDirectives = reader.choice(entry.value, what)
        case "revision": settings.revision = reader.text(entry.value, what)
        case "isolation": settings.isolation = reader.choice(entry.value, what)
        case "retries": settings.retries = retries(entry.value, what)
        case "max-request-body": settings.maxRequestBody = reader.size(entry.value, what)
        case "invalidates": settings.invalidates = TagReader(reader: reader).read(entry.value, what)
        case "invalidates-target": settings.invalidatesTarget = reader.bool(entry.value, what)
        case "precondition": settings.precondition = PreconditionReader(reader: reader).read(entry)
        case "read": settings.read = reader.choice(entry.value, what, otherNames: Self.otherServers)
        case "concurrency": settings.concurrency = concurrency(entry.value, what)
        case "errors": settings.errors = ConstraintReader(reader: reader).read(entry.value)
        case "allow":
            guard let allowed = allowed(entry.value) else {
                settings.unread.insert(entry.key)
                return
            }
            settings.allowed = allowed
        case "cache": settings.cache = CacheReader(reader: reader, tables: tables).read(entry.value)
        default: break
        }
    }

    /// What is meant by the name of a type: `[User]`, `User[]`, `List<User>` and `User`.
    private static func returns(_ text: String) -> String? {
        guard let first = text.unicodeScalars.first else { return nil }
        let word = text.lowercased()
        if text.contains("["), text.contains("]") { return " (write 'many' for a list of rows)" }
        if word.contains("list<") || word.contains("array<") { return " (write 'many' for a list of rows)" }
        let isType = ("A"..."Z").contains(first) && SwiftName.isIdentifier(text)
        return isType ? " (write 'one' for an object, 'many' for a list of rows)" : nil
    }

    private static let otherReturns = OtherNames([
        "many": "list array rows all multiple collection any items",
        "one": "single object row first item record",
        "value": "scalar singlevalue column",
        "none": "nothing void empty nocontent null",
    ])
    private static let otherQueryRules = OtherNames([
        "reject": "error forbid deny strict fail refuse", "ignore": "allow accept pass skip",
    ])
    private static let otherServers = OtherNames([
        "replica": "secondary slave standby follower reader", "primary": "master leader writer main",
    ])

    /// The checks that are named; `nil` after reporting that one could not be read.
    private func allowed(_ node: YAMLNode) -> Set<DiagnosticName>? {
        let names = DiagnosticName.allCases.map(\.rawValue)
        var allowed: Set<DiagnosticName> = []
        var isValid = true
        guard let elements = reader.list(node, "'allow'", of: "checks", example: ["no-limit"]) else { return nil }
        for element in elements {
            guard let text = reader.text(element, "a name of 'allow'") else {
                isValid = false
                continue
            }
            guard let name = DiagnosticName(rawValue: text.value) else {
                let hint = Suggestion.text(for: text.value, among: names)
                let known = hint.isEmpty ? "; the checks are \(names.sorted().joined(separator: ", "))" : hint
                reader.diagnostics.error("'allow': no check is called '\(text.value)'\(known)", at: text.location)
                isValid = false
                continue
            }
            allowed.insert(name)
        }
        return isValid ? allowed : nil
    }

    private func status(_ node: YAMLNode, _ what: String) -> Located<Int>? {
        guard let status = reader.integer(node, what, in: 0...Int.max, "a whole number from 200 to 299") else {
            return nil
        }
        guard (200...299).contains(status.value), status.value != 206 else {
            let cure =
                switch status.value {
                case 404: "; 'returns: one' answers a 404 where there is no row"
                case 400...599: "; what constraints are answered by stands under 'errors'"
                default: ", or write one of these, such as 'status: 201'"
                }
            reader.diagnostics.error(
                "'status' is for a successful answer, 200 to 299 except 206; leave out 'status: \(status.value)'\(cure)",
                at: status.location
            )
            return nil
        }
        return status
    }

    private func concurrency(_ node: YAMLNode, _ what: String) -> Located<Int>? {
        reader.integer(node, what, in: 1...10_000, "a number of queries, 1 to 10000")
    }

    private func retries(_ node: YAMLNode, _ what: String) -> Located<Int>? {
        reader.integer(node, what, in: 0...100, "a whole number from 0 to 100")
    }
}
