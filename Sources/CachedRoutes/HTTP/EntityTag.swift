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
    /// - Parameter value: the field's lines joined by commas. What is malformed matches nothing.
    static func isListed(_ opaque: String, in value: String) -> Bool {
        var rest = value.utf8[...]
        func skip(_ isSkipped: (UInt8) -> Bool) { rest = rest.drop(while: isSkipped) }
        skip { $0 == 0x20 || $0 == 0x09 }
        if rest.elementsEqual("*".utf8) { return true }
        while true {
            skip { $0 == 0x20 || $0 == 0x09 || $0 == 0x2C }
            if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
            guard rest.first == 0x22 else { return false }
            rest = rest.dropFirst()
            let tag = rest.prefix { $0 != 0x22 }
            rest = rest[tag.endIndex...]
            guard rest.first == 0x22 else { return false }
            if tag.elementsEqual(opaque.utf8) { return true }
            rest = rest.dropFirst()
        }
    }
}
