import Foundation
import TestServers

/// A cluster of three primaries and three replicas. Each node is announced at the port of a proxy, so that the connections of all
/// processes to a node can be disturbed while nodes reach each other.
///
/// Invalidation is promised as with a single server, except for purges at a node that has a successor and does not know; these
/// are left out here but for `--two-primaries`. A primary that hangs is resumed before others count it as failed, or is killed
/// before it goes on. One that was killed comes back as a replica: it does not serve before it has heard from the others. One that
/// gives way on command is told by its successor at once, and not later than processes are. One that processes can't reach serves
/// none of them.
///
/// A slot that comes back to a former node after a failover that lost a purge is an exception too. Slots do come back here, but the
/// entries that were bound to the former node have been replaced by then, because all of them are read all the time.
struct ClusterRedis: RedisUnderTest {
    private let cluster: RedisCluster
    private let proxies: [RedisProxy]
    private let tls: TestTLS?
    private let hasTwoPrimaries: Bool

    /// The time in milliseconds for which a node may hang before others promote its replica.
    private static let nodeTimeout = 1000
    /// The largest number of nodes at a time, of which the last are added for a while.
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
            .slotsHalfMoved, .slotMovesAbandoned, .sourceFailsOver, .targetFailsOver, .nodeAddedAndRemoved,
        ]
        return nodes + RedisProxy.faults + Array(repeating: .primaryResumed, count: hasTwoPrimaries ? 20 : 0)
    }

    let measuredFaults: [Fault] = [
        .primaryKilled, .failoverOrdered, .failoverForced, .slotsMoved, .nodeAddedAndRemoved,
    ]

    func isServing() async -> Bool { (try? await blocking { cluster.isServing }) ?? false }

    func environment(of process: Int) -> [String: String] {
        // Three of the nodes, which are others for each process.
        let named = [0, 2, 4].map { "127.0.0.1:\(proxies[($0 + process) % 6].port)" }.joined(separator: ",")
        guard let tls else { return ["REDIS_URL": "redis+cluster://\(named)"] }
        return tls.environment.merging(["REDIS_URL": "rediss+cluster://\(named)"]) { $1 }
    }

    func stop() async {
        for proxy in proxies { await proxy.stop() }
        cluster.stop()
        tls?.remove()
    }

    func inject(_ fault: Fault, _ random: inout SeededGenerator) async throws -> Bool {
        do {
            return try await make(fault, &random)
        } catch let error as ServerProcess.StartError {
            // Nodes also change places by themselves, at times in the middle of a fault.
            print("  given up: \(fault.rawValue): \(error.description)")
            try await blocking { try cluster.repair() }
            return false
        }
    }

    private func make(_ fault: Fault, _ random: inout SeededGenerator) async throws -> Bool {
        func milliseconds(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        let primaries = try await blocking { cluster.primaries }
        guard let primary = primaries.randomElement(using: &random) else { throw HarnessError("there is no primary") }
        var isDone = true
        switch fault {
        case .redisPaused:
            cluster.pause(primary)
            try await sleep(milliseconds(50...Self.nodeTimeout * 6 / 10))
            cluster.resume(primary)
        case .redisStutters:
            // The pauses are about as long as the timeout of a command.
            for _ in 0..<8 {
                cluster.pause(primary)
                try await sleep(milliseconds(80...220))
                cluster.resume(primary)
                try await sleep(milliseconds(10...150))
            }
        case .redisKilled:
            // It comes back empty before its replica is promoted, which then has nothing either.
            try await blocking {
                cluster.kill(primary)
                try cluster.restart(primary)
            }
        case .redisFlushed: _ = try await blocking { try primary.send("FLUSHALL") }
        case .connectionsKilled:
            let kind = ["normal", "pubsub"].randomElement(using: &random) ?? "normal"
            let nodes = Bool.random(using: &random) ? [primary] : cluster.running
            isDone = try await blocking {
                try nodes.map { try $0.send("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes").text }
            }.contains { $0 != "0" }
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
        case .failoverOrdered: isDone = try await failover(of: primary, .orderly, lag: 0, returns: false)
        case .failoverForced:
            let kind: RedisCluster.Failover = Bool.random(using: &random) ? .forced : .takeover
            isDone = try await failover(of: primary, kind, lag: 0, returns: false)
        case .failoverLosesWrites:
            isDone = try await failover(of: primary, .takeover, lag: milliseconds(100...1000), returns: false)
        case .failoverAndBack:
            isDone = try await failover(of: primary, .takeover, lag: milliseconds(100...1000), returns: true)
        case .slotsMoved, .slotsHalfMoved, .slotMovesAbandoned:
            guard let target = primaries.filter({ $0 !== primary }).randomElement(using: &random) else { return false }
            let halfMoved = fault == .slotsMoved ? 0 : milliseconds(100...2000)
            let isAbandoned = fault == .slotMovesAbandoned
            try await move(
                from: primary,
                to: target,
                milliseconds(0...40),
                halfMoved: halfMoved,
                isAbandoned: isAbandoned
            )
        case .sourceFailsOver, .targetFailsOver:
            guard let target = primaries.filter({ $0 !== primary }).randomElement(using: &random) else { return false }
            let failover = FailoverDuringMove(
                isOfSource: fault == .sourceFailsOver,
                isKilled: Bool.random(using: &random),
                losesWrites: Bool.random(using: &random)
            )
            let halfMoved = milliseconds(100...1000)
            isDone = try await move(from: primary, to: target, milliseconds(0...40), halfMoved: halfMoved, failover)
        case .nodeAddedAndRemoved:
            let pause = milliseconds(0...40)
            // One that was given up has left its node.
            guard cluster.nodes.allSatisfy({ $0.number < Self.nodes - 1 }) else { return false }
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
        case .connectionsDropped, .connectionsDelayed, .connectionsSwallowed, .connectionsRefused:
            let some = Bool.random(using: &random) ? primaries : [primary]
            isDone = try await RedisProxy.inject(fault, some.map { proxies[$0.number] }, &random)
        default: throw HarnessError.unknown(fault, "a cluster")
        }
        // The next fault meets a cluster that works.
        try await settle()
        return isDone
    }

    private func settle() async throws {
        try await blocking { try cluster.waitUntilSettled() }
    }

    /// Lets a replica take over.
    ///
    /// - Parameters:
    ///   - lag: the time in milliseconds for which the primary's last writes have not reached the replica, or with `returns` for
    ///     which the replica's writes do not reach the old primary.
    ///   - returns: lets the old primary take over again.
    /// - Returns: `false` if the primary has no replica.
    private func failover(
        of primary: RedisCluster.Node,
        _ kind: RedisCluster.Failover,
        lag: Int,
        returns: Bool
    ) async throws -> Bool {
        try await blocking {
            guard let replica = cluster.replicas(of: primary).first else { return false }
            if returns {
                // It will not ask its successor for its data.
                try cluster.cutReplication(of: primary)
                try cluster.failover(to: replica, kind)
                usleep(UInt32(lag) * 1000)
                try cluster.failover(to: primary, kind)
                try cluster.mendReplication(of: primary)
            } else {
                if lag > 0 { try cluster.cutReplication(of: replica) }
                usleep(UInt32(lag) * 1000)
                try cluster.failover(to: replica, kind)
                try cluster.mendReplication(of: replica)
            }
            return true
        }
    }

    /// Moves the slots around one that has keys, a key at a time.
    ///
    /// - Parameters:
    ///   - pause: the time between two keys in milliseconds.
    ///   - halfMoved: the time in milliseconds for which all of the slots are half moved.
    ///   - isAbandoned: gives the moves up then, for as long, and leaves the keys that have moved where they are. They come back
    ///     with their old values where nothing has replaced them.
    private func move(
        from source: RedisCluster.Node,
        to target: RedisCluster.Node,
        _ pause: Int,
        halfMoved: Int,
        isAbandoned: Bool
    ) async throws {
        try await blocking {
            let slots = try Self.slots(cluster, of: source)
            if halfMoved > 0 {
                let moves = try slots.map { try cluster.beginMove(of: $0, from: source, to: target) }
                for move in moves { try move.moveKeys(1) }
                usleep(UInt32(halfMoved) * 1000)
                if isAbandoned {
                    for move in moves { try move.abandon() }
                    usleep(UInt32(halfMoved) * 1000)
                }
            }
            try cluster.moveSlots(slots, from: source, to: target, batch: 1, pause: pause)
        }
    }

    /// A failover while slots are half moved.
    private struct FailoverDuringMove {
        /// Tells the node that gives slots away from the one that gets them.
        let isOfSource: Bool
        /// The primary dies; otherwise its replica takes over by itself.
        let isKilled: Bool
        /// The replica has got nothing since before the move.
        let losesWrites: Bool
    }

    /// Moves the slots around one that has keys, with a failover in between.
    ///
    /// In Redis 7 replicas don't know of moves. After a failover of the source its successor therefore serves the slots as if none
    /// of their keys had moved, while the target keeps to the former source: it knows no primary for the slots, and refuses all
    /// commands (`CLUSTERDOWN`) until the moves are taken back (`STABLE`). After a failover of the target the source redirects to
    /// the former one, which redirects back.
    ///
    /// Then the moves begin again with the successor. Of a key that both nodes have by now the source's value remains. A key that
    /// only the target has comes back with the slot, although it may have been purged at the source's successor, which did not have
    /// it. No entry is bound to it: not under the target, which has not had the slot, nor under a server that has just become a
    /// primary.
    ///
    /// - Parameters:
    ///   - pause: the time between two keys in milliseconds.
    ///   - halfMoved: the time in milliseconds for which all of the slots are half moved, before the failover and after it.
    /// - Returns: `false` if the primary has no replica.
    private func move(
        from source: RedisCluster.Node,
        to target: RedisCluster.Node,
        _ pause: Int,
        halfMoved: Int,
        _ failover: FailoverDuringMove
    ) async throws -> Bool {
        try await blocking {
            let former = failover.isOfSource ? source : target
            guard let successor = cluster.replicas(of: former).first else { return false }
            let slots = try Self.slots(cluster, of: source)
            if failover.losesWrites {
                // The slots may have come from the target a moment ago. Entries from before that are replaced by now.
                usleep(2_000_000)
                try cluster.cutReplication(of: successor)
            }
            let moves = try slots.map { try cluster.beginMove(of: $0, from: source, to: target) }
            for move in moves { try move.moveKeys(1) }
            usleep(UInt32(halfMoved) * 1000)
            if failover.isKilled {
                cluster.kill(former)
                try waitForPromotion(of: successor)
            } else {
                try cluster.failover(to: successor, .takeover)
            }
            usleep(UInt32(halfMoved) * 1000)
            try cluster.mendReplication(of: successor)
            let nodes = failover.isOfSource ? (source: successor, target: target) : (source: source, target: successor)
            for slot in slots {
                for node in [nodes.source, nodes.target] { try node.send("CLUSTER", "SETSLOT", "\(slot)", "STABLE") }
            }
            if failover.isKilled { try cluster.restart(former) }
            try cluster.waitUntilSettled()
            try cluster.moveSlots(slots, from: nodes.source, to: nodes.target, batch: 1, pause: pause)
            return true
        }
    }

    private func waitForPromotion(of replica: RedisCluster.Node) throws {
        let end = Date(timeIntervalSinceNow: 20)
        while try cluster.slots(of: replica).isEmpty {
            if Date() > end { throw HarnessError("node \(replica.number) was not promoted") }
            usleep(10_000)
        }
    }

    /// Some of a node's slots, of which at least one has a key if the node has any.
    private static func slots(_ cluster: RedisCluster, of node: RedisCluster.Node) throws -> ClosedRange<Int> {
        let owned = try cluster.slots(of: node)
        let key = try node.send("RANDOMKEY").text
        let slot = key.isEmpty ? owned[0].lowerBound : try cluster.slot(of: key)
        guard let range = owned.first(where: { $0.contains(slot) }) else { return slot...slot }
        return max(range.lowerBound, slot - 10)...min(range.upperBound, slot + 30)
    }
}
