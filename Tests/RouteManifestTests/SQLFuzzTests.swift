import Fuzzing
import RouteManifest
import SQLCorpus
import SQLSyntax
import Testing

/// Statements of the corpus that are wrong in a few places, wherever these are.
@Suite struct SQLFuzzTests {
    private static let mutation = ByteMutation(pieces: [
        "'", "\"", "$", "$$", "$a$", "E'", "U&'", "U&\"", "--", "/*", "*/", "\n", "\r", "\t", " ", ":", "::", ":=",
        ":a", ":id", "(", ")", "[", "]",
        ";", ",", ".", "*", "=", "=>", "||", "?", "@>", "->>", "\\", "\0", "é", "\u{FEFF}", "1", "1e", "0x1F", "1_000",
        "$1", "SELECT", " FROM ",
        " WHERE ", " AS ", "WITH a AS (", " UNION ", " LIMIT ", " ORDER BY ", " JOIN ", " ON ", "CASE WHEN ", " END",
        "CAST(", "ARRAY[", "ROW(",
        "INSERT INTO ", "UPDATE ", "DELETE FROM ", " RETURNING ", " VALUES (", "MERGE INTO ", "now()", "random()",
        " INTO ", "FOR UPDATE", "SET ",
        "EXPLAIN ", "BEGIN", "COMMIT", "COPY ", "json_object(", " OVER (", "GROUP BY ", "LATERAL ", "RECURSIVE ",
        "NULL", "::text", " UESCAPE '!'",
    ])

    private static let statements =
        SQLCorpus.reads.map { (statement: $0, isRead: true) }
        + SQLCorpus.writes.joined().map { (statement: $0.statement, isRead: false) }

    private static func mutated(_ random: inout SeededRandom) -> (
        sql: String, inputs: [Statement.RouteInput], isRead: Bool
    ) {
        let (statement, isRead) = random.pick(statements)
        var bytes = Array(statement.sql.utf8)
        if random.oneIn(10) {
            let other = Array(random.pick(statements).statement.sql.utf8)
            bytes = bytes.prefix(random.below(bytes.count + 1)) + other.suffix(random.below(other.count + 1))
        }
        mutation.apply(random.pick([1, 1, 2, 3, 6]), to: &bytes, &random)
        return (String(decoding: bytes, as: UTF8.self), statement.inputs, isRead)
    }

    @Test("Tokens cover a statement that is wrong anywhere, and its names stand where they say")
    func tokens() {
        for seed in FuzzCases(6_000) {
            var random = SeededRandom(seed: seed)
            let sql = Self.mutated(&random).sql
            let lexer = SQLLexer(sql)
            var covered = 0
            for token in (lexer.tokens + lexer.comments).sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
                guard covered <= token.range.lowerBound, !token.range.isEmpty, token.depth >= 0 else {
                    Issue.record("seed \(seed): \(token) in \(sql)")
                    break
                }
                #expect(
                    lexer.bytes[covered..<token.range.lowerBound].allSatisfy(SQLCharacterClasses.isBlank),
                    "seed \(seed): \(sql)"
                )
                covered = token.range.upperBound
            }
            if lexer.unterminated == nil {
                #expect(lexer.bytes[covered...].allSatisfy(SQLCharacterClasses.isBlank), "seed \(seed): \(sql)")
            }
            let scanner = SQLInputScanner(sql)
            #expect(scanner.statement.upperBound <= sql.utf8.count, "seed \(seed): \(sql)")
            for name in scanner.inputs {
                #expect(
                    Array(sql.utf8)[name.offset...].starts(with: ":\(name.text)".utf8),
                    "seed \(seed): \(name) in \(sql)"
                )
            }
            let bound = scanner.bound
            // A text with a fault is not bound.
            if scanner.faults.isEmpty, lexer.unterminated == nil {
                #expect(Set(scanner.inputs.map(\.text)) == Set(bound.names), "seed \(seed): \(sql)")
            }
        }
    }

    @Test("Routes whose statements are wrong anywhere are read or have an error")
    func routes() {
        for seed in FuzzCases(12) {
            var random = SeededRandom(seed: seed)
            var lines = ["version: 1", "namespace: n", "routes:"]
            for number in 0..<20 {
                let (sql, inputs, isRead) = Self.mutated(&random)
                lines += ["  s\(number):", "    \(isRead ? "get" : "post"): /s\(number)", "    public: true"]
                if random.oneIn(3) || !isRead {
                    lines.append("    returns: \(random.pick(["one", "many", "value", "none"]))")
                }
                if !inputs.isEmpty { lines.append(isRead ? "    query:" : "    body:") }
                lines += inputs.map { "      \($0.name): { type: \"\($0.type)\", optional: true }" }
                lines.append("    sql: \"\(Self.quoted(sql))\"")
            }
            let (manifest, diagnostics) = parse(lines.joined(separator: "\n"))
            #expect(diagnostics.contains { $0.severity == .error } == (manifest == nil), "seed \(seed)")
            #expect(diagnostics.allSatisfy { (1...lines.count).contains($0.location.line) }, "seed \(seed)")
        }
    }

    @Test("Statements in which something stands in itself, or many times, are read or have an error")
    func deep() {
        for seed in FuzzCases(24) {
            var random = SeededRandom(seed: seed)
            let count = random.number(100...(random.oneIn(6) ? 20_000 : 2_000))
            let pieces = [
                "(", "[", "((", "(SELECT ", "CASE WHEN ", "f(", "ARRAY[", "- ", "NOT ", "a.", "a+", "1,", ":a,",
                "::int", "[1]", "/*", "*/", "'",
                "''", "$a$", "\"", "(a)", "UNION SELECT 1 ", ", b AS (SELECT 1)", "(SELECT 1) UNION ", "CAST(",
                "JOIN t ON true ", ";", "--\n",
                "EXISTS (SELECT ", "COALESCE(a, ", "(VALUES (1)) ", "{", "a AS ", "WITH a AS (", "+", "-*", "+@",
                "a = NULL, ",
                "ELSE CASE ", "CASE WHEN a THEN 1 ELSE ", "a AND ", " = NULL AND CASE a END", "FROM :a ", "LIMIT ",
                "ORDER BY a ", "GROUP BY a ", "DISTINCT ON (a) ", ")", "f(:a) ", "ORDER BY a, :a ", "IN (a) ", "é ",
                ":b ",
                "(update) ", "b AS (WITH c AS (SELECT 1) SELECT 1), ", "currval('a') ", "$1 ", "SET a = :a, ", "?, ",
                "$a ",
            ]
            let (opening, closing) = (random.pick(pieces), random.pick(["", "", ")", "]", " END", "))"]))
            let sql =
                random.pick([
                    "SELECT ", "", "SELECT a FROM t WHERE ", "WITH a AS (SELECT 1)", "INSERT INTO t VALUES ",
                    "UPDATE t SET a = ",
                ])
                + String(repeating: opening, count: count) + random.pick(["1", "", " a FROM t", ":a"])
                + String(repeating: closing, count: count)
            let method = random.pick(["get", "post"])
            let input = random.oneIn(2) ? "\(method == "get" ? "query" : "body"): { a: int }\n" : ""
            let source = oneRoute("\(method): /x\npublic: true\n\(input)returns: many\nsql: \"\(Self.quoted(sql))\"")
            let (manifest, diagnostics) = parse(source)
            #expect(diagnostics.contains { $0.severity == .error } == (manifest == nil), "seed \(seed): \(opening)")
            #expect(SQLInputScanner(sql).statement.upperBound <= sql.utf8.count)
        }
    }

    /// A text as it stands in YAML's double quotes.
    private static func quoted(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "\\", "\"": "\\\(scalar)"
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value):
                "\\x" + (scalar.value < 0x10 ? "0" : "") + String(scalar.value, radix: 16)
            case "\u{2028}", "\u{2029}", "\u{FEFF}": "\\u" + String(scalar.value, radix: 16)
            default: String(scalar)
            }
        }.joined()
    }
}
