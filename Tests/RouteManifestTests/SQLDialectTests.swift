import RouteManifest
import Testing

/// SQL of other databases, queries that end too early, and comparisons with NULL.
@Suite struct SQLDialectTests {
    /// What is said of a GET's statement, which begins at 6:10.
    private func lines(_ sql: String, allow: String = "no-limit, unused-input") -> [String] {
        RouteManifestTests.lines(
            oneRoute(
                "get: /r\nsql: |\n  \(sql)\nquery: { q: { type: string, optional: true }, n: int }\nallow: [ \(allow) ]"
            )
        )
    }

    static let foreign: [(String, String)] = [
        (
            "SELECT `id` FROM t",
            "7:14: error: PostgreSQL has no '`'; write 'id', or '\"id\"' for a name with capitals or blanks"
        ),
        ("SELECT a FROM t WHERE b == 1", "7:31: error: PostgreSQL has no '=='; write '='"),
        ("SELECT TOP 10 a FROM t", "7:14: error: PostgreSQL has no TOP; write 'LIMIT 10' at the end of the query"),
        (
            "SELECT a FROM t WHERE b = ‘x’",
            "7:33: error: this quote is not one of SQL's; write ' around text and \" around names"
        ),
        ("SELECT “a” FROM t", "7:14: error: this quote is not one of SQL's; write ' around text and \" around names"),
        ("SELECT 1 AS a UNION ALL", "7:21: error: no query stands behind UNION ALL; write one, or leave UNION ALL out"),
        (
            "SELECT 1 AS a UNION DISTINCT;",
            "7:21: error: no query stands behind UNION DISTINCT; write one, or leave UNION DISTINCT out"
        ),
        ("SELECT a FROM t EXCEPT -- b", "7:23: error: no query stands behind EXCEPT; write one, or leave EXCEPT out"),
        (
            "SELECT a FROM t UNION UNION SELECT 1",
            "7:23: error: no query stands behind UNION; write one, or leave UNION out"
        ),
        (
            "SELECT a FROM (SELECT 1 AS a UNION) x",
            "7:36: error: no query stands behind UNION; write one, or leave UNION out"
        ),
        (
            "WITH x AS (SELECT 1) SELECT 1 AS a INTERSECT",
            "7:42: error: no query stands behind INTERSECT; write one, or leave INTERSECT out"
        ),
    ]

    @Test(arguments: foreign)
    func foreignSQLIsReported(_ sql: String, _ expected: String) {
        #expect(lines(sql) == [expected])
    }

    @Test(
        arguments: [
            "SELECT top FROM t", "SELECT top.a FROM top", "SELECT '`==`' AS a, \"SELECT TOP 1\" FROM t",
            "SELECT a FROM t WHERE b >= 1 AND c <= 2 AND d => 3", "(SELECT 1 AS a) UNION ALL (SELECT 2)",
            "SELECT 1 AS a UNION TABLE t", "SELECT 1 AS a EXCEPT ALL VALUES (1)", "SELECT t.union, 1 AS except FROM t",
        ]
    )
    func thisIsPostgreSQL(_ sql: String) {
        #expect(lines(sql) == [])
    }

    static let comparisons: [(String, String)] = [
        ("SELECT a FROM t WHERE b = NULL", "31: error: a comparison with NULL is never true; write 'IS NULL'"),
        (
            "SELECT a FROM t WHERE b <> null AND c = 1",
            "31: error: a comparison with NULL is never true; write 'IS NOT NULL'"
        ),
        ("SELECT a FROM t WHERE b != NULL", "31: error: a comparison with NULL is never true; write 'IS NOT NULL'"),
        ("SELECT a FROM t WHERE NULL = b", "29: error: a comparison with NULL is never true; write 'IS NULL'"),
        (
            "SELECT a FROM t WHERE (:q = NULL OR b = :q)",
            "33: error: a comparison with NULL is never true; write 'IS NULL'"
        ),
        (
            "SELECT CASE WHEN a = NULL THEN 1 END FROM t",
            "26: error: a comparison with NULL is never true; write 'IS NULL'"
        ),
        ("SELECT a FROM t JOIN u ON t.a = NULL", "37: error: a comparison with NULL is never true; write 'IS NULL'"),
    ]

    @Test(arguments: comparisons)
    func comparisonsWithNullAreReported(_ sql: String, _ expected: String) {
        #expect(lines(sql) == ["7:\(expected) [null-comparison]"])
        #expect(lines(sql, allow: "no-limit, unused-input, null-comparison") == [])
    }

    @Test(
        arguments: [
            "UPDATE t SET a = NULL WHERE b = :n", "UPDATE t SET a = 1, b = NULL WHERE true",
            "INSERT INTO t (a) VALUES (:n) ON CONFLICT (a) DO UPDATE SET b = NULL",
            "UPDATE t SET a = CASE WHEN b IS NULL THEN NULL ELSE :n END, c = NULL FROM u WHERE true",
            "MERGE INTO t USING u ON t.a = :n WHEN MATCHED THEN UPDATE SET b = NULL",
        ]
    )
    func assignmentsOfNullAreNone(_ sql: String) {
        let text = "post: /r\nbody: { n: int }\nreturns: none\nallow: [ unused-input ]\nsql: |\n  \(sql)"
        #expect(RouteManifestTests.lines(oneRoute(text)) == [])
    }

    @Test func nullStandsBesideOtherOperators() {
        for sql in [
            "SELECT coalesce(a, NULL) = 1 AS x FROM t", "SELECT a FROM t WHERE b = NULL::int[] || c",
            "SELECT f(a => NULL) AS x", "SELECT a FROM t WHERE b IS NOT DISTINCT FROM NULL",
            "SELECT a FROM t WHERE b = t.null",
        ] {
            #expect(lines(sql) == [], "\(sql)")
        }
    }

    @Test(
        arguments: [
            ("n: int", "LIMIT :n", 27), ("n: int", "FETCH FIRST (:n) ROWS ONLY", 34),
            ("n: { type: int, min: 1 }", "LIMIT :n::int", 27),
            ("n: { type: int, max: 100 }", "LIMIT :n", nil), ("n: int", "LIMIT least(:n, 100)", nil),
            ("n: { type: int, one-of: [10, 20] }", "LIMIT :n", nil), ("n: int", "LIMIT 100 OFFSET :n", nil),
        ] as [(String, String, Int?)]
    )
    func aLimitThatClientsChooseHasAMaximum(_ input: String, _ limit: String, _ column: Int?) {
        let lines = RouteManifestTests.lines(
            oneRoute("get: /r\nquery: { \(input) }\nsql: |\n  SELECT a FROM t \(limit)")
        )
        let expected = column.map {
            "8:\($0 + 2): warning: input 'n' has no 'max', so that this LIMIT is as large as a client likes; add one, such as "
                + "'max: 100' [no-limit]"
        }
        #expect(lines == (expected.map { [$0] } ?? []))
    }
}
