import RouteModel
import Testing

@Suite struct ConstraintTests {
    @Test(
        "A query's value whose '+' became a blank says how to send it",
        arguments: [
            (RouteInput(.query, "x", .timestamp), "2024-02-29T12:30:00 01:00", true),
            (RouteInput(.query, "x", .timestamp), "2024-02-29 12:30:00 01:00", true),
            (RouteInput(.query, "x", .list(.timestamp)), "2024-02-29T12:30:00.5 14:00", true),
            (RouteInput(.query, "x", .double), "1e 5", true),
            (RouteInput(.query, "x", .timestamp), "2024-02-29T12:30 01:00", false),
            (RouteInput(.query, "x", .timestamp), "noon", false), (RouteInput(.query, "x", .int), "1 2", false),
            (RouteInput(.body, "x", .timestamp), "2024-02-29T12:30:00 01:00", false),
            (RouteInput(.path, "x", .timestamp), "2024-02-29T12:30:00 01:00", false),
        ]
    )
    func blanks(input: RouteInput, text: String, isHinted: Bool) {
        let violation = #expect(throws: InputError.self) { try input.canonical(text) }
        #expect(violation?.description.hasSuffix(" (send '+' as %2B)") == isHinted)
    }

    @Test("The second 60 is the first one of the next minute")
    func leapSeconds() throws {
        for (text, canonical) in [
            ("2024-06-30T23:59:60Z", "2024-07-01T00:00:00Z"), ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            ("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00Z"), ("2024-02-28T12:00:60Z", "2024-02-28T12:01:00Z"),
        ] {
            #expect(try RouteInput(.query, "x", .timestamp).canonical(text) == canonical)
        }
        #expect(throws: InputError.self) { try RouteInput(.query, "x", .timestamp).canonical("9999-12-31T23:59:60Z") }
    }

    @Test(
        "Bounds are compared by value, not by text",
        arguments: [
            (RouteInput(.query, "x", .int, min: "-10", max: "9"), ["-10", "-9", "9", "009"], ["-11", "10", "100"]),
            (
                RouteInput(.query, "x", .double, min: "-1.5", max: "1e+16"), ["-1.5", "0", "9999999999999999"],
                ["-1.50001", "2e16"]
            ),
            (
                RouteInput(.query, "x", .decimal, min: "-2.5", max: "10.25"),
                ["-2.5", "-2.49", "0", "9", "10.25", "10.2"],
                ["-2.51", "-10", "10.2500001", "11", "100"]
            ),
            (RouteInput(.query, "x", .decimal, min: "1", max: "2"), ["1", "1.5"], ["-0.5", "0.5", "-1.5"]),
            (RouteInput(.query, "x", .decimal, min: "-2", max: "-1"), ["-1", "-1.5"], ["0.5", "1.5", "-0.5"]),
            (
                RouteInput(.query, "x", .date, min: "2024-02-01", max: "2024-02-29"), ["2024-02-01", "2024-02-29"],
                ["2024-01-31", "2024-03-01"]
            ),
            (
                RouteInput(.query, "x", .timestamp, min: "2024-01-01T00:00:00Z", max: "2024-01-01T00:00:00.5Z"),
                ["2024-01-01T00:00:00Z", "2024-01-01T00:00:00.25Z", "2024-01-01T01:00:00.5+01:00"],
                ["2023-12-31T23:59:59.999999Z", "2024-01-01T00:00:00.500001Z", "2024-01-01T00:00:01Z"]
            ),
        ]
    )
    func bounds(input: RouteInput, inside: [String], outside: [String]) throws {
        for value in inside { #expect(throws: Never.self) { try input.canonical(value) } }
        for value in outside {
            let error = #expect(throws: InputError.self) { try input.canonical(value) }
            #expect(error == .belowMinimum(input.minimum ?? "") || error == .aboveMaximum(input.maximum ?? ""))
        }
    }

    @Test("Lengths count Unicode scalars")
    func lengths() throws {
        let input = RouteInput(.query, "x", .string, minLength: 2, maxLength: 3)
        #expect(try input.canonical("é\u{1F600}") == "é\u{1F600}")
        #expect(throws: InputError.tooShort(2)) { try input.canonical("\u{1F600}") }
        #expect(throws: InputError.tooLong(3)) { try input.canonical("abcd") }
    }

    @Test("A closed set is compared by bytes")
    func oneOf() throws {
        let input = RouteInput(.query, "x", .string, oneOf: ["\u{E9}", "b"])
        #expect(try input.canonical("\u{E9}") == "\u{E9}")
        #expect(throws: InputError.notOneOf(["\u{E9}", "b"])) { try input.canonical("e\u{301}") }
        #expect(throws: InputError.self) { try input.canonical("B") }
    }

    @Test("A closed set of numbers is compared in canonical form")
    func oneOfNumbers() throws {
        #expect(try RouteInput(.query, "x", .int, oneOf: ["10", "20"]).canonical("020") == "20")
    }

    @Test(
        "A decimal outside of a body has no scale, because it stands in keys",
        arguments: [RouteInput.Group.query, .path]
    )
    func decimals(group: RouteInput.Group) throws {
        let input = RouteInput(group, "x", .decimal, min: "0.5", oneOf: ["1.5", "20"])
        for text in ["1.50", "1.5", "01.500"] { #expect(try input.canonical(text) == "1.5") }
        #expect(try input.canonical("20.00") == "20")
        #expect(throws: InputError.malformed(.decimal)) { try input.canonical("2e1") }
        #expect(throws: InputError.notOneOf(["1.5", "20"])) { try input.canonical("1.51") }
    }

    @Test("A value that is not a list can be given once")
    func repetition() throws {
        let single = RouteInput(.query, "x", .int)
        var values = InputValues(count: 1)
        try values.add("1".utf8, to: single, at: 0)
        #expect(throws: InputError.repeated) { try values.add("1".utf8, to: single, at: 0) }
        #expect(values.texts(at: 0) == ["1"])
    }

    @Test("A refused element leaves a list as it was")
    func refusedElement() throws {
        let list = RouteInput(.query, "x", .list(.int))
        var values = InputValues(count: 1)
        try values.add("1".utf8, to: list, at: 0)
        #expect(throws: InputError.malformed(.int)) { try values.add("z".utf8, to: list, at: 0) }
        try values.add("02".utf8, to: list, at: 0)
        #expect(values.texts(at: 0) == ["1", "2"])
    }

    @Test("What is missing is its default, absent, or an error")
    func completion() throws {
        var values = InputValues(count: 4)
        try values.complete(RouteInput(.query, "a", .int, default: "7"), at: 0)
        try values.complete(RouteInput(.query, "b", .int, optional: true), at: 1)
        #expect(throws: InputError.missing) { try values.complete(RouteInput(.query, "c", .int), at: 2) }
        try values.complete(RouteInput(.query, "d", .list(.int), default: []), at: 3)
        #expect(values.text(at: 0) == "7")
        #expect(!values.isPresent(at: 1))
        #expect(values.text(at: 1) == nil)
        #expect(values.isPresent(at: 3))
        #expect(values.texts(at: 3).isEmpty)
    }

    @Test("A given value is not replaced by the default")
    func givenValue() throws {
        let input = RouteInput(.query, "a", .list(.int), default: ["1", "2"])
        var values = InputValues(count: 1)
        try values.add("9".utf8, to: input, at: 0)
        try values.complete(input, at: 0)
        #expect(values.texts(at: 0) == ["9"])
    }
}
