/// Reads the top level of a manifest.
struct ManifestReader {
    let reader: NodeReader
    let sqlReader: SQLReader
    let file: String
    let typeName: String

    private var diagnostics: Diagnostics { reader.diagnostics }

    func read(_ root: YAMLNode) -> DraftManifest? {
        let form = "write 'version: 1', 'namespace: …' and 'routes:', each on a line of its own"
        guard let entries = reader.mapping(root, named: "a manifest", cure: form) else { return nil }
        let known = Dictionary(
            uniqueKeysWithValues: MappingKeys.topLevel.known(entries, diagnostics).map { ($0.key, $0) }
        )
        let hasUnknownKeys = known.count < entries.count
        for key in ["version", "namespace", "routes"] where MappingKeys.topLevel.misses(key, in: entries) {
            let cure =
                switch key {
                case "version": "begin it with 'version: 1'"
                case "namespace": "add one beside 'version', such as 'namespace: shop'"
                default: "add 'routes:', with a route below such as 'listUsers: { get: /users, sql: … }'"
                }
            diagnostics.error("the manifest has no '\(key)'; \(cure)", at: root.location)
        }
        // The rest may have another meaning in a later version.
        guard known["version"].map(hasKnownVersion) ?? true else { return nil }
        var manifest = DraftManifest(file: file, typeName: typeName)
        manifest.namespace = known["namespace"].flatMap(readNamespace)
        let access = known["access"].flatMap { reader.choice($0.value, named: "'access'", of: Manifest.Access.self) }
        if let access { manifest.access = access.value }
        manifest.imports = known["imports"].map(readImports) ?? []
        let basePath = known["base-path"].flatMap {
            PathTemplateReader(reader: reader).read($0.value, named: "'base-path'", allowsInputs: false)
        }
        let defaults = known["defaults"].map(readDefaults) ?? RouteSettings()
        let routeReader = RouteReader(
            reader: reader,
            sqlReader: sqlReader,
            basePath: basePath ?? DraftPath(),
            defaults: defaults,
            typeName: typeName
        )
        manifest.routes =
            known["routes"].map { entry in
                // Routes that are not indented stand beside 'routes', and have been reported as unknown keys.
                hasUnknownKeys && entry.value.isNull ? [] : readRoutes(entry, routeReader)
            } ?? []
        manifest.unreadRoutes = Set(known["routes"]?.value.mapping?.map(\.key) ?? [])
            .subtracting(manifest.routes.map(\.name))
        return manifest
    }

    private func hasKnownVersion(_ entry: YAMLEntry) -> Bool {
        guard let version = reader.text(entry.value, named: "'version'") else { return true }
        guard version.value != "1" else { return true }
        diagnostics.error(
            "'version' is that of the manifest's format, not of your API: write 1, not '\(version.value)'",
            at: version.location
        )
        return false
    }

    /// Reads the namespace. Keys have the form `{namespace}:{fingerprint}:…`, so it must not contain a colon.
    private func readNamespace(_ entry: YAMLEntry) -> String? {
        guard let text = reader.text(entry.value, named: "'namespace'") else { return nil }
        func allows(_ byte: UInt8) -> Bool { byte.isASCIIDigit || byte.isASCIILetter || "_.-".utf8.contains(byte) }
        guard text.value.utf8.allSatisfy(allows), !text.value.isEmpty else {
            let usable = YAMLSuggestions.hyphenated(text.value, allows: allows)
            diagnostics.error(
                "'namespace' begins all keys in Redis and has only A-Z a-z 0-9 _ . -, not '\(text.value)'; write "
                    + "'namespace: \(usable.isEmpty ? "shop" : usable)'",
                at: text.location
            )
            return nil
        }
        return text.value
    }

    private func readImports(_ entry: YAMLEntry) -> [String] {
        var modules: [String] = []
        for element in reader.list(entry.value, named: "'imports'", of: "modules", example: ["Foundation"]) ?? [] {
            guard let module = reader.text(element, named: "a module of 'imports'") else { continue }
            if let problem = SwiftIdentifierRules.problem(with: module.value) {
                let name = module.value.split { ". /;".contains($0) }.last.map(String.init) ?? ""
                let isUsable = SwiftIdentifierRules.problem(with: name) == nil
                diagnostics.error(
                    "'imports': \(problem); write a module's name alone, such as '\(isUsable ? name : "Foundation")'",
                    at: module.location
                )
            } else if modules.contains(module.value) {
                diagnostics.error("'imports' names '\(module.value)' twice; remove one", at: module.location)
            } else {
                modules.append(module.value)
            }
        }
        return modules
    }

    private func readDefaults(_ entry: YAMLEntry) -> RouteSettings {
        var settings = RouteSettings()
        let entries =
            reader.mapping(
                entry.value,
                named: "'defaults'",
                expected: "a mapping of settings",
                cure: "write it as in defaults: { timeout: 2s, cache: 60s }"
            ) ?? []
        let known = MappingKeys.defaults.known(entries, diagnostics)
        RouteSettings.table.read(known, in: SettingReadingContext(reader: reader), into: &settings)
        return settings
    }

    private func readRoutes(_ entry: YAMLEntry, _ routeReader: RouteReader) -> [DraftRoute] {
        let cure = "write routes below it, such as 'listUsers: { get: /users, sql: … }'"
        guard let entries = reader.mapping(entry.value, named: "'routes'", expected: "a mapping of routes", cure: cure)
        else {
            return []
        }
        if entries.isEmpty { diagnostics.error("'routes' is empty; \(cure)", at: entry.value.location) }
        let routeKeys = Set(MappingKeys.route("").supported)
        var drafts: [DraftRoute] = []
        var empty: String?
        var isReported = false
        for (index, route) in entries.enumerated() {
            let keys = Set(route.value.mapping?.map(\.key) ?? [])
            let isRoute = !keys.isDisjoint(with: MappingKeys.methods)
            if route.key == "defaults", !keys.isEmpty, !isRoute {
                diagnostics.error(
                    "'defaults' belongs beside 'routes', not in it; indent it as far as 'routes'",
                    at: route.keyLocation
                )
                continue
            }
            if let owner = empty, routeKeys.contains(route.key), !isRoute {
                if !isReported {
                    diagnostics.error(
                        "'\(route.key)' is no route; indent the keys of route '\(owner)' deeper than its name",
                        at: route.keyLocation
                    )
                }
                isReported = true
                continue
            }
            empty = nil
            isReported = false
            if route.value.isNull, index + 1 < entries.count, routeKeys.contains(entries[index + 1].key),
                entries[index + 1].value.mapping?.contains(where: { MappingKeys.methods.contains($0.key) }) != true
            {
                empty = route.key
                continue
            }
            if let draft = routeReader.read(route) { drafts.append(draft) }
        }
        return drafts
    }
}
