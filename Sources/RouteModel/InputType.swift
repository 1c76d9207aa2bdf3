/// The type of a declared input: a scalar or a list of scalars.
public struct InputType: Hashable, Sendable, CustomStringConvertible {
    /// The type of a single value.
    public struct Scalar: Hashable, Sendable, CustomStringConvertible, ExtensibleEnum {
        /// A 64-bit integer.
        public static let int = Scalar(.int)
        /// A 32-bit integer.
        public static let int32 = Scalar(.int32)
        /// A finite IEEE 754 double.
        public static let double = Scalar(.double)
        /// A decimal number of any precision. In a body it has a scale and may have an exponent.
        public static let decimal = Scalar(.decimal)
        /// `true` or `false`.
        public static let bool = Scalar(.bool)
        /// UTF-8 text without NUL.
        public static let string = Scalar(.string)
        /// A UUID in its hyphenated form (RFC 9562).
        public static let uuid = Scalar(.uuid)
        /// A calendar date, `2024-02-29`.
        public static let date = Scalar(.date)
        /// A point in time in the format of RFC 3339; UTC if the zone is left out.
        public static let timestamp = Scalar(.timestamp)
        /// A JSON value; allowed only in a request's body.
        public static let json = Scalar(.json)

        /// The values of this version.
        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case int, int32, double, decimal, bool, string, uuid, date, timestamp, json
        }

        /// The value.
        package let kind: Kind

        /// Makes a choice.
        package init(_ kind: Kind) { self.kind = kind }

        /// The spelling in a manifest.
        public var description: String { rawValue }
    }

    /// The type of the value, or of each element of a list.
    public let scalar: Scalar
    /// Indicates a list: a query parameter that may be repeated, or an array in a body.
    public let isList: Bool

    /// Makes a type.
    ///
    /// - Parameters:
    ///   - scalar: the type of the value, or of each element of a list.
    ///   - isList: makes a list.
    package init(_ scalar: Scalar, isList: Bool = false) {
        self.scalar = scalar
        self.isList = isList
    }

    /// Reads the manifest's notation: `int`, or `[int]` for a list.
    package init?(notation: some StringProtocol) {
        let isList = notation.hasPrefix("[") && notation.hasSuffix("]") && notation.count > 2
        let name = isList ? String(notation.dropFirst().dropLast()) : String(notation)
        guard let scalar = Scalar(rawValue: name) else { return nil }
        self.init(scalar, isList: isList)
    }

    /// The manifest's notation.
    public var description: String { isList ? "[\(scalar.rawValue)]" : scalar.rawValue }

    /// A 64-bit integer.
    public static let int = InputType(.int)
    /// A 32-bit integer.
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
    /// A point in time.
    public static let timestamp = InputType(.timestamp)
    /// A JSON value, in a request's body.
    public static let json = InputType(.json)
    /// A list of values of a scalar type.
    public static func list(_ scalar: Scalar) -> InputType { InputType(scalar, isList: true) }
}
