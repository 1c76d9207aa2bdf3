import RouteManifest
import Testing

private let route = "routes:\n  r:\n    get: /r\n    sql: SELECT 1\n"

@Suite struct TopLevelDiagnosticsTests {
    static let goldens = [
        Golden(
            "Missing keys",
            "access: public\n",
            "1:1: error: the manifest has no 'version'; begin it with 'version: 1'",
            "1:1: error: the manifest has no 'namespace'",
            "1:1: error: the manifest has no 'routes'"
        ),
        Golden(
            "Another version stops the reading",
            "version: 2\nfuture: x\nnamespace: 'a:b'\nroutes: {}\n",
            "1:10: error: 'version' is that of the manifest's format, not of your API: write 1, not '2'",
            "2:1: error: unknown key 'future' at the top level"
        ),
        Golden(
            "A misspelt key",
            "version: 1\nnamspace: n\n" + route,
            "2:1: error: unknown key 'namspace' at the top level (did you mean 'namespace'?)"
        ),
        Golden(
            "A colon in the namespace",
            "version: 1\nnamespace: a:b\n" + route,
            "2:12: error: 'namespace' is the first part of every key: only A-Z a-z 0-9 _ . - are allowed, not 'a:b'"
        ),
        Golden(
            "An empty namespace",
            "version: 1\nnamespace: ''\n" + route,
            "2:12: error: 'namespace' is the first part of every key: only A-Z a-z 0-9 _ . - are allowed, not ''"
        ),
        Golden("No namespace written", "version: 1\nnamespace:\n" + route, "2:11: error: 'namespace' has no value"),
        Golden(
            "A null in letters",
            "version: 1\nnamespace: null\n" + route,
            "2:12: error: 'namespace' has no value; put 'null' in quotes if it is meant as text"
        ),
        Golden("No routes", "version: 1\nnamespace: n\nroutes: {}\n", "3:9: error: 'routes' is empty"),
        Golden(
            "Routes that are a list",
            "version: 1\nnamespace: n\nroutes: [a]\n",
            "3:9: error: 'routes' must be a mapping of routes, not a list"
        ),
        Golden(
            "Routes that are missing",
            "version: 1\nnamespace: n\nroutes:\n",
            "3:8: error: 'routes' must be a mapping of routes, not empty"
        ),
        Golden(
            "An unknown access level",
            "version: 1\nnamespace: n\naccess: pubic\n" + route,
            "3:9: error: 'access' must be one of internal, package, public, not 'pubic' (did you mean 'public'?)"
        ),
        Golden(
            "Imports",
            "version: 1\nnamespace: n\nimports: [A, a-b, A, import]\n" + route,
            "3:14: error: 'imports': 'a-b' is not a Swift identifier of letters, digits and underscores",
            "3:19: error: 'imports' names 'A' twice",
            "3:22: error: 'imports': 'import' is a Swift keyword"
        ),
        Golden(
            "Imports that are no list",
            "version: 1\nnamespace: n\nimports: A\n" + route,
            "3:10: error: 'imports' must be a list, not a single value"
        ),
        Golden(
            "A base path with an input",
            "version: 1\nnamespace: n\nbase-path: /a/{x}\n" + route,
            "3:15: error: 'base-path': inputs are not allowed here"
        ),
        Golden(
            "A relative base path",
            "version: 1\nnamespace: n\nbase-path: api\n" + route,
            "3:12: error: 'base-path': a path begins with '/'"
        ),
        Golden(
            "Defaults that cannot be",
            "version: 1\nnamespace: n\ndefaults: { sql: x, ttl: 1s, timeot: 1s, get: /x, before-router: true }\n"
                + route,
            "3:13: error: 'sql' can have no default",
            "3:21: error: 'ttl' belongs under 'cache'",
            "3:30: error: unknown key 'timeot' in 'defaults' (did you mean 'timeout'?)",
            "3:42: error: 'get' can have no default",
            "3:51: error: 'before-router' belongs under 'cache'"
        ),
        Golden(
            "A default nobody uses is checked",
            "version: 1\nnamespace: n\ndefaults: { cache: { ttl: 0s }, status: 404 }\n" + route,
            "3:27: error: 'ttl' must be longer than zero",
            "3:41: error: 'status' is the status of a successful answer: 200 to 299 and not 206, not 404"
        ),
    ]

    @Test("What is wrong at the top level is reported at its place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }
}
