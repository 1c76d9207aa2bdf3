import Testing

@testable import RouteCheck

@Suite("Columns that may be NULL")
struct NullabilityTests {
    @Test(
        "are all those of a statement with one of these",
        arguments: [
            "SELECT * FROM a LEFT JOIN b ON true", "SELECT * FROM a RIGHT OUTER JOIN b ON true",
            "SELECT * FROM (SELECT * FROM a FULL JOIN b USING (id)) q", "SELECT * FROM a NATURAL left join b",
            "SELECT a FROM t GROUP BY GROUPING SETS ((a), ())", "SELECT a FROM t GROUP BY ROLLUP (a)",
            "SELECT a FROM t GROUP BY CUBE (a)", "SELECT a FROM t UNION ALL SELECT b FROM u",
            "WITH q AS (SELECT a FROM t EXCEPT SELECT b FROM u) SELECT * FROM q",
            "UPDATE t SET a = 1 RETURNING old.a", "UPDATE t SET a = 1 RETURNING WITH (OLD AS o) o.a",
            "MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN DELETE RETURNING t.id",
        ]
    )
    func mayAddNull(_ sql: String) {
        #expect(NullabilityRules.mayAddNull(sql))
    }

    @Test(
        "are not made by these",
        arguments: [
            "SELECT left(a, 1) FROM t", "SELECT a FROM t JOIN u USING (id)", "SELECT a FROM t GROUP BY a",
            "SELECT 'LEFT JOIN' AS x, \"union\" FROM t -- UNION", "SELECT t.union FROM t",
            "UPDATE t SET a = 1 RETURNING a",
        ]
    )
    func addsNoNull(_ sql: String) {
        #expect(!NullabilityRules.mayAddNull(sql))
    }
}
