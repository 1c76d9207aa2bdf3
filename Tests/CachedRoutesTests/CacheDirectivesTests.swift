import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Cache directives (RFC 9111, 5.2)")
struct CacheDirectivesTests {
    /// The directives on lines of their own, with arguments between angle brackets.
    private func read(_ value: String) -> String {
        CacheDirectives(value).map { $0.name + ($0.argument.map { "<\($0)>" } ?? "") }.joined(separator: "\n")
    }

    @Test(
        "are tokens with an argument or none, their names in any case",
        arguments: [
            ("no-cache", "no-cache"), ("No-Cache", "no-cache"), ("MAX-AGE=10", "max-age<10>"), ("a=B", "a<B>"),
            ("public, max-age=60", "public\nmax-age<60>"), ("a,b,c", "a\nb\nc"), ("\ta ,\t b\t", "a\nb"),
            ("!#$%&'*+-.^_`|~09azAZ=!#$%&'*+-.^_`|~09azAZ", "!#$%&'*+-.^_`|~09azaz<!#$%&'*+-.^_`|~09azAZ>"),
        ]
    )
    func tokens(value: String, expected: String) {
        #expect(read(value) == expected)
    }

    @Test(
        "may have quoted strings as arguments (RFC 9110, 5.6.4)",
        arguments: [
            (#"max-age="10""#, "max-age<10>"), (#"a="""#, "a<>"),
            (#"private="Set-Cookie, X", b"#, "private<Set-Cookie, X>\nb"),
            (#"a="b=c;d""#, "a<b=c;d>"), (#"a="x\"y", b"#, "a<x\"y>\nb"), (#"a="\\", b"#, "a<\\>\nb"),
            (#"a="\x\,", b"#, "a<x,>\nb"), (#"a="\",b", c"#, "a<\",b>\nc"), ("a=\"\tx \"", "a<\tx >"),
            (#"a="é""#, "a<é>"),
            (#"a="x" , b="y""#, "a<x>\nb<y>"), ("a=\"\\\t\"", "a<\t>"),
        ]
    )
    func quoted(value: String, expected: String) {
        #expect(read(value) == expected)
    }

    @Test("may be empty members of the list (RFC 9110, 5.6.1.2)", arguments: ["", " ", ",", " , ,\t", ",,,"])
    func empty(value: String) {
        #expect(read(value) == "")
        #expect(read(value + ",a,," + value) == "a")
    }

    @Test(
        "that are malformed do not hide the ones around them",
        arguments: [
            // Names that are no tokens.
            "=1", "a b", "a b=1", "a\u{0}", "é", "\"a\"", "\"a\"=1", "\"x, y\"", "(a)", "a;b=1", "a =1", "a:1", "a/b",
            #"a\"#, #"\"#, "a\u{7F}",
            // Arguments that are neither tokens nor quoted strings.
            "a=", "a= 1", "a=1 2", "a==1", "a=é", "a=1;b", #"a=\"#, #"a="1"2"#, #"a="1" 2"#, #"a="1""2""#, #"a=1"2""#,
            #"a="x, y"z"#, "a=\"\u{1}\"", "a=\"\u{7F}\"", "a=\"\\\u{1}\"",
            // Quotes that are not closed.
            #"a=""#, #"a="1"#, #"a"1"#, #"a="\"#, #"a="\""#, #"a="1\""#, "\"", #"a="1\\\""#, #"a="1"2"3"#,
            #"a="x, y"z""#,
        ]
    )
    func malformed(member: String) {
        #expect(read(member) == "")
        #expect(read("first, \(member), no-store, last=1") == "first\nno-store\nlast<1>")
    }

    @Test(
        "end at the next comma where a quote is not closed",
        arguments: [
            (#"a="b, c, d"#, "c\nd"), (#"a="b", c="d, e, f"#, "a<b>\ne\nf"), (#"a="b\, c, d"#, "c\nd"),
            (#"a="b\", c, d="e\", f, \", g"#, "f\ng"), (#"a="b, c\\"#, ""), (#"a="b, c="d, e"#, "e"),
        ]
    )
    func unclosed(value: String, expected: String) {
        #expect(read(value) == expected)
    }

    @Test("are read in one pass, whatever they hold", arguments: [#"\","#, #"a=""#, #"a="","#, ",", "a,"])
    func hostile(repeated: String) {
        let value = String(repeating: repeated, count: 20_000) + ",b"
        var last: String?
        let duration = ContinuousClock().measure { last = CacheDirectives(value).map(\.name).last }
        #expect(last == "b")
        #expect(duration < .seconds(5))
    }

    @Test("can be read twice")
    func twice() {
        let directives = CacheDirectives("a, b")
        #expect(directives.map(\.name) == ["a", "b"])
        #expect(directives.map(\.name) == ["a", "b"])
    }

    @Test(
        "have numbers of seconds as arguments (RFC 9111, 1.2.2)",
        arguments: [
            ("0", 0), ("1", 1), ("60", 60), ("007", 7), ("2147483647", 2_147_483_647), ("2147483648", 2_147_483_648),
            ("2147483649", 2_147_483_648), ("9223372036854775808", 2_147_483_648),
            (String(repeating: "9", count: 1000), 2_147_483_648), (String(repeating: "0", count: 1000) + "5", 5),
        ] as [(String, Int64)]
    )
    func seconds(argument: String, seconds: Int64) {
        #expect(CacheDirectives.deltaSeconds(argument) == seconds)
    }

    @Test(
        "have no other arguments where seconds are meant (RFC 9111, 1.2.2)",
        arguments: [nil, "", " ", "-1", "+1", "1.5", "1e3", "1 ", " 1", "1s", "0x10", "a", "١", "1\u{301}", "1_000"]
    )
    func noSeconds(argument: String?) {
        #expect(CacheDirectives.deltaSeconds(argument) == nil)
    }
}
