import CLibcrypto
import NIOCore

/// Strong entity tags from the bytes of a body, and the comparisons that conditions ask for.
///
/// All forms of one answer share what is made of the body without a coding; the form with a coding has the coding's name behind
/// it.
enum EntityTag {
    /// The opaque part of the tag of `body` without a coding: the same in every process and after every refresh with the same
    /// bytes.
    ///
    /// It is SHA-256 cut to 128 bits. Whoever chooses bodies must not be able to choose two of one tag: who has the one would be
    /// told that it is the other (RFC 9110, 8.8.1).
    static func opaque(for body: ByteBuffer) -> String {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
            let isDone = body.withUnsafeReadableBytes { bytes in
                EVP_Digest(bytes.baseAddress, bytes.count, digest.baseAddress, nil, sha256, nil)
            }
            // It needs nothing but a little memory.
            precondition(isDone == 1, "libcrypto can't hash")
            return hexadecimal(digest.prefix(length / 2))
        }
    }

    /// The opaque part for the form with `coding` of the answer whose form without one has the tag `identity`.
    static func opaque(of identity: String, _ coding: ContentCoding) -> String {
        coding == .identity || identity.isEmpty ? identity : "\(identity)-\(coding.rawValue)"
    }

    /// Whether `opaque` is the tag of a form with `coding`, or of an answer that has none.
    static func isWellFormed(_ opaque: String, _ coding: ContentCoding) -> Bool {
        if opaque.isEmpty { return true }
        let bytes = opaque.utf8
        guard bytes.count >= length, bytes.prefix(length).allSatisfy(isDigit) else { return false }
        let suffix = bytes.dropFirst(length)
        guard coding != .identity else { return suffix.isEmpty }
        return suffix.first == UInt8(ascii: "-") && suffix.dropFirst().elementsEqual(coding.rawValue.utf8)
    }

    /// The opaque part for the form without a coding of the answer whose form with `coding` has the tag `opaque`.
    static func identity(of opaque: String, _ coding: ContentCoding) -> String {
        coding == .identity || opaque.isEmpty ? opaque : String(opaque.prefix(length))
    }

    /// The digits of a tag without a coding.
    private static let length = 32

    /// Never changed once it is there, and never freed: any thread may use it.
    nonisolated(unsafe) private static let sha256: OpaquePointer? = cached_routes_sha256()

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }

    private static func hexadecimal(_ bytes: Slice<UnsafeMutableRawBufferPointer>) -> String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: bytes.count * 2) { text in
            for (index, byte) in bytes.enumerated() {
                text[index * 2] = digits.utf8Start[Int(byte >> 4)]
                text[index * 2 + 1] = digits.utf8Start[Int(byte & 15)]
            }
            return bytes.count * 2
        }
    }

    // MARK: - Conditions

    /// Whether an `If-None-Match` value lists the tag `opaque`, by weak comparison (RFC 9110, 8.8.3.2 and 13.1.2).
    ///
    /// A tag ends at the next quote: spaces and obs-text before it are part of the tag, and nothing is escaped. What is
    /// malformed matches nothing and ends the list, since nobody can say where the next member begins; `*` is malformed
    /// beside others.
    ///
    /// - Parameter value: the field's lines joined by commas.
    static func isListed(_ opaque: String, in value: String) -> Bool {
        anyListed(in: value) { tag, _ in tag.elementsEqual(opaque.utf8) }
    }

    /// Whether an `If-Match` value lists an answer, by strong comparison (RFC 9110, 8.8.3.2 and 13.1.1), in any of its forms: a
    /// client that has read it with a coding means the same state by it as one that has read it without.
    ///
    /// - Parameters:
    ///   - identity: the tag of the answer's form without a coding.
    ///   - value: the field's lines joined by commas.
    static func isListedInAnyForm(_ identity: String, in value: String) -> Bool {
        anyListed(in: value) { tag, isWeak in
            guard !isWeak, tag.starts(with: identity.utf8) else { return false }
            let suffix = tag.dropFirst(identity.utf8.count)
            return suffix.isEmpty
                || suffix.first == UInt8(ascii: "-")
                    && ContentCoding.allCases.contains {
                        $0 != .identity && suffix.dropFirst().elementsEqual($0.rawValue.utf8)
                    }
        }
    }

    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    private static func anyListed(in value: String, _ matches: (_ tag: Bytes, _ isWeak: Bool) -> Bool) -> Bool {
        var value = value
        return value.withUTF8 { anyListed(in: $0[...], matches) }
    }

    private static func anyListed(in value: Bytes, _ matches: (_ tag: Bytes, _ isWeak: Bool) -> Bool) -> Bool {
        var rest = value.trimmed
        if rest.elementsEqual("*".utf8) { return true }
        while true {
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x2C }
            let isWeak = rest.starts(with: "W/".utf8)
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.popFirst() == 0x22 else { return false }
            let tag = rest.prefix { $0 != 0x22 }
            rest = rest[tag.endIndex...]
            guard rest.popFirst() == 0x22 else { return false }
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
            guard rest.isEmpty || rest.first == 0x2C else { return false }
            if matches(tag, isWeak) { return true }
        }
    }
}
