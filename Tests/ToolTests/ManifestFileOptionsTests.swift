import ArgumentParser
import Foundation
import RouteManifest
import RouteServing
import Testing

@testable import cached_routes

@Suite("Manifests on the command line")
struct ManifestFileOptionsTests {
    /// The namespaces of the manifests that the options name, or the error.
    private static func namespaces(_ manifests: [(path: String, text: String)], _ named: [String]) throws -> [String] {
        let folder = URL.temporaryDirectory.appending(path: "manifests-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        for (path, text) in manifests {
            let file = folder.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        let arguments = named.flatMap { ["--manifest", folder.path(percentEncoded: false) + "/\($0)"] }
        return try ManifestFileOptions.parse(arguments).manifests().map(\.namespace)
    }

    private static func manifest(_ namespace: String) -> String {
        "version: 1\nnamespace: \(namespace)\nroutes: { r: { get: /r, handler: swift } }\n"
    }

    @Test("Manifests of several targets may have one type and one path")
    func targets() throws {
        let files = [("Sources/A/routes.yaml", Self.manifest("a")), ("Sources/B/More/routes.yaml", Self.manifest("b"))]
        #expect(try Self.namespaces(files, files.map(\.0)) == ["a", "b"])
    }

    @Test("Manifests of one target are checked against each other")
    func oneTarget() {
        let files = [
            ("Sources/A/routes.yaml", Self.manifest("a")), ("Sources/A/More/b.routes.yaml", Self.manifest("b")),
        ]
        #expect(throws: ExitCode(1)) { try Self.namespaces(files, files.map(\.0)) }
        let beside = [("x/routes.yaml", Self.manifest("a")), ("x/b.routes.yaml", Self.manifest("b"))]
        #expect(throws: ExitCode(1)) { try Self.namespaces(beside, beside.map(\.0)) }
    }

    @Test("A file that can't be read has its place, in the words of a server that serves it")
    func unreadable() async throws {
        try await withTemporaryFolder { folder in
            func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }
            let text = "version: 1\nnamespace: n\nroutes: { r: { get: /r, sql-file: a.sql } }\n"
            try FileManager.default.createDirectory(atPath: path("a.sql"), withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: path("routes.lock.json"), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(filePath: path("routes.yaml")))
            try Data([0xFF]).write(to: URL(filePath: path("b.routes.yaml")))
            for (file, messages) in [
                (
                    "routes.yaml",
                    ["the lock cannot be read: it is a folder", "'sql-file' 'a.sql' cannot be read: it is a folder"]
                ),
                ("b.routes.yaml", ["the manifest cannot be read: it is not UTF-8"]),
                ("c.routes.yaml", ["the manifest cannot be read: the file does not exist"]),
            ] {
                var found: [Diagnostic] = []
                #expect(throws: ExitCode(1)) { try ManifestRoutes([path(file)]) { found.append($0) } }
                #expect(found.map(\.message) == messages)
                #expect(found.allSatisfy { $0.location.file.hasPrefix(path("")) })
                let manifests = ServedManifests(targets: [[path(file)]])
                let files = manifests.read([:]).files.union(manifests.paths)
                let first = manifests.read(Files.contents(of: files))
                let served = manifests.read(Files.contents(of: first.files.union(files)))
                #expect(Set(served.diagnostics) == Set(found))
            }
        }
    }

    @Test(
        "A manifest that is named twice is an error that says so",
        arguments: ["x/routes.yaml", "x/../x/./routes.yaml"]
    )
    func repetition(other: String) throws {
        let error = try #require(
            #expect(throws: ValidationError.self) {
                try Self.namespaces([("x/routes.yaml", Self.manifest("a"))], ["x/routes.yaml", other])
            }
        )
        #expect(error.message.contains("is named twice"))
    }

    @Test("Manifests are found through links to folders, each once, and a loop of links ends")
    func links() async throws {
        try await withTemporaryFolder { root in
            func path(_ name: String) -> String { root.appending(path: name).path(percentEncoded: false) }
            func link(_ name: String, to destination: String) throws {
                try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: destination)
            }
            for folder in ["Sources/A", "Sources/.hidden", "B2/more", "Sources/C/routes.yaml"] {
                try FileManager.default.createDirectory(atPath: path(folder), withIntermediateDirectories: true)
            }
            for file in [
                "Sources/A/routes.yaml", "Sources/.hidden/routes.yaml", "B2/routes.yaml", "B2/more/b.routes.yaml",
            ] {
                try Data(Self.manifest("n").utf8).write(to: root.appending(path: file))
            }
            try link("Sources/B", to: "../B2")
            try link("Sources/D", to: "../B2")
            try link("Sources/A/all", to: "..")
            try link("B2/more/loop", to: "../../Sources/B")
            try link("Sources/E", to: "F")
            try link("Sources/F", to: "E")
            try link("Sources/A/c.routes.yaml", to: "nowhere")
            let found = ManifestFileOptions.found(under: path("Sources"))
            #expect(
                found == ["A/routes.yaml", "B/more/b.routes.yaml", "B/routes.yaml"].map { path("Sources/\($0)") }
            )
            // A target is the folder below Sources, which the link is.
            #expect(try ManifestFileOptions.grouped(found).map(\.count) == [1, 2])
        }
    }
}
