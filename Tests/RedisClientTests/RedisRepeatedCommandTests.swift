import NIOCore
import Testing

@testable import RedisClient

/// A command that is sent once for each key, and the replies to it, which make one.
@Suite struct RedisRepeatedCommandTests {
    private static let replies =
        "*1\r\n$1\r\na\r\n*1\r\n$-1\r\n*1\r\n$3\r\nccc\r\n+OK\r\n*1\r\n$1\r\nd\r\n"

    /// The replies to commands of which the numbers of keys are known.
    private func parse(_ text: String, counts: [Int], piece: Int = .max) -> [RedisReply] {
        let parser = RedisReplyParser(maximumReplySize: 1 << 20)
        var (replies, rest): ([RedisReply], ByteBuffer) = ([], ByteBuffer(string: text))
        while let slice = rest.readSlice(length: min(piece, rest.readableBytes)), slice.readableBytes > 0 {
            // As a connection asks it: counted from the first reply that has not been handled.
            let handled = replies.count
            parser.replyCount = { handled + $0 < counts.count ? counts[handled + $0] : 1 }
            var complete: [RedisReply] = []
            let failure = parser.parse(slice, into: &complete)
            #expect(failure == nil)
            replies += complete
        }
        return replies
    }

    @Test func `It is encoded as a command for each key`() {
        var output = ByteBuffer()
        let command = RedisCommand.mgetEach(["a", "bc"], longElements: 1)
        RedisCommandEncoder.encode(command, into: &output) { _ in Issue.record("in pieces") }
        #expect(output.readableBytes == command.encodedSize)
        #expect(String(buffer: output) == "*2\r\n$4\r\nMGET\r\n$1\r\na\r\n*2\r\n$4\r\nMGET\r\n$2\r\nbc\r\n")
        #expect(command.replyCount == 2)
        #expect(RedisCommand.mgetEach(["a"], longElements: 1).replyCount == 1)
    }

    @Test func `Keys that are not copied are encoded alike`() {
        let long = RedisCommand.Argument.bytes(Array(repeating: 0x78, count: RedisCommandEncoder.largeArgument))
        var (one, each) = (ByteBuffer(), ByteBuffer())
        for key in [long, "b"] {
            var output = ByteBuffer()
            RedisCommandEncoder.encode(.mget([key]), into: &output) { one.writeImmutableBuffer($0) }
            one.writeImmutableBuffer(output)
        }
        let command = RedisCommand.mgetEach([long, "b"], longElements: 2)
        var output = ByteBuffer()
        RedisCommandEncoder.encode(command, into: &output) { each.writeImmutableBuffer($0) }
        each.writeImmutableBuffer(output)
        #expect(each == one)
        #expect(each.readableBytes == command.encodedSize)
    }

    @Test(arguments: [1, 2, 5, .max])
    func `The replies make one whatever the pieces in which they arrive`(piece: Int) throws {
        let replies = parse(Self.replies, counts: [3, 1, 1], piece: piece)
        try #require(replies.count == 3)
        #expect(replies[0].count == 3 && !replies[0].isOrHasError)
        let values = (0..<3).map { replies[0].onlyElement(at: $0) }
        #expect(values.map(\.kind) == [.bulkString, .null, .bulkString])
        #expect(values.map { $0.bytes.map { String(buffer: $0) } } == ["a", nil, "ccc"])
        #expect(replies[1].isOK)
        #expect(replies[2][0].string == "d")
    }

    @Test func `An error among the replies is found`() throws {
        let text = "*1\r\n$1\r\na\r\n-MOVED 3999 127.0.0.1:6381\r\n-LOADING the data\r\n"
        let reply = try #require(parse(text, counts: [3]).first)
        #expect(reply.kind == .array && reply.isOrHasError)
        #expect(reply.errors.map(\.code) == ["MOVED", "LOADING"])
        #expect(RedisValues.Part(reply, at: 0).kind == .bulkString)
        #expect(RedisValues.Part(reply, at: 1).error?.code == "MOVED")
    }

    @Test func `A reply that is no array of one value is none of the values`() throws {
        let reply = try #require(parse("*2\r\n:1\r\n:2\r\n*1\r\n$1\r\nb\r\n:3\r\n", counts: [3]).first)
        #expect((0..<3).map { RedisValues.Part(reply, at: $0).kind } == [nil, .bulkString, nil])
        #expect(RedisValues((0..<3).map { RedisValues.Part(reply, at: $0) }).count == 0)
    }

    @Test func `The element that is too long is known by its key`() throws {
        let parser = RedisReplyParser(maximumReplySize: 1 << 20, maximumLaterElementSize: 8)
        parser.replyCount = { _ in 3 }
        var replies: [RedisReply] = []
        // The first may be long, the others may not.
        let first = ByteBuffer(string: "*1\r\n$12\r\n0123456789ab\r\n*1\r\n$1\r\nb\r\n*1\r\n$12\r\n0123")
        let failure = parser.parse(first, into: &replies)
        #expect(failure?.code == .replyTooLarge)
        #expect(failure?.element == 2)
        #expect(replies.isEmpty)
    }

    @Test func `Positions are in ascending order`() {
        var positions = RedisKeyPositions()
        for position in [63, 0, 7] { positions.insert(position) }
        #expect(Array(positions) == [0, 7, 63])
        #expect(positions.count == 3)
        #expect((0..<4).map { positions[$0] } == [0, 7, 63, nil])
    }
}
