import RouteManifest
import RouteModel
import Testing

@Suite struct PreconditionTests {
    /// A manifest with a GET route, and a write with these lines.
    private static func manifest(_ write: String, get: String = "sql: SELECT :id AS id\n    returns: one") -> String {
        """
        version: 1
        namespace: n
        routes:
          getUser:
            get: /users/{id}
            path: { id: int }
            \(get)
          listUsers: { get: /users, sql: SELECT 1 LIMIT 1 }
          usage: { get: /usage, handler: swift }
          ping: { get: /ping, sql: SELECT 1, returns: none }
          other: { post: /users, sql: "INSERT INTO t VALUES (1)", returns: none }
          setUser:
            put: /users/{id}
            path: { id: int }
            sql: UPDATE t SET a = 1 WHERE id = :id
            returns: none
            \(write)
        """
    }

    private func precondition(_ write: String) throws -> ManifestPreconditionPolicy? {
        let result = parse(Self.manifest(write))
        #expect(result.diagnostics == [])
        let manifest = try #require(result.manifest)
        return try #require(manifest.routes.first { $0.name == "setUser" }).precondition
    }

    @Test("A write names the GET route that conditions speak of, and may ask for conditions")
    func settings() throws {
        #expect(try precondition("timeout: 1s") == nil)
        #expect(try precondition("precondition: getUser") == ManifestPreconditionPolicy(route: "getUser"))
        #expect(try precondition("precondition: { route: getUser }") == ManifestPreconditionPolicy(route: "getUser"))
        #expect(
            try precondition("precondition: { route: getUser, required: true }")
                == ManifestPreconditionPolicy(route: "getUser", isRequired: true)
        )
        #expect(try precondition("precondition: listUsers") == ManifestPreconditionPolicy(route: "listUsers"))
    }

    @Test("Query, header and defaulted inputs of the GET route need not stand in the write")
    func otherInputs() throws {
        let get = """
            query: { view: { type: string, default: all }, page: int }
                header: { lang: { from: Accept-Language, one-of: [en, de], default: en } }
                sql: SELECT :id AS id, :view AS view, :page AS page, :lang AS lang
                returns: one
            """
        #expect(parse(Self.manifest("precondition: getUser", get: get)).diagnostics == [])
    }

    private static let such = "; name a GET route with SQL, such as 'getUser', or leave it out"

    static let goldens = [
        Golden(
            "A route that does not exist",
            manifest("precondition: getUsr"),
            "18:19: error: 'precondition' of 'setUser': no route of the manifest is called 'getUsr' (did you mean 'getUser'?)"
        ),
        Golden(
            "A route that nobody can mean",
            manifest("precondition: true"),
            "18:19: error: 'precondition' of 'setUser': no route of the manifest is called 'true'\(such)"
        ),
        Golden(
            "A route that writes",
            manifest("precondition: { route: other }"),
            "18:28: error: 'precondition' of 'setUser': 'other' is a POST route, and conditions speak of what a GET route answers"
                + such,
            "12:3: note: 'other' is here"
        ),
        Golden(
            "The route itself",
            manifest("precondition: setUser"),
            "18:19: error: 'precondition' of 'setUser': 'setUser' is a PUT route, and conditions speak of what a GET route answers"
                + such,
            "13:3: note: 'setUser' is here"
        ),
        Golden(
            "A handler",
            manifest("precondition: usage"),
            "18:19: error: 'precondition' of 'setUser': 'usage' has a handler, and only SQL can be asked in the transaction of a write"
                + such,
            "10:3: note: 'usage' is here"
        ),
        Golden(
            "Nothing to compare",
            manifest("precondition: ping"),
            "18:19: error: 'precondition' of 'setUser': 'ping' answers without a body ('returns: none'), so there is nothing to compare"
                + such,
            "11:3: note: 'ping' is here"
        ),
        Golden(
            "Settings of it",
            manifest("precondition: { name: getUser, require: true, x: 1 }"),
            "18:21: error: unknown key 'name' in 'precondition' (write 'route')",
            "18:36: error: unknown key 'require' in 'precondition' (write 'required')",
            "18:51: error: unknown key 'x' in 'precondition'; the keys are route, required"
        ),
        Golden(
            "Without a route",
            manifest("precondition: { required: yes }"),
            "18:5: error: 'precondition' has no 'route'; add the GET route that conditions speak of, such as 'route: getUser'",
            "18:31: error: 'required' must be true or false, not 'yes' (write 'true')"
        ),
        Golden(
            "A list",
            manifest("precondition: [ getUser ]"),
            "18:19: error: 'precondition' must be the name of a GET route or a mapping, not a list; write it as in precondition: { route: getUser, required: true }"
        ),
        Golden.route(
            "On a GET route",
            "get: /r\nsql: SELECT 1 LIMIT 1\nprecondition: r",
            "7:5: error: 'precondition' is for writes, whose conditions it lets speak of a GET route's answer; leave it out"
        ),
        Golden.route(
            "On a handler",
            "put: /r\nhandler: swift\nprecondition: r",
            "7:5: error: 'precondition' is compared in the transaction of SQL; leave it out of a route with a handler"
        ),
        Golden(
            "As a default and at the top",
            "version: 1\nnamespace: n\nprecondition: r\ndefaults: { precondition: r }\nroutes: { r: { get: /r, handler: swift } }\n",
            "3:1: error: 'precondition' belongs in a route, under 'routes'",
            "4:13: error: 'precondition' can have no default"
        ),
        Golden(
            "By other names",
            manifest("if-match: getUser\n    required: true"),
            "18:5: error: unknown key 'if-match' in route 'setUser' (write 'precondition')",
            "19:5: error: unknown key 'required' in route 'setUser'; leave it out"
        ),
    ]

    @Test("What can't be compared is a located error", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }

    @Test("An upsert under a condition is a warning, unless it locks the row that is there")
    func upserts() {
        let warning = """
            if somebody deletes the row at the same moment, ON CONFLICT makes it anew, though 'If-Match' says that it is there; \
            let one route UPDATE and another INSERT, lock the row first with SELECT … FOR UPDATE, or write 'allow: [ upsert ]' \
            [upsert]
            """
        let insert = "INSERT INTO t (id, a) VALUES (:id, 1) ON CONFLICT"
        let cases: [(sql: String, isReported: Bool)] = [
            ("\(insert) (id) DO UPDATE SET a = 2", true), ("\(insert) DO NOTHING", true),
            ("\(insert.lowercased()) (id) do update set a = (SELECT 1 FROM u WHERE b = :id)", true),
            ("WITH w AS (\(insert) (id) DO NOTHING RETURNING a) SELECT a FROM w", true),
            ("INSERT INTO t (id, a) VALUES (:id, 'ON CONFLICT')", false),
            ("UPDATE t SET a = 1 WHERE id = :id /* ON CONFLICT */", false),
            ("UPDATE t SET a = 1 FROM u JOIN v ON conflict = b WHERE id = :id", false),
            (
                "WITH old AS (SELECT FROM t WHERE id = :id FOR UPDATE) INSERT INTO t (id, a) SELECT :id, 1 "
                    + "FROM (SELECT count(*) FROM old) AS o ON CONFLICT (id) DO UPDATE SET a = 2", false
            ),
            (
                "WITH old AS (SELECT a FROM t WHERE id = :id FOR NO KEY UPDATE) INSERT INTO t (id, a) SELECT :id, 1 "
                    + "FROM (SELECT count(*) FROM old) AS o ON CONFLICT (id) DO UPDATE SET a = 2", false
            ),
        ]
        for (sql, isReported) in cases {
            for (line, isConditional) in [("precondition: getUser", true), ("timeout: 1s", false)] {
                let source = Self.manifest(line).replacing(
                    "sql: UPDATE t SET a = 1 WHERE id = :id",
                    with: "sql: >-\n      \(sql)"
                )
                let offset = sql.lowercased().firstRange(of: "on conflict")?.lowerBound.utf16Offset(in: sql) ?? 0
                let expected = isConditional && isReported ? ["17:\(offset + 7): warning: \(warning)"] : []
                #expect(lines(source) == expected, "\(source)")
                let allowed = source.replacing(line, with: "\(line)\n    allow: [ upsert ]")
                #expect(lines(allowed) == [])
            }
        }
    }

    @Test("A GET route of quite another path is a warning")
    func otherPaths() {
        func source(_ write: String, _ get: String, allow: String = "unused-input") -> String {
            """
            version: 1
            namespace: n
            base-path: /api
            routes:
              read:
                get: \(get)
                sql: SELECT 1 AS a
                returns: one
                allow: [ unused-input ]
              write:
                \(write)
                body: { b: int }
                sql: UPDATE t SET a = 1 WHERE b = :b
                returns: none
                allow: [ \(allow) ]
                precondition: read
            """
        }
        let id = "path: { id: int }"
        let cases: [(write: String, get: String, isReported: Bool)] = [
            ("patch: /users/{id}\n    \(id)", "/orders/{id}\n    \(id)", true),
            ("delete: /users/{id}\n    \(id)", "/users/all/{id}\n    \(id)", true),
            (
                "put: /users/{name}\n    path: { name: string, }\n    query: { id: int }", "/users/{id}\n    \(id)",
                false
            ),
            ("put: /users/me\n    query: { id: int }", "/users/{id}\n    \(id)", true),
            ("put: /me\n    query: { id: int }", "/users/{id}\n    \(id)", true),
            ("post: /users\n    query: { id: int }", "/users/{id}\n    \(id)", false),
            ("post: /users/{id}/lock\n    \(id)", "/users/{id}\n    \(id)", false),
            ("post: /orders/{id}/lock\n    \(id)", "/users/{id}\n    \(id)", true),
            ("put: /users/{id}\n    \(id)", "/users", false), ("put: /users/{id}\n    \(id)", "/orders", true),
            ("put: /users/{id}\n    \(id)", "/", false),
        ]
        for (write, get, isReported) in cases {
            let found = lines(source(write, get)).filter { $0.contains("[precondition-path]") || $0.contains("error") }
            #expect(found.count == (isReported ? 1 : 0), "\(write) \(get): \(found)")
            let allowed = lines(source(write, get, allow: "unused-input, precondition-path"))
            #expect(!allowed.contains { $0.contains("[precondition-path]") })
        }
        #expect(
            lines(source(cases[0].write, cases[0].get)) == [
                "18:19: warning: 'precondition' of 'write': 'read' answers at '/api/orders/{id}', which is neither the path of 'write' "
                    + "nor above or below it, though the conditions of a request speak of what is at its own path; name the GET route "
                    + "of '/api/users/{id}', or write 'allow: [ precondition-path ]' [precondition-path]",
                "5:3: note: 'read' is here",
            ]
        )
    }

    @Test("Path and context inputs of the GET route have to stand in the write, with their types")
    func inputs() {
        func source(_ write: String) -> String {
            """
            version: 1
            namespace: n
            routes:
              getUser:
                get: /teams/{team}/users/{id}
                path: { team: uuid, id: int }
                context: { userID: uuid }
                sql: SELECT :team AS team, :id AS id, :userID AS u
                returns: one
              setUser:
                \(write)
                sql: UPDATE t SET a = 1 WHERE id = :id
                returns: none
                allow: [ unused-input, target-types, precondition-path ]
                precondition: getUser
            """
        }
        let missing = "error: 'precondition' of 'setUser': 'getUser' has the"
        let cases: [(write: String, expected: [String])] = [
            ("put: /teams/{team}/users/{id}\n    path: { team: uuid, id: int }\n    context: { userID: uuid }", []),
            ("put: /users/{id}\n    path: { id: int }\n    query: { team: uuid }\n    context: { userID: uuid }", []),
            ("post: /users\n    body: { id: int, team: uuid }\n    context: { userID: uuid }", []),
            (
                "put: /users/{id}\n    path: { id: int }",
                [
                    "16:19: \(missing) path input 'team', which 'setUser' lacks; add 'team: uuid' under 'path'",
                    "6:13: note: 'team' of 'getUser' is declared here",
                    "16:19: \(missing) context input 'userID', which 'setUser' lacks; add 'userID: uuid' under 'context'",
                    "7:16: note: 'userID' of 'getUser' is declared here",
                ]
            ),
            (
                "put: /users/{id}\n    path: { id: string }\n    query: { team: { type: uuid, optional: true } }\n"
                    + "    body: { userID: uuid }",
                [
                    "12:17: error: 'precondition' of 'setUser': 'id' is string here and int in 'getUser'; write one type in both",
                    "6:25: note: 'id' of 'getUser' is declared here",
                    "13:14: error: 'precondition' of 'setUser': 'team' may be absent here, and 'getUser' needs it in its path; "
                        + "declare it under 'path', or so that it is always there",
                    "6:13: note: 'team' of 'getUser' is declared here",
                    "14:13: error: 'precondition' of 'setUser': 'userID' is a context input of 'getUser'; declare it under "
                        + "'context' here too",
                    "7:16: note: 'userID' of 'getUser' is declared here",
                ]
            ),
        ]
        for (write, expected) in cases {
            let source = source(write)
            let shift = write.split(separator: "\n").count
            // The precondition's line depends on the lines of the write.
            let actual = lines(source).map { $0.replacing("\(13 + shift + 1):19: ", with: "16:19: ") }
            #expect(actual == expected, "\(source)")
        }
    }
}
