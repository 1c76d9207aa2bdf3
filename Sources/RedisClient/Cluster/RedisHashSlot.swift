import NIOCore

/// A hash slot of Redis Cluster. Each key belongs to one of them, and each slot to one primary.
package struct RedisHashSlot: Hashable, Sendable, CustomStringConvertible {
    /// The number of slots.
    package static let count = 16_384

    /// The slot's number, from 0 to 16,383.
    package let number: UInt16

    /// Makes a slot from its number; `nil` if there is none with this number.
    package init?(_ number: some BinaryInteger) {
        guard let number = UInt16(exactly: number), number < Self.count else { return nil }
        self.number = number
    }

    /// Makes the slot of a key.
    ///
    /// Of a key with a hash tag, only the bytes between the first `{` and the next `}` count, so that keys with the same tag
    /// are in one slot. Empty braces are no tag.
    ///
    /// - Parameter key: the bytes of the whole key.
    package init(key: some Collection<UInt8>) {
        self =
            key.withContiguousStorageIfAvailable(Self.init(contiguous:))
            ?? Array(key).withUnsafeBufferPointer(Self.init)
    }

    private init(contiguous key: UnsafeBufferPointer<UInt8>) {
        // Most keys have no tag, which is found on the way.
        number = (Self.checksum(of: key, until: Self.opening) ?? Self.checksum(ofTagIn: key)) % UInt16(Self.count)
    }

    private static let opening = UInt8(ascii: "{")
    private static let closing = UInt8(ascii: "}")

    /// CRC-16/XMODEM, with the polynomial x¹⁶ + x¹² + x⁵ + 1; `nil` if a byte is the one to stop at.
    private static func checksum(of bytes: UnsafeBufferPointer<UInt8>, until stop: UInt8?) -> UInt16? {
        remainders.withUnsafeBufferPointer { remainders in
            var crc: UInt16 = 0
            for byte in bytes {
                if byte == stop { return nil }
                crc = (crc << 8) ^ remainders[Int((crc >> 8) ^ UInt16(byte))]
            }
            return crc
        }
    }

    /// The remainder for each value of the byte that leaves.
    private static let remainders: [UInt16] = (0..<256).map { byte in
        (0..<8).reduce(UInt16(byte) << 8) { remainder, _ in
            (remainder << 1) ^ (remainder & 0x8000 == 0 ? 0 : 0x1021)
        }
    }

    /// The checksum of a key with an opening brace: that of its hash tag, or of the whole key if it has none.
    private static func checksum(ofTagIn key: UnsafeBufferPointer<UInt8>) -> UInt16 {
        var hashed = key
        if let opening = key.firstIndex(of: opening) {
            let rest = key[(opening + 1)...]
            if let closing = rest.firstIndex(of: closing), closing > rest.startIndex {
                hashed = UnsafeBufferPointer(rebasing: rest[..<closing])
            }
        }
        return checksum(of: hashed, until: nil) ?? 0
    }

    /// The number.
    package var description: String { "\(number)" }
}

extension RedisHashSlot {
    /// Makes the slot of a key that is an argument of a command.
    package init(key: RedisCommand.Argument) {
        switch key {
        case .buffer(let buffer): self.init(key: buffer.readableBytesView)
        case .string(let string): self.init(key: string.utf8)
        case .bytes(let bytes): self.init(key: bytes)
        case .integer(let value): self.init(key: String(value).utf8)
        }
    }
}
