import Foundation
import RouteManifest
import Testing

@testable import cached_routes_generator

/// Mistakes that first-time users make, from `Tests/Mistakes`. Each is found where its reader would look for it.
@Suite struct MistakesTests {
    /// Mistakes of which something else is said first, or nothing. One that is mended has to leave the list.
    static let open: Set<String> = []

    @Test(arguments: Mistake.all)
    func firstMessageIsAtTheMistake(_ mistake: Mistake) throws {
        guard !Self.open.contains(mistake.name) else {
            return withKnownIssue { try check(mistake) }
        }
        try check(mistake)
    }

    private func check(_ mistake: Mistake) throws {
        let diagnostics = try mistake.diagnostics()
        let text = diagnostics.map(\.description).joined(separator: "\n")
        let first = try #require(diagnostics.first, "nothing is said of it")
        #expect(first.severity == mistake.severity, "\(text)")
        #expect(first.location.file == mistake.file, "\(text)")
        #expect(first.location.line == mistake.line, "\(text)")
        #expect(mistake.columns.contains(first.location.column), "\(text)")
    }

    @Test func thereAreMistakesOfEachKind() {
        let counts = Dictionary(grouping: Mistake.all, by: \.group).mapValues(\.count)
        #expect(
            Set(counts.keys) == ["keys", "types", "indentation", "sql", "inputs", "tags", "tables", "several", "lock"],
            "a file without an expectation is no case"
        )
        #expect(counts.values.reduce(0, +) >= 145)
    }
}

/// A manifest, or the files of a target, with one mistake.
struct Mistake: Sendable, CustomTestStringConvertible {
    /// The path of the case below `Tests/Mistakes`.
    var name: String
    /// The file in which the mistake is, as diagnostics name it.
    var file: String
    var line: Int
    var columns: ClosedRange<Int>
    var severity: Diagnostic.Severity

    /// The folder of the case, which tells its kind.
    var group: String { String(name.prefix { $0 != "/" }) }
    var testDescription: String { name }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Mistakes")

    /// All cases: each has one file that begins with an expectation.
    static let all: [Mistake] = {
        let prefix = folder.resolvingSymlinksInPath().path(percentEncoded: false)
        let files = FileManager.default.enumerator(
            at: folder.resolvingSymlinksInPath(),
            includingPropertiesForKeys: nil
        )
        return (files?.allObjects ?? []).compactMap { $0 as? URL }
            .compactMap { file in
                let path = file.path(percentEncoded: false)
                guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
                return Mistake(path: String(path.dropFirst(prefix.count).drop { $0 == "/" }), text: text)
            }
            .sorted { $0.name < $1.name }
    }()

    /// Reads `# expect: 7:5-9 mistake`, `# expect warning: …` or, in a `.sql` file, `-- expect: …`; `nil` without it. A file
    /// without comments has its expectation in the manifest: `# expect in routes.lock.json: …`.
    private init?(path: String, text: String) {
        let expectation =
            /(?:#|--) expect(?<warning> warning)?(?: in (?<other>[^ :]+))?: (?<line>\d+):(?<first>\d+)(?:-(?<last>\d+))? .+/
        let parts = path.split(separator: "/")
        guard parts.count >= 2, let firstLine = text.split(separator: "\n").first,
            let match = firstLine.wholeMatch(of: expectation),
            let line = Int(match.line), let first = Int(match.first), let last = Int(match.last ?? match.first)
        else { return nil }
        name = parts.prefix(2).joined(separator: "/")
        let own = parts.count == 2 ? "routes.yaml" : parts.dropFirst(2).joined(separator: "/")
        file = match.other.map(String.init) ?? own
        self.line = line
        columns = first...max(first, last)
        severity = match.warning == nil ? .error : .warning
    }

    /// The messages of the build, with files' paths from the case's folder.
    func diagnostics() throws -> [Diagnostic] {
        let place = Self.folder.appending(path: name)
        guard !name.hasSuffix(".yaml") else {
            return parse(try String(contentsOf: place, encoding: .utf8)).diagnostics
        }
        let folder = place.path(percentEncoded: false)
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
        var arguments = ["--root", folder]
        for file in files {
            let path = "\(folder)/\(file)"
            if file.hasSuffix(".yaml") { arguments += ["--manifest", path, "--output", "\(path).swift"] }
            if file.hasSuffix(".sql") { arguments += ["--sql", path] }
            if file.hasSuffix(".lock.json") { arguments += ["--lock", path] }
        }
        return Generator(try Arguments(arguments)).diagnostics.map { diagnostic in
            var diagnostic = diagnostic
            diagnostic.location.file = String(diagnostic.location.file.dropFirst(folder.count + 1))
            return diagnostic
        }
    }
}
