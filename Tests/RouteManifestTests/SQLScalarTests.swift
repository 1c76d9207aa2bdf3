import RouteManifest
import Testing

/// SQL reaches PostgreSQL as it stands in the file, or the build says where it doesn't.
@Suite struct SQLScalarTests {
    private static let cure = "write 'sql: |' and the SQL on the lines below"
    private static let joined =
        "YAML joins these lines, so that this comment goes on to the end of the SQL's line; \(cure)"
    private static let cut =
        "a YAML comment begins here, and the SQL ends before it; \(cure), in which '#' is SQL and '--' begins a comment"

    static let goldens = [
        Golden.route(
            "A comment in a folded scalar swallows the next line",
            "get: /r\ncontext: { m: uuid }\nsql: >\n  SELECT id FROM loans -- newest first\n  WHERE member = :m LIMIT 10",
            "8:28: error: \(joined)",
            "9:7: note: this is part of the comment"
        ),
        Golden.route(
            "A comment in plain text of several lines",
            "delete: /r\nreturns: none\nsql: DELETE FROM t -- all\n  WHERE a = 1\nallow: [ all-rows ]",
            "7:24: error: \(joined)",
            "8:7: note: this is part of the comment"
        ),
        Golden.route(
            "A comment in quotes of several lines",
            "get: /r\nsql: \"SELECT 1 --\n  AS a\"",
            "6:20: error: \(joined)",
            "7:7: note: this is part of the comment"
        ),
        Golden.route(
            "A comment before an escaped line break",
            "get: /r\nsql: \"SELECT 1 -- a\\\n  AS a\"",
            "6:20: error: \(joined)",
            "7:7: note: this is part of the comment"
        ),
        Golden.route("A comment on the last line", "get: /r\nsql: >\n  SELECT 1\n  AS a -- the answer"),
        Golden.route("A comment before a line that stays", "get: /r\nsql: >\n  SELECT 1 -- a\n\n  AS a"),
        Golden.route("A comment on a deeper line", "get: /r\nsql: >\n  SELECT\n    1 -- a\n    AS a"),
        Golden.route("A comment before an escaped newline", "get: /r\nsql: \"SELECT 1 -- a\\n AS a\""),
        Golden.route("A comment in a literal", "get: /r\nsql: |\n  SELECT 1 -- a\n  AS a"),
        Golden.route("A literal with an indentation", "get: /r\nsql: |2-\n    SELECT 1 -- a\n   AS a"),
        Golden.route(
            "Dashes in quotes",
            "get: /r\nsql: >\n  SELECT '--' AS \"--\",\n  $$--$$ AS c /* -- */\n  WHERE true"
        ),
        Golden.route(
            "A string of several lines",
            "get: /r\nsql: >\n  SELECT 'a\n  b' AS c",
            "7:14: error: YAML takes line breaks out of this string; \(cure)"
        ),
        Golden.route(
            "A name of several lines, and a dollar quote with a blank line",
            "get: /r\nsql: SELECT \"a\n  b\", $$c\n\n  d$$",
            "6:17: error: YAML takes line breaks out of this name; \(cure)",
            "7:11: error: YAML takes line breaks out of this dollar quote; \(cure)"
        ),
        Golden.route("A string whose lines stay", "get: /r\nsql: >\n  SELECT\n    'a\n    b' AS c"),
        Golden.route("A string of several lines in a literal", "get: /r\nsql: |\n  SELECT 'a\n  b' AS c"),
        Golden.route(
            "A string that goes on",
            "get: /r\nsql: >\n  SELECT E'a'\n  'b' AS c",
            "8:7: error: PostgreSQL joins strings of several lines, but YAML has joined these lines; \(cure), or join the "
                + "strings with '||'"
        ),
        Golden.route(
            "A YAML comment that cuts an operator",
            "get: /r\nsql: SELECT doc FROM docs ORDER BY doc #>> '{rank}' LIMIT 1",
            "6:44: error: \(cut)"
        ),
        Golden.route(
            "A YAML comment behind plain text",
            "get: /r\nsql: SELECT 1  # the answer",
            "6:20: error: \(cut)"
        ),
        Golden.route(
            "A YAML comment below plain text",
            "get: /r\nsql: SELECT\n  1\n\n  #>> x\nreturns: one",
            "9:7: error: \(cut)"
        ),
        Golden.route("A YAML comment for the next key", "get: /r\nsql: SELECT 1\n# next\nreturns: one"),
        Golden.route("No comment", "get: /r\nsql: SELECT 1#2 AS a, doc#>>'{a}' AS b FROM t LIMIT 1"),
        Golden.route("A YAML comment behind quotes", "get: /r\nsql: 'SELECT 1' # the answer"),
        Golden.route("A YAML comment at a block's head", "get: /r\nsql: | # the answer\n  SELECT 1 # 2 AS a"),
        Golden.route(
            "A backspace",
            "get: /r\nsql: \"SELECT 'a' ~ '\\bb\\_' AS c\"",
            "6:25: error: '\\b' is a backspace in YAML's double quotes; \(cure), where backslashes stay",
            "6:28: error: '\\_' is a no-break space in YAML's double quotes; \(cure), where backslashes stay"
        ),
        Golden.route("Backslashes that are meant", "get: /r\nsql: \"SELECT 'a' ~ '\\\\d\\t\\n\\x41' AS \\\"c\\\"\""),
        Golden.route("A form feed between tokens", "get: /r\nsql: \"SELECT\\f1\\v\""),
        Golden.route(
            "A form feed in a string",
            "get: /r\nsql: \"SELECT '\\f'\"",
            "6:19: error: '\\f' is a form feed in YAML's double quotes; \(cure), where backslashes stay"
        ),
        Golden.route("Quotes that are doubled", "get: /r\nsql: 'SELECT ''a'' AS c'"),
        Golden.route(
            "A no-break space",
            "get: /r\nsql: SELECT\u{A0}1, '\u{A0}' AS \"\u{A0}\"",
            "6:10: error: a GET route's SQL must be a query; it begins with 'SELECT\u{A0}1' (did you mean 'SELECT'?)",
            "6:16: error: the character U+00A0 is part of a name in SQL; write a blank, or put the name in double quotes"
        ),
    ]

    @Test("Where YAML changes SQL, the build stops at the place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }

    @Test("A comma that ends SQL inside braces is reported")
    func flowMapping() {
        let source = "version: 1\nnamespace: n\nroutes:\n  r: { get: /x, sql: SELECT a, b FROM t }\n"
        #expect(
            lines(source) == [
                "4:30: error: YAML ends the SQL at this ','; put the SQL in quotes, or \(Self.cure) in a route without braces"
            ]
        )
        #expect(
            lines("version: 1\nnamespace: n\nroutes:\n  r: { get: /x, sql: SELECT a::int, returns: one }\n").isEmpty
        )
    }

    static let unreadable = [
        ("SELECT x AS \"a: b\"", "text with ': ' needs quotes"),
        ("* FROM t", "YAML"), ("%x", "YAML"), ("@x", "YAML"), ("`x`", "YAML"), ("\"a\" FROM t", "YAML"),
        ("\"SELECT '\\d'\"", "YAML"), ("SELECT a\n      # first\n      FROM t", "YAML"),
        ("SELECT a\n      #>> '{b}'\n      FROM t", "YAML"),
    ]

    @Test("SQL that is no YAML gets an error with the cure", arguments: unreadable)
    func broken(text: String, message: String) {
        let found = lines(oneRoute("get: /r\nsql: \(text)"))
        #expect(found.first?.contains("'sql: |'") ?? false, "\(found)")
        #expect(found.first?.contains(message) ?? false, "\(found)")
    }
}
