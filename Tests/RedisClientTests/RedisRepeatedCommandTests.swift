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

    /// The values in the replies to a repeated command of so many keys.
    private func values(_ text: String, count: Int) throws -> RedisValues {
        let reply = try #require(parse(text, counts: [count]).first)
        return Self.values([(reply, Self.positions(Array(0..<count)))])
    }

    private static func values(_ replies: [(RedisReply, RedisKeyPositions)]) -> RedisValues {
        var collection = RedisValues.Collection(of: replies.reduce(0) { $0 + $1.1.count })
        for (reply, positions) in replies { collection.append(reply, at: positions) }
        return RedisValues(collection)
    }

    private static func positions(_ positions: [Int]) -> RedisKeyPositions {
        var list = RedisKeyPositions(from: positions.min() ?? 0)
        for position in positions { list.insert(position) }
        return list
    }

    @Test func `It is encoded as a command for each of its keys`() {
        var output = ByteBuffer()
        let positions = Self.positions([1, 3])
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
        let command = RedisCommand.mgetEach(["c", long, "b"], at: Self.positions([1, 2]), longElements: 2)
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
        #expect(replies[0].hasOnlyValues)
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
        // What is left of it when the error is dealt with.
        let (value, error) = (reply.only(0), reply.only(1))
        #expect(value.count == 1 && value.hasOnlyValues && !value.isOrHasError && value[0].string == "a")
        #expect(error.count == 1 && error.errors.map(\.code) == ["MOVED"])
    }

    @Test(arguments: [
        // An array of two, of none, in an array, null.
        "*2\r\n:1\r\n:2\r\n", "*0\r\n", "*1\r\n*1\r\n$1\r\na\r\n", "*-1\r\n",
        // No array at all: a string, a long one, null, a number, a status.
        "$1\r\na\r\n", "$70000\r\n\(String(repeating: "x", count: 70_000))\r\n", "$-1\r\n", ":1\r\n", "+OK\r\n",
    ])
    func `A reply that is no array of one value is none of the values`(stray: String) throws {
        let value = "*1\r\n$1\r\nb\r\n"
        for (place, text) in [stray + value + value, value + stray + value, value + value + stray].enumerated() {
            let values = try values(text, count: 3)
            #expect(values.count == 0 && values.error == nil, "at \(place)")
            let reply = try #require(parse(text, counts: [3]).first)
            #expect(Self.values([(reply.only(place), RedisKeyPositions(0))]).count == 0)
            // The next reply is not affected.
            let both = parse(text + value, counts: [3, 1])
            #expect(both.count == 2 && both[1].hasOnlyValues && both[1][0].string == "b")
        }
    }

    @Test func `Values are found wherever they are`() {
        // Any division of the keys among nodes, in any order of the replies.
        var generator = SystemRandomNumberGenerator()
        for count in [1, 2, 5, 63, 64, 65, 130, 200] {
            for nodes in 1...4 {
                let homes = (0..<count).map { _ in Int.random(in: 0..<nodes, using: &generator) }
                var portions: [(RedisReply, RedisKeyPositions)] = []
                for start in stride(from: 0, to: count, by: RedisKeyPositions.span) {
                    for node in 0..<nodes {
                        let own = (start..<min(start + RedisKeyPositions.span, count)).filter { homes[$0] == node }
                        guard !own.isEmpty else { continue }
                        let text = "*\(own.count)\r\n" + own.map { "$\("\($0)".count)\r\n\($0)\r\n" }.joined()
                        var reply = parse(text, counts: [1])[0]
                        reply.serverID = "\(node)"
                        portions.append((reply, Self.positions(own)))
                    }
                }
                let values = Self.values(portions.shuffled(using: &generator))
                #expect(values.count == count && values.hasServerIDs && values.error == nil)
                #expect((0..<count).allSatisfy { values.bytes(at: $0).map { String(buffer: $0) } == "\($0)" })
                #expect((0..<count).allSatisfy { values.serverID(at: $0) == "\(homes[$0])" })
            }
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

    @Test func `Positions are in ascending order`() {
        for first in [0, 64, 1_000] {
            let positions = Self.positions([63, 0, 7].map { first + $0 })
            #expect(Array(positions) == [first, first + 7, first + 63])
            #expect(positions.count == 3)
            #expect((0..<4).map { positions[$0] } == [first, first + 7, first + 63, nil])
            #expect(positions.first == first)
            #expect([-1, 0, 1, 8, 63, 64, 200].map { positions.count(below: first + $0) } == [0, 0, 1, 2, 2, 3, 3])
        }
        #expect(Array(RedisKeyPositions(from: 5)).isEmpty && Array(RedisKeyPositions(70)) == [70])
        #expect(RedisKeyPositions(from: 5).first == nil)
    }
}
