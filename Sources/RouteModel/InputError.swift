/// The reason for refusing a value of an input.
package enum InputError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The input has neither a value nor a default and is not optional.
    case missing
    /// A query parameter that is not a list was given more than once.
    case repeated
    /// The text is not a value of the type.
    case malformed(InputType.Scalar)
    /// The text is not a value of the type, but would be if a space in it were a literal `+`, which the client has to
    /// send as `%2B`.
    case malformedWithoutPlus(InputType.Scalar)
    /// An integer or a double is outside the range of its type.
    case outOfRange(InputType.Scalar)
    /// The value is below this declared minimum.
    case belowMinimum(String)
    /// The value is above this declared maximum.
    case aboveMaximum(String)
    /// A string has fewer Unicode scalars than this declared minimum.
    case tooShort(Int)
    /// A string has more Unicode scalars than this declared maximum.
    case tooLong(Int)
    /// The value is not one of the declared values.
    case notOneOf([String])
    /// The bytes are not UTF-8.
    case invalidUTF8
    /// The text contains a NUL, which PostgreSQL's text cannot hold.
    case containsNUL
    /// A `%` is not followed by two hexadecimal digits.
    case malformedPercentEncoding
    /// The body, or the query of a route that rejects such parameters, has a name that the route does not declare.
    case undeclared
    /// The body's value for a list is not a JSON array.
    case notAList
    /// An element of the body's array is `null`.
    case containsNull

    /// A sentence for the client, made only of what the manifest declares.
    package var description: String {
        switch self {
        case .missing: "is required"
        case .repeated: "must be given once"
        case .malformed(let type): "must be \(Self.expectation(type))"
        case .malformedWithoutPlus(let type): "must be \(Self.expectation(type)) (send '+' as %2B)"
        case .outOfRange(let type): "is out of range for \(type.rawValue)"
        case .belowMinimum(let bound): "must be at least \(bound)"
        case .aboveMaximum(let bound): "must be at most \(bound)"
        case .tooShort(let length): "must have at least \(length) character\(length == 1 ? "" : "s")"
        case .tooLong(let length): "must have at most \(length) character\(length == 1 ? "" : "s")"
        case .notOneOf(let values): "must be one of \(values.joined(separator: ", "))"
        case .invalidUTF8: "must be valid UTF-8"
        case .containsNUL: "must not contain NUL"
        case .malformedPercentEncoding: "has a malformed percent-encoding"
        case .undeclared: "is not a parameter of this resource"
        case .notAList: "must be an array"
        case .containsNull: "must not contain null"
        }
    }

    private static func expectation(_ type: InputType.Scalar) -> String {
        switch type.kind {
        case .int: "a whole number"
        case .int32: "a whole number of 32 bits"
        case .double: "a number"
        case .decimal: "a decimal number such as 12.50"
        case .bool: "true or false"
        case .string: "text"
        case .uuid: "a UUID"
        case .date: "a date such as 2024-02-29"
        case .timestamp: "an RFC 3339 timestamp such as 2024-02-29T12:30:00Z"
        case .json: "JSON"
        }
    }
}

extension InputError {
    /// Indicates a value of the input's type that only the declaration's constraints refuse.
    package var isOfType: Bool {
        switch self {
        case .belowMinimum, .aboveMaximum, .tooShort, .tooLong, .notOneOf: true
        case .missing, .repeated, .malformed, .malformedWithoutPlus, .outOfRange, .invalidUTF8, .containsNUL,
            .malformedPercentEncoding,
            .undeclared, .notAList, .containsNull:
            false
        }
    }
}
