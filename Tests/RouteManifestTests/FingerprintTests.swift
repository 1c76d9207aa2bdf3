import RouteManifest
import RouteModel
import Testing

private let base = """
    version: 1
    namespace: n
    base-path: /api
    routes:
      r:
        get: /r/{id}
        path: { id: int }
        query: { a: int, b: { type: int, default: 1 } }
        header: { h: { type: string, from: X-H, default: x } }
        sql: SELECT :id - :a + :b || :h
        returns: many
    """

/// The fingerprint of the route `r`.
private func fingerprint(_ source: String, files: [String: String] = [:]) throws -> String {
    let result = parse(source, files: files)
    let manifest = try #require(result.manifest, "\(result.diagnostics)")
    return try #require(manifest.routes.first { $0.name == "r" || $0.name == "s" }).signature.fingerprint
}

private func replaced(_ text: String, _ other: String) throws -> String {
    try #require(base.contains(text))
    return base.replacing(text, with: other)
}

@Suite struct FingerprintTests {
    @Test("A fingerprint stays the same from version to version, or every deployed entry is lost")
    func pinned() throws {
        let digits = try fingerprint(base)
        #expect(digits == "a82e2eb6")
    }

    @Test("Every part of a fingerprint stays the same from version to version")
    func pinnedParts() throws {
        let source = """
            version: 1
            namespace: n
            base-path: /api
            defaults: { revision: "7", status: 203 }
            routes:
              a:
                get: /a/{id}/b
                path: { id: uuid }
                query: { l: "[decimal]", from: { type: timestamp, optional: true } }
                header: { lang: { from: Accept-Language, one-of: [en, de], default: en } }
                context: { user: { type: uuid, optional: true } }
                sql: "SELECT :l || :lang || :id || :user || :from || :id -- é"
                returns: one
              b: { get: /b, query: { n: int32 }, handler: swift, status: 200 }
              c: { get: /, sql: "SELECT 1", returns: none, revision: "", status: 204 }
            """
        let manifest = try #require(parse(source).manifest)
        #expect(manifest.routes.map(\.signature.fingerprint) == ["8a90c93d", "9ffdb7c7", "9ecda189"])
    }

    @Test("Tags and tables have their part of a fingerprint, which stays the same from version to version too")
    func pinnedTags() throws {
        let source = try replaced(
            "returns: many",
            "cache: { tags: [ r, 'r:{id}' ], tables: { names: [ public.b, a.b ], min-interval: 1500ms } }"
        )
        let variants = [
            source, source.replacing("public.b, a.b", with: "a.b, b"),
            try replaced("returns: many", "cache: { tags: [ r ] }"),
            try replaced("returns: many", "cache: { tables: [ r ] }"),
        ]
        let digits = try variants.map { try fingerprint($0) }
        #expect(digits == ["1a64109f", "1a64109f", "dcff0e6f", "c582dbe5"])
    }

    @Test("A write has a fingerprint, over its body inputs too")
    func write() throws {
        let write = oneRoute("post: /r\nbody: { a: int }\nquery: { q: int }\nsql: SELECT :a AS a, :q AS q")
        let digits = try fingerprint(write)
        #expect(try fingerprint(write.replacing("body: { a: int }", with: "body: { a: int32 }")) != digits)
        #expect(
            try fingerprint(
                write.replacing("body", with: "header").replacing(
                    "a: int",
                    with: "a: { type: int, from: X, optional: true }"
                )
            ) != digits
        )
        #expect(
            try fingerprint(
                write.replacing("post", with: "put")
                    + "    retries: 3\n    invalidates: ['a:{a}']\n    errors: { c: { status: 409, message: m } }"
            ) == digits
        )
        let defaults =
            "namespace: n\ndefaults: { revision: x, public: true, cache: { ttl: 1s, tags: [t], tables: [t] } }"
        #expect(try fingerprint(write.replacing("namespace: n", with: defaults)) == digits)
    }

    @Test(
        "What shapes an answer changes the fingerprint",
        arguments: [
            ("base-path: /api", "base-path: /v2"), ("/r/{id}", "/s/{id}"), ("/r/{id}", "/r/{id}/x"),
            ("id: int", "id: int32"),
            ("a: int,", "a: '[int]',"), ("query: { a: int,", "context: { a: int }\n    query: {"),
            ("from: X-H", "from: X-I"), ("a: int,", "a: { type: int, from: A },"),
            ("a: int,", "a: { type: int, from: c-d },"),
            (":id - :a", ":a - :id"), (":id - :a", ":id -  :a"), ("SELECT", "select"),
            ("returns: many", "returns: one"),
            ("returns: many", "returns: value"), ("returns: many", "status: 201"), ("returns: many", "revision: x"),
            ("returns: many", "revision: y"), ("returns: many", "revision: ''"),
            ("returns: many", "cache: { tags: [ t ] }"), ("returns: many", "cache: { tables: [ t ] }"),
            ("sql: SELECT :id - :a + :b || :h\n    returns: many", "handler: swift"),
            ("b: { type: int, default: 1 } }", "b: { type: int, default: 1 }, c: { type: int, default: 1 } }"),
        ]
    )
    func ingredients(text: String, other: String) throws {
        #expect(try fingerprint(replaced(text, other)) != fingerprint(base))
    }

    @Test("All those changes give different fingerprints")
    func distinct() throws {
        let variants = [
            base, try replaced("returns: many", "revision: x"), try replaced("returns: many", "revision: y"),
            try replaced("returns: many", "cache: { tags: [ a ] }"),
            try replaced("returns: many", "cache: { tags: [ a, b ] }"),
            try replaced("returns: many", "cache: { tags: [ b, a ] }"),
            try replaced("returns: many", "cache: { tags: [ 'a:{a}' ] }"),
            try replaced("returns: many", "cache: { tags: [ 'a:{id}' ] }"),
            try replaced("returns: many", "cache: { tables: [ a ] }"),
            try replaced("returns: many", "cache: { tables: [ a, b ] }"),
            try replaced("returns: many", "cache: { tables: { names: [ a ], min-interval: 1s } }"),
            try replaced("returns: many", "cache: { tables: { names: [ a ], min-interval: 1ms } }"),
            try replaced("returns: many", "cache: { tags: [ a ], tables: [ a ] }"),
            try replaced("returns: many", "returns: one"), try replaced("returns: many", "status: 201"),
            try replaced("id: int", "id: int32"), try replaced("/r/{id}", "/r/{id}/x"),
        ]
        #expect(Set(try variants.map { try fingerprint($0) }).count == variants.count)
    }

    @Test("A literal segment is not mistaken for an input of the same name")
    func segments() throws {
        let source = oneRoute("get: /x\nquery: { x: int }\nsql: SELECT :x").replacing("  r:", with: "  s:")
        let other = oneRoute("get: /{x}\npath: { x: int }\nsql: SELECT :x").replacing("  r:", with: "  s:")
        #expect(try fingerprint(source) != fingerprint(other))
    }

    @Test(
        "What does not shape an answer leaves the fingerprint alone",
        arguments: [
            ("returns: many", "returns: many\n    cache: 5s"), ("returns: many", "summary: x"),
            ("returns: many", "timeout: 1s\n    public: true\n    unknown-query: reject"),
            ("returns: many", "request-directives: honor"), ("returns: many", "cache: { jitter: 0%, compress: false }"),
            ("returns: many", "cache: { stale-while-revalidate: 1s, stale-if-error: 1s, negative-ttl: 1s }"),
            ("returns: many", "cache: { coalesce: fleet }"),
            ("returns: many", "cache: { warm: { every: 1s, with: [ { id: 1, a: 2 } ], at-start: false } }"),
            ("returns: many", "read: replica"), ("returns: many", "concurrency: 3"),
            ("returns: many", "errors: { c: { status: 409, message: m } }"),
            ("returns: many", "cache: { near: 5s, tags: [], tables: off }"),
            ("returns: many", "public: true\n    cache: { before-router: true }"),
            ("returns: many", "cache: { tags: off, tables: { names: off, min-interval: 1s } }"),
            ("routes:", "defaults: { invalidates: [ a ], cache: { tables: { min-interval: 1s } } }\nroutes:"),
            ("routes:", "defaults: { isolation: serializable, retries: 3, max-request-body: 1KiB }\nroutes:"),
            ("namespace: n", "namespace: m"),
            ("  r:", "  s:"), ("default: 1", "default: 2, min: 1"), ("default: x", "default: y, max-length: 3"),
            ("from: X-H", "from: x-h"),
            ("{ a: int, b: { type: int, default: 1 } }", "{ b: { type: int, default: 1 }, a: int }"),
            ("routes:", "routes:\n  q: { get: /q, sql: SELECT 1 }"), ("sql: SELECT", "sql: |\n      SELECT"),
            ("sql: SELECT :id - :a + :b || :h", "sql: SELECT :id - :a + :b || :h;"),
            ("query: {", "query: # the page\n      {"), ("version: 1", "version: 1\naccess: public\nimports: [A]"),
        ]
    )
    func cosmetics(text: String, other: String) throws {
        #expect(try fingerprint(replaced(text, other)) == fingerprint(base))
    }

    @Test("A statement has one fingerprint, in the manifest or in a file")
    func file() throws {
        let other = try replaced("sql: SELECT :id - :a + :b || :h", "sql-file: r.sql")
        #expect(try fingerprint(other, files: ["r.sql": "SELECT :id - :a + :b || :h\n"]) == fingerprint(base))
    }
}
