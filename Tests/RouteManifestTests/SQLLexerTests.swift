import SQLSyntax
import Testing

@Suite struct SQLLexerTests {
    /// The tokens as `kind text`, comments left out.
    private static func tokens(_ sql: String) -> [String] {
        let lexer = SQLLexer(sql)
        return lexer.tokens.map { token in
            let kind =
                switch token.kind {
                case .word: "word"
                case .quotedIdentifier, .unicodeIdentifier: "name"
                case .string: "string"
                case .dollarQuote: "dollar"
                case .number: "number"
                case .parameter: "$"
                case .namedParameter: ":"
                case .psqlVariable: "psql"
                case .operator: "op"
                case .punctuation: "p"
                case .lineComment, .blockComment: "comment"
                }
            return "\(kind) \(lexer.text(of: token))"
        }
    }

    @Test(
        "A text is split into PostgreSQL's tokens",
        arguments: [
            ("a.b", ["word a", "p .", "word b"]),
            ("été_1$x", ["word été_1$x"]),
            (
                "\"a\"\"b\" U&\"\\0061\" u&\"x\" U&x",
                ["name \"a\"\"b\"", "name U&\"\\0061\"", "name u&\"x\"", "word U", "op &", "word x"]
            ),
            (
                "E'\\'' b'1' X'1F' n'x' U&'\\0061' xe'y'",
                [
                    "string E'\\''", "string b'1'", "string X'1F'", "string n'x'", "string U&'\\0061'", "word xe",
                    "string 'y'",
                ]
            ),
            ("'a'\n  'b' 'c'", ["string 'a'\n  'b'", "string 'c'"]),
            ("'a' -- c\n 'b'", ["string 'a' -- c\n 'b'"]),
            ("'a' /* c\n */ 'b'", ["string 'a'", "string 'b'"]),
            ("E'a'\n'\\'b'", ["string E'a'\n'\\'b'"]),
            ("$$a$b$$ $x$ $$ $x$ $1 $ a$b$c", ["dollar $$a$b$$", "dollar $x$ $$ $x$", "$ $1", "p $", "word a$b$c"]),
            (
                "1 1.5 .5 1e5 1E-5 1.5e+3 0x1F 0b01 1_000",
                [
                    "number 1", "number 1.5", "number .5", "number 1e5", "number 1E-5", "number 1.5e+3", "number 0x1F",
                    "number 0b01", "number 1_000",
                ]
            ),
            (
                "1..10 0xE-1 1-1",
                ["number 1", "p ..", "number 10", "number 0xE", "op -", "number 1", "number 1", "op -", "number 1"]
            ),
            ("a::b c:=d e=>f", ["word a", "p ::", "word b", "word c", "p :=", "word d", "word e", "op =>", "word f"]),
            (
                "a->b->>c#>>d@>e?|f<@g!~*h",
                [
                    "word a", "op ->", "word b", "op ->>", "word c", "op #>>", "word d", "op @>", "word e", "op ?|",
                    "word f", "op <@", "word g", "op !~*", "word h",
                ]
            ),
            (
                "a=-1 a@-1 a+-b a*-1 a<>-1",
                [
                    "word a", "op =", "op -", "number 1", "word a", "op @-", "number 1", "word a", "op +", "op -",
                    "word b", "word a", "op *", "op -", "number 1", "word a", "op <>", "op -", "number 1",
                ]
            ),
            ("a+--c\nb", ["word a", "op +", "word b"]),
            ("a*/* /* x */ */b", ["word a", "op *", "word b"]),
            ("a-- b\r c", ["word a", "word c"]),
            (
                ":a :'b' :\"c\" : d :1 ::e",
                [": :a", "psql :'b'", "psql :\"c\"", "p :", "word d", "p :", "number 1", "p ::", "word e"]
            ),
            ("=:a,:a::int", ["op =", ": :a", "p ,", ": :a", "p ::", "word int"]),
            (
                "a[1:n] a[:n] a[\"x\":\"y\"]",
                [
                    "word a", "p [", "number 1", "p :", "word n", "p ]", "word a", "p [", ": :n", "p ]", "word a",
                    "p [", "name \"x\"", "p :", "name \"y\"", "p ]",
                ]
            ),
            ("json_object('k':\"v\")", ["word json_object", "p (", "string 'k'", "p :", "name \"v\"", "p )"]),
        ] as [(String, [String])]
    )
    func tokens(sql: String, expected: [String]) {
        #expect(Self.tokens(sql) == expected)
    }

    @Test("Tokens know how many brackets are around them")
    func depth() {
        let lexer = SQLLexer("f(a, (b[c])) d")
        #expect(lexer.tokens.map(\.depth) == [0, 0, 1, 1, 1, 2, 2, 3, 2, 1, 0, 0])
        #expect(lexer.tokens.filter { $0.kind == .word }.map(\.depth) == [0, 1, 2, 3, 0])
    }

    @Test(
        "What never ends is reported where it begins",
        arguments: [
            ("a 'b", .string, 2), ("a 'b'\n'c", .string, 6), ("E'\\'", .string, 1), ("U&'", .string, 2),
            ("\"a\"\"", .quotedIdentifier, 0), ("$a$ $b$", .dollarQuote, 0), ("/* /* */", .comment, 0),
        ] as [(String, SQLUnterminatedToken.Kind, Int)]
    )
    func unterminated(sql: String, kind: SQLUnterminatedToken.Kind, offset: Int) {
        #expect(SQLLexer(sql).unterminated == SQLUnterminatedToken(kind: kind, offset: offset))
    }

    @Test("Every byte belongs to one token, to a comment or to the blanks between them, whatever the text")
    func covered() {
        var random = SystemRandomNumberGenerator()
        let pieces = [
            "'", "\"", "$", "$$", "$a$", "--", "/*", "*/", "\n", " ", ":", "::", "a", "é", "1", ".", "e", "E", "U&",
            "(", "]", "[", ")", ";", "+", "-", "=", "@", "\\",
        ]
        for _ in 0..<2000 {
            let sql = (0..<Int.random(in: 0...24, using: &random)).map { _ in pieces.randomElement(using: &random)! }
                .joined()
            let lexer = SQLLexer(sql)
            var covered = 0
            for token in (lexer.tokens + lexer.comments).sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
                #expect(lexer.bytes[covered..<token.range.lowerBound].allSatisfy(SQLCharacterClasses.isBlank), "\(sql)")
                #expect(!token.range.isEmpty, "\(sql)")
                covered = token.range.upperBound
            }
            if lexer.unterminated == nil {
                #expect(lexer.bytes[covered...].allSatisfy(SQLCharacterClasses.isBlank), "\(sql)")
            }
        }
    }
}
