/// A tag with its inputs filled in, for a purge: `"users"`, or `"user:\(id)"` for the `user:{id}` of a manifest.
///
/// A value is put in as the route's key has it, percent-encoded, so that a value with a `:` or a brace in it can't make another
/// tag. Give it in the type of the input: a `uuid` as a `UUID`, a `timestamp` as a `Date`.
public struct CacheTag: Hashable, Sendable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// The tag as the store's keys have it.
    public let description: String

    /// A tag that has all of its inputs already, percent-encoded where they need to be.
    ///
    /// - Returns: `nil` for text with a byte that no tag has (`TagTemplate.allows(_:)`), and for no text at all.
    public init?(text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy(TagTemplate.allows) else { return nil }
        description = text
    }

    /// A tag from a literal, which is text that tags may have.
    public init(stringLiteral text: String) {
        precondition(!text.isEmpty && text.utf8.allSatisfy(TagTemplate.allows), "'\(text)' is no tag")
        description = text
    }

    /// A tag from a literal with values.
    public init(stringInterpolation: StringInterpolation) {
        description = String(decoding: stringInterpolation.bytes, as: UTF8.self)
    }

    /// Puts values into tags.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        /// Begins with nothing.
        public init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        /// Adds text that tags may have.
        public mutating func appendLiteral(_ text: String) {
            precondition(text.utf8.allSatisfy(TagTemplate.allows), "'\(text)' can't stand in a tag")
            bytes.append(contentsOf: text.utf8)
        }

        /// Adds the value of an input.
        public mutating func appendInterpolation(_ value: some CanonicalValue) {
            PercentEncoding.append(value.canonicalText.utf8, to: &bytes, spaceAsPlus: false)
        }
    }
}
