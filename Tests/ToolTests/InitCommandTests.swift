import ArgumentParser
import Foundation
import RouteDocuments
import RouteModel
import Testing

@testable import cached_routes

@Suite("cached-routes init")
struct InitCommandTests {
    /// Calls `body` with a folder that has a package beside it.
    private static func withDependency(_ body: (URL) async throws -> Void) async throws {
        try await withTemporaryFolder { root in
            try write("", to: root.appending(path: "CachedRoutes/Package.swift"))
            try await body(root)
        }
    }

    private static func write(_ text: String, to file: URL) throws {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private static func path(_ url: URL) -> String { url.path(percentEncoded: false) }

    private static func text(_ file: URL) throws -> String { try String(contentsOf: file, encoding: .utf8) }

    @Test("writes a package whose manifest is right and names its schema")
    func files() async throws {
        try await Self.withDependency { root in
            let folder = root.appending(path: "Shop_1", directoryHint: .notDirectory)
            let output = try InitCommand.parse([Self.path(folder)]).outcome()
            #expect(output.hasPrefix("wrote \(Self.path(folder))/Package.swift\n"), "\(output)")
            #expect(
                output.contains(
                    "  cd \(Self.path(folder))\n  cached-routes serve --watch --temporary --schema database/schema.sql\n"
                )
            )
            let package = try Self.text(folder.appending(path: "Package.swift"))
            #expect(package.contains(#"name: "Shop_1""#) && package.contains(#"path: "../CachedRoutes""#))
            let manifest = folder.appending(path: "Sources/Shop_1/routes.yaml")
            let lines = try Self.text(manifest).split(separator: "\n")
            #expect(lines[0] == "# yaml-language-server: $schema=.routes.schema.json")
            let routes = try ManifestRoutes([Self.path(manifest)]).all
            #expect(routes.map(\.name) == ["listNotes", "getNote", "addNote"])
            #expect(routes.allSatisfy { $0.declaration.signature.namespace == "shop-1" })
            let schema = try Self.text(folder.appending(path: "Sources/Shop_1/.routes.schema.json"))
            #expect(try JSONSerialization.jsonObject(with: Data(schema.utf8)) is [String: Any])
            #expect(try Self.text(folder.appending(path: "database/schema.sql")).hasPrefix("CREATE TABLE notes ("))
            #expect(
                try Self.text(folder.appending(path: "Tests/Shop_1Tests/RouteTests.swift")).contains(
                    "@testable import Shop_1\n"
                )
            )
            #expect(try Self.text(folder.appending(path: ".gitignore")) == ".build/\n")
        }
    }

    @Test("leaves files alone that exist")
    func existing() async throws {
        try await Self.withDependency { root in
            let folder = root.appending(path: "Notes")
            try Self.write("mine", to: folder.appending(path: "Package.swift"))
            try Self.write("mine, too", to: folder.appending(path: "Sources/Notes/routes.yaml"))
            let output = try InitCommand.parse([Self.path(folder)]).outcome()
            #expect(
                output.hasPrefix("exists, left alone: \(Self.path(folder))/Package.swift\nexists, left alone: "),
                "\(output)"
            )
            #expect(output.contains("\nwrote \(Self.path(folder))/Sources/Notes/main.swift\n"))
            #expect(try Self.text(folder.appending(path: "Package.swift")) == "mine")
            #expect(try Self.text(folder.appending(path: "Sources/Notes/routes.yaml")) == "mine, too")
            #expect(try InitCommand.parse([Self.path(folder)]).outcome().contains("wrote ") == false)
        }
    }

    @Test("says how to go on, with the tool as it was started")
    func nextSteps() async throws {
        try await Self.withDependency { root in
            let folder = Self.path(root.appending(path: "my tickets"))
            let named = try InitCommand.parse([folder]).outcome(startedAs: "cached-routes")
            #expect(
                named.contains("\nthe target is called Notes, because 'my tickets' can't be a module; see --name\n"),
                "\(named)"
            )
            #expect(named.contains("\n  cd '\(folder)'\n  cached-routes serve --watch"), "\(named)")
            #expect(named.contains("\n  swift test\n"))
            let here = URL.currentDirectory().standardizedFileURL.path(percentEncoded: false)
            let built = try InitCommand.parse([folder]).outcome(startedAs: ".build/debug/cached-routes")
            #expect(built.contains("/.build/debug/cached-routes serve --watch"))
            #expect(built.contains(here.split(separator: "/").last ?? ""))
            let absolute = try InitCommand.parse([folder]).outcome(startedAs: "/opt/the tool/cached-routes")
            #expect(absolute.contains("\n  '/opt/the tool/cached-routes' serve --watch"))
        }
    }

    @Test("names the package as told, or as the folder, or Notes")
    func names() async throws {
        try await Self.withDependency { root in
            for (folder, arguments, name) in [
                ("Shop", [], "Shop"), ("my-shop", [], "Notes"), ("7up", [], "Notes"), ("Testing", [], "Notes"),
                ("other", ["--name", "Orders"], "Orders"),
            ] {
                let package = root.appending(path: folder)
                _ = try InitCommand.parse([Self.path(package)] + arguments).outcome()
                #expect(
                    FileManager.default.fileExists(
                        atPath: Self.path(package.appending(path: "Sources/\(name)/main.swift"))
                    )
                )
            }
        }
        for name in ["", "a-b", "1a", "CachedRoutes", "ü"] {
            #expect(throws: (any Error).self) { try InitCommand.parse(["x", "--name", name]) }
        }
    }

    @Test("finds CachedRoutes from the package's folder or from here, or asks for it")
    func dependency() async throws {
        try await Self.withDependency { root in
            func line(_ folder: String, _ path: String?) throws -> String? {
                let package = root.appending(path: folder)
                _ = try InitCommand.parse([Self.path(package)] + (path.map { ["--dependency", $0] } ?? [])).outcome()
                return try Self.text(package.appending(path: "Package.swift")).firstMatch(of: /, path: "(.*?)"\)/)
                    .map { String($0.1) }
            }
            let clone = Self.path(root.appending(path: "CachedRoutes", directoryHint: .notDirectory))
            let (absolute, near) = (try line("a", clone), try line("b/c", "../../CachedRoutes"))
            #expect(absolute == clone)
            #expect(near == "../../CachedRoutes")
            #expect(throws: ValidationError.self) { try line("d/e", nil) }
            #expect(throws: ValidationError.self) { try line("f", "../Other") }
            #expect(!FileManager.default.fileExists(atPath: Self.path(root.appending(path: "f"))))
            // From here: the way is told as the package sees it, which is deeper than this folder.
            let here = URL.currentDirectory().standardizedFileURL.pathComponents.dropFirst()
            let relative = here.map { _ in "../" }.joined() + clone.dropFirst()
            let deep = [String](repeating: "g", count: here.count + 9)
            let far = try line(deep.joined(separator: "/"), relative)
            #expect(far == deep.map { _ in "../" }.joined() + "CachedRoutes")
        }
    }
}
