import RouteManifest
import Testing

/// A manifest whose route is kept in the process as the text says.
private func near(_ text: String, _ expected: String) -> Golden {
    Golden.route(
        "Answers in the process: '\(text)'",
        "get: /r\nsql: SELECT 1\ncache:\n  near: \(text)",
        "8:\(text.isEmpty ? 12 : 13): error: 'near' \(expected)"
    )
}

@Suite struct CacheDiagnosticsTests {
    static let goldens = [
        Golden.route(
            "Jitter",
            "get: /r\nsql: SELECT 1\ncache: { jitter: 10 }",
            "7:22: error: '10' is not a percentage (write '10%')"
        ),
        Golden.route(
            "Jitter as a fraction",
            "get: /r\nsql: SELECT 1\ncache: { jitter: 0.1 }",
            "7:22: error: '0.1' is not a percentage (write '10%')"
        ),
        Golden.route(
            "Jitter with a blank",
            "get: /r\nsql: SELECT 1\ncache:\n  jitter: 10 %",
            "8:15: error: '10 %' is not a percentage (write '10%')"
        ),
        Golden.route(
            "Jitter that leaves nothing",
            "get: /r\nsql: SELECT 1\ncache: { jitter: 100% }",
            "7:22: error: the percentage '100%' is too large (at most '99%')"
        ),
        Golden.route(
            "Jitter that is a list",
            "get: /r\nsql: SELECT 1\ncache: { jitter: [10%] }",
            "7:22: error: 'jitter' must be a percentage, not a list; write 'jitter: 10%'"
        ),
        Golden.route(
            "Windows",
            """
            get: /r
            sql: SELECT 1
            cache:
              stale-while-revalidate: 30
              stale-if-error: never
              negative-ttl: 1 minute
              compress: gzip
            """,
            "8:31: error: '30' is not a duration (write '30s' for seconds)",
            "9:23: error: 'never' is not a duration (such as '500ms', '10s', '5m', '2h' or '7d')",
            "10:21: error: '1 minute' is not a duration (write '1m')",
            "11:17: error: 'compress' must be true or false, not 'gzip' (write 'compress: true', or leave it out)"
        ),
        Golden.route(
            "Settings that are empty",
            """
            get: /r
            sql: SELECT 1
            request-directives:
            cache:
              jitter:
              stale-while-revalidate:
              stale-if-error: {}
              negative-ttl: []
              compress: ~
              coalesce:
              warm:
            """,
            "7:24: error: 'request-directives' has no value; write one, such as 'request-directives: honor', or leave it out",
            "9:14: error: 'jitter' has no value; write one, such as 'jitter: 10%', or leave it out",
            "10:30: error: 'stale-while-revalidate' has no value; write one, such as 'stale-while-revalidate: 30s', or leave it out",
            "11:23: error: 'stale-if-error' must be a duration, not a mapping; write it as in 'stale-if-error: 10m'",
            "12:21: error: 'negative-ttl' must be a duration, not a list; write it as in 'negative-ttl: 10s'",
            "13:17: error: 'compress' has no value; put '~' in quotes if it is meant as text",
            "14:16: error: 'coalesce' has no value; write one, such as 'coalesce: fleet', or leave it out",
            "15:12: error: 'warm' must be off or a mapping, not empty; write warm: { every: 1m }"
        ),
        near("yes", "must be true, false or a duration such as '5s', not 'yes' (write 'true')"),
        near("Off", "must be true, false or a duration such as '5s', not 'Off' (write 'false')"),
        near("1", "must be true, false or a duration such as '5s', not '1' (write 'true')"),
        near("always", "must be true, false or a duration such as '5s', not 'always'"),
        near("''", "must be true, false or a duration such as '5s', not ''"),
        near("[5s]", "must be true, false or a duration such as '5s', not a list; write 'near: 5s'"),
        near("", "has no value; write one, such as 'near: 5s', or leave it out"),
        near("0s", "must be longer than zero, such as '1s'"),
        Golden.route(
            "Answers in the process by another spelling of a duration",
            "get: /r\nsql: SELECT 1\ncache:\n  near: 5 s",
            "8:13: error: '5 s' is not a duration (write '5s')"
        ),
        Golden.route(
            "Settings in other places than theirs",
            """
            get: /r
            sql: SELECT 1
            jitter: 10%
            warm: { every: 1m }
            cache: { every: 1m, request-directives: honor, warm: { every: 1m, ttl: 5m, tags: [a] }, with: [] }
            """,
            "7:5: error: 'jitter' belongs under 'cache'",
            "8:5: error: 'warm' belongs under 'cache'",
            "9:14: error: 'every' belongs under 'warm'",
            "9:25: error: 'request-directives' belongs beside 'cache', not in it",
            "9:71: error: 'ttl' belongs beside 'warm', not in it",
            "9:80: error: 'tags' belongs beside 'warm', not in it",
            "9:93: error: 'with' belongs under 'warm'"
        ),
        Golden.route(
            "A negative ttl where there is no 404 [no-effect]",
            "get: /r\nsql: SELECT 1\ncache: { negative-ttl: 5s }",
            "7:28: warning: 'negative-ttl' has no effect: with 'returns: many' there is no 404; leave it out [no-effect]"
        ),
        Golden.route(
            "A negative ttl that is off",
            "get: /r\nsql: SELECT 1\ncache: { negative-ttl: off }"
        ),
        Golden.route(
            "Request directives of a write",
            "post: /r\nsql: DELETE FROM t WHERE true\nreturns: none\nrequest-directives: ignore",
            "8:5: error: 'request-directives' on a write: they are about cached answers, and there are none; leave it out"
        ),
    ]

    @Test("What is wrong with a setting of the cache is reported at its place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }
}
