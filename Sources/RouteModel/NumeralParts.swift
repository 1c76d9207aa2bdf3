/// A number split into its written parts without being computed: `-12.50e3` is 12 and 50 with an exponent of 3.
package struct NumeralParts {
    package let isNegative: Bool
    package let whole: ArraySlice<UInt8>
    let fraction: ArraySlice<UInt8>
    /// The exponent, which is limited to ``exponentLimit``.
    let exponent: Int

    /// The smallest exponent that PostgreSQL's `numeric` refuses, whatever the digits are.
    static let exponentLimit = 1_073_741_823

    /// Reads digits with an optional sign and fraction and, if it is allowed, an exponent (RFC 8259, 6). Leading zeros
    /// are allowed.
    package init?(_ raw: ArraySlice<UInt8>, allowsExponent: Bool) {
        var rest = raw
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        whole = rest.prefix(while: \.isASCIIDigit)
        rest = rest[whole.endIndex...]
        guard !whole.isEmpty else { return nil }
        if rest.first == UInt8(ascii: ".") {
            fraction = rest.dropFirst().prefix(while: \.isASCIIDigit)
            rest = rest[fraction.endIndex...]
            guard !fraction.isEmpty else { return nil }
        } else {
            fraction = rest[rest.startIndex..<rest.startIndex]
        }
        guard let mark = rest.first else {
            exponent = 0
            return
        }
        guard allowsExponent, mark | 0x20 == UInt8(ascii: "e"), let exponent = Self.exponent(rest.dropFirst()) else {
            return nil
        }
        self.exponent = exponent
    }

    /// The number of digits, with leading zeros.
    var count: Int { whole.count + fraction.count }

    /// The digit at a position, counted from the first one; 0 before and behind the written digits.
    package func digit(at position: Int) -> UInt8 {
        guard position >= 0, position < count else { return UInt8(ascii: "0") }
        return position < whole.count
            ? whole[whole.startIndex + position] : fraction[fraction.startIndex + position - whole.count]
    }

    /// The positions from the first nonzero digit to the last one; `nil` if all digits are 0.
    package var significant: Range<Int>? {
        guard let first = (0..<count).first(where: { digit(at: $0) != UInt8(ascii: "0") }),
            let last = (first..<count).last(where: { digit(at: $0) != UInt8(ascii: "0") })
        else { return nil }
        return first..<last + 1
    }

    /// The position before which the decimal point stands once the exponent is applied.
    package var point: Int { whole.count + exponent }

    private static func exponent(_ raw: ArraySlice<UInt8>) -> Int? {
        let isNegative = raw.first == UInt8(ascii: "-")
        let digits = isNegative || raw.first == UInt8(ascii: "+") ? raw.dropFirst() : raw
        guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit) else { return nil }
        var value = 0
        for digit in digits where value < exponentLimit { value = value * 10 + Int(digit - UInt8(ascii: "0")) }
        value = min(value, exponentLimit)
        return isNegative ? -value : value
    }
}

extension ArraySlice<UInt8> {
    /// A canonical decimal without trailing zeros of its fraction: `1.5` for `1.50`, `2` for `2.00`.
    package var withoutScale: ArraySlice<UInt8> {
        guard contains(UInt8(ascii: ".")) else { return self }
        var number = self
        while number.last == UInt8(ascii: "0") { number.removeLast() }
        if number.last == UInt8(ascii: ".") { number.removeLast() }
        return number
    }
}
