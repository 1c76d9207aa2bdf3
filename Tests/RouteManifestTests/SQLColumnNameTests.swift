import SQLSyntax
import Testing

@testable import RouteManifest

/// The names in these tables are those that PostgreSQL 15 gives (`SELECT … \gdesc` in psql).
@Suite struct SQLColumnNameTests {
    /// Expressions over `t (a int, b text, j jsonb, arr int[], "Odd" int, d timestamptz)` and the names of their columns.
    static let named: [(expression: String, name: String)] = [
        ("a", "a"), ("t.a", "a"), ("\"Odd\"", "Odd"), ("t.\"Odd\"", "Odd"), ("A", "a"), ("a AS x", "x"), ("a x", "x"),
        ("a AS \"X y\"", "X y"), ("a \"X\"", "X"), ("a AS \"x\"\"y\"", "x\"y"), ("a + 1 AS from_", "from_"),
        ("a + 1 s", "s"),
        ("a AS limit", "limit"), ("1", "?column?"), ("'x'", "?column?"), ("-a", "?column?"), ("a + 1", "?column?"),
        ("a = 1 AND b IS NOT NULL", "?column?"), ("NOT a = 1", "?column?"), ("b LIKE 'x' ESCAPE '!'", "?column?"),
        ("a BETWEEN 1 AND 2", "?column?"), ("a IN (1, 2)", "?column?"), ("a IS DISTINCT FROM 1", "?column?"),
        ("a IS DISTINCT FROM 1 + a", "?column?"), ("a = ANY(arr)", "?column?"), ("b || 'x' || b", "?column?"),
        ("b NOT ILIKE 'x'", "?column?"), ("a ISNULL", "?column?"), ("NULL", "?column?"),
        ("j -> 'a' ->> 'b'", "?column?"),
        ("E'x'", "?column?"), ("$$x$$", "?column?"), ("1.5e3", "?column?"), ("a OPERATOR(pg_catalog.+) 1", "?column?"),
        ("count(*)", "count"), ("pg_catalog.count(*)", "count"), ("count(*) total", "total"), ("Count(*)", "count"),
        ("sum(a) OVER (PARTITION BY b)", "sum"), ("sum(a) OVER w", "sum"), ("sum(a) FILTER (WHERE a > 1)", "sum"),
        ("percentile_cont(0.5) WITHIN GROUP (ORDER BY a)", "percentile_cont"), ("coalesce(a, 1)", "coalesce"),
        ("greatest(a, 1)", "greatest"), ("least(a, 1)", "least"), ("nullif(a, 1)", "nullif"), ("row(a, b)", "row"),
        ("(a, b)", "row"), ("(a)", "a"), ("((a + 1))", "?column?"), ("array[a, 1]", "array"),
        ("array(SELECT 1)", "array"),
        ("exists(SELECT 1)", "exists"), ("EXISTS (SELECT)", "exists"), ("current_date", "current_date"),
        ("current_timestamp(3)", "current_timestamp"), ("current_user", "current_user"), ("user", "user"),
        ("extract(year FROM d)", "extract"), ("substring(b FROM 1 FOR 2)", "substring"),
        ("position('a' IN b)", "position"),
        ("overlay(b PLACING 'x' FROM 1)", "overlay"), ("trim(b)", "btrim"), ("trim(both 'x' FROM b)", "btrim"),
        ("trim(leading FROM b)", "ltrim"), ("trim(trailing 'x' FROM b)", "rtrim"), ("lower(b)", "lower"),
        ("d AT TIME ZONE 'UTC'", "timezone"), ("(d AT TIME ZONE 'UTC')::date", "timezone"), ("-a::int8", "?column?"),
        ("a::text", "a"), ("1::int", "int4"), ("1::bigint", "int8"), ("1::smallint", "int2"), ("'1'::real", "float4"),
        ("1::double precision", "float8"), ("1::float", "float8"), ("1::numeric(10, 2)", "numeric"),
        ("1::dec", "numeric"),
        ("'t'::boolean", "bool"), ("'x'::char", "bpchar"), ("'x'::\"char\"", "char"),
        ("'x'::character varying(3)", "varchar"),
        ("'x'::varchar(3)", "varchar"), ("'x'::text", "text"), ("'{}'::int[]", "int4"), ("'{}'::text[][]", "text"),
        ("B'1'::bit varying", "varbit"), ("'12:00'::time with time zone", "timetz"),
        ("now()::timestamp with time zone", "now"),
        ("'2020-01-01'::timestamp(3) with time zone", "timestamptz"), ("'x'::pg_catalog.text", "text"),
        ("'2020-01-01'::timestamp without time zone", "timestamp"), ("'1'::interval day to second", "interval"),
        ("cast(a AS text)", "a"), ("cast(1 AS text)", "text"), ("cast(a + 1 AS int8)", "int8"),
        ("(a + 1)::int8", "int8"),
        ("count(*)::int", "count"), ("coalesce(a, 1)::text", "coalesce"), ("date '2020-01-01'", "date"),
        ("interval '1 day'", "interval"), ("interval '1' year", "interval"),
        ("timestamp with time zone '2020-01-01'", "timestamptz"),
        ("numeric '1.5'", "numeric"), ("CASE WHEN a = 1 THEN b ELSE 'x' END", "case"),
        ("CASE a WHEN 1 THEN 2 END", "case"),
        ("CASE WHEN a = 1 THEN 'x' ELSE b END", "b"), ("CASE WHEN a = 1 THEN NULL ELSE lower(b) END", "lower"),
        ("CASE WHEN a = 1 THEN 1 ELSE CASE WHEN a = 2 THEN 1 ELSE a END END", "a"),
        ("(CASE WHEN a = 1 THEN 1 END)::text", "text"),
        ("CASE WHEN a = 1 THEN 1 ELSE 2 END::text", "text"), ("CASE WHEN a = 1 THEN '' ELSE '1'::text END", "case"),
        ("(SELECT a)", "a"), ("(SELECT 1)", "?column?"), ("(SELECT a AS z)", "z"),
        ("(SELECT count(*) FROM t)", "count"),
        ("(SELECT 1 AS p UNION SELECT 2 LIMIT 1)", "p"), ("(VALUES (1))", "column1"), ("(SELECT a)::text", "a"),
        ("(WITH x AS (SELECT 1 AS q) SELECT 2 AS w)", "w"), ("arr[1]", "arr"), ("arr[1:2]", "arr"), ("(arr)[1]", "arr"),
        ("j['a']", "j"), ("(t).a", "a"), ("(t.*).b", "b"), ("b COLLATE \"C\"", "b"),
        ("b COLLATE pg_catalog.\"C\"", "b"),
        ("(b COLLATE \"C\") || b", "?column?"), ("grouping(a)", "grouping"), ("xmlelement(name x)", "xmlelement"),
        ("a = 1 OR EXISTS (SELECT 1)", "?column?"), ("NOT EXISTS (SELECT 1)", "?column?"), ("a::int::text", "a"),
        ("1::int::text", "text"), ("(1::int)::text", "text"), ("('x' || b)::text", "text"), ("left(b, 1)", "left"),
        ("generate_series(1, 2)", "generate_series"), ("(a > 1) IS TRUE", "?column?"), ("t.a::text t", "t"),
    ]

    /// Expressions whose names this parser doesn't claim to know.
    static let unnamed = [
        "true", "x(1) y z", "a b c", "U&\"\\0061\"", "(SELECT * FROM t)", "a IS JSON", "float(3) '1'", "1::setof int",
    ]

    private static func names(_ sql: String) throws -> [SQLColumnName] {
        let scanner = SQLInputScanner(sql)
        try #require(scanner.faults.isEmpty)
        let tree = SQLTokenTree(scanner)
        let outline = try #require(SQLStatementOutline(tree, in: tree.tokens.indices))
        return try #require(SQLColumnNamer(tree: tree).columns(of: outline)).map(\.name)
    }

    @Test("A column has the name that PostgreSQL gives it", arguments: named)
    func certain(expression: String, name: String) throws {
        #expect(try Self.names("SELECT \(expression) FROM t") == [.named(name)])
        #expect(try Self.names("SELECT 0 AS first, \(expression)") == [.named("first"), .named(name)])
        #expect(try Self.names("UPDATE t SET a = 1 RETURNING \(expression)") == [.named(name)])
    }

    @Test("A name that is not certain is not guessed", arguments: unnamed)
    func uncertain(expression: String) throws {
        #expect(try Self.names("SELECT \(expression) FROM t") == [.unknown])
    }

    @Test(
        "The columns are those of a statement's result",
        arguments: [
            ("SELECT DISTINCT ON (a, b) a, b FROM t", ["a", "b"]),
            ("SELECT ALL a FROM t", ["a"]),
            ("SELECT DISTINCT a, b FROM t ORDER BY a", ["a", "b"]),
            ("SELECT a IS DISTINCT FROM b, c FROM t", ["?column?", "c"]),
            ("SELECT a FROM t UNION ALL SELECT b FROM u", ["a"]),
            ("(SELECT a FROM t) UNION SELECT b FROM u", ["a"]),
            ("((SELECT a, b FROM t))", ["a", "b"]),
            ("WITH x AS (SELECT 1 AS y, 2 AS y) SELECT z FROM x", ["z"]),
            (
                "WITH RECURSIVE r AS (SELECT 1) SEARCH DEPTH FIRST BY a, b SET s CYCLE a, b SET c USING p SELECT q, w FROM r",
                ["q", "w"]
            ),
            ("VALUES (1, 2), (3, 4)", ["column1", "column2"]),
            (
                "INSERT INTO t (a, b) VALUES (1, 2) ON CONFLICT (a) DO UPDATE SET b = 1 RETURNING a, t.b AS c",
                ["a", "c"]
            ),
            ("INSERT INTO t SELECT a, a FROM u RETURNING a", ["a"]),
            ("DELETE FROM t WHERE true RETURNING a", ["a"]),
            ("MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DELETE RETURNING t.a", ["a"]),
            ("SELECT FROM t", []), ("SELECT", []), ("SELECT WHERE false", []),
        ] as [(String, [String])]
    )
    func columns(sql: String, names: [String]) throws {
        #expect(try Self.names(sql) == names.map { .named($0) })
    }

    @Test("All columns of a table are not counted", arguments: ["*", "t.*", "s.t.*", "(t).*", "(f(1)).*"])
    func star(expression: String) throws {
        #expect(try Self.names("SELECT \(expression), a FROM t") == [.star, .named("a")])
    }

    static let goldens = [
        Golden.route(
            "Two columns of one name, by their tables",
            "get: /r\nsql: SELECT a.id, b.title, b.id FROM a JOIN b USING (x) LIMIT 1",
            "6:32: error: two columns are called 'id'; give one another name with AS",
            "6:17: note: the first one is here"
        ),
        Golden.route(
            "Two columns without a name",
            "get: /r\nreturns: one\nsql: SELECT 1, a, 'x', 2 FROM t",
            "7:23: error: this column has no name, and neither has an earlier one; name them with AS",
            "7:17: note: the first one is here"
        ),
        Golden.route("One column without a name", "get: /r\nreturns: one\nsql: SELECT 1, a FROM t"),
        Golden.route(
            "No columns",
            "get: /r\nreturns: one\nsql: SELECT FROM t",
            "7:10: error: this SELECT has no columns; name some, or write 'returns: none'"
        ),
        Golden.route("No columns that nobody wants", "get: /r\nreturns: none\nsql: SELECT FROM t"),
        Golden.route(
            "More than one value",
            "get: /r\nreturns: value\nsql: SELECT count(*), max(a) FROM t",
            "7:27: error: 'returns: value' is for one column, and this is a second; select one alone, or write 'returns: one'",
            "7:17: note: the first column is here"
        ),
        Golden.route("A value that may be one", "get: /r\nreturns: value\nsql: SELECT *, a FROM t"),
        Golden.route(
            "Two columns of one name of a write",
            "post: /r\nsql: INSERT INTO t VALUES (1) RETURNING id, count AS \"id\"",
            "6:49: error: two columns are called 'id'; give one another name with AS",
            "6:45: note: the first one is here"
        ),
    ]

    @Test("Columns that can't become members of an object are reported", arguments: goldens)
    func golden(_ golden: Golden) { golden.check() }
}
