/// The type of a declared input: a scalar, or a list of one.
public struct InputType: Hashable, Sendable, CustomStringConvertible {
    /// The types a single value can have.
    public enum Scalar: String, Hashable, Sendable, CaseIterable {
        /// A whole number of 64 bits.
        case int
        /// A whole number of 32 bits.
        case int32
        /// A finite IEEE 754 double.
        case double
        /// A decimal number of any precision; only in a body it has a scale, and may be written with an exponent.
        case decimal
        /// `true` or `false`.
        case bool
        /// UTF-8 text without NUL.
        case string
        /// A UUID in its hyphenated form (RFC 9562).
        case uuid
        /// A calendar date, `2024-02-29`.
        case date
        /// A moment, written as in RFC 3339; without a zone it is UTC.
        case timestamp
        /// A JSON value; only in a request's body.
        case json
    }

    /// The type of the value or, in a list, of each element.
    public let scalar: Scalar
    /// Whether the input is a list: a query name that may be repeated, or an array in a body.
    public let isList: Bool

    /// A type from its parts.
    public init(_ scalar: Scalar, isList: Bool = false) {
        self.scalar = scalar
        self.isList = isList
    }

    /// Reads the manifest's notation: `int`, or `[int]` for a list.
    public init?(notation: some StringProtocol) {
        let isList = notation.hasPrefix("[") && notation.hasSuffix("]") && notation.count > 2
        let name = isList ? String(notation.dropFirst().dropLast()) : String(notation)
        guard let scalar = Scalar(rawValue: name) else { return nil }
        self.init(scalar, isList: isList)
    }

    /// The manifest's notation.
    public var description: String { isList ? "[\(scalar.rawValue)]" : scalar.rawValue }

    /// A whole number of 64 bits.
    public static let int = InputType(.int)
    /// A whole number of 32 bits.
    public static let int32 = InputType(.int32)
    /// A finite IEEE 754 double.
    public static let double = InputType(.double)
    /// A decimal number of any precision.
    public static let decimal = InputType(.decimal)
    /// `true` or `false`.
    public static let bool = InputType(.bool)
    /// UTF-8 text without NUL.
    public static let string = InputType(.string)
    /// A UUID.
    public static let uuid = InputType(.uuid)
    /// A calendar date.
    public static let date = InputType(.date)
    /// A moment.
    public static let timestamp = InputType(.timestamp)
    /// A JSON value, in a request's body.
    public static let json = InputType(.json)
    /// A list of values of one scalar type.
    public static func list(_ scalar: Scalar) -> InputType { InputType(scalar, isList: true) }
}
