import Foundation
import PackagePlugin

/// What is generated for one target.
struct Generation {
    let target: String
    /// The package's folder.
    let package: URL
    /// Where a manifest would be created.
    let folder: URL
    /// All files of the target.
    let files: [URL]
    let outputFolder: URL

    /// The command that generates a Swift file for each manifest.
    ///
    /// - Throws: ``PluginError`` when there is no manifest.
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
        let outputs = manifests.map(output)
        return .buildCommand(
            displayName: "Generating the routes of \(target)",
            executable: tool,
            arguments: ["--root", package.plainPath.trimmingSlash]
                + zip(manifests, outputs).flatMap { ["--manifest", $0.plainPath, "--output", $1.plainPath] }
                + sqlFiles.flatMap { ["--sql", $0.plainPath] },
            inputFiles: manifests + sqlFiles,
            outputFiles: Set(outputs).sorted { $0.plainPath < $1.plainPath }
        )
    }

    /// The output's name follows from the manifest's name alone. Manifests of one name in several folders would generate the same
    /// type; the tool says so.
    private func output(for manifest: URL) -> URL {
        let name = manifest.deletingPathExtension().lastPathComponent
        return outputFolder.appending(path: "\(name).generated.swift")
    }
}

/// Why there is no command.
struct PluginError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension URL {
    /// The path as files are opened by it: with its spaces.
    fileprivate var plainPath: String { path(percentEncoded: false) }

    /// Whether the file is called `name`, or `name` behind a prefix and a dot.
    fileprivate func isNamed(_ name: String) -> Bool {
        lastPathComponent == name || lastPathComponent.hasSuffix(".\(name)")
    }
}

extension String {
    /// The path of a folder without a slash at its end.
    fileprivate var trimmingSlash: String { hasSuffix("/") && count > 1 ? String(dropLast()) : self }
}
