import RouteManifest
import RouteModel
import Testing

@Suite struct ManifestTests {
    @Test(
        "An escaped U+FEFF is a part of its text, also at the beginning",
        arguments: [
            #""\uFEFFa""#: "\u{FEFF}a", #""\ufeff\U0000FEFF""#: "\u{FEFF}\u{FEFF}", #""a\uFEFF""#: "a\u{FEFF}",
            #"&x "\uFEFFa""#: "\u{FEFF}a", "\"\\\n      \\uFEFFa\"": "\u{FEFF}a", #"'\uFEFF'"#: #"\uFEFF"#,
            #""\\uFEFF""#: #"\uFEFF"#,
            #""\xFEFF""#: "\u{FE}FF",
        ]
    )
    func byteOrderMarks(written: String, text: String) throws {
        let source = oneRoute("get: /r\nhandler: swift\nquery:\n  q:\n    type: string\n    default: \(written)")
        let result = parse(source)
        let input = try #require(result.manifest?.routes.first?.signature.inputs.first, "\(result.diagnostics)")
        let read = try #require(input.defaultValue?.texts.first)
        #expect(Array(read.unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test("Settings come from the route, else from the defaults, else they are built in")
    func merging() throws {
        let source = """
            version: "1"
            namespace: n
            access: package
            imports: [Foundation, MyModels]
            defaults:
              timeout: 2s
              public: true
              unknown-query: reject
              returns: one
              status: 203
              revision: a
              cache: { ttl: 30s, client-ttl: 0s, max-body: 64KiB, coalesce: off }
            routes:
              own:
                get: /own
                sql: SELECT 1
                timeout: 500ms
                public: false
                unknown-query: ignore
                returns: value
                status: 202
                cache: { ttl: 1d, coalesce: process }
              inherited: { get: /inherited, sql: SELECT 1 }
              shorthand: { get: /shorthand, sql: SELECT 1, cache: 15s }
              handled: { get: /handled, handler: swift }
            """
        let manifest = try #require(parse(source).manifest)
        #expect(manifest.typeName == "Routes")
        #expect(manifest.namespace == "n")
        #expect(manifest.access == .package)
        #expect(manifest.imports == ["Foundation", "MyModels"])
        let own = manifest.routes[0]
        #expect(own.timeout == .milliseconds(500))
        #expect(!own.isPublic)
        #expect(own.unknownQuery == .ignore)
        #expect(own.returns == .value)
        #expect(own.status == 202)
        #expect(
            own.cache
                == CachePolicy(ttl: .seconds(86_400), clientTTL: .zero, maxBody: 65_536, coalesce: .process)
        )
        let inherited = manifest.routes[1]
        #expect(inherited.timeout == .seconds(2))
        #expect(inherited.isPublic)
        #expect(inherited.unknownQuery == .reject)
        #expect(inherited.returns == .one)
        #expect(inherited.status == 203)
        #expect(
            inherited.cache == CachePolicy(ttl: .seconds(30), clientTTL: .zero, maxBody: 65_536, coalesce: .off)
        )
        #expect(
            manifest.routes[2].cache
                == CachePolicy(ttl: .seconds(15), clientTTL: .zero, maxBody: 65_536, coalesce: .off)
        )
        #expect(manifest.routes[3].source == .handler)
        #expect(manifest.routes[3].returns == .many)
    }

    @Test("What nobody names has its built-in value")
    func builtIn() throws {
        let manifest = try #require(parse(oneRoute("get: /r\nsql: SELECT 1")).manifest)
        let route = manifest.routes[0]
        #expect(manifest.access == .internal)
        #expect(manifest.imports.isEmpty)
        #expect(route.summary == nil)
        #expect(route.timeout == .seconds(5))
        #expect(!route.isPublic)
        #expect(route.unknownQuery == .ignore)
        #expect(route.returns == .many)
        #expect(route.status == 200)
        #expect(
            route.cache == CachePolicy(ttl: .seconds(60), clientTTL: nil, maxBody: 16 << 20, coalesce: .process)
        )
        #expect(try #require(parse(oneRoute("get: /r\nsql: SELECT 1\nreturns: none")).manifest).routes[0].status == 204)
    }

    @Test("Values are read by their declared type, not by YAML's idea of them")
    func rawValues() throws {
        let source = oneRoute(
            """
            get: /r
            query:
              yes: { one-of: [yes, no, on, 1:30, 0x10, ~x, 010], default: on }
              n: { type: int, default: "0020", min: '-0', max: 020 }
              d: { type: double, default: 1e2 }
              m: { type: decimal, default: 1.10 }
              s: { type: string, default: "", min-length: 0, max-length: "3" }
              t: { type: timestamp, default: 2024-02-29 12:30:00+01:00 }
              u: { type: uuid, optional: true }
              l: { type: "[int]", default: [01, "2"] }
              e: { type: "[int]", default: [] }
            sql: SELECT :yes AS yes, :n AS n, :d AS d, :m AS m, :s AS s, :t AS t, :u AS u, :l AS l, :e AS e
            summary: 1:30
            """
        )
        let inputs = try #require(parse(source).manifest).routes[0].signature.inputs
        #expect(
            inputs == [
                RouteInput(
                    .query,
                    "yes",
                    .string,
                    default: "on",
                    oneOf: ["yes", "no", "on", "1:30", "0x10", "~x", "010"]
                ),
                RouteInput(.query, "n", .int, default: "20", min: "0", max: "20"),
                RouteInput(.query, "d", .double, default: "100"),
                RouteInput(.query, "m", .decimal, default: "1.1"),
                RouteInput(.query, "s", .string, default: "", minLength: 0, maxLength: 3),
                RouteInput(.query, "t", .timestamp, default: "2024-02-29T11:30:00Z"),
                RouteInput(.query, "u", .uuid, optional: true),
                RouteInput(.query, "l", .list(.int), default: ["1", "2"]),
                RouteInput(.query, "e", .list(.int), default: []),
            ]
        )
    }

    @Test("Inputs stand in the order of their groups, and parameters name them")
    func statements() throws {
        let source = """
            version: 1
            namespace: n
            base-path: /api/
            routes:
              r:
                sql: "SELECT f(:u, :b, :a, :b, :lang);"
                context: { u: uuid }
                header: { lang: { from: Accept-Language, one-of: [en, de], default: en } }
                query: { b: int }
                path: { a: string }
                get: /x/{a}/
                summary: Something
            """
        let route = try #require(parse(source).manifest).routes[0]
        #expect(route.signature.path == "/api/x/{a}")
        #expect(route.signature.method == .get)
        #expect(
            route.signature.inputs == [
                RouteInput(.path, "a", .string), RouteInput(.query, "b", .int),
                RouteInput(.header, "lang", .string, from: "Accept-Language", default: "en", oneOf: ["en", "de"]),
                RouteInput(.context, "u", .uuid),
            ]
        )
        #expect(
            route.source == .sql(PositionalStatement(sql: "SELECT f($1, $2, $3, $2, $4)", parameters: [3, 1, 0, 2]))
        )
        #expect(route.summary == "Something")
    }

    @Test("A file's statement is the same as one in the manifest")
    func sqlFile() throws {
        let inline = try #require(parse(oneRoute("get: /r\nsql: |\n  SELECT 1 AS a,\n    2;")).manifest)
        let file = try #require(
            parse(oneRoute("get: /r\nsql-file: ./a.sql"), files: ["a.sql": "\u{FEFF}SELECT 1 AS a,\r\n  2;\r\n"])
                .manifest
        )
        #expect(inline == file)
    }
}
