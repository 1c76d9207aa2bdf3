import RouteCodegen
import RouteManifest
import RouteModel
import SQLCorpus
import Testing

@Suite struct CorpusTests {
    @Test("Every statement of the corpus is generated, with its text as it is bound")
    func statements() throws {
        let reads = SQLCorpus.reads
        for start in stride(from: 0, to: reads.count, by: 100) {
            let chunk = Array(reads[start..<min(start + 100, reads.count)])
            try check(chunk.count, SQLCorpus.manifest(of: chunk, form: .quoted))
        }
        for round in SQLCorpus.writes {
            let returns = round.map { $0.returnsRows ? "many" : "none" }
            try check(round.count, SQLCorpus.manifest(of: round.map(\.statement), form: .quoted, returns: returns))
        }
    }

    private func check(_ count: Int, _ source: String) throws {
        let result = ManifestParser.parse(source: source, file: "routes.yaml", typeName: "Routes") {
            _ throws(SQLFileError) in throw .notFound
        }
        let manifest = try #require(result.manifest, "\(result.diagnostics.filter { $0.severity == .error })")
        #expect(manifest.routes.count == count)
        let literals = Self.literals(in: RoutesFile(manifest, fileName: "routes.yaml").text)
        for route in manifest.routes {
            guard case .sql(let bound) = route.source else {
                Issue.record("\(route.name) has no statement")
                continue
            }
            #expect(literals.contains(bound.sql), "\(bound.sql)")
        }
    }

    /// The values of the string literals in a source file (The Swift Programming Language, Lexical Structure), which has no
    /// interpolations.
    private static func literals(in source: String) -> Set<String> {
        var found: Set<String> = []
        var lines = source.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let line = lines.popFirst() {
            guard !line.drop(while: { $0 == " " }).hasPrefix("//") else { continue }
            if line.hasSuffix("\"\"\"") {
                let isEnd: (Substring) -> Bool = { $0.drop { $0 == " " }.hasPrefix("\"\"\"") }
                let text = lines.prefix { !isEnd($0) }
                lines = lines.dropFirst(text.count)
                let indentation = lines.first?.prefix { $0 == " " }.count ?? 0
                found.insert(unescaped(text.map { $0.dropFirst(indentation) }.joined(separator: "\n")[...]))
                lines = lines.dropFirst()
                continue
            }
            var rest = line[...]
            while let quote = rest.unicodeScalars.firstIndex(of: "\"") {
                let start = rest.unicodeScalars.index(after: quote)
                var end = start
                while rest.unicodeScalars[end] != "\"" {
                    if rest.unicodeScalars[end] == "\\" { end = rest.unicodeScalars.index(after: end) }
                    end = rest.unicodeScalars.index(after: end)
                }
                found.insert(unescaped(rest[start..<end]))
                rest = rest[rest.unicodeScalars.index(after: end)...]
            }
        }
        return found
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = String.UnicodeScalarView()
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            guard scalar == "\\", let next = scalars.popFirst() else {
                result.append(scalar)
                continue
            }
            switch next {
            case "n": result.append("\n")
            case "r": result.append("\r")
            case "t": result.append("\t")
            case "u":
                let digits = String(scalars.dropFirst().prefix { $0 != "}" })
                scalars = scalars.dropFirst(digits.count + 2)
                result.append(UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "?")
            default: result.append(next)
            }
        }
        return String(result)
    }
}
