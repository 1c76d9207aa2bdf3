import RouteModel
import Testing

private func fault(_ text: [UInt8], depthLimit: Int = JSONValue.depthLimit) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONValue(text, depthLimit: depthLimit)
        return nil
    } catch {
        return error
    }
}

private func fault(_ text: String) -> JSONError? { fault(Array(text.utf8)) }

@Suite struct JSONValidatorTests {
    @Test(
        "Every JSON value is read, with blanks around it",
        arguments: [
            ("0", .number), ("-0", .number), ("10.50e+07", .number), ("1E-2", .number), ("-12", .number),
            ("true", .true), ("false", .false), ("null", .null), (#""""#, .string), ("\"é\u{1F600}\u{7F}\"", .string),
            (#""\"\\\/\b\f\n\r\t\u00e9\uD83D\ude00\u0000""#, .string), ("[]", .array), ("[ ]", .array),
            ("[1,[2 , {}],\"]\"]", .array), ("{}", .object), ("{ }", .object),
            (#"{"a":{"a":[{"a":1},{"a":2}]}, "" : null,"A":true}"#, .object),
        ] as [(String, JSONValue.Kind)]
    )
    func values(text: String, kind: JSONValue.Kind) throws {
        let value = try JSONValue(Array(" \t\r\n\(text)\n ".utf8))
        #expect(value.kind == kind)
        #expect(value.bytes.elementsEqual(text.utf8))
        #expect(value.bytes.startIndex == 4)
        #expect(try JSONValue(Array(text.utf8)).kind == kind)
    }

    @Test(
        "What is not JSON is refused, at the byte where that shows",
        arguments: [
            ("1 2", 2), ("{} x", 3), ("[1]]", 3), ("[,]", 1), ("[1,]", 3), ("[1 2]", 3), ("{,}", 1), ("{\"a\":1,}", 7),
            ("{\"a\" 1}", 5), ("{\"a\":}", 5), ("{a:1}", 1), ("{'a':1}", 1), ("{1:1}", 1), ("{\"a\":1]", 6), ("[1}", 2),
            ("tru", 3), ("True", 0), ("trux", 3), ("nul]", 3), ("NaN", 0), ("Infinity", 0), ("undefined", 0),
            ("01", 1), ("-01", 2), ("+1", 0), (".5", 0), ("1.", 2), ("1.e1", 2), ("1e", 2), ("1e+", 3), ("1e+a", 3),
            ("-", 1), ("- 1", 1), ("0x1", 1), ("1_0", 1), ("\u{FEFF}1", 0), ("\u{A0}1", 0), ("\u{B}1", 0),
            ("/**/1", 0), ("1//", 1), ("\"\u{1F}\"", 1), ("\"a\nb\"", 2), ("\"a\0\"", 2), (#""\x""#, 2), (#""\'""#, 2),
            (#""\u12g4""#, 5), (#""\U0031""#, 2), ("'a'", 0), ("\"a", 2), (#""\"#, 2), (#""\u12"#, 5), ("", 0),
            (" ", 1),
            ("[", 1), ("[1", 2), ("{", 1), ("{\"a\"", 4), ("{\"a\":", 5), ("{\"a\":1", 6), ("{\"a", 3), ("\0", 0),
        ]
    )
    func malformed(text: String, offset: Int) {
        let fault = fault(text)
        #expect(fault?.offset == offset)
        let isAtEnd = offset == text.utf8.count
        #expect(fault?.reason == (isAtEnd ? .incomplete : .malformed))
    }

    @Test(
        "Bytes that are not UTF-8 are refused",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC3], [0xC3, 0x28], [0xE0, 0x9F, 0xBF], [0xE2, 0x82],
            [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x9F, 0x98],
            [0xF4, 0x90, 0x80, 0x80],
            [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xFE],
        ] as [[UInt8]]
    )
    func invalidUTF8(bytes: [UInt8]) {
        #expect(fault([0x22, 0x61] + bytes + [0x22]) == JSONError(.invalidUTF8, at: 2))
        #expect(fault([0x7B, 0x22] + bytes + Array("\":1}".utf8)) == JSONError(.invalidUTF8, at: 2))
        #expect(fault([0x22, 0x61] + bytes)?.reason == .invalidUTF8)
    }

    @Test("Every scalar value may stand in a string as itself and as an escape")
    func scalars() throws {
        for value in stride(from: UInt32(0x20), through: 0x10FFFF, by: 211) {
            guard let scalar = Unicode.Scalar(value), scalar != "\"", scalar != "\\" else { continue }
            let text = Array(String(scalar).utf8)
            #expect(try JSONValue([0x22] + text + [0x22]).text.elementsEqual(text))
            let escapes = String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            #expect(try JSONValue(Array("\"\(escapes.joined())\"".utf8)).text.elementsEqual(text))
        }
    }

    @Test(
        "Half of a surrogate pair is refused, also in a name",
        arguments: [
            #"\uD800"#, #"\uDBFF"#, #"\uDC00"#, #"\uDFFF"#, #"\uD800\uD800"#, #"\uD800\u0041"#, #"\uD800\n"#,
            #"\uD800A"#,
            #"\uDC00\uD800"#, #"\uDC00\uDC00"#,
        ]
    )
    func surrogates(escape: String) {
        #expect(fault("\"a\(escape)\"") == JSONError(.loneSurrogate, at: 2))
        #expect(fault("{\"\(escape)\":1}") == JSONError(.loneSurrogate, at: 2))
    }

    @Test("Escapes are undone")
    func escapes() throws {
        let value = try JSONValue(Array(#""\"\\\/\b\f\n\r\t\u00E9\ud83d\uDE00\u0000x""#.utf8))
        #expect(value.text.elementsEqual("\"\\/\u{8}\u{C}\n\r\té\u{1F600}\0x".utf8))
    }

    @Test("Two members of one name are refused in any object, however they are written")
    func duplicates() {
        #expect(fault(#"{"a":1,"b":2,"a":3}"#) == JSONError(.duplicateName, at: 13))
        #expect(fault(#"{"a":1,"\u0061":3}"#) == JSONError(.duplicateName, at: 7))
        #expect(fault(#"{"\u0061":1,"a":3}"#) == JSONError(.duplicateName, at: 12))
        #expect(fault(#"{"\/":1,"/":3}"#) == JSONError(.duplicateName, at: 8))
        #expect(fault(#"[0,{"x":[{"":1,"":2}]}]"#) == JSONError(.duplicateName, at: 15))
        #expect(fault(#"{"a":{"a":{"b":1}},"b":{"a":1}}"#) == nil)
        // Names are compared by bytes: canonically equivalent ones are two.
        #expect(fault("{\"\u{E9}\":1,\"e\u{301}\":2}") == nil)
    }

    @Test("Nesting ends at a limit, and before the thread's stack does")
    func depth() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(fault(nested(64)) == nil)
        #expect(fault(nested(65)) == JSONError(.tooDeep, at: 64))
        #expect(fault(String(repeating: "{\"a\":", count: 64) + "1" + String(repeating: "}", count: 64)) == nil)
        #expect(fault(String(repeating: "{\"a\":", count: 65)) == JSONError(.tooDeep, at: 64 * 5))
        #expect(fault(Array(nested(3).utf8), depthLimit: 2) == JSONError(.tooDeep, at: 2))
        #expect(fault(Array(nested(1_000_000).utf8), depthLimit: 1_000_000) == nil)
    }

    @Test("Members and elements come in their order, with their own bytes")
    func walking() throws {
        let text =
            #" { "a" : 1.50 , "b":[ "x,]\"}" , {"y": [ ] }, null ,-1e2,[],true ],"\u0063\"":"z", "d":{},"e":false}"#
        let value = try JSONValue(Array(text.utf8))
        let members = Array(value.members)
        #expect(members.map { String(decoding: $0.name, as: UTF8.self) } == ["a", "b", "c\"", "d", "e"])
        #expect(members.map(\.value.kind) == [.number, .array, .string, .object, .false])
        func raw(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }
        #expect(raw(members[0].value) == "1.50")
        #expect(raw(members[2].value) == #""z""#)
        #expect(raw(members[3].value) == "{}")
        let elements = Array(members[1].value.elements)
        #expect(elements.map(raw) == [#""x,]\"}""#, #"{"y": [ ] }"#, "null", "-1e2", "[]", "true"])
        #expect(elements.map(\.kind) == [.string, .object, .null, .number, .array, .true])
        #expect(Array(value.elements).isEmpty)
        #expect(Array(members[1].value.members).isEmpty)
        #expect(Array(elements[4].elements).isEmpty)
        #expect(Array(members[3].value.members).isEmpty)
        #expect(Array(members[0].value.elements).isEmpty)
    }

    @Test("Cut and damaged text never makes the reader crash, and what it accepts is walked through to its end")
    func damage() throws {
        let whole = Array(
            #"{"a":[1,-2.5e+3,"\u00e9\ud83d\ude00\n",{"b":null}],"c":{"d":[true,false,[]]},"é":"\\"}"#.utf8
        )
        for length in 0..<whole.count { #expect(fault(Array(whole.prefix(length)))?.reason != nil) }
        func count(_ value: JSONValue) -> Int {
            1 + value.elements.reduce(0) { $0 + count($1) } + value.members.reduce(0) { $0 + count($1.value) }
        }
        #expect(count(try JSONValue(whole)) == 13)
        let pieces = Array(#"{}[]",:\u0e-1 t"#.utf8) + [0x00, 0x80, 0xC3, 0xFF]
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<5000 {
            var text = whole
            for _ in 0...random(3) { text[random(text.count)] = pieces[random(pieces.count)] }
            if let value = try? JSONValue(text) { #expect(count(value) > 0) }
        }
    }

    @Test("A body of a megabyte that is made to be slow is read in time", .timeLimit(.minutes(1)))
    func hostile() throws {
        let names = (0..<120_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(try JSONValue(Array("{\(names)}".utf8)).members.reduce(0) { count, _ in count + 1 } == 120_000)
        let long = String(repeating: "a", count: 1000)
        let alike = (1000..<2000).map { "\"\(long)\($0)\":0" }.joined(separator: ",")
        #expect(fault("{\(alike)}") == nil)
        let objects = String(repeating: "{\"a\":0},", count: 130_000) + "0"
        #expect(
            try JSONValue(Array("[\(names.split(separator: ":").count),\(objects)]".utf8)).elements.reduce(0) {
                count,
                _ in count + 1
            } == 130_002
        )
        #expect(fault(String(repeating: "[", count: 1 << 20))?.reason == .tooDeep)
        #expect(fault("\"" + String(repeating: #"\u0061"#, count: 170_000) + "\"") == nil)
    }
}
