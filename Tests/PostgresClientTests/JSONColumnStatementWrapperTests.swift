import Testing

@testable import PostgresClient

@Suite struct JSONColumnStatementWrapperTests {
    @Test(
        arguments: [
            ("SELECT 1;", "SELECT 1"), ("SELECT 1 ; ; -- x", "SELECT 1"), ("SELECT ';' ;", "SELECT ';'"),
            ("SELECT 'it''s;' -- ;\n;", "SELECT 'it''s;'"), (#"SELECT E'\';';"#, #"SELECT E'\';'"#),
            (#"SELECT '\';"#, #"SELECT '\'"#),
            (#"SELECT E'a''\';' ;"#, #"SELECT E'a''\';'"#), (#"SELECT "a;""b" ;"#, #"SELECT "a;""b""#),
            ("SELECT $$;$$;", "SELECT $$;$$"), ("SELECT $a$ $$; $b$; $a$;", "SELECT $a$ $$; $b$; $a$"),
            ("SELECT $1;", "SELECT $1"), ("SELECT a$b;", "SELECT a$b"), ("SELECT 1 /* ; /* ; */ ; */;", "SELECT 1"),
            ("SELECT E'a'\n'b\\'; --' ;", "SELECT E'a'\n'b\\'; --'"),
            ("SELECT E'a' -- '\n  -- '\n 'b\\';' ;", "SELECT E'a' -- '\n  -- '\n 'b\\';'"),
            ("SELECT E'a'\n; -- b", "SELECT E'a'"), ("SELECT 'a'\n'b\\';", "SELECT 'a'\n'b\\'"),
            ("SELECT 1 - -1", "SELECT 1 - -1"), ("SELECT 4 / 2 -- x", "SELECT 4 / 2"), ("SELECT 1", "SELECT 1"),
        ])
    func theEndOfAStatementIsFound(sql: String, expected: String) {
        #expect(AcceptedStatementParts(sql).main == expected)
    }

    @Test(
        arguments: [
            ("SELECT 1", nil, "SELECT 1", true),
            ("(SELECT 1) UNION VALUES (2);", nil, "(SELECT 1) UNION VALUES (2)", true),
            ("INSERT INTO t SELECT 1 RETURNING a", nil, "INSERT INTO t SELECT 1 RETURNING a", false),
            ("WITH a AS (SELECT 1) SELECT * FROM a", "WITH a AS (SELECT 1)", "SELECT * FROM a", true),
            (
                "WITH a AS (SELECT ')'), b (x, y) AS NOT MATERIALIZED (SELECT 1, (2)) UPDATE t SET c = 1 RETURNING c",
                "WITH a AS (SELECT ')'), b (x, y) AS NOT MATERIALIZED (SELECT 1, (2))",
                "UPDATE t SET c = 1 RETURNING c",
                false
            ),
            (
                "WITH update AS (SELECT 1), \"del ,ete\" AS (SELECT 2) TABLE update",
                "WITH update AS (SELECT 1), \"del ,ete\" AS (SELECT 2)", "TABLE update", true
            ),
            (
                "with recursive t(n) as (values (1) union all select n + 1 from t) search breadth first by n set o "
                    + "cycle n set c to true default false using p select n from t",
                "with recursive t(n) as (values (1) union all select n + 1 from t) search breadth first by n set o "
                    + "cycle n set c to true default false using p", "select n from t", true
            ),
            ("WITH a AS (SELECT 1) (SELECT 2)", "WITH a AS (SELECT 1)", "(SELECT 2)", true),
        ] as [(String, String?, String, Bool)]
    )
    func theStatementItselfIsFoundBehindWITH(sql: String, with: String?, main: String, isQuery: Bool) {
        let outline = AcceptedStatementParts(sql)
        #expect(outline.with == with)
        #expect(outline.main == main)
        #expect(outline.isQuery == isQuery)
    }
}
