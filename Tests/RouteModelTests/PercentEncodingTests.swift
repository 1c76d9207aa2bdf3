import RouteModel
import Testing

@Suite struct PercentEncodingTests {
    private static func decode(_ text: String, plusAsSpace: Bool = true) -> [UInt8]? {
        var output: [UInt8] = []
        return PercentEncoding.decode(Array(text.utf8), into: &output, plusAsSpace: plusAsSpace) ? output : nil
    }

    @Test(
        "Encoded text is decoded once",
        arguments: [
            ("", ""), ("a", "a"), ("%41", "A"), ("%c3%A9", "é"), ("a+b", "a b"), ("%2B", "+"), ("%2541", "%41"),
            ("%00", "\0"),
        ]
    )
    func decoding(text: String, expected: String) {
        #expect(Self.decode(text) == Array(expected.utf8))
    }

    @Test("A plus is a space in queries and a plus in paths")
    func plus() {
        #expect(Self.decode("a+b", plusAsSpace: false) == Array("a+b".utf8))
    }

    @Test("A broken encoding is refused", arguments: ["%", "%4", "a%", "%zz", "%4g", "%g4", "%%41", "%+1", "% 1"])
    func malformed(text: String) {
        #expect(Self.decode(text) == nil)
    }

    @Test("Bytes that are no UTF-8 are decoded as they are")
    func anyBytes() {
        #expect(Self.decode("%FF%fe") == [0xFF, 0xFE])
    }

    @Test("Every byte survives encoding and decoding", arguments: [true, false])
    func roundTrip(spaceAsPlus: Bool) {
        let bytes = Array(UInt8.min...UInt8.max)
        var encoded: [UInt8] = []
        PercentEncoding.append(bytes, to: &encoded, spaceAsPlus: spaceAsPlus)
        #expect(Self.decode(String(decoding: encoded, as: UTF8.self), plusAsSpace: spaceAsPlus) == bytes)
        let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~%+".utf8)
        #expect(encoded.allSatisfy(allowed.contains))
    }
}
