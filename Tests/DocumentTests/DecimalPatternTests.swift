import Fuzzing
import RouteModel
import Testing

@testable import RouteDocuments

@Suite("Patterns of decimals between bounds")
struct DecimalPatternTests {
    private static let texts = [
        "0", "00", "-0", "-0.0", "0.0", "1", "01", "-1", "1.5", "1.50", "-1.5", "-1.51", "-1.6", "-2", "9", "10", "99",
        "099",
        "99.9", "99.94", "99.95", "99.950", "99.951", "99.96", "100", "0.5", "0.49", "0.050", "12345", "1.", ".5",
        "1e2", "+1", "",
        " 1", "1 ", "abc", "1.5.5",
    ]

    @Test(
        "A pattern matches what an input with these bounds takes",
        arguments: [
            (nil, nil), ("0", nil), ("0.5", nil), ("10", nil), ("-1.5", nil), (nil, "99.95"), (nil, "0"),
            ("0", "99.95"), ("0", "0"),
            ("0", "1"), ("-1.5", "20"), ("-1", "0"), ("0", "9.05"), ("99.95", nil), ("0", "100"),
        ] as [(String?, String?)]
    )
    func bounds(minimum: String?, maximum: String?) throws {
        let input = RouteInput(.query, "d", .decimal, min: minimum, max: maximum)
        let pattern = try #require(DecimalPattern.text(minimum: minimum, maximum: maximum))
        let regex = try Regex(pattern)
        var random = SeededRandom(seed: 7)
        let generated = (0..<2000).map { _ in
            (random.oneIn(3) ? "-" : "") + (0..<random.number(1...4)).map { _ in "\(random.below(10))" }.joined()
                + (random.oneIn(2) ? "." + (0..<random.number(1...3)).map { _ in "\(random.below(10))" }.joined() : "")
        }
        for text in Self.texts + generated {
            let isTaken = (try? input.canonical(text)) != nil
            #expect((text.wholeMatch(of: regex) != nil) == isTaken, "\(text) by \(pattern)")
        }
    }

    @Test("Other bounds have no pattern")
    func none() {
        #expect(DecimalPattern.text(minimum: "1", maximum: "5") == nil)
        #expect(DecimalPattern.text(minimum: nil, maximum: "-1") == nil)
    }
}
