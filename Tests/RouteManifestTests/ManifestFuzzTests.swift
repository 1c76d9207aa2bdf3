import Foundation
import Fuzzing
import RouteManifest
import Testing

/// Manifests that are wrong in a few places, wherever these are.
@Suite struct ManifestFuzzTests {
    private static let mutation = ByteMutation(pieces: [
        "\n", "\n  ", "\n    ", "\n      ", "\t", "\r\n", "\r", ":", ": ", "- ", "-", "{", "}", "[", "]", ",", "#",
        " #", "&a ", "*a", "<<: *a",
        "!!str ", "!x ", "|", "|2\n", ">-\n", "'", "\"", "\\", "\\x", "?", "? ", "%YAML 1.1\n", "---\n", "...\n", "@",
        "`", "\0", "\u{85}",
        "\u{2028}", "\u{FEFF}", "é", "\u{1F600}", "null", "~", "true", "yes", "0x10", "1:30", "-1",
        "99999999999999999999", "1e9",
        "version: 1", "namespace: n", "routes:", "get: /x/{id}", "post: /x", "query: { a: int }", "body: { a: json }",
        "sql: SELECT :a",
        "cache: 60s", "tags: [ a ]", "defaults:", "tables: [ t ]", "warm: { every: 60s }", "allow: [ no-limit ]",
        "{id}", "returns: one",
        "type: [int]", "default: 1", "min: 1", "one-of: [ a ]", "precondition: r", "purges: [ a ]", "handler",
        "public: true",
    ])

    /// The manifests of `Tests/Mistakes`, which have a mistake each, and one without.
    private static let manifests: [[UInt8]] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
            path: "Mistakes"
        )
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        let paths = (files?.allObjects ?? []).compactMap { ($0 as? URL)?.path }.filter { $0.hasSuffix(".yaml") }
            .sorted()
        return paths.compactMap { FileManager.default.contents(atPath: $0).map(Array.init) } + [Array(whole.utf8)]
    }()

    private static let whole = """
        version: 1
        namespace: shop
        defaults: { timeout: 2s, cache: { ttl: 60s, stale-if-error: 10m } }
        routes:
          listUsers:
            get: /users
            public: true
            query:
              limit: { type: int, default: 20, min: 1, max: 100 }
              ids: { type: "[uuid]", optional: true }
            sql: |
              SELECT id, name FROM users WHERE id = ANY(:ids) ORDER BY id LIMIT :limit
          getUser:
            get: /users/{id}
            public: true
            path: { id: int }
            cache: { ttl: 5m, tags: [ users, "user:{id}" ] }
            returns: one
            sql: "SELECT id, name FROM users WHERE id = :id"
          createUser:
            post: /users
            public: true
            body:
              name: { type: string, min-length: 1 }
              data: { type: json, optional: true }
            returns: one
            status: 201
            sql: INSERT INTO users (name, data) VALUES (:name, :data) RETURNING id
        """

    @Test("A manifest that is wrong anywhere is a manifest or has an error, with places that it has")
    func mutated() {
        #expect(Self.manifests.count > 140)
        for seed in FuzzCases(2_500) {
            var random = SeededRandom(seed: seed)
            var bytes = random.oneIn(3) ? Array(Self.whole.utf8) : random.pick(Self.manifests)
            Self.mutation.apply(random.pick([1, 1, 2, 3, 8]), to: &bytes, &random)
            Self.check(String(decoding: bytes, as: UTF8.self), seed: seed)
        }
    }

    @Test("What stands in itself, or many times in something, is a manifest or has an error")
    func deep() {
        for seed in FuzzCases(60) {
            var random = SeededRandom(seed: seed)
            let count = random.number(100...(random.oneIn(10) ? 20_000 : 3_000))
            let piece = random.pick([
                "[", "{", "{ a: ", "[ {", "- ", "? ", "&a ", "!x ", "[]", "'", "\"", "*a ", "(", "{a}", "/{a}", "\n- ",
                "#\n",
            ])
            let key = random.pick(["get", "sql", "query", "cache", "tags", "body", "tables", "x", "returns"])
            let text = String(repeating: piece, count: count)
            let source = random.oneIn(3) ? text : oneRoute("get: /x\npublic: true\n\(key): \(text)")
            Self.check(source, seed: seed)
            // Each of them stands in the next one, three times: whoever looks at every one of them comes to no end.
            let aliases = (1...40).map { "a\($0): &a\($0) [ *a\($0 - 1), *a\($0 - 1), *a\($0 - 1) ]" }.joined(
                separator: "\n"
            )
            Self.check("a0: &a0 x\n\(aliases)\n" + source, seed: seed)
            // Of duplicate keys all are looked for.
            Self.check("a0: &a0 x\nb: 1\nb: 2\n\(aliases)\n", seed: seed)
        }
    }

    @Test("Each of a hundred duplicate keys is found, and of more the first", arguments: [1, 99, 100, 101, 150])
    func duplicates(count: Int) {
        let keys = (0..<count).map { "k\($0): 1\nk\($0): 2\n" }.joined()
        for _ in FuzzCases(1) {
            let errors = parse("version: 1\nnamespace: n\n\(keys)routes: {}\n").diagnostics.filter {
                "\($0)".contains("duplicate key")
            }
            #expect(errors.count == (count <= 100 ? count : 1))
        }
    }

    private static func check(_ source: String, seed: UInt64) {
        let (manifest, diagnostics) = parse(source, files: ["sql/get_user.sql": "SELECT 1"])
        let hasErrors = diagnostics.contains { $0.severity == .error }
        #expect(hasErrors == (manifest == nil), "seed \(seed): \(escaped(source.utf8.prefix(2000)))")
        #expect(diagnostics.map(\.location) == diagnostics.map(\.location).sorted(), "seed \(seed)")
        // LF, CR and CRLF end lines, and to YAML 1.1 so do a few others.
        let lineCount = source.unicodeScalars.count { ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains($0) } + 1
        for diagnostic in diagnostics where diagnostic.location.file == "routes.yaml" {
            #expect(
                (1...lineCount).contains(diagnostic.location.line) && diagnostic.location.column >= 1,
                "seed \(seed): \(diagnostic)\n\(escaped(source.utf8.prefix(2000)))"
            )
        }
    }
}
