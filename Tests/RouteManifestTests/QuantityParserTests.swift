import Testing

@testable import RouteManifest

@Suite struct QuantityParserTests {
    @Test(
        "Durations",
        arguments: [
            ("500ms", .milliseconds(500)), ("10s", .seconds(10)), ("5m", .seconds(300)), ("2h", .seconds(7200)),
            ("7d", .seconds(604_800)), ("0s", .zero), ("010s", .seconds(10)), ("36500d", .seconds(3_153_600_000)),
        ] as [(String, Duration)]
    )
    func durations(text: String, expected: Duration) throws {
        #expect(try QuantityParser.duration(text) == expected)
    }

    @Test(
        "What is no duration says what to write",
        arguments: [
            ("5 minutes", "'5 minutes' is not a duration (write '5m')"),
            ("5 Min", "'5 Min' is not a duration (write '5m')"),
            ("1000", "'1000' is not a duration (write '1000s' for seconds)"),
            ("10S", "'10S' is not a duration (write '10s')"),
            ("2 days", "'2 days' is not a duration (write '2d')"),
            ("100 millis", "'100 millis' is not a duration (write '100ms')"),
            ("1w", "'1w' is not a duration (a whole number and one of ms, s, m, h, d)"),
            ("1m30s", "'1m30s' is not a duration (a whole number and one of ms, s, m, h, d)"),
            ("", "'' is not a duration (such as '500ms', '10s', '5m', '2h' or '7d')"),
            ("s", "'s' is not a duration (such as '500ms', '10s', '5m', '2h' or '7d')"),
            ("٣s", "'٣s' is not a duration (such as '500ms', '10s', '5m', '2h' or '7d')"),
            ("36501d", "the duration '36501d' is too long"),
            ("9223372036854775807d", "the duration '9223372036854775807d' is too long"),
            ("99999999999999999999ms", "the duration '99999999999999999999ms' is too long"),
        ]
    )
    func refusedDurations(text: String, message: String) {
        #expect(throws: QuantityParser.ParsingError(message: message)) { try QuantityParser.duration(text) }
    }

    @Test(
        "Sizes",
        arguments: [
            ("0", 0), ("1000B", 1000), ("64KiB", 65_536), ("16MiB", 16_777_216), ("1GiB", 1_073_741_824),
        ]
    )
    func sizes(text: String, expected: Int) throws {
        #expect(try QuantityParser.size(text) == expected)
    }

    @Test(
        "What is no size says what to write",
        arguments: [
            ("12", "'12' is not a size (write '12KiB' or '12MiB', or '12B' for bytes)"),
            ("12 bytes", "'12 bytes' is not a size (write '12B')"),
            ("00", "'00' is not a size (write '00KiB' or '00MiB', or '00B' for bytes)"),
            ("64KB", "'64KB' is not a size (write '64KiB')"), ("16 MiB", "'16 MiB' is not a size (write '16MiB')"),
            ("1g", "'1g' is not a size (write '1GiB')"), ("-1", "'-1' is not a size (such as '64KiB' or '16MiB')"),
            ("1.5MiB", "'1.5MiB' is not a size (a whole number and one of B, KiB, MiB, GiB)"),
            ("9223372036854775807KiB", "the size '9223372036854775807KiB' is too large"),
            ("99999999999999999999B", "the size '99999999999999999999B' is too large"),
        ]
    )
    func refusedSizes(text: String, message: String) {
        #expect(throws: QuantityParser.ParsingError(message: message)) { try QuantityParser.size(text) }
    }

    @Test("Percentages", arguments: [("0%", 0), ("5%", 5), ("10%", 10), ("99%", 99), ("010%", 10)])
    func percentages(text: String, expected: Int) throws {
        #expect(try QuantityParser.percentage(text) == expected)
    }

    @Test(
        "What is no percentage says what to write",
        arguments: [
            ("10", "'10' is not a percentage (write '10%')"), ("10 %", "'10 %' is not a percentage (write '10%')"),
            ("5 Percent", "'5 Percent' is not a percentage (write '5%')"),
            ("0.1", "'0.1' is not a percentage (write '10%')"), ("0.05", "'0.05' is not a percentage (write '5%')"),
            ("0.25", "'0.25' is not a percentage (write '25%')"),
            ("0.125", "'0.125' is not a percentage (a whole number from '0%' to '99%')"),
            ("0.0", "'0.0' is not a percentage (a whole number from '0%' to '99%')"),
            ("0.+1", "'0.+1' is not a percentage (a whole number from '0%' to '99%')"),
            ("1.5%", "'1.5%' is not a percentage (a whole number from '0%' to '99%')"),
            ("-1%", "'-1%' is not a percentage (a whole number from '0%' to '99%')"),
            ("10s", "'10s' is not a percentage (a whole number from '0%' to '99%')"),
            ("100", "'100' is not a percentage (a whole number from '0%' to '99%')"),
            ("%", "'%' is not a percentage (a whole number from '0%' to '99%')"),
            ("", "'' is not a percentage (a whole number from '0%' to '99%')"),
            ("100%", "the percentage '100%' is too large (at most '99%')"),
            ("99999999999999999999%", "the percentage '99999999999999999999%' is too large (at most '99%')"),
        ]
    )
    func refusedPercentages(text: String, message: String) {
        #expect(throws: QuantityParser.ParsingError(message: message)) { try QuantityParser.percentage(text) }
    }
}
