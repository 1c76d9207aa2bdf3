/// A tag with its inputs filled in, for a purge: `"users"`, or `"user:\(id)"` for the `user:{id}` of a manifest.
///
/// Values are percent-encoded as in the route's tags, so that a `:` or a brace in a value cannot make another tag. Give
/// each value in the type of the input: a `uuid` as a `UUID`, a `timestamp` as a `Date`.
public struct CacheTag: Hashable, Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// The tag as it is part of the store's keys.
    public let description: String

    /// Makes a tag from text in which all inputs are filled in and percent-encoded.
    ///
    /// - Parameter text: the tag.
    /// - Returns: `nil` for empty text, or if a byte is not allowed in tags: only `A-Z a-z 0-9 _ . - ~ : / @ % +` are.
    public init?(text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy(TagTemplate.allows) else { return nil }
        description = text
    }

    /// Makes a tag from a literal, which may only contain characters that are allowed in tags.
    public init(stringLiteral text: String) {
        precondition(!text.isEmpty && text.utf8.allSatisfy(TagTemplate.allows), "'\(text)' is no tag")
        description = text
    }

    /// Makes a tag from a literal with values.
    public init(stringInterpolation: StringInterpolation) {
        description = String(decoding: stringInterpolation.bytes, as: UTF8.self)
    }

    /// Fills values into a tag.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        /// Makes an empty tag.
        ///
        /// - Parameters:
        ///   - literalCapacity: the size of the literal text in bytes.
        ///   - interpolationCount: the number of values.
        public init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        /// Appends literal text, which may only contain characters that are allowed in tags.
        public mutating func appendLiteral(_ text: String) {
            precondition(text.utf8.allSatisfy(TagTemplate.allows), "'\(text)' can't stand in a tag")
            bytes.append(contentsOf: text.utf8)
        }

        /// Appends the percent-encoded value of an input.
        public mutating func appendInterpolation(_ value: some CanonicalTextConvertible) {
            PercentEncoding.append(value.canonicalText.utf8, to: &bytes, spaceAsPlus: false)
        }
    }
}
