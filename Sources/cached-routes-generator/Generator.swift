import Foundation
import RouteCodegen
import RouteManifest

/// Generates Swift files from the manifests of one target.
struct Generator {
    /// The generated files; empty if a manifest has an error.
    let outputs: [OutputFile]
    /// The diagnostics of all manifests, ordered by place.
    let diagnostics: [Diagnostic]

    /// A manifest whose text has been read.
    private struct Manuscript {
        let job: Arguments.Job
        let source: ManifestSet.Source

        var url: URL { URL(filePath: job.manifest) }
    }

    /// Reads all manifests and generates their files.
    init(_ arguments: Arguments) {
        var problems: [Diagnostic] = []
        var manuscripts: [Manuscript] = []
        var places: Set<String> = []
        for job in arguments.jobs {
            let place = URL(filePath: job.manifest).resolvingSymlinksInPath().path(percentEncoded: false)
            do {
                guard places.insert(place).inserted else { throw RepeatedManifestError() }
                manuscripts.append(Manuscript(job: job, source: try Self.source(of: job)))
            } catch {
                let start = Location(file: job.manifest, line: 1, column: 1)
                problems.append(Diagnostic(.error, Self.message(for: error), at: start))
            }
        }
        var locks: [String: LockText] = [:]
        for file in arguments.locks {
            do {
                locks[file] = LockText(file: file, text: try Self.text(of: URL(filePath: file)))
            } catch {
                let message = "the lock cannot be read: \(error.localizedDescription)"
                problems.append(Diagnostic(.error, message, at: Location(file: file, line: 1, column: 1)))
            }
        }
        let set = ManifestSet(
            manuscripts.map(\.source),
            sqlFiles: { Self.paths(of: arguments.sqlFiles, from: URL(filePath: $0.file)) },
            locks: { locks[LockText.file(of: $0.file)] },
            readFile: { path, source throws(SQLFileError) in
                try Self.statement(path, beside: URL(filePath: source.file), among: arguments.sqlFiles)
            }
        )
        diagnostics = (problems + set.diagnostics).enumerated()
            .sorted { ($0.element.location, $0.offset) < ($1.element.location, $1.offset) }
            .map(\.element)
        guard problems.isEmpty else {
            outputs = []
            return
        }
        outputs = zip(manuscripts, set.manifests).map { manuscript, manifest in
            let generated = RoutesFile(
                manifest,
                fileName: manuscript.url.lastPathComponent,
                path: Self.path(of: manuscript.url, below: arguments.root)
            )
            return OutputFile(path: manuscript.job.output, text: generated.text)
        }
    }

    /// Indicates that a diagnostic is an error.
    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// The error about a manifest that is named twice.
    private struct RepeatedManifestError: Error {}

    private static func source(of job: Arguments.Job) throws -> ManifestSet.Source {
        let file = URL(filePath: job.manifest)
        let typeName = try GeneratedTypeName.from(fileName: file.lastPathComponent)
        return ManifestSet.Source(file: job.manifest, text: try text(of: file), typeName: typeName)
    }

    private static func message(for error: any Error) -> String {
        switch error {
        case let error as GeneratedTypeNameError: error.diagnostic.message
        case is RepeatedManifestError: "this manifest is named twice; name each --manifest once"
        default: "the manifest cannot be read: \(error.localizedDescription)"
        }
    }

    /// The path of the manifest in messages at run time. It is relative, so that a build is the same in every folder.
    private static func path(of manifest: URL, below root: String?) -> String {
        let path = manifest.path(percentEncoded: false)
        guard let root, path.hasPrefix("\(root)/") else { return manifest.lastPathComponent }
        return String(path.dropFirst(root.count + 1))
    }

    /// The paths of the files below a manifest's folder, relative to it.
    private static func paths(of files: Set<String>, from manifest: URL) -> [String] {
        let folder = manifest.deletingLastPathComponent().path(percentEncoded: false)
        return files.filter { $0.hasPrefix(folder) }.map { String($0.dropFirst(folder.count)) }
    }

    private static func statement(
        _ path: String,
        beside manifest: URL,
        among sqlFiles: Set<String>
    ) throws(SQLFileError) -> String {
        let file = manifest.deletingLastPathComponent().appending(path: path)
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { throw .notFound }
        guard sqlFiles.contains(file.path(percentEncoded: false)) else {
            throw .unreadable("it is not among the target's files, so that a change in it would go unnoticed")
        }
        do {
            return try text(of: file)
        } catch {
            throw .unreadable(error.localizedDescription)
        }
    }

    private static func text(of file: URL) throws -> String {
        let data = try Data(contentsOf: file)
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CocoaError(.fileReadInapplicableStringEncoding)
        }
        return text
    }
}
