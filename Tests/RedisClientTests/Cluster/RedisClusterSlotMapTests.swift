import Fuzzing
import NIOCore
import Testing

@testable import RedisClient

@Suite struct RedisClusterSlotMapTests {
    private static let asked = RedisConfiguration.Endpoint.tcp(host: "10.1.1.1", port: 1)

    private static func read(_ text: String) throws -> RedisClusterSlotMap {
        try RedisClusterSlotMap(reply(text), from: asked)
    }

    /// The primaries with their slots.
    private static func show(_ map: RedisClusterSlotMap) -> [String] {
        map.primaries.map { endpoint in
            "\(endpoint) " + map.ranges(of: endpoint).map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
        }
    }

    // MARK: - Replies of servers

    @Test(
        arguments: [
            (
                RecordedSlotMaps.addresses,
                ["127.0.0.1:7000 0-5460", "127.0.0.1:7001 5461-10922", "127.0.0.1:7002 10923-16383"]
            ),
            // Two hosts are unknown, of which one is a replica's.
            (RecordedSlotMaps.hostNames, ["redis-0.example:7000 0-5460", "redis-1.example:7001 5461-10922"]),
            (
                RecordedSlotMaps.unknownEndpoints,
                ["10.1.1.1:7000 0-5460", "10.1.1.1:7001 5461-10922", "10.1.1.1:7002 10923-16383"]
            ),
            (
                RecordedSlotMaps.promoted,
                [
                    "127.0.0.1:7003 0-5460,12182-12182", "127.0.0.1:7001 5461-10922",
                    "127.0.0.1:7002 10923-12181,12183-16383",
                ]
            ),
            (RecordedSlotMaps.alone, ["10.1.1.1:7000 0-100"]),
        ]
    )
    func `Recorded replies are read`(text: String, primaries: [String]) throws {
        let map = try Self.read(text)
        #expect(Self.show(map) == primaries)
        let assigned = map.primaries.flatMap { map.ranges(of: $0) }.reduce(0) { $0 + $1.count }
        #expect(map.unassignedCount == RedisHashSlot.count - assigned)
        #expect(map.isComplete == (assigned == RedisHashSlot.count))
    }

    @Test func `Slots without a known primary have none`() throws {
        let map = try Self.read(RecordedSlotMaps.hostNames)
        #expect(map.unassignedCount == 5_461)
        #expect(map.endpoint(of: .number(10_922)) == .tcp(host: "redis-1.example", port: 7001))
        #expect(map.endpoint(of: .number(10_923)) == nil && map.endpoint(of: .number(16_383)) == nil)
    }

    @Test func `A host that is that of the asked node is unknown if that has none`() throws {
        let text = RecordedSlotMaps.unknownEndpoints
        #expect {
            try RedisClusterSlotMap(reply(text), from: .unixSocket(path: "/run/redis.sock"))
        } throws: {
            ($0 as? RedisClusterSlotMapError)?.code == .noKnownHosts
        }
    }

    @Test(
        arguments: [
            // Slots and ports as strings, nodes without an ID, and with more than is known.
            "*1\r\n*3\r\n$1\r\n0\r\n$5\r\n16383\r\n*2\r\n$1\r\na\r\n$4\r\n6379\r\n",
            "*1\r\n*3\r\n:0\r\n:16383\r\n*5\r\n$1\r\na\r\n:6379\r\n$1\r\ni\r\n*0\r\n:7\r\n",
            "*1\r\n*3\r\n:0\r\n:16383\r\n*2\r\n+a\r\n:6379\r\n",
            // In any order, and in parts.
            "*2\r\n*3\r\n:9\r\n:16383\r\n*2\r\n+a\r\n:6379\r\n*3\r\n:0\r\n:8\r\n*2\r\n+a\r\n:6379\r\n",
            // Replicas need not be nodes.
            "*1\r\n*5\r\n:0\r\n:16383\r\n*2\r\n+a\r\n:6379\r\n$-1\r\n*1\r\n:4\r\n",
        ]
    )
    func `Forms of other servers are read`(text: String) throws {
        let map = try Self.read(text)
        #expect(map.isComplete && map.primaries == [.node("a")])
    }

    @Test(
        arguments: [
            ("-ERR This instance has cluster support disabled\r\n", .refused, "cluster support disabled"),
            ("+OK\r\n", .unexpectedReply, "no array"), ("$-1\r\n", .unexpectedReply, "no array"),
            (RecordedSlotMaps.fresh, .noSlots, "no slot is assigned"),
            ("*1\r\n:1\r\n", .unexpectedReply, "an entry"), ("*1\r\n*0\r\n", .unexpectedReply, "an entry"),
            ("*1\r\n*2\r\n:0\r\n:1\r\n", .unexpectedReply, "an entry"),
            ("*1\r\n*3\r\n+a\r\n:1\r\n*2\r\n+a\r\n:1\r\n", .unexpectedReply, "an entry"),
            ("*1\r\n*3\r\n*0\r\n:1\r\n*2\r\n+a\r\n:1\r\n", .unexpectedReply, "an entry"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n*1\r\n+a\r\n", .unexpectedReply, "a node"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n+a\r\n", .unexpectedReply, "a node"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n:5\r\n:1\r\n", .unexpectedReply, "a node"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n+a\r\n+b\r\n", .unexpectedReply, "a node"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n+a\r\n$-1\r\n", .unexpectedReply, "a node"),
            ("*1\r\n*3\r\n:2\r\n:1\r\n*2\r\n+a\r\n:1\r\n", .invalidRange, "2 to 1"),
            ("*1\r\n*3\r\n:-1\r\n:1\r\n*2\r\n+a\r\n:1\r\n", .invalidRange, "-1 to 1"),
            ("*1\r\n*3\r\n:0\r\n:16384\r\n*2\r\n+a\r\n:1\r\n", .invalidRange, "0 to 16384"),
            ("*1\r\n*3\r\n:0\r\n:9223372036854775807\r\n*2\r\n+a\r\n:1\r\n", .invalidRange, "to 9223372036854775807"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n+a\r\n:0\r\n", .noKnownHosts, "unknown"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n+a\r\n:65536\r\n", .noKnownHosts, "unknown"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n+?\r\n:-1\r\n", .noKnownHosts, "unknown"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n+a b\r\n:1\r\n", .noKnownHosts, "unknown"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n$2\r\na\0\r\n:1\r\n", .noKnownHosts, "unknown"),
            ("*1\r\n*3\r\n:0\r\n:1\r\n*2\r\n+?\r\n:1\r\n", .noKnownHosts, "the hosts of all nodes"),
            (
                "*2\r\n*3\r\n:0\r\n:9\r\n*2\r\n+a\r\n:1\r\n*3\r\n:9\r\n:9\r\n*2\r\n+b\r\n:1\r\n", .overlappingRanges,
                "slot 9"
            ),
            // Also of a node whose host is unknown.
            (
                "*2\r\n*3\r\n:0\r\n:9\r\n*2\r\n+?\r\n:1\r\n*3\r\n:0\r\n:3\r\n*2\r\n+a\r\n:1\r\n", .overlappingRanges,
                "slot 0"
            ),
            ("*16385\r\n" + String(repeating: ":1\r\n", count: 16_385), .overlappingRanges, "16385 ranges"),
        ] as [(String, RedisClusterSlotMapError.Code, String)]
    )
    func `Other replies are errors that say why`(text: String, code: RedisClusterSlotMapError.Code, words: String) {
        #expect {
            try Self.read(text)
        } throws: { error in
            guard let error = error as? RedisClusterSlotMapError else { return false }
            return error.code == code && error.description.contains(words)
        }
    }

    @Test func `A node without an address leaves its slots without a primary, and the others as they are`() throws {
        // As of a node that has lost its configuration: the empty host would be that of the node that was asked.
        let text =
            "*2\r\n*3\r\n:0\r\n:9\r\n*3\r\n$0\r\n\r\n:0\r\n$1\r\nx\r\n"
            + "*3\r\n:10\r\n:19\r\n*3\r\n+a\r\n:6379\r\n$1\r\ny\r\n"
        let map = try Self.read(text)
        #expect(map.primaries == [.node("a")])
        #expect(map.endpoint(of: .number(9)) == nil && map.endpoint(of: .number(10)) == .node("a"))
        #expect(map.nodeID(of: .node("a")) == "y")
    }

    @Test func `A slot for each range and a node for each slot is read`() throws {
        let ranges: [(slots: ClosedRange<UInt16>, endpoint: RedisConfiguration.Endpoint?)] =
            (0...16_383).map { (UInt16($0)...UInt16($0), .node("n\($0 % 500)")) }
        let map = try RedisClusterSlotMap(slotMapReply(ranges), from: Self.asked)
        #expect(map.isComplete && map.primaries.count == 500)
        for slot in [0, 499, 500, 16_383] { #expect(map.endpoint(of: .number(slot)) == .node("n\(slot % 500)")) }
    }

    // MARK: - Changes

    @Test func `A slot is moved alone, also to a primary that is new`() throws {
        var map = try slotMap((0...99, .node("a")), (100...199, .node("b")))
        let before = map
        map.move(.number(50), to: .node("c"))
        #expect(Self.show(map) == ["a:6379 0-49,51-99", "c:6379 50-50", "b:6379 100-199"])
        #expect(before.endpoint(of: .number(50)) == .node("a") && before.primaries.count == 2)
        map.move(.number(50), to: .node("a"))
        #expect(map == before)
        map.move(.number(200), to: .node("a"))
        #expect(map.unassignedCount == before.unassignedCount - 1)
    }

    @Test func `Maps are of one cluster if they have a node in common, also a replica, or tell no IDs`() throws {
        func map(_ nodes: [(name: String, id: String?)]) throws -> RedisClusterSlotMap {
            try RedisClusterSlotMap(
                slotMapReply([(0...16_383, nodes.map { (.node($0.name), $0.id) })]),
                from: .node("asked")
            )
        }
        let one = try map([("a", "1"), ("b", "2")])
        let cases: [(nodes: [(name: String, id: String?)], isSame: Bool)] = [
            ([("a", "1"), ("b", "2")], true), ([("b", "2"), ("a", "1")], true), ([("c", "3"), ("x", "1")], true),
            ([("c", "3"), ("x", "2")], true), ([("a", "3"), ("b", "4")], false), ([("a", "3")], false),
            ([("c", nil)], true), ([("c", nil), ("d", "4")], false),
        ]
        for (nodes, isSame) in cases {
            let other = try map(nodes)
            #expect(one.isOfSameCluster(as: other) == isSame && other.isOfSameCluster(as: one) == isSame, "\(nodes)")
        }
        #expect(try one == map([("a", "1"), ("c", "3")]), "replicas don't matter")
        #expect(try one != map([("a", "3"), ("b", "2")]))
    }

    @Test func `A primary without slots is none`() throws {
        var map = try slotMap((0...0, .node("a")), (1...16_383, .node("b")))
        map.move(.number(0), to: .node("b"))
        #expect(map.primaries == [.node("b")])
        #expect(try map == slotMap((0...16_383, .node("b"))))
        #expect(map.ranges(of: .node("a")).isEmpty)
    }

    @Test func `Maps are equal if each slot has the same primary`() throws {
        let map = try slotMap((0...9, .node("a")), (10...19, .node("b")), (20...29, .node("a")))
        #expect(try map == slotMap((20...29, .node("a")), (10...19, .node("b")), (0...9, .node("a"))))
        #expect(try map != slotMap((0...9, .node("b")), (10...19, .node("a")), (20...29, .node("b"))))
        #expect(try map != slotMap((0...9, .node("a")), (10...19, .node("b"))))
    }

    /// Random moves, beside an array of names.
    @Test func `Moves are those of a plain table`() {
        for seed in FuzzCases(20) {
            var random = SeededRandom(seed: seed)
            var map = RedisClusterSlotMap()
            var table: [Int: RedisConfiguration.Endpoint] = [:]
            for _ in 0..<random.number(1...40) {
                let slot = random.oneIn(3) ? random.below(16_384) : random.below(5)
                let node = RedisConfiguration.Endpoint.node(random.pick(["a", "b", "c", "d"]))
                map.move(.number(slot), to: node)
                table[slot] = node
            }
            #expect(
                Set(map.primaries) == Set(table.values) && map.primaries.count == Set(table.values).count,
                "seed \(seed)"
            )
            #expect(map.unassignedCount == 16_384 - table.count)
            for slot in 0..<16_384 where map.endpoint(of: .number(slot)) != table[slot] {
                Issue.record("seed \(seed): slot \(slot)")
            }
        }
    }
}

/// Replies that are nearly those of servers.
@Suite struct RedisClusterSlotMapFuzzTests {
    private static let mutation = ByteMutation(pieces: [
        "\r\n", ":0\r\n", ":16383\r\n", ":16384\r\n", ":-1\r\n", "$-1\r\n", "*-1\r\n", "*0\r\n", "*1\r\n", "*3\r\n",
        "$0\r\n\r\n",
        "$1\r\n?\r\n", "$5\r\n16383\r\n", ":65536\r\n", ":7000\r\n", "9223372036854775808", "+a\r\n", "-ERR x\r\n",
        "127.0.0.1",
    ])

    @Test func `Whatever a node sends is a sound map or an error`() {
        let recorded = [
            RecordedSlotMaps.addresses, RecordedSlotMaps.hostNames, RecordedSlotMaps.unknownEndpoints,
            RecordedSlotMaps.promoted, RecordedSlotMaps.alone,
        ]
        var maps = 0
        let cases = FuzzCases(1_500)
        for seed in cases {
            var random = SeededRandom(seed: seed)
            var bytes = Array(random.pick(recorded).utf8)
            Self.mutation.apply(random.number(1...3), to: &bytes, &random)
            var replies: [RedisReply] = []
            _ = RedisReplyParser(maximumReplySize: 1 << 20).parse(ByteBuffer(bytes: bytes), into: &replies)
            guard let reply = replies.first,
                let map = try? RedisClusterSlotMap(reply, from: .tcp(host: "10.1.1.1", port: 1))
            else { continue }
            maps += 1
            let ranges = map.primaries.map { map.ranges(of: $0) }
            let assigned = ranges.joined().reduce(0) { $0 + $1.count }
            #expect(
                !map.primaries.isEmpty && Set(map.primaries).count == map.primaries.count
                    && ranges.allSatisfy { !$0.isEmpty } && map.unassignedCount == RedisHashSlot.count - assigned,
                "seed \(seed): \(escaped(bytes))"
            )
        }
        // Most changes are to what is not needed.
        #expect(maps > cases.count / 20 || cases.count < 100)
    }
}
