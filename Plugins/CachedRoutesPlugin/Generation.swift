import Foundation
import PackagePlugin

/// The command for one target.
struct Generation {
    let target: String
    /// The package's folder.
    let package: URL
    /// The folder in which to create a manifest, for messages.
    let folder: URL
    /// All files of the target.
    let files: [URL]
    let outputFolder: URL

    /// The build command that generates a Swift file for each manifest.
    ///
    /// - Throws: ``PluginError`` if there is no manifest, or one with the wrong extension.
    func command(tool: URL) throws -> Command {
        if let file = files.first(where: { $0.isNamed("routes.yml") }) {
            throw PluginError("the name of a manifest ends in .yaml, not in .yml; rename \(file.plainPath)")
        }
        let manifests = files.filter { $0.isNamed("routes.yaml") }.sorted { $0.plainPath < $1.plainPath }
        guard !manifests.isEmpty else {
            throw PluginError(
                """
                target '\(target)' uses CachedRoutesPlugin but has no manifest: create routes.yaml (or admin.routes.yaml, \
                for a type AdminRoutes) in \(folder.plainPath), or remove the plugin from the target
                """
            )
        }
        let sqlFiles = files.filter { $0.pathExtension == "sql" }.sorted { $0.plainPath < $1.plainPath }
        let locks = files.filter { $0.isNamed("routes.lock.json") }.sorted { $0.plainPath < $1.plainPath }
        let outputs = manifests.map(output)
        var arguments = ["--code", GeneratedCode.version, "--root", package.plainPath.trimmingSlash]
        for (manifest, output) in zip(manifests, outputs) {
            arguments += ["--manifest", manifest.plainPath, "--output", output.plainPath]
        }
        for file in sqlFiles { arguments += ["--sql", file.plainPath] }
        for lock in locks { arguments += ["--lock", lock.plainPath] }
        return .buildCommand(
            displayName: "Generating the routes of \(target)",
            executable: tool,
            arguments: arguments,
            inputFiles: manifests + sqlFiles + locks,
            outputFiles: Set(outputs).sorted { $0.plainPath < $1.plainPath }
        )
    }

    /// The generated file, whose name depends only on the manifest's. The tool reports manifests of one name in several
    /// folders, which would generate the same type.
    private func output(for manifest: URL) -> URL {
        let name = manifest.deletingPathExtension().lastPathComponent
        return outputFolder.appending(path: "\(name).generated.swift")
    }
}

/// The error that prevents a command.
struct PluginError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension URL {
    /// The path without percent-encoding.
    fileprivate var plainPath: String { path(percentEncoded: false) }

    /// Tells whether the file's name is `name`, or a prefix, a dot and `name`.
    fileprivate func isNamed(_ name: String) -> Bool {
        lastPathComponent == name || lastPathComponent.hasSuffix(".\(name)")
    }
}

extension String {
    /// The path without a trailing slash.
    fileprivate var trimmingSlash: String { hasSuffix("/") && count > 1 ? String(dropLast()) : self }
}
