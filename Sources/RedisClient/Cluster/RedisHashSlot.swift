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
        let crc = CRC16.checksum(of: UnsafeRawBufferPointer(Self.hashedPart(of: key)))
        number = crc % UInt16(Self.count)
    }

    private static func hashedPart(of key: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        guard let opening = System.firstIndex(of: UInt8(ascii: "{"), in: UnsafeRawBufferPointer(key)) else {
            return key
        }
        let rest = UnsafeBufferPointer(rebasing: key[(opening + 1)...])
        guard let closing = System.firstIndex(of: UInt8(ascii: "}"), in: UnsafeRawBufferPointer(rest)), closing > 0
        else {
            return key
        }
        return UnsafeBufferPointer(rebasing: rest[..<closing])
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
