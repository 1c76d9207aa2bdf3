import CachedRoutes
import HTTPTypes
import RouteManifest
import RouteModel
import Testing

@testable import RouteCodegen

@Suite struct SwiftLiteralTests {
    static let texts = [
        "",
        "plain",
        "\"quoted\" and \\back\\slash\\ and \\(interpolated)",
        "\t tab, \r return, \0 NUL, \u{7F} DEL, \u{85} NEL, \u{2028} LS, \u{202E} RLO, \u{FEFF} BOM",
        "emoji 👩‍👩‍👧 and é and e\u{301} and \"\u{301}",
        "\n",
        "two\nlines",
        "ends with a line\n",
        "CR LF\r\nand CR\rand LF\n",
        "  indented\n\ttab\n   \n\n    deep ",
        "\"\n\"\"\n\"\"\"\n\"\"\"\"\n\"\"\"\"\"\"\"\"",
        "\\\n\\(x)\n\\\"\"\"\nend\\",
        "#\"raw\"#\n\u{301}starts with an accent",
    ]

    @Test("Every text is written as its golden literal, and Swift reads the literal as that text")
    func literals() throws {
        var writer = SourceWriter()
        writer.line("// Written by the literal tests.")
        writer.separate()
        writer.block("enum Literals") {
            for (index, text) in Self.texts.enumerated() {
                $0.expression(.string(text), after: "static let text\(index) = ")
            }
            $0.expression(.array(Self.texts.indices.map { .text("text\($0)") }), after: "static let texts = ")
        }
        try Golden.expect(writer.text, in: "Literals.swift")
        #expect(Literals.texts.count == Self.texts.count)
        for (literal, text) in zip(Literals.texts, Self.texts) {
            #expect(literal.unicodeScalars.elementsEqual(text.unicodeScalars), "\(text.debugDescription)")
        }
    }

    @Test("A duration is written in the largest unit that holds it")
    func durations() {
        #expect(SwiftLiteral.duration(.seconds(300)) == ".seconds(300)")
        #expect(SwiftLiteral.duration(.zero) == ".zero")
        #expect(SwiftLiteral.duration(.milliseconds(1500)) == ".milliseconds(1500)")
        #expect(SwiftLiteral.duration(.nanoseconds(2_000_000_001)) == ".nanoseconds(2000000001)")
    }

    @Test("A number of bytes is written in MiB or KiB where it is a whole number of them")
    func bytes() {
        #expect(SwiftLiteral.bytes(16 << 20) == "16 << 20")
        #expect(SwiftLiteral.bytes(3 << 19) == "1536 << 10")
        #expect(SwiftLiteral.bytes(1000) == "1000")
        #expect(SwiftLiteral.bytes(0) == "0")
    }

    @Test("Every value that a setting can have is written as Swift")
    func settings() {
        let values: [(Any, String)] = [
            (Duration.seconds(2), ".seconds(2)"), (Duration?.some(.seconds(2)) as Any, ".seconds(2)"), (7, "7"),
            (Int?.some(7) as Any, "7"), (true, "true"), (GeneratedByteCount(bytes: 1 << 20), "1 << 20"),
            ([TagTemplate("a:{b}")], #"["a:{b}"]"#), (CachePolicy.Near.atMost(.seconds(1)), ".atMost(.seconds(1))"),
            (WritePolicy.Isolation?.some(.repeatableRead) as Any, ".repeatableRead"),
            (RouteDeclaration.Returns.one, ".one"),
            (TablePolicy(["a"]), #"TablePolicy(["a"])"#),
            (WarmPolicy(every: .seconds(1)), "WarmPolicy(every: .seconds(1))"),
            (["c": ConstraintResponse(409, "m")], #"["c": ConstraintResponse(409, "m")]"#),
        ]
        for (value, text) in values { #expect(SwiftExpression(value).lines(level: 0) == [text]) }
    }

    @Test("A policy is written without what has its default")
    func defaults() {
        #expect(CachePolicy().expression.lines(level: 0) == ["CachePolicy()"])
        #expect(WritePolicy().expression.lines(level: 0) == ["WritePolicy()"])
        #expect(
            CachePolicy(negativeTTL: .seconds(1)).expression.lines(level: 0) == [
                "CachePolicy(negativeTTL: .seconds(1))"
            ]
        )
    }
}
