import RouteModel

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
    /// The statements of all routes whose statement can be sent, in the order of the sources and their routes; also of
    /// manifests with errors.
    package let statements: [StatementToCheck]

    /// The tables of the routes with handlers, in the same order.
    package let handlerTables: [HandlerTables]

    /// Reads manifests.
    ///
    /// Errors in one manifest don't hide those in the others.
    ///
    /// - Parameters:
    ///   - sources: the manifests.
    ///   - sqlFiles: returns the paths of the existing `.sql` files relative to a manifest's folder, for suggestions.
    ///   - locks: returns the lock of a manifest, or `nil` if there is none.
    ///   - lockUse: the use of the locks.
    ///   - readFile: returns the text of a `.sql` file for its path relative to the folder of the manifest that names
    ///     it. The path has been checked to be relative, without `..`, and to end in `.sql`.
    package init(
        _ sources: [Source],
        sqlFiles: (_ source: Source) -> [String] = { _ in [] },
        locks: (_ source: Source) -> LockText? = { _ in nil },
        lockUse: LockUse = .build,
        readFile: (_ path: String, _ source: Source) throws(SQLFileError) -> String
    ) {
        let found = Diagnostics()
        let drafts = withoutActuallyEscaping(readFile) { readFile in
            sources.enumerated().map { index, source in
                let diagnostics = Diagnostics()
                let text = lockUse == .ignored ? nil : locks(source)
                let lock = StoredLock(text, reportingTo: diagnostics)
                var draft =
                    Self.draft(
                        of: source,
                        number: index,
                        sqlFiles: sqlFiles(source),
                        lock: RouteLockChecks(lock: lock, use: lockUse),
                        reportingTo: diagnostics
                    ) { path throws(SQLFileError) in
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
        statements = drafts.flatMap(\.statements)
        handlerTables = drafts.flatMap(\.handlerTables)
    }

    private static func draft(
        of source: Source,
        number: Int,
        sqlFiles files: [String],
        lock: RouteLockChecks,
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
        let wasFaulty = diagnostics.hasErrors
        let contextInputs = manifest.routes.flatMap { route in
            route.inputs.filter { $0.group == .context }.map { ($0.name, route.name) }
        }
        let contextRoutes = Dictionary(contextInputs) { first, _ in first }
        for route in manifest.routes {
            // A collector of its own, so that the errors of one route don't hide what is known of the others.
            let found = Diagnostics()
            let validator = RouteValidator(
                diagnostics: found,
                namespace: manifest.namespace ?? "",
                manifest: number,
                lock: lock,
                isFaulty: wasFaulty,
                contextRoutes: contextRoutes
            )
            let (checked, statement) = validator.check(route)
            if let checked {
                manifest.checkedRoutes.append(checked)
                if checked.route.source.locked != nil { manifest.lockedRoutes.insert(route.name) }
            }
            if let statement { manifest.statements.append(statement) }
            if route.isHandler, route.method == .get, let places = route.settings.cache.tables?.placesByName {
                manifest.handlerTables.append(HandlerTables(places: places, allowed: route.settings.allowed))
            }
            diagnostics.add(found)
        }
        lock.checkUse(by: manifest, isFaulty: diagnostics.hasErrors, reportingTo: diagnostics)
        if !manifest.lockedRoutes.isEmpty { manifest.enums = lock.enums }
        return manifest
    }
}

extension DraftManifest {
    /// The validated manifest; `nil` if it has errors.
    ///
    /// - Parameter targets: the write targets among all routes of the target.
    fileprivate func manifest(_ targets: TargetInvalidationResolver) -> Manifest? {
        guard let namespace, !isFaulty else { return nil }
        var manifest = Manifest(
            typeName: typeName,
            namespace: namespace,
            access: access,
            imports: imports,
            routes: checkedRoutes.map(targets.resolved)
        )
        manifest.enums = enums
        return manifest
    }
}
