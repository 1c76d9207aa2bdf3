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
        let crc = Self.remainders.withUnsafeBufferPointer { remainders in
            Self.hashedPart(of: key).reduce(0 as UInt16) { crc, byte in
                crc << 8 ^ remainders[Int(UInt8(crc >> 8) ^ byte)]
            }
        }
        number = crc % UInt16(Self.count)
    }

    /// For each byte the remainder of its division by the polynomial of CRC-16/XMODEM, x¹⁶ + x¹² + x⁵ + 1.
    private static let remainders: [UInt16] = (0..<256).map { byte in
        (0..<8).reduce(byte << 8) { crc, _ in crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
    }

    private static func hashedPart(of key: UnsafeBufferPointer<UInt8>) -> Slice<UnsafeBufferPointer<UInt8>> {
        guard let opening = key.firstIndex(of: UInt8(ascii: "{")) else { return key[...] }
        let rest = key[(opening + 1)...]
        guard let closing = rest.firstIndex(of: UInt8(ascii: "}")), closing > rest.startIndex else { return key[...] }
        return rest[..<closing]
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
