import Testing

@testable import CachedRoutes
@testable import CachedRoutesCore

@Suite("The checksum of an entry")
struct ChecksumTests {
    private func sum(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes { Checksum.sum(of: $0) } }

    private let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 37) }

    @Test("is the same in every version and on every machine, or what is stored is lost")
    func pinned() {
        #expect(sum([]) == 16_466_339_917_708_454_266)
        #expect(sum(bytes) == 7_348_412_771_141_256_522)
    }

    @Test("does not depend on where the bytes lie")
    func alignment() {
        let padded = [UInt8](repeating: 0, count: 8) + bytes
        for shift in 0..<8 {
            let moved = Array(padded[(8 - shift)...])
            moved.withUnsafeBytes {
                #expect(Checksum.sum(of: UnsafeRawBufferPointer(rebasing: $0[shift...])) == sum(bytes))
            }
        }
    }

    @Test("differs for every length, for every change of eight bytes in a row, and for a changed order")
    func changes() {
        var seen: Set<UInt64> = []
        for length in 0...bytes.count {
            #expect(seen.insert(sum([UInt8](repeating: 0, count: length))).inserted)
            #expect(length < 2 || seen.insert(sum(Array(bytes[..<length]))).inserted)
        }
        for start in stride(from: 0, to: bytes.count, by: 8) {
            var changed = bytes
            for index in start..<(start + 8) { changed[index] = .random(in: 0...255) }
            #expect(changed == bytes || sum(changed) != sum(bytes))
        }
        for start in stride(from: 0, to: bytes.count - 8, by: 8) {
            var changed = bytes
            for index in start..<(start + 8) { changed.swapAt(index, index + 8) }
            #expect(sum(changed) != sum(bytes))
        }
    }
}
