import RouteManifest
import Testing

@Suite struct WriteDiagnosticsTests {
    static let settings = [
        Golden.route(
            "A body on GET",
            "get: /r\nbody: { a: int, b: itn }\nsql: SELECT :a + :b LIMIT 1",
            "6:5: error: a GET request has no body; declare its inputs under 'query', or make the route a 'post'",
            "6:24: error: unknown type 'itn' (did you mean 'int'?)"
        ),
        Golden.route(
            "Settings of writes on GET",
            """
            get: /r
            sql: SELECT 1
            isolation: serializable
            retries: 3
            max-request-body: 1MiB
            """,
            "7:5: error: 'isolation' is about the transaction of a write; leave it out of a GET route",
            "8:5: error: 'retries' is about the transaction of a write; leave it out of a GET route",
            "9:5: error: 'max-request-body' is for writes, since a GET request has no body; leave it out"
        ),
        Golden.route(
            "Settings of reads on a write",
            """
            put: /r
            sql: SELECT 1
            read: primary
            public: false
            revision: x
            cache: { ttl: 5s }
            """,
            "7:5: error: 'read' is for GET routes, since a write goes to the primary; leave it out",
            "8:5: error: 'public' on a write: it says who may have a cached answer, and there is none; leave it out",
            "9:5: error: 'revision' on a write: it drops cached answers, and there are none; leave it out",
            "10:5: error: a write has no 'cache', since its answers are never cached; leave it out"
        ),
        Golden.route(
            "Settings of SQL on a handler that reads",
            """
            get: /r
            handler: swift
            read: replica
            isolation: serializable
            errors: { c: { status: 409, message: m } }
            """,
            "7:5: error: 'read' is about the server that SQL is sent to; leave it out of a route with a handler",
            "8:5: error: 'isolation' is about the transaction of a write; leave it out of a GET route",
            "9:5: error: 'errors' is about the constraints SQL meets; leave it out of a route with a handler"
        ),
        Golden.route(
            "Settings of SQL on a handler that writes",
            """
            delete: /r
            handler: swift
            isolation: serializable
            retries: 1
            errors: { c: { status: 409, message: m } }
            returns: none
            """,
            "7:5: error: 'isolation' is about the transaction around SQL; leave it out of a route with a handler",
            "8:5: error: 'retries' is about the transaction around SQL; leave it out of a route with a handler",
            "9:5: error: 'errors' is about the constraints SQL meets; leave it out of a route with a handler",
            "10:14: error: 'returns' is about the rows of SQL; a handler's answer is what it returns; leave 'returns' out"
        ),
        Golden.route(
            "Values of settings",
            """
            post: /r
            sql: SELECT 1
            isolation: serialisable
            retries: 101
            max-request-body: 0
            status: 409
            """,
            "7:16: error: 'isolation' must be 'read-committed', 'repeatable-read' or 'serializable', not 'serialisable' (did you mean 'serializable'?)",
            "8:14: error: 'retries' must be a whole number from 0 to 100, not '101'",
            "9:23: error: 'max-request-body' must be larger than zero, such as '64KiB'",
            "10:13: error: 'status' is for a successful answer, 200 to 299 except 206; leave out 'status: 409'; what constraints are answered by stands under 'errors'"
        ),
        Golden.route(
            "More values of settings",
            "patch: /r\nsql: SELECT 1\nretries: -1\nmax-request-body: 1MB",
            "7:14: error: 'retries' must be a whole number from 0 to 100, not '-1'",
            "8:23: error: '1MB' is not a size (write '1MiB')"
        ),
        Golden.route(
            "Numbers of queries",
            "get: /r\nsql: SELECT 1\nconcurrency: 0",
            "7:18: error: 'concurrency' must be a number of queries, 1 to 10000, not '0'"
        ),
        Golden.route(
            "Queries of a handler",
            "get: /r\nhandler: swift\nconcurrency: 4",
            "7:5: error: 'concurrency' is about the queries under way; leave it out of a route with a handler"
        ),
        Golden.route(
            "A server by another name",
            "get: /r\nsql: SELECT 1\nread: standby",
            "7:11: error: 'read' must be 'primary' or 'replica', not 'standby' (write 'replica')"
        ),
        Golden.route(
            "A body without an answer",
            "post: /r\nsql: SELECT 1\nstatus: 204",
            "7:13: error: status 204 has no body; write 'returns: none' too, or leave 'status' out"
        ),
        Golden.route(
            "Answers for constraints",
            """
            post: /r
            sql: SELECT 1
            errors:
              a: 409
              b: { status: 409 }
              c: { message: Taken., statsu: 409 }
              d: { status: 200, message: "" }
              e: { status: 600, message: "a\\nb" }
              f: { status: conflict, message: [a] }
              "": { status: 400, message: m }
              g: { status: 405, message: m }
              h: { status: 407, message: m }
              i: { status: 426, message: m }
            """,
            "8:10: error: constraint 'a' must be a mapping such as { status: 409, message: That name is taken. }, "
                + "not a single value",
            "9:7: error: constraint 'b' has no 'message'; add one, such as 'message: That name is taken.'",
            "10:29: error: unknown key 'statsu' in constraint 'c' (did you mean 'status'?)",
            "11:20: error: the 'status' of a constraint is that of an error: 400 to 599, such as 409, not 200",
            "11:34: error: 'message' is a sentence for the client and cannot be empty; write one, such as 'That name is taken.'",
            "12:20: error: the 'status' of a constraint is that of an error: 400 to 599, such as 409, not 600",
            "12:34: error: 'message' must be one line of text; join its lines, without '|' and line breaks",
            "13:20: error: 'status' must be a whole number from 400 to 599, not 'conflict'",
            "13:39: error: 'message' must be a single value, not a list; write 'message: a'",
            "14:7: error: a constraint's name cannot be empty; write it as the database has it, such as 'users_email_key'",
            "15:20: error: status 405 needs a field that no answer for a constraint has (RFC 9110, 15.5); write another, such as 409",
            "16:20: error: status 407 needs a field that no answer for a constraint has (RFC 9110, 15.5); write another, such as 409",
            "17:20: error: status 426 needs a field that no answer for a constraint has (RFC 9110, 15.5); write another, such as 409"
        ),
        Golden.route(
            "Answers that are a list",
            "post: /r\nsql: SELECT 1\nerrors: [a]",
            "7:13: error: 'errors' must be a mapping of constraints, not a list; write it as in errors: { users_email_key: { status: 409, message: That address is taken. } }"
        ),
        Golden(
            "Defaults that no route can inherit",
            "version: 1\nnamespace: n\ndefaults: { body: { a: int }, post: /a }\n"
                + "routes:\n  r: { get: /r, sql: SELECT 1 }\n",
            "3:13: error: 'body' can have no default",
            "3:31: error: 'post' can have no default"
        ),
        Golden(
            "Routes of several methods",
            """
            version: 1
            namespace: n
            routes:
              a: { get: /a, sql: SELECT 1 }
              b: { post: /a, sql: SELECT 1 }
              c: { put: /a, sql: SELECT 1 }
              d: { patch: /a, sql: SELECT 1 }
              e: { delete: /a, sql: SELECT 1 }
              f: { put: "/{x}", path: { x: int }, sql: "SELECT :x" }
              g: { put: "/{y}", path: { y: int }, sql: "SELECT :y" }
            """,
            "10:8: error: route 'g' matches the same requests as 'f'; give one of the two another path",
            "9:8: note: 'f' is here"
        ),
        Golden(
            "Names that generated writes use",
            """
            version: 1
            namespace: n
            routes:
              WritePolicy: { post: /a, sql: SELECT 1 }
              ConstraintResponse: { get: /b, sql: SELECT 1 }
            """,
            "4:3: error: a route cannot be called 'WritePolicy': generated code uses that name; call it something else, such as 'writePolicyRoute'",
            "5:3: error: a route cannot be called 'ConstraintResponse': generated code uses that name; call it something else, such as 'constraintResponseRoute'"
        ),
        Golden.route(
            "A name in the body and in another group",
            "post: /{a}\npath: { a: int }\nbody: { a: int }\nsql: SELECT :a",
            "7:13: error: input 'a' is declared twice; give this one another name, or remove it",
            "6:13: note: first here, under 'path'"
        ),
        Golden.route(
            "An optional member with a default",
            "post: /r\nbody: { a: { type: int, optional: true, default: 1 } }\nsql: SELECT :a",
            "6:45: error: input 'a' has a default, so it is never absent; leave out 'optional' or 'default'"
        ),
    ]

    static let statements = [
        Golden.route(
            "A write, the rest of which is checked",
            "post: /r/{id}\nbody: { email: string, x: int }\n"
                + "sql: INSERT INTO t (a, b) VALUES (:email, :emial)\ntimeout: 1\nreturns: none",
            "5:14: error: '{id}' is not declared under 'path'; add 'path: { id: int }'",
            "6:28: error: input 'x' is never used in the SQL; write ':x' there, or remove the input [unused-input]",
            "7:47: error: SQL uses ':emial', which is not an input of this route (did you mean 'email'?)",
            "8:14: error: '1' is not a duration (write '1s' for seconds)"
        ),
        Golden.route(
            "Nothing returned for a route that wants rows",
            "post: /r\nsql: INSERT INTO t VALUES (1)",
            "6:10: error: 'returns: many' for a statement that returns nothing; add RETURNING, or write 'returns: none'"
        ),
        Golden.route(
            "Nothing returned for a route that wants a row",
            "post: /r\nreturns: one\nsql: update t set a = 1 where true",
            "7:10: error: 'returns: one' for a statement that returns nothing; add RETURNING, or write 'returns: none'",
            "6:14: note: 'returns' is here"
        ),
        Golden(
            "Nothing returned for a default",
            "version: 1\nnamespace: n\ndefaults: { returns: value }\n"
                + "routes:\n  r: { delete: /r, sql: DELETE FROM t WHERE true }\n",
            "5:25: error: 'returns: value' for a statement that returns nothing; add RETURNING, or write 'returns: none'",
            "3:22: note: 'returns' is here"
        ),
        Golden.route(
            "Nothing returned by a file's statement",
            "delete: /r\nsql-file: a.sql\nreturns: one",
            "a.sql:2:1: error: 'returns: one' for a statement that returns nothing; add RETURNING, or write 'returns: none'",
            "7:14: note: 'returns' is here",
            files: ["a.sql": "-- RETURNING\nDELETE FROM t WHERE true"]
        ),
        Golden.route(
            "Nothing returned by a merge",
            "post: /r\nsql: MERGE INTO t USING s ON s.a = t.a WHEN MATCHED THEN DELETE",
            "6:10: error: 'returns: many' for a statement that returns nothing; add RETURNING, or write 'returns: none'"
        ),
        Golden.route(
            "A call that is to return rows",
            "post: /r\nsql: CALL f()\nreturns: many",
            "6:10: error: 'returns: many' for a CALL; write 'returns: none'",
            "7:14: note: 'returns' is here"
        ),
        Golden.route(
            "Returned inside only",
            "post: /r\nsql: WITH x AS (DELETE FROM t WHERE true RETURNING a) INSERT INTO u SELECT a AS returning, x.returning FROM x",
            "6:59: error: 'returns: many' for a statement that returns nothing; add RETURNING, or write 'returns: none'"
        ),
        Golden.route(
            "Returned in another place than the write's own",
            "post: /r\nsql: INSERT INTO t SELECT ':returning', \"RETURNING\" FROM (SELECT 1 /* RETURNING */) q",
            "6:10: error: 'returns: many' for a statement that returns nothing; add RETURNING, or write 'returns: none'"
        ),
        Golden.route(
            "A statement that defines",
            "post: /r\nsql: CREATE TABLE t (a int)",
            "6:10: error: a route cannot run CREATE; run it with psql"
        ),
        Golden.route(
            "A statement without words",
            "post: /r\nsql: '1'",
            "6:11: error: a write's SQL begins with one of INSERT, UPDATE, DELETE, MERGE, WITH, SELECT, VALUES, CALL"
        ),
        Golden.route(
            "Two statements",
            "post: /r\nsql: DELETE FROM t; DELETE FROM u",
            "6:25: error: a route has one SQL statement; another one begins here; put it into WITH, or into a route of its own"
        ),
    ]

    @Test("What is wrong with a write's settings is reported at its place", arguments: settings)
    func settingsGolden(_ golden: Golden) { golden.check() }

    @Test("What is wrong with a write's statement is reported at its place", arguments: statements)
    func statementGolden(_ golden: Golden) { golden.check() }

    @Test(
        "Statements that control sessions, transactions or the schema are no writes",
        arguments: [
            "BEGIN", "COMMIT", "ROLLBACK", "SET a = 1", "COPY t FROM STDIN", "TRUNCATE t", "DROP TABLE t",
            "ALTER TABLE t ADD a int",
            "GRANT ALL ON t TO u", "DO $$BEGIN END$$", "LISTEN c", "NOTIFY c", "LOCK t",
            "EXPLAIN DELETE FROM t WHERE true",
            "TABLE t",
            "SHOW a", "PREPARE x AS SELECT 1", "EXECUTE x", "VACUUM", "DECLARE c CURSOR FOR SELECT 1",
        ]
    )
    func refused(sql: String) {
        let found = lines(oneRoute("post: /r\nreturns: none\nsql: \"\(sql)\""))
        let word = sql.prefix { $0 != " " }
        #expect(found.filter { !$0.contains(": note: ") }.count == 1)
        let message = found.first ?? ""
        if message.hasPrefix("7:11: error: a route cannot run ") {
            #expect(message.hasPrefix("7:11: error: a route cannot run \(word)"))
            #expect(message.count > "7:11: error: a route cannot run \(word)".count, "it says what to do instead")
        } else {
            #expect(message.hasPrefix("7:11: error: a write's SQL begins with one of "))
            #expect(message.hasSuffix("; it begins with '\(word)'"))
        }
    }

    @Test(
        "Statements that return rows are seen to",
        arguments: [
            "INSERT INTO t VALUES (1) RETURNING *", "insert into t values (1) on conflict do nothing returning a",
            "UPDATE t SET a = (SELECT 1) WHERE true /* x */ RETURNING(a)",
            "DELETE FROM t WHERE a IN (SELECT 1) RETURNING 1",
            "MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE RETURNING t.a",
            "WITH x AS (SELECT 1) DELETE FROM t WHERE true RETURNING a",
            "WITH x AS (DELETE FROM t WHERE true) SELECT 1",
            "WITH RECURSIVE x (a, b) AS NOT MATERIALIZED (SELECT 1, 2), y AS (UPDATE t SET a = 1 WHERE true) SELECT 1 FROM x, y",
            "WITH update AS (SELECT 1), delete (a) AS (SELECT 2), insert AS (SELECT 3) SELECT 1 FROM update",
            "WITH /* x */ update AS (SELECT 1) VALUES (1)", "WITH RECURSIVE update AS (SELECT 1) TABLE update",
            "WITH x AS (SELECT 1) SEARCH DEPTH FIRST BY update, delete SET insert SELECT 1",
            "WITH x AS (SELECT 1) CYCLE update, a SET delete TO true DEFAULT false USING insert SELECT 1",
            "WITH x AS (SELECT 1) (SELECT 1)", "SELECT f(1)", "(SELECT f(1))", "SELECT now(), random() FROM t",
            "VALUES (1)",
            "SELECT a FROM t FOR UPDATE",
        ]
    )
    func returning(sql: String) {
        #expect(lines(oneRoute("post: /r\nsql: \"\(sql)\"")) == [])
    }

    @Test(
        "Statements that return nothing are seen to",
        arguments: [
            "WITH x AS (SELECT 1) INSERT INTO t SELECT 1",
            "WITH a AS (SELECT 1), b AS (SELECT 2) UPDATE t SET a = 1 WHERE true",
            "WITH RECURSIVE x AS (SELECT 1) SEARCH BREADTH FIRST BY a SET b DELETE FROM t WHERE true",
            "WITH delete AS (DELETE FROM t WHERE true RETURNING 1) INSERT INTO t (a) SELECT 1",
            "WITH x AS MATERIALIZED (SELECT 1)\nMERGE INTO t USING x ON true WHEN MATCHED THEN DELETE",
            "INSERT INTO t (a) WITH x AS (DELETE FROM t WHERE true RETURNING 1) SELECT 1 FROM x",
        ]
    )
    func notReturning(sql: String) {
        let source = "post: /r\nsql: |\n  " + sql.replacing("\n", with: "\n  ")
        let found = lines(oneRoute(source))
        #expect(found.count == 1)
        #expect(found.first?.contains("'returns: many' for a statement that returns nothing") ?? false)
        #expect(lines(oneRoute(source + "\nreturns: none")) == [])
    }

    @Test("A call, and a write that returns nothing, answer nothing")
    func none() {
        #expect(lines(oneRoute("post: /r\nsql: CALL f(1)\nreturns: none")) == [])
        #expect(lines(oneRoute("post: /r\nsql: DELETE FROM t WHERE true\nreturns: none")) == [])
    }
}
