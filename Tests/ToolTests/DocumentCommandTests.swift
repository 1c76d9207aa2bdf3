import ArgumentParser
import Foundation
import RouteDocuments
import Testing

@testable import cached_routes

@Suite("cached-routes openapi and schema")
struct DocumentCommandTests {
    private static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = URL.temporaryDirectory.appending(path: "documents-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private static func manifest(_ namespace: String) -> Data {
        Data("version: 1\nnamespace: \(namespace)\nroutes: { r: { get: /\(namespace), handler: swift } }\n".utf8)
    }

    @Test(
        "openapi describes the manifests that it is given, in YAML or JSON, with the title, version and server that it is told"
    )
    func openAPI() throws {
        try Self.withFolder { folder in
            let files = ["routes.yaml", "more.routes.yaml"].map { folder.appending(path: $0) }
            for (file, namespace) in zip(files, ["a", "b"]) { try Self.manifest(namespace).write(to: file) }
            let paths = files.map { $0.path(percentEncoded: false) }
            let yaml = try OpenAPICommand.parse([paths[0]]).text()
            #expect(yaml.hasPrefix("openapi: \"3.1.0\"\ninfo:\n  title: a\n"))
            #expect(yaml.contains("\n  /a:\n    get:\n"))
            let options = [
                "--format", "json", "--title", "T", "--api-version", "2.1", "--server", "https://example.com/x",
                "--extensions",
                "--security", "none",
            ]
            let json = try OpenAPICommand.parse([paths[0], "--manifest", paths[1]] + options).text()
            let document = try #require(Document(json: json))
            #expect(document["info"]?["title"] == "T")
            #expect(document["info"]?["version"] == "2.1")
            #expect(document["servers"] == [["url": "https://example.com/x"]])
            #expect(document["paths"]?["/b"]?["get"]?["x-cached-routes"]?["ttl"] == "60000ms")
            #expect(document["paths"]?["/a"]?["get"]?["security"] == nil)
            let output = folder.appending(path: "openapi.yaml").path(percentEncoded: false)
            try OpenAPICommand.parse([paths[0], "--output", output]).run()
            #expect(try String(contentsOfFile: output, encoding: .utf8) == yaml)
            #expect(throws: ValidationError.self) {
                try OpenAPICommand.parse([paths[0], "--output", folder.path]).run()
            }
        }
    }

    @Test("schema prints the schema, to a file where it is told one")
    func schema() throws {
        try Self.withFolder { folder in
            let output = folder.appending(path: ".routes.schema.json").path(percentEncoded: false)
            try SchemaCommand.parse(["--output", output]).run()
            #expect(
                try String(contentsOfFile: output, encoding: .utf8) == JSONPrinter.text(of: ManifestSchema.document())
            )
        }
    }
}
