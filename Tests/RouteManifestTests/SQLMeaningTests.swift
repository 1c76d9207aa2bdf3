import RouteManifest
import Testing

/// Statements that can't mean what they look like, and those that look odd and are fine.
@Suite struct SQLMeaningTests {
    /// A write with inputs of several types, whose statement begins at 7:10.
    private static func write(_ sql: String) -> String {
        oneRoute(
            "post: /r\nbody: { id: int, ids: '[int]', q: string, dir: string, at: timestamp }\nsql: |\n  \(sql)\n"
                + "returns: none\nallow: [ unused-input ]"
        )
    }

    private static let names =
        "write the name of the table, column or function itself, with a route for each where there are several"

    static let misplaced: [(sql: String, expected: String)] = [
        ("SELECT id FROM :q", "8:22: error: ':q' stands for a name here, and inputs are values; \(names)"),
        ("SELECT id FROM a, :q", "8:25: error: ':q' stands for a name here, and inputs are values; \(names)"),
        (
            "SELECT id FROM a JOIN :q b ON true",
            "8:29: error: ':q' stands for a name here, and inputs are values; \(names)"
        ),
        (
            "SELECT id FROM a JOIN b USING (:q)",
            "8:38: error: ':q' stands for a name here, and inputs are values; \(names)"
        ),
        ("SELECT a.:q FROM a", "8:16: error: ':q' stands for a name here, and inputs are values; \(names)"),
        ("SELECT :q.a FROM a", "8:14: error: ':q' stands for a name here, and inputs are values; \(names)"),
        ("SELECT :q(1) FROM a", "8:14: error: ':q' stands for a name here, and inputs are values; \(names)"),
        ("SELECT 1 AS :q", "8:19: error: ':q' stands for a name here, and inputs are values; \(names)"),
        ("SELECT cast(1 AS :q)", "8:24: error: ':q' stands for a name here, and inputs are values; \(names)"),
        ("SELECT a COLLATE :q FROM a", "8:24: error: ':q' stands for a name here, and inputs are values; \(names)"),
        ("INSERT INTO :q VALUES (1)", "8:19: error: ':q' stands for a name here, and inputs are values; \(names)"),
        (
            "INSERT INTO t (a, :q) VALUES (1, 2)",
            "8:25: error: ':q' stands for a name here, and inputs are values; \(names)"
        ),
        ("UPDATE :q SET a = 1 WHERE true", "8:14: error: ':q' stands for a name here, and inputs are values; \(names)"),
        ("UPDATE t SET :q = 1 WHERE true", "8:20: error: ':q' stands for a name here, and inputs are values; \(names)"),
        (
            "UPDATE t SET a = 1, :q = 1 WHERE true",
            "8:27: error: ':q' stands for a name here, and inputs are values; \(names)"
        ),
        ("DELETE FROM :q WHERE true", "8:19: error: ':q' stands for a name here, and inputs are values; \(names)"),
        (
            "SELECT id FROM a ORDER BY id :dir",
            "8:36: error: ':dir' cannot stand for ASC or DESC, since inputs are values; write both orders: CASE WHEN :dir = 'asc' THEN id END, CASE WHEN :dir = 'desc' THEN id END DESC"
        ),
        ("SELECT a.id :dir FROM a", "8:19: error: an operator or a comma is missing before ':dir'"),
        ("SELECT 1 WHERE (1 = 1) :q", "8:30: error: an operator or a comma is missing before ':q'"),
        ("SELECT a[1] :q FROM a", "8:19: error: an operator or a comma is missing before ':q'"),
        ("SELECT '%':q", "8:17: error: an operator is missing before ':q'; strings are joined with '||'"),
        ("SELECT :id :q", "8:18: error: an operator or a comma is missing before ':q'"),
        (
            "SELECT interval :q",
            "8:23: error: 'INTERVAL' takes a constant, not an input; write ':q::interval', or make_interval(days => :q)"
        ),
        ("SELECT DATE :at", "8:19: error: 'DATE' takes a constant, not an input; write ':at::date'"),
        ("SELECT timestamp(3) :at", "8:27: error: 'TIMESTAMP' takes a constant, not an input; write ':at::timestamp'"),
        (
            "SELECT timestamp with time zone :at",
            "8:39: error: 'TIMESTAMP' takes a constant, not an input; write ':at::timestamp'"
        ),
        ("SELECT 1 WHERE 1 IN :ids", "8:27: error: IN needs parentheses; with a list write '= ANY(:ids)'"),
        ("SELECT 1 WHERE 1 NOT IN :ids", "8:31: error: IN needs parentheses; with a list write '<> ALL(:ids)'"),
        (
            "SELECT extract(:q FROM now())",
            "8:22: error: EXTRACT takes a field's name, not an input; write 'date_part(:q, …)'"
        ),
        (
            "SELECT json_object('id':id)",
            "8:30: error: ':id' is an input here, and the key has no colon of its own; write 'VALUE' for the colon, or a "
                + "blank behind it"
        ),
        (
            "SELECT json_objectagg(a:b) FROM t",
            "8:30: error: ':b' is an input here, and the key has no colon of its own; write 'VALUE' for the colon, or a "
                + "blank behind it"
        ),
        ("SELECT :'q'", "8:14: error: :'q' is psql's: write ':q'; an input is a value and needs no quotes"),
        (
            "SELECT a FROM :\"q\"",
            "8:21: error: :\"q\" is psql's: an input is a value, not a name; write the name itself"
        ),
    ]

    @Test("An input that can't stand where it does is reported with the cure", arguments: misplaced)
    func checkMisplaced(sql: String, expected: String) {
        #expect(lines(Self.write(sql)) == [expected])
    }

    private static let list = "is a list, and IN compares with it as a whole"
    private static let isText = "is text inside"

    static let lifted: [(sql: String, expected: String)] = [
        ("SELECT 1 WHERE 1 IN (:ids)", "8:28: error: ':ids' \(list); write '= ANY(:ids)' [list-in-in]"),
        ("SELECT 1 WHERE 1 IN (1, (:ids::bigint[]))", "8:32: error: ':ids' \(list); write '= ANY(:ids)' [list-in-in]"),
        ("SELECT 1 WHERE 1 NOT IN (:ids)", "8:32: error: ':ids' \(list); write '<> ALL(:ids)' [list-in-in]"),
        (
            "SELECT a FROM t ORDER BY a, (:q) DESC NULLS LAST LIMIT 1",
            "8:36: error: ':q' is one value for all rows, so ORDER BY does nothing with it; an input is not a column's name: "
                + "choose among columns, as in CASE WHEN :q = 'a' THEN a END [constant-key]"
        ),
        (
            "SELECT count(*) FROM t GROUP BY :q::text, a",
            "8:39: error: ':q' is one value for all rows, so GROUP BY does nothing with it; an input is not a column's name: "
                + "write the column itself [constant-key]"
        ),
        (
            "SELECT sum(a) OVER (PARTITION BY :q) FROM t",
            "8:40: error: ':q' is one value for all rows, so PARTITION BY does nothing with it; an input is not a column's "
                + "name: write the column itself [constant-key]"
        ),
        (
            "SELECT 1 WHERE 'a' LIKE '%:q%'",
            "8:33: error: ':q' \(isText) a string, not the input; write '%' || :q || '%' [quoted-input]"
        ),
        (
            "SELECT ':q'",
            "8:15: error: ':q' \(isText) a string, not the input; write it without the quotes [quoted-input]"
        ),
        (
            "SELECT interval ':id days'",
            "8:24: error: ':id' \(isText) a string, not the input; write ':id * interval '1 days'' [quoted-input]"
        ),
        (
            "SELECT $$:q$$",
            "8:16: error: ':q' \(isText) a dollar quote, not the input; join text and input with '||' [quoted-input]"
        ),
        (
            "SELECT \":q\" FROM t",
            "8:15: error: ':q' \(isText) a quoted identifier, not the input; an input is a value, not a name; write the column's name itself [quoted-input]"
        ),
        (
            "SELECT E'{\"a\"::q, \"b\": :q}'",
            "8:30: error: ':q' \(isText) a string, not the input; join text and input with '||' [quoted-input]"
        ),
        (
            "DELETE FROM t",
            "8:7: error: this DELETE has no WHERE and deletes all rows; add one, such as 'WHERE id = :id', or write 'WHERE true' if all are meant [all-rows]"
        ),
        (
            "DELETE FROM t USING (SELECT 1 WHERE true) u",
            "8:7: error: this DELETE has no WHERE and deletes all rows; add one, such as 'WHERE id = :id', or write 'WHERE true' if all are meant [all-rows]"
        ),
        (
            "WITH x AS (UPDATE t SET a = (SELECT 1 WHERE true) RETURNING a) SELECT a FROM x",
            "8:18: error: this UPDATE has no WHERE and updates all rows; add one, such as 'WHERE id = :id', or write 'WHERE true' if all are meant [all-rows]"
        ),
        (
            "SELECT pg_advisory_lock(:id)",
            "8:14: error: 'pg_advisory_lock' changes a session that other requests share; 'pg_advisory_xact_lock' ends with "
                + "its transaction [session-state]"
        ),
        (
            "SELECT pg_catalog.pg_try_advisory_lock_shared(1, 2)",
            "8:25: error: 'pg_try_advisory_lock_shared' changes a session that other requests share; "
                + "'pg_try_advisory_xact_lock_shared' ends with its transaction [session-state]"
        ),
        (
            "SELECT set_config('a.b', :q, false)",
            "8:14: error: 'set_config' changes a session that other requests share; write 'true' as its third argument "
                + "[session-state]"
        ),
        ("SELECT setseed(0.5)", "8:14: error: 'setseed' changes a session that other requests share [session-state]"),
        (
            "SELECT lastval()",
            "8:14: error: 'lastval' reads what an earlier request left on the session; RETURNING gives the value of this "
                + "statement [session-state]"
        ),
        (
            "SELECT 1 AS a INTO TEMP t",
            "8:21: error: a temporary table stays on a session that other requests share; name the query in a WITH clause "
                + "[session-state]"
        ),
    ]

    @Test("What may be meant is reported by a name, which 'allow' lifts", arguments: lifted)
    func checkLifted(sql: String, expected: String) throws {
        let source = Self.write(sql)
        #expect(lines(source) == [expected])
        let name = try #require(expected.split(separator: "[").last?.dropLast())
        #expect(lines(source.replacing("[ unused-input ]", with: "[ unused-input, \(name) ]")).isEmpty)
    }

    static let refused: [(method: String, sql: String, expected: String)] = [
        (
            "get", "SELECT 1 AS a INTO t",
            "8:21: error: a GET route cannot write: 'SELECT … INTO' makes a table; leave INTO out"
        ),
        (
            "post", "SELECT 1 AS a INTO t",
            "8:21: error: 'SELECT … INTO' makes a table, which the second request finds there; write 'INSERT INTO … SELECT'"
        ),
        (
            "get", "SELECT nextval('s')",
            "8:14: error: a GET route cannot write: 'nextval' in its SQL; make the route a 'post'"
        ),
        (
            "get", "SELECT pg_catalog.setval('s', 1)",
            "8:25: error: a GET route cannot write: 'setval' in its SQL; make the route a 'post'"
        ),
        (
            "get", "EXPLAIN ANALYZE DELETE FROM t WHERE true",
            "8:23: error: a GET route cannot write: EXPLAIN ANALYZE carries out the DELETE; leave out ANALYZE"
        ),
        (
            "get", "EXPLAIN (COSTS off, ANALYZE) INSERT INTO t VALUES (1)",
            "8:36: error: a GET route cannot write: EXPLAIN ANALYZE carries out the INSERT; leave out ANALYZE"
        ),
        (
            "post", "LISTEN x",
            "8:7: error: a write's SQL begins with one of INSERT, UPDATE, DELETE, MERGE, WITH, SELECT, VALUES, CALL; it "
                + "begins with 'LISTEN'"
        ),
    ]

    @Test("What can't work is refused", arguments: refused)
    func checkRefused(method: String, sql: String, expected: String) {
        #expect(lines(oneRoute("\(method): /r\nreturns: none\nsql: |\n  \(sql)")) == [expected])
    }

    static let fine = [
        "SELECT id FROM t WHERE id = ANY(:ids) AND q = :q", "SELECT 1 WHERE :ids = ARRAY[1]",
        "SELECT tags = :ids FROM t",
        "SELECT 1 WHERE 1 IN (:id, 2)", "SELECT 1 WHERE :id IN (SELECT unnest(:ids))", "SELECT position(:q IN :dir)",
        "SELECT substring(:q FROM :id FOR :id)", "SELECT trim(both :q FROM :dir)",
        "SELECT overlay(:q PLACING :dir FROM :id)",
        "SELECT 1 WHERE :q IS NOT DISTINCT FROM :dir", "SELECT 1 WHERE 1 BETWEEN SYMMETRIC :id AND :id",
        "SELECT 1 WHERE :q LIKE :dir ESCAPE :q", "SELECT :at AT TIME ZONE :q",
        "SELECT a OPERATOR(pg_catalog.=) :id FROM t",
        "SELECT a FROM t LIMIT :id OFFSET :id ROWS", "SELECT a FROM t FETCH FIRST :id ROWS ONLY",
        "SELECT sum(a) OVER (ORDER BY b ROWS :id PRECEDING) FROM t",
        "SELECT a FROM t ORDER BY CASE WHEN :q = 'a' THEN a END",
        "SELECT a FROM t ORDER BY a <-> :q", "SELECT a FROM t ORDER BY :q || a, range", "SELECT f(VARIADIC :ids)",
        "SELECT CASE :q WHEN :dir THEN :id ELSE :id END", "SELECT DISTINCT :q AS x FROM t",
        "SELECT json_object('id': :id)",
        "SELECT json_object('id' VALUE :id)", "SELECT json_object('id':\"id\")",
        "SELECT a[1:n], a[ :id ], a[1 : :id] FROM t",
        "SELECT to_char(a, 'HH24:MI:SS'), 'a:id', '(?:q)', '[[:q:]]', '::id' FROM t",
        "SELECT 'http://x:80', 'a : q' FROM t",
        "INSERT INTO t (a, b) (SELECT :id, :q)", "INSERT INTO t VALUES (:id, :q) ON CONFLICT DO NOTHING",
        "INSERT INTO t (a) VALUES (:id) ON CONFLICT (a) DO UPDATE SET b = :q",
        "UPDATE t SET a = :id, b = :q WHERE true",
        "UPDATE t SET (a, b) = (:id, :q) WHERE CURRENT OF c", "DELETE FROM t USING (SELECT a, :id) u WHERE t.a = u.a",
        "SELECT set, :q FROM t", "SELECT set_config('a.b', :q, true)", "SELECT set_config('a', 'b', is_local => true)",
        "SELECT pg_advisory_xact_lock(:id)", "SELECT pg_try_advisory_xact_lock(1)", "SELECT app.set_config(1, 2, 3)",
        "INSERT INTO setseed (a) VALUES (1)", "INSERT INTO t VALUES (nextval('s')) RETURNING lastval()",
        "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED AND u.b = :q THEN UPDATE SET a = :id WHEN MATCHED THEN DELETE",
        "WITH x AS (DELETE FROM t WHERE a = :id RETURNING a) SELECT a FROM x", "SELECT a AS limit, b AS into FROM t",
        "SELECT t.where, t.into FROM t", "SELECT x.pg_advisory_lock FROM x", "SELECT pg_notify('a', :q)",
        "SELECT /* ':q' */ 1 -- ':id'", "WITH recursive AS (SELECT 1) SELECT 1", "SELECT DISTINCT ON (a) a FROM t",
        "SELECT a FROM t TABLESAMPLE bernoulli (:id) REPEATABLE (:id)",
        "SELECT percentile_cont(:id) WITHIN GROUP (ORDER BY a) FROM t",
        "SELECT xmlexists(:q PASSING BY REF '<a/>')", "SELECT interval '1 day' * :id, date '2020-01-01' + :id",
        "SELECT LIMIT:id", "SELECT a FROM t WHERE a=:id", "SELECT (:q)::text, CAST(:q AS text)", "SELECT row(:id).a",
    ]

    @Test("What is fine says nothing", arguments: fine)
    func checkFine(sql: String) {
        #expect(lines(Self.write(sql)) == [], "\(sql)")
    }

    static let sorting: [(declaration: String, sql: String, cure: String)] = [
        (
            "string", "SELECT id, name FROM t ORDER BY :q LIMIT 1",
            "choose among columns, as in CASE WHEN :q = 'id' THEN id END"
        ),
        (
            "string", "SELECT count(*) AS n, t.Name FROM t ORDER BY :q::text LIMIT 1",
            "choose among columns, as in CASE WHEN :q = 'Name' THEN t.Name END"
        ),
        ("string", "SELECT * FROM t ORDER BY :q LIMIT 1", "choose among columns with CASE"),
        ("string", "SELECT max(a) AS a, null FROM t GROUP BY b ORDER BY :q LIMIT 1", "choose among columns with CASE"),
        (
            "{ one-of: [ newest, name ] }", "SELECT id, name FROM t ORDER BY :q LIMIT 1",
            "choose among columns, as in CASE WHEN :q = 'name' THEN name END"
        ),
        (
            "{ one-of: [ asc, desc ] }", "SELECT id, name FROM t ORDER BY t.name, :q LIMIT 1",
            "for the direction write CASE WHEN :q = 'desc' THEN t.name END DESC, t.name"
        ),
        (
            "{ one-of: [ asc, desc ] }", "SELECT * FROM t ORDER BY :q LIMIT 1",
            "for the direction write CASE, once with DESC and once without"
        ),
    ]

    @Test("An input as a key of ORDER BY is corrected with columns of the statement", arguments: sorting)
    func checkSorting(declaration: String, sql: String, cure: String) throws {
        let found = lines(oneRoute("get: /r\nquery: { q: \(declaration) }\nsql: |\n  \(sql)"))
        let line = try #require(found.first)
        #expect(found.count == 1 && line.hasSuffix(" column's name: \(cure) [constant-key]"), "\(found)")
    }

    // MARK: - Inputs that nothing reads

    static let unused = [
        Golden.route(
            "A tag is no use",
            "get: /{id}\npath: { id: int }\nquery: { n: int }\nsql: SELECT 1\ncache: { tags: [ 't:{id}' ] }",
            "6:13: error: input 'id' is never used in the SQL; write ':id' there, or remove the input, and '{id}' from the path [unused-input]",
            "7:14: warning: input 'n' is never used in the SQL; write ':n' there, or remove the input [unused-input]"
        ),
        Golden.route(
            "Context and body",
            "post: /r\ncontext: { u: uuid }\nbody: { a: int }\nheader: { h: { type: string, from: X-H, optional: true } }\nsql: SELECT 1",
            "6:16: error: input 'u' is never used in the SQL; write ':u' there, or remove the input [unused-input]",
            "7:13: error: input 'a' is never used in the SQL; write ':a' there, or remove the input [unused-input]",
            "8:15: warning: input 'h' is never used in the SQL; write ':h' there, or remove the input [unused-input]"
        ),
        Golden.route(
            "Examples have names of the SQL",
            """
            get: /r
            query: { ownerID: int, states: "[string]", name: { type: string, optional: true }, dir: string, size: int }
            sql: SELECT name, state, states FROM t WHERE owner_id = 1 LIMIT 9
            """,
            "6:14: warning: input 'ownerID' is never used in the SQL; write ':ownerID' there, such as 'AND owner_id = :ownerID', or remove the input [unused-input]",
            "6:28: warning: input 'states' is never used in the SQL; write ':states' there, such as 'AND states = ANY(:states)', or remove the input [unused-input]",
            "6:48: warning: input 'name' is never used in the SQL; write ':name' there, such as 'AND (:name IS NULL OR name = :name)', or remove the input [unused-input]",
            "6:88: warning: input 'dir' is never used in the SQL; write ':dir' there, or remove the input [unused-input]",
            "6:101: warning: input 'size' is never used in the SQL; write ':size' there, or remove the input [unused-input]"
        ),
        Golden.route("Allowed", "get: /{id}\npath: { id: int }\nsql: SELECT 1\nallow: [ unused-input ]"),
        Golden.route("A handler", "get: /{id}\npath: { id: int }\ncontext: { u: uuid }\nhandler: swift"),
    ]

    @Test("An input that nothing reads is reported", arguments: unused)
    func checkUnused(_ golden: Golden) { golden.check() }

    // MARK: - Bounds

    static let bounded = [
        "SELECT count(*) FROM t", "SELECT max(a), coalesce(sum(b), 0) FROM t WHERE c", "SELECT 1 FROM t HAVING true",
        "SELECT json_agg(a ORDER BY a) FROM t", "SELECT count(*) FILTER (WHERE a) FROM t GROUP BY ()", "VALUES (1)",
        "SELECT a FROM (SELECT a FROM t LIMIT 1) x", "WITH x AS (SELECT a FROM t LIMIT 3) SELECT a FROM x",
        "WITH x AS (SELECT count(*) FROM t), y AS (SELECT max(b) m FROM u) SELECT * FROM x CROSS JOIN y",
        "SELECT a FROM t FETCH NEXT 5 ROWS ONLY", "(SELECT a FROM t) LIMIT 1", "SELECT count(*) FROM t UNION SELECT 1",
        "(SELECT a FROM t LIMIT 1) UNION (SELECT a FROM u LIMIT 1)", "SELECT a FROM t UNION SELECT a FROM u LIMIT 1",
        "SELECT * FROM generate_series(1, 3) g", "SELECT (SELECT a FROM t)", "SELECT a IS DISTINCT FROM 1",
        "SELECT * FROM (VALUES (1), (2)) v (a)",
    ]

    @Test("A query whose rows are bounded needs no LIMIT", arguments: bounded)
    func checkBounded(sql: String) { #expect(lines(oneRoute("get: /r\nsql: |\n  \(sql)")) == []) }

    static let unbounded = [
        "SELECT a FROM t", "SELECT a, count(*) FROM t GROUP BY a", "SELECT count(*) OVER () FROM t",
        "SELECT a FROM t LIMIT ALL",
        "SELECT (SELECT count(*) FROM u) FROM t", "SELECT unnest(array_agg(a)) FROM t", "SELECT a FROM t LIMIT NULL",
        "WITH x AS (SELECT a FROM t) SELECT a FROM x",
        "WITH x AS (SELECT a FROM t LIMIT 1) SELECT t.a FROM x JOIN t ON true",
        "SELECT count(*) FROM t UNION SELECT a FROM t", "TABLE t", "SELECT a FROM t WHERE a = (SELECT 1 LIMIT 1)",
        "SELECT * FROM (SELECT a FROM t) x", "SELECT limit_ FROM t", "SELECT a AS limit FROM t",
    ]

    @Test("A query that grows with its tables is reported", arguments: unbounded)
    func checkUnbounded(sql: String) {
        #expect(
            lines(oneRoute("get: /r\nsql: |\n  \(sql)")) == [
                "7:7: warning: this SQL has no LIMIT: the answer has as many rows as there are; add one, such as 'LIMIT 100', or write "
                    + "'allow: [ no-limit ]' if that is meant [no-limit]"
            ]
        )
    }
}
