package import RouteManifest

/// The manifests that are served, by the paths of their files as messages name them.
package struct ServedManifests: Sendable {
    /// The manifests of each target, which are checked against each other.
    package let targets: [[String]]

    /// Creates a list of manifests.
    ///
    /// - Parameter targets: the paths of each target's manifests.
    package init(targets: [[String]]) { self.targets = targets }

    /// The paths of all manifests.
    package var paths: [String] { targets.flatMap { $0 } }

    /// The file of the lock beside each manifest.
    package var locks: Set<String> { Set(paths.map { LockText.file(of: $0) }) }

    /// Reads the manifests.
    ///
    /// - Parameters:
    ///   - contents: the contents of files. Files that are not among them are wanted, and taken for absent.
    ///   - patches: entries to use in place of those of locks, by the paths of the manifests.
    package func read(_ contents: FileContents, patches: [String: LockPatch] = [:]) -> ManifestReading {
        var reading = ManifestReading()
        var files = locks
        for target in targets { reading.add(read(target, contents, patches, &files)) }
        reading.files = files
        reading.diagnostics.sort { $0.location < $1.location }
        reading.isComplete = reading.files.union(paths).allSatisfy { contents[$0] != nil }
        return reading
    }

    private func read(
        _ target: [String],
        _ contents: FileContents,
        _ patches: [String: LockPatch],
        _ files: inout Set<String>
    ) -> ManifestReading {
        var reading = ManifestReading()
        var sources: [ManifestSet.Source] = []
        var locks: [String: LockText] = [:]
        func report(_ message: String, in file: String) {
            reading.diagnostics.append(Diagnostic(.error, message, at: Location(file: file, line: 1, column: 1)))
        }
        for path in target {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            do {
                let text = try (contents[path] ?? .absent).text()
                sources.append(.init(file: path, text: text, typeName: try GeneratedTypeName.from(fileName: name)))
            } catch let error as GeneratedTypeNameError {
                report(error.message, in: path)
            } catch {
                report("the manifest cannot be read: \((error as? SQLFileError)?.message ?? "\(error)")", in: path)
            }
            let file = LockText.file(of: path)
            do throws(SQLFileError) {
                let content = contents[file] ?? .absent
                if content != .absent { locks[path] = LockText(file: file, text: try content.text()) }
            } catch {
                report("the lock cannot be read: \(error.message)", in: file)
            }
            reading.fileLocks[path] = locks[path]
            if let patch = patches[path] { locks[path] = LockText(patching: locks[path], file: file, with: patch) }
        }
        var tried: Set<String> = []
        let set = ManifestSet(sources, locks: { [locks] in locks[$0.file] }, lockUse: .serving) {
            path,
            source throws(SQLFileError) in
            let file = Self.file(path, beside: source.file)
            tried.insert(file)
            let content = contents[file] ?? .absent
            guard content != .absent else { throw .notFound }
            return try content.text()
        }
        files.formUnion(tried)
        reading.diagnostics += set.diagnostics
        if !reading.hasErrors {
            reading.manifests = zip(sources, set.manifests).map { .init(path: $0.file, manifest: $1) }
        }
        reading.statements = set.statements.map { .init(manifest: sources[$0.manifest].file, statement: $0) }
        return reading
    }

    /// The path of a file that is named relative to a manifest's folder.
    private static func file(_ path: String, beside manifest: String) -> String {
        let folder = manifest.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        return (folder + [path[...]]).joined(separator: "/")
    }
}

/// The manifests of all targets as they were read.
package struct ManifestReading: Sendable {
    /// A manifest without errors.
    package struct ReadManifest: Sendable {
        /// The path of its file.
        package let path: String
        /// The manifest.
        package let manifest: Manifest
    }

    /// A statement of a manifest.
    package struct Statement: Sendable {
        /// The path of the manifest's file.
        package let manifest: String
        /// The statement.
        package let statement: StatementToCheck
    }

    /// The manifests in their order; empty if there is an error.
    package fileprivate(set) var manifests: [ReadManifest] = []
    /// The statements of all manifests.
    package fileprivate(set) var statements: [Statement] = []
    /// The diagnostics by place.
    package fileprivate(set) var diagnostics: [Diagnostic] = []
    /// The files besides manifests that matter: locks, and the `.sql` files that a manifest names, whether they are there or
    /// not.
    package fileprivate(set) var files: Set<String> = []
    /// The locks as they are in their files, by the paths of the manifests.
    package fileprivate(set) var fileLocks: [String: LockText] = [:]
    /// Indicates that the contents of all these files were known.
    package fileprivate(set) var isComplete = true

    /// Indicates an error.
    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    fileprivate mutating func add(_ other: ManifestReading) {
        statements += other.statements
        diagnostics += other.diagnostics
        fileLocks.merge(other.fileLocks) { first, _ in first }
        manifests = hasErrors ? [] : manifests + other.manifests
    }
}

extension FileContent {
    /// The text of a file in UTF-8.
    ///
    /// - Throws: the reason why there is none.
    fileprivate func text() throws(SQLFileError) -> String {
        switch self {
        case .absent: throw .notFound
        case .unreadable(let reason): throw .unreadable(reason)
        case .folder: throw .unreadable("it is a folder")
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .unreadable("it is not UTF-8") }
            return text
        }
    }
}
