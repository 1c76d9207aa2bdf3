import ArgumentParser
import Foundation
import RouteDocuments

/// The command that writes a package to begin with.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Writes a package with a manifest, a table, and a test.",
        discussion: """
            Files that exist are left alone. The manifest's first line names the schema beside it, by which editors complete and check \
            it.

              cached-routes init Notes --dependency ../CachedRoutes
            """
    )

    @Argument(help: "The folder of the package, which is made if it is not there.")
    var folder = "."

    @Option(help: "The name of the package and of its target. Default: the folder's, or else Notes.")
    var name: String?

    @Option(
        help: ArgumentHelp(
            "The folder of CachedRoutes, from the package's folder or from here. Default: ../CachedRoutes.",
            valueName: "path"
        )
    )
    var dependency: String?

    func validate() throws {
        guard !folder.isEmpty else { throw ValidationError("the folder has no name; leave it out for this folder") }
        guard let name, !StarterPackage.isName(name) else { return }
        throw ValidationError(
            "'\(name)' can't be the name of a module here; write a letter, then letters, digits and '_', and no keyword of Swift"
        )
    }

    func run() throws { print(try outcome(startedAs: CommandLine.arguments.first ?? ""), terminator: "") }

    /// Writes the files, and returns what was done.
    ///
    /// - Parameter tool: the name or the path by which the tool was started.
    func outcome(startedAs tool: String = "cached-routes") throws -> String {
        let root = URL(filePath: folder, directoryHint: .isDirectory).absoluteURL.standardizedFileURL
        let starter = StarterPackage(
            name: packageName(root),
            dependency: try dependencyPath(from: root),
            schema: JSONPrinter.text(of: ManifestSchema.document())
        )
        var lines: [String] = []
        for file in starter.files {
            let path =
                folder == "." ? file.path : "\(folder.hasSuffix("/") ? String(folder.dropLast()) : folder)/\(file.path)"
            lines.append(try Self.write(file.text, to: root.appending(path: file.path), named: path))
        }
        if starter.name != root.lastPathComponent, name == nil {
            lines.append(
                "the target is called \(starter.name), because '\(root.lastPathComponent)' can't be a module; see --name"
            )
        }
        lines += ["", "Go on with:"]
        if folder != "." { lines.append("  cd \(Self.quoted(folder))") }
        // A path has to lead to the tool from the package's folder, too.
        let command = tool.contains("/") ? Self.plain(URL(filePath: tool).absoluteURL.standardizedFileURL) : tool
        lines += [
            "  \(Self.quoted(command)) serve --watch --temporary --schema database/schema.sql",
            "  swift test",
            "  DATABASE_URL=postgresql://… REDIS_URL=redis://127.0.0.1 swift run",
        ]
        return lines.map { $0 + "\n" }.joined()
    }

    private func packageName(_ root: URL) -> String {
        let last = root.lastPathComponent
        return name ?? (StarterPackage.isName(last) ? last : "Notes")
    }

    /// The path of CachedRoutes from the package's folder.
    private func dependencyPath(from root: URL) throws -> String {
        let path = dependency ?? "../CachedRoutes"
        func hasPackage(_ folder: URL) -> Bool {
            FileManager.default.fileExists(atPath: folder.appending(path: "Package.swift").path(percentEncoded: false))
        }
        if path.hasPrefix("/") {
            if hasPackage(URL(filePath: path)) { return path }
        } else {
            // The package's folder may not exist yet, so that '..' is resolved by its name.
            let base = root.path(percentEncoded: false)
            if hasPackage(URL(filePath: "\(base)/\(path)").standardizedFileURL) { return path }
            let here = URL(filePath: path, directoryHint: .isDirectory).absoluteURL.standardizedFileURL
            if dependency != nil, hasPackage(here) { return Self.path(to: here, from: root) }
        }
        throw ValidationError(
            dependency == nil
                ? "there is no Package.swift in ../CachedRoutes, seen from the package's folder; name the folder of CachedRoutes by "
                    + "--dependency"
                : "there is no Package.swift in '\(path)', seen from the package's folder or from here; name the folder of "
                    + "CachedRoutes by --dependency"
        )
    }

    /// The relative path of a folder, seen from another one.
    private static func path(to folder: URL, from other: URL) -> String {
        let (to, from) = (folder.pathComponents, other.pathComponents)
        let common = zip(to, from).prefix { $0 == $1 }.count
        return (from.dropFirst(common).map { _ in ".." } + to.dropFirst(common)).joined(separator: "/")
    }

    /// A word as a shell reads it, in quotes if it needs them.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "/._-+~".contains($0) }
        return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }

    private static func plain(_ file: URL) -> String { file.path(percentEncoded: false) }

    /// Writes a file that does not exist.
    ///
    /// - Returns: what was done, a line.
    private static func write(_ text: String, to file: URL, named path: String) throws -> String {
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file, options: .withoutOverwriting)
            return "wrote \(path)"
        } catch CocoaError.fileWriteFileExists where FileManager.default.fileExists(atPath: Self.plain(file)) {
            return "exists, left alone: \(path)"
        } catch {
            throw ValidationError("\(path) can't be written: \(error.localizedDescription)")
        }
    }
}
