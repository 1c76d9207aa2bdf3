/// The manifests of one target: each checked on its own, and all of them against each other.
public struct ManifestSet: Sendable {
    /// A manifest that is to be read.
    public struct Source: Sendable, Hashable {
        /// The manifest's file, as diagnostics shall name it. Files of statements are named beside it.
        public var file: String
        /// The manifest's text.
        public var text: String
        /// The name of the generated type, see ``TypeName``.
        public var typeName: String

        /// A source from its parts.
        public init(file: String, text: String, typeName: String) {
            self.file = file
            self.text = text
            self.typeName = typeName
        }
    }

    /// The manifests in the order of their sources; empty when there is an error among the diagnostics.
    public let manifests: [Manifest]
    /// All diagnostics of all manifests, by file, line and column, each once.
    public let diagnostics: [Diagnostic]

    /// Reads manifests.
    ///
    /// A fault of one manifest doesn't hide those of the others.
    ///
    /// - Parameters:
    ///   - sqlFiles: the paths of the `.sql` files that there are, from a manifest's folder: messages name those that may be meant.
    ///   - readFile: gives the text of a `.sql` file from its path relative to the folder of the manifest that names it. The path
    ///     has been checked to be relative, without `..`, and to end in `.sql`.
    public init(
        _ sources: [Source],
        sqlFiles: (_ source: Source) -> [String] = { _ in [] },
        readFile: (_ path: String, _ source: Source) throws(SQLFileError) -> String
    ) {
        let found = Diagnostics()
        let drafts = withoutActuallyEscaping(readFile) { readFile in
            sources.map { source in
                let diagnostics = Diagnostics()
                var draft =
                    Self.draft(of: source, sqlFiles: sqlFiles(source), reportingTo: diagnostics) {
                        path throws(SQLFileError) in
                        try readFile(path, source)
                    }
                    ?? DraftManifest(file: source.file, typeName: source.typeName)
                draft.isFaulty = diagnostics.hasErrors
                found.add(diagnostics)
                return draft
            }
        }
        CrossChecks(diagnostics: found).check(drafts)
        let targets = WriteTargets(found.hasErrors ? [] : drafts.flatMap(\.checkedRoutes))
        manifests = found.hasErrors ? [] : drafts.compactMap { $0.manifest(targets) }
        diagnostics = found.sorted
    }

    private static func draft(
        of source: Source,
        sqlFiles files: [String],
        reportingTo diagnostics: Diagnostics,
        readFile: @escaping (String) throws(SQLFileError) -> String
    ) -> DraftManifest? {
        let text = SourceText(source.text, file: source.file)
        guard let root = YAMLDocument.compose(text, keys: Keys.known, reportingTo: diagnostics) else { return nil }
        let reader = NodeReader.forManifest(diagnostics)
        let sqlReader = SQLReader(reader: reader, file: source.file, readFile: readFile, files: files)
        let manifestReader = ManifestReader(
            reader: reader,
            sqlReader: sqlReader,
            file: source.file,
            typeName: source.typeName
        )
        guard var manifest = manifestReader.read(root) else { return nil }
        let checks = RouteChecks(diagnostics: diagnostics, namespace: manifest.namespace ?? "")
        manifest.checkedRoutes = manifest.routes.compactMap(checks.check)
        return manifest
    }
}

extension DraftManifest {
    /// The validated manifest; `nil` when it has a fault.
    ///
    /// - Parameter targets: the routes of all manifests of the target.
    fileprivate func manifest(_ targets: WriteTargets) -> Manifest? {
        guard let namespace, !isFaulty else { return nil }
        return Manifest(
            typeName: typeName,
            namespace: namespace,
            access: access,
            imports: imports,
            routes: checkedRoutes.map(targets.resolved)
        )
    }
}
