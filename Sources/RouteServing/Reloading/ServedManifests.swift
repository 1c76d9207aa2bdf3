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
        for target in targets {
            let one = TargetReading(target, lockUse: .serving, patches: patches) { contents[$0] ?? .absent }
            files.formUnion(one.files)
            reading.add(one)
        }
        reading.files = files
        reading.diagnostics.sort { $0.location < $1.location }
        reading.isComplete = reading.files.union(paths).allSatisfy { contents[$0] != nil }
        return reading
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

    fileprivate mutating func add(_ target: TargetReading) {
        statements += target.set.statements.map { .init(manifest: target.sources[$0.manifest].file, statement: $0) }
        diagnostics += target.diagnostics
        fileLocks.merge(target.fileLocks) { first, _ in first }
        let read = zip(target.sources, target.set.manifests).map { ReadManifest(path: $0.file, manifest: $1) }
        manifests = hasErrors ? [] : manifests + read
    }
}
