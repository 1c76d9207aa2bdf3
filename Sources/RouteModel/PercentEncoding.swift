/// Percent-encoding for keys and for the headers of entries, and the decoding of request targets.
package enum PercentEncoding {
    /// Percent-encodes all bytes but `A-Z a-z 0-9 _ . - ~`, with uppercase hexadecimal digits (RFC 3986, 2.1).
    ///
    /// - Parameters:
    ///   - bytes: the bytes to encode.
    ///   - spaceAsPlus: encodes a space as `+`, as `application/x-www-form-urlencoded` does.
    ///   - write: receives each byte of the result, at most three for each of `bytes`.
    @inlinable
    package static func encode(_ bytes: some Sequence<UInt8>, spaceAsPlus: Bool, _ write: (UInt8) -> Void) {
        for byte in bytes {
            if isUnreserved(byte) {
                write(byte)
            } else if byte == UInt8(ascii: " ") && spaceAsPlus {
                write(UInt8(ascii: "+"))
            } else {
                write(UInt8(ascii: "%"))
                write(hexadecimalDigit(byte >> 4))
                write(hexadecimalDigit(byte & 15))
            }
        }
    }

    /// Appends the result of ``encode(_:spaceAsPlus:_:)`` to `output`.
    @inlinable
    package static func append(_ bytes: some Sequence<UInt8>, to output: inout [UInt8], spaceAsPlus: Bool) {
        encode(bytes, spaceAsPlus: spaceAsPlus) { output.append($0) }
    }

    /// Appends the decoded form of `bytes` to `output`.
    ///
    /// - Parameters:
    ///   - bytes: the encoded bytes.
    ///   - output: receives the decoded bytes.
    ///   - plusAsSpace: decodes `+` as a space, as `application/x-www-form-urlencoded` does.
    /// - Returns: `false` if a `%` is not followed by two hexadecimal digits; `output` must not be used then.
    @inlinable
    package static func decode(
        _ bytes: some Collection<UInt8>,
        into output: inout [UInt8],
        plusAsSpace: Bool
    ) -> Bool {
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            if byte == UInt8(ascii: "%") {
                guard let high = iterator.next().flatMap(hexadecimalValue),
                    let low = iterator.next().flatMap(hexadecimalValue)
                else { return false }
                output.append(high << 4 | low)
            } else if byte == UInt8(ascii: "+") && plusAsSpace {
                output.append(UInt8(ascii: " "))
            } else {
                output.append(byte)
            }
        }
        return true
    }

    /// The unreserved character that two hexadecimal digits denote; `nil` if they are not hexadecimal or denote another
    /// character.
    package static func unreserved(_ digits: some Collection<UInt8>) -> UInt8? {
        let values = digits.compactMap(hexadecimalValue)
        guard digits.count == 2, values.count == 2, isUnreserved(values[0] << 4 | values[1]) else { return nil }
        return values[0] << 4 | values[1]
    }

    /// Indicates a byte that is not encoded (RFC 3986, 2.3).
    @inlinable
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    @inlinable
    static func hexadecimalDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "A") - 10 + nibble
    }

    @inlinable
    package static func hexadecimalValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
