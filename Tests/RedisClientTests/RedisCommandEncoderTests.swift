import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisCommandEncoderTests {
    /// The bytes of a command and in how many pieces they go out.
    private func encode(_ command: RedisCommand) -> (bytes: ByteBuffer, pieces: [ByteBuffer]) {
        var (output, pieces): (ByteBuffer, [ByteBuffer]) = (ByteBuffer(), [])
        RedisCommandEncoder().encode(command, into: &output) { pieces.append($0) }
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

    @Test func `A formatter is used again and again`() {
        let encoder = RedisCommandEncoder()
        var output = ByteBuffer()
        for _ in 0..<3 { encoder.encode(.get("a"), into: &output) { _ in Issue.record("nothing large here") } }
        #expect(String(buffer: output) == String(repeating: "*2\r\n$3\r\nGET\r\n$1\r\na\r\n", count: 3))
    }

    @Test func `A life below a millisecond is a millisecond`() {
        let command = RedisCommand.set("k", "v", expiresAfter: .microseconds(1))
        #expect(String(buffer: encode(command).bytes).hasSuffix("$2\r\nPX\r\n$1\r\n1\r\n"))
    }
}
