/// A 128-bit hash for shortened keys, fingerprints of manifests and the names of fill locks.
///
/// It is MurmurHash3 in its x64 128-bit form with seed 0 (Austin Appleby, public domain): the same in every process and
/// on every machine, and several gigabytes a second. It does not resist deliberate collisions, and nothing relies on
/// that: an entry under a shortened key carries the whole key. Entity tags, which clients could attack, are made by
/// SHA-256 instead.
package struct Hash128: Hashable, Sendable {
    /// The first half of the digest.
    package let first: UInt64
    /// The second half of the digest.
    package let second: UInt64

    /// Hashes `bytes`.
    package init(_ bytes: UnsafeRawBufferPointer) {
        var h1: UInt64 = 0
        var h2: UInt64 = 0
        let blocks = bytes.count / 16
        for block in 0..<blocks {
            let k1 = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: block &* 16, as: UInt64.self))
            let k2 = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: block &* 16 &+ 8, as: UInt64.self))
            h1 ^= Self.scramble1(k1)
            h1 = (Self.rotate(h1, 27) &+ h2) &* 5 &+ 0x52dc_e729
            h2 ^= Self.scramble2(k2)
            h2 = (Self.rotate(h2, 31) &+ h1) &* 5 &+ 0x3849_5ab5
        }
        var k1: UInt64 = 0
        var k2: UInt64 = 0
        for (offset, byte) in bytes[(blocks &* 16)...].enumerated() {
            if offset < 8 {
                k1 |= UInt64(byte) &<< (8 &* UInt64(offset))
            } else {
                k2 |= UInt64(byte) &<< (8 &* UInt64(offset &- 8))
            }
        }
        h1 ^= Self.scramble1(k1)
        h2 ^= Self.scramble2(k2)
        h1 ^= UInt64(bytes.count)
        h2 ^= UInt64(bytes.count)
        h1 &+= h2
        h2 &+= h1
        h1 = Self.avalanche(h1)
        h2 = Self.avalanche(h2)
        h1 &+= h2
        h2 &+= h1
        first = h1
        second = h2
    }

    /// Hashes the bytes of a sequence, without a copy if its storage is contiguous.
    package init(_ bytes: some Sequence<UInt8>) {
        self =
            bytes.withContiguousStorageIfAvailable { Self(UnsafeRawBufferPointer($0)) }
            ?? Array(bytes).withUnsafeBytes { Self($0) }
    }

    /// The digest as 32 lowercase hexadecimal digits.
    package var hexadecimal: String {
        String(unsafeUninitializedCapacity: 32) { digits in
            for index in 0..<16 {
                digits[index] = Self.digit(first &>> UInt64(60 &- 4 &* index))
                digits[16 + index] = Self.digit(second &>> UInt64(60 &- 4 &* index))
            }
            return 32
        }
    }

    private static func digit(_ value: UInt64) -> UInt8 {
        let nibble = UInt8(truncatingIfNeeded: value & 15)
        return nibble < 10 ? UInt8(ascii: "0") &+ nibble : UInt8(ascii: "a") &- 10 &+ nibble
    }

    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 &- count)
    }

    private static func scramble1(_ value: UInt64) -> UInt64 {
        rotate(value &* 0x87c3_7b91_1142_53d5, 31) &* 0x4cf5_ad43_2745_937f
    }

    private static func scramble2(_ value: UInt64) -> UInt64 {
        rotate(value &* 0x4cf5_ad43_2745_937f, 33) &* 0x87c3_7b91_1142_53d5
    }

    private static func avalanche(_ value: UInt64) -> UInt64 {
        var value = value
        value ^= value &>> 33
        value &*= 0xff51_afd7_ed55_8ccd
        value ^= value &>> 33
        value &*= 0xc4ce_b9fe_1a85_ec53
        value ^= value &>> 33
        return value
    }
}
