import NIOCore
import SQLSyntax
import TestServers
import Testing

@testable import PostgresClient
@testable import RouteManifest

/// WITH in all its spellings: the statement itself is found behind it, by the client and by the generator, and a column that the
/// server has to convert becomes what `row_to_json` makes of it.
@Suite(.timeLimit(.minutes(2))) struct WithClauseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let with: String
        let main: String
        var sql: String { "\(with) \(main)" }
        var testDescription: String { sql }
    }

    /// Names that are keywords, or are quoted, or hold what looks like something else.
    private static let names = [
        "r", "recursive", "search", "cycle", "materialized", "insert", "update", "delete", "set", "by", "first",
        "depth", "path",
        "WITHIN", "Merge", "\"with\"", "\"as\"", "\"a\"\"b\"", "\"(\"", "\"AS (SELECT 1)\"", "\"é\"", "größe",
        "\"set\"",
        #"U&"d\0061t""#, #"U&"d!0061t" UESCAPE '!'"#, "a$b", "\"a'\u{301}\"",
    ]

    private static let forms = [
        "AS", "as materialized", "AS NOT MATERIALIZED", "AS /* ( */ MATERIALIZED -- (\n", "(r) AS",
        "( \"r\" ) AS NOT MATERIALIZED",
    ]

    private static let bodies = [
        "SELECT int4range(1, 2) AS r", "(SELECT int4range(1, 3) AS r)",
        "WITH x AS (SELECT 4 AS n) SELECT int4range(1, n) AS r FROM x",
        "WITH recursive AS (SELECT 5 AS n) SELECT int4range(1, n) AS r FROM recursive",
        "SELECT int4range(1, 2) AS r WHERE ')' = ')' /* ) */ -- )\n",
        "SELECT r FROM (VALUES (int4range(1, 9))) AS v(r)",
        "WITH RECURSIVE x AS (SELECT 4 AS n) (SELECT int4range(1, n) AS r FROM x) UNION SELECT NULL",
    ]

    private static func main(_ name: String) -> String { "SELECT x.r AS v FROM \(name) AS x" }

    private static let named: [Case] = names.enumerated().flatMap { number, name in
        forms.enumerated().flatMap { index, form -> [Case] in
            let body = bodies[(number + index) % bodies.count]
            let part = "\(name) \(form) (\(body))"
            return ["WITH \(part)", "WITH RECURSIVE \(part)", "with one as (select 1), \(part), last AS (SELECT 2)"].map
            {
                Case(with: $0, main: main(name))
            }
        }
    }

    private static let clauses: [Case] = [
        "SEARCH DEPTH FIRST BY set SET o", "SEARCH BREADTH FIRST BY by SET o",
        "search breadth first by set, by set first",
        "SEARCH DEPTH FIRST BY by, set SET cycle", "SEARCH DEPTH FIRST BY \"by\" SET \"using\"",
        "SEARCH DEPTH FIRST BY set SET \"set \"", "SEARCH DEPTH FIRST BY by SET search",
        #"SEARCH DEPTH FIRST BY U&"s\0065t" SET o"#,
        #"SEARCH DEPTH FIRST BY U&"s!0065t" UESCAPE '!' SET U&"o!0061" UESCAPE '!'"#, "CYCLE set SET c USING p",
        "CYCLE by, set SET cycle TO 'y' DEFAULT 'n' USING path",
        "CYCLE set SET c TO true DEFAULT false USING \"using\"",
        "CYCLE set SET c TO 'using' DEFAULT 'set' USING p",
        "CYCLE by SET \"using\" TO int4 '1' DEFAULT int4 '0' USING search",
        "CYCLE set SET c TO interval '1' day DEFAULT interval '2' day USING p",
        "CYCLE set SET c TO numeric(3, 1) '1' DEFAULT numeric(3, 1) '2' USING p", "CYCLE by, set SET by_ USING u",
        "SEARCH DEPTH FIRST BY by SET o CYCLE by SET c USING p",
        "SEARCH BREADTH FIRST BY set, by SET cycle CYCLE by, set SET c TO 1 DEFAULT 0 USING p",
    ].flatMap { clause -> [Case] in
        ["r", "search", "cycle", "recursive"].map { name in
            let part = """
                \(name)(set, by, r) AS (SELECT 1, 2, int4range(1, 2) UNION ALL SELECT set + 1, by, r FROM \(name) AS x WHERE set < 3) \
                \(clause)
                """
            return Case(with: "WITH RECURSIVE \(part), last AS (SELECT 1)", main: main(name))
        }
    }

    @Test(arguments: [false, true])
    func theStatementItselfIsFound(hasClauses: Bool) {
        let cases = hasClauses ? Self.clauses : Self.named
        for test in cases {
            let outline = AcceptedStatementParts(test.sql + " ;")
            #expect(outline.main == test.main, "\(test)")
            #expect(outline.with == test.with, "\(test)")
            #expect(outline.isQuery && !outline.writesInWith, "\(test)")
            let tree = SQLTokenTree(SQLInputScanner(test.sql))
            let columns = SQLStatementOutline(tree, in: tree.tokens.indices).flatMap {
                SQLColumnNamer(tree: tree).columns(of: $0)
            }
            #expect(columns?.map(\.name) == [.named("v")], "\(test)")
        }
    }

    @Test(
        arguments: [
            "recursive", "RECURSIVE recursive", "search", "materialized", "\"(\"", "r (a)", "RECURSIVE r (a)",
            #"U&"d!0061t" UESCAPE '!'"#,
        ])
    func aPartThatWritesIsFound(name: String) {
        for form in ["AS", "AS MATERIALIZED", "AS NOT MATERIALIZED"] {
            for write in ["INSERT INTO t VALUES (1) RETURNING a", "WITH x AS (SELECT 1) DELETE FROM t RETURNING a"] {
                for with in ["WITH \(name) \(form) (\(write))", "WITH \(name) \(form) (SELECT 1), b AS (\(write))"] {
                    let outline = AcceptedStatementParts("\(with) SELECT 1")
                    #expect(outline.main == "SELECT 1", "\(with)")
                    #expect(outline.writesInWith, "\(with)")
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func aColumnIsConvertedAsRowToJSONDoes(hasClauses: Bool) async throws {
        let cases = hasClauses ? Self.clauses : Self.named
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try await withClient(url) { client in
            for (index, test) in cases.enumerated() where hasClauses || index % 4 == 0 {
                let expected = try oracle.rows(test.sql)
                do {
                    #expect(try await client.body(test.sql) == expected, "\(test)")
                } catch {
                    Issue.record("\(test): \(error)")
                }
            }
        }
    }

    /// Recursive parts with the columns of SEARCH and CYCLE beside a part that writes; columns that the server has to convert.
    private static let besideWrites: [String] = {
        let recursive = "RECURSIVE r(id) AS (SELECT 1 UNION ALL SELECT r.id % 3 + 1 FROM r WHERE r.id < 9)"
        let clauses = [
            "CYCLE id SET is_cycle USING cyc", "SEARCH DEPTH FIRST BY id SET ord CYCLE id SET is_cycle USING cyc",
            "CYCLE id SET \"Is \"\"it\" TO 1 DEFAULT 0 USING \"as\"",
        ]
        let writes = [
            "INSERT INTO beside (n) VALUES (7) RETURNING *", "UPDATE beside SET n = n + 1 RETURNING *",
            "DELETE FROM beside RETURNING *",
        ]
        let mains = [
            "SELECT r.*, ins.n FROM r, ins", "SELECT r.*, ins.span FROM r CROSS JOIN ins ORDER BY r.id DESC LIMIT 2",
            "SELECT row_to_json(r) AS row, ins.* FROM r, ins",
            "(SELECT r.* FROM r LIMIT 1) UNION ALL (SELECT r.* FROM r LIMIT 1)",
            "SELECT to_jsonb(x) AS x, x.* FROM (SELECT * FROM r) AS x, ins;",
            "SELECT count(*) AS n, (array_agg(r))[1] AS whole FROM r, ins -- all",
        ]
        return clauses.flatMap { clause in
            writes.flatMap { write in mains.map { "WITH \(recursive) \(clause), ins AS (\(write)) \($0)" } }
        }
    }()

    @Test func recursivePartsMayStandBesidePartsThatWrite() async throws {
        let url = try PostgresServer.shared.get().url
        let oracle = try Oracle(url)
        try oracle.value(
            """
            DROP TABLE IF EXISTS beside; CREATE TABLE beside (n int, span int4range DEFAULT '[1,5)');
            INSERT INTO beside VALUES (1)
            """
        )
        try await withClient(url) { client async throws in
            for sql in Self.besideWrites {
                let statement = PostgresStatement(sql: sql, shape: .many)
                for _ in 0..<2 {
                    try oracle.value("TRUNCATE beside; INSERT INTO beside VALUES (1)")
                    let answer = await Result {
                        try await client.write(statement, PostgresParameters(), deadline: .seconds(5)).body.map {
                            String(buffer: $0)
                        }
                    }
                    let written = try oracle.value("SELECT string_agg(n::text, ',') FROM beside")
                    // `CREATE TABLE … AS` and a subquery take nothing that writes: the rows come from the same parts without it.
                    try oracle.value("TRUNCATE beside; INSERT INTO beside VALUES (1)")
                    let parts = try #require(sql.firstRange(of: ", ins AS ("))
                    let end = try #require(sql.firstRange(of: "RETURNING *) "))
                    let returned =
                        sql.contains("INSERT") ? "7" : sql.contains("UPDATE") ? "2" : "1"
                    let read =
                        "\(sql[..<parts.lowerBound]), ins AS (SELECT \(returned) AS n, '[1,5)'::int4range AS span) "
                    let main = sql[end.upperBound...].replacing(";", with: "").replacing("-- all", with: "")
                    #expect(try (try? answer.get()) == oracle.rows(read + main), "\(sql): \(answer)")
                    let expected = sql.contains("INSERT") ? "1,7" : sql.contains("UPDATE") ? "2" : nil
                    #expect((written ?? "") == (expected ?? ""), "\(sql)")
                }
            }
        }
    }
}
