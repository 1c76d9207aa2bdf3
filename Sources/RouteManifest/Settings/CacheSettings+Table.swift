import RouteModel

extension CacheSettings {
    /// The settings under `cache`, in the order of the parameters of ``CachePolicy``.
    package static let table: [Setting<CacheSettings>] = [
        Setting(
            "ttl",
            \CachePolicy.ttl,
            example: "60s",
            otherNames:
                "maxage expires expire expiresin expiration expiry lifetime duration seconds timetolive smaxage",
            shape: .duration(),
            value: "duration: how long an answer is fresh",
            default: "`60s`"
        ) { $1.reader.duration($0, named: $2) },
        Setting(
            "jitter",
            \CachePolicy.jitter,
            example: "10%",
            shape: .percentage,
            value:
                "per cent: by how much, at most, a ttl is shortened at random, so that entries don't expire together",
            default: "`10%`"
        ) { $1.reader.percentage($0, named: $2) },
        Setting(
            "stale-while-revalidate",
            \CachePolicy.staleWhileRevalidate,
            example: "30s",
            otherNames: "swr stale revalidate grace",
            shape: .anyOf([.off, .duration(canBeZero: true)]),
            value: "`off`, or duration after the ttl in which an answer is given at once and made anew meanwhile",
            default: "`off`"
        ) { $1.reader.window($0, named: $2) },
        Setting(
            "stale-if-error",
            \CachePolicy.staleIfError,
            example: "10m",
            otherNames: "sie",
            shape: .anyOf([.off, .duration(canBeZero: true)]),
            value: "`off`, or duration after the ttl in which an answer stands in for one that can't be made",
            default: "`off`"
        ) { $1.reader.window($0, named: $2) },
        Setting(
            "negative-ttl",
            \CachePolicy.negativeTTL,
            example: "10s",
            otherNames: "notfoundttl missttl",
            shape: .anyOf([.off, .duration(canBeZero: true)]),
            value: "`off`, or duration for which a 404 is remembered; no window holds for it",
            default: "`off`"
        ) { node, context, what in
            context.reader.window(node, named: what)?.map { $0 > .zero ? $0 : nil }
        },
        Setting(
            "client-ttl",
            \CachePolicy.clientTTL,
            example: "30s",
            otherNames: "browserttl clientmaxage",
            shape: .duration(canBeZero: true, isWhole: true),
            value: "duration: how long clients may keep an answer without asking",
            default: "the ttl; `0s` with tags, tables or context inputs"
        ) { $1.reader.wholeSeconds($0, named: $2)?.map(Optional.some) },
        Setting(
            "max-body",
            \CachePolicy.maxBody,
            example: "1MiB",
            otherNames: "maxsize sizelimit maxvaluesize",
            shape: .size(isStored: true),
            value: "size: larger answers are served and not stored",
            default: "`16MiB`",
            printed: { GeneratedByteCount(bytes: $0) },
            read: { $1.reader.storableSize($0, named: $2) }
        ),
        Setting(
            "coalesce",
            \CachePolicy.coalesce,
            example: "fleet",
            otherNames: "singleflight dedupe deduplicate",
            shape: .choice(of: CachePolicy.Coalescing.self),
            value:
                "concurrent misses of one key make one query: `process`, in each process; `fleet`, in all behind one Redis; "
                + "`off`",
            default: "`process`"
        ) { $1.reader.choice($0, named: $2) },
        Setting(
            "compress",
            \CachePolicy.compress,
            example: "false",
            otherNames: "compression gzip",
            shape: .bool,
            value: "bool: send gzip to clients that accept it",
            default: "`true`"
        ) { $1.reader.bool($0, named: $2) },
        Setting(
            "warm",
            printing: \CachePolicy.warm,
            otherNames: "prewarm preload warmup refresh",
            shape: warmShape,
            value:
                "`off`, or `every`: duration; `with`: list of inputs, default one set of the defaults; `at-start`: bool, "
                + "default `true`",
            default: "`off`"
        ) { entry, context, settings in
            settings.warm = WarmSettingsReader(reader: context.reader, siblings: context.siblings).read(entry)
        },
        Setting(
            "tags",
            printing: \CachePolicy.tags,
            otherNames: "surrogatekeys labels",
            shape: .list(orOff: .tag, count: 0...100),
            value: "`off`, or list of the tags an answer is purged by; at most 100",
            default: "`off`"
        ) { entry, context, settings in
            settings.tags = TagSettingsReader(reader: context.reader).read(entry.value, "'tags'")
        },
        Setting(
            "tables",
            printing: \CachePolicy.tables,
            otherNames: "dependson dependencies",
            shape: tablesShape,
            value:
                "`off`, list of the tables whose changes purge an answer, or `auto`: those that the SQL reads, from the lock; or "
                + "`names`: one of these; `min-interval`: `off` or duration, at most `1h`: how long answers are kept at least",
            default: "`off`"
        ) { entry, context, settings in
            settings.tables = TableSettingsReader(
                reader: context.reader,
                siblings: context.siblings,
                tables: context.tables
            )
            .read(entry)
        },
        Setting(
            "near",
            \CachePolicy.near,
            example: "5s",
            otherNames: "local memory inprocess",
            shape: .anyOf([.bool, .off, .duration()]),
            value: "bool, or duration: keep answers in each process's own memory too, for so long at most",
            default: "`false`"
        ) { $1.reader.near($0, named: $2) },
        Setting(
            "before-router",
            \CachePolicy.beforeRouter,
            example: "true",
            shape: .anyOf([.bool, .choice(["all"])]),
            value:
                "bool, or `all`: answer hits, or misses too, before the router, and so without its middleware; needs "
                + "`public: true`",
            default: "`false`"
        ) { $1.reader.beforeRouter($0, named: $2) },
    ]
}

extension NodeReader {
    /// The size in bytes below which Redis stores a string.
    private static let storeLimit = 512 << 20

    /// Reads a duration for which `off` means zero, with which a route turns a default off.
    fileprivate func window(_ node: YAMLNode, named what: String) -> Located<Duration>? {
        if let scalar = node.scalar, scalar.text == "off" { return Located(value: .zero, location: scalar.location) }
        return duration(node, named: what, canBeZero: true)
    }

    /// Reads a duration that is sent to clients.
    fileprivate func wholeSeconds(_ node: YAMLNode, named what: String) -> Located<Duration>? {
        guard let duration = duration(node, named: what, canBeZero: true) else { return nil }
        guard duration.value.components.attoseconds == 0 else {
            diagnostics.error(
                "\(what) is sent to clients in whole seconds; write '1s', or '0s' for none",
                at: duration.location
            )
            return nil
        }
        return duration
    }

    /// Reads a size that Redis can store.
    fileprivate func storableSize(_ node: YAMLNode, named what: String) -> Located<Int>? {
        guard let size = size(node, named: what) else { return nil }
        guard size.value < Self.storeLimit else {
            diagnostics.error(
                "\(what) must be less than 512MiB, the largest value Redis keeps; write '511MiB' or less",
                at: size.location
            )
            return nil
        }
        return size
    }

    /// Reads the responses that are sent before the router.
    fileprivate func beforeRouter(_ node: YAMLNode, named what: String) -> Located<CachePolicy.BeforeRouter>? {
        let expectation = "true, false or 'all'"
        guard let scalar = scalar(node, named: what, expected: expectation) else { return nil }
        if let value = CachePolicy.BeforeRouter(rawValue: scalar.text) {
            return Located(value: value, location: scalar.location)
        }
        let hint = Self.boolHint(scalar.text) ?? ""
        diagnostics.error("\(what) must be \(expectation), not '\(scalar.text)'\(hint)", at: scalar.location)
        return nil
    }

    fileprivate func near(_ node: YAMLNode, named what: String) -> Located<CachePolicy.Near>? {
        let expectation = "true, false or a duration such as '5s'"
        guard let scalar = scalar(node, named: what, expected: expectation) else { return nil }
        switch scalar.text {
        case "true": return Located(value: .life, location: scalar.location)
        case "false", "off": return Located(value: .off, location: scalar.location)
        case let text:
            let boolHint = Self.boolHint(text)
            guard boolHint == nil, text.utf8.first?.isASCIIDigit ?? false else {
                diagnostics.error("\(what) must be \(expectation), not '\(text)'\(boolHint ?? "")", at: scalar.location)
                return nil
            }
            return duration(node, named: what)?.map { .atMost($0) }
        }
    }
}
