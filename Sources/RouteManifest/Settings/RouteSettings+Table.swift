import RouteModel

extension RouteSettings {
    /// The settings of a route and of `defaults`, in the order of the parameters of ``RouteDeclaration`` and ``WritePolicy``.
    package static let table: [Setting<RouteSettings>] = [
        Setting(
            "returns",
            \RouteDeclaration.returns,
            example: "one",
            otherNames: "response responses result results output cardinality",
            shape: .choice(of: RouteDeclaration.Returns.self),
            value:
                "`many` (an array of rows), `one` (an object), `value` (the only column of the first row), `none`",
            default: "`many`"
        ) { $1.reader.choice($0, named: $2, otherNames: .returns, hint: Self.returns) },
        Setting(
            "status",
            \RouteDeclaration.successStatus,
            label: "status",
            example: "201",
            otherNames: "code statuscode responsestatus successstatus httpstatus",
            shape: .integer(200...299, except: [206]),
            value: "the status of an answer, 200 to 299 but 206",
            default: "200; 204 for `none`"
        ) { $1.reader.successStatus($0, named: $2)?.map(Optional.some) },
        Setting(
            "timeout",
            \RouteDeclaration.timeout,
            example: "2s",
            otherNames: "deadline statementtimeout requesttimeout",
            shape: .duration(),
            value: "duration: the whole request",
            default: "`5s`"
        ) { $1.reader.duration($0, named: $2) },
        Setting(
            "public",
            \RouteDeclaration.isPublic,
            label: "isPublic",
            example: "true",
            rules: [
                .notForWrites(
                    "'public' on a write: it says who may have a cached answer, and there is none; leave it out"
                )
            ],
            shape: .bool,
            value: "bool: anyone may have the answer; it is cached for requests with `Authorization` too",
            default: "`false`"
        ) { $1.reader.bool($0, named: $2) },
        Setting(
            "unknown-query",
            \RouteDeclaration.unknownQuery,
            example: "reject",
            shape: .choice(of: RouteDeclaration.UnknownQuery.self),
            value: "`ignore`, or `reject` with a 400, query names that are not declared",
            default: "`ignore`"
        ) { $1.reader.choice($0, named: $2, otherNames: .queryRules) },
        Setting(
            "revision",
            \BuildTimeSettings.revision,
            example: "2",
            rules: [
                .notForWrites("'revision' on a write: it drops cached answers, and there are none; leave it out"),
                .notUncached(
                    "'revision' beside 'cache: off': it drops cached answers, and there are none; leave it out"
                ),
            ],
            shape: .text,
            value: "any string: change it to drop the old answers of a handler",
            default: "none"
        ) { $1.reader.text($0, named: $2)?.map(Optional.some) },
        Setting(
            "read",
            \RouteDeclaration.read,
            example: "replica",
            otherNames: "database replica readfrom datasource",
            rules: [
                .notForWrites("'read' is for GET routes, since a write goes to the primary; leave it out"),
                .notForHandlers(
                    "'read' is about the server that SQL is sent to; leave it out of a route with a handler"
                ),
            ],
            shape: .choice(of: RouteDeclaration.ReadPreference.self),
            value: "GET: `primary`, or `replica`: see [Postgres](doc:PostgresInProduction)",
            default: "`primary`"
        ) { $1.reader.choice($0, named: $2, otherNames: .servers) },
        Setting(
            "concurrency",
            \RouteDeclaration.concurrency,
            example: "4",
            otherNames:
                "maxconcurrency maxconcurrent concurrent parallelism maxqueries bulkhead poolsize maxconnections",
            rules: [
                .notForHandlers(
                    "'concurrency' is about the queries under way; leave it out of a route with a handler"
                )
            ],
            shape: .integer(1...10_000),
            value: "SQL: how many queries of the route each process may have under way at once",
            default:
                "a share of `DATABASE_POOL_MAX` that leaves one connection in four to others; a number as large as that "
                + "leaves none"
        ) {
            $1.reader.integer($0, named: $2, in: 1...10_000, expected: "a number of queries, 1 to 10000")?.map(
                Optional.some
            )
        },
        Setting(
            "isolation",
            \WritePolicy.isolation,
            example: "serializable",
            otherNames: "isolationlevel transaction transactionisolation",
            rules: transactionRules("isolation"),
            shape: .choice(of: WritePolicy.Isolation.self),
            value: "writes: `read-committed`, `repeatable-read` or `serializable`",
            default: "the server's"
        ) { node, context, what in
            let level: Located<WritePolicy.Isolation>? = context.reader.choice(node, named: what)
            return level?.map(Optional.some)
        },
        Setting(
            "retries",
            \WritePolicy.retries,
            example: "3",
            otherNames: "maxretries attempts",
            rules: transactionRules("retries"),
            shape: .integer(0...100),
            value:
                "writes: how often a transaction is run again after a serialization failure or a deadlock, 0 to 100",
            default: "`0`"
        ) { $1.reader.integer($0, named: $2, in: 0...100, expected: "a whole number from 0 to 100") },
        Setting(
            "errors",
            printing: \RouteDeclaration.errors,
            otherNames: "constraints onerror errorhandling",
            rules: [
                .notForHandlers(
                    "'errors' is about the constraints SQL meets; leave it out of a route with a handler"
                )
            ],
            shape: errorsShape,
            value: "constraint name: `{ status, message }`, the status 400 to 599",
            default: "none"
        ) { entry, context, settings in
            (settings.errors, settings.errorPlaces) = ConstraintResponseReader(reader: context.reader).read(entry.value)
        },
        Setting(
            "not-null",
            otherNames: "nonnull nonnullable nevernull",
            rules: [
                .notForHandlers("'not-null' is about the columns of SQL; leave it out of a route with a handler")
            ],
            shape: .list(of: .name),
            value:
                "SQL: list of the columns that are never NULL although the database can't tell, such as those of an outer join",
            default: "none"
        ) { entry, context, settings in
            settings.notNull = context.reader.columnNames(entry.value)
        },
        Setting(
            "max-request-body",
            \WritePolicy.maxRequestBody,
            example: "1MiB",
            otherNames: "bodylimit maxbodysize requestlimit",
            rules: [
                .onlyForWrites(
                    "'max-request-body' is for writes, since a GET request has no body; leave it out"
                )
            ],
            shape: .size(),
            value: "writes: size; a larger body is a 413",
            default: "`1MiB`",
            printed: { GeneratedByteCount(bytes: $0) },
            read: { $1.reader.size($0, named: $2) }
        ),
        Setting(
            "invalidates",
            printing: \WritePolicy.invalidates,
            otherNames: "purge purges evict evicts clear clears bust busts flush cacheevict",
            rules: [
                SettingApplicabilityRule({ !$0.isWrite }) { entry, _ in
                    "'invalidates' is for writes; \(cure(forTags: entry.value))"
                }
            ],
            shape: .list(orOff: .tag, count: 0...100),
            value: "writes: `off`, or list of the tags that are purged, such as `[ users, \"user:{id}\" ]`",
            default: "`off`"
        ) { entry, context, settings in
            settings.invalidates = TagSettingsReader(reader: context.reader).read(entry.value, "'invalidates'")
        },
        Setting(
            "invalidates-target",
            \BuildTimeSettings.invalidatesTarget,
            rules: [
                .onlyForWrites(
                    "'invalidates-target' is for writes, which purge the answers of their own path; leave it out"
                )
            ],
            shape: .bool,
            value: "writes: bool: the answers of the write's own path are purged, in all their variants",
            default: "`true`"
        ) { $1.reader.bool($0, named: $2) },
        Setting(
            "precondition",
            otherNames: "preconditions ifmatch etag conditional condition optimisticlock optimisticlocking",
            rules: [
                .onlyForWrites(
                    "'precondition' is for writes, whose conditions it lets speak of a GET route's answer; leave it out"
                ),
                .notForHandlers(
                    "'precondition' is compared in the transaction of SQL; leave it out of a route with a handler"
                ),
            ],
            shape: preconditionShape,
            value: "writes with SQL: a GET route with SQL of the same manifest that `If-Match` speaks of, or "
                + "`{ route: getUser, required: true }`",
            default: "none: requests with conditions are a 412"
        ) { entry, context, settings in
            settings.precondition = PreconditionSettingsReader(reader: context.reader).read(entry)
        },
        Setting(
            "request-directives",
            \RouteDeclaration.requestDirectives,
            example: "honor",
            rules: [
                .notForWrites(
                    "'request-directives' on a write: they are about cached answers, and there are none; leave it out"
                ),
                .notUncached(
                    "'request-directives' beside 'cache: off': they are about cached answers, and there are none; leave it "
                        + "out"
                ),
            ],
            shape: .choice(of: RouteDeclaration.RequestDirectives.self),
            value:
                "GET: `honor` or `ignore` what requests say in `Cache-Control`. Honoured, anyone can make Postgres work",
            default: "`ignore`"
        ) { $1.reader.choice($0, named: $2) },
        Setting(
            "allow",
            shape: .list(of: .choice(DiagnosticName.allCases.map(\.rawValue)), canRepeat: true),
            value: "list of checks that may fail: see above",
            default: "none"
        ) { entry, context, settings in
            guard let allowed = context.reader.checkNames(entry.value) else {
                settings.values.setUnread(entry.key)
                return
            }
            settings.allowed = allowed
        },
        Setting(
            "cache",
            otherNames: "caching cachecontrol",
            rules: [
                SettingApplicabilityRule({ $0.isWrite }) { entry, entries in
                    "a write has no 'cache', since its answers are never cached; "
                        + cure(forCache: entry.value, among: entries)
                }
            ],
            shape: cacheShape,
            value:
                "a mapping of the settings below, a duration for the ttl alone, or `off`: nothing is cached, and nothing "
                + "asked of Redis",
            default: "the defaults"
        ) { entry, context, settings in
            settings.cache = CacheSettingsReader(context: context).read(entry.value)
        },
    ]

    /// The settings that concern a single route and can have no default.
    static let withoutDefault: Set<String> = ["not-null", "precondition"]

    private static func transactionRules(_ name: String) -> [SettingApplicabilityRule] {
        [
            .onlyForWrites("'\(name)' is about the transaction of a write; leave it out of a GET route"),
            .notForHandlers("'\(name)' is about the transaction around SQL; leave it out of a route with a handler"),
        ]
    }

    /// The suggestion for `cache` in a write.
    private static func cure(forCache node: YAMLNode, among entries: [YAMLEntry]) -> String {
        let keys = node.mapping ?? []
        if let tags = keys.first(where: { $0.key == "tags" }) {
            if entries.contains(where: { $0.key == "invalidates" }) {
                return "leave 'cache' out, since 'invalidates' says which tags it purges"
            }
            let texts = tags.value.sequence?.compactMap { $0.scalar?.text } ?? []
            return "write 'invalidates: \(YAMLSuggestions.list(texts.isEmpty ? ["users"] : texts))' in place of it"
        }
        if keys.contains(where: { $0.key == "tables" }) {
            return "leave it out: the tables' triggers see what it changes"
        }
        return "leave it out"
    }

    /// The suggestion for `invalidates` in a GET route.
    private static func cure(forTags node: YAMLNode) -> String {
        let texts = node.sequence?.compactMap { $0.scalar?.text } ?? []
        return
            "write 'tags: \(YAMLSuggestions.list(texts.isEmpty ? ["users"] : texts))' under 'cache' for what purges its answers"
    }

    /// The suggestion for the name of a type, such as `[User]`, `User[]`, `List<User>` and `User`.
    private static func returns(_ text: String) -> String? {
        guard let first = text.unicodeScalars.first else { return nil }
        let word = text.lowercased()
        if text.contains("["), text.contains("]") { return " (write 'many' for a list of rows)" }
        if word.contains("list<") || word.contains("array<") { return " (write 'many' for a list of rows)" }
        let isType = ("A"..."Z").contains(first) && SwiftIdentifierRules.isIdentifier(text)
        return isType ? " (write 'one' for an object, 'many' for a list of rows)" : nil
    }
}

extension OtherToolKeyNames {
    fileprivate static let returns = OtherToolKeyNames([
        "many": "list array rows all multiple collection any items",
        "one": "single object row first item record",
        "value": "scalar singlevalue column",
        "none": "nothing void empty nocontent null",
    ])
    fileprivate static let queryRules = OtherToolKeyNames([
        "reject": "error forbid deny strict fail refuse", "ignore": "allow accept pass skip",
    ])
    fileprivate static let servers = OtherToolKeyNames([
        "replica": "secondary slave standby follower reader", "primary": "master leader writer main",
    ])
}

extension NodeReader {
    /// Reads names of checks; `nil` after reporting an error.
    fileprivate func checkNames(_ node: YAMLNode) -> Set<DiagnosticName>? {
        let names = DiagnosticName.allCases.map(\.rawValue)
        var allowed: Set<DiagnosticName> = []
        var isValid = true
        guard let elements = list(node, named: "'allow'", of: "checks", example: ["no-limit"]) else { return nil }
        for element in elements {
            guard let text = text(element, named: "a name of 'allow'") else {
                isValid = false
                continue
            }
            guard let name = DiagnosticName(rawValue: text.value) else {
                let hint = MisspellingSuggestion.text(for: text.value, among: names)
                let known = hint.isEmpty ? "; the checks are \(names.sorted().joined(separator: ", "))" : hint
                diagnostics.error("'allow': no check is called '\(text.value)'\(known)", at: text.location)
                isValid = false
                continue
            }
            allowed.insert(name)
        }
        return isValid ? allowed : nil
    }

    /// Reads names of columns, each of which may be named once.
    fileprivate func columnNames(_ node: YAMLNode) -> [Located<String>] {
        var names: [Located<String>] = []
        for element in list(node, named: "'not-null'", of: "columns", example: ["total"]) ?? [] {
            guard let name = text(element, named: "a column of 'not-null'") else { continue }
            if name.value.isEmpty {
                diagnostics.error("a column of 'not-null' has no name; write it as the SQL has it", at: name.location)
            } else if let earlier = names.first(where: { $0.value == name.value }) {
                diagnostics.error(
                    "'not-null' has the column '\(name.value)' twice; remove one",
                    at: name.location,
                    notes: [.init("first here", at: earlier.location)]
                )
            } else {
                names.append(name)
            }
        }
        return names
    }

    /// Reads the status of a successful response.
    fileprivate func successStatus(_ node: YAMLNode, named what: String) -> Located<Int>? {
        guard let status = integer(node, named: what, in: 0...Int.max, expected: "a whole number from 200 to 299")
        else { return nil }
        guard (200...299).contains(status.value), status.value != 206 else {
            let cure =
                switch status.value {
                case 404: "; 'returns: one' answers a 404 where there is no row"
                case 400...599: "; what constraints are answered by stands under 'errors'"
                default: ", or write one of these, such as 'status: 201'"
                }
            diagnostics.error(
                "'status' is for a successful answer, 200 to 299 except 206; leave out 'status: \(status.value)'\(cure)",
                at: status.location
            )
            return nil
        }
        return status
    }
}
