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
        let views = try running.map { (node: $0, view: try view($0)) }
        var lost = Set(owners.indices.filter { owners[$0] == nil })
        for (_, view) in views {
            let known = Set(view.members.values.filter(\.isPrimary).flatMap { $0.slots.joined() })
            lost.formUnion(owners.indices.filter { !known.contains($0) })
        }
        for (node, view) in views {
            guard let myself = view.members[node.id], myself.isPrimary else { continue }
            // A node to which a slot is being moved believes nobody who says that it has it.
            for slot in myself.openSlots where lost.contains(slot) {
                try node.send("CLUSTER", "SETSLOT", "\(slot)", "STABLE")
            }
        }
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
        for node in running where try view(node).members[node.id]?.isPrimary == true {
            guard case .integer(let keys) = try node.send("CLUSTER", "COUNTKEYSINSLOT", "\(slot)") else { continue }
            if keys > best?.keys ?? -1 { best = (node, keys) }
        }
        return best?.node
    }
}
