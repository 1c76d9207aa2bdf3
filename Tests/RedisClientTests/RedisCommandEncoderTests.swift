import Fuzzing
import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisCommandEncoderTests {
    /// The bytes of a command and in how many pieces they go out.
    private func encode(_ command: RedisCommand) -> (bytes: ByteBuffer, pieces: [ByteBuffer]) {
        var (output, pieces): (ByteBuffer, [ByteBuffer]) = (ByteBuffer(), [])
        RedisCommandEncoder.encode(command, into: &output) { pieces.append($0) }
        pieces.append(output)
        var whole = ByteBuffer()
        for piece in pieces { whole.writeImmutableBuffer(piece) }
        return (whole, pieces)
    }

    @Test func `Arguments of every type are formatted as RESP2`() {
        let command = RedisCommand("SET", [.buffer(ByteBuffer(string: "kéy")), .bytes([0, 13, 10]), "PX", -42, ""])
        let (bytes, pieces) = encode(command)
        #expect(
            String(buffer: bytes)
                == "*6\r\n$3\r\nSET\r\n$4\r\nkéy\r\n$3\r\n\0\r\n\r\n$2\r\nPX\r\n$3\r\n-42\r\n$0\r\n\r\n"
        )
        #expect(pieces.count == 1)
    }

    @Test func `A large argument goes out in its own memory and frames like a small one`() throws {
        let limit = RedisCommandEncoder.largeArgument
        let value = ByteBuffer(repeating: 0x78, count: limit)
        let large = encode(
            RedisCommand("MSET", ["a", .buffer(value), 7, .bytes(Array(repeating: 0x79, count: limit)), "b", "c"])
        )
        // "*7\r\n…" with each argument written by hand.
        var expected = ByteBuffer(string: "*7\r\n$4\r\nMSET\r\n$1\r\na\r\n$16384\r\n")
        expected.writeImmutableBuffer(value)
        expected.writeString("\r\n$1\r\n7\r\n$16384\r\n")
        expected.writeRepeatingByte(0x79, count: limit)
        expected.writeString("\r\n$1\r\nb\r\n$1\r\nc\r\n")
        #expect(large.bytes == expected)
        let address = { (buffer: ByteBuffer) in buffer.withUnsafeReadableBytes { Int(bitPattern: $0.baseAddress) } }
        #expect(large.pieces.contains { $0.readableBytes == limit && address($0) == address(value) })
    }

    @Test func `Both ways of formatting agree around the size where they change`() {
        for length in [0, 1, 9, 10, 99, 100, RedisCommandEncoder.largeArgument - 1, RedisCommandEncoder.largeArgument] {
            let command = RedisCommand.set(
                "key",
                .bytes(Array(repeating: 0x61, count: length)),
                expiresAfter: .seconds(1)
            )
            let expected =
                "*5\r\n$3\r\nSET\r\n$3\r\nkey\r\n$\(length)\r\n\(String(repeating: "a", count: length))\r\n$2\r\nPX\r\n$4\r\n1000\r\n"
            #expect(String(buffer: encode(command).bytes) == expected)
        }
    }

    @Test func `The size of a command is known before it is formatted`() {
        let commands: [RedisCommand] = [
            .ping, .get("key"), .mget((0..<120).map { .string("key\($0)") }),
            .set(
                "k",
                .bytes(Array(repeating: 1, count: 99_999)),
                expiresAfter: .milliseconds(1500),
                onlyIfAbsent: true
            ),
            RedisCommand("X", [.integer(.min), .integer(.max), 0, -1, 10, 99]),
        ]
        for command in commands { #expect(encode(command).bytes.readableBytes == command.encodedSize) }
    }

    @Test func `Commands follow each other in one buffer`() {
        var output = ByteBuffer()
        for _ in 0..<3 {
            RedisCommandEncoder.encode(.get("a"), into: &output) { _ in Issue.record("none is large") }
        }
        #expect(String(buffer: output) == String(repeating: "*2\r\n$3\r\nGET\r\n$1\r\na\r\n", count: 3))
    }

    @Test func `What is encoded is what hiredis reads back, for arguments of any type and length`() {
        for seed in FuzzCases(300) {
            var random = SeededRandom(seed: seed)
            var expected: [[UInt8]] = []
            let arguments = (0..<Int.random(in: 0...12, using: &random)).map { _ -> RedisCommand.Argument in
                let longest = [0, 1, 9, 10, 11, 99, 100, 1000, 17_000][Int.random(in: 0...8, using: &random)]
                let bytes = (0..<longest).map { _ in UInt8.random(in: 0...255, using: &random) }
                switch Int.random(in: 0...3, using: &random) {
                case 0:
                    expected.append(bytes)
                    return .bytes(bytes)
                case 1:
                    expected.append(bytes)
                    var buffer = ByteBuffer(string: "before")
                    buffer.writeBytes(bytes)
                    buffer.moveReaderIndex(forwardBy: 6)
                    return .buffer(buffer)
                case 2:
                    let text = String(repeating: "é", count: longest / 2)
                    expected.append(Array(text.utf8))
                    return .string(text)
                default:
                    let shift = Int64.random(in: 0...63, using: &random)
                    let number = Int64.random(in: .min ... .max, using: &random) >> shift
                    expected.append(Array(String(number).utf8))
                    return .integer(number)
                }
            }
            let command = RedisCommand("COMMAND", arguments)
            let (bytes, _) = encode(command)
            #expect(bytes.readableBytes == command.encodedSize)
            // A command has the form of a reply.
            let parser = RedisReplyParser(maximumReplySize: 1 << 20)
            var replies: [RedisReply] = []
            #expect(parser.parse(bytes, into: &replies) == nil)
            #expect(replies.count == 1 && !parser.isInsideReply)
            guard let reply = replies.first, reply.count == expected.count + 1 else {
                Issue.record("seed \(seed)")
                continue
            }
            #expect(reply[0].string == "COMMAND")
            for (index, argument) in expected.enumerated() {
                let read = reply[index + 1].bytes.map { Array($0.readableBytesView) }
                #expect(read == argument, "seed \(seed)")
            }
        }
    }

    @Test func `A life below a millisecond is a millisecond`() {
        let command = RedisCommand.set("k", "v", expiresAfter: .microseconds(1))
        #expect(String(buffer: encode(command).bytes).hasSuffix("$2\r\nPX\r\n$1\r\n1\r\n"))
    }
}
