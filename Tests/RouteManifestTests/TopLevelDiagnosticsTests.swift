import RouteManifest
import Testing

private let route = "routes:\n  r:\n    get: /r\n    sql: SELECT 1\n"

@Suite struct TopLevelDiagnosticsTests {
    static let goldens = [
        Golden(
            "Missing keys",
            "access: public\n",
            "1:1: error: the manifest has no 'version'; begin it with 'version: 1'",
            "1:1: error: the manifest has no 'namespace'; add one beside 'version', such as 'namespace: shop'",
            "1:1: error: the manifest has no 'routes'; add 'routes:', with a route below such as 'listUsers: { get: /users, sql: … }'"
        ),
        Golden(
            "Another version stops the reading",
            "version: 2\nfuture: x\nnamespace: 'a:b'\nroutes: {}\n",
            "1:10: error: 'version' is that of the manifest's format, not of your API: write 1, not '2'",
            "2:1: error: unknown key 'future' at the top level; the keys are version, namespace, base-path, defaults, routes, access, imports"
        ),
        Golden(
            "A misspelt key",
            "version: 1\nnamspace: n\n" + route,
            "2:1: error: unknown key 'namspace' at the top level (did you mean 'namespace'?)"
        ),
        Golden(
            "A colon in the namespace",
            "version: 1\nnamespace: a:b\n" + route,
            "2:12: error: 'namespace' begins all keys in Redis and has only A-Z a-z 0-9 _ . -, not 'a:b'; write 'namespace: a-b'"
        ),
        Golden(
            "An empty namespace",
            "version: 1\nnamespace: ''\n" + route,
            "2:12: error: 'namespace' begins all keys in Redis and has only A-Z a-z 0-9 _ . -, not ''; write 'namespace: shop'"
        ),
        Golden(
            "No namespace written",
            "version: 1\nnamespace:\n" + route,
            "2:11: error: 'namespace' has no value; write one, such as 'namespace: shop'"
        ),
        Golden(
            "A null in letters",
            "version: 1\nnamespace: null\n" + route,
            "2:12: error: 'namespace' has no value; put 'null' in quotes if it is meant as text"
        ),
        Golden(
            "No routes",
            "version: 1\nnamespace: n\nroutes: {}\n",
            "3:9: error: 'routes' is empty; write routes below it, such as 'listUsers: { get: /users, sql: … }'"
        ),
        Golden(
            "Routes that are a list",
            "version: 1\nnamespace: n\nroutes: [a]\n",
            "3:9: error: 'routes' must be a mapping of routes, not a list; write routes below it, such as 'listUsers: { get: /users, sql: … }'"
        ),
        Golden(
            "Routes that are missing",
            "version: 1\nnamespace: n\nroutes:\n",
            "3:8: error: 'routes' must be a mapping of routes, not empty; write routes below it, such as 'listUsers: { get: /users, sql: … }'"
        ),
        Golden(
            "An unknown access level",
            "version: 1\nnamespace: n\naccess: pubic\n" + route,
            "3:9: error: 'access' must be 'internal', 'package' or 'public', not 'pubic' (did you mean 'public'?)"
        ),
        Golden(
            "Imports",
            "version: 1\nnamespace: n\nimports: [A, a-b, A, import]\n" + route,
            "3:14: error: 'imports': 'a-b' is not a Swift identifier of letters, digits and underscores; write a module's name alone, such as 'Foundation'",
            "3:19: error: 'imports' names 'A' twice; remove one",
            "3:22: error: 'imports': 'import' is a Swift keyword; write a module's name alone, such as 'Foundation'"
        ),
        Golden(
            "Imports that are no list",
            "version: 1\nnamespace: n\nimports: A\n" + route,
            "3:10: error: 'imports' must be a list of modules, not a single value; write 'imports: [ A ]'"
        ),
        Golden(
            "A base path with an input",
            "version: 1\nnamespace: n\nbase-path: /a/{x}\n" + route,
            "3:15: error: 'base-path': inputs are not allowed here; write '/{x}' in the paths of the routes"
        ),
        Golden(
            "A relative base path",
            "version: 1\nnamespace: n\nbase-path: api\n" + route,
            "3:12: error: 'base-path': a path begins with '/'; write '/api'"
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
            "3:27: error: 'ttl' must be longer than zero, such as '1s'",
            "3:41: error: 'status' is for a successful answer, 200 to 299 except 206; leave out 'status: 404'; 'returns: one' answers a 404 where there is no row"
        ),
    ]

    @Test("What is wrong at the top level is reported at its place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }
}
