import RouteModel

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A `numeric` of a row, with all digits that PostgreSQL sent.
///
/// Two values are equal if they are the same number: `1.10` and `1.1` are, and so are two `NaN`, which PostgreSQL sorts behind
/// all other numbers. A literal with a fraction is a string, as in `"9.90"`, because Swift reads other literals with a fraction
/// as binary numbers.
///
/// ``RowDecoder`` and ``RowEncoder`` keep every digit. Foundation's `JSONDecoder` rounds to 38 digits, and with its
/// `JSONEncoder` a number that needs more is an error.
public struct ExactDecimal: Sendable {
    /// The number as JSON writes it, or `NaN`, `Infinity` or `-Infinity`.
    private let text: String

    /// Reads a number as JSON writes it (RFC 8259, 6), or `NaN`, `Infinity` or `-Infinity`; `nil` for any other text.
    ///
    /// - Parameter text: the number.
    public init?(_ text: String) {
        guard Self.names.contains(text) || Self.isNumber(text) else { return nil }
        self.text = text
    }

    /// Makes the value of an integer.
    ///
    /// - Parameter integer: the number.
    public init(_ integer: some BinaryInteger) { text = "\(integer)" }

    /// Makes the value of a decimal of Foundation's.
    ///
    /// - Parameter decimal: the number, or `Decimal.nan`.
    public init(_ decimal: Decimal) { text = decimal.isNaN ? Self.notANumber : "\(decimal)" }

    /// Makes a value from a JSON number that has been read.
    init(number: ArraySlice<UInt8>) { text = String(decoding: number, as: UTF8.self) }

    /// Indicates a number that is neither `NaN` nor an infinity.
    public var isFinite: Bool { !Self.names.contains(text) }

    /// The value as a decimal of Foundation's; `nil` where that would round, and for `NaN` and the infinities.
    ///
    /// `Decimal` has 38 digits and exponents from -128 to 127.
    public var decimal: Decimal? {
        guard isFinite, let decimal = Decimal(string: text), !decimal.isNaN, ExactDecimal(decimal) == self else {
            return nil
        }
        return decimal
    }

    /// The value as the nearest binary number.
    public var double: Double { Double(text) ?? .nan }

    /// The value as an integer; `nil` if it has a fraction or does not fit.
    public var integer: Int? { decimal.flatMap { Int("\($0)") } }

    private static let notANumber = "NaN"
    private static let names: Set<String> = [notANumber, "Infinity", "-Infinity"]

    private static func isNumber(_ text: String) -> Bool {
        guard let parts = NumeralParts(Array(text.utf8)[...], allowsExponent: true) else { return false }
        return parts.whole.count == 1 || parts.whole.first != UInt8(ascii: "0")
    }

    /// The parts by which numbers are compared.
    private struct Magnitude: Hashable {
        /// The class in PostgreSQL's order: -2 the negative infinity, -1 negative, 0 zero, 1 positive, 2 infinity, 3 `NaN`.
        var rank: Int
        /// The number of digits before the decimal point once leading zeros are gone; negative for zeros behind the point.
        var point = 0
        /// The digits without zeros at either end.
        var digits: [UInt8] = []
    }

    private var magnitude: Magnitude {
        switch text {
        case Self.notANumber: return Magnitude(rank: 3)
        case "Infinity": return Magnitude(rank: 2)
        case "-Infinity": return Magnitude(rank: -2)
        default: break
        }
        guard let parts = NumeralParts(Array(text.utf8)[...], allowsExponent: true),
            let significant = parts.significant
        else { return Magnitude(rank: 0) }
        return Magnitude(
            rank: parts.isNegative ? -1 : 1,
            point: parts.point - significant.lowerBound,
            digits: significant.map(parts.digit)
        )
    }
}

extension ExactDecimal: Hashable {
    /// Tells whether two values are the same number.
    ///
    /// - Parameters:
    ///   - left: a value.
    ///   - right: another one.
    public static func == (left: ExactDecimal, right: ExactDecimal) -> Bool { left.magnitude == right.magnitude }

    /// Hashes the number, whatever its scale.
    ///
    /// - Parameter hasher: receives the number.
    public func hash(into hasher: inout Hasher) { hasher.combine(magnitude) }
}

extension ExactDecimal: Comparable {
    /// Tells whether a value is less than another one, in PostgreSQL's order: `NaN` is greater than all others.
    ///
    /// - Parameters:
    ///   - left: a value.
    ///   - right: another one.
    public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        let (left, right) = (left.magnitude, right.magnitude)
        guard left.rank == right.rank else { return left.rank < right.rank }
        let (smaller, greater) = left.rank < 0 ? (right, left) : (left, right)
        guard smaller.point == greater.point else { return smaller.point < greater.point }
        return smaller.digits.lexicographicallyPrecedes(greater.digits)
    }
}

extension ExactDecimal: LosslessStringConvertible {
    /// The digits as they were sent.
    public var description: String { text }
}

extension ExactDecimal: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    /// Makes the value of an integer literal.
    ///
    /// - Parameter value: the number.
    public init(integerLiteral value: Int) { self.init(value) }

    /// Makes the value of a literal such as `"9.90"`.
    ///
    /// - Parameter value: a number; any other text is a programming error.
    public init(stringLiteral value: String) {
        guard let decimal = ExactDecimal(value) else { preconditionFailure("'\(value)' is no number") }
        self = decimal
    }
}

extension ExactDecimal: Codable {
    /// Reads a JSON number, or one of the strings `NaN`, `Infinity` and `-Infinity`.
    ///
    /// - Parameter decoder: the decoder of the value.
    /// - Throws: `DecodingError` for anything else.
    public init(from decoder: any Decoder) throws {
        if let decoder = decoder as? JSONValueDecoder, decoder.value.kind == .number {
            self.init(number: decoder.value.bytes)
            return
        }
        let container = try decoder.singleValueContainer()
        if let decimal = try? container.decode(Decimal.self) {
            self.init(decimal)
            return
        }
        let text = try container.decode(String.self)
        guard Self.names.contains(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "The string is no numeric.")
        }
        self.init(number: ArraySlice(text.utf8))
    }

    /// Writes a JSON number, and `NaN` and the infinities as strings.
    ///
    /// - Parameter encoder: the encoder of the value.
    /// - Throws: `EncodingError` where an encoder other than ``RowEncoder`` would round.
    public func encode(to encoder: any Encoder) throws {
        if let encoder = encoder as? JSONNodeEncoder, isFinite {
            encoder.write(text)
            return
        }
        var container = encoder.singleValueContainer()
        guard isFinite else { return try container.encode(text) }
        guard let decimal else {
            let reason = "\(text) has more digits than a Decimal; encode it with a RowEncoder."
            let context = EncodingError.Context(codingPath: encoder.codingPath, debugDescription: reason)
            throw EncodingError.invalidValue(self, context)
        }
        try container.encode(decimal)
    }
}
