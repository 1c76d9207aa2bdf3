import CLibcrypto
import NIOCore

/// Entity tags (RFC 9110, 8.8.3): those that are made from the bytes of a body, which are strong, and those that a handler gives.
///
/// All forms of one answer share what the form without a coding has. The form with a coding has the coding's name behind it, since
/// its bytes are others (8.8.3.3); a weak tag says nothing of bytes, and is the same for all forms.
enum EntityTag {
    /// An entity tag as a field has it.
    struct Value: Sendable, Hashable {
        /// The text between the quotes.
        let opaque: String
        let isWeak: Bool
    }

    /// The maker of an answer's tag.
    enum Origin: Sendable, Hashable {
        /// This service, from the bytes.
        case body
        /// The handler, in its own words.
        case handler(isWeak: Bool)

        var isWeak: Bool { self == .handler(isWeak: true) }
    }

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
    static func opaque(of identity: String, _ coding: ContentCoding, _ origin: Origin = .body) -> String {
        if coding == .identity || origin.isWeak || origin == .body && identity.isEmpty { return identity }
        return "\(identity)-\(coding.rawValue)"
    }

    /// Tells whether `opaque` can be the tag of a form with `coding`; empty, from this service, it is that of an answer that has none.
    static func isWellFormed(_ opaque: String, _ coding: ContentCoding, _ origin: Origin = .body) -> Bool {
        guard origin == .body else {
            return opaque.utf8.allSatisfy(isTagByte)
                && (coding == .identity || origin.isWeak
                    || opaque.utf8.reversed().starts(with: suffix(coding).reversed()))
        }
        if opaque.isEmpty { return true }
        let bytes = opaque.utf8
        guard bytes.count >= length, bytes.prefix(length).allSatisfy(isDigit) else { return false }
        let rest = bytes.dropFirst(length)
        return coding == .identity ? rest.isEmpty : rest.elementsEqual(suffix(coding))
    }

    /// The opaque part for the form without a coding of the answer whose form with `coding` has the tag `opaque`.
    static func identity(of opaque: String, _ coding: ContentCoding, _ origin: Origin = .body) -> String {
        if coding == .identity || origin.isWeak || opaque.isEmpty { return opaque }
        return String(decoding: opaque.utf8.dropLast(coding.rawValue.utf8.count + 1), as: UTF8.self)
    }

    private static func suffix(_ coding: ContentCoding) -> [UInt8] { [UInt8(ascii: "-")] + Array(coding.rawValue.utf8) }

    /// Any visible character but the quote, and obs-text (RFC 9110, 8.8.3).
    static func isTagByte(_ byte: UInt8) -> Bool { byte == 0x21 || (0x23...0x7E).contains(byte) || byte >= 0x80 }

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

    /// Looks for the tag `opaque` in an `If-None-Match` value, by weak comparison (RFC 9110, 8.8.3.2 and 13.1.2). What stands before
    /// a malformed member counts.
    ///
    /// - Parameters:
    ///   - opaque: the opaque part of the answer's tag; `nil`: it has none, and `*` alone matches.
    ///   - value: the field's lines joined by commas.
    static func isListed(_ opaque: String?, in value: String) -> Bool {
        var value = value
        return value.withUTF8 { bytes in
            var list = EntityTagList(bytes)
            if list.isAny { return true }
            guard let opaque else { return false }
            while case .tag(let tag, _) = list.next() {
                if tag.elementsEqual(opaque.utf8) { return true }
            }
            return false
        }
    }
}

extension EntityTag.Value {
    /// A value of `ETag` that is none.
    struct Malformed: Error {
        /// The rest of a sentence that begins with the field's name.
        let reason: String
    }

    /// Reads the value of an `ETag` field, without spaces around it.
    init(reading value: String) throws(Malformed) {
        var rest = value.utf8[...]
        let isWeak = rest.starts(with: "W/".utf8)
        if isWeak { rest = rest.dropFirst(2) }
        guard rest.popFirst() == UInt8(ascii: "\""), rest.popLast() == UInt8(ascii: "\"") else {
            throw Malformed(reason: #"is not in double quotes, as "v1" and the weak W/"v1" are"#)
        }
        guard rest.allSatisfy(EntityTag.isTagByte) else {
            throw Malformed(reason: "has a space, a quote or a control character between its quotes")
        }
        self.init(opaque: String(Substring(rest)), isWeak: isWeak)
    }

    /// The value of a field that has the tag alone.
    var fieldValue: String { (isWeak ? "W/\"" : "\"") + opaque + "\"" }
}
