import RouteModel

extension [UInt8] {
    /// Appends the bytes of a literal in UTF-8.
    mutating func append(literal text: StaticString) { append(contentsOf: text.bytes) }

    /// Appends a number in decimal digits.
    mutating func appendDecimal(_ number: Int64) {
        // 19 digits and a sign.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = number.magnitude
            var start = digits.count
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 {
                start -= 1
                digits[start] = UInt8(ascii: "-")
            }
            append(contentsOf: digits[start...])
        }
    }
}
