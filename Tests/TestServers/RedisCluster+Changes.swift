import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension RedisCluster {
    /// How a replica takes over.
    public enum Failover: Sendable, CaseIterable {
        /// Together with its primary: no write is lost.
        case orderly
        /// Without its primary, by a vote of the others.
        case forced
        /// Without anybody.
        case takeover
    }

    /// Makes a replica take the place of its primary, and returns when it says that it has.
    public func failover(to replica: Node, _ kind: Failover = .orderly) throws {
        let how: [String] =
            switch kind {
            case .orderly: []
            case .forced: ["FORCE"]
            case .takeover: ["TAKEOVER"]
            }
        try replica.send(["CLUSTER", "FAILOVER"] + how)
        try wait(20, "node \(replica.number) does not take over") {
            let myself = try view(replica).members[replica.id]
            return myself?.isPrimary == true && myself?.slots.isEmpty == false ? nil : "it is no primary"
        }
    }

    /// Cuts a replica off its primary: from now on it lacks what is written. The others don't notice.
    public func cutReplication(of replica: Node) throws {
        try replica.send("CONFIG", "SET", "masteruser", "nobody", "masterauth", "wrong")
        guard let id = try view(replica).members[replica.id]?.primary, let primary = nodes.first(where: { $0.id == id })
        else {
            return
        }
        if primary.isRunning { try primary.send("CLIENT", "KILL", "TYPE", "replica") }
    }

    /// Ends ``cutReplication(of:)``. Also to be called before a primary becomes a replica that is to be cut off.
    public func mendReplication(of replica: Node) throws {
        try replica.send("CONFIG", "SET", "masteruser", "", "masterauth", options.password ?? "")
    }

    /// Starts a node, and returns when all others know it: a primary without slots, or a replica that is in sync.
    ///
    /// - Parameter primary: whose replica it is to be.
    @discardableResult
    public func addNode(replicaOf primary: Node? = nil) throws -> Node {
        let others = running
        let node = try launch((nodes.map(\.number).max() ?? -1) + 1)
        for other in others { try meet(node, other) }
        if let primary { try replicate(primary, by: node) }
        try waitUntilSettled()
        return node
    }

    /// Makes all others forget a node, and ends it. A primary must have given away its slots, and its replicas follow others.
    public func removeNode(_ node: Node) throws {
        if node.isRunning, let myself = try view(node).members[node.id], !myself.slots.isEmpty {
            throw ServerProcess.StartError(description: "node \(node.number) serves slots")
        }
        forget(node)
        // A node that is still there would be known anew by gossip.
        node.isRunning = false
        node.server.stop()
        for other in running { try other.send("CLUSTER", "FORGET", node.id) }
        try waitUntilSettled()
    }

    /// Moves slots with their keys, one slot after the other as `redis-cli --cluster reshard` does, and returns when all nodes
    /// know.
    ///
    /// - Parameters:
    ///   - batch: how many keys are moved at once.
    ///   - pause: the time between two batches, in milliseconds.
    public func moveSlots(
        _ slots: ClosedRange<Int>,
        from source: Node,
        to target: Node,
        batch: Int = 100,
        pause: Int = 0
    ) throws {
        for slot in slots {
            let move = try beginMove(of: slot, from: source, to: target)
            while try move.moveKeys(batch) > 0 { usleep(UInt32(pause) * 1000) }
            try move.finish()
        }
    }

    /// Begins to move a slot: from now on keys that its node does not have are asked for at the other one (`ASK`).
    public func beginMove(of slot: Int, from source: Node, to target: Node) throws -> SlotMove {
        let move = SlotMove(cluster: self, slot: slot, source: source, target: target)
        try target.send("CLUSTER", "SETSLOT", "\(slot)", "IMPORTING", source.id)
        try source.send("CLUSTER", "SETSLOT", "\(slot)", "MIGRATING", target.id)
        return move
    }

    /// A slot that is on its way from one node to another.
    public struct SlotMove: Sendable {
        let cluster: RedisCluster
        /// The slot.
        public let slot: Int
        /// The node that serves it so far.
        public let source: Node
        /// The node that will serve it.
        public let target: Node

        /// Moves some keys.
        ///
        /// - Returns: how many; 0: none is left.
        @discardableResult
        public func moveKeys(_ count: Int) throws -> Int {
            let connection = try source.connection()
            let keys = try connection.send("CLUSTER", "GETKEYSINSLOT", "\(slot)", "\(count)").elements.map(\.bytes)
            if !keys.isEmpty { try moveKeys(keys, connection) }
            return keys.count
        }

        /// Moves this key alone.
        public func moveKey(_ key: String) throws {
            try moveKeys([Array(key.utf8)], try source.connection())
        }

        private func moveKeys(_ keys: [[UInt8]], _ connection: RedisServerConnection) throws {
            // Nodes speak TLS with each other if the cluster has it. A move that was abandoned may have left keys there.
            var words = ["MIGRATE", "127.0.0.1", "\(target.port)", "", "0", "5000", "REPLACE"]
            if let password = cluster.options.password { words += ["AUTH", password] }
            try connection.send((words + ["KEYS"]).map { Array($0.utf8) } + keys, within: 10)
        }

        /// Gives the slot to the other node, when all keys are there. Not all nodes know at once: ask
        /// ``RedisCluster/waitUntilSettled(within:)``.
        public func finish() throws {
            // The new one first: the old one would refuse to be asked and know nobody else.
            var told = [target, source]
            told += cluster.running.filter { $0 !== target && $0 !== source && cluster.isPrimary($0) }
            for node in told {
                do {
                    try node.send("CLUSTER", "SETSLOT", "\(slot)", "NODE", target.id)
                } catch  where !cluster.isPrimary(node) {
                    // A primary that has lost its last slot follows the one that got it, and may have heard of it already.
                }
            }
        }

        /// Leaves the slot where it was. Keys that have moved stay where they are, and are found by nobody
        /// until the slot moves again.
        public func abandon() throws {
            for node in [source, target] { try node.send("CLUSTER", "SETSLOT", "\(slot)", "STABLE") }
        }
    }

    func isPrimary(_ node: Node) -> Bool {
        (try? view(node).members[node.id]?.isPrimary) ?? false
    }

    func meet(_ node: Node, _ other: Node) throws {
        try node.send("CLUSTER", "MEET", "127.0.0.1", "\(other.port)", "\(other.busPort)")
    }

    /// Makes a node a replica, as soon as it knows the primary.
    func replicate(_ primary: Node, by replica: Node) throws {
        try wait(20, "node \(replica.number) cannot follow \(primary.number)") {
            do {
                try replica.send("CLUSTER", "REPLICATE", primary.id)
                return nil
            } catch {
                return "\(error)"
            }
        }
    }
}
