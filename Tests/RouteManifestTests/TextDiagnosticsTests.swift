import RouteManifest
import Testing

private let minimal = "version: 1\nnamespace: n\nroutes:\n  r:\n    get: /r\n    sql: SELECT 1\n"

@Suite struct TextDiagnosticsTests {
    static let goldens = [
        Golden("An empty file", "", "1:1: error: the manifest is empty; begin it with 'version: 1'"),
        Golden("Comments only", "# nothing\n", "1:1: error: the manifest is empty; begin it with 'version: 1'"),
        Golden("A null document", "---\n~\n", "2:1: error: the manifest is empty; begin it with 'version: 1'"),
        Golden(
            "A list at the root",
            "# x\n- a\n",
            "2:1: error: a manifest must be a mapping, not a list; write 'version: 1', 'namespace: …' and 'routes:', each on a line of its own"
        ),
        Golden(
            "Text at the root",
            "hello\n",
            "1:1: error: a manifest must be a mapping, not a single value; write 'version: 1', 'namespace: …' and 'routes:', each on a line of its own"
        ),
        Golden(
            "Several documents",
            minimal + "---\nversion: 1\n",
            "8:1: error: a manifest is one YAML document; another one begins here; put it into a file of its own, such as "
                + "books.routes.yaml"
        ),
        Golden(
            "A tab as indentation",
            "version: 1\nroutes:\n\tr: 1\n",
            "3:1: error: YAML is indented with spaces, not with tabs; write blanks for this tab"
        ),
        Golden(
            "A syntax error",
            "version: 1\nroutes: [a\nx: 1\n",
            "2:9: error: this '[' is never closed; ']' is missing"
        ),
        Golden(
            "Braces and colons in a flow list",
            minimal + "x: [ users, user:{id} ]\n",
            "7:17: error: text with ':' or braces needs quotes inside [ ] and { }"
        ),
        Golden(
            "Braces in a flow mapping",
            "routes: { r: { get: /users/{id} } }\n",
            "1:28: error: text with ':' or braces needs quotes inside [ ] and { }"
        ),
        Golden(
            "An unknown alias",
            "version: *one\n",
            "1:10: error: not YAML: found undefined alias"
        ),
        Golden(
            "A control character",
            "version: 1\nnamespace: \u{1}\n",
            "2:12: error: the character U+0001 is not allowed here; write \"\\u0001\" in double quotes"
        ),
        Golden(
            "A line separator that YAML 1.1 would count as a line end",
            "version: 1 # \u{2028}\n",
            "1:14: error: the character U+2028 is not allowed here; write \"\\u2028\" in double quotes"
        ),
        Golden(
            "A byte order mark inside",
            "version: 1\n\u{FEFF}namespace: n\n",
            "2:1: error: a byte order mark belongs at the start of a file; remove this one"
        ),
        Golden(
            "Duplicate keys at the top",
            "version: 1\n" + minimal,
            "2:1: error: duplicate key 'version'; remove one of the two",
            "1:1: note: first here"
        ),
        Golden(
            "Duplicate keys at every level, three times, in quotes, and beside other errors",
            """
            version: 1
            namespace: n
            routes:
              r:
                get: /r
                sql: SELECT :x
                query: { x: { type: int, type: string, "type": int }, 'x': int }
                get: /s
              r: 1
              "s":
                get: /s
                ttll: 1
                sql: SELECT 1
              s: 2
            """,
            "7:30: error: duplicate key 'type'; remove one of the two",
            "7:19: note: first here",
            "7:44: error: duplicate key 'type'; remove one of the two",
            "7:19: note: first here",
            "7:59: error: two inputs are called 'x'; give this one another name, or remove it",
            "7:14: note: first here",
            "8:5: error: duplicate key 'get'; remove one of the two",
            "5:5: note: first here",
            "9:3: error: two routes are called 'r'; give this one another name",
            "4:3: note: first here",
            "12:5: error: unknown key 'ttll' in route 's'; leave it out",
            "14:3: error: two routes are called 's'; give this one another name",
            "10:3: note: first here"
        ),
        Golden(
            "Duplicate keys whose texts differ in kind only",
            "version: 1\n1: a\n\"1\": b\n",
            "1:1: error: the manifest has no 'namespace'; add one beside 'version', such as 'namespace: shop'",
            "1:1: error: the manifest has no 'routes'; add 'routes:', with a route below such as 'listUsers: { get: /users, sql: … }'",
            "2:1: error: unknown key '1' at the top level; the keys are version, namespace, base-path, defaults, routes, access, imports",
            "3:1: error: duplicate key '1'; remove one of the two",
            "2:1: note: first here"
        ),
        Golden(
            "Duplicate keys below a list and below what is not read",
            minimal + "imports: [ { a: 1, a: 2 } ]\nx: { b: 1, b: 2 }\n",
            "7:12: error: a module of 'imports' must be a single value, not a mapping",
            "7:20: error: duplicate key 'a'; remove one of the two",
            "7:14: note: first here",
            "8:1: error: unknown key 'x' at the top level; the keys are version, namespace, base-path, defaults, routes, access, imports",
            "8:12: error: duplicate key 'b'; remove one of the two",
            "8:6: note: first here"
        ),
        Golden(
            "A merge key",
            "defaults: &d { timeout: 1s }\nversion: 1\nnamespace: n\nroutes:\n  r:\n    <<: *d\n    get: /r\n    sql: SELECT 1\n",
            "6:5: error: merge keys ('<<') are not supported; write what routes share beside 'routes', as in defaults: { cache: 60s }"
        ),
        Golden(
            "A key that is not text",
            minimal + "? [a]\n: 1\n",
            "7:3: error: unknown key '[…]' at the top level; the keys are version, namespace, base-path, defaults, routes, access, imports"
        ),
        Golden(
            "A YAML tag",
            "version: !!int 1\nnamespace: n\nroutes: { r: { get: /r, sql: !!str SELECT 1 } }\n",
            "1:10: error: 'version' must be written without the YAML tag 'tag:yaml.org,2002:int': leave it out"
        ),
    ]

    @Test("What is no manifest at all is reported at its place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }

    @Test("A byte order mark at the start moves no column")
    func byteOrderMark() {
        #expect(lines("\u{FEFF}" + minimal).isEmpty)
        #expect(
            lines("\u{FEFF}versio: 1\n" + minimal.dropFirst(11)).first
                == "1:1: error: unknown key 'versio' at the top level (did you mean 'version'?)"
        )
    }

    @Test("CRLF and CR end lines as LF does", arguments: ["\r\n", "\r"])
    func lineEnds(end: String) {
        let source = oneRoute("get: /r\nsql: |\n  SELECT 1,\n    :x\ncache: 5 minutes")
        let expected = [
            "8:9: error: SQL uses ':x', which is not an input of this route; declare it, for instance under 'query'",
            "9:12: error: '5 minutes' is not a duration (write '5m')",
        ]
        #expect(lines(source) == expected)
        #expect(
            lines(source.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: end)) == expected
        )
    }

    @Test("CRLF leaves the same statement and fingerprint")
    func lineEndsInStatements() throws {
        let source = oneRoute("get: /r\nsql: |\n  SELECT 1 AS a,\n    2")
        let other = source.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        #expect(try #require(parse(source).manifest) == #require(parse(other).manifest))
    }

    @Test("Columns count Unicode scalars")
    func unicodeColumns() {
        let source = oneRoute(
            "{ get: /r, summary: \"é e\u{301} \u{1F468}\u{200D}\u{1F469}\", sql: SELECT 1, timeout: 1 }"
        )
        #expect(lines(source) == ["5:61: error: '1' is not a duration (write '1s' for seconds)"])
    }

    @Test("Anchors and aliases work, and what is wrong in them is reported once, where it is written")
    func aliases() throws {
        let source = """
            version: 1
            namespace: n
            routes:
              a:
                get: /a
                query: &page
                  limit: &limit { type: int, default: 20 }
                sql: &sql SELECT :limit
              b: { get: /b, query: *page, sql: *sql }
              c: { get: /c, query: { limit: *limit }, sql: *sql }
            """
        let manifest = try #require(parse(source).manifest)
        #expect(manifest.routes.map(\.source) == Array(repeating: manifest.routes[0].source, count: 3))
        let broken = source.replacing("default: 20", with: "default: x").replacing(
            "SELECT :limit",
            with: "SELECT :limit, :z"
        )
        #expect(
            lines(broken) == [
                "7:43: error: 'default' must be a whole number, not 'x'",
                "8:30: error: SQL uses ':z', which is not an input of this route; declare it, for instance under 'query'",
            ]
        )
    }

    @Test("Aliases that multiply do not make the parser slow")
    func multiplyingAliases() {
        var source = "version: 1\nx0: &x0 [a]\n"
        for level in 1...40 { source += "x\(level): &x\(level) [*x\(level - 1), *x\(level - 1), *x\(level - 1)]\n" }
        #expect(lines(source).count == 43)
        #expect(lines(source + "x0: 1\n").count == 45)
    }
}
