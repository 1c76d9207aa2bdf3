import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What a node thinks of the cluster: its reply to `CLUSTER NODES`.
struct RedisClusterView {
    /// What it thinks of a node.
    struct Member: Hashable {
        let id: String
        let flags: Set<Substring>
        /// The primary that a replica follows.
        let primary: String?
        let epoch: Int
        /// The slots that it serves, in order.
        let slots: [ClosedRange<Int>]
        /// The slots that are on their way to it or from it, which only the node itself tells.
        let openSlots: [Int]

        var isPrimary: Bool { flags.contains("master") }
        var isMyself: Bool { flags.contains("myself") }
        /// Whether it counts as failed, or has not introduced itself.
        var isAbsent: Bool { !flags.isDisjoint(with: ["fail", "fail?", "handshake", "noaddr"]) }
    }

    let members: [String: Member]

    init(_ text: String) {
        var members: [String: Member] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            guard words.count >= 8 else { continue }
            let slots = words[8...].compactMap { word -> ClosedRange<Int>? in
                // A slot on its way stands in brackets, beside the range it still belongs to.
                let bounds = word.split(separator: "-").map { Int($0) }
                guard let first = bounds.first ?? nil, let last = bounds.last ?? nil else { return nil }
                return first...last
            }
            let openSlots = words[8...].filter { $0.hasPrefix("[") }.compactMap {
                Int($0.dropFirst().prefix { $0 != "-" })
            }
            let id = String(words[0])
            members[id] = Member(
                id: id,
                flags: Set(words[2].split(separator: ",")),
                primary: words[3] == "-" ? nil : String(words[3]),
                epoch: Int(words[6]) ?? 0,
                slots: slots,
                openSlots: openSlots
            )
        }
        self.members = members
    }
}

extension RedisCluster {
    /// The primaries that serve slots now, in the order in which nodes were added, as those say that run.
    public var primaries: [Node] {
        let owners = Set(owners.compactMap { $0?.id })
        return nodes.filter { owners.contains($0.id) }
    }

    /// The running replicas of a node, as they say themselves.
    public func replicas(of primary: Node) -> [Node] {
        running.filter { node in
            guard let myself = try? view(node).members[node.id] else { return false }
            return !myself.isPrimary && myself.primary == primary.id
        }
    }

    /// The node that serves a slot now.
    public func owner(of slot: Int) throws -> Node {
        guard let owner = owners[slot] else {
            throw ServerProcess.StartError(description: "slot \(slot) is served by nobody")
        }
        return owner
    }

    /// The slots that a node serves, as it says itself, in order.
    public func slots(of node: Node) throws -> [ClosedRange<Int>] { try view(node).members[node.id]?.slots ?? [] }

    /// The slot of a key.
    public func slot(of key: String) throws -> Int {
        guard let node = running.first, case .integer(let slot) = try node.send("CLUSTER", "KEYSLOT", key) else {
            throw ServerProcess.StartError(description: "no node runs")
        }
        return slot
    }

    /// Indicates that each slot has a primary that runs, and that all nodes that run say that the cluster works.
    public var isServing: Bool {
        !owners.contains { $0 == nil }
            && running.allSatisfy { (try? $0.send("CLUSTER", "INFO").text)?.contains("cluster_state:ok") == true }
    }

    /// Who serves each slot. Nodes speak of themselves; where two claim a slot, the later epoch counts.
    var owners: [Node?] {
        var owners: [(node: Node, epoch: Int)?] = Array(repeating: nil, count: RedisClusterSlots.count)
        for node in running {
            guard let myself = try? view(node).members[node.id], myself.isPrimary else { continue }
            for slot in myself.slots.joined() where myself.epoch >= owners[slot]?.epoch ?? -1 {
                owners[slot] = (node, myself.epoch)
            }
        }
        return owners.map { $0?.node }
    }

    func view(_ node: Node) throws -> RedisClusterView {
        RedisClusterView(try node.send("CLUSTER", "NODES").text)
    }

    /// Waits until those that run agree on who serves what, serve all slots, and replicas have a primary's data.
    ///
    /// Slots that have got lost are given to a primary, if they don't turn up by themselves.
    ///
    /// - Parameter seconds: how long to wait.
    public func waitUntilSettled(within seconds: Double = 60) throws {
        var nextRepair = Date(timeIntervalSinceNow: 10)
        try wait(seconds, "the cluster does not settle") {
            let problem = unsettled
            if problem != nil, Date() > nextRepair {
                // A node that refuses may agree the next time.
                try? repairSlots()
                nextRepair = Date(timeIntervalSinceNow: 5)
            }
            return problem
        }
    }

    /// Waits until `problem` has none to tell.
    func wait(_ seconds: Double, _ words: String, until problem: () throws -> String?) throws {
        let end = Date(timeIntervalSinceNow: seconds)
        while let problem = try problem() {
            if Date() > end { throw ServerProcess.StartError(description: "\(words): \(problem)") }
            usleep(10_000)
        }
    }

    /// Why the cluster is not settled.
    private var unsettled: String? {
        let running = running
        let ids = Set(running.map(\.id))
        var agreed: [RedisClusterView.Member]?
        for node in running {
            guard let view = try? view(node) else { return "node \(node.number) does not answer" }
            let seen = running.compactMap { view.members[$0.id] }
            if seen.count < running.count { return "node \(node.number) does not know all" }
            if let absent = seen.first(where: \.isAbsent) { return "node \(node.number) misses \(absent.id)" }
            let covered = seen.filter(\.isPrimary).reduce(0) { $0 + $1.slots.reduce(0) { $0 + $1.count } }
            if covered != RedisClusterSlots.count { return "node \(node.number) knows of \(covered) slots" }
            let roles = seen.map { member in
                RedisClusterView.Member(
                    id: member.id,
                    flags: member.isPrimary ? ["master"] : [],
                    primary: member.primary,
                    epoch: 0,
                    slots: member.slots,
                    openSlots: []
                )
            }
            if let agreed, agreed != roles { return "node \(node.number) disagrees with \(running[0].number)" }
            agreed = roles
            if let problem = unsettled(node, view, among: ids) { return problem }
        }
        return nil
    }

    private func unsettled(_ node: Node, _ view: RedisClusterView, among running: Set<String>) -> String? {
        guard let state = try? node.send("CLUSTER", "INFO").text, state.contains("cluster_state:ok") else {
            return "node \(node.number) says that the cluster does not work"
        }
        guard let myself = view.members[node.id], !myself.isPrimary else { return nil }
        guard let primary = myself.primary, running.contains(primary) else {
            return "node \(node.number) follows nobody"
        }
        guard let link = try? node.send("INFO", "replication").text, link.contains("master_link_status:up") else {
            return "node \(node.number) lacks its primary's data"
        }
        return nil
    }
}
