import Testing

@testable import RouteCodegen

@Suite struct SwiftExpressionTests {
    @Test("A call stays on one line of 120 characters and is broken by one more")
    func width() {
        let call = SwiftExpression.call("f", [.init("a", .text("1")), .init(nil, .strings(["x", "y"]))])
        let flat = "f(a: 1, [\"x\", \"y\"])"
        let prefix = String(repeating: "p", count: 120 - flat.count)
        #expect(call.lines(after: prefix, level: 0) == [prefix + flat])
        #expect(call.lines(after: prefix + "p", level: 0) == [prefix + "pf(", "    a: 1,", "    [\"x\", \"y\"]", ")"])
    }

    @Test("An array of several elements ends with a comma when it is broken")
    func arrays() {
        let long = String(repeating: "x", count: 70)
        #expect(
            SwiftExpression.array([.text(long), .text(long)]).lines(before: ",", level: 1)
                == ["    [", "        \(long),", "        \(long),", "    ],"]
        )
        #expect(
            SwiftExpression.array([.text(long + long)]).lines(level: 0) == ["[", "    \(long)\(long)", "]"]
        )
    }

    @Test("A dictionary is laid out like an array")
    func dictionaries() {
        let long = String(repeating: "x", count: 70)
        let short = SwiftExpression.dictionary([.init("\"a\"", .text("1")), .init("\"b\"", .text("2"))])
        #expect(short.lines(after: "e: ", before: ",", level: 1) == ["    e: [\"a\": 1, \"b\": 2],"])
        #expect(
            SwiftExpression.dictionary([.init("a", .text(long)), .init("b", .text(long))]).lines(level: 0)
                == ["[", "    a: \(long),", "    b: \(long),", "]"]
        )
        #expect(
            SwiftExpression.dictionary([.init("a", .call("f", [.init(nil, .text(long + long))]))]).lines(level: 0)
                == ["[", "    a: f(", "        \(long)\(long)", "    )", "]"]
        )
    }

    @Test("A documentation comment is broken between words and never inside one")
    func documentation() {
        var writer = SourceWriter()
        let word = String(repeating: "w", count: 130)
        writer.documentation("one \(word) two\nthree")
        #expect(writer.text == "/// one\n/// \(word)\n/// two three\n")
    }
}
