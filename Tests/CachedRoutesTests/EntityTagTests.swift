import HTTPTypes
import NIOCore
import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("An entity tag in If-None-Match (RFC 9110, 13.1.2)")
struct EntityTagTests {
    private static let opaque = EntityTag.opaque(for: ByteBuffer(string: "[]"))

    /// Whether a list matches in which `T` stands for the opaque part of the tag.
    private func isListed(_ value: String) -> Bool {
        EntityTag.isListed(
            Self.opaque,
            in: value.split(separator: "T", omittingEmptySubsequences: false)
                .joined(separator: Self.opaque)
        )
    }

    @Test(
        "matches weakly, alone and in lists (8.8.3.2)",
        arguments: [
            #""T""#, #"W/"T""#, #" "T" "#, #""x", "T""#, #""T", "x""#, #""x","T","y""#, #"W/"x" , W/"T" ,"y""#,
            "\"x\"\t,\t\"T\"\t", #",, "T""#, #""x",,, "T""#, #""T","#, #""", "T""#, #"W/"", "T""#,
        ]
    )
    func lists(value: String) {
        #expect(isListed(value))
    }

    @Test(
        "matches the same bytes between quotes alone (8.8.3)",
        arguments: [
            #""x""#, #""T "#, #""xT""#, #""Tx""#, #"" T""#, #""T ""#, #""\T""#, "T", "'T'", #""x", "y""#, #""""#,
        ]
    )
    func otherTags(value: String) {
        #expect(!isListed(value))
    }

    @Test("differs for other bytes, and by case")
    func bytes() {
        #expect(Self.opaque != EntityTag.opaque(for: ByteBuffer(string: "[ ]")))
        #expect(Self.opaque == EntityTag.opaque(for: ByteBuffer(string: "[]")))
        #expect(!EntityTag.isListed("ab", in: "\"AB\""))
        #expect(EntityTag.isListed("ab", in: "\"ab\""))
    }

    @Test(
        "is SHA-256 cut to 128 bits (FIPS 180-4, appendix B, and the empty body)",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb924"), ("abc", "ba7816bf8f01cfea414140de5dae2223"),
            ("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039"),
        ]
    )
    func hash(text: String, digest: String) {
        #expect(EntityTag.opaque(for: ByteBuffer(string: text)) == digest)
    }

    @Test("is the same for all forms of an answer but for the name of the coding")
    func forms() {
        let gzip = EntityTag.opaque(of: Self.opaque, coding: .gzip)
        #expect(gzip == Self.opaque + "-gzip")
        #expect(EntityTag.identity(of: gzip, coding: .gzip) == Self.opaque)
        #expect(EntityTag.identity(of: Self.opaque, coding: .identity) == Self.opaque)
        #expect(EntityTag.opaque(of: "", coding: .gzip).isEmpty && EntityTag.identity(of: "", coding: .gzip).isEmpty)
        #expect(EntityTag.isWellFormed(gzip, coding: .gzip) && EntityTag.isWellFormed(Self.opaque, coding: .identity))
        #expect(EntityTag.isWellFormed("", coding: .gzip) && EntityTag.isWellFormed("", coding: .identity))
        let others = [
            "x", "\"", String(Self.opaque.dropLast()), Self.opaque + "0", Self.opaque.uppercased(),
            String(repeating: "g", count: 32), Self.opaque + "-", Self.opaque + "-br", Self.opaque + "-gzip\"",
        ]
        for other in others {
            #expect(
                !EntityTag.isWellFormed(other, coding: .identity) && !EntityTag.isWellFormed(other, coding: .gzip),
                "\(other)"
            )
        }
        #expect(!EntityTag.isWellFormed(gzip, coding: .identity) && !EntityTag.isWellFormed(Self.opaque, coding: .gzip))
    }

    @Test(
        "in If-Match is any form's, by strong comparison (RFC 9110, 13.1.1)",
        arguments: [
            (#""T""#, true), (#""T-gzip""#, true), (#""x", "T-gzip""#, true), ("*", true), (#"W/"T""#, false),
            (#"W/"T-gzip""#, false), (#"W/"T", "T""#, true), (#""T-br""#, false), (#""T-""#, false),
            (#""T-identity""#, false), (#""Tgzip""#, false), (#""xT""#, false), ("T", false), (#""x""#, false),
        ]
    )
    func ifMatch(value: String, isListed: Bool) {
        let value = value.replacing("T", with: Self.opaque)
        let field = EntityTagPrecondition(value)
        #expect((field == .any || field?.hasStrong(Self.opaque) == true) == isListed)
    }

    @Test(
        "of a handler has the coding's name behind it where it is strong, and is the same for all forms where it is weak (8.8.3.3)"
    )
    func givenForms() {
        for opaque in ["v1", "", "v1-gzip", "é", "-gzip"] {
            let strong = EntityTag.opaque(of: opaque, coding: .gzip, origin: .handler(isWeak: false))
            #expect(strong == opaque + "-gzip")
            #expect(EntityTag.identity(of: strong, coding: .gzip, origin: .handler(isWeak: false)) == opaque)
            #expect(EntityTag.isWellFormed(strong, coding: .gzip, origin: .handler(isWeak: false)))
            #expect(EntityTagPrecondition("\"\(strong)\"")?.hasStrong(opaque) == true)
            let weak = EntityTag.opaque(of: opaque, coding: .gzip, origin: .handler(isWeak: true))
            #expect(weak == opaque)
            #expect(EntityTag.identity(of: weak, coding: .gzip, origin: .handler(isWeak: true)) == opaque)
            for coding in ContentCoding.allCases {
                #expect(EntityTag.isWellFormed(weak, coding: coding, origin: .handler(isWeak: true)))
            }
            #expect(EntityTag.isWellFormed(opaque, coding: .identity, origin: .handler(isWeak: false)))
        }
        for opaque in ["v1", "", "gzip", "v1-gzi", "-br", "v1-gzip "] {
            #expect(!EntityTag.isWellFormed(opaque, coding: .gzip, origin: .handler(isWeak: false)), "\(opaque)")
        }
        for opaque in ["a b", "\"", "a\u{7F}", "\n"] {
            #expect(!EntityTag.isWellFormed(opaque, coding: .identity, origin: .handler(isWeak: true)), "\(opaque)")
        }
    }

    @Test("of one spelling is not that of another, though the letters be the same")
    func spellings() {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        #expect(composed == decomposed)
        #expect(!EntityTag.isListed(composed, in: "\"\(decomposed)\""))
        #expect(EntityTagPrecondition("\"\(decomposed)\"")?.hasStrong(composed) == false)
        #expect(EntityTagPrecondition("\"\(decomposed)\"")?.hasWeak(composed) == false)
        #expect(EntityTagPrecondition("\"\(composed)\"")?.hasStrong(composed) == true)
    }

    @Test(
        "that an answer does not have is listed by a star alone",
        arguments: [("*", true), (#""""#, false), ("", false)]
    )
    func noTag(value: String, isListed: Bool) {
        #expect(EntityTag.isListed(nil, in: value) == isListed)
    }

    @Test("matches a star that is alone", arguments: ["*", " *", "*\t"])
    func star(value: String) {
        #expect(isListed(value))
    }

    @Test(
        "does not match a star beside others",
        arguments: ["*, *", "**", "*,", ",*", #"*, "x""#, #""x", *"#, #"*, "T""#, #""*""#, "W/*", "* *"]
    )
    func starInList(value: String) {
        #expect(!isListed(value))
    }

    @Test(
        "is found behind tags that hold commas, spaces, backslashes or bytes that are no ASCII (8.8.3)",
        arguments: [
            #""a,b", "T""#, #""a, b", "T""#, #"",", "T""#, #"" ", "T""#, #""a\", "T""#, #""W/", "T""#, #""*", "T""#,
            #""é", "T""#, "\"\u{80}\", \"T\"",
        ]
    )
    func oddTags(value: String) {
        #expect(isListed(value))
    }

    @Test("is not found inside of another tag", arguments: [#""a, T, b""#, #""a, W/"#, #""x, "T"#, #"",T,""#])
    func inside(value: String) {
        #expect(!isListed(value))
    }

    @Test("is found behind a tag that is no UTF-8")
    func obsText() {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .ifNoneMatch, lenientValue: [0x22, 0xE9, 0x22]))
        fields.append(HTTPField(name: .ifNoneMatch, lenientValue: [0x22, 0xC3, 0x22]))
        fields.append(HTTPField(name: .ifNoneMatch, value: "\"\(Self.opaque)\""))
        #expect(EntityTag.isListed(Self.opaque, in: fields[.ifNoneMatch] ?? ""))
    }

    @Test(
        "is not found behind a member that is malformed, but before it",
        arguments: [
            "x", "x=1", "W/", "w/\"x\"", "W\"x\"", "W/ \"x\"", "W /\"x\"", "W/W/\"x\"", "\"x\"y", "\"x\" \"y\"",
            "\"x\";q=1",
            "\"x\"\"y\"", "'x'", "*", "/\"x\"", "é", "\u{0}", "\"x\"W/\"y\"",
        ]
    )
    func malformed(member: String) {
        #expect(!isListed("\(member), \"T\""))
        #expect(!isListed("\"x\", \(member), \"T\""))
        #expect(isListed("\"T\", \(member)"))
        #expect(!isListed("\(member),"))
    }

    @Test(
        "is not found where its own member is malformed",
        arguments: [
            #"w/"T""#, #""T"x"#, #""T" "x""#, #""T""T""#, #""x" "T""#, #"W/ "T""#, #""T"#, #"T""#, #"x"T""#, #""T";"#,
            #"W/W/"T""#, "", " ", ",", "\"",
        ]
    )
    func ownMember(value: String) {
        #expect(!isListed(value))
    }
}
