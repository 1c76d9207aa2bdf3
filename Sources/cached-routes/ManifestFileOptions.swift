import ArgumentParser
import Foundation
import RouteManifest

/// The options that name manifests.
struct ManifestFileOptions: ParsableArguments {
    @Option(
        name: .customLong("manifest"),
        help: ArgumentHelp(
            "A manifest; may be given several times. Default: all routes.yaml and *.routes.yaml under Sources.",
            valueName: "file"
        )
    )
    var files: [String] = []

    /// The manifests of one target.
    struct Target {
        /// The manifests.
        var sources: [ManifestSet.Source]
        /// The locks beside the manifests, by the paths of the manifests; none if they are not used.
        var locks: [String: LockText]
        /// What was read.
        var set: ManifestSet

        /// Finds the statements that the lock beside a manifest doesn't describe, and reports them; none without a lock.
        ///
        /// - Parameters:
        ///   - number: the place of the manifest in the target.
        ///   - report: gets a warning for each.
        func outdated(_ number: Int, report: (Diagnostic) -> Void) -> [StatementToCheck] {
            guard let lock = locks[sources[number].file], let document = RouteLockReader.read(lock).document else {
                return []
            }
            let outdated = set.statements.filter {
                $0.manifest == number && !document.describes($0.route, digest: $0.digest)
            }
            for statement in outdated {
                let message =
                    "\(lock.file) is out of date for route '\(statement.route)', whose key and types are others after 'cached-routes "
                    + "check --write'"
                report(Diagnostic(.warning, message, at: statement.sourceLocation))
            }
            return outdated
        }
    }

    /// Reads the manifests, and reports their errors, and warnings about locks that don't fit them any more.
    ///
    /// Tables that `tables: auto` leaves to a lock are those of the lock beside the manifest.
    ///
    /// - Parameters:
    ///   - lockUse: the use of the locks.
    ///   - report: gets each diagnostic; prints it on the standard error if it is left out.
    /// - Throws: `ValidationError` if there is none; `ExitCode` if one has an error, which has been reported then.
    func manifests(
        lockUse: LockUse = .tablesOnly,
        report: (Diagnostic) -> Void = ManifestFileOptions.printError
    ) throws -> [Manifest] {
        let targets = try targets(lockUse: lockUse)
        let sets = targets.map(\.set)
        let diagnostics = sets.flatMap(\.diagnostics)
        // Warnings with names are those about routes, which the build prints.
        for diagnostic in diagnostics where diagnostic.severity == .error || diagnostic.name == nil {
            report(diagnostic)
        }
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            throw ExitCode(1)
        }
        if lockUse == .serving {
            for target in targets {
                for number in target.sources.indices { _ = target.outdated(number, report: report) }
            }
        }
        return sets.flatMap(\.manifests)
    }

    /// Prints a diagnostic on the standard error.
    static func printError(_ diagnostic: Diagnostic) {
        FileHandle.standardError.write(Data("\(diagnostic)\n".utf8))
    }

    /// Reads the manifests of each target, with their diagnostics.
    ///
    /// - Throws: `ValidationError` if there is none, or one can't be read.
    func targets(lockUse: LockUse) throws -> [Target] {
        try Self.targets(of: Self.files(files, cure: "name one with --manifest"), lockUse: lockUse)
    }

    /// Returns the manifests that are named, or else all under `Sources`.
    ///
    /// - Parameters:
    ///   - named: the manifests that are named.
    ///   - cure: the words that say how to name one.
    /// - Throws: `ValidationError` if there is none.
    static func files(_ named: [String], cure: String = "name one") throws -> [String] {
        let files = named.isEmpty ? found(under: "Sources") : named
        guard !files.isEmpty else { throw ValidationError("there is no manifest under Sources; \(cure)") }
        return files
    }

    /// Reads the manifests of each target, with their diagnostics.
    ///
    /// - Parameters:
    ///   - files: the manifests of all targets.
    ///   - lockUse: the use of the locks.
    /// - Throws: `ValidationError` if one can't be read.
    static func targets(of files: [String], lockUse: LockUse) throws -> [Target] {
        let targets = try Self.grouped(files).map { try $0.map(Self.source) }
        var locks: [String: LockText] = [:]
        if lockUse != .ignored {
            for source in targets.joined() {
                do throws(LockFileError) { locks[source.file] = try Self.lock(of: source) } catch {
                    throw ValidationError("\(error.file): \(error.reason)")
                }
            }
        }
        // Manifests of one target are checked against each other, as they are when it is built.
        return targets.map { [locks] sources in
            let set = ManifestSet(
                sources,
                locks: { locks[$0.file] },
                lockUse: lockUse,
                readFile: Self.statement
            )
            return Target(sources: sources, locks: locks, set: set)
        }
    }

    /// Returns the manifests of each target, in the order of the first one.
    ///
    /// - Throws: `ValidationError` if a manifest is named twice.
    static func grouped(_ files: [String]) throws -> [[String]] {
        var targets: [String: [String]] = [:]
        var order: [String] = []
        var places: Set<String> = []
        for file in files {
            let url = URL(filePath: file).resolvingSymlinksInPath()
            guard places.insert(url.path(percentEncoded: false)).inserted else {
                throw ValidationError("\(file) is named twice; name each --manifest once")
            }
            let target = ManifestFolders.plain(Self.target(of: URL(filePath: file).absoluteURL.standardizedFileURL))
            if targets[target] == nil { order.append(target) }
            targets[target, default: []].append(file)
        }
        return order.compactMap { targets[$0] }
    }

    /// A lock that can't be read.
    struct LockFileError: Error {
        /// The file.
        var file: String
        /// The reason.
        var reason: String
    }

    /// Reads the lock beside a manifest; `nil` if there is none.
    static func lock(of source: ManifestSet.Source) throws(LockFileError) -> LockText? {
        let file = LockText.file(of: source.file)
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        do {
            return LockText(file: file, text: try String(contentsOf: URL(filePath: file), encoding: .utf8))
        } catch {
            throw LockFileError(file: file, reason: "this lock can't be read: \(error.localizedDescription)")
        }
    }

    /// Returns the folder of the target that a manifest belongs to: the one below `Sources`, or else the manifest's own
    /// folder.
    static func target(of manifest: URL) -> String {
        let folders = manifest.deletingLastPathComponent().pathComponents
        let sources = folders.dropLast().lastIndex(of: "Sources")
        return folders.prefix(sources.map { $0 + 2 } ?? folders.count).joined(separator: "/")
    }

    private static func source(_ path: String) throws -> ManifestSet.Source {
        let file = URL(filePath: path)
        do {
            return ManifestSet.Source(
                file: path,
                text: try String(contentsOf: file, encoding: .utf8),
                typeName: try GeneratedTypeName.from(fileName: file.lastPathComponent)
            )
        } catch let error as GeneratedTypeNameError {
            throw ValidationError("\(path): \(error.diagnostic.message)")
        } catch {
            throw ValidationError("\(path) can't be read: \(error.localizedDescription)")
        }
    }

    private static func statement(_ path: String, of source: ManifestSet.Source) throws(SQLFileError) -> String {
        let file = URL(filePath: source.file).deletingLastPathComponent().appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { throw .notFound }
        do {
            return try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw .unreadable(error.localizedDescription)
        }
    }

    /// Returns the manifests in a folder and its subfolders, sorted by path, without hidden folders. Their paths begin with
    /// the folder, as diagnostics and locks name them on any machine.
    static func found(under folder: String) -> [String] {
        ManifestFolders.manifests(under: folder)
    }
}
