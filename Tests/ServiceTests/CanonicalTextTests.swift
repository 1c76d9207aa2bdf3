import Foundation
import RouteModel
import TestServers
import Testing

/// Canonical texts beside what PostgreSQL makes of the same input.
@Suite("Canonical texts are what PostgreSQL reads and prints")
struct CanonicalTextTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            return value ^ (value >> 31)
        }

        mutating func digits(_ count: Int, of alphabet: [Character] = Array("0123456789")) -> String {
            String((0..<count).map { _ in alphabet.randomElement(using: &self) ?? "0" })
        }
    }

    /// Gives the text of each value cast to a type; `nil` where the cast fails, or where `fits` says no.
    private func cast(_ texts: [String], to type: String, printed: String, fits: String) throws -> [String?] {
        let server = try PostgresServer.shared.get()
        var results: [String?] = []
        for start in stride(from: 0, to: texts.count, by: 1000) {
            let rows = texts[start..<min(start + 1000, texts.count)].enumerated().map { "(\($0),'\($1)')" }
            let output = try server.psql(
                """
                SET timezone = 'UTC';
                CREATE FUNCTION pg_temp.text_of(raw text) RETURNS text LANGUAGE plpgsql AS $$
                    DECLARE value \(type);
                    BEGIN
                        value := raw::\(type);
                        RETURN CASE WHEN \(fits) THEN \(printed) END;
                    EXCEPTION WHEN data_exception THEN RETURN NULL;
                    END $$;
                SELECT coalesce(pg_temp.text_of(raw), 'refused')
                FROM (VALUES \(rows.joined(separator: ","))) AS t (n, raw) ORDER BY n
                """
            )
            results += output.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0 == "refused" ? nil : String($0) }
        }
        #expect(results.count == texts.count)
        return results
    }

    private func compare(_ texts: [String], _ input: RouteInput, with expected: [String?]) {
        var wrong: [String] = []
        for (text, expected) in zip(texts, expected) {
            let found = try? input.canonical(text)
            if found != expected { wrong.append("\(text): \(found ?? "refused"), not \(expected ?? "refused")") }
        }
        #expect(wrong.isEmpty, "\(wrong.count) of \(texts.count), such as \(wrong.prefix(10))")
        #expect(expected.contains { $0 == nil } && expected.contains { $0 != nil })
    }

    @Test("a timestamp's fraction is rounded as PostgreSQL rounds it, over midnight and the ends of the years")
    func timestamps() throws {
        var generator = Generator(state: 7)
        let days = [
            "2024-02-28", "2024-02-29", "2023-12-31", "1999-12-31", "1969-12-31", "0001-01-01", "9999-12-31",
            "2000-01-01",
        ]
        let times = ["00:00:00", "23:59:59", "12:34:56", "23:59:00", "23:59:60", "12:34:60", "00:00:61"]
        let fixed = [
            "9999995", "9999994999", "99999949999999999999", "9999995000000000000001", "0000005", "0000015", "0000025",
            "00000049999999999999999", "000000500000000000000000001", "5", "", "123456", "1234565", "1234575", "000000",
        ]
        var texts: [String] = []
        for day in days {
            for time in times {
                for fraction in fixed {
                    for zone in ["Z", "+00:01", "-00:01", "+14:00", "-12:00"] {
                        texts.append("\(day)T\(time)\(fraction.isEmpty ? "" : ".\(fraction)")\(zone)")
                    }
                }
            }
        }
        for _ in 0..<4000 {
            // Near a tie as often as not.
            let tail =
                Bool.random(using: &generator)
                ? ["5", "49999", "50000", "4", "51"].randomElement(using: &generator)! : ""
            let fraction = generator.digits(Int.random(in: 1...12, using: &generator)) + tail
            texts.append(
                "\(days.randomElement(using: &generator)!)T\(times.randomElement(using: &generator)!).\(fraction)Z"
            )
        }
        let expected = try cast(
            texts,
            to: "timestamptz",
            printed: #"rtrim(rtrim(to_char(value, 'YYYY-MM-DD"T"HH24:MI:SS.US'), '0'), '.') || 'Z'"#,
            fits: "value >= '0001-01-01' AND value < '10000-01-01'"
        )
        compare(texts, RouteInput(.query, "x", .timestamp), with: expected)
    }

    @Test("a body's decimal has the text of the same numeric, with its scale and without its exponent")
    func decimals() throws {
        var generator = Generator(state: 11)
        var texts = [
            "1.50", "-0.00", "1.50e1", "1e-7", "0e5", "0.000e2", "0e-3", "-0.004e1", "1e0", "1E+3", "1e-16383",
            "1e-16384",
            "0e-16384", "0e1073741822", "0e1073741823", "0e99999999999999999999", "1e131071", "1e131072",
            "0.1e131072", "0.01e131074", "1e00000000000000000000001", "1e-99999999999999999999", "0.00001e131076",
        ]
        for _ in 0..<5000 {
            let sparse: [Character] = Bool.random(using: &generator) ? ["0", "0", "0", "1", "9"] : Array("0123456789")
            var text = Bool.random(using: &generator) ? "-" : ""
            text += generator.digits(Int.random(in: 1...12, using: &generator), of: sparse)
            if Bool.random(using: &generator) {
                text += "." + generator.digits(Int.random(in: 1...12, using: &generator), of: sparse)
            }
            if Bool.random(using: &generator) {
                text +=
                    ["e", "E"].randomElement(using: &generator)! + ["", "+", "-"].randomElement(using: &generator)!
                text += String(Int.random(in: 0...30, using: &generator))
            }
            texts.append(text)
        }
        let expected = try cast(texts, to: "numeric", printed: "value::text", fits: "true")
        compare(texts, RouteInput(.body, "x", .decimal), with: expected)
    }

    @Test("a JSON number is a whole number exactly when PostgreSQL's numeric of it is")
    func integers() throws {
        var generator = Generator(state: 13)
        var texts = [
            "5.0", "5e0", "50e-1", "-0.0", "5.5", "9223372036854775807.0", "9.223372036854775808e18", "1e18", "1e19",
        ]
        for _ in 0..<3000 {
            let sparse: [Character] = ["0", "0", "0", "1", "9"]
            var text = Bool.random(using: &generator) ? "-" : ""
            text += "\(Int.random(in: 0...9, using: &generator))"
            if text.last != "0" { text += generator.digits(Int.random(in: 0...22, using: &generator), of: sparse) }
            if Bool.random(using: &generator) {
                text += "." + generator.digits(Int.random(in: 1...22, using: &generator), of: sparse)
            }
            if Bool.random(using: &generator) { text += "e\(Int.random(in: -25...25, using: &generator))" }
            texts.append(text)
        }
        let expected = try cast(
            texts,
            to: "numeric",
            printed: "value::bigint::text",
            fits: "value = trunc(value) AND value BETWEEN -9223372036854775808 AND 9223372036854775807"
        )
        let input = RouteInput(.body, "x", .int)
        for (text, expected) in zip(texts, expected) {
            var values = InputValues(count: 1)
            try? values.add(JSONValue(Array(text.utf8)), to: input, at: 0)
            #expect(values.text(at: 0) == expected, "\(text)")
        }
    }
}
