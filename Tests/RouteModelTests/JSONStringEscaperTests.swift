import RouteModel
import Testing

@Suite struct JSONStringEscaperTests {
    private static let text = "\"\\/\u{0}\u{8}\t\n\u{B}\u{C}\r\u{1F}\u{7F}ä😀\u{2028}"

    @Test(
        "Control characters are written by the letters that are asked for, or by their numbers",
        arguments: [
            (JSONStringEscaper.Letters.all, #"\u0000\b\t\n\u000b\f\r\u001f"#),
            (.lineFeedAndTab, #"\u0000\u0008\t\n\u000b\u000c\u000d\u001f"#),
            (.none, #"\u0000\u0008\u0009\u000a\u000b\u000c\u000d\u001f"#),
        ]
    )
    func escapes(_ letters: JSONStringEscaper.Letters, _ escaped: String) {
        #expect(
            JSONStringEscaper.quoted(Self.text, letters: letters) == #""\"\\/"# + escaped + "\u{7F}ä😀\u{2028}\""
        )
    }

    @Test("In ASCII all other characters are written by their numbers, those beyond U+FFFF by two")
    func ascii() throws {
        #expect(
            JSONStringEscaper.quoted(Self.text, isASCII: true)
                == #""\"\\/\u0000\b\t\n\u000b\f\r\u001f\u007f\u00e4\ud83d\ude00\u2028""#
        )
        #expect(
            try JSONValue(Array(JSONStringEscaper.quoted(Self.text, isASCII: true).utf8)).text.elementsEqual(
                Self.text.utf8
            )
        )
    }

    @Test("What is written is read again", arguments: [JSONStringEscaper.Letters.all, .lineFeedAndTab, .none])
    func roundTrip(_ letters: JSONStringEscaper.Letters) throws {
        let all = String(String.UnicodeScalarView((0..<0x300).compactMap(Unicode.Scalar.init))) + Self.text
        var bytes: [UInt8] = []
        JSONStringEscaper.append(all, to: &bytes, letters: letters)
        #expect(try JSONValue(bytes).text.elementsEqual(all.utf8))
    }
}
