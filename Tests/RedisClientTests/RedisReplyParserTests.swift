import CHiredis
import NIOCore
import TestServers
import Testing

@testable import RedisClient

@Suite struct RedisReplyParserTests {
    private func parse(
        _ text: String,
        piece: Int = .max,
        limit: Int = 1 << 20
    ) -> (replies: [RedisReply], failure: RedisError?) {
        let parser = RedisReplyParser(maximumReplySize: limit)
        var (replies, rest): ([RedisReply], ByteBuffer) = ([], ByteBuffer(string: text))
        while rest.readableBytes > 0 {
            let slice = rest.readSlice(length: min(piece, rest.readableBytes))!
            if let failure = parser.parse(slice, into: &replies) { return (replies, failure) }
        }
        return (replies, nil)
    }

    /// A reply as text that shows its structure.
    private func show(_ reply: RedisReply) -> String {
        switch reply.kind {
        case .status: "+\(reply.string!)"
        case .error: "-\(reply.error!.message)"
        case .bulkString: "'\(reply.string!)'"
        case .integer: "\(reply.integer!)"
        case .null: "null"
        case .array: "[" + (0..<reply.count).map { show(reply[$0]) }.joined(separator: " ") + "]"
        }
    }

    @Test(arguments: [1, 2, 3, 7, .max])
    func `Every type is read whatever the pieces in which it arrives`(piece: Int) {
        let text =
            "+OK\r\n-ERR no such thing\r\n:-7\r\n$5\r\na\r\n\0c\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n*3\r\n$1\r\nx\r\n$-1\r\n:1\r\n"
            + "*3\r\n*2\r\n:1\r\n*1\r\n$1\r\ny\r\n*0\r\n:3\r\n+last\r\n"
        let (replies, failure) = parse(text, piece: piece)
        #expect(failure == nil)
        #expect(
            replies.map(show) == [
                "+OK", "-ERR no such thing", "-7", "'a\r\n\0c'", "''", "null", "null", "[]", "['x' null 1]",
                "[[1 ['y']] [] 3]", "+last",
            ]
        )
        #expect(replies[1].error?.code == "ERR")
        #expect(replies[0].isOK && !replies[10].isOK)
    }

    @Test func `Strings are the same whether they are short enough to have no buffer or not`() throws {
        let lengths = [0, 1, 8, 15, 16, 17, 32, 300]
        // Neighbours of each other, in both orders.
        for pair in lengths.flatMap({ first in lengths.map { [first, $0] } }) {
            let strings = pair.map { length in (0..<length).map { UInt8(truncatingIfNeeded: 0xF0 + $0) } }
            let wire = strings.map { "$\($0.count)\r\n".utf8 + $0 + "\r\n".utf8 }
            let parser = RedisReplyParser(maximumReplySize: 1 << 20)
            var replies: [RedisReply] = []
            #expect(parser.parse(ByteBuffer(bytes: "*2\r\n".utf8 + wire[0] + wire[1] + wire[1]), into: &replies) == nil)
            try #require(replies.count == 2)
            for (position, string) in strings.enumerated() {
                #expect(replies[0].bytes(at: position).map { Array($0.readableBytesView) } == string)
                #expect(RedisValues(replies[0]).withUnsafeReadableBytes(at: position) { Array($0) } == string)
                #expect(replies[0][position].string == String(decoding: string, as: UTF8.self))
            }
            #expect(replies[1].bytes.map { Array($0.readableBytesView) } == strings[1])
            #expect(replies[0].byteCount == pair[0] + pair[1] && replies[1].byteCount == pair[1])
        }
    }

    @Test func `Elements of an array that are not short share one buffer`() throws {
        let value = String(repeating: "v", count: 3_000)
        let reply = try #require(
            parse("*3\r\n$3000\r\n\(value)\r\n$17\r\n0123456789abcdefg\r\n$17\r\n0123456789abcdefg\r\n").replies.first
        )
        let first = try #require(reply[0].bytes), third = try #require(reply[2].bytes)
        let address = { (buffer: ByteBuffer) in buffer.withUnsafeReadableBytes { Int(bitPattern: $0.baseAddress!) } }
        #expect(address(third) - address(first) == 3_017)
        #expect(String(buffer: first) == value)
    }

    @Test(arguments: [
        "garbage\r\n", "$5\r\nabcdeXY", "$5\r\nabcdeX\n", "$5\r\nabcde\rY", "$x\r\n", ":12x\r\n", "*x\r\n", "$5\rabc",
        "$-2\r\n",
        String(repeating: "*1\r\n", count: 9) + ":1\r\n",
        String(repeating: "+", count: 70_000), "$" + String(repeating: "1", count: 70_000),
        "_\r\n", "%1\r\n+a\r\n+b\r\n", ",1.5\r\n", "#t\r\n", ">1\r\n+a\r\n",
    ])
    func `Garbage is refused and what came before it is kept`(text: String) {
        let (replies, failure) = parse("+before\r\n" + text)
        #expect(replies.map(show) == ["+before"])
        #expect(failure?.code == .protocolViolation || failure?.code == .replyTooLarge)
    }

    @Test func `Eight arrays may be nested`() {
        let (replies, failure) = parse(String(repeating: "*1\r\n", count: 8) + ":1\r\n")
        #expect(failure == nil)
        #expect(replies.map(show) == ["[[[[[[[[1]]]]]]]]"])
    }

    @Test func `A parser that has failed stays failed`() {
        let parser = RedisReplyParser(maximumReplySize: 100)
        var replies: [RedisReply] = []
        #expect(parser.parse(ByteBuffer(string: "?\r\n"), into: &replies) != nil)
        #expect(parser.parse(ByteBuffer(string: "+OK\r\n"), into: &replies) != nil)
        #expect(replies.isEmpty)
    }

    @Test func `A reply over the bound is refused before it arrives`() {
        #expect(parse("$968\r\n", limit: 1_000).failure == nil)
        #expect(parse("$969\r\n", limit: 1_000).failure?.code == .replyTooLarge)
        #expect(parse("$9223372036854775807\r\n", limit: 1_000).failure?.code == .replyTooLarge)
        #expect(parse("$99999999999999999999\r\n", limit: 1_000).failure != nil)
        #expect(parse("*2147483647\r\n", limit: 1_000).failure?.code == .replyTooLarge)
        #expect(parse("*2\r\n$400\r\n\(String(repeating: "x", count: 400))\r\n$504\r\n", limit: 1_000).failure == nil)
        #expect(
            parse("*2\r\n$400\r\n\(String(repeating: "x", count: 400))\r\n$505\r\n", limit: 1_000).failure?.code
                == .replyTooLarge
        )
        // The bound is one reply's, not the connection's.
        let many = String(repeating: "$900\r\n\(String(repeating: "x", count: 900))\r\n", count: 10)
        #expect(parse(many, limit: 1_000).replies.count == 10)
    }

    @Test func `Whether a reply has begun is known`() {
        let parser = RedisReplyParser(maximumReplySize: 1_000)
        var replies: [RedisReply] = []
        func feed(_ text: String) -> Bool {
            #expect(parser.parse(ByteBuffer(string: text), into: &replies) == nil)
            return parser.isInsideReply
        }
        #expect(!parser.isInsideReply)
        #expect(!feed("+OK\r\n"))
        #expect(feed("$"))
        #expect(feed("5\r\nab"))
        #expect(!feed("cde\r\n"))
        #expect(feed("*2\r\n:1\r\n"))
        #expect(!feed(":2\r\n"))
    }

    /// In a process of its own: other tests have memory too.
    @Test func `A parser that goes takes no memory with it`() async {
        await #expect(processExitsWith: .success) {
            let part = ByteBuffer(string: "$12000\r\n" + String(repeating: "x", count: 10_000))
            func use(_ count: Int) {
                for _ in 0..<count {
                    var replies: [RedisReply] = []
                    #expect(RedisReplyParser(maximumReplySize: 1 << 20).parse(part, into: &replies) == nil)
                }
            }
            use(100)
            let base = ProcessResources.current()
            // What each of them holds would be 100 MB.
            use(10_000)
            let end = ProcessResources.current()
            #expect(end.memory ?? 0 < (base.memory ?? 0) + (32 << 20), "\(base); \(end)")
        }
    }

    /// The work of reading a bulk string of `size` bytes that arrives in reads of 64 KiB.
    private func work(size: Int) throws -> chiredis_work {
        let parser = RedisReplyParser(maximumReplySize: 64 << 20)
        var replies: [RedisReply] = []
        var wire = ByteBuffer(string: "*2\r\n$\(size)\r\n")
        wire.writeRepeatingByte(0x7a, count: size)
        wire.writeString("\r\n:1\r\n")
        while let piece = wire.readSlice(length: min(65_536, wire.readableBytes)), piece.readableBytes > 0 {
            #expect(parser.parse(piece, into: &replies) == nil)
        }
        let reply = try #require(replies.first)
        #expect(reply[0].bytes?.readableBytes == size)
        return parser.work
    }

    @Test func `Reading a large string takes work in proportion to its length`() throws {
        let (half, whole) = (try work(size: 8 << 20), try work(size: 16 << 20))
        for (work, size) in [(half, 8 << 20), (whole, 16 << 20)] {
            // All but the string's first bytes go past hiredis.
            #expect(work.fed_bytes < 16_384 + 100)
            #expect(work.passed_bytes == size)
            #expect(work.reservations == 0)
            #expect(work.moved_bytes < 65_536)
        }
    }

    @Test func `A string that is not large stays in the hands of hiredis`() throws {
        let work = try work(size: Int(CHIREDIS_LARGE_BYTES) - 1)
        #expect(work.fed_bytes > CHIREDIS_LARGE_BYTES)
        #expect(work.passed_bytes == 0)
        #expect(work.reservations == 1)
    }

    private static let noise: [UInt8] = {
        var state: UInt64 = 1
        return (0..<200_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }()

    @Test(arguments: [1, 2, 3, 5, 7, 100, 16_384, 16_390, 32_768, 65_536, 1 << 20])
    func `Large strings are read whole wherever reads part them, and so is what stands around them`(piece: Int) throws {
        let large = Int(CHIREDIS_LARGE_BYTES)
        let lengths = [large, 0, 10, large + 1, large * 3, large - 1, large]
        let strings = lengths.enumerated().map { index, length in Array(Self.noise[index..<index + length]) }
        var wire = ByteBuffer(string: ":7\r\n")
        func write(_ string: [UInt8]) {
            wire.writeString("$\(string.count)\r\n")
            wire.writeBytes(string)
            wire.writeString("\r\n")
        }
        write(strings[0])
        wire.writeString("*\(strings.count + 2)\r\n*1\r\n")
        write(strings[4])
        for string in strings { write(string) }
        wire.writeString("$-1\r\n+OK\r\n")
        let parser = RedisReplyParser(maximumReplySize: 1 << 20)
        var replies: [RedisReply] = []
        while let bytes = wire.readSlice(length: min(piece, wire.readableBytes)), bytes.readableBytes > 0 {
            #expect(parser.parse(bytes, into: &replies) == nil)
        }
        #expect(!parser.isInsideReply)
        #expect(replies.count == 4)
        func bytes(_ reply: RedisReply) -> [UInt8]? { reply.bytes.map { Array($0.readableBytesView) } }
        #expect(replies[0].integer == 7)
        #expect(bytes(replies[1]) == strings[0])
        #expect(bytes(replies[2][0][0]) == strings[4])
        for (index, string) in strings.enumerated() { #expect(bytes(replies[2][index + 1]) == string) }
        #expect(replies[2][strings.count + 1].isNull)
        #expect(replies[3].isOK)
    }

    @Test func `The memory of a large reply is used again when nobody has it, and let go when it is to be`() throws {
        let size = ReplyBufferPool.smallest
        let wire = ByteBuffer(string: "$\(size)\r\n\(String(repeating: "x", count: size))\r\n")
        let parser = RedisReplyParser(maximumReplySize: 1 << 20)
        func read() throws -> RedisReply {
            var replies: [RedisReply] = []
            #expect(parser.parse(wire, into: &replies) == nil)
            return try #require(replies.first)
        }
        var kept: [RedisReply] = []
        for _ in 0..<3 { kept.append(try read()) }
        #expect(kept.allSatisfy { $0.string?.utf8.count == size })
        let held = parser.spareCapacity
        #expect(held >= 3 * size)
        kept = []
        for _ in 0..<10 { _ = try read() }
        #expect(parser.spareCapacity == held)
        // Bounded, whoever has the replies.
        for _ in 0..<200 { kept.append(try read()) }
        #expect(parser.spareCapacity <= ReplyBufferPool.limit)
        #expect(kept.allSatisfy { $0.string?.utf8.count == size })
        parser.clearSpares()
        #expect(parser.spareCapacity == 0)
    }

    @Test(arguments: ["XY", "X\n", "\rY", "\n\r"])
    func `A large string that does not end where its length says is refused`(end: String) {
        let large = Int(CHIREDIS_LARGE_BYTES)
        for piece in [1 << 20, large + 3] {
            let parser = RedisReplyParser(maximumReplySize: 1 << 20)
            var replies: [RedisReply] = []
            var wire = ByteBuffer(string: "+before\r\n$\(large)\r\n\(String(repeating: "x", count: large))\(end)")
            var failure: RedisError?
            while let bytes = wire.readSlice(length: min(piece, wire.readableBytes)), bytes.readableBytes > 0 {
                failure = parser.parse(bytes, into: &replies)
            }
            #expect(failure?.code == .protocolViolation)
            #expect(replies.map(show) == ["+before"])
        }
    }

    @Test func `Reading many small replies at once moves each byte a bounded number of times`() {
        let parser = RedisReplyParser(maximumReplySize: 1 << 20)
        var replies: [RedisReply] = []
        let text = String(repeating: "$100\r\n\(String(repeating: "x", count: 100))\r\n", count: 40_000)
        #expect(parser.parse(ByteBuffer(string: text), into: &replies) == nil)
        #expect(replies.count == 40_000)
        // At most one move of the rest of a 16 KiB slice for each 1 KiB taken.
        #expect(parser.work.moved_bytes < parser.work.fed_bytes * 16)
    }
}
