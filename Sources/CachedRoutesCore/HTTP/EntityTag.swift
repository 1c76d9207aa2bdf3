import CLibcrypto
import NIOCore

/// Entity tags (RFC 9110, 8.8.3): strong ones, computed from the bytes of a body, and those that a handler sets.
///
/// All representations of a response derive their tags from that of the representation without a coding. With a coding,
/// the coding's name is appended to a strong tag, because the bytes differ (8.8.3.3). A weak tag does not identify
/// bytes and is the same for all representations.
enum EntityTag {
    /// An entity tag in the syntax of a field.
    struct Value: Sendable, Hashable {
        /// The text between the quotes.
        let opaque: String
        let isWeak: Bool
    }

    /// The origin of a response's tag.
    enum Origin: Sendable, Hashable {
        /// This service computed it from the body.
        case body
        /// The handler set it.
        case handler(isWeak: Bool)

        var isWeak: Bool { self == .handler(isWeak: true) }
    }

    /// Computes the opaque part of the tag of `body` without a coding: the same in every process, and after every
    /// refresh with the same bytes.
    ///
    /// It is SHA-256 truncated to 128 bits. The hash must be resistant to collisions: a client that can choose two
    /// bodies with one tag could make another client keep the wrong one (RFC 9110, 8.8.1).
    static func opaque(for body: ByteBuffer) -> String {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { digest in
            let isDone = body.withUnsafeReadableBytes { bytes in
                EVP_Digest(bytes.baseAddress, bytes.count, digest.baseAddress, nil, sha256, nil)
            }
            // Hashing needs nothing but a little memory.
            precondition(isDone == 1, "libcrypto can't hash")
            return hexadecimal(digest.prefix(length / 2))
        }
    }

    /// Derives the opaque part of the tag of the representation with `coding`.
    ///
    /// - Parameters:
    ///   - identity: the opaque part of the tag of the representation without a coding.
    ///   - coding: the coding.
    ///   - origin: the origin of the tag.
    static func opaque(of identity: String, coding: ContentCoding, origin: Origin = .body) -> String {
        if coding == .identity || origin.isWeak || origin == .body && identity.isEmpty { return identity }
        return "\(identity)-\(coding.rawValue)"
    }

    /// Indicates that `opaque` can be the tag of a representation with `coding`. An empty one from this service means
    /// that the response has no tag.
    ///
    /// - Parameters:
    ///   - opaque: the opaque part of the tag.
    ///   - coding: the coding of the representation.
    ///   - origin: the origin of the tag.
    static func isWellFormed(_ opaque: String, coding: ContentCoding, origin: Origin = .body) -> Bool {
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

    /// Derives the opaque part of the tag of the representation without a coding.
    ///
    /// - Parameters:
    ///   - opaque: the opaque part of the tag of the representation with `coding`.
    ///   - coding: the coding.
    ///   - origin: the origin of the tag.
    static func identity(of opaque: String, coding: ContentCoding, origin: Origin = .body) -> String {
        if coding == .identity || origin.isWeak || opaque.isEmpty { return opaque }
        return String(decoding: opaque.utf8.dropLast(coding.rawValue.utf8.count + 1), as: UTF8.self)
    }

    private static func suffix(_ coding: ContentCoding) -> [UInt8] { [UInt8(ascii: "-")] + Array(coding.rawValue.utf8) }

    /// Indicates an `etagc`: a visible character except the quote, or obs-text (RFC 9110, 8.8.3).
    static func isTagByte(_ byte: UInt8) -> Bool { byte == 0x21 || (0x23...0x7E).contains(byte) || byte >= 0x80 }

    /// The number of digits of a tag without a coding.
    private static let length = 32

    /// Constant and never freed, so any thread may use it.
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

    /// Indicates that an `If-None-Match` value lists the tag `opaque`, by weak comparison (RFC 9110, 8.8.3.2 and
    /// 13.1.2). Members before a malformed one count.
    ///
    /// - Parameters:
    ///   - opaque: the opaque part of the response's tag; `nil` if it has none, so that only `*` matches.
    ///   - value: the field's lines joined by commas.
    static func isListed(_ opaque: String?, in value: String) -> Bool {
        var value = value
        return value.withUTF8 { bytes in
            var list = EntityTagIterator(bytes)
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
    /// The error of a malformed `ETag` value.
    struct SyntaxError: Error {
        /// The rest of a sentence that starts with the field's name.
        let reason: String
    }

    /// Parses the value of an `ETag` field without surrounding whitespace.
    ///
    /// - Throws: ``SyntaxError`` if it is not an entity tag.
    init(reading value: String) throws(SyntaxError) {
        var rest = value.utf8[...]
        let isWeak = rest.starts(with: "W/".utf8)
        if isWeak { rest = rest.dropFirst(2) }
        guard rest.popFirst() == UInt8(ascii: "\""), rest.popLast() == UInt8(ascii: "\"") else {
            throw SyntaxError(reason: #"is not in double quotes, as "v1" and the weak W/"v1" are"#)
        }
        guard rest.allSatisfy(EntityTag.isTagByte) else {
            throw SyntaxError(reason: "has a space, a quote or a control character between its quotes")
        }
        self.init(opaque: String(Substring(rest)), isWeak: isWeak)
    }

    /// The tag in the syntax of a field.
    var fieldValue: String { (isWeak ? "W/\"" : "\"") + opaque + "\"" }
}
