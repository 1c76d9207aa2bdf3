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
            parser.shape = { number in
                RedisReplyShape(replyCount: handled + number < counts.count ? counts[handled + number] : 1)
            }
            var complete: [RedisReply] = []
            let failure = parser.parse(slice, into: &complete)
            #expect(failure == nil)
            replies += complete
        }
        return replies
    }

    /// The values in the replies to a repeated command of `count` keys.
    private func values(_ text: String, count: Int) throws -> RedisValues {
        let reply = try #require(parse(text, counts: [count]).first)
        return RedisValues([(reply, Array(0..<count))])
    }

    @Test func `It is encoded as a command for each of its keys`() {
        var output = ByteBuffer()
        let positions = RedisKeyPositions([1, 3])
        let command = RedisCommand.mgetEach(["other", "a", "other", "bc"], at: positions, longElements: 1)
        RedisCommandEncoder.encode(command, into: &output) { _ in Issue.record("in pieces") }
        #expect(output.readableBytes == command.encodedSize)
        #expect(String(buffer: output) == "*2\r\n$4\r\nMGET\r\n$1\r\na\r\n*2\r\n$4\r\nMGET\r\n$2\r\nbc\r\n")
        #expect(command.replyShape == RedisReplyShape(longElements: 1, replyCount: 2))
        let key = command.key.map { "\($0)" }
        #expect(key == "\(RedisCommand.Argument.string("a"))")
        #expect(RedisCommand.mgetEach(["a", "b"], at: RedisKeyPositions(1), longElements: 1).replyCount == 1)
    }

    @Test func `Keys that are not copied are encoded alike`() {
        let long = RedisCommand.Argument.bytes(Array(repeating: 0x78, count: RedisCommandEncoder.largeArgument))
        var (one, each) = (ByteBuffer(), ByteBuffer())
        for key in [long, "b"] {
            var output = ByteBuffer()
            RedisCommandEncoder.encode(.mget([key]), into: &output) { one.writeImmutableBuffer($0) }
            one.writeImmutableBuffer(output)
        }
        let command = RedisCommand.mgetEach(["c", long, "b"], at: RedisKeyPositions([1, 2]), longElements: 2)
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
        #expect(replies[0].hasValues(ofKeys: 3))
        #expect((0..<3).map { replies[0].kind(at: $0) } == [.bulkString, .null, .bulkString])
        #expect((0..<3).map { replies[0][$0].string } == ["a", nil, "ccc"])
        #expect(replies[1].isOK)
        #expect(replies[2][0].string == "d")
    }

    @Test func `An error among the replies is found`() throws {
        let text = "*1\r\n$1\r\na\r\n-MOVED 3999 127.0.0.1:6381\r\n-LOADING the data\r\n"
        let reply = try #require(parse(text, counts: [3]).first)
        #expect(reply.kind == .array && reply.isOrHasError)
        #expect(reply.errors.map(\.code) == ["MOVED", "LOADING"])
        let values = try values(text, count: 3)
        #expect(values.count == 0 && values.error?.code == "MOVED")
        // Each element alone, as it is delivered after a redirect of others.
        let (value, error) = (reply.singleReply(at: 0), reply.singleReply(at: 1))
        #expect(value.hasValues(ofKeys: 1) && !value.isOrHasError && value[0].string == "a")
        #expect(error.count == 1 && error.errors.map(\.code) == ["MOVED"])
    }

    @Test func `A value of any type but an error is one`() throws {
        let reply = try #require(parse("*1\r\n:7\r\n*1\r\n$-1\r\n*1\r\n+OK\r\n", counts: [3]).first)
        #expect(reply.hasValues(ofKeys: 3) && !reply.isOrHasError)
        #expect((0..<3).map { reply.kind(at: $0) } == [.integer, .null, .status])
        #expect((0..<3).allSatisfy { reply.singleReply(at: $0).hasValues(ofKeys: 1) })
    }

    @Test func `An error in the place of a value is none that the command had`() throws {
        let text = "*1\r\n-MOVED 5 h:1\r\n-TRYAGAIN x\r\n*1\r\n$1\r\nb\r\n"
        let reply = try #require(parse(text, counts: [3]).first)
        #expect(reply.errors.map(\.code) == ["TRYAGAIN"])
        #expect((0..<3).map { reply.singleReply(at: $0).hasValues(ofKeys: 1) } == [false, false, true])
        #expect((0..<3).map { reply.singleReply(at: $0).isOrHasError } == [false, true, false])
        // Nor is one in an array that is no reply to the command.
        let other = try #require(parse("*2\r\n-LOADING x\r\n:1\r\n*1\r\n$1\r\nb\r\n", counts: [2]).first)
        #expect(!other.isOrHasError && !other.hasValues(ofKeys: 2))
        // The same of a command for one key.
        let single = try #require(parse("*1\r\n-ERR x\r\n", counts: [1]).first)
        #expect(!single.isOrHasError && !single.hasValues(ofKeys: 1))
    }

    @Test func `An array that came for another command has no values of several keys`() throws {
        let reply = try #require(parse("*2\r\n$1\r\na\r\n$1\r\nb\r\n", counts: [1]).first)
        #expect(!reply.hasValues(ofKeys: 2) && reply.count == 2)
        #expect(RedisValues([(reply, [0, 1])]).count == 0)
        #expect(RedisValues(reply).count == 2)
    }

    @Test func `All replies together are bounded`() throws {
        let parser = RedisReplyParser(maximumReplySize: 1_000)
        parser.shape = { _ in RedisReplyShape(replyCount: 3) }
        let value = "*1\r\n$400\r\n\(String(repeating: "x", count: 400))\r\n"
        var replies: [RedisReply] = []
        #expect(parser.parse(ByteBuffer(string: value + value), into: &replies) == nil)
        let failure = parser.parse(ByteBuffer(string: value), into: &replies)
        #expect(failure?.code == .replyTooLarge && failure?.element == 2 && replies.isEmpty)
    }

    @Test(arguments: [
        // An array of two, of none, in an array, of an error, null.
        "*2\r\n:1\r\n:2\r\n", "*0\r\n", "*1\r\n*1\r\n$1\r\na\r\n", "*1\r\n-ERR x\r\n", "*-1\r\n",
        // No array at all: a string, a long one, null, a number, a status.
        "$1\r\na\r\n", "$70000\r\n\(String(repeating: "x", count: 70_000))\r\n", "$-1\r\n", ":1\r\n", "+OK\r\n",
    ])
    func `A reply that is no array of one value is none of the values`(unexpected: String) throws {
        let value = "*1\r\n$1\r\nb\r\n"
        for (place, text) in [unexpected + value + value, value + unexpected + value, value + value + unexpected]
            .enumerated()
        {
            let values = try values(text, count: 3)
            #expect(values.count == 0 && values.error == nil, "at \(place)")
            let reply = try #require(parse(text, counts: [3]).first)
            for position in 0..<3 {
                let single = RedisValues([(reply.singleReply(at: position), [0])])
                #expect(single.count == (position == place ? 0 : 1), "\(position), \(place)")
            }
            // The next reply is not affected.
            let both = parse(text + value, counts: [3, 1])
            #expect(both.count == 2 && both[1].hasValues(ofKeys: 1) && both[1][0].string == "b")
        }
    }

    @Test func `The element that is too long is known by its key`() throws {
        let parser = RedisReplyParser(maximumReplySize: 1 << 20, maximumLaterElementSize: 8)
        parser.shape = { _ in RedisReplyShape(replyCount: 3) }
        var replies: [RedisReply] = []
        // The first may be long, the others may not.
        let first = ByteBuffer(string: "*1\r\n$12\r\n0123456789ab\r\n*1\r\n$1\r\nb\r\n*1\r\n$12\r\n0123")
        let failure = parser.parse(first, into: &replies)
        #expect(failure?.code == .replyTooLarge)
        #expect(failure?.element == 2)
        #expect(replies.isEmpty)
    }
}
