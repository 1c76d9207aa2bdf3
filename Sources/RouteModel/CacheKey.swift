/// The key of an entry.
package struct CacheKey: Hashable, Sendable, CustomStringConvertible {
    /// One of the forms of a response that are stored side by side.
    package enum Variant: String, Hashable, Sendable {
        /// The body without a content coding.
        case identity = ""
        /// The body in gzip coding.
        case gzip = ";gzip"
    }

    /// The length in bytes of the longest key in the store, without the variant's suffix.
    package static let longestStored = 512

    /// The whole key without the variant's suffix. It has no `;`.
    package let whole: [UInt8]
    /// The form of the response.
    package let variant: Variant

    /// Makes a key from its bytes.
    ///
    /// - Parameters:
    ///   - whole: the whole key without the variant's suffix.
    ///   - variant: the form of the response.
    package init(whole: [UInt8], variant: Variant = .identity) {
        self.whole = whole
        self.variant = variant
    }

    /// Makes a key from a key of the store that is not shortened.
    package init(stored key: some Collection<UInt8>) {
        let name = Array(Variant.gzip.rawValue.utf8)
        if key.suffix(name.count).elementsEqual(name) {
            self.init(whole: Array(key.dropLast(name.count)), variant: .gzip)
        } else {
            self.init(whole: Array(key))
        }
    }

    /// Hashes all bytes at once; an array's own implementation hashes them one by one.
    package func hash(into hasher: inout Hasher) {
        whole.withUnsafeBytes { hasher.combine(bytes: $0) }
        hasher.combine(variant == .gzip)
    }

    /// The key of the other form of the same response.
    package var other: CacheKey { variant(variant == .identity ? .gzip : .identity) }

    /// The key of a form of the same response.
    package func variant(_ variant: Variant) -> CacheKey { CacheKey(whole: whole, variant: variant) }

    /// Indicates that the key in the store is shortened, so that the entry has to carry the whole key.
    package var isCut: Bool { whole.count > Self.longestStored }

    /// The key in the store: the whole key, or its shortened form if it is too long, followed by the variant's suffix.
    package var stored: [UInt8] {
        let key = Self.shortened(whole)
        return variant == .identity ? key : key + Array(variant.rawValue.utf8)
    }

    /// Shortens a key of more than 512 bytes to its first 400 bytes, `#` and the hash of all of it.
    static func shortened(_ key: [UInt8]) -> [UInt8] {
        key.count > longestStored ? key[..<400] + [UInt8(ascii: "#")] + Array(Hash128(key).hexadecimal.utf8) : key
    }

    /// The whole key as text. Keys are ASCII.
    package var description: String { String(decoding: whole, as: UTF8.self) + variant.rawValue }
}
