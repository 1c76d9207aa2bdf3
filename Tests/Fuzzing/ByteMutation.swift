/// Changes to bytes that were well formed: what a fuzzer makes of them is wrong in few places, and so gets far.
public struct ByteMutation: Sendable {
    /// What is put in.
    private let pieces: [[UInt8]]

    /// Changes that put in these pieces, and bytes of any kind.
    public init(pieces: [String]) { self.pieces = pieces.map { Array($0.utf8) } }

    /// Changes `bytes` in so many places.
    public func apply(_ count: Int, to bytes: inout [UInt8], _ random: inout SeededRandom) {
        for _ in 0..<count { change(&bytes, &random) }
    }

    private func change(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
        let place = random.below(bytes.count + 1)
        let end = min(bytes.count, place + (random.oneIn(4) ? random.below(40) : random.below(3)) + 1)
        switch random.below(10) {
        case 0, 1: bytes.insert(contentsOf: random.pick(pieces), at: place)
        case 2: bytes.insert(UInt8(random.below(256)), at: place)
        case 3: bytes.removeSubrange(place..<end)
        case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 5: bytes.replaceSubrange(place..<end, with: random.pick(pieces))
        case 6 where place < bytes.count: bytes[place] = UInt8(random.below(256))
        case 7 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
        case 8 where place < bytes.count: bytes.swapAt(place, random.below(bytes.count))
        default:
            // Moves a part to another place.
            let part = Array(bytes[place..<end])
            bytes.removeSubrange(place..<end)
            bytes.insert(contentsOf: part, at: random.below(bytes.count + 1))
        }
    }
}

/// Bytes as they would stand in a Swift literal, for messages.
public func escaped(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { byte in
        switch byte {
        case 0x0D: "\\r"
        case 0x0A: "\\n"
        case 0x09: "\\t"
        case 0x5C: "\\\\"
        case 0x20...0x7E: String(UnicodeScalar(byte))
        default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
    }.joined()
}
