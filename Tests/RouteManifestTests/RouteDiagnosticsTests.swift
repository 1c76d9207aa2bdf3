import RouteManifest
import Testing

@Suite struct RouteDiagnosticsTests {
    static let goldens = [
        Golden.route("No method", "sql: SELECT 1", "4:3: error: route 'r' has no method and path, such as 'get: /r'"),
        Golden.route(
            "An unknown method",
            "fetch: /r\nsql: SELECT 1",
            "5:5: error: unknown key 'fetch'; a path stands behind its method: 'get: /r'"
        ),
        Golden.route(
            "A method in capitals",
            "GET: /r\nsql: SELECT 1",
            "5:5: error: unknown method 'GET' (did you mean 'get'?)"
        ),
        Golden.route(
            "Two methods",
            "get: /r\npost: /r\nsql: SELECT 1",
            "6:5: error: a route has one method; make this a route of its own, with a name and 'sql' of its own",
            "5:5: note: first here"
        ),
        Golden.route(
            "No source",
            "get: /r",
            "4:3: error: route 'r' has no 'sql', 'sql-file' or 'handler'; add one, such as 'sql: SELECT …'"
        ),
        Golden.route(
            "Two sources",
            "get: /r\nsql: SELECT 1\nhandler: swift",
            "7:5: error: a route has only one of 'sql', 'sql-file' and 'handler'; remove 'sql' or 'handler'",
            "6:5: note: first here"
        ),
        Golden(
            "A route that is no mapping",
            "version: 1\nnamespace: n\nroutes:\n  r: /r\n",
            "4:6: error: route 'r' must be a mapping with a method and SQL, such as { get: /r, sql: … }, not a single value"
        ),
        Golden.route(
            "A relative path",
            "get: r\nsql: SELECT 1",
            "5:10: error: 'get': a path begins with '/'; write '/r'"
        ),
        Golden.route(
            "Paths with characters that have several spellings",
            "get: /a b/c%20/é!x=1/{y}z//.././{/{1}\nsql: SELECT 1",
            "5:12: error: 'get': ' ' is not allowed in a path (only A-Z a-z 0-9 - . _ ~); write 'a-b'",
            "5:16: error: 'get': '%' is not allowed in a path (only A-Z a-z 0-9 - . _ ~); write 'c-20'",
            "5:20: error: 'get': 'é' is not allowed in a path (only A-Z a-z 0-9 - . _ ~); write 'x-1'",
            "5:26: error: 'get': an input is a whole segment, such as '/{id}'",
            "5:31: error: 'get': the path has an empty segment; write one '/'",
            "5:32: error: 'get': '..' cannot be a segment; write the path without it",
            "5:35: error: 'get': '.' cannot be a segment; write the path without it",
            "5:37: error: 'get': an input is a whole segment, such as '/{id}'",
            "5:39: error: 'get': '{1}' needs the name of a path input in its braces, such as '{id}'"
        ),
        Golden.route(
            "A query in the path",
            "get: /a?x=1\nsql: SELECT 1",
            "5:12: error: 'get': the query does not stand in the path; leave out '?x=1', and declare its inputs under 'query'"
        ),
        Golden.route(
            "An input twice in the path",
            "get: /{a}/{a}\npath: { a: int }\nsql: SELECT :a",
            "5:15: error: 'get': '{a}' stands in the path twice; give one of them another name"
        ),
        Golden.route(
            "A path input under another name",
            "get: '/u/{userid}/x'\npath: { userId: int }\nsql: SELECT :userId",
            "5:14: error: '{userid}' is not declared under 'path' (did you mean 'userId'?)"
        ),
        Golden(
            "Route names",
            """
            version: 1
            namespace: n
            routes:
              list-users: { get: /a, sql: SELECT 1 }
              class: { get: /b, sql: SELECT 1 }
              usage: { get: /c, query: { a: int }, handler: swift }
              Usage: { get: /d, query: { a: int }, handler: swift }
              Context: { get: /e, sql: SELECT 1 }
              UsageInput: { get: /f, sql: SELECT 1 }
            """,
            "4:3: error: a route's name: 'list-users' is not a Swift identifier of letters, digits and underscores; write 'listUsers'",
            "5:3: error: a route's name: 'class' is a Swift keyword; write one such as 'listUsers'",
            "7:3: error: routes 'usage' and 'Usage' would both generate 'UsageInput'; give this one another name",
            "6:3: note: 'usage' is here",
            "8:3: error: a route cannot be called 'Context': generated code uses that name; call it something else, such as 'contextRoute'",
            "9:3: error: routes 'usage' and 'UsageInput' would both generate 'UsageInput'; give this one another name",
            "6:3: note: 'usage' is here"
        ),
        Golden(
            "Route names that generate less: SQL has no types, and a handler without inputs has none for them",
            """
            version: 1
            namespace: n
            routes:
              set: { get: /a, sql: SELECT 1 }
              Set: { get: /b, sql: SELECT 1 }
              SetInput: { get: /c, sql: SELECT 1 }
              SetOutput: { get: /d, sql: SELECT 1 }
              get: { get: /e, handler: swift }
              Get: { get: /f, sql: SELECT 1 }
              GetInput: { get: /g, sql: SELECT 1 }
              put: { put: /h, handler: swift }
              Put: { put: /i, handler: swift }
              post: { post: /j, handler: swift }
              PostOutput: { post: /k, sql: DELETE FROM t WHERE a = 1, returns: none }
            """,
            "12:3: error: routes 'put' and 'Put' would both generate 'PutOutput'; give this one another name",
            "11:3: note: 'put' is here",
            "14:3: error: routes 'post' and 'PostOutput' would both generate 'PostOutput'; give this one another name",
            "13:3: note: 'post' is here"
        ),
        Golden(
            "Routes that match the same requests",
            """
            version: 1
            namespace: n
            routes:
              a: { get: "/users/{id}", path: { id: int }, sql: "SELECT :id::int" }
              b: { get: "/users/{uid}/", path: { uid: string }, sql: "SELECT :uid" }
              c: { get: /users/me, sql: SELECT 1 }
              d: { get: "/{x}/me", path: { x: string }, sql: "SELECT :x" }
            """,
            "5:8: error: route 'b' matches the same requests as 'a'; give one of the two another path",
            "4:8: note: 'a' is here"
        ),
        Golden(
            "A context input of two types",
            """
            version: 1
            namespace: n
            routes:
              a: { get: /a, context: { u: uuid }, sql: "SELECT :u" }
              b: { get: /b, context: { u: { type: string } }, sql: "SELECT :u" }
            """,
            "5:39: error: context input 'u' is string here and uuid in another route; write one type in both",
            "4:31: note: uuid here"
        ),
        Golden.route(
            "One name in two groups",
            "get: /{a}\npath: { a: int }\nquery: { a: int, b: int }\ncontext: { b: uuid }\nsql: SELECT :a + :b",
            "7:14: error: input 'a' is declared twice; give this one another name, or remove it",
            "6:13: note: first here, under 'path'",
            "8:16: error: input 'b' is declared twice; give this one another name, or remove it",
            "7:22: note: first here, under 'query'"
        ),
    ]

    @Test("What is wrong with a route is reported at its place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }

    @Test("Literals may stand beside inputs")
    func literalsBesideInputs() {
        let source = """
            version: 1
            namespace: n
            routes:
              a: { get: "/users/{id}", path: { id: int }, sql: "SELECT :id::int" }
              b: { get: /users/me, sql: SELECT 1 }
              c: { get: "/{x}/me", path: { x: string }, sql: "SELECT :x" }
            """
        #expect(lines(source).isEmpty)
    }
}
