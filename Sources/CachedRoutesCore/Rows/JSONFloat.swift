/// A `real` or `double precision` of a row: a `JSONFloat<Float>` or a `JSONFloat<Double>`.
///
/// JSON has no spelling for `NaN` and the infinities, which are therefore strings there. Two `NaN` are equal, as in PostgreSQL.
public struct JSONFloat<Value: BinaryFloatingPoint & Codable & Hashable & Sendable>: Sendable {
    /// The number.
    public var value: Value

    /// Makes the value of a number.
    ///
    /// - Parameter value: the number.
    public init(_ value: Value) { self.value = value }

    private static var names: [String: Value] { ["NaN": .nan, "Infinity": .infinity, "-Infinity": -.infinity] }
}

extension JSONFloat: Hashable {
    /// Tells whether two values are the same number, or both are `NaN`.
    ///
    /// - Parameters:
    ///   - left: a value.
    ///   - right: another one.
    public static func == (left: JSONFloat, right: JSONFloat) -> Bool {
        left.value == right.value || left.value.isNaN && right.value.isNaN
    }

    /// Hashes the number.
    ///
    /// - Parameter hasher: receives the number.
    public func hash(into hasher: inout Hasher) { hasher.combine(value.isNaN ? Value.nan : value) }
}

extension JSONFloat: CustomStringConvertible {
    /// The number.
    public var description: String { "\(value)" }
}

extension JSONFloat: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// Makes the value of an integer literal.
    ///
    /// - Parameter value: the number.
    public init(integerLiteral value: Int) { self.init(Value(value)) }

    /// Makes the value of a literal with a fraction.
    ///
    /// - Parameter value: the number.
    public init(floatLiteral value: Double) { self.init(Value(value)) }
}

extension JSONFloat: Codable {
    /// Reads a JSON number, or one of the strings `NaN`, `Infinity` and `-Infinity`.
    ///
    /// - Parameter decoder: the decoder of the value.
    /// - Throws: `DecodingError` for anything else.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let text = try? container.decode(String.self) else {
            value = try container.decode(Value.self)
            return
        }
        guard let value = Self.names[text] else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "The string is no number.")
        }
        self.value = value
    }

    /// Writes a JSON number, and `NaN` and the infinities as strings.
    ///
    /// - Parameter encoder: the encoder of the value.
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        guard !value.isFinite else { return try container.encode(value) }
        try container.encode(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    }
}
