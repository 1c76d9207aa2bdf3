import Foundation
import TestServers

/// A cluster of three primaries and three replicas. Each node is announced at the port of a proxy, so that the ways of all processes
/// to a node can be disturbed while nodes reach each other.
///
/// Invalidation is promised as with a single server. What a node acknowledges that has a successor already, and does not know, is the
/// exception: it is left out here but for `--two-primaries`. A primary that hangs is resumed before others count it as failed, or is
/// killed before it goes on. One that was killed comes back as a replica: it does not serve before it has heard from the others. One
/// that gives way on command is told by its successor at once, and not later than processes are. One that processes can't reach
/// serves none of them.
struct ClusterRedis: RedisUnderTest {
    private let cluster: RedisCluster
    private let proxies: [RedisProxy]
    private let tls: TestTLS?
    private let hasTwoPrimaries: Bool

    /// For so long a node may hang before others promote its replica, in milliseconds.
    private static let nodeTimeout = 1000
    /// Nodes that there are at once, at most.
    private static let nodes = 8

    init(_ options: Options) async throws {
        var proxies: [RedisProxy] = []
        for _ in 0..<Self.nodes { proxies.append(try await RedisProxy()) }
        self.proxies = proxies
        hasTwoPrimaries = options.hasTwoPrimaries
        let (all, hasTLS) = (proxies, options.hasTLS)
        (cluster, tls) = try await blocking {
            let tls = hasTLS ? try TestTLS() : nil
            var options = RedisCluster.Options()
            options.nodeTimeout = Self.nodeTimeout
            options.tls = tls?.identity
            let announced = hasTLS ? "--cluster-announce-tls-port" : "--cluster-announce-port"
            options.nodeArguments = { [announced, "\(all[$0].port)"] }
            options.started = { all[$0.number].lead(to: $0.port) }
            return (try RedisCluster(options), tls)
        }
    }

    var faults: [Fault] {
        let nodes: [Fault] = [
            .redisPaused, .redisStutters, .redisKilled, .redisFlushed, .connectionsKilled, .primaryKilled,
            .primaryHangs, .failoverOrdered, .failoverForced, .failoverLosesWrites, .failoverAndBack, .slotsMoved,
            .slotsHalfMoved, .slotMovesAbandoned, .nodeAddedAndRemoved,
        ]
        return nodes + RedisProxy.faults + Array(repeating: .primaryResumed, count: hasTwoPrimaries ? 20 : 0)
    }

    let measuredFaults: [Fault] = [
        .primaryKilled, .failoverOrdered, .failoverForced, .slotsMoved, .nodeAddedAndRemoved,
    ]

    func isServing() async -> Bool { (try? await blocking { cluster.isServing }) ?? false }

    func environment(of process: Int) -> [String: String] {
        // Not all nodes are named, and not the same ones to all.
        let named = [0, 2, 4].map { "127.0.0.1:\(proxies[($0 + process) % 6].port)" }.joined(separator: ",")
        guard let tls else { return ["REDIS_URL": "redis+cluster://\(named)"] }
        return tls.environment.merging(["REDIS_URL": "rediss+cluster://\(named)"]) { $1 }
    }

    func stop() async {
        for proxy in proxies { await proxy.stop() }
        cluster.stop()
        tls?.remove()
    }

    func inject(_ fault: Fault, _ random: inout SeededGenerator) async throws {
        func milliseconds(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        let primaries = try await blocking { cluster.primaries }
        guard let primary = primaries.randomElement(using: &random) else { throw HarnessError("there is no primary") }
        switch fault {
        case .redisPaused:
            cluster.pause(primary)
            try await sleep(milliseconds(50...Self.nodeTimeout * 6 / 10))
            cluster.resume(primary)
        case .redisStutters:
            // About as long as a command may take.
            for _ in 0..<8 {
                cluster.pause(primary)
                try await sleep(milliseconds(80...220))
                cluster.resume(primary)
                try await sleep(milliseconds(10...150))
            }
        case .redisKilled:
            // Its replica gets what is left: nothing.
            try await blocking {
                cluster.kill(primary)
                try cluster.restart(primary)
            }
        case .redisFlushed: _ = try await blocking { try primary.send("FLUSHALL") }
        case .connectionsKilled:
            let kind = ["normal", "pubsub"].randomElement(using: &random) ?? "normal"
            let nodes = Bool.random(using: &random) ? [primary] : cluster.running
            try await blocking {
                for node in nodes { try node.send("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes") }
            }
        case .primaryKilled:
            cluster.kill(primary)
            try await settle()
            try await sleep(milliseconds(0...1000))
            try await blocking { try cluster.restart(primary) }
        case .primaryHangs:
            cluster.pause(primary)
            try await settle()
            try await sleep(milliseconds(0...500))
            try await blocking {
                cluster.kill(primary)
                try cluster.restart(primary)
            }
        case .primaryResumed:
            cluster.pause(primary)
            try await settle()
            try await sleep(milliseconds(0...500))
            cluster.resume(primary)
        case .failoverOrdered: try await failover(of: primary, .orderly, lasts: 0, isBack: false)
        case .failoverForced:
            let kind: RedisCluster.Failover = Bool.random(using: &random) ? .forced : .takeover
            try await failover(of: primary, kind, lasts: 0, isBack: false)
        case .failoverLosesWrites:
            try await failover(of: primary, .takeover, lasts: milliseconds(100...1000), isBack: false)
        case .failoverAndBack: try await failover(of: primary, .takeover, lasts: milliseconds(100...1000), isBack: true)
        case .slotsMoved, .slotsHalfMoved, .slotMovesAbandoned:
            guard let target = primaries.filter({ $0 !== primary }).randomElement(using: &random) else { return }
            let rest = fault == .slotsMoved ? 0 : milliseconds(100...2000)
            let isAbandoned = fault == .slotMovesAbandoned
            try await move(from: primary, to: target, milliseconds(0...40), rest: rest, isAbandoned: isAbandoned)
        case .nodeAddedAndRemoved:
            let pause = milliseconds(0...40)
            try await blocking {
                let node = try cluster.addNode()
                let slots = try Self.slots(cluster, of: primary)
                try cluster.moveSlots(slots, from: primary, to: node, batch: 1, pause: pause)
                try cluster.waitUntilSettled()
                usleep(200_000)
                try cluster.moveSlots(slots, from: node, to: primary, batch: 1, pause: pause)
                try cluster.waitUntilSettled()
                try cluster.removeNode(node)
            }
        default:
            let some = Bool.random(using: &random) ? primaries : [primary]
            try await RedisProxy.inject(fault, some.map { proxies[$0.number] }, &random)
        }
        // The next fault meets a cluster that works.
        try await settle()
    }

    private func settle() async throws {
        try await blocking { try cluster.waitUntilSettled() }
    }

    /// A replica takes over.
    ///
    /// - Parameters:
    ///   - lasts: for so many milliseconds it has not heard of its primary's writes before; and then the other way round.
    ///   - isBack: whether the old primary takes over again, without what was written to the replica.
    private func failover(
        of primary: RedisCluster.Node,
        _ kind: RedisCluster.Failover,
        lasts: Int,
        isBack: Bool
    ) async throws {
        try await blocking {
            guard let replica = cluster.replicas(of: primary).first else { return }
            if isBack {
                // It will not ask its successor for its data.
                try cluster.cutReplication(of: primary)
                try cluster.failover(to: replica, kind)
                usleep(UInt32(lasts) * 1000)
                try cluster.failover(to: primary, kind)
                try cluster.mendReplication(of: primary)
            } else {
                if lasts > 0 { try cluster.cutReplication(of: replica) }
                usleep(UInt32(lasts) * 1000)
                try cluster.failover(to: replica, kind)
                try cluster.mendReplication(of: replica)
            }
        }
    }

    /// Moves the slots around one that has keys, a key at a time.
    ///
    /// - Parameters:
    ///   - pause: so many milliseconds lie between two keys.
    ///   - rest: for so many milliseconds all of the slots are on their way.
    ///   - isAbandoned: whether they are then given up for as long, with the keys that have moved; those come back, with what they
    ///     were, where nothing has replaced them.
    private func move(
        from source: RedisCluster.Node,
        to target: RedisCluster.Node,
        _ pause: Int,
        rest: Int,
        isAbandoned: Bool
    ) async throws {
        try await blocking {
            let slots = try Self.slots(cluster, of: source)
            if rest > 0 {
                let moves = try slots.map { try cluster.beginMove(of: $0, from: source, to: target) }
                for move in moves { try move.moveKeys(1) }
                usleep(UInt32(rest) * 1000)
                if isAbandoned {
                    for move in moves { try move.abandon() }
                    usleep(UInt32(rest) * 1000)
                }
            }
            try cluster.moveSlots(slots, from: source, to: target, batch: 1, pause: pause)
        }
    }

    /// Some of a node's slots, of which at least one has a key if it has any.
    private static func slots(_ cluster: RedisCluster, of node: RedisCluster.Node) throws -> ClosedRange<Int> {
        let owned = try cluster.slots(of: node)
        let key = try node.send("RANDOMKEY").text
        let slot = key.isEmpty ? owned[0].lowerBound : try cluster.slot(of: key)
        guard let range = owned.first(where: { $0.contains(slot) }) else { return slot...slot }
        return max(range.lowerBound, slot - 10)...min(range.upperBound, slot + 30)
    }
}
