import Fuzzing
import RouteDocuments
import Testing

@Suite("YAML")
struct YAMLPrinterTests {
    @Test("Documents are printed in block style, and strings in quotes where YAML would take them for something else")
    func prints() {
        let document: Document = [
            "openapi": "3.1.0", "200": ["a b", "yes", "No", "null", "1", "-x", "x: y", "x #y", " x", "x ", ""],
            "/users/{id}": ["none": [:], "empty": [], "n": .null, "deep": [["a": [["b": 1.text]]], [[true, 2]]]],
            "line\nbreak": "é\u{1F600}\u{85}\u{7F}\\\"",
        ]
        let text = #"""
            openapi: "3.1.0"
            "200":
              - a b
              - "yes"
              - "No"
              - "null"
              - "1"
              - "-x"
              - "x: y"
              - "x #y"
              - " x"
              - "x "
              - ""
            /users/{id}:
              none: {}
              empty: []
              "n": null
              deep:
                - a:
                    - b: "1"
                - - - true
                    - 2
            "line\nbreak": "\u00e9\U0001f600\u0085\u007f\\\""

            """#
        #expect(YAMLPrinter.text(of: document) == text)
        #expect(Document(yaml: text) == document)
    }

    @Test("A scalar is a document too", arguments: ["x", 1, true, .null, [], [:]] as [Document])
    func scalars(document: Document) { #expect(Document(yaml: YAMLPrinter.text(of: document)) == document) }

    @Test("Numbers with exponents have a point, without which YAML 1.1 reads them as strings")
    func exponents() {
        #expect(YAMLPrinter.text(of: .number("1e+20")) == "1.0e+20\n")
        #expect(YAMLPrinter.text(of: ["x": .number("-5e-07")]) == "x: -5.0e-07\n")
        #expect(YAMLPrinter.text(of: .number("1.5e+300")) == "1.5e+300\n")
    }

    @Test("The parser reads what is printed")
    func readBack() {
        for seed in FuzzCases(400) {
            var random = SeededRandom(seed: seed)
            let document = Self.document(&random, depth: 4)
            let text = YAMLPrinter.text(of: document)
            #expect(Document(yaml: text) == document, "seed \(seed): \(text)")
        }
    }

    private static func document(_ random: inout SeededRandom, depth: Int) -> Document {
        switch random.below(depth == 0 ? 4 : 7) {
        case 0: return .string(string(&random))
        case 1: return .number(random.pick(["0", "-7", "1.5", "1.7976931348623157e+308"]))
        case 2: return .bool(random.oneIn(2))
        case 3: return .null
        case 4: return .array((0..<random.below(4)).map { _ in document(&random, depth: depth - 1) })
        default:
            return .object(
                (0..<random.below(4)).map { .init("\($0)" + string(&random), document(&random, depth: depth - 1)) }
            )
        }
    }

    private static let pieces = [
        "a", "Yes", "off", "~", "null", "é", "\u{1F600}", "\n", "\r", "\t", "\u{0}", "\u{85}", "\u{2028}", "\u{FEFF}",
        " ", ": ",
        " #", "-", "- ", "?", "{", "}", "[", "]", ",", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`", "\\", "/",
        "1", "0x1", ".",
        "=", "<<", "\u{7F}", "\u{10FFFF}",
    ]

    private static func string(_ random: inout SeededRandom) -> String {
        (0..<random.below(5)).map { _ in random.pick(pieces) }.joined()
    }
}

extension Int {
    /// The digits as a string, not as a number.
    fileprivate var text: Document { .string("\(self)") }
}
