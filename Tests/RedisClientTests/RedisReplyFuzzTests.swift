import CHiredis
import Fuzzing
import NIOCore
import Testing

@testable import RedisClient

/// Replies as they come off a network: in pieces that end anywhere.
@Suite struct RedisReplyFuzzTests {
    private static let mutation = ByteMutation(pieces: [
        "\r\n", "\r", "\n", "$", "*", ":", "+", "-", "$-1\r\n", "*-1\r\n", "*0\r\n", "$0\r\n\r\n", ":1\r\n", "+OK\r\n",
        "-1", "0",
        "9", "99999", "9223372036854775808", "*2\r\n", "$3\r\n", "\0", "_\r\n", "%1\r\n", "#t\r\n", ",1.5\r\n",
        ">1\r\n", " ", "\u{FF}",
    ])

    /// What a parser made of bytes.
    private struct Outcome: Equatable {
        var replies: [String] = []
        /// Why nothing more can be parsed.
        var failure: RedisError.Code?
        var isInsideReply = false
    }

    private static func parse(_ pieces: [ArraySlice<UInt8>], limit: Int) -> Outcome {
        let parser = RedisReplyParser(maximumReplySize: limit)
        var replies: [RedisReply] = []
        var outcome = Outcome()
        for piece in pieces where outcome.failure == nil {
            outcome.failure = parser.parse(ByteBuffer(bytes: piece), into: &replies)?.code
        }
        outcome.replies = replies.map(show)
        if outcome.failure == nil { outcome.isInsideReply = parser.isInsideReply }
        return outcome
    }

    private static func show(_ reply: RedisReply) -> String {
        func text(_ mark: String) -> String { mark + escaped(reply.bytes.map { Array($0.readableBytesView) } ?? []) }
        return switch reply.kind {
        case .status: text("+")
        case .error: text("-")
        case .bulkString: text("$")
        case .integer: ":\(reply.integer!)"
        case .null: "null"
        case .array: "[" + (0..<reply.count).map { show(reply[$0]) }.joined(separator: " ") + "]"
        }
    }

    /// Writes a reply.
    ///
    /// - Returns: the reply as ``show(_:)`` has it.
    private static func write(
        _ depth: Int,
        longest: Int,
        to bytes: inout [UInt8],
        _ random: inout SeededRandom
    ) -> String {
        func line(_ random: inout SeededRandom) -> String {
            random.pick(["OK", "", "ERR no", "a b", "QUEUED", "MOVED 1 a:1"])
        }
        switch random.below(depth > 0 ? 8 : 6) {
        case 0:
            let text = line(&random)
            bytes += "+\(text)\r\n".utf8
            return "+" + text
        case 1:
            let text = line(&random)
            bytes += "-\(text)\r\n".utf8
            return "-" + text
        case 2:
            let number = random.pick([0, 1, -1, .max, .min, Int(Int32.max)])
            bytes += ":\(number)\r\n".utf8
            return ":\(number)"
        case 3:
            bytes += random.pick(["$-1\r\n", "*-1\r\n"]).utf8
            return "null"
        case 4, 5:
            let length = random.below(longest)
            let string = (0..<length).map { _ in
                random.oneIn(3) ? random.pick([0x0D, 0x0A, 0x24, 0x00]) : UInt8(random.below(256))
            }
            bytes += "$\(length)\r\n".utf8 + string + [0x0D, 0x0A]
            return "$" + escaped(string)
        default:
            let count = random.below(4)
            bytes += "*\(count)\r\n".utf8
            return "["
                + (0..<count).map { _ in write(depth - 1, longest: longest, to: &bytes, &random) }.joined(
                    separator: " "
                ) + "]"
        }
    }

    @Test func `Replies, and what looks like them, are the same wherever reads part them`() {
        let cases = FuzzCases(3_000)
        var wholeOnes = 0
        for seed in cases {
            var random = SeededRandom(seed: seed)
            var bytes: [UInt8] = []
            let shown = (0..<random.number(1...4)).map { _ in Self.write(3, longest: 12, to: &bytes, &random) }
            let isMutated = random.oneIn(2)
            if isMutated { Self.mutation.apply(random.number(1...3), to: &bytes, &random) }
            let limit = random.oneIn(6) ? random.number(40...300) : 1 << 20
            let whole = Self.parse([bytes[...]], limit: limit)
            if !isMutated, limit == 1 << 20 {
                #expect(whole == Outcome(replies: shown), "seed \(seed): \(escaped(bytes))")
            }
            if whole.failure == nil { wholeOnes += 1 }
            // In every two pieces, byte by byte, and in some others.
            var partitions = bytes.indices.map { [bytes[..<$0], bytes[$0...]] }
            partitions.append(bytes.indices.map { bytes[$0...$0] })
            for _ in 0..<4 { partitions.append(Self.pieces(of: bytes, upTo: 20, &random)) }
            for pieces in partitions {
                let parted = Self.parse(pieces, limit: limit)
                guard parted != whole else { continue }
                Issue.record(
                    """
                    seed \(seed), limit \(limit): \(escaped(bytes))
                    is \(whole)
                    and, in pieces of \(pieces.map(\.count)), \(parted)
                    """
                )
                break
            }
        }
        if cases.count >= 1000 { #expect(wholeOnes > cases.count / 2, "\(wholeOnes)") }
    }

    @Test(arguments: [
        ("9223372036854775807", 1 << 20, RedisError.Code.replyTooLarge), ("1001", 1_000, .replyTooLarge),
        ("9223372036854775808", 1 << 20, .protocolViolation), ("18446744073709551616", 1 << 20, .protocolViolation),
        ("99999999999999999999999", 1 << 20, .protocolViolation),
        ("99999999999999999999x", 1 << 20, .protocolViolation),
        ("000099999999", 1_000, .protocolViolation), ("0005", 1_000, .protocolViolation),
        ("+5", 1_000, .protocolViolation),
        ("-2", 1_000, .protocolViolation), ("", 1_000, .protocolViolation), ("5\r", 1_000, .protocolViolation),
        ("1e3", 1_000, .protocolViolation), (" 5", 1_000, .protocolViolation), ("\05", 1_000, .protocolViolation),
    ])
    func `A length that is none, or is too large, is the same fault wherever reads part it`(
        length: String,
        limit: Int,
        expected: RedisError.Code
    ) {
        for (start, end) in [("$", "\r\n"), ("$", "\r\nabc"), ("*1\r\n$", "\r\n"), ("+x\r\n$", "\r\nabcdefgh")] {
            let bytes = Array("\(start)\(length)\(end)".utf8)
            for split in bytes.indices.dropFirst() {
                let outcome = Self.parse([bytes[..<split], bytes[split...]], limit: limit)
                #expect(outcome.failure == expected, "\(escaped(bytes)) at \(split)")
            }
            let single = Self.parse(bytes.indices.map { bytes[$0...$0] }, limit: limit)
            #expect(single.failure == expected, "\(escaped(bytes)) byte by byte")
        }
    }

    @Test func `A string over the bound that does not end where its length says is too large first`() {
        let bytes = Array("$500\r\n\(String(repeating: "x", count: 500))XY".utf8)
        for split in bytes.indices {
            #expect(Self.parse([bytes[..<split], bytes[split...]], limit: 200).failure == .replyTooLarge)
        }
    }

    @Test(arguments: ["XY", "\rY", "X\n", "\n\r", "\r\r"])
    func `A large string that does not end where its length says is refused wherever reads part it`(end: String) {
        let large = Int(CHIREDIS_LARGE_BYTES)
        for length in [large, large + 1, large * 2] {
            for start in ["$\(length)\r\n", "*2\r\n:1\r\n$\(length)\r\n"] {
                let bytes = Array("\(start)\(String(repeating: "x", count: length))\(end):1\r\n".utf8)
                let tail = bytes.count - 6
                for split in [1, start.utf8.count, start.utf8.count + 1] + Array(tail...bytes.count) {
                    let outcome = Self.parse([bytes[..<split], bytes[split...]], limit: 1 << 20)
                    #expect(outcome == Outcome(failure: .protocolViolation), "\(length) at \(split)")
                }
            }
        }
    }

    @Test(arguments: [0, 1, 2], [100, 101, 5_000, Int(CHIREDIS_LARGE_BYTES) + 1])
    func `A string behind the first ones is refused over its own bound, by its place, before it has come`(
        element: Int,
        length: Int
    ) {
        let before = String(repeating: "$-1\r\n", count: element)
        // Replies before it, of which the first may have more long elements, and nested arrays don't count.
        for (earlier, number) in [("", 0), ("*2\r\n$-1\r\n*1\r\n:1\r\n", 1), (":1\r\n*1\r\n$1\r\na\r\n", 2)] {
            let head = Array("\(earlier)*3\r\n\(before)$\(length)\r\nx".utf8)
            for longElements in 1...3 {
                for split in head.indices {
                    let parser = RedisReplyParser(maximumReplySize: 1 << 20, maximumLaterElementSize: 100)
                    // The replies of an earlier read are taken already.
                    var taken = 0
                    parser.shape = { RedisReplyShape(longElements: taken + $0 == number ? longElements : 7) }
                    var replies: [RedisReply] = []
                    var failure = parser.parse(ByteBuffer(bytes: head[..<split]), into: &replies)
                    taken = replies.count
                    replies = []
                    if failure == nil { failure = parser.parse(ByteBuffer(bytes: head[split...]), into: &replies) }
                    let isRefused = element >= longElements && length > 100
                    #expect(failure?.code == (isRefused ? .replyTooLarge : nil), "\(number) at \(split)")
                    if isRefused { #expect(failure?.element == element) }
                }
            }
        }
    }

    @Test(arguments: ["+", "-"], -3...3)
    func `A line that is too long is refused wherever reads part it`(mark: String, excess: Int) {
        let length = 65_535 + excess
        let bytes = Array("\(mark)\(String(repeating: "x", count: length))\r\n".utf8)
        let splits = [
            1, 100, 16_384, 16_385, 65_535, 65_536, 65_537, 65_538, bytes.count - 2, bytes.count - 1, bytes.count,
        ]
        for split in splits {
            let outcome = Self.parse(
                [bytes[..<min(split, bytes.count)], bytes[min(split, bytes.count)...]],
                limit: 1 << 20
            )
            #expect((outcome.failure != nil) == (length >= 65_535), "\(length) at \(split)")
        }
    }

    @Test func `Large replies are the same wherever reads part them`() {
        for seed in FuzzCases(40) {
            var random = SeededRandom(seed: seed)
            var bytes: [UInt8] = []
            let large = Int(CHIREDIS_LARGE_BYTES)
            let shown = (0..<random.number(1...3)).map { _ in Self.write(2, longest: large * 2, to: &bytes, &random) }
            let whole = Self.parse([bytes[...]], limit: 1 << 24)
            #expect(whole == Outcome(replies: shown), "seed \(seed)")
            for _ in 0..<4 {
                let pieces = Self.pieces(of: bytes, upTo: random.pick([100, 5000, large, large + 10]), &random)
                #expect(Self.parse(pieces, limit: 1 << 24) == whole, "seed \(seed): \(pieces.map(\.count))")
            }
            // What ends too early, or goes on where it should end.
            Self.mutation.apply(1, to: &bytes, &random)
            let mutated = Self.parse([bytes[...]], limit: 1 << 24)
            for _ in 0..<2 {
                let pieces = Self.pieces(of: bytes, upTo: random.pick([5000, large + 10]), &random)
                #expect(Self.parse(pieces, limit: 1 << 24) == mutated, "seed \(seed), mutated: \(pieces.map(\.count))")
            }
        }
    }

    private static func pieces(of bytes: [UInt8], upTo length: Int, _ random: inout SeededRandom) -> [ArraySlice<UInt8>]
    {
        var rest = bytes[...]
        var pieces: [ArraySlice<UInt8>] = []
        while !rest.isEmpty {
            let count = random.number(1...length)
            pieces.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
