import Fuzzing
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import RedisClient

/// The values of keys that were read from several nodes.
@Suite struct RedisValuesTests {
    /// A reply with the number of each position as its value.
    private func reply(_ positions: [Int], serverID: String? = nil) -> RedisReply {
        let parser = RedisReplyParser(maximumReplySize: 1 << 20)
        parser.shape = { _ in RedisReplyShape(replyCount: positions.count) }
        var replies: [RedisReply] = []
        // Short ones and long ones.
        let values = positions.map { $0.isMultiple(of: 3) ? String(repeating: "\($0) ", count: 20) : "\($0)" }
        let text = values.map { "*1\r\n$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        #expect(parser.parse(ByteBuffer(string: text), into: &replies) == nil)
        replies[0].serverID = serverID
        return replies[0]
    }

    private func number(_ text: String?) -> Int? { text.flatMap { $0.split(separator: " ").first }.flatMap { Int($0) } }

    @Test func `Each is found in the reply of its node`() {
        for seed in FuzzCases(200) {
            var random = SeededRandom(seed: seed)
            let (count, nodes) = (1 + random.below(200), 1 + random.below(5))
            let homes = (0..<count).map { _ in random.below(nodes) }
            var replies: [(RedisReply, [Int])] = []
            for start in stride(from: 0, to: count, by: RedisKeyPositions.maximumSpan) {
                for node in 0..<nodes {
                    let window = start..<min(start + RedisKeyPositions.maximumSpan, count)
                    let own = window.filter { homes[$0] == node }
                    if !own.isEmpty {
                        replies.insert((reply(own, serverID: "\(node)"), own), at: random.below(replies.count + 1))
                    }
                }
            }
            let values = RedisValues(replies)
            #expect(values.count == count && values.hasServerIDs && values.error == nil, "seed \(seed)")
            for position in 0..<count {
                let bytes = values.bytes(at: position).map { String(buffer: $0) }
                let same = values.withUnsafeReadableBytes(at: position) { String(decoding: $0, as: UTF8.self) }
                #expect(number(bytes) == position && same == bytes, "seed \(seed)")
                #expect(values.kind(at: position) == .bulkString, "seed \(seed)")
                #expect(values.serverID(at: position) == "\(homes[position])", "seed \(seed)")
            }
        }
    }

    @Test func `There is none if one reply is no reply to its keys`() {
        let good = (reply([0, 2], serverID: "a"), [0, 2])
        for other in [reply([1]), reply([1, 3]), reply([1, 3, 4])] {
            let values = RedisValues([good, (other, [1, 3])])
            #expect(values.count == (other.count == 2 ? 4 : 0) && values.error == nil)
        }
        #expect(!RedisValues([good, (reply([1, 3]), [1, 3])]).hasServerIDs)
    }

    @Test(arguments: [[0, 1, 2], [2, 0, 1]])
    func `The outcome of a gathering is told once`(order: [Int]) throws {
        let loop = EmbeddedEventLoop()
        for failures in [[], [0], [1], [0, 1], [0, 1, 2], [2]] as [[Int]] {
            let outcomes = Mutex<[Int]>([])
            let gathering = RedisReplyGathering(3, on: loop) { result in
                switch result {
                case .success(let values): outcomes.withLock { $0.append(values.count) }
                case .failure(let error): outcomes.withLock { $0.append(-1 - error.element) }
                }
            }
            for position in order {
                if failures.contains(position) {
                    gathering.fail(RedisError(.timedOut, "late"), at: position)
                } else {
                    gathering.take(reply([position]), at: RedisKeyPositions(position))
                }
            }
            let first = order.first(where: failures.contains)
            #expect(outcomes.withLock { $0 } == [first.map { -1 - $0 } ?? 3])
        }
    }
}

extension RedisValues {
    /// Makes the values in the replies for the keys at some positions.
    init(_ replies: [(reply: RedisReply, positions: [Int])]) {
        var builder = Builder(count: replies.reduce(0) { $0 + $1.positions.count })
        for (reply, positions) in replies { builder.add(reply, at: RedisKeyPositions(positions)) }
        self.init(builder)
    }
}
