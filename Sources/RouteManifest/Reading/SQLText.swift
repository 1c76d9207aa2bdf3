/// A statement's text and the places of its characters.
struct SQLText: Sendable {
    let text: String
    let bytes: [UInt8]
    let places: SourceMap
    /// Indicates that YAML changed the statement, which has been reported.
    var isChanged = false
    /// The number of continuation bytes of UTF-8 before each byte and before the end; `nil` if there are none.
    private let continuations: [Int]?

    init(text: String, places: SourceMap) {
        self.text = text
        self.places = places
        bytes = Array(text.utf8)
        guard bytes.contains(where: { $0 >= 0x80 }) else {
            continuations = nil
            return
        }
        var counts = [0]
        counts.reserveCapacity(bytes.count + 1)
        for byte in bytes { counts.append(counts[counts.count - 1] + (byte & 0xC0 == 0x80 ? 1 : 0)) }
        continuations = counts
    }

    /// The place of the character to which the byte at `offset` belongs.
    func location(at offset: Int) -> Location {
        var offset = min(offset, bytes.count)
        while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
        return places.location(ofScalar: offset - (continuations?[offset] ?? 0))
    }

    /// The text of a range of bytes.
    func source(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
