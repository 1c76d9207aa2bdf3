import RouteManifest
import Testing

/// A manifest whose route declares inputs of all kinds; its tags are the text, which begins at 15:13.
private func tags(_ name: String, _ text: String, _ expected: String...) -> Golden {
    var golden = Golden(
        name,
        oneRoute(
            """
            get: /r/{id}
            path: { id: int }
            query:
              ids: "[int]"
              names: { type: "[string]", default: [a] }
              some: { type: "[int]", optional: true }
              day: { type: date, optional: true }
            header: { lang: { from: Accept-Language, optional: true, one-of: [en] } }
            context: { user: uuid, team: { type: int, optional: true } }
            handler: swift
            cache: { tags: \(text) }
            """
        )
    )
    golden.expected = expected.map { $0.split(separator: ":")[1].contains(where: \.isLetter) ? "15:\($0)" : $0 }
    return golden
}

/// A manifest whose route writes, with inputs of all kinds; what it purges is the text, which begins at 10:18.
private func invalidates(_ name: String, _ text: String, _ expected: String...) -> Golden {
    var golden = Golden(
        name,
        oneRoute(
            """
            post: /r/{id}
            path: { id: int }
            query: { q: { type: int, optional: true } }
            body: { a: int, list: "[int]", any: json, all: "[json]", b: { type: int, optional: true } }
            handler: swift
            invalidates: \(text)
            """
        )
    )
    golden.expected = expected.map { $0.split(separator: ":")[1].contains(where: \.isLetter) ? "10:\($0)" : $0 }
    return golden
}

private let quoted = "text, in quotes where it has braces"

@Suite struct TagDiagnosticsTests {
    static let texts = [
        tags(
            "One tag that is no list",
            "users",
            "20: error: 'tags' must be a list of tags, not a single value; write 'tags: [ users ]'"
        ),
        tags(
            "A mapping",
            "{ users: 1 }",
            "20: error: 'tags' must be a list of tags, not a mapping; write it as in 'tags: [ users, \"user:{id}\" ]'"
        ),
        tags("Nothing", "~", "20: error: 'tags' must be a list of tags, not empty; write 'tags: off'"),
        tags("False", "false", "20: error: 'tags' must be a list of tags, not a single value; write 'tags: off'"),
        tags(
            "Empty tags",
            #"[ "", ~, users, ''  ]"#,
            "22: error: a tag of 'tags' is empty; write one such as 'users', or remove it",
            "26: error: a tag of 'tags' has no value; put '~' in quotes if it is meant as text",
            "36: error: a tag of 'tags' is empty; write one such as 'users', or remove it"
        ),
        tags(
            "Braces that YAML takes for its own",
            "[ {id}, user: 1, [users] ]",
            "22: error: a tag of 'tags' must be \(quoted), not a mapping",
            "28: error: a tag of 'tags' must be \(quoted), not a mapping",
            "37: error: a tag of 'tags' must be \(quoted), not a list; write 'users'"
        ),
        tags(
            "A tag of a type",
            "[ !!int 1 ]",
            "22: error: a tag of 'tags' must be written without the YAML tag 'tag:yaml.org,2002:int': leave it out"
        ),
        tags(
            "One tag twice",
            #"[ users, "user:{id}", 'users', "user:{id}" ]"#,
            "42: error: 'tags' has the tag 'users' twice; remove one",
            "22: note: first here",
            "51: error: 'tags' has the tag 'user:{id}' twice; remove one",
            "29: note: first here"
        ),
        tags(
            "Braces without their other one",
            #"[ "user:{id", "user:id}", "a{b{id}", "a}{id}", "{id}}" ]"#,
            "28: error: 'tags': '{' is not closed; write '{id}'",
            "42: error: 'tags': '}' has no '{' before it; remove it",
            "48: error: 'tags': '{' is not closed; write '{id}'",
            "59: error: 'tags': '}' has no '{' before it; remove it",
            "72: error: 'tags': '}' has no '{' before it; remove it"
        ),
        tags(
            "Braces without a name",
            #"[ "user:{}", "{ id }", "{user.id}", "{1}", "{é}" ]"#,
            "28: error: 'tags': '{}': braces hold the name of an input; write '{id}'",
            "34: error: 'tags': '{ id }': braces hold the name of an input; write '{id}'",
            "44: error: 'tags': '{user.id}': braces hold the name of an input; write '{id}'",
            "57: error: 'tags': '{1}': braces hold the name of an input; write '{id}'",
            "64: error: 'tags': '{é}': braces hold the name of an input; write '{id}'"
        ),
        tags(
            "Characters that are not allowed",
            #"[ "a b", "é", "a;b", "users*", "a\nb", "a\u202Eb", "A-Z.a_z~0:9/@%2B+" ]"#,
            "24: error: 'tags': ' ' is not allowed in a tag (only \(allowed)); write 'a-b'",
            "30: error: 'tags': 'é' is not allowed in a tag (only \(allowed))",
            "36: error: 'tags': ';' is not allowed in a tag (only \(allowed)); write 'a-b'",
            "47: error: 'tags': tags have no wildcards; write 'users', and give that tag to all of these answers",
            "53: error: 'tags': an invisible character is not allowed in a tag (only \(allowed)); write 'a-b'",
            "61: error: 'tags': an invisible character is not allowed in a tag (only \(allowed)); write 'a-b'"
        ),
        tags("A hundred tags", "[ " + (1...100).map { "t\($0)" }.joined(separator: ", ") + " ]"),
        tags(
            "More than a hundred tags, of which the last is not read",
            "[ " + (1...101).map { $0 < 101 ? "t\($0 + 99)" : "'*'" }.joined(separator: ", ") + " ]",
            "622: error: 'tags' has 101 tags; a route has at most 100"
        ),
        tags("A long tag", "[ \(String(repeating: "long", count: 500)) ]"),
    ]

    static let inputs = [
        tags(
            "Inputs that always have a value",
            #"[ "{id}", "u:{user}:{id}", "i:{ids}", "{id}:{names}:{user}", "{id}{id}" ]"#
        ),
        tags(
            "Unknown inputs",
            #"[ "user:{idd}", "user:{id}:{x}" ]"#,
            "28: error: tag 'user:{idd}': 'idd' is not an input of route 'r' (did you mean 'id'?)",
            "47: error: tag 'user:{id}:{x}': 'x' is not an input of route 'r'; write one of its inputs in braces: 'id', 'ids', 'names', 'some', 'day', 'lang', 'user', 'team'"
        ),
        tags(
            "Inputs that may be absent",
            #"[ "{day}", "{id}:{some}", "{lang}", "t:{team}", "{some}:{day}" ]"#
        ),
        tags(
            "Several lists in a tag",
            #"[ "{ids}:{names}", "{ids}:{ids}", "{ids}" ]"#,
            "29: error: tag '{ids}:{names}' has two lists of route 'r', 'ids' and 'names'; a tag has one at most: write a tag for each",
            "46: error: tag '{ids}:{ids}' has two lists of route 'r', 'ids' and 'ids'; a tag has one at most: write a tag for each"
        ),
        invalidates(
            "Inputs of a body",
            #"[ "{a}", "{list}", "{id}:{a}:{list}" ]"#,
            "20: warning: \(nobody("{a}"))",
            "27: warning: \(nobody("{list}"))",
            "37: warning: \(nobody("{id}:{a}:{list}"))"
        ),
        invalidates(
            "JSON and what may be absent",
            #"[ "{any}", "{all}", "{b}", "{q}", "{c}" ]"#,
            "21: error: tag '{any}': input 'any' of route 'r' is JSON, and one JSON value can be written in several ways; use another input, such as '{id}'",
            "8:36: note: 'any' is declared here",
            "30: error: tag '{all}': input 'all' of route 'r' is JSON, and one JSON value can be written in several ways; use another input, such as '{id}'",
            "8:47: note: 'all' is declared here",
            "53: error: tag '{c}': 'c' is not an input of route 'r'; write one of its inputs in braces: 'id', 'q', 'a', 'list', 'any', 'all', 'b'"
        ),
        invalidates(
            "No list",
            "users",
            "18: error: 'invalidates' must be a list of tags, not a single value; write 'invalidates: [ users ]'"
        ),
        invalidates(
            "A tag that is none",
            #"[ users, users, "{" ]"#,
            "27: error: 'invalidates' has the tag 'users' twice; remove one",
            "20: note: first here",
            "35: error: 'invalidates': '{' is not closed; write '{id}'"
        ),
        Golden.route(
            "An input with a fault of its own",
            "get: /r\nquery: { a: itn }\nsql: SELECT :a\nreturns: one\ncache: { tags: [ \"{a}\" ] }",
            "6:17: error: unknown type 'itn' (did you mean 'int'?)"
        ),
    ]

    static let routes = [
        Golden(
            "A default, for each of the routes that take it over",
            """
            version: 1
            namespace: n
            defaults:
              returns: one
              cache: { tags: [ all, "t:{team}" ] }
            routes:
              a: { get: /a, context: { team: int }, sql: "SELECT :team" }
              b: { get: /b, sql: "SELECT 1" }
              c: { get: /c, query: { team: { type: int, optional: true } }, sql: "SELECT :team" }
              d: { get: /d, sql: "SELECT 1", cache: { tags: [ d ] } }
              e: { get: /e, sql: "SELECT 1", cache: { tags: off } }
              f: { post: /f, sql: "DELETE FROM t WHERE true", returns: none }
              g: { get: /g, query: { tem: int }, sql: "SELECT :tem", cache: 30s }
            """,
            "5:28: error: tag 't:{team}': 'team' is not an input of route 'b', which has none; remove the braces, or the tag",
            "5:28: error: tag 't:{team}': 'team' is not an input of route 'g' (did you mean 'tem'?)"
        ),
        Golden(
            "A default that is wrong by itself is reported once, and one that nobody uses is checked",
            """
            version: 1
            namespace: n
            defaults: { returns: one, invalidates: users, cache: { tags: [ "{" ] } }
            routes:
              a: { get: /a, sql: "SELECT 1" }
              b: { get: /b, sql: "SELECT 1" }
            """,
            "3:40: error: 'invalidates' must be a list of tags, not a single value; write 'invalidates: [ users ]'",
            "3:65: error: 'tags': '{' is not closed; write '{id}'"
        ),
        Golden.route(
            "What a GET route purges",
            "get: /r\nsql: SELECT 1\nreturns: one\ninvalidates: [ users ]\ntags: [ users ]",
            "8:5: error: 'invalidates' is for writes; write 'tags: [ users ]' under 'cache' for what purges its answers",
            "9:5: error: 'tags' belongs under 'cache'"
        ),
        Golden.route(
            "Tags of a write",
            "post: /r\nsql: DELETE FROM t WHERE true\nreturns: none\ncache: { tags: [ \"{x}\" ] }",
            "8:5: error: a write has no 'cache', since its answers are never cached; write 'invalidates: [ \"{x}\" ]' in place of it"
        ),
        Golden.route(
            "What is purged, under 'cache'",
            "get: /r\nsql: SELECT 1\nreturns: one\ncache: { invalidates: [ users ] }",
            "8:14: error: 'invalidates' belongs beside 'cache', not in it"
        ),
        Golden.route(
            "Inputs that stand in a tag alone are of no use",
            "get: /r\nquery: { a: int, b: int }\nsql: SELECT 1\nreturns: one\ncache: { tags: [ \"{a}\" ] }",
            "6:14: warning: input 'a' is never used in the SQL; write ':a' there, or remove the input [unused-input]",
            "6:22: warning: input 'b' is never used in the SQL; write ':b' there, or remove the input [unused-input]"
        ),
    ]

    @Test("What is wrong with the text of a tag is reported at its place", arguments: texts)
    func textsGolden(_ golden: Golden) { golden.check() }

    @Test("What is wrong with the inputs of a tag is reported at its place", arguments: inputs)
    func inputsGolden(_ golden: Golden) { golden.check() }

    @Test("Tags are checked against each route", arguments: routes)
    func routesGolden(_ golden: Golden) { golden.check() }

    private static let allowed = "A-Z a-z 0-9 _ . - ~ : / @ % + and inputs in braces"
    private static func nobody(_ tag: String) -> String {
        "no GET route of the namespace 'n' can have the tag '\(tag)'; this purges nothing unless another target has "
            + "such a route [unknown-tag]"
    }
}
