import Foundation

extension RedisCluster {
    /// Makes a cluster work that was left in the middle of something: starts the nodes that were killed or hang, lets replicas follow
    /// their primaries, leaves slots that are half moved where they are, and waits until all have settled.
    public func repair() throws {
        for node in nodes where !node.isRunning { try restart(node) }
        for node in running {
            try mendReplication(of: node)
            guard let view = try view(node).members[node.id], view.isPrimary else { continue }
            for slot in view.openSlots { try node.send("CLUSTER", "SETSLOT", "\(slot)", "STABLE") }
        }
        try waitUntilSettled()
    }

    /// Gives slots that have no primary, or that some nodes don't know to have one, to one, as `redis-cli --cluster fix` does: a
    /// failover right after a move of a slot can leave it to nobody.
    func repairSlots() throws {
        var owners: [Node?] = owners
        var heirs: [Node] = []
        for (slot, owner) in owners.enumerated() where owner == nil {
            guard let heir = try heir(of: slot) else { return }
            // Unlike `ADDSLOTS`, also where it takes the slot for somebody else's.
            try heir.send("CLUSTER", "SETSLOT", "\(slot)", "NODE", heir.id)
            owners[slot] = heir
            heirs.append(heir)
        }
        for node in running {
            let known = Set(try view(node).members.values.filter(\.isPrimary).flatMap { $0.slots.joined() })
            for (slot, owner) in owners.enumerated() where !known.contains(slot) {
                if let owner { heirs.append(owner) }
            }
        }
        // The others believe whoever has the latest epoch.
        for (index, heir) in heirs.enumerated() where !heirs[..<index].contains(where: { $0 === heir }) {
            try heir.send("CLUSTER", "BUMPEPOCH")
        }
    }

    /// The primary that gets a slot of nobody: the one with the most keys of it.
    private func heir(of slot: Int) throws -> Node? {
        var best: (node: Node, keys: Int)?
        for node in running where try view(node).members[node.id]?.isPrimary == true {
            guard case .integer(let keys) = try node.send("CLUSTER", "COUNTKEYSINSLOT", "\(slot)") else { continue }
            if keys > best?.keys ?? -1 { best = (node, keys) }
        }
        return best?.node
    }
}
