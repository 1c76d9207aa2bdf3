/// The single canonical spelling of each type's values, which is used in keys and sent to the database.
enum CanonicalForm {
    /// Appends the canonical form of `raw` to `output`.
    ///
    /// - Parameters:
    ///   - raw: the value, without percent-encoding.
    ///   - type: the type to read it as.
    ///   - isInBody: reads decimals as PostgreSQL's `numeric` does, with an exponent and the scale that the client
    ///     wrote. Elsewhere a value has only one spelling, because it becomes part of a key.
    ///   - output: receives the canonical bytes.
    /// - Throws: ``InputError`` if `raw` is not a value of the type.
    static func append(
        _ raw: ArraySlice<UInt8>,
        as type: InputType.Scalar,
        isInBody: Bool,
        to output: inout [UInt8]
    ) throws(InputError) {
        switch type.kind {
        case .int: try appendInteger(raw, as: .int, in: Int64.min...Int64.max, to: &output)
        case .int32: try appendInteger(raw, as: .int32, in: Int64(Int32.min)...Int64(Int32.max), to: &output)
        case .double: try appendDouble(raw, to: &output)
        case .decimal:
            guard let number = NumeralParts(raw, allowsExponent: isInBody) else { throw .malformed(.decimal) }
            if isInBody { try appendScaled(number, to: &output) } else { try appendDecimal(number, to: &output) }
        case .bool: try appendBool(raw, to: &output)
        case .string: try appendString(raw, to: &output)
        case .uuid: try appendUUID(raw, to: &output)
        case .date:
            guard let date = CalendarDate(raw) else { throw .malformed(.date) }
            date.append(to: &output)
        case .timestamp:
            guard let timestamp = Timestamp(raw) else { throw .malformed(.timestamp) }
            timestamp.append(to: &output)
        case .json:
            guard let value = try? JSONValue(Array(raw)) else { throw .malformed(.json) }
            output.append(contentsOf: value.bytes)
        }
    }

    /// The value of a canonical integer.
    static func integer(_ canonical: ArraySlice<UInt8>) -> Int64? {
        parseInteger(canonical).value
    }

    private enum IntegerFault { case syntax, overflow }

    private static func parseInteger(_ raw: ArraySlice<UInt8>) -> (value: Int64?, fault: IntegerFault) {
        let isNegative = raw.first == UInt8(ascii: "-")
        let digits = isNegative ? raw.dropFirst() : raw.dropFirst(0)
        guard !digits.isEmpty else { return (nil, .syntax) }
        var value: Int64 = 0
        var hasOverflowed = false
        for byte in digits {
            guard byte.isASCIIDigit else { return (nil, .syntax) }
            let digit = Int64(byte &- UInt8(ascii: "0"))
            let (product, overflow1) = value.multipliedReportingOverflow(by: 10)
            let (next, overflow2) =
                isNegative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            hasOverflowed = hasOverflowed || overflow1 || overflow2
            value = next
        }
        return hasOverflowed ? (nil, .overflow) : (value, .overflow)
    }

    private static func appendInteger(
        _ raw: ArraySlice<UInt8>,
        as type: InputType.Scalar,
        in range: ClosedRange<Int64>,
        to output: inout [UInt8]
    ) throws(InputError) {
        let parsed = parseInteger(raw)
        guard let value = parsed.value else {
            throw parsed.fault == .overflow ? .outOfRange(type) : .malformed(type)
        }
        guard range.contains(value) else { throw .outOfRange(type) }
        appendDigits(value, to: &output)
    }

    /// Appends the integer that a JSON number denotes. The number may be written with a fraction or an exponent: `5.0`,
    /// `50e-1`.
    static func appendInteger(
        number raw: ArraySlice<UInt8>,
        _ type: InputType.Scalar,
        to output: inout [UInt8]
    ) throws(InputError) {
        guard let number = NumeralParts(raw, allowsExponent: true) else { throw .malformed(type) }
        guard let significant = number.significant else { return output.append(UInt8(ascii: "0")) }
        guard significant.upperBound <= number.point else { throw .malformed(type) }
        // 64 bits hold at most 19 digits. An exponent that stands for more is refused before its zeros are written.
        guard number.point - significant.lowerBound <= 19 else { throw .outOfRange(type) }
        var digits: [UInt8] = number.isNegative ? [UInt8(ascii: "-")] : []
        for position in significant.lowerBound..<number.point { digits.append(number.digit(at: position)) }
        try append(digits[...], as: type, isInBody: true, to: &output)
    }

    private static func appendDigits(_ value: Int64, to output: inout [UInt8]) {
        if value < 0 { output.append(UInt8(ascii: "-")) }
        let magnitude = value.magnitude
        var unit: UInt64 = 1
        while magnitude / unit >= 10 { unit *= 10 }
        // Starts with the highest digit, because reversing part of an array would copy it.
        while unit > 0 {
            output.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude / unit % 10))
            unit /= 10
        }
    }

    /// Appends a number that follows JSON's grammar (RFC 8259, 6), except that leading zeros are allowed, as the
    /// shortest text that reads back as the same value.
    private static func appendDouble(_ raw: ArraySlice<UInt8>, to output: inout [UInt8]) throws(InputError) {
        let text = String(decoding: raw, as: UTF8.self)
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let whole = rest.prefix { $0.isASCIIDigit }
        rest = rest.dropFirst(whole.count)
        guard !whole.isEmpty else { throw .malformed(.double) }
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { $0.isASCIIDigit }
            guard !fraction.isEmpty else { throw .malformed(.double) }
            rest = rest.dropFirst(fraction.count + 1)
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            let exponent = rest.prefix { $0.isASCIIDigit }
            guard !exponent.isEmpty else { throw .malformed(.double) }
            rest = rest.dropFirst(exponent.count)
        }
        guard rest.isEmpty, let value = Double(text) else { throw .malformed(.double) }
        guard value.isFinite else { throw .outOfRange(.double) }
        guard value != 0 else {
            output.append(UInt8(ascii: "0"))
            return
        }
        let printed = "\(value)"
        output.append(contentsOf: printed.hasSuffix(".0") ? printed.utf8.dropLast(2) : printed.utf8.dropLast(0))
    }

    /// The number of digits that PostgreSQL's `numeric` holds before and after the decimal point.
    private static let numericLimits = (whole: 131_072, fraction: 16_383)

    /// Appends a decimal without zeros at the end of its fraction.
    private static func appendDecimal(_ number: NumeralParts, to output: inout [UInt8]) throws(InputError) {
        let digits = number.whole.drop { $0 == UInt8(ascii: "0") }
        let zeros = number.fraction.reversed().prefix { $0 == UInt8(ascii: "0") }.count
        let decimals = number.fraction.dropLast(zeros)
        guard digits.count <= numericLimits.whole, decimals.count <= numericLimits.fraction else {
            throw .outOfRange(.decimal)
        }
        if number.isNegative && !(digits.isEmpty && decimals.isEmpty) { output.append(UInt8(ascii: "-")) }
        if digits.isEmpty { output.append(UInt8(ascii: "0")) } else { output.append(contentsOf: digits) }
        if !decimals.isEmpty {
            output.append(UInt8(ascii: "."))
            output.append(contentsOf: decimals)
        }
    }

    /// Appends a decimal with as many fractional digits as were written, once the exponent is applied. This is
    /// PostgreSQL's text of such a `numeric`.
    private static func appendScaled(_ number: NumeralParts, to output: inout [UInt8]) throws(InputError) {
        let scale = max(0, number.fraction.count - number.exponent)
        let first = number.significant?.lowerBound
        let point = number.point
        // Checked before anything is written: a few bytes of exponent can stand for any number of zeros.
        guard abs(number.exponent) < NumeralParts.exponentLimit, scale <= numericLimits.fraction,
            first.map({ point - $0 <= numericLimits.whole }) ?? true
        else { throw .outOfRange(.decimal) }
        if number.isNegative && first != nil { output.append(UInt8(ascii: "-")) }
        if let first, first < point {
            for position in first..<point { output.append(number.digit(at: position)) }
        } else {
            output.append(UInt8(ascii: "0"))
        }
        guard scale > 0 else { return }
        output.append(UInt8(ascii: "."))
        for position in point..<(point + scale) { output.append(number.digit(at: position)) }
    }

    private static func appendBool(_ raw: ArraySlice<UInt8>, to output: inout [UInt8]) throws(InputError) {
        guard raw.elementsEqual("true".utf8) || raw.elementsEqual("false".utf8) else { throw .malformed(.bool) }
        output.append(contentsOf: raw)
    }

    private static func appendString(_ raw: ArraySlice<UInt8>, to output: inout [UInt8]) throws(InputError) {
        if raw.contains(0) { throw .containsNUL }
        if raw.contains(where: { $0 >= 0x80 }), String(validating: raw, as: UTF8.self) == nil { throw .invalidUTF8 }
        output.append(contentsOf: raw)
    }

    private static func appendUUID(_ raw: ArraySlice<UInt8>, to output: inout [UInt8]) throws(InputError) {
        guard raw.count == 36 else { throw .malformed(.uuid) }
        let start = output.count
        for (offset, byte) in raw.enumerated() {
            switch (offset, byte) {
            case (8, UInt8(ascii: "-")), (13, UInt8(ascii: "-")), (18, UInt8(ascii: "-")), (23, UInt8(ascii: "-")):
                output.append(byte)
            case (8, _), (13, _), (18, _), (23, _):
                output.removeSubrange(start...)
                throw .malformed(.uuid)
            case (_, UInt8(ascii: "0")...UInt8(ascii: "9")), (_, UInt8(ascii: "a")...UInt8(ascii: "f")):
                output.append(byte)
            case (_, UInt8(ascii: "A")...UInt8(ascii: "F")): output.append(byte | 0x20)
            default:
                output.removeSubrange(start...)
                throw .malformed(.uuid)
            }
        }
    }
}
