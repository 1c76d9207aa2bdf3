/// Reads manifests: YAML to a validated model, or to diagnostics with places.
public enum ManifestParser {
    /// Reads a manifest.
    ///
    /// A byte order mark at the start is skipped, and lines may end in LF, CRLF or CR. Values are read as they are written, by the
    /// declared type: YAML's own idea of `yes`, `0x10` or `1:30` does not matter, and quotes around a number are fine. Anchors
    /// and aliases work; merge keys do not.
    ///
    /// - Parameters:
    ///   - source: the manifest's text.
    ///   - file: the manifest's file, as diagnostics shall name it. Files of statements are named beside it.
    ///   - typeName: the name of the generated type, see ``TypeName``.
    ///   - readFile: gives the text of a `.sql` file from its path relative to the target's folder. The path has been checked
    ///     to be relative, without `..`, and to end in `.sql`.
    /// - Returns: the manifest, unless there is an error among the diagnostics; and all diagnostics, by file, line and column,
    ///   each once.
    public static func parse(
        source: String,
        file: String,
        typeName: String,
        readFile: (String) throws(SQLFileError) -> String
    ) -> (manifest: Manifest?, diagnostics: [Diagnostic]) {
        let diagnostics = Diagnostics()
        guard let root = YAMLDocument.compose(SourceText(source, file: file), diagnostics) else {
            return (nil, diagnostics.sorted)
        }
        return withoutActuallyEscaping(readFile) { readFile in
            let reader = NodeReader(diagnostics: diagnostics)
            let sqlReader = SQLReader(reader: reader, file: file, readFile: readFile)
            let manifest = ManifestReader(reader: reader, sqlReader: sqlReader, typeName: typeName).read(root)
            return (diagnostics.hasErrors ? nil : manifest, diagnostics.sorted)
        }
    }
}

/// Reads the top level of a manifest.
struct ManifestReader {
    let reader: NodeReader
    let sqlReader: SQLReader
    let typeName: String

    private var diagnostics: Diagnostics { reader.diagnostics }

    func read(_ root: YAMLNode) -> Manifest? {
        guard let entries = reader.mapping(root, "a manifest") else { return nil }
        let known = Dictionary(
            uniqueKeysWithValues: Keys.topLevel.known(entries, diagnostics).map { ($0.key, $0) }
        )
        for key in ["version", "namespace", "routes"] where Keys.topLevel.misses(key, in: entries) {
            diagnostics.error("the manifest has no '\(key)'", at: root.location)
        }
        // A later version may mean something else by the rest.
        guard known["version"].map(hasKnownVersion) ?? true else { return nil }
        let namespace = known["namespace"].flatMap(readNamespace)
        let access = known["access"].flatMap { reader.choice($0.value, "'access'", Manifest.Access.self) }
        let imports = known["imports"].map(readImports) ?? []
        let basePath = known["base-path"].flatMap {
            PathReader(reader: reader).read($0.value, "'base-path'", allowsInputs: false)
        }
        let defaults = known["defaults"].map(readDefaults) ?? RouteSettings()
        let routeReader = RouteReader(
            reader: reader,
            sqlReader: sqlReader,
            basePath: basePath ?? ParsedPath(),
            defaults: defaults
        )
        let drafts = known["routes"].map { readRoutes($0, routeReader) } ?? []
        let checks = RouteChecks(diagnostics: diagnostics, namespace: namespace ?? "")
        let routes = drafts.compactMap(checks.check)
        CrossChecks(diagnostics: diagnostics).check(drafts)
        guard let namespace else { return nil }
        return Manifest(
            typeName: typeName,
            namespace: namespace,
            access: access?.value ?? .internal,
            imports: imports,
            routes: routes
        )
    }

    private func hasKnownVersion(_ entry: YAMLEntry) -> Bool {
        guard let version = reader.text(entry.value, "'version'") else { return true }
        guard version.value != "1" else { return true }
        diagnostics.error("version '\(version.value)' is not supported; this is version 1", at: version.location)
        return false
    }

    /// Keys are `{namespace}:{fingerprint}:…`: a colon in the namespace would make two readings of one key.
    private func readNamespace(_ entry: YAMLEntry) -> String? {
        guard let text = reader.text(entry.value, "'namespace'") else { return nil }
        let isValid = text.value.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2E, 0x2D: true
            default: false
            }
        }
        guard isValid, !text.value.isEmpty else {
            diagnostics.error(
                "'namespace' is the first part of every key: only A-Z a-z 0-9 _ . - are allowed, not '\(text.value)'",
                at: text.location
            )
            return nil
        }
        return text.value
    }

    private func readImports(_ entry: YAMLEntry) -> [String] {
        var modules: [String] = []
        for element in reader.sequence(entry.value, "'imports'") ?? [] {
            guard let module = reader.text(element, "a module of 'imports'") else { continue }
            if let problem = SwiftName.problem(with: module.value) {
                diagnostics.error("'imports': \(problem)", at: module.location)
            } else if modules.contains(module.value) {
                diagnostics.error("'imports' names '\(module.value)' twice", at: module.location)
            } else {
                modules.append(module.value)
            }
        }
        return modules
    }

    private func readDefaults(_ entry: YAMLEntry) -> RouteSettings {
        var settings = RouteSettings()
        let entries = reader.mapping(entry.value, "'defaults'") ?? []
        for setting in Keys.defaults.known(entries, diagnostics) {
            SettingsReader(reader: reader).read(setting, into: &settings)
        }
        return settings
    }

    private func readRoutes(_ entry: YAMLEntry, _ routeReader: RouteReader) -> [DraftRoute] {
        guard let entries = reader.mapping(entry.value, "'routes'", "a mapping of routes") else { return [] }
        if entries.isEmpty { diagnostics.error("'routes' is empty", at: entry.value.location) }
        return entries.compactMap(routeReader.read)
    }
}
