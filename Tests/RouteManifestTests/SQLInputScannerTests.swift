import Testing

@testable import RouteManifest

@Suite struct SQLInputScannerTests {
    @Test(
        "Inputs become parameters, and what only looks like one stays",
        arguments: [
            ("SELECT :a", "SELECT $1", ["a"]),
            ("SELECT :a, :b, :a", "SELECT $1, $2, $1", ["a", "b"]),
            ("SELECT :a_1+:B", "SELECT $1+$2", ["a_1", "B"]),
            ("SELECT :a::int, b::text", "SELECT $1::int, b::text", ["a"]),
            ("SELECT x::int[]", "SELECT x::int[]", []),
            ("SELECT f(n := 1, m:=:a)", "SELECT f(n := 1, m:=$1)", ["a"]),
            ("SELECT 'x:a', ':a'':b'", "SELECT 'x:a', ':a'':b'", []),
            (#"SELECT E'\':a', e'\\', :b"#, #"SELECT E'\':a', e'\\', $1"#, ["b"]),
            (#"SELECT '\', :b"#, #"SELECT '\', $1"#, ["b"]),
            ("SELECT E'a'\n  -- '\n  '\\':a', :b", "SELECT E'a'\n  -- '\n  '\\':a', $1", ["b"]),
            ("SELECT E'a' '\\', :b", "SELECT E'a' '\\', $1", ["b"]),
            (#"SELECT U&'\0041:a', B'1', x'1F', :b"#, #"SELECT U&'\0041:a', B'1', x'1F', $1"#, ["b"]),
            (#"SELECT name'\', :b"#, #"SELECT name'\', $1"#, ["b"]),
            (#"SELECT ":a", "x"":b", :c"#, #"SELECT ":a", "x"":b", $1"#, ["c"]),
            ("SELECT $$:a$$, $x$:a $$ :b $x$, :c", "SELECT $$:a$$, $x$:a $$ :b $x$, $1", ["c"]),
            ("SELECT $é$:a$é$, :c", "SELECT $é$:a$é$, $1", ["c"]),
            ("SELECT a$b$c, :d", "SELECT a$b$c, $1", ["d"]),
            ("SELECT 1 -- :a ' \n, :b", "SELECT 1 -- :a ' \n, $1", ["b"]),
            ("SELECT 1 /* :a /* ' */ :b */, :c", "SELECT 1 /* :a /* ' */ :b */, $1", ["c"]),
            ("SELECT 1 - -:a", "SELECT 1 - -$1", ["a"]),
            ("SELECT a[1:2]", "SELECT a[1:2]", []),
            ("SELECT a[:n]", "SELECT a[$1]", ["n"]),
            ("SELECT a[1:n], a[i:n], a[(1):n], a[b[1]:n]", "SELECT a[1:n], a[i:n], a[(1):n], a[b[1]:n]", []),
            ("SELECT a[1 : :n], a[:m : :n]", "SELECT a[1 : $1], a[$2 : $1]", ["n", "m"]),
            ("SELECT a[:m:n]", "SELECT a[$1:n]", ["m"]),
            ("SELECT a[f(x, :n)]", "SELECT a[f(x, $1)]", ["n"]),
            ("SELECT ARRAY[:a, :b]", "SELECT ARRAY[$1, $2]", ["a", "b"]),
            ("SELECT d->>:k, d @> :j, d ? 'x'", "SELECT d->>$1, d @> $2, d ? 'x'", ["k", "j"]),
            ("SELECT 1 LIMIT:a OFFSET 1:b", "SELECT 1 LIMIT $1 OFFSET 1 $2", ["a", "b"]),
            ("SELECT : a, :1, :é, :", "SELECT : a, :1, :é, :", []),
            ("SELECT 0x1F, 1e5, 1_000, :a", "SELECT 0x1F, 1e5, 1_000, $1", ["a"]),
            ("SELECT \"é\", 'é', :a", "SELECT \"é\", 'é', $1", ["a"]),
            ("SELECT :a\r\n, :b", "SELECT $1\r\n, $2", ["a", "b"]),
            (
                "SELECT x IN (:a,:b,:c,:d,:e,:f,:g,:h,:i,:j)", "SELECT x IN ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)",
                ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
            ),
            ("\n  SELECT :a ;\n", "SELECT $1", ["a"]),
            ("SELECT :a;;  -- :b\n /* :c */", "SELECT $1", ["a"]),
            ("-- first\nSELECT :a -- last\n", "SELECT $1", ["a"]),
            (";SELECT ';' ; ", "SELECT ';'", []),
            ("SELECT 1 WHERE :a IS NULL OR b = :a", "SELECT 1 WHERE $1 IS NULL OR b = $1", ["a"]),
            (
                "SELECT 1 WHERE (b = :a or ( :a is\n not  null and :c = 1)) AND :a IS NULL",
                "SELECT 1 WHERE (b = $1 or ( $1 is\n not  null and $2 = 1)) AND $1 IS NULL",
                ["a", "c"]
            ),
            ("SELECT b = :a IS NULL, b + :a IS NULL", "SELECT b = $1 IS NULL, b + $1 IS NULL", ["a"]),
            ("SELECT coalesce(:a IS NULL, :a)", "SELECT coalesce($1 IS NULL, $1)", ["a"]),
            (
                "SELECT 1 WHERE b BETWEEN 1 AND :a IS NULL AND :a IS NULL",
                "SELECT 1 WHERE b BETWEEN 1 AND $1 IS NULL AND $1 IS NULL", ["a"]
            ),
            ("SELECT :a::date IS NULL, (:a) IS NULL", "SELECT $1::date IS NULL, ($1) IS NULL", ["a"]),
            ("SELECT 1 WHERE :a IS DISTINCT FROM b", "SELECT 1 WHERE $1 IS DISTINCT FROM b", ["a"]),
            ("SELECT x.where :a IS NULL", "SELECT x.where $1 IS NULL", ["a"]),
        ] as [(String, String, [String])]
    )
    func binding(source: String, sql: String, names: [String]) {
        let scanner = SQLInputScanner(source)
        #expect(scanner.faults.isEmpty)
        #expect(scanner.bound.sql == sql)
        #expect(scanner.bound.names == names)
    }

    @Test(
        "What cannot be sent is found where it begins",
        arguments: [
            ("SELECT 'a", .unterminated("string"), 7),
            ("SELECT 'a''", .unterminated("string"), 7),
            (#"SELECT E'a\'"#, .unterminated("string"), 8),
            (#"SELECT E'a\"#, .unterminated("string"), 8),
            ("SELECT 'a'\n'b", .unterminated("string"), 11),
            ("SELECT \"a", .unterminated("quoted identifier"), 7),
            ("SELECT \"a\"\"", .unterminated("quoted identifier"), 7),
            ("SELECT $$a$", .unterminated("dollar quote"), 7),
            ("SELECT $x$a$$ $X$", .unterminated("dollar quote"), 7),
            ("SELECT /* a", .unterminated("comment"), 7),
            ("SELECT /* a /* b */", .unterminated("comment"), 7),
            ("SELECT $1", .positionalParameter("$1"), 7),
            ("SELECT :a, $12", .positionalParameter("$12"), 11),
            ("SELECT 1; SELECT 2", .secondStatement, 10),
            ("SELECT 1; -- a\n  ; SELECT 2; SELECT 3", .secondStatement, 19),
            ("", .empty, 0), (" \n", .empty, 0), ("-- a\n;", .empty, 0), ("/* a */", .empty, 0),
        ] as [(String, SQLInputScanner.Fault, Int)]
    )
    func faults(source: String, fault: SQLInputScanner.Fault, offset: Int) {
        #expect(SQLInputScanner(source).faults == [.init(fault: fault, offset: offset)])
    }

    @Test("Words carry their depth and what stands around them")
    func words() {
        let scanner = SQLInputScanner("SELECT now ( ), t.Limit FROM (DELETE x) \"LIMIT\" -- limit")
        #expect(scanner.words.map(\.text) == ["select", "now", "t", "limit", "from", "delete", "x"])
        #expect(scanner.words.map(\.isCalled) == [false, true, false, false, true, false, false])
        #expect(scanner.words.map(\.isQualified) == [false, false, false, true, false, false, false])
        #expect(scanner.words.map(\.depth) == [0, 0, 0, 0, 0, 1, 1])
        #expect(scanner.words.map(\.isFirstInBrackets) == [false, false, false, false, false, true, false])
    }

    @Test("Names behind a slice's colon are kept apart")
    func sliceBounds() {
        let scanner = SQLInputScanner("SELECT a[1:n]")
        #expect(scanner.inputs.isEmpty)
        #expect(scanner.sliceBounds == [.init(text: "n", offset: 10)])
    }
}
