import RouteManifest
import Testing

/// Parses a manifest called `routes.yaml`.
func parse(_ source: String, files: [String: String] = [:]) -> (manifest: Manifest?, diagnostics: [Diagnostic]) {
    ManifestParser.parse(source: source, file: "routes.yaml", typeName: "Routes") { path throws(SQLFileError) in
        guard let text = files[path] else { throw .notFound }
        guard text != "unreadable" else { throw .unreadable("permission denied") }
        return text
    }
}

/// What a build prints for a manifest, a line for each diagnostic and note, without the file's name where it is the manifest.
func lines(_ source: String, files: [String: String] = [:]) -> [String] {
    let result = parse(source, files: files)
    let hasErrors = result.diagnostics.contains { $0.severity == .error }
    #expect(hasErrors == (result.manifest == nil), "there is a manifest exactly when there is no error")
    #expect(result.diagnostics.map(\.location) == result.diagnostics.map(\.location).sorted())
    return result.diagnostics.map(\.description).joined(separator: "\n").split(separator: "\n").map { line in
        line.hasPrefix("routes.yaml:") ? String(line.dropFirst("routes.yaml:".count)) : String(line)
    }
}

/// A manifest with one route; the text's first line is line 5 and its first column column 5.
func oneRoute(_ text: String) -> String {
    let indented = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }
    return "version: 1\nnamespace: n\nroutes:\n  r:\n" + indented.joined(separator: "\n") + "\n"
}

/// A manifest in, exact lines out.
struct Golden: Sendable, CustomTestStringConvertible {
    var name: String
    var source: String
    var expected: [String]
    var files: [String: String] = [:]

    var testDescription: String { name }

    init(_ name: String, _ source: String, _ expected: String..., files: [String: String] = [:]) {
        self.name = name
        self.source = source
        self.expected = expected
        self.files = files
    }

    /// A manifest with one route.
    static func route(_ name: String, _ text: String, _ expected: String..., files: [String: String] = [:]) -> Golden {
        var golden = Golden(name, oneRoute(text))
        golden.expected = expected
        golden.files = files
        return golden
    }

    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        let actual = lines(source, files: files)
        #expect(actual == expected, "\(source)", sourceLocation: sourceLocation)
    }
}
