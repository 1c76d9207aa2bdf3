import RouteModel
import Testing

@Suite struct CanonicalFormTests {
    private static func canonical(_ type: InputType.Scalar, _ raw: [UInt8]) -> Result<String, InputError> {
        var output: [UInt8] = Array("kept".utf8)
        do throws(InputError) {
            try RouteInput(type == .json ? .body : .query, "x", InputType(type)).appendCanonical(raw[...], to: &output)
            return .success(String(decoding: output.dropFirst(4), as: UTF8.self))
        } catch {
            #expect(output == Array("kept".utf8), "a refused value must leave nothing behind")
            return .failure(error)
        }
    }

    private static func canonical(_ type: InputType.Scalar, _ raw: String) -> Result<String, InputError> {
        canonical(type, Array(raw.utf8))
    }

    @Test(
        "Values have one canonical form",
        arguments: [
            (.int, "020", "20"), (.int, "0", "0"), (.int, "-0", "0"), (.int, "-007", "-7"),
            (.int, "9223372036854775807", "9223372036854775807"),
            (.int, "-9223372036854775808", "-9223372036854775808"),
            (.int, "0000000000000000000000009", "9"),
            (.int32, "2147483647", "2147483647"), (.int32, "-2147483648", "-2147483648"),
            (.double, "1", "1"), (.double, "1.0", "1"), (.double, "-0", "0"), (.double, "-0.0e5", "0"),
            (.double, "0.10", "0.1"),
            (.double, "1e2", "100"), (.double, "1E+2", "100"), (.double, "1e16", "1e+16"),
            (.double, "5e-324", "5e-324"),
            (.double, "1e-400", "0"), (.double, "0.1e-1", "0.01"), (.double, "00.5", "0.5"),
            (.double, "1.7976931348623157e308", "1.7976931348623157e+308"),
            (.double, "0.30000000000000004", "0.30000000000000004"),
            (.decimal, "1.50", "1.5"), (.decimal, "-0.00", "0"), (.decimal, "007", "7"), (.decimal, "-0.5", "-0.5"),
            (
                .decimal, "123456789012345678901234567890.000000000000000000001",
                "123456789012345678901234567890.000000000000000000001"
            ),
            (.bool, "true", "true"), (.bool, "false", "false"),
            (.string, "", ""), (.string, "é\u{1F600}", "é\u{1F600}"), (.string, "e\u{301}", "e\u{301}"),
            (.string, " a ", " a "),
            (.uuid, "F47AC10B-58CC-4372-A567-0E02B2C3D479", "f47ac10b-58cc-4372-a567-0e02b2c3d479"),
            (.uuid, "00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000000"),
            (.date, "2024-02-29", "2024-02-29"), (.date, "2000-02-29", "2000-02-29"),
            (.date, "0001-01-01", "0001-01-01"),
            (.date, "9999-12-31", "9999-12-31"),
            (.timestamp, "2024-02-29T12:30:00Z", "2024-02-29T12:30:00Z"),
            (.timestamp, "2024-02-29t12:30:00z", "2024-02-29T12:30:00Z"),
            (.timestamp, "2024-02-29 12:30:00", "2024-02-29T12:30:00Z"),
            (.timestamp, "2024-03-01T00:30:00+01:00", "2024-02-29T23:30:00Z"),
            (.timestamp, "2023-12-31T23:30:00-00:45", "2024-01-01T00:15:00Z"),
            (.timestamp, "2024-02-29T12:30:00.120000Z", "2024-02-29T12:30:00.12Z"),
            (.timestamp, "2024-02-29T12:30:00.000001Z", "2024-02-29T12:30:00.000001Z"),
            (.timestamp, "2024-02-29T12:30:00.0Z", "2024-02-29T12:30:00Z"),
            (.timestamp, "2024-02-29T12:30:00.1234567Z", "2024-02-29T12:30:00.123457Z"),
            (.timestamp, "2024-02-29T12:30:00.123456789Z", "2024-02-29T12:30:00.123457Z"),
            (.timestamp, "2024-02-29T12:30:00.120000000Z", "2024-02-29T12:30:00.12Z"),
            (.timestamp, "2024-02-29T12:30:00.0000005Z", "2024-02-29T12:30:00Z"),
            (.timestamp, "2024-02-29T12:30:00.0000015Z", "2024-02-29T12:30:00.000002Z"),
            (.timestamp, "2024-02-29T23:59:59.9999995+00:00", "2024-03-01T00:00:00Z"),
            (.timestamp, "2023-12-31T23:59:59.99999951Z", "2024-01-01T00:00:00Z"),
            (.timestamp, "1969-12-31T23:59:59.9999995Z", "1970-01-01T00:00:00Z"),
            (.timestamp, "9999-12-31T23:59:59.9999994Z", "9999-12-31T23:59:59.999999Z"),
            (.timestamp, "0001-01-01T00:00:00.0000001Z", "0001-01-01T00:00:00Z"),
            (
                .timestamp, "2024-02-29T12:30:00." + String(repeating: "3", count: 5000) + "Z",
                "2024-02-29T12:30:00.333333Z"
            ),
            (.timestamp, "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.5Z"),
            (.timestamp, "1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
            (.timestamp, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            (.timestamp, "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
            (.json, " { \"b\" : 1.0 }\n", "{ \"b\" : 1.0 }"), (.json, "null", "null"),
        ] as [(InputType.Scalar, String, String)]
    )
    func canonicalForms(type: InputType.Scalar, raw: String, expected: String) throws {
        let printed = try Self.canonical(type, raw).get()
        #expect(Array(printed.utf8) == Array(expected.utf8))
        #expect(try Self.canonical(type, printed).get() == printed, "a canonical form is its own canonical form")
    }

    @Test(
        "What is not of a type is refused",
        arguments: [
            (.int, ""), (.int, "-"), (.int, "+1"), (.int, " 1"), (.int, "1 "), (.int, "1.0"), (.int, "1e3"),
            (.int, "0x10"),
            (.int, "abc"), (.int, "--1"), (.int, "1_000"), (.int, "٣"), (.int32, "1.5"),
            (.double, ""), (.double, "."), (.double, ".5"), (.double, "1."), (.double, "1e"), (.double, "1e+"),
            (.double, "+1"),
            (.double, "nan"), (.double, "inf"), (.double, "0x1p3"), (.double, "1 "), (.double, "-"),
            (.decimal, ""), (.decimal, "-"), (.decimal, "1e3"), (.decimal, "1."), (.decimal, ".5"), (.decimal, "1.2.3"),
            (.decimal, "+1"), (.decimal, "NaN"),
            (.bool, "True"), (.bool, "1"), (.bool, "yes"), (.bool, ""),
            (.uuid, "f47ac10b58cc4372a5670e02b2c3d479"), (.uuid, "f47ac10b-58cc-4372-a567-0e02b2c3d47"),
            (.uuid, "g47ac10b-58cc-4372-a567-0e02b2c3d479"), (.uuid, "{f47ac10b-58cc-4372-a567-0e02b2c3d47}"),
            (.uuid, "f47ac10b-58cc-4372-a567-0e02b2c3d4790"), (.uuid, "f47ac10b058cc-4372-a567-0e02b2c3d479"),
            (.date, "2023-02-29"), (.date, "1900-02-29"), (.date, "2024-02-30"), (.date, "2024-04-31"),
            (.date, "2024-00-10"),
            (.date, "2024-13-01"), (.date, "2024-01-00"), (.date, "2024-1-1"), (.date, "0000-01-01"),
            (.date, "20240101"),
            (.date, "2024-01-01T00:00:00Z"), (.date, "infinity"), (.date, "12024-01-01"),
            (.timestamp, "2024-02-29"), (.timestamp, "2024-02-29T24:00:00Z"), (.timestamp, "2024-02-29T12:60:00Z"),
            (.timestamp, "2024-06-30T23:59:61Z"), (.timestamp, "2024-02-29T12:30Z"),
            (.timestamp, "2024-02-29T12:30:00.Z"),
            (.timestamp, "9999-12-31T23:59:59.9999995Z"), (.timestamp, "2024-02-29T12:30:00+0100"),
            (.timestamp, "2024-02-29T12:30:00+24:00"), (.timestamp, "2024-02-29T12:30:00  01:00"),
            (.timestamp, "2023-02-29T12:30:00Z"), (.timestamp, "0001-01-01T00:00:00+00:01"),
            (.timestamp, "9999-12-31T23:59:59-00:01"), (.timestamp, "now"),
            (.timestamp, "0001-01-01T00:00:59.9999995+00:02"), (.timestamp, "9999-12-31T23:58:59.9999995-00:01"),
            (.timestamp, "2024-02-29T12:30:00.1234567x"), (.timestamp, "2024-02-29T12:30:00,5Z"),
            (.json, ""), (.json, "{"), (.json, "{} {}"), (.json, "'a'"), (.json, "{\"a\":1,\"a\":2}"),
        ] as [(InputType.Scalar, String)]
    )
    func malformed(type: InputType.Scalar, raw: String) {
        #expect(Self.canonical(type, raw) == .failure(.malformed(type)))
    }

    @Test(
        "Numbers outside their type are refused as such",
        arguments: [
            (.int, "9223372036854775808"), (.int, "-9223372036854775809"), (.int, "99999999999999999999999999"),
            (.int32, "2147483648"), (.int32, "-2147483649"), (.int32, "9223372036854775808"),
            (.double, "1e309"), (.double, "-1e309"),
            (.decimal, String(repeating: "9", count: 131_073)),
            (.decimal, "0." + String(repeating: "9", count: 16_384)),
        ] as [(InputType.Scalar, String)]
    )
    func outOfRange(type: InputType.Scalar, raw: String) {
        #expect(Self.canonical(type, raw) == .failure(.outOfRange(type)))
    }

    @Test("An overflow does not hide what is no number at all")
    func overflowAndSyntax() {
        #expect(Self.canonical(.int, "99999999999999999999x") == .failure(.malformed(.int)))
    }

    @Test("A decimal holds as many digits as PostgreSQL's numeric")
    func longDecimals() throws {
        let longest = String(repeating: "9", count: 131_072) + "." + String(repeating: "9", count: 16_383)
        #expect(try Self.canonical(.decimal, longest).get() == longest)
        #expect(try Self.canonical(.decimal, String(repeating: "0", count: 200_000) + "1").get() == "1")
    }

    @Test(
        "Text that is not UTF-8 is refused",
        arguments: [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0x61, 0x80], [0xE2, 0x82],
        ]
    )
    func invalidUTF8(raw: [UInt8]) {
        #expect(Self.canonical(.string, raw) == .failure(.invalidUTF8))
    }

    @Test("Text with NUL is refused")
    func nul() {
        #expect(Self.canonical(.string, [0x61, 0x00, 0x62]) == .failure(.containsNUL))
        #expect(Self.canonical(.int, [0x31, 0x00]) == .failure(.malformed(.int)))
    }
}
