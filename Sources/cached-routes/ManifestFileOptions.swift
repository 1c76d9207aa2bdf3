import ArgumentParser
import Foundation
import RouteManifest
import RouteServing

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

    /// The same options with manifests that are named as operands, which come first.
    func adding(_ operands: [String]) -> ManifestFileOptions {
        var options = self
        options.files = operands + files
        return options
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
        let diagnostics = targets.flatMap(\.diagnostics)
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
        return targets.flatMap(\.set.manifests)
    }

    /// Prints a diagnostic on the standard error.
    static func printError(_ diagnostic: Diagnostic) {
        FileHandle.standardError.write(Data("\(diagnostic)\n".utf8))
    }

    /// Reads the manifests of each target, with their diagnostics.
    ///
    /// - Throws: `ValidationError` if there is none, or one is named twice.
    func targets(lockUse: LockUse) throws -> [TargetReading] {
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
    /// - Throws: `ValidationError` if one is named twice.
    static func targets(of files: [String], lockUse: LockUse) throws -> [TargetReading] {
        // Each file once, so that all that is said of it is about one content.
        var contents: FileContents = [:]
        func content(_ path: String) -> FileContent {
            let content = contents[path] ?? Files.content(of: path)
            contents[path] = content
            return content
        }
        return try grouped(files).map { TargetReading($0, lockUse: lockUse, content: content) }
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

    /// Returns the folder of the target that a manifest belongs to: the one below `Sources`, or else the manifest's own
    /// folder.
    static func target(of manifest: URL) -> String {
        let folders = manifest.deletingLastPathComponent().pathComponents
        let sources = folders.dropLast().lastIndex(of: "Sources")
        return folders.prefix(sources.map { $0 + 2 } ?? folders.count).joined(separator: "/")
    }

    /// Returns the manifests in a folder and its subfolders, sorted by path, without hidden folders. Their paths begin with
    /// the folder, as diagnostics and locks name them on any machine.
    static func found(under folder: String) -> [String] {
        ManifestFolders.manifests(under: folder)
    }
}

extension TargetReading {
    /// Finds the statements that the lock beside a manifest doesn't describe, and reports them; none without a lock.
    ///
    /// - Parameters:
    ///   - number: the place of the manifest in the target.
    ///   - report: gets a warning for each.
    func outdated(_ number: Int, report: (Diagnostic) -> Void) -> [StatementToCheck] {
        guard let lock = fileLocks[sources[number].file], let document = RouteLockReader.read(lock).document else {
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
