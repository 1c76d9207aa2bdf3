import RouteModel
import Testing

@Suite struct Hash128Tests {
    @Test(
        "The hash has the values published for MurmurHash3 x64 128",
        arguments: [
            ("", "00000000000000000000000000000000"),
            ("hello", "cbd8a7b341bd9b025b1e906a48ae1d19"),
            ("hello, world", "342fac623a5ebc8e4cdcbc079642414d"),
            ("The quick brown fox jumps over the lazy dog", "e34bbc7bbc071b6c7a433ca9c49a9347"),
        ]
    )
    func publishedVectors(text: String, digest: String) {
        #expect(Hash128(text.utf8).hexadecimal == digest)
    }

    @Test("The same bytes have the same hash wherever they lie in memory")
    func alignment() {
        let bytes = (0..<67).map { UInt8(truncatingIfNeeded: $0 * 7) }
        let expected = Hash128(bytes)
        for shift in 0..<16 {
            let padded = [UInt8](repeating: 1, count: shift) + bytes
            #expect(Hash128(padded[shift...]) == expected)
        }
        #expect(Hash128(bytes.lazy.map { $0 }) == expected)
    }

    @Test("Every length of the last block, and every byte in it, counts")
    func tails() {
        var seen: Set<Hash128> = []
        for length in 0...48 {
            #expect(seen.insert(Hash128([UInt8](repeating: 0, count: length))).inserted)
            for index in 0..<length {
                var bytes = [UInt8](repeating: 0, count: length)
                bytes[index] = 1
                #expect(seen.insert(Hash128(bytes)).inserted)
            }
        }
    }
}
