import Fuzzing
import NIOCore
import TestServers
import Testing

@testable import RedisClient

@Suite struct RedisHashSlotTests {
    /// CRC-16/XMODEM bit by bit, of all bytes.
    private static func slowly(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var crc: UInt16 = 0
        for byte in bytes {
            crc ^= UInt16(byte) << 8
            for _ in 0..<8 { crc = crc & 0x8000 == 0 ? crc << 1 : crc << 1 ^ 0x1021 }
        }
        return crc % 16_384
    }

    private static func slot(_ key: String) -> UInt16 { RedisHashSlot(key: key.utf8).number }

    @Test(
        arguments: [("", 0), ("123456789", 0x31C3), ("foo", 12_182), ("bar", 5_061), ("a1", 7_785)]
            as [(String, UInt16)]
    )
    func `Known keys have their slots`(key: String, slot: UInt16) {
        #expect(Self.slot(key) == slot)
    }

    @Test(
        arguments: [
            ("{user1000}.following", "user1000"), ("{user1000}.followers", "user1000"), ("foo{bar}{zap}", "bar"),
            ("foo{{bar}}zap", "{bar"), ("foo{}{bar}", nil), ("{}", nil), ("{", nil), ("}{", nil), ("a}b", nil),
            ("}{a}", "a"), ("{a", nil), ("a{b}", "b"), ("{ }", " "),
        ] as [(String, String?)]
    )
    func `Only the first hash tag counts, if it is not empty`(key: String, tag: String?) {
        #expect(Self.slot(key) == Self.slowly((tag ?? key).utf8))
    }

    private static func key(_ random: inout SeededRandom) -> [UInt8] {
        (0..<random.below(40)).map { _ in
            switch random.below(8) {
            case 0: UInt8(ascii: "{")
            case 1: UInt8(ascii: "}")
            case 2: UInt8(random.below(256))
            default: UInt8(ascii: "a") + UInt8(random.below(26))
            }
        }
    }

    @Test func `Any bytes have the slot that the checksum bit by bit gives, however they are held`() {
        for seed in FuzzCases(2_000) {
            var random = SeededRandom(seed: seed)
            let key = Self.key(&random)
            var part = key[...]
            if let opening = key.firstIndex(of: 0x7B), let closing = key[opening...].firstIndex(of: 0x7D),
                closing > opening + 1
            {
                part = key[(opening + 1)..<closing]
            }
            let expected = Self.slowly(part)
            #expect(RedisHashSlot(key: key).number == expected, "seed \(seed): \(escaped(key))")
            #expect(RedisHashSlot(key: .bytes(key)).number == expected)
            #expect(RedisHashSlot(key: .buffer(ByteBuffer(bytes: key))).number == expected)
            // A collection whose elements are not beside each other.
            #expect(RedisHashSlot(key: key.reversed().reversed() as [UInt8]).number == expected)
            #expect(RedisHashSlot(key: key.lazy.map { $0 }).number == expected)
            #expect(expected < RedisHashSlot.count)
        }
    }

    @Test func `An argument's slot is that of the bytes that are sent`() {
        #expect(RedisHashSlot(key: .string("foo")).number == 12_182)
        #expect(RedisHashSlot(key: .string("{ü}x")).number == Self.slowly("ü".utf8))
        #expect(RedisHashSlot(key: .integer(-12)).number == Self.slowly("-12".utf8))
    }

    @Test func `There are as many slots as Redis has`() {
        #expect(RedisHashSlot(0)?.number == 0 && RedisHashSlot(16_383)?.number == 16_383)
        #expect(RedisHashSlot(-1) == nil && RedisHashSlot(16_384) == nil && RedisHashSlot(Int64.max) == nil)
    }

    @Test func `A server says the same`() async throws {
        let server = try await blocking { try RedisServer(arguments: ["--cluster-enabled", "yes"]) }
        defer { server.stop() }
        for seed in FuzzCases(500) {
            var random = SeededRandom(seed: seed)
            let key = Self.key(&random)
            let quoted = key.map { "\\x" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            let said = try await blocking { try server.ask("CLUSTER KEYSLOT \"\(quoted)\"") }
            #expect(said == ":\(RedisHashSlot(key: key))", "seed \(seed): \(escaped(key))")
        }
    }
}
