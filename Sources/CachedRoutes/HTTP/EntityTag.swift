import NIOCore
import RouteModel

/// Strong entity tags from the bytes of a body, and the comparison that `If-None-Match` asks for.
enum EntityTag {
    /// The opaque part of the tag of `body`: the same in every process and after every refresh with the same bytes.
    static func opaque(for body: ByteBuffer) -> String {
        body.withUnsafeReadableBytes { Hash128($0).hexadecimal }
    }

    /// Whether an `If-None-Match` value lists the tag `opaque`, by weak comparison (RFC 9110, 8.8.3.2 and 13.1.2).
    ///
    /// A tag ends at the next quote: spaces and obs-text before it are part of the tag, and nothing is escaped. What is
    /// malformed matches nothing and ends the list, since nobody can say where the next member begins; `*` is malformed
    /// beside others.
    ///
    /// - Parameter value: the field's lines joined by commas.
    static func isListed(_ opaque: String, in value: String) -> Bool {
        var value = value
        return value.withUTF8 { isListed(opaque, in: $0[...]) }
    }

    private static func isListed(_ opaque: String, in value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var rest = value.trimmed
        if rest.elementsEqual("*".utf8) { return true }
        while true {
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x2C }
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            guard rest.popFirst() == 0x22 else { return false }
            let tag = rest.prefix { $0 != 0x22 }
            rest = rest[tag.endIndex...]
            guard rest.popFirst() == 0x22 else { return false }
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
            guard rest.isEmpty || rest.first == 0x2C else { return false }
            if tag.elementsEqual(opaque.utf8) { return true }
        }
    }
}
