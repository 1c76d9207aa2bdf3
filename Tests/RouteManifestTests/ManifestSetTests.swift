import RouteModel
import Testing

@testable import RouteManifest

@Suite("The manifests of a target")
struct ManifestSetTests {
    /// What a build prints for the manifests `a.routes.yaml`, `b.routes.yaml` and so on, each given from its `routes` or whole.
    private static func lines(_ manifests: [String], files: [String: String] = [:]) -> [String] {
        let set = set(manifests, files: files)
        let hasErrors = set.diagnostics.contains { $0.severity == .error }
        #expect(set.manifests.count == (hasErrors ? 0 : manifests.count), "there are manifests when there is no error")
        #expect(set.diagnostics.map(\.location) == set.diagnostics.map(\.location).sorted())
        return set.diagnostics.map(\.description).joined(separator: "\n").split(separator: "\n").map(String.init)
    }

    private static func set(_ manifests: [String], files: [String: String] = [:]) -> ManifestSet {
        let sources = zip("abcdefgh", manifests).map { name, text in
            ManifestSet.Source(
                file: "\(name).yaml",
                text: text.hasPrefix("version") ? text : "version: 1\nnamespace: \(name)\nroutes:\n  \(text)\n",
                typeName: "\(name.uppercased())Routes"
            )
        }
        return ManifestSet(sources) { path, _ throws(SQLFileError) in
            guard let text = files[path] else { throw .notFound }
            return text
        }
    }

    private static func manifest(_ namespace: String, base: String = "/", _ routes: String...) -> String {
        let basePath = base == "/" ? "" : "base-path: \(base)\n"
        return "version: 1\nnamespace: \(namespace)\n\(basePath)routes:\n" + routes.map { "  \($0)\n" }.joined()
    }

    @Test("Two routes of one method and one shape are an error at the second, and a note at the first")
    func paths() {
        #expect(
            Self.lines([
                "u: { get: '/users/{id}', path: { id: int }, handler: swift }",
                "v: { get: '/users/{name}', path: { name: string }, handler: swift }",
            ]) == [
                "b.yaml:4:8: error: route 'v' matches the same requests as 'u' of another manifest, 'GET /users/{name}'; one of the two "
                    + "needs another path, or 'base-path'",
                "a.yaml:4:8: note: 'u' is here",
            ]
        )
        // The same path in different pieces.
        let pieces = [
            Self.manifest("m", base: "/api/v1", "u: { put: /users, handler: swift }"),
            Self.manifest("n", base: "/api", "v: { put: /v1/users, handler: swift }"),
            Self.manifest("o", "w: { put: /api/v1/users/, handler: swift }"),
        ]
        #expect(
            Self.lines(pieces).filter { $0.contains(": error: ") }.map { $0.prefix(10) } == [
                "b.yaml:5:8", "c.yaml:4:8",
            ]
        )
    }

    @Test(
        "Other methods, other shapes and other bases stand side by side",
        arguments: [
            [
                "u: { get: '/u/{id}', path: { id: int }, handler: swift }",
                "u: { put: '/u/{userID}', path: { userID: int }, handler: swift }",
            ],
            ["u: { get: '/u/{id}', path: { id: int }, handler: swift }", "v: { get: /u/me, handler: swift }"],
            [
                manifest("a", base: "/a", "u: { get: /u, handler: swift }"),
                manifest("b", base: "/b", "u: { get: /u, handler: swift }"),
            ],
            // Each manifest has a context of its own.
            [
                "u: { get: /u, context: { id: int }, handler: swift }",
                "v: { get: /v, context: { id: uuid }, handler: swift }",
            ],
        ]
    )
    func fine(_ manifests: [String]) {
        #expect(Self.lines(manifests) == [])
    }

    @Test("A namespace has each name once")
    func names() {
        let manifests = [
            Self.manifest("n", "a: { get: /a, handler: swift }", "b: { get: /b, handler: swift }"),
            Self.manifest("n", "b: { post: /c, handler: swift }"),
            Self.manifest("m", "a: { get: /d, handler: swift }"),
        ]
        #expect(
            Self.lines(manifests) == [
                "b.yaml:4:3: error: the namespace 'n' has two routes called 'b', of which purges could not tell one from the "
                    + "other; rename one of them, or give one of the manifests another namespace",
                "a.yaml:5:3: note: the other one",
            ]
        )
    }

    @Test("Two manifests of one type are an error at the beginning of the second")
    func types() {
        let sources = ["x/r.yaml", "y/r.yaml"].enumerated().map { number, file in
            ManifestSet.Source(
                file: file,
                text: "version: 1\nnamespace: n\(number)\nroutes: { r\(number): { get: /\(number), handler: swift } }",
                typeName: "Routes"
            )
        }
        let set = ManifestSet(sources) { _, _ throws(SQLFileError) in throw .notFound }
        #expect(
            set.diagnostics.map(\.description) == [
                "y/r.yaml:1:1: error: two manifests of the target generate the type 'Routes', which has its name from the file; rename "
                    + "this one, such as 'books.routes.yaml'\n"
                    + "x/r.yaml:1:1: note: the other one"
            ]
        )
    }

    @Test("Tags are those of all manifests of a namespace, and of no other")
    func tags() {
        func write(_ namespace: String) -> String {
            Self.manifest(
                namespace,
                "w: { put: /w, handler: swift, invalidates: [ 'user:{id}', usr ], query: { id: int } }"
            )
        }
        let reads = Self.manifest(
            "n",
            "r: { get: /r, query: { x: int }, handler: swift, cache: { tags: [ 'user:{x}', users ] } }"
        )
        let expected = [
            "4:61: warning: no GET route of the namespace 'n' can have the tag 'usr'; this purges nothing unless another "
                + "target has such a route [unknown-tag]"
        ]
        for (manifests, file) in [([reads, write("n")], "b"), ([write("n"), reads], "a")] {
            #expect(Self.lines(manifests) == expected.map { "\(file).yaml:\($0)" })
        }
        #expect(Self.lines([reads, write("m")]).count == 2)
        // Something that can't be read may be the tag.
        let faulty = Self.manifest("n", "r: { get: /r, handler: swift, cache: { tags: [ 'a{' ] } }")
        #expect(Self.lines([faulty, write("n")]).count == 1)
        #expect(Self.lines(["version: 1\nroutes: {}", write("n")]).filter { $0.contains("warning") } == [])
        #expect(
            Self.lines([Self.manifest("o", "r: { get: /r }"), write("n")]).filter { $0.contains("warning") }.count == 2
        )
    }

    @Test("A fault of one manifest hides none of another one, and what two say of one file is said once")
    func independence() {
        let found = Self.lines(
            [
                "u: { get: /u, handler: swift, cache: { ttll: 5s } }",
                "version: 1\nnamespace: [\n",
                "u: { get: /u, handler: swift, timeout: never }",
                "v: { get: /v, sql-file: a.sql }",
                "w: { get: /w, sql-file: a.sql }",
            ],
            files: ["a.sql": "SELECT :nothing LIMIT 1"]
        )
        let errors = found.filter { $0.contains(": error: ") }
        #expect(errors.map { $0.prefix(6) } == ["a.sql:", "a.yaml", "b.yaml", "c.yaml", "c.yaml"])
        #expect(errors.contains { $0.contains("matches the same requests") })
    }

    @Test("Thousands of routes are checked without comparing each with all others")
    func scale() {
        let count = 800
        func entities(_ part: Int) -> [String] {
            (0..<count).map { number in
                "r\(part)x\(number): { get: '/e\(number)/{a}', path: { a: int }, handler: swift, cache: { tags: [ 'e\(number):{a}' ] } }"
            }
        }
        func writes() -> [String] {
            (0..<count).map { number in
                "w\(number): { put: '/e\(number)/{b}', path: { b: int }, handler: swift, invalidates: [ 'e\(number):{b}', e\(number):1 ] }"
            }
        }
        func text(_ routes: [String]) -> String {
            "version: 1\nnamespace: n\nroutes:\n" + routes.map { "  \($0)\n" }.joined()
        }
        let set = Self.set([text(entities(0)), text(writes())])
        #expect(set.diagnostics == [])
        #expect(set.manifests.map(\.routes.count) == [count, count])
        // Each of them clashes with one, and no more.
        let clashes = Self.set([text(entities(0)), text(entities(1))])
        #expect(clashes.diagnostics.count == count)
    }
}

@Suite("cache: off")
struct CacheOffTests {
    private func route(_ text: String, defaults: String = "") -> ManifestRoute? {
        let head = defaults.isEmpty ? "" : "defaults: \(defaults)\n"
        let result = parse("version: 1\nnamespace: n\n\(head)routes:\n  r: { get: /r, handler: swift\(text) }\n")
        #expect(result.diagnostics == [])
        return result.manifest?.routes.first
    }

    @Test("A GET route can be without a cache, by itself or by default, and with one against a default")
    func meaning() throws {
        #expect(try #require(route(", cache: off")).kind == .read(nil))
        #expect(try #require(route(", cache: 'off'")).kind == .read(nil))
        #expect(try #require(route("", defaults: "{ cache: off }")).kind == .read(nil))
        #expect(try #require(route(", cache: 5s", defaults: "{ cache: off }")).cache?.ttl == .seconds(5))
        #expect(try #require(route(", cache: { jitter: 0% }", defaults: "{ cache: off }")).cache?.jitter == 0)
        #expect(try #require(route(", cache: {}", defaults: "{ cache: off }")).cache == CachePolicy())
        let defaults =
            "{ public: true, cache: { ttl: 5s, tags: [ 'a:{x}' ], tables: [ t ], warm: { every: 1m }, before-router: true } }"
        #expect(try #require(route(", cache: off", defaults: defaults)).kind == .read(nil))
        #expect(try #require(route(", cache: off, public: true")).isPublic)
    }

    @Test("The fingerprint is that of the route without tags, whatever else is said of its cache")
    func fingerprint() throws {
        let off = try #require(route(", cache: off"))
        #expect(off.signature.fingerprint == (try #require(route(", cache: 5s"))).signature.fingerprint)
    }

    @Test("What is not kept may be made by functions that change")
    func changingFunctions() {
        for (cache, count) in [("off", 0), ("5s", 1)] {
            let result = parse(oneRoute("get: /r\nsql: SELECT random() AS r LIMIT 1\ncache: \(cache)"))
            #expect(result.diagnostics.count == count)
        }
    }

    static let goldens = [
        Golden.route(
            "Words that mean off elsewhere",
            "get: /r\nhandler: swift\ncache: false",
            "7:12: error: 'cache' must be a duration, a mapping or off, not 'false' (write 'off')"
        ),
        Golden.route(
            "Words that mean on elsewhere",
            "get: /r\nhandler: swift\ncache: on",
            "7:12: error: 'cache' must be a duration, a mapping or off, not 'on' (write a ttl such as '60s')"
        ),
        Golden.route(
            "Settings about cached answers",
            "get: /r\nhandler: swift\ncache: off\nrevision: 2\nrequest-directives: honor",
            "8:5: error: 'revision' beside 'cache: off': it drops cached answers, and there are none; leave it out",
            "9:5: error: 'request-directives' beside 'cache: off': they are about cached answers, and there are none; leave it out"
        ),
        Golden.route(
            "A write has no cache to switch off",
            "put: /r\nhandler: swift\ncache: off",
            "7:5: error: a write has no 'cache', since its answers are never cached; leave it out"
        ),
        Golden(
            "Tags that no read has, because it is not cached",
            """
            version: 1
            namespace: n
            defaults: { cache: { tags: [ a ] } }
            routes:
              r: { get: /r, handler: swift, cache: off }
              w: { put: /r, handler: swift, invalidates: [ a ] }
            """,
            "6:48: warning: no GET route of the namespace 'n' can have the tag 'a'; this purges nothing unless another target "
                + "has such a route [unknown-tag]"
        ),
    ]

    @Test("What contradicts it is reported at its place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }
}
