import RouteManifest
import Testing

@Suite struct SQLDiagnosticsTests {
    static let goldens = [
        Golden.route(
            "An unknown input",
            "get: /r\nquery: { user: int }\nsql: SELECT :usr, :q",
            "7:17: error: SQL uses ':usr', which is not an input of this route (did you mean 'user'?)",
            "7:23: error: SQL uses ':q', which is not an input of this route; declare it, for instance under 'query'"
        ),
        Golden.route(
            "An input that is never used",
            "get: /{a}\npath: { a: int }\nquery: { b: int }\nsql: SELECT 'a'",
            "6:13: error: input 'a' is never used in the SQL; write ':a' there, or remove the input, and '{a}' from the path [unused-input]",
            "7:14: warning: input 'b' is never used in the SQL; write ':b' there, or remove the input [unused-input]"
        ),
        Golden.route(
            "An input as the bound of a slice",
            "get: /r\nquery: { n: int }\nsql: SELECT a[1:n]",
            "7:20: error: ':n' is the bound of an array slice here; write ' : :n' for the input, ' : n' for the column"
        ),
        Golden.route(
            "A bracket that closes another one's content",
            "get: /r\nquery: { n: int }\nsql: SELECT (ARRAY[:n))",
            "7:26: error: the '[' before this ')' is open still; write ']' first"
        ),
        Golden.route("A slice of columns", "get: /r\nsql: SELECT a[1:n]"),
        Golden.route(
            "Positional parameters",
            "get: /r\nquery: { a: int }\nsql: SELECT :a, $1",
            "7:21: error: SQL uses '$1': inputs are written by name, such as ':id'"
        ),
        Golden.route(
            "Two statements",
            "get: /r\nsql: SELECT 1; DELETE FROM t",
            "6:20: error: a route has one SQL statement; another one begins here; put it into WITH, or into a route of its own"
        ),
        Golden.route(
            "No statement",
            "get: /r\nsql: ' -- '",
            "6:11: error: there is no SQL statement here; write one, such as 'SELECT …'"
        ),
        Golden.route(
            "Nothing written",
            "get: /r\nsql:",
            "6:9: error: 'sql' has no value; write the statement here, or use 'sql-file'"
        ),
        Golden.route(
            "SQL that is a mapping",
            "get: /r\nsql: { a: 1 }",
            "6:10: error: 'sql' must be a statement, not a mapping"
        ),
        Golden.route(
            "A string without an end",
            "get: /r\nquery: { a: int }\nsql: SELECT 'a, :b",
            "7:17: error: this string never ends; write '' for a ' inside it"
        ),
        Golden.route(
            "A comment without an end",
            "get: /r\nsql: |\n  SELECT 1\n  /* a",
            "8:7: error: this comment never ends; close it with '*/'"
        ),
        Golden.route(
            "A dollar quote without an end",
            "get: /r\nsql: SELECT $a$ $b$",
            "6:17: error: this dollar quote never ends; close it as it begins"
        ),
        Golden.route(
            "An identifier without an end",
            "get: /r\nsql: SELECT \"a",
            "6:17: error: this quoted identifier never ends; close it with '\"'"
        ),
        Golden.route(
            "NUL",
            "get: /r\nsql: \"SELECT '\\0'\"",
            "6:19: error: SQL cannot contain NUL; remove the character"
        ),
        Golden.route(
            "A GET that writes",
            "get: /r\nsql: insert into t values (1)",
            "6:10: error: a GET route cannot write: its SQL begins with 'INSERT'; make the route a 'post', 'put', 'patch' or 'delete'"
        ),
        Golden.route(
            "A GET that calls",
            "get: /r\nsql: CALL f()",
            "6:10: error: a GET route cannot write: its SQL begins with 'CALL'; make the route a 'post', 'put', 'patch' or 'delete'"
        ),
        Golden.route(
            "A GET that writes inside",
            "get: /r\nsql: WITH x AS (DELETE FROM t WHERE true RETURNING 1) SELECT * FROM x LIMIT 1",
            "6:21: error: a GET route cannot write: 'DELETE' in its SQL; make the route a 'post', 'put', 'patch' or 'delete'"
        ),
        Golden.route(
            "A GET that writes behind WITH",
            "get: /r\nsql: WITH x AS (SELECT 1) UPDATE t SET a = 1",
            "6:31: error: a GET route cannot write: 'UPDATE' in its SQL; make the route a 'post', 'put', 'patch' or 'delete'"
        ),
        Golden.route(
            "A GET that locks",
            "get: /r\nsql: SELECT * FROM t LIMIT 1 FOR NO KEY UPDATE",
            "6:34: error: a GET route cannot lock rows: 'FOR NO KEY UPDATE' in its SQL; leave it out, or make the route a write"
        ),
        Golden.route(
            "A GET that controls",
            "get: /r\nsql: SET a = 1",
            "6:10: error: a route cannot run SET, since requests share sessions; call set_config('name', 'value', true) in the statement that needs it"
        ),
        Golden.route(
            "A GET without words",
            "get: /r\nsql: '1'",
            "6:11: error: a GET route's SQL must be a query; begin it with SELECT, WITH or VALUES"
        ),
        Golden.route(
            "Names that are keywords elsewhere",
            "get: /r\nsql: SELECT t.update, insert (1), (delete), substring(a for update_no) FROM t LIMIT 1"
        ),
        Golden.route(
            "No limit",
            "get: /r\nsql: SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u LIMIT 1)",
            "6:10: warning: this SQL has no LIMIT: the answer has as many rows as there are; add one, such as 'LIMIT 100', or write 'allow: [ no-limit ]' if that is meant [no-limit]"
        ),
        Golden.route("A limit in SQL's own words", "get: /r\nsql: SELECT a FROM t FETCH FIRST ROW ONLY"),
        Golden.route("No limit for one row", "get: /r\nreturns: one\nsql: SELECT a FROM t"),
        Golden.route("No table", "get: /r\nsql: SELECT count(*)"),
        Golden.route(
            "Functions that change",
            "get: /r\nsql: SELECT now(), pg_catalog.random ( ), current_date, t.now + now, 'now()' AS s LIMIT 1",
            "6:17: warning: 'now()' is computed once for each cached answer, not for each request; compute it in the client, or write 'allow: [ non-deterministic ]' [non-deterministic]",
            "6:35: warning: 'random()' is computed once for each cached answer, not for each request; compute it in the client, or write 'allow: [ non-deterministic ]' [non-deterministic]",
            "6:47: warning: 'current_date' is computed once for each cached answer, not for each request; compute it in the client, or write 'allow: [ non-deterministic ]' [non-deterministic]"
        ),
        Golden.route(
            "A path out of the target",
            "get: /r\nsql-file: ../a.sql",
            "6:15: error: 'sql-file' '../a.sql' is no path inside the target's folder; move the file there, and write its path from the manifest's folder, such as 'sql/a.sql'"
        ),
        Golden.route(
            "A path out of the target, later",
            "get: /r\nsql-file: a/../../a.sql",
            "6:15: error: 'sql-file' 'a/../../a.sql' is no path inside the target's folder; move the file there, and write its path from the manifest's folder, such as 'sql/a.sql'"
        ),
        Golden.route(
            "An absolute path",
            "get: /r\nsql-file: /a.sql",
            "6:15: error: 'sql-file' '/a.sql' is no path inside the target's folder; move the file there, and write its path from the manifest's folder, such as 'sql/a.sql'"
        ),
        Golden.route(
            "A path with empty parts",
            "get: /r\nsql-file: a//b.sql",
            "6:15: error: 'sql-file' must be the path of a file, without empty parts; write it as in 'sql/b.sql'"
        ),
        Golden.route(
            "A file of another kind",
            "get: /r\nsql-file: a.txt",
            "6:15: error: 'sql-file' must name a file that ends in '.sql'; write 'a.txt.sql', and call the file so"
        ),
        Golden.route(
            "A file that is not there",
            "get: /r\nsql-file: sql/a.sql",
            "6:15: error: 'sql-file' 'sql/a.sql' does not exist beside the manifest; create it, or correct the path, which begins in the manifest's folder"
        ),
        Golden.route(
            "A file that cannot be read",
            "get: /r\nsql-file: a.sql",
            "6:15: error: 'sql-file' 'a.sql' cannot be read: permission denied",
            files: ["a.sql": "unreadable"]
        ),
        Golden.route(
            "Places in a file",
            "get: /r\nsql-file: ./sql/a.sql\nquery: { user: int, x: int }",
            "sql/a.sql:2:10: error: SQL uses ':usr', which is not an input of this route (did you mean 'user'?)",
            "sql/a.sql:3:3: error: SQL uses ':z', which is not an input of this route; declare it, for instance under 'query'",
            files: ["sql/a.sql": "\u{FEFF}SELECT 'é'\r\n  , 'é', :usr\r\n, :z -- é\r\n"]
        ),
        Golden.route(
            "An empty file",
            "get: /r\nsql-file: a.sql",
            "a.sql:1:1: error: there is no SQL statement here; write one, such as 'SELECT …'",
            files: ["a.sql": ""]
        ),
    ]

    @Test("What is wrong with a statement is reported at its place", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }

    @Test("A file's diagnostics name it beside the manifest")
    func fileNames() {
        let source = oneRoute("get: /r\nsql-file: sql/a.sql")
        let result = ManifestParser.parse(source: source, file: "/p q/Sources/App/routes.yaml", typeName: "Routes") {
            (path: String) throws(SQLFileError) in
            path == "sql/a.sql" ? "SELECT :a" : ""
        }
        #expect(
            result.diagnostics.map(\.description) == [
                "/p q/Sources/App/sql/a.sql:1:8: error: SQL uses ':a', which is not an input of this route; declare it, for instance under 'query'"
            ]
        )
    }

    @Test(
        "Columns and arguments that are called like a lock or a write are neither",
        arguments: [
            "SELECT substring(name FOR 3), key, value FROM settings LIMIT 5",
            "WITH p AS (SELECT 1) SELECT p.update, p.delete FROM perms p LIMIT 5",
            "WITH p AS (SELECT 1) SELECT p.update, p.set FROM p LIMIT 5",
            "SELECT (delete) FROM perms LIMIT 5",
        ]
    )
    func namesLikeWrites(sql: String) {
        #expect(lines(oneRoute("get: /r\nsql: \"\(sql)\"")) == [])
    }
}
