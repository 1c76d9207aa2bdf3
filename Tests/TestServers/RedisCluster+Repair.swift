import Foundation

extension RedisCluster {
    /// Makes a cluster work that was left in the middle of something: starts the nodes that were killed or hang, lets replicas follow
    /// their primaries, leaves slots that are half moved where they are, and waits until all have settled.
    public func repair() throws {
        for node in nodes where !node.isRunning { try restart(node) }
        // A node that refuses, because it is about to get another role, may agree later.
        for node in running { try? mendReplication(of: node) }
        closeSlots { _ in true }
        try waitUntilSettled()
    }

    /// Leaves open slots where they are. A node to which a slot is being moved believes nobody who says that it has it.
    private func closeSlots(where isWanted: (Int) -> Bool) {
        for node in running {
            guard let myself = try? view(node).members[node.id] else { continue }
            for slot in myself.openSlots where isWanted(slot) {
                _ = try? node.send("CLUSTER", "SETSLOT", "\(slot)", "STABLE")
            }
        }
    }

    /// Gives slots that have no primary, or that some nodes don't know to have one, to one, as `redis-cli --cluster fix` does: a
    /// failover right after a move of a slot can leave it to nobody.
    func repairSlots() throws {
        var owners: [Node?] = owners
        var lost = Set(owners.indices.filter { owners[$0] == nil })
        for node in running {
            let known = Set(try view(node).members.values.filter(\.isPrimary).flatMap { $0.slots.joined() })
            lost.formUnion(owners.indices.filter { !known.contains($0) })
        }
        closeSlots { lost.contains($0) }
        var heirs: [Node] = []
        for slot in lost {
            guard let heir = try owners[slot] ?? heir(of: slot) else { return }
            if owners[slot] == nil {
                // Unlike `ADDSLOTS`, also where it takes the slot for somebody else's.
                try heir.send("CLUSTER", "SETSLOT", "\(slot)", "NODE", heir.id)
                owners[slot] = heir
            }
            if !heirs.contains(where: { $0 === heir }) { heirs.append(heir) }
        }
        // The others believe whoever has the latest epoch.
        for heir in heirs { try heir.send("CLUSTER", "BUMPEPOCH") }
    }

    /// The primary that gets a slot of nobody: the one with the most keys of it.
    private func heir(of slot: Int) throws -> Node? {
        var best: (node: Node, keys: Int)?
        for node in running where isPrimary(node) {
            guard case .integer(let keys) = try node.send("CLUSTER", "COUNTKEYSINSLOT", "\(slot)") else { continue }
            if keys > best?.keys ?? -1 { best = (node, keys) }
        }
        return best?.node
    }
}
