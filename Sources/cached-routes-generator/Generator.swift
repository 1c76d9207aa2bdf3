import Foundation
import RouteCodegen
import RouteManifest

/// Turns the manifests of one target into Swift files.
struct Generator {
    /// What is to be written: nothing as long as a manifest has a fault.
    private(set) var outputs: [OutputFile] = []
    /// What there is to say about all manifests, by place.
    private(set) var diagnostics: [Diagnostic] = []

    private let sqlFiles: Set<String>
    private let root: String?
    /// The manifest that generates a type, by the type's name.
    private var manifests: [String: String] = [:]

    /// Reads all manifests.
    init(_ arguments: Arguments) {
        sqlFiles = arguments.sqlFiles
        root = arguments.root
        for job in arguments.jobs { read(job) }
        diagnostics = diagnostics.enumerated()
            .sorted { ($0.element.location, $0.offset) < ($1.element.location, $1.offset) }
            .map(\.element)
        if hasErrors { outputs = [] }
    }

    /// Whether a manifest has a fault.
    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    private mutating func read(_ job: Arguments.Job) {
        let start = Location(file: job.manifest, line: 1, column: 1)
        let file = URL(filePath: job.manifest)
        do {
            let typeName = try TypeName.from(fileName: file.lastPathComponent)
            if let other = manifests.updateValue(job.manifest, forKey: typeName) {
                let note = Diagnostic.Note("the other one", at: Location(file: other, line: 1, column: 1))
                let message = "two manifests of the target generate the type '\(typeName)'; rename one of them"
                diagnostics.append(Diagnostic(.error, message, at: start, notes: [note]))
            }
            let (manifest, found) = ManifestParser.parse(
                source: try text(of: file),
                file: job.manifest,
                typeName: typeName,
                readFile: { path throws(SQLFileError) in try statement(path, beside: file) }
            )
            diagnostics += found
            guard let manifest else { return }
            let generated = RoutesFile(manifest, fileName: file.lastPathComponent, path: path(of: file))
            outputs.append(OutputFile(path: job.output, text: generated.text))
        } catch let error as TypeNameError {
            diagnostics.append(Diagnostic(.error, error.diagnostic.message, at: start))
        } catch {
            diagnostics.append(
                Diagnostic(.error, "the manifest cannot be read: \(error.localizedDescription)", at: start)
            )
        }
    }

    /// The manifest as messages at run time name it, so that a build gives the same program in every folder.
    private func path(of manifest: URL) -> String {
        let path = manifest.path(percentEncoded: false)
        guard let root, path.hasPrefix("\(root)/") else { return manifest.lastPathComponent }
        return String(path.dropFirst(root.count + 1))
    }

    private func statement(_ path: String, beside manifest: URL) throws(SQLFileError) -> String {
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

    private func text(of file: URL) throws -> String {
        let data = try Data(contentsOf: file)
        guard let text = String(validating: data, as: UTF8.self) else {
            throw CocoaError(.fileReadInapplicableStringEncoding)
        }
        return text
    }
}
