/// The primaries of a cluster and their hash slots, as one node knows them.
///
/// A copy shares its memory, 32 KiB, until one of the two is changed. Two maps are equal if they assign the same slots to the
/// same primaries, which have the same IDs; replicas don't matter.
package struct RedisClusterSlotMap: Equatable, Sendable {
    package typealias Endpoint = RedisConfiguration.Endpoint

    /// The primaries that have slots, in the order of their first slot.
    package private(set) var primaries: [Endpoint] = []
    /// The number of slots without a known primary. Commands for their keys fail.
    package private(set) var unassignedCount = RedisHashSlot.count
    /// The index in ``primaries`` for each slot.
    private(set) var indices = PrimaryIndices()

    /// The index of a primary for each slot.
    ///
    /// Event loops hold it apart from the map, because looking into the map retains everything else in it, and each command
    /// needs an index.
    struct PrimaryIndices: Equatable, Sendable {
        fileprivate var values = [UInt16](repeating: unassigned, count: RedisHashSlot.count)

        /// The index of the primary that has a slot; `nil` if none has it.
        func index(of slot: RedisHashSlot) -> Int? {
            let index = values[Int(slot.number)]
            return index == unassigned ? nil : Int(index)
        }
    }

    /// The IDs of the primaries, as far as they are known.
    private var nodeIDs: [Endpoint: String] = [:]
    /// The IDs of all nodes that have slots or are replicas of one that has.
    private var members: Set<String> = []

    private static let unassigned = UInt16.max

    /// Makes a map without primaries.
    package init() {}

    package static func == (one: Self, other: Self) -> Bool {
        one.primaries == other.primaries && one.indices == other.indices && one.nodeIDs == other.nodeIDs
    }

    /// Indicates that the map can be one of the same cluster: they have a node in common, or one of them tells no IDs.
    package func isOfSameCluster(as other: Self) -> Bool {
        members.isEmpty || other.members.isEmpty || !members.isDisjoint(with: other.members)
    }

    /// Indicates that every slot has a primary.
    package var isComplete: Bool { unassignedCount == 0 }

    /// The address of the primary that has a slot; `nil` if none has it.
    package func endpoint(of slot: RedisHashSlot) -> Endpoint? {
        indices.index(of: slot).map { primaries[$0] }
    }

    /// The ID of a primary; `nil` if it is not known, as on servers before Redis 4.
    package func nodeID(of endpoint: Endpoint) -> String? { nodeIDs[endpoint] }

    /// Assigns a slot to a primary, which may be new. One without slots is none any more.
    package mutating func move(_ slot: RedisHashSlot, to endpoint: Endpoint) {
        guard self.endpoint(of: slot) != endpoint else { return }
        let index = primaries.firstIndex(of: endpoint) ?? primaries.endIndex
        if index == primaries.endIndex { primaries.append(endpoint) }
        indices.values[Int(slot.number)] = UInt16(index)
        restoreOrder()
    }

    /// Numbers the primaries by their first slots, so that equal maps have equal contents.
    private mutating func restoreOrder() {
        var renumbered = [UInt16](repeating: Self.unassigned, count: primaries.count)
        var order: [Endpoint] = []
        unassignedCount = 0
        for slot in indices.values.indices {
            let index = indices.values[slot]
            guard index != Self.unassigned else {
                unassignedCount += 1
                continue
            }
            if renumbered[Int(index)] == Self.unassigned {
                renumbered[Int(index)] = UInt16(order.count)
                order.append(primaries[Int(index)])
            }
            indices.values[slot] = renumbered[Int(index)]
        }
        primaries = order
        nodeIDs = nodeIDs.filter { order.contains($0.key) }
    }
}

// MARK: - CLUSTER SLOTS

extension RedisClusterSlotMap {
    /// Reads the reply to `CLUSTER SLOTS`: an array of ranges, each with its first and last slot and its nodes, of which the
    /// first is the primary. A node has a host, a port, and more that is not needed: an ID and, from Redis 7 on, other names.
    /// The host is the one that the cluster prefers (`cluster-preferred-endpoint-type`).
    ///
    /// A host that is null or empty is that of the node that was asked. Ranges of a node whose host is `?`, which does not know
    /// its own name yet, or whose host or port is impossible, stay without a primary.
    ///
    /// - Parameters:
    ///   - reply: the reply.
    ///   - asked: the address at which the node was asked.
    /// - Throws: ``RedisClusterSlotMapError`` if the reply is an error or nothing that can be relied on.
    package init(_ reply: RedisReply, from asked: Endpoint) throws(RedisClusterSlotMapError) {
        self.init()
        if let error = reply.error { throw RedisClusterSlotMapError(.refused, error.description) }
        guard reply.kind == .array else { throw Self.unexpected("it is no array") }
        guard reply.count > 0 else { throw RedisClusterSlotMapError(.noSlots, "no slot is assigned to a node") }
        // No two ranges may have a slot in common, so there can't be more of them.
        guard reply.count <= RedisHashSlot.count else {
            throw RedisClusterSlotMapError(.overlappingRanges, "there are \(reply.count) ranges, more than slots")
        }
        var taken = [Bool](repeating: false, count: RedisHashSlot.count)
        var known: [Endpoint: UInt16] = [:]
        for position in 0..<reply.count {
            let entry = reply[position]
            let range = try Self.range(entry)
            for slot in range {
                guard !taken[Int(slot)] else {
                    throw RedisClusterSlotMapError(.overlappingRanges, "slot \(slot) is in more than one range")
                }
                taken[Int(slot)] = true
            }
            for node in 2..<entry.count {
                if let nodeID = Self.nodeID(entry[node]) { members.insert(nodeID) }
            }
            guard let endpoint = try Self.endpoint(entry[2], asked) else { continue }
            let index = known[endpoint] ?? UInt16(primaries.count)
            if Int(index) == primaries.count {
                primaries.append(endpoint)
                known[endpoint] = index
                if let nodeID = Self.nodeID(entry[2]) { nodeIDs[endpoint] = nodeID }
            }
            for slot in range { indices.values[Int(slot)] = index }
        }
        restoreOrder()
        guard !primaries.isEmpty else {
            throw RedisClusterSlotMapError(
                .noKnownHosts,
                "the hosts of all nodes are unknown to the node that was asked"
            )
        }
    }

    /// The slots of an entry.
    private static func range(_ entry: RedisReply) throws(RedisClusterSlotMapError) -> ClosedRange<UInt16> {
        guard entry.count >= 3, let first = number(entry[0]), let last = number(entry[1]) else {
            throw unexpected("an entry is not a range of slots with its nodes")
        }
        guard first >= 0, first <= last, last < RedisHashSlot.count else {
            throw RedisClusterSlotMapError(.invalidRange, "\(first) to \(last) is not a range of slots")
        }
        return UInt16(first)...UInt16(last)
    }

    /// The ID of a node; `nil` if the entry has none.
    private static func nodeID(_ node: RedisReply) -> String? {
        guard node.count >= 3, let nodeID = node[2].string, !nodeID.isEmpty else { return nil }
        return nodeID
    }

    /// The address of a node; `nil` if it is unknown to the node that was asked, or impossible.
    private static func endpoint(
        _ node: RedisReply,
        _ asked: Endpoint
    ) throws(RedisClusterSlotMapError) -> Endpoint? {
        guard node.count >= 2, node[0].isNull || node[0].bytes != nil, let port = number(node[1]) else {
            throw unexpected("a node is not a host with a port")
        }
        // One node without an address, as one is that has lost its configuration, does not make the others unknown.
        return .announced(host: node[0].string ?? "", port: port, by: asked)
    }

    /// An integer, which some servers and proxies send as a string.
    private static func number(_ reply: RedisReply) -> Int? {
        reply.integer.map { Int($0) } ?? reply.string.flatMap { Int($0) }
    }

    private static func unexpected(_ reason: String) -> RedisClusterSlotMapError {
        RedisClusterSlotMapError(.unexpectedReply, "the reply to CLUSTER SLOTS is not a slot map: \(reason)")
    }
}
