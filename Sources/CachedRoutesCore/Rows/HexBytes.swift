import RouteModel

/// A `bytea` of a row. JSON has it in PostgreSQL's hexadecimal form, `\xdead`.
public struct HexBytes: Hashable, Sendable {
    /// The bytes.
    public var bytes: [UInt8]

    /// Makes the value of bytes.
    ///
    /// - Parameter bytes: the bytes.
    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }
}

extension HexBytes: LosslessStringConvertible {
    /// Reads the hexadecimal form; `nil` for any other text.
    ///
    /// - Parameter text: `\x` and two digits for each byte.
    public init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.starts(with: #"\x"#.utf8), digits.count % 2 == 0 else { return nil }
        bytes = []
        bytes.reserveCapacity(digits.count / 2 - 1)
        for index in stride(from: 2, to: digits.count, by: 2) {
            guard let high = PercentEncoding.hexadecimalValue(digits[index]),
                let low = PercentEncoding.hexadecimalValue(digits[index + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
    }

    /// The hexadecimal form.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text = Array(#"\x"#.utf8)
        text.reserveCapacity(2 + 2 * bytes.count)
        for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}

extension HexBytes: Codable {
    /// Reads a JSON string.
    ///
    /// - Parameter decoder: the decoder of the value.
    /// - Throws: `DecodingError` for anything else.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = HexBytes(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "The string is no bytea.")
        }
        self = bytes
    }

    /// Writes a JSON string.
    ///
    /// - Parameter encoder: the encoder of the value.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
