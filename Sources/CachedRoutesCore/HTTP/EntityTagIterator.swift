/// Iterates over the members of an `If-Match` or `If-None-Match` value (RFC 9110, 13.1.1 and 13.1.2).
///
/// A tag ends at the next quote: spaces and obs-text before it are part of the tag, and there is no escaping. A
/// malformed member ends the list, because the start of the next one cannot be determined; `*` is malformed beside
/// other members.
struct EntityTagIterator {
    typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    enum Member {
        /// - Parameter opaque: the text between the quotes.
        case tag(opaque: Bytes, isWeak: Bool)
        case malformed
    }

    /// Indicates `*`, which matches any current representation.
    let isAny: Bool
    private var rest: Bytes

    /// Makes a list from a field's lines joined by commas. The bytes must outlive it.
    init(_ value: UnsafeBufferPointer<UInt8>) {
        rest = value[...].trimmed
        isAny = rest.elementsEqual("*".utf8)
    }

    /// Reads the next member; `nil` at the end. Nothing can be read after a malformed one.
    mutating func next() -> Member? {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") || $0 == UInt8(ascii: ",") }
        guard !rest.isEmpty else { return nil }
        let isWeak = rest.starts(with: "W/".utf8)
        if isWeak { rest = rest.dropFirst(2) }
        guard rest.popFirst() == UInt8(ascii: "\"") else { return .malformed }
        let opaque = rest.prefix { $0 != UInt8(ascii: "\"") }
        rest = rest[opaque.endIndex...]
        guard rest.popFirst() != nil else { return .malformed }
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return .malformed }
        return .tag(opaque: opaque, isWeak: isWeak)
    }
}
