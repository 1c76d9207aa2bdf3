import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("Quality values (RFC 9110, 12.4.2)")
struct QualityValueParserTests {
    @Test(
        "are zero or one with up to three decimals",
        arguments: [
            ("q=0", 0), ("q=1", 1000), ("q=0.", 0), ("q=1.", 1000), ("q=0.5", 500), ("q=0.25", 250),
            ("q=0.001", 1), ("q=0.999", 999), ("q=0.000", 0), ("q=1.0", 1000), ("q=1.000", 1000),
        ]
    )
    func values(parameter: String, thousandths: Int) {
        #expect(QualityValueParser.thousandths(parameter[...]) == thousandths)
    }

    @Test(
        "have a name in any case, and whitespace around the parameter alone",
        arguments: [("Q=0.5", 500), (" q=0.5", 500), ("q=0.5\t ", 500), ("\t q=1 ", 1000)]
    )
    func spelling(parameter: String, thousandths: Int) {
        #expect(QualityValueParser.thousandths(parameter[...]) == thousandths)
    }

    @Test(
        "are nothing else",
        arguments: [
            "", " ", "q", "q=", "=1", "1", "q=2", "q=-0", "q=+1", "q=01", "q=00.5", "q=.5", "q=1.001", "q=1.1",
            "q=0.1234", "q=0.0000", "q=1.0000", "q=0,5", "q=0.5a", "q=0.a", "q=0x1", "q=1 0", "q =1", "q= 1", "q=\"1\"",
            "x=1", "qq=1", "q=0.5;q=1", "q=0.5;", "q=١", "q\u{301}=1", "q=1\u{301}",
        ]
    )
    func malformed(parameter: String) {
        #expect(QualityValueParser.thousandths(parameter[...]) == nil)
    }

    @Test(
        "follow an item after a semicolon, and are 1 where they are left out",
        arguments: [
            ("gzip", "gzip", 1000), (" gzip\t", "gzip", 1000), ("gzip;q=0.5", "gzip", 500),
            ("\tgzip ; q=0.5 ", "gzip", 500), ("", "", 1000), (";q=0.5", "", 500), ("a b;q=0", "a b", 0),
        ]
    )
    func members(member: String, item: String, thousandths: Int) {
        let parts = QualityValueParser.split(member[...].utf8)
        #expect((parts?.item).map(Substring.init) == item[...])
        #expect(parts?.thousandths == thousandths)
    }

    @Test(
        "are the only parameter",
        arguments: ["gzip;", "gzip; ", "gzip;x=1", "gzip;q=1;q=1", "gzip;;q=1", "gzip;q=2"]
    )
    func malformedMembers(member: String) {
        #expect(QualityValueParser.split(member[...].utf8) == nil)
    }
}

@Suite("A language (RFC 4647, 3.4)")
struct LanguageNegotiationTests {
    private let negotiation = LanguageNegotiation(offered: ["en", "de", "pt-br"])

    @Test(
        "is the one of the greatest weight, the first among equals",
        arguments: [
            ("de, en", "de"), ("en;q=0.2, de;q=0.8", "de"), ("en;q=0.8, de;q=0.8", "en"), ("DE", "de"),
            ("*", "en"), ("*, en;q=0", "de"), ("de-AT;q=1.0", "de"), ("pt-BR-x-a", "pt-br"),
        ]
    )
    func choice(value: String, language: String) {
        #expect(negotiation.choose(for: value) == language)
    }

    @Test(
        "is not looked for in what is malformed",
        arguments: ["de;q=2, en", "de;, en", ";de, en", "de;level=1, en", "d e, en", "de;q=0, en", ",,en,"]
    )
    func malformed(value: String) {
        #expect(negotiation.choose(for: value) == "en")
    }

    @Test("may not be there", arguments: ["", " ", "fr", "de;q=0", "de;q", "pt"])
    func none(value: String) {
        #expect(negotiation.choose(for: value) == nil)
    }
}
