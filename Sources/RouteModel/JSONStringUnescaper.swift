/// The contents of JSON strings.
enum JSONStringUnescaper {
    /// Replaces the escapes of a string that the reader has accepted.
    ///
    /// - Parameter quoted: the bytes between the quotes.
    static func unescaped(_ quoted: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(quoted.count)
        var rest = quoted
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
                output.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "b"): output.append(0x08)
            case UInt8(ascii: "f"): output.append(0x0C)
            case UInt8(ascii: "n"): output.append(0x0A)
            case UInt8(ascii: "r"): output.append(0x0D)
            case UInt8(ascii: "t"): output.append(0x09)
            case UInt8(ascii: "u"): append(scalar(&rest), to: &output)
            default: output.append(escape)
            }
        }
        return output
    }

    /// Reads the code point behind `\u`, which two surrogate escapes denote together.
    private static func scalar(_ rest: inout ArraySlice<UInt8>) -> UInt32 {
        let unit = codeUnit(&rest)
        guard (0xD800..<0xDC00).contains(unit) else { return unit }
        rest = rest.dropFirst(2)
        let low = codeUnit(&rest)
        return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00)
    }

    private static func codeUnit(_ rest: inout ArraySlice<UInt8>) -> UInt32 {
        var unit: UInt32 = 0
        for digit in rest.prefix(4) { unit = unit << 4 | UInt32(PercentEncoding.hexadecimalValue(digit) ?? 0) }
        rest = rest.dropFirst(4)
        return unit
    }

    private static func append(_ value: UInt32, to output: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(value) else {
            preconditionFailure("the reader lets no lone surrogate through")
        }
        output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
