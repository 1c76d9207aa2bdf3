import RouteModel
import Testing

/// The canonical texts of a body's value; `nil` where it says that the input is absent.
private func texts(_ json: String, _ input: RouteInput) throws -> [String]? {
    var values = InputValues(count: 1)
    try values.add(JSONValue(Array(json.utf8)), to: input, at: 0)
    return values.isPresent(at: 0) ? values.texts(at: 0) : nil
}

private func violation(_ json: String, _ input: RouteInput) throws -> InputError? {
    let value = try JSONValue(Array(json.utf8))
    var values = InputValues(count: 1)
    do throws(InputError) {
        try values.add(value, to: input, at: 0)
        return nil
    } catch {
        #expect(!values.isPresent(at: 0), "a refused value must leave nothing behind")
        return error
    }
}

@Suite struct BodyValueTests {
    @Test(
        "A body's value has the canonical form of its type",
        arguments: [
            (.int, "-20", "-20"), (.int, "-0", "0"), (.int, "9223372036854775807", "9223372036854775807"),
            (.int32, "-2147483648", "-2147483648"), (.double, "1.50e2", "150"), (.double, "-0.0", "0"),
            (.double, "7", "7"),
            (.int, "5.0", "5"), (.int, "5e0", "5"), (.int, "50e-1", "5"), (.int, "-0.0", "0"), (.int, "0E-9", "0"),
            (.int, "1E3", "1000"), (.int, "-1.200e+2", "-120"), (.int, "0e999999999999999999999", "0"),
            (.int, "9223372036854775807.000", "9223372036854775807"),
            (.int, "-9.223372036854775808e18", "-9223372036854775808"),
            (.int, "100000000000000000000000e-23", "1"), (.int, "0.00000000000000000000001e23", "1"),
            (.int32, "2147483647.0", "2147483647"), (.int32, "-2147483648e0", "-2147483648"),
            (.decimal, "1.50", "1.50"), (.decimal, "-0.00", "0.00"), (.decimal, #""007.10""#, "7.10"),
            (.decimal, #""\u0031""#, "1"), (.decimal, "1e-7", "0.0000001"), (.decimal, #""1.50e1""#, "15.0"),
            (.decimal, "1.50E+2", "150"), (.decimal, "-12.5e-1", "-1.25"), (.decimal, "0e5", "0"),
            (.decimal, "0.000e2", "0.0"), (.decimal, "0e-3", "0.000"), (.decimal, #""00012.500e-2""#, "0.12500"),
            (.decimal, "-0.004e1", "-0.04"), (.decimal, "0e1073741822", "0"), (.bool, "true", "true"),
            (.bool, "false", "false"),
            (.string, #""""#, ""), (.string, #""a\"\u00e9\ud83d\ude00\n""#, "a\"é\u{1F600}\n"),
            (.string, #""null""#, "null"),
            (.uuid, #""F47AC10B-58CC-4372-A567-0E02B2C3D479""#, "f47ac10b-58cc-4372-a567-0e02b2c3d479"),
            (.date, #""2024-02-29""#, "2024-02-29"),
            (.timestamp, #""2024-03-01T00:30:00+01:00""#, "2024-02-29T23:30:00Z"),
            (.json, #"{ "b" : 1.0,  "a":"\u00e9" }"#, #"{ "b" : 1.0,  "a":"\u00e9" }"#), (.json, "[1 ,2]", "[1 ,2]"),
            (.json, #""x\/""#, #""x\/""#), (.json, "1e2", "1e2"), (.json, "false", "false"), (.json, "null", "null"),
        ] as [(InputType.Scalar, String, String)]
    )
    func canonicalForms(type: InputType.Scalar, json: String, expected: String) throws {
        let found = try texts(json, RouteInput(.body, "x", InputType(type)))
        #expect(found == [expected])
        #expect(try #require(found?.first).utf8.elementsEqual(expected.utf8))
    }

    @Test(
        "A value of another kind or form is refused",
        arguments: [
            (.int, "5.5"), (.int, "1e-1"), (.int, "0.5"), (.int, "15e-2"), (.int, "1e-99999999999999999999"),
            (.int, "1000000000000000000000.5"), (.int, #""1""#), (.int, #""1.0""#), (.int, "true"), (.int, "[1]"),
            (.int, "{}"), (.int32, "1.5"), (.double, #""1""#), (.double, "false"), (.decimal, #""e3""#),
            (.decimal, #""1e""#), (.decimal, #""1e+""#), (.decimal, #""1e1.0""#), (.decimal, #""1 e1""#),
            (.decimal, #""1e1e1""#), (.decimal, #""+1""#), (.decimal, #"".5""#), (.decimal, #""5.""#),
            (.decimal, #""""#), (.decimal, #"" 1""#), (.decimal, #""NaN""#), (.decimal, "true"),
            (.bool, "1"), (.bool, "0"), (.bool, #""true""#), (.string, "1"), (.string, "true"), (.string, "{}"),
            (.string, #"["a"]"#), (.uuid, "1"), (.uuid, #""x""#), (.date, "20240229"), (.date, #""2023-02-29""#),
            (.timestamp, "0"), (.timestamp, #""now""#),
        ] as [(InputType.Scalar, String)]
    )
    func malformed(type: InputType.Scalar, json: String) throws {
        #expect(try violation(json, RouteInput(.body, "x", InputType(type))) == .malformed(type))
        #expect(try violation("[\(json)]", RouteInput(.body, "x", .list(type))) == .malformed(type))
    }

    @Test("Numbers outside their type are refused as such")
    func outOfRange() throws {
        #expect(try violation("9223372036854775808", RouteInput(.body, "x", .int)) == .outOfRange(.int))
        #expect(try violation("2147483648", RouteInput(.body, "x", .int32)) == .outOfRange(.int32))
        #expect(try violation("1e309", RouteInput(.body, "x", .double)) == .outOfRange(.double))
        let nines = String(repeating: "9", count: 100_000)
        for number in [
            "9.223372036854775808e18", "-9.223372036854775809e18", "1e19", "1e400", "1e\(nines)", "\(nines)e0",
        ] {
            #expect(try violation(number, RouteInput(.body, "x", .int)) == .outOfRange(.int))
        }
        #expect(try violation("2147483648.0", RouteInput(.body, "x", .int32)) == .outOfRange(.int32))
        for number in [
            "1e131072", "0.1e131073", "100e131070", "1e-16384", "0e-16384", "0.1e-16383", "1e1000000000",
            "-1e-1000000000", "0e1073741823", "1e\(nines)", "1e-\(nines)", "0e\(nines)",
        ] {
            #expect(try violation(number, RouteInput(.body, "x", .decimal)) == .outOfRange(.decimal))
            #expect(try violation("\"\(number)\"", RouteInput(.body, "x", .decimal)) == .outOfRange(.decimal))
        }
    }

    @Test("A decimal's exponent reaches as far as PostgreSQL's numeric")
    func longestDecimals() throws {
        let zeros = String(repeating: "0", count: 131_071)
        #expect(try texts("1e131071", RouteInput(.body, "x", .decimal)) == ["1\(zeros)"])
        #expect(try texts("0.1e131072", RouteInput(.body, "x", .decimal)) == ["1\(zeros)"])
        #expect(try texts("-1e-16383", RouteInput(.body, "x", .decimal)) == ["-0.\(zeros.prefix(16_382))1"])
    }

    @Test("A few bytes of exponents in a list can't stand for megabytes of digits")
    func expansion() throws {
        let list = RouteInput(.body, "x", .list(.decimal))
        #expect(try texts("[\(Array(repeating: "1e131071", count: 8).joined(separator: ","))]", list)?.count == 8)
        let many = "[\(Array(repeating: "1e131071", count: 100_000).joined(separator: ","))]"
        #expect(try violation(many, list) == .outOfRange(.decimal))
        // Neither a whole number nor a double has as many digits.
        for type in [InputType.Scalar.int, .double] {
            let numbers = "[\(Array(repeating: "1e15", count: 200_000).joined(separator: ","))]"
            #expect(try texts(numbers, RouteInput(.body, "x", .list(type)))?.count == 200_000)
        }
    }

    @Test("NUL is refused in text, and left to the database in JSON")
    func nul() throws {
        #expect(try violation(#""a\u0000b""#, RouteInput(.body, "x", .string)) == .containsNUL)
        #expect(try texts(#""a\u0000b""#, RouteInput(.body, "x", .json)) == [#""a\u0000b""#])
    }

    @Test("Constraints hold for a body's values as for others")
    func constraints() throws {
        #expect(try violation("0", RouteInput(.body, "x", .int, min: "1")) == .belowMinimum("1"))
        #expect(try violation("1.51", RouteInput(.body, "x", .decimal, max: "1.5")) == .aboveMaximum("1.5"))
        #expect(try violation(#""1.51""#, RouteInput(.body, "x", .decimal, max: "1.5")) == .aboveMaximum("1.5"))
        #expect(try texts("1.50", RouteInput(.body, "x", .decimal, min: "1.5", max: "1.500")) == ["1.50"])
        #expect(try texts("-1.50", RouteInput(.body, "x", .decimal, min: "-1.500", max: "-1.5")) == ["-1.50"])
        #expect(try texts("15e-1", RouteInput(.body, "x", .decimal, min: "1.500", max: "1.50")) == ["1.5"])
        #expect(try violation("1.501", RouteInput(.body, "x", .decimal, max: "1.50")) == .aboveMaximum("1.50"))
        #expect(try violation("1.49", RouteInput(.body, "x", .decimal, min: "1.500")) == .belowMinimum("1.500"))
        #expect(try violation("-0.001", RouteInput(.body, "x", .decimal, min: "0.00")) == .belowMinimum("0.00"))
        #expect(try texts("-0.0", RouteInput(.body, "x", .decimal, min: "0", max: "0.00")) == ["0.0"])
        let closed = RouteInput(.body, "x", .decimal, oneOf: ["1.50", "2"])
        for json in ["1.5", "1.50", "15e-1", "2.000", #""02""#] {
            #expect(try violation(json, closed) == nil, "\(json)")
        }
        for json in ["1.51", "-1.5", "20"] {
            #expect(try violation(json, closed) == .notOneOf(["1.50", "2"]))
        }
        #expect(try texts("2.0", closed) == ["2.0"])
        #expect(try violation("8e-1", RouteInput(.body, "x", .int, max: "8")) == .malformed(.int))
        #expect(try violation("90e-1", RouteInput(.body, "x", .int, max: "8")) == .aboveMaximum("8"))
        #expect(try violation(#""a""#, RouteInput(.body, "x", .string, minLength: 2)) == .tooShort(2))
        #expect(try texts(#""\ud83d\ude00\u00e9""#, RouteInput(.body, "x", .string, maxLength: 2)) == ["\u{1F600}é"])
        #expect(try violation(#""abc""#, RouteInput(.body, "x", .string, maxLength: 2)) == .tooLong(2))
        #expect(try violation(#""c""#, RouteInput(.body, "x", .string, oneOf: ["a", "b"])) == .notOneOf(["a", "b"]))
        #expect(try texts(#""\u0061""#, RouteInput(.body, "x", .string, oneOf: ["a", "b"])) == ["a"])
        #expect(try violation("[1,9]", RouteInput(.body, "x", .list(.int), max: "8")) == .aboveMaximum("8"))
    }

    @Test("A list takes an array, whose elements are its values")
    func lists() throws {
        #expect(try texts("[ 3, 1,2 ]", RouteInput(.body, "x", .list(.int))) == ["3", "1", "2"])
        #expect(try texts(#"["a,b","","]"]"#, RouteInput(.body, "x", .list(.string))) == ["a,b", "", "]"])
        #expect(try texts(#"[1.50,"2.50"]"#, RouteInput(.body, "x", .list(.decimal))) == ["1.50", "2.50"])
        #expect(try texts("[3.0, 1e1,2]", RouteInput(.body, "x", .list(.int))) == ["3", "10", "2"])
        #expect(try texts(#"[ {"a": [1]} ,[ ]]"#, RouteInput(.body, "x", .list(.json))) == [#"{"a": [1]}"#, "[ ]"])
        #expect(try texts("[]", RouteInput(.body, "x", .list(.int))) == [])
        #expect(try texts("[]", RouteInput(.body, "x", .list(.int), default: ["1"])) == [])
        for json in ["1", #""1""#, "{}", "true"] {
            #expect(try violation(json, RouteInput(.body, "x", .list(.int))) == .notAList)
            #expect(try violation(json, RouteInput(.body, "x", .list(.json))) == .notAList)
        }
        for type in [InputType.Scalar.int, .string, .json] {
            #expect(try violation("[null]", RouteInput(.body, "x", .list(type))) == .containsNull)
        }
        #expect(try violation("[1,null]", RouteInput(.body, "x", .list(.int))) == .containsNull)
    }

    @Test("A refused list leaves room for others")
    func refusedList() throws {
        let list = RouteInput(.body, "x", .list(.int))
        var values = InputValues(count: 2)
        try values.add(JSONValue(Array("7".utf8)), to: RouteInput(.body, "y", .int), at: 1)
        #expect(throws: InputError.malformed(.int)) {
            try values.add(JSONValue(Array("[1,2,true]".utf8)), to: list, at: 0)
        }
        #expect(!values.isPresent(at: 0))
        try values.add(JSONValue(Array("[3]".utf8)), to: list, at: 0)
        #expect(values.texts(at: 0) == ["3"])
        #expect(values.texts(at: 1) == ["7"])
    }

    @Test("Null is absence, except where a value of type json is required")
    func null() throws {
        #expect(try texts("null", RouteInput(.body, "x", .int)) == nil)
        #expect(try texts("null", RouteInput(.body, "x", .string, optional: true)) == nil)
        #expect(try texts("null", RouteInput(.body, "x", .list(.int))) == nil)
        #expect(try texts("null", RouteInput(.body, "x", .list(.json))) == nil)
        #expect(try texts("null", RouteInput(.body, "x", .json, optional: true)) == nil)
        #expect(try texts("null", RouteInput(.body, "x", .json, default: "{}")) == nil)
        #expect(try texts(" null ", RouteInput(.body, "x", .json)) == ["null"])
    }

    @Test("A value can be given once")
    func repetition() throws {
        let one = try JSONValue([0x31])
        var values = InputValues(count: 1)
        try values.add(one, to: RouteInput(.body, "x", .int), at: 0)
        #expect(throws: InputError.repeated) { try values.add(one, to: RouteInput(.body, "x", .int), at: 0) }
    }

    @Test("A body's values are in no key")
    func key() throws {
        let inputs = [RouteInput(.path, "id", .int), RouteInput(.query, "q", .int), RouteInput(.body, "a", .json)]
        let signature = RouteSignature(
            namespace: "n",
            fingerprint: "0",
            method: .put,
            path: "/x/{id}",
            inputs: inputs
        )
        var values = InputValues(count: 3)
        try values.add("1".utf8, to: inputs[0], at: 0)
        try values.add("2".utf8, to: inputs[1], at: 1)
        try values.add(JSONValue(Array("3".utf8)), to: inputs[2], at: 2)
        #expect(signature.key(for: values).description == "n:0:put:/x/1:q=2")
    }

    @Test("Messages are for people who send JSON")
    func messages() {
        #expect(InputError.malformed(.int).description == "must be a whole number")
        #expect(InputError.notAList.description == "must be an array")
        #expect(InputError.containsNull.description == "must not contain null")
    }
}
