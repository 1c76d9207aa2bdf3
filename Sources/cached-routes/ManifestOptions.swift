import ArgumentParser
import Foundation
import RouteManifest

/// Which manifests a command is about.
struct ManifestOptions: ParsableArguments {
    @Option(
        name: .customLong("manifest"),
        help: ArgumentHelp(
            "A manifest; may be given several times. Default: all routes.yaml and *.routes.yaml under Sources.",
            valueName: "file"
        )
    )
    var files: [String] = []

    /// The manifests.
    ///
    /// - Throws: `ValidationError` when there is none, or one has a fault; the faults are on the standard error by then.
    func manifests() throws -> [Manifest] {
        let files = self.files.isEmpty ? Self.found(under: "Sources") : self.files
        guard !files.isEmpty else {
            throw ValidationError("there is no manifest under Sources; name one with --manifest")
        }
        var manifests: [Manifest] = []
        var isFaulty = false
        for file in files {
            let (manifest, diagnostics) = try Self.read(file)
            for diagnostic in diagnostics where diagnostic.severity == .error {
                FileHandle.standardError.write(Data("\(diagnostic)\n".utf8))
            }
            if let manifest { manifests.append(manifest) } else { isFaulty = true }
        }
        guard !isFaulty else { throw ValidationError("a manifest has a fault") }
        return manifests
    }

    private static func read(_ path: String) throws -> (Manifest?, [Diagnostic]) {
        let file = URL(filePath: path)
        let typeName: String
        let source: String
        do {
            typeName = try TypeName.from(fileName: file.lastPathComponent)
            source = try String(contentsOf: file, encoding: .utf8)
        } catch let error as TypeNameError {
            throw ValidationError("\(path): \(error.diagnostic.message)")
        } catch {
            throw ValidationError("\(path) can't be read: \(error.localizedDescription)")
        }
        return ManifestParser.parse(source: source, file: path, typeName: typeName) { name throws(SQLFileError) in
            let statement = file.deletingLastPathComponent().appending(path: name)
            guard FileManager.default.fileExists(atPath: statement.path(percentEncoded: false)) else { throw .notFound }
            do {
                return try String(contentsOf: statement, encoding: .utf8)
            } catch {
                throw .unreadable(error.localizedDescription)
            }
        }
    }

    /// The manifests in a folder and those in it, by their paths; hidden folders apart.
    private static func found(under folder: String) -> [String] {
        let paths = FileManager.default.enumerator(
            at: URL(filePath: folder),
            includingPropertiesForKeys: nil,
            options: [.skipsHiddenFiles]
        )
        return (paths?.compactMap { ($0 as? URL)?.relativePath } ?? [])
            .filter { $0.hasSuffix("/routes.yaml") || $0.hasSuffix(".routes.yaml") }.sorted()
    }
}
