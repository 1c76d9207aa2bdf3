/// Connections, and what servers do with commands.
extension World {
    static func index(_ process: Int, _ loop: Int, _ shard: Int) -> Int { (process * 2 + loop) * 2 + shard }

    // MARK: - Clients

    /// The shard that a process believes to have a key.
    func shard(of key: Int, for process: Int) -> Int {
        isCluster ? Int(processes[process].shards &>> UInt16(key) & 1) : 0
    }

    /// Sends a command to the shard of its key.
    ///
    /// - Returns: `false` if there is no connection.
    mutating func send(_ command: Command, _ process: Int, _ loop: Int) -> Bool {
        send(command, process, loop, to: shard(of: Int(command.key), for: process))
    }

    mutating func send(_ command: Command, _ process: Int, _ loop: Int, to shard: Int) -> Bool {
        let index = Self.index(process, loop, shard)
        guard connections[index].state == .open else { return false }
        let time = clock(process)
        // As RedisConnection: the identity of a server is never older than a second on a connection in use.
        let isOld = time - connections[index].learntAt >= 1_000_000 || connections[index].mustLearn
        if isOld, !isOmitted(Omissions.relearning) { askForIdentity(index, at: time) }
        var command = command
        command.sentAt = time
        command.due = delay()
        connections[index].requests.append(command)
        withRequests |= 1 << UInt32(index)
        return true
    }

    private mutating func askForIdentity(_ index: Int, at time: Int64) {
        var command = Command(
            kind: .information,
            key: 0,
            sender: UInt8(Address.nobody),
            question: 0
        )
        command.sentAt = time
        command.due = delay()
        connections[index].learntAt = time
        connections[index].mustLearn = false
        connections[index].requests.append(command)
        withRequests |= 1 << UInt32(index)
    }

    /// Opens a connection to the server that the shard's address names. It is used when the server has told its identity.
    mutating func connect(_ index: Int) {
        let process = index / 4
        let node = shards[index & 1].published
        guard nodes[node].isUp else {
            connections[index].retryAt = clock(process) + 10_000
            return
        }
        if isTraced { note("\(name(index)) is opened to node \(node)") }
        connections[index].state = .opening
        connections[index].node = node
        connections[index].configEpoch = shards[index & 1].publishedEpoch
        askForIdentity(index, at: clock(process))
    }

    func name(_ index: Int) -> String { "connection \(index & 1) of loop \(index / 2 & 1) of process \(index / 4)" }

    /// Closes a connection. Commands without a reply fail; some of those that no server has read are executed later.
    mutating func close(_ index: Int, _ reason: StaticString, mayExecute: Bool = true) {
        guard connections[index].state != .closed else { return }
        if isTraced { note("\(name(index)) ends: \(reason)") }
        let process = index / 4
        let loop = index / 2 & 1
        let node = connections[index].node
        connections[index].state = .closed
        connections[index].identity = 0
        connections[index].mustLearn = false
        connections[index].retryAt = clock(process) + 5000
        withRequests &= ~(1 << UInt32(index))
        withReplies &= ~(1 << UInt32(index))
        guard connections[index].oldest != nil else { return }
        // Taken out before anybody hears of it, because who does may send again.
        var requests = Queue<Command>()
        var replies = Queue<Reply>()
        swap(&requests, &connections[index].requests)
        swap(&replies, &connections[index].replies)
        if mayExecute, !isEnding, !requests.isEmpty, random.isOne(of: 2) {
            var orphan = OrphanedCommands(node: node, life: nodes[node].runID, due: delay() + Int32(random.below(60)))
            for position in 0...random.below(requests.count) { orphan.commands.append(requests[position]) }
            orphans.append(orphan)
        }
        for position in 0..<replies.count { lose(replies[position].command, process, loop) }
        for position in 0..<requests.count { lose(requests[position], process, loop) }
    }

    private mutating func lose(_ command: Command, _ process: Int, _ loop: Int) {
        guard command.kind != .information else { return }
        receive(Reply(command: command, status: .lost), process, loop)
    }

    /// Lets a server read the next command of a connection.
    mutating func deliverRequest(_ index: Int) -> Bool {
        guard let first = connections[index].requests.first, first.due <= step else { return false }
        let command = connections[index].requests.removeFirst()
        if connections[index].requests.isEmpty { withRequests &= ~(1 << UInt32(index)) }
        var reply = execute(command, on: connections[index].node)
        reply.due = delay()
        connections[index].replies.append(reply)
        withReplies |= 1 << UInt32(index)
        return true
    }

    /// Lets a server read a command of a closed connection.
    mutating func deliverOrphan() -> Bool {
        guard !orphans.isEmpty else { return false }
        let index = random.below(orphans.count)
        guard orphans[index].due <= step else { return false }
        let command = orphans[index].commands.removeFirst()
        let node = orphans[index].node
        if nodes[node].isUp, nodes[node].runID == orphans[index].life { _ = execute(command, on: node) }
        if orphans[index].commands.isEmpty { orphans.swapRemove(index) }
        return true
    }

    /// Lets a client read the next reply of a connection.
    mutating func deliverReply(_ index: Int) -> Bool {
        guard let first = connections[index].replies.first, first.due <= step else { return false }
        let process = index / 4
        // The deadline of a command holds even where the timer is late.
        if isLate(index) {
            close(index, "a reply is late")
            return true
        }
        var reply = connections[index].replies.removeFirst()
        if connections[index].replies.isEmpty { withReplies &= ~(1 << UInt32(index)) }
        let loop = index / 2 & 1
        switch reply.status {
        case _ where reply.command.kind == .information: learn(reply, index)
        case .readOnly:
            if isTraced { note("READONLY in reply to \(describe(reply.command))") }
            close(index, "READONLY")
            lose(reply.command, process, loop)
        case .moved, .ask: redirect(reply, index)
        case .done, .refused, .lost:
            // A server that has a key, but not its slot yet, may get an older value of it once more: from a replica of the
            // server that has the slot, which becomes the primary and has not heard that the key has moved.
            let isUnbound = reply.command.isAsking && !isOmitted(Omissions.asked)
            reply.identity = isUnbound ? Self.unbound : connections[index].identity
            receive(reply, process, loop)
        }
        return true
    }

    /// Indicates that the oldest command has waited for longer than `REDIS_COMMAND_TIMEOUT`.
    func isLate(_ index: Int) -> Bool {
        guard connections[index].state != .closed, let oldest = connections[index].oldest else { return false }
        return clock(index / 4) - oldest.sentAt > 100_000
    }

    /// Takes a server's identity. A server that is no primary is left, and so are connections to another server than this one.
    private mutating func learn(_ reply: Reply, _ index: Int) {
        guard reply.isPrimary else { return close(index, "the server is a replica") }
        let identity = identity(reply.identity, for: connections[index].configEpoch)
        connections[index].identity = identity
        if connections[index].state == .opening {
            connections[index].state = .open
            if isTraced { note("\(name(index)) is open, server \(identity)") }
        }
        if hasNear, near[min(index / 4, 1)].isOpen, index < 8, near[index / 4].identity != identity {
            endNear(index / 4)
        }
        for loop in 0...1 {
            let other = Self.index(index / 4, loop, index & 1)
            if other != index, connections[other].state == .open, connections[other].identity != identity {
                close(other, "another connection has found another server")
            }
        }
    }

    private mutating func redirect(_ reply: Reply, _ index: Int) {
        var command = reply.command
        let process = index / 4
        let loop = index / 2 & 1
        if isTraced {
            note("\(reply.status == .ask ? "ASK" : "MOVED") to shard \(reply.shard) in reply to \(describe(command))")
        }
        if reply.status == .ask, command.kind == .unlink, isOmitted(Omissions.ask) {
            return receive(Reply(command: command, status: .done, step: reply.step), process, loop)
        }
        command.isAsking = reply.status == .ask
        if reply.status == .ask, reply.isExcused { command.isExcused = true }
        command.redirections += 1
        if reply.status == .moved {
            connections[index].mustLearn = true
            let bit: UInt16 = 1 << UInt16(command.key)
            if reply.shard == 0 { processes[process].shards &= ~bit } else { processes[process].shards |= bit }
            // The replica of its shard has become the primary.
            if Int(reply.shard) == index & 1 { close(index, "the server is a replica") }
        }
        guard command.redirections <= 5, send(command, process, loop, to: Int(reply.shard)) else {
            return lose(command, process, loop)
        }
    }

    /// The identity of a server to which no tag version is bound.
    static let unbound = UInt16.max

    // MARK: - Servers

    /// The `run_id` in the second half of the lower byte, and `master_replid` in the first one.
    func identity(of node: Int) -> UInt16 { UInt16(nodes[node].runID) << 4 | UInt16(nodes[node].replicationID) }

    /// The identity with the `config-epoch` in the bits above the server's own. A run has two promotions at most: ``servers``
    /// has room for three.
    func identity(_ own: UInt16, for configEpoch: UInt16) -> UInt16 {
        isOmitted(Omissions.configEpoch) ? own : configEpoch << 12 | own
    }

    /// Executes a command. What the keys of a command are, and what of it are writes, is as in Redis.
    mutating func execute(_ command: Command, on node: Int) -> Reply {
        let shard = node >> 1
        var reply = Reply(command: command, status: .done, step: step)
        if command.kind == .information {
            reply.identity = identity(of: node)
            reply.isPrimary = !nodes[node].isReplica
            return reply
        }
        reply.isExcused =
            node != shards[shard].primary && (!nodes[node].isReplica || now - nodes[node].deposedAt <= 1_200_000)
        if command.isExcused { reply.isExcused = true }
        let key = Int(command.key)
        let time = nodes[node].clock.time(at: now)
        if isCluster {
            let owner = Int(owners &>> UInt16(key) & 1)
            let isImporting = migration.phase == .moving && migration.key == key && migration.to == shard
            if nodes[node].isReplica || owner != shard && !(isImporting && command.isAsking) {
                reply.status = .moved
                reply.shard = UInt8(owner)
                return reply
            }
            let isMigrating = migration.phase == .moving && migration.key == key && owner == shard
            if isMigrating, nodes[node].value(key, at: time) == 0 {
                reply.status = .ask
                reply.shard = UInt8(migration.to)
                return reply
            }
        } else if nodes[node].isReplica, command.kind != .read, command.kind != .readTogether {
            reply.status = .readOnly
            return reply
        }
        switch command.kind {
        case .information: break
        case .read: reply.first = nodes[node].value(key, at: time)
        case .readTogether:
            reply.entry = nodes[node].value(key, at: time)
            let versions = versionKeys(key)
            reply.first = nodes[node].value(versions.first, at: time)
            reply.second = nodes[node].value(versions.second, at: time)
        case .createVersion:
            if nodes[node].value(key, at: time) != 0 {
                reply.status = .refused
            } else {
                write(Change(key: command.key, value: command.value, expiry: time + command.life), on: node)
            }
        case .write: write(Change(key: command.key, value: command.value, expiry: time + command.life), on: node)
        case .unlink:
            for key in 0..<Key.stored where command.keys & 1 << UInt16(key) != 0 {
                write(Change(key: UInt8(key), value: 0, expiry: 0), on: node)
            }
        case .lock: reply.status = acquire(command, on: node, at: time) ? .done : .refused
        case .unlock: release(command, on: node, at: time)
        }
        if isTraced { note("node \(node): \(describe(command)): \(describe(reply))") }
        return reply
    }

    /// Changes a server, and has the change sent to its replica.
    private mutating func write(_ change: Change, on node: Int) {
        nodes[node].apply(change)
        if hasNear, change.key < Key.stored { announce(Int(change.key), on: node) }
        let shard = node >> 1
        guard node == shards[shard].primary, shards[shard].isInSync else { return }
        shards[shard].stream.append(change)
    }

    private mutating func acquire(_ command: Command, on node: Int, at time: Int64) -> Bool {
        for lock in nodes[node].locks where lock.key == command.key && lock.name == command.name && lock.expiry > time {
            return false
        }
        for grant in grants where grant.name == command.name && grant.node == node && grant.expiry > time {
            if grant.life == nodes[node].runID, grant.owner != command.value { violate("a lock has two owners") }
        }
        let expiry = isOmitted(Omissions.lockLife) ? Int64.max : time + command.life
        let owner = Grant(name: command.name, owner: command.value, node: node, life: nodes[node].runID, expiry: expiry)
        grants.append(owner)
        write(Change(key: command.key, name: command.name, value: command.value, expiry: expiry), on: node)
        return true
    }

    private mutating func release(_ command: Command, on node: Int, at time: Int64) {
        for lock in nodes[node].locks where lock.key == command.key && lock.name == command.name {
            guard lock.owner == command.value || isOmitted(Omissions.lockOwner) else { continue }
            write(Change(key: command.key, name: command.name, value: 0, expiry: 0), on: node)
            break
        }
        grants.removeAll { $0.name == command.name && $0.owner == command.value && $0.node == node }
    }

    func describe(_ command: Command) -> String {
        let key = Key.name(Int(command.key))
        let subject =
            switch command.kind {
            case .information: "INFO"
            case .readTogether: "MGET \(key) and versions"
            case .read: "GET \(key)"
            case .createVersion: "SET NX \(key) v\(command.value)"
            case .write: "SET \(key) #\(command.value)"
            case .unlink: "UNLINK \(Key.names(of: command.keys))"
            case .lock: "SET NX \(key) by \(command.value)"
            case .unlock: "release \(key) of \(command.value)"
            }
        return subject + " of " + describe(command.sender)
    }

    func describe(_ address: UInt8) -> String {
        switch Int(address) {
        case ..<Address.firstWriter: "reader \(address)"
        case ..<Address.tool: "writer \(Int(address) - Address.firstWriter)"
        case Address.tool: "the tool"
        case ..<Address.firstWork: "the queue of process \(Int(address) - Address.firstFlusher)"
        case ..<Address.firstPut: "work \(Int(address) - Address.firstWork)"
        case ..<Address.firstRenewal: "put \(Int(address) - Address.firstPut)"
        case Address.nobody: "nobody"
        default: "renewal \(Int(address) - Address.firstRenewal)"
        }
    }

    func describe(_ reply: Reply) -> String {
        switch reply.command.kind {
        case .readTogether: "#\(reply.entry), v\(reply.first), v\(reply.second)"
        case .read: reply.command.part == Part.entry ? "#\(reply.first)" : "v\(reply.first)"
        default: "\(reply.status)"
        }
    }
}

extension Array {
    /// Removes an element, in whose place the last one comes.
    mutating func swapRemove(_ index: Int) {
        swapAt(index, count - 1)
        removeLast()
    }
}
