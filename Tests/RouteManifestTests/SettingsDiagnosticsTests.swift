import RouteManifest
import Testing

@Suite struct SettingsDiagnosticsTests {
    static let goldens = [
        Golden.route(
            "Misspelt and misplaced keys",
            "get: /r\nsql: SELECT 1\nttll: 1\nttl: 5s\ncache: { tll: 5s, timeout: 1s, max_body: 1 }",
            "7:5: error: unknown key 'ttll' in route 'r'; leave it out",
            "8:5: error: 'ttl' belongs under 'cache'",
            "9:14: error: unknown key 'tll' in 'cache' (did you mean 'ttl'?)",
            "9:23: error: 'timeout' belongs beside 'cache', not in it",
            "9:36: error: unknown key 'max_body' in 'cache' (did you mean 'max-body'?)"
        ),
        Golden.route(
            "Allowed names",
            "get: /r\nsql: SELECT now() FROM t\nallow: [ no-limit, nolimit, x ]",
            "6:17: warning: 'now()' is computed once for each cached answer, not for each request; compute it in the client, or write 'allow: [ non-deterministic ]' [non-deterministic]",
            "7:24: error: 'allow': no check is called 'nolimit' (did you mean 'no-limit'?)",
            "7:33: error: 'allow': no check is called 'x'; the checks are all-rows, constant-key, list-in-in, may-write, no-effect, no-index, no-limit, no-triggers, non-deterministic, null-claim, null-comparison, precondition-path, quoted-input, real, seq-scan, session-state, target-types, undeclared-table, unknown-constraint, unknown-table, unknown-tables, unknown-tag, unused-input, upsert, warm-gap"
        ),
        Golden.route(
            "An allowed name that is no list",
            "get: /r\nsql: SELECT 1\nallow: no-limit",
            "7:12: error: 'allow' must be a list of checks, not a single value; write 'allow: [ no-limit ]'"
        ),
        Golden(
            "Names that the defaults allow, and those that a route allows",
            """
            version: 1
            namespace: n
            defaults: { allow: [ no-limit ] }
            routes:
              a: { get: /a, query: { x: int }, sql: SELECT now() FROM t, allow: [ non-deterministic ] }
              b: { get: /b, query: { x: int }, sql: SELECT now() FROM t, allow: [ unused-input ] }
            """,
            "5:26: warning: input 'x' is never used in the SQL; write ':x' there, or remove the input [unused-input]",
            "6:48: warning: 'now()' is computed once for each cached answer, not for each request; compute it in the client, or write 'allow: [ non-deterministic ]' [non-deterministic]"
        ),
        Golden.route(
            "Columns that are never NULL",
            "get: /r\nsql: SELECT 1\nreturns: one\nnot-null: [ total, \"\", [a], total ]",
            "8:24: error: a column of 'not-null' has no name; write it as the SQL has it",
            "8:28: error: a column of 'not-null' must be a single value, not a list; write 'a'",
            "8:33: error: 'not-null' has the column 'total' twice; remove one",
            "8:17: note: first here"
        ),
        Golden.route(
            "A column alone",
            "get: /r\nsql: SELECT 1\nreturns: one\nnot-null: total",
            "8:15: error: 'not-null' must be a list of columns, not a single value; write 'not-null: [ total ]'"
        ),
        Golden.route(
            "Columns of a handler",
            "get: /r\nhandler: swift\nnot-null: [ total ]",
            "7:5: error: 'not-null' is about the columns of SQL; leave it out of a route with a handler"
        ),
        Golden(
            "Columns in the defaults",
            "version: 1\nnamespace: n\ndefaults: { not-null: [ a ] }\nroutes:\n  r: { get: /r, sql: SELECT 1, returns: one }\n",
            "3:13: error: 'not-null' can have no default"
        ),
        Golden.route(
            "Durations",
            "get: /r\nsql: SELECT 1\ntimeout: 5 minutes\ncache: { ttl: 60, client-ttl: 1.5s }",
            "7:14: error: '5 minutes' is not a duration (write '5m')",
            "8:19: error: '60' is not a duration (write '60s' for seconds)",
            "8:35: error: '1.5s' is not a duration (a whole number and one of ms, s, m, h, d)"
        ),
        Golden.route(
            "Durations that are no time",
            "get: /r\nsql: SELECT 1\ntimeout: 0s\ncache: -1s",
            "7:14: error: 'timeout' must be longer than zero, such as '1s'",
            "8:12: error: '-1s' is not a duration (such as '500ms', '10s', '5m', '2h' or '7d')"
        ),
        Golden.route(
            "Endless durations",
            "get: /r\nsql: SELECT 1\ntimeout: 99999999999999999999s\ncache: 9223372036854775807d",
            "7:14: error: the duration '99999999999999999999s' is too long",
            "8:12: error: the duration '9223372036854775807d' is too long"
        ),
        Golden.route(
            "A clients' time in fractions",
            "get: /r\nsql: SELECT 1\ncache: { client-ttl: 1500ms }",
            "7:26: error: 'client-ttl' is sent to clients in whole seconds; write '1s', or '0s' for none"
        ),
        Golden.route(
            "Sizes",
            "get: /r\nsql: SELECT 1\ncache: { max-body: 64KB }",
            "7:24: error: '64KB' is not a size (write '64KiB')"
        ),
        Golden.route(
            "A size of nothing",
            "get: /r\nsql: SELECT 1\ncache: { max-body: 0 }",
            "7:24: error: 'max-body' must be larger than zero, such as '64KiB'"
        ),
        Golden.route(
            "A size no store keeps",
            "get: /r\nsql: SELECT 1\ncache: { max-body: 512MiB }",
            "7:24: error: 'max-body' must be less than 512MiB, the largest value Redis keeps; write '511MiB' or less"
        ),
        Golden.route(
            "Booleans",
            "get: /r\nsql: SELECT 1\npublic: yes",
            "7:13: error: 'public' must be true or false, not 'yes' (write 'true')"
        ),
        Golden.route(
            "A boolean that is a list",
            "get: /r\nsql: SELECT 1\npublic: [true]",
            "7:13: error: 'public' must be true or false, not a list; write 'public: true'"
        ),
        Golden.route(
            "Closed sets",
            "get: /r\nsql: SELECT 1\nreturns: mny\nunknown-query: drop\ncache: { coalesce: flet }\nrequest-directives: honour",
            "7:14: error: 'returns' must be 'many', 'one', 'value' or 'none', not 'mny' (did you mean 'many'?)",
            "8:20: error: 'unknown-query' must be 'ignore' or 'reject', not 'drop'",
            "9:24: error: 'coalesce' must be 'process', 'fleet' or 'off', not 'flet' (did you mean 'fleet'?)",
            "10:25: error: 'request-directives' must be 'honor' or 'ignore', not 'honour' (did you mean 'honor'?)"
        ),
        Golden.route(
            "A status that is no success",
            "get: /r\nsql: SELECT 1\nstatus: 301",
            "7:13: error: 'status' is for a successful answer, 200 to 299 except 206; leave out 'status: 301', or write one of these, such as 'status: 201'"
        ),
        Golden.route(
            "A partial answer",
            "get: /r\nsql: SELECT 1\nstatus: 206",
            "7:13: error: 'status' is for a successful answer, 200 to 299 except 206; leave out 'status: 206', or write one of these, such as 'status: 201'"
        ),
        Golden.route(
            "A status in words",
            "get: /r\nsql: SELECT 1\nstatus: ok",
            "7:13: error: 'status' must be a whole number from 200 to 299, not 'ok'"
        ),
        Golden.route(
            "A body with 204",
            "get: /r\nsql: SELECT 1\nstatus: 204",
            "7:13: error: status 204 has no body; write 'returns: none' too, or leave 'status' out"
        ),
        Golden.route(
            "A handler's body with 204",
            "get: /r\nhandler: swift\nstatus: 204",
            "7:13: error: status 204 has no body, but a handler returns one; leave 'status' out"
        ),
        Golden.route(
            "Returns of a handler",
            "get: /r\nhandler: swift\nreturns: none",
            "7:14: error: 'returns' is about the rows of SQL; a handler's answer is what it returns; leave 'returns' out"
        ),
        Golden.route(
            "A handler in another language",
            "get: /r\nhandler: python",
            "6:14: error: 'handler' must be 'swift', not 'python' (write 'handler: swift'; the Swift method is 'r' of Routes.Handlers)"
        ),
        Golden.route(
            "A summary of two lines",
            "get: /r\nsql: SELECT 1\nsummary: |\n  a\n  b",
            "7:14: error: 'summary' must be one line of text; join its lines, without '|' and line breaks"
        ),
        Golden.route(
            "A cache that is a list",
            "get: /r\nsql: SELECT 1\ncache: [5s]",
            "7:12: error: 'cache' must be a duration, a mapping or off, not a list; write it as in cache: { ttl: 60s }"
        ),
        Golden.route(
            "A cache that is empty",
            "get: /r\nsql: SELECT 1\ncache:",
            "7:11: error: 'cache' must be a duration, a mapping or off, not empty; write 'cache: 60s', or leave it out"
        ),
        Golden.route(
            "Public answers from a context",
            "get: /r\ncontext: { u: uuid }\nsql: SELECT :u\npublic: true",
            "8:13: error: route 'r' cannot be public: its answers differ for each 'u' of the context; remove 'public: true'",
            "6:16: note: 'u' comes from the request's context"
        ),
        Golden.route(
            "Before the router in every wrong place",
            """
            get: /r
            sql: SELECT 1
            before-router: true
            cache:
              before-router: true
              warm: { every: 1s, before-router: true }
              tables: { names: [a], before-router: true }
            """,
            "7:5: error: 'before-router' belongs under 'cache'",
            "9:22: error: 'before-router' gives answers before the app's middleware sees who asks; add 'public: true' to the route, or leave it out",
            "10:26: error: 'before-router' belongs beside 'warm', not in it",
            "11:29: error: 'before-router' belongs beside 'tables', not in it"
        ),
    ]

    @Test("What is wrong with a setting is reported at its place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }
}
