import RouteModel

/// The settings under `cache`.
struct CacheSettings {
    /// `true` for `cache: off`, `false` for settings; `nil` where there is no `cache`.
    var isOff: Bool?
    var ttl: Located<Duration>?
    var jitter: Located<Int>?
    var staleWhileRevalidate: Located<Duration>?
    var staleIfError: Located<Duration>?
    var negativeTTL: Located<Duration>?
    var clientTTL: Located<Duration>?
    var maxBody: Located<Int>?
    var coalesce: Located<ManifestCachePolicy.Coalesce>?
    var compress: Located<Bool>?
    var warm: WarmSettings?
    var tags: [DraftTag]?
    var tables: TableSettings?
    var near: Located<ManifestNearCache>?
    var beforeRouter: Located<Bool>?

    /// These settings, and for each that is not named the one of `defaults`. Whoever says `off` takes over none of them.
    func merged(over defaults: CacheSettings) -> CacheSettings {
        if isOff ?? defaults.isOff ?? false { return CacheSettings(isOff: true) }
        return CacheSettings(
            isOff: isOff ?? defaults.isOff,
            ttl: ttl ?? defaults.ttl,
            jitter: jitter ?? defaults.jitter,
            staleWhileRevalidate: staleWhileRevalidate ?? defaults.staleWhileRevalidate,
            staleIfError: staleIfError ?? defaults.staleIfError,
            negativeTTL: negativeTTL ?? defaults.negativeTTL,
            clientTTL: clientTTL ?? defaults.clientTTL,
            maxBody: maxBody ?? defaults.maxBody,
            coalesce: coalesce ?? defaults.coalesce,
            compress: compress ?? defaults.compress,
            warm: warm ?? defaults.warm,
            tags: tags ?? defaults.tags,
            tables: tables?.merged(over: defaults.tables) ?? defaults.tables,
            near: near ?? defaults.near,
            beforeRouter: beforeRouter ?? defaults.beforeRouter
        )
    }

    /// The policy with the built-in values for what nobody names; `nil`: `off`. What is warmed and what purges answers depend
    /// on the route's inputs too, and where they are given on whom they are for.
    func policy(warm: ManifestWarmPolicy?, tags: [TagTemplate], isPublic: Bool) -> ManifestCachePolicy? {
        guard isOff != true else { return nil }
        var policy = ManifestCachePolicy(clientTTL: clientTTL?.value, warm: warm, tags: tags, tables: tables?.policy)
        if let ttl { policy.ttl = ttl.value }
        if let jitter { policy.jitter = jitter.value }
        if let staleWhileRevalidate { policy.staleWhileRevalidate = staleWhileRevalidate.value }
        if let staleIfError { policy.staleIfError = staleIfError.value }
        if let negativeTTL, negativeTTL.value > .zero { policy.negativeTTL = negativeTTL.value }
        if let maxBody { policy.maxBody = maxBody.value }
        if let coalesce { policy.coalesce = coalesce.value }
        if let compress { policy.compress = compress.value }
        if let near { policy.near = near.value }
        if let beforeRouter { policy.beforeRouter = beforeRouter.value && isPublic }
        return policy
    }
}

/// Reads what stands under `cache`.
struct CacheReader {
    let reader: NodeReader
    /// Names of tables for messages.
    var tables: [String] = []

    /// Redis keeps strings of less than this many bytes.
    private static let storeLimit = 512 << 20

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
            default: settings.ttl = reader.duration(node, "'cache'")
            }
            return settings
        }
        let cure = node.isNull ? "write 'cache: 60s', or leave it out" : "write it as in cache: { ttl: 60s }"
        let expectation = "a duration, a mapping or off"
        guard let entries = reader.mapping(node, "'cache'", expectation, cure: cure) else { return settings }
        for entry in Keys.cache.known(entries, reader.diagnostics) { read(entry, into: &settings) }
        return settings
    }

    private func read(_ entry: YAMLEntry, into settings: inout CacheSettings) {
        let what = "'\(entry.key)'"
        switch entry.key {
        case "ttl": settings.ttl = reader.duration(entry.value, what)
        case "jitter": settings.jitter = reader.percentage(entry.value, what)
        case "stale-while-revalidate": settings.staleWhileRevalidate = window(entry.value, what)
        case "stale-if-error": settings.staleIfError = window(entry.value, what)
        case "negative-ttl": settings.negativeTTL = window(entry.value, what)
        case "client-ttl": settings.clientTTL = clientTTL(entry.value, what)
        case "max-body": settings.maxBody = maxBody(entry.value, what)
        case "coalesce": settings.coalesce = reader.choice(entry.value, what)
        case "compress": settings.compress = reader.bool(entry.value, what)
        case "warm": settings.warm = WarmReader(reader: reader).read(entry)
        case "tags": settings.tags = TagReader(reader: reader).read(entry.value, what)
        case "tables": settings.tables = TableReader(reader: reader, tables: tables).read(entry)
        case "near": settings.near = near(entry.value, what)
        case "before-router": settings.beforeRouter = reader.bool(entry.value, what)
        default: break
        }
    }

    /// A duration that is off at zero, which a route can say against a default.
    private func window(_ node: YAMLNode, _ what: String) -> Located<Duration>? {
        if let scalar = node.scalar, scalar.text == "off" { return Located(value: .zero, location: scalar.location) }
        return reader.duration(node, what, canBeZero: true)
    }

    private func clientTTL(_ node: YAMLNode, _ what: String) -> Located<Duration>? {
        guard let duration = reader.duration(node, what, canBeZero: true) else { return nil }
        guard duration.value.components.attoseconds == 0 else {
            reader.diagnostics.error(
                "'client-ttl' is sent to clients in whole seconds; write '1s', or '0s' for none",
                at: duration.location
            )
            return nil
        }
        return duration
    }

    private func maxBody(_ node: YAMLNode, _ what: String) -> Located<Int>? {
        guard let size = reader.size(node, what) else { return nil }
        guard size.value < Self.storeLimit else {
            reader.diagnostics.error(
                "'max-body' must be less than 512MiB, the largest value Redis keeps; write '511MiB' or less",
                at: size.location
            )
            return nil
        }
        return size
    }

    private func near(_ node: YAMLNode, _ what: String) -> Located<ManifestNearCache>? {
        let expectation = "true, false or a duration such as '5s'"
        guard let scalar = reader.scalar(node, what, expectation) else { return nil }
        let near: ManifestNearCache
        switch scalar.text {
        case "true": near = .life
        case "false", "off": near = .off
        case let text:
            let boolHint = NodeReader.boolHint(text)
            guard boolHint == nil, let first = text.utf8.first, (0x30...0x39).contains(first) else {
                reader.diagnostics.error(
                    "\(what) must be \(expectation), not '\(text)'\(boolHint ?? "")",
                    at: scalar.location
                )
                return nil
            }
            guard let duration = reader.duration(node, what) else { return nil }
            near = .atMost(duration.value)
        }
        return Located(value: near, location: scalar.location)
    }
}
