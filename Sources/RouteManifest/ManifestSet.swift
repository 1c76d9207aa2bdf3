/// The manifests of one target, checked one by one and against each other.
public struct ManifestSet: Sendable {
    /// The text of a manifest.
    public struct Source: Sendable, Hashable {
        /// The manifest's file as diagnostics name it. Files of statements are named relative to its folder.
        public var file: String
        /// The manifest's text.
        public var text: String
        /// The name of the generated type, see ``GeneratedTypeName``.
        public var typeName: String

        /// Creates a source.
        public init(file: String, text: String, typeName: String) {
            self.file = file
            self.text = text
            self.typeName = typeName
        }
    }

    /// The manifests in the order of their sources; empty if a diagnostic is an error.
    public let manifests: [Manifest]
    /// The diagnostics of all manifests by file, line and column, each once.
    public let diagnostics: [Diagnostic]

    /// Reads manifests.
    ///
    /// Errors in one manifest don't hide those in the others.
    ///
    /// - Parameters:
    ///   - sources: the manifests.
    ///   - sqlFiles: returns the paths of the existing `.sql` files relative to a manifest's folder, for suggestions.
    ///   - readFile: returns the text of a `.sql` file for its path relative to the folder of the manifest that names
    ///     it. The path has been checked to be relative, without `..`, and to end in `.sql`.
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
        CrossRouteChecks(diagnostics: found).check(drafts)
        let targets = TargetInvalidationResolver(found.hasErrors ? [] : drafts.flatMap(\.checkedRoutes))
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
        guard let root = YAMLDocument.compose(text, keys: MappingKeys.known, reportingTo: diagnostics) else {
            return nil
        }
        let reader = NodeReader.forManifest(diagnostics)
        let sqlReader = SQLReader(reader: reader, file: source.file, readFile: readFile, files: files)
        let manifestReader = ManifestReader(
            reader: reader,
            sqlReader: sqlReader,
            file: source.file,
            typeName: source.typeName
        )
        guard var manifest = manifestReader.read(root) else { return nil }
        let checks = RouteValidator(diagnostics: diagnostics, namespace: manifest.namespace ?? "")
        manifest.checkedRoutes = manifest.routes.compactMap(checks.check)
        return manifest
    }
}

extension DraftManifest {
    /// The validated manifest; `nil` if it has errors.
    ///
    /// - Parameter targets: the write targets among all routes of the target.
    fileprivate func manifest(_ targets: TargetInvalidationResolver) -> Manifest? {
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
