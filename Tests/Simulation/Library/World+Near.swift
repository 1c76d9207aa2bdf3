import CachedRoutesCore
import NIOCore
import RouteModel

/// What a server announces over the second connection of a tracked session, in this order.
enum Announcement {
    /// A key has changed.
    case changed(UInt8)
    /// The reply to PING, which was sent at this time by the clock of the process.
    case pong(Int64)
}

/// The near cache of a process and its tracked session: a connection that reads, and one over which the server announces changes.
/// It follows `NearStore`, `RedisTrackedSession` and `RedisTrackingLease`. Runs without a cluster have it.
struct NearCache {
    var memory = NearMemory(budget: 1 << 20)
    var isOpen = false
    var node = 0
    /// The `config-epoch` for which Sentinels have named the server.
    var configEpoch: UInt16 = 0
    var identity: UInt16 = 0
    /// The time by the process's clock at which the server was last asked for its identity.
    var learntAt: Int64 = 0
    /// The time by the process's clock of the next attempt to open a session, or of the next ping.
    var next: Int64 = 0
    var requests = Queue<Command>()
    var replies = Queue<Reply>()
    var announcements = Queue<Announcement>()
    /// The first step in which the next announcement may arrive.
    var due: Int32 = 0
    /// The keys that the server tracks for this session.
    var tracked: UInt16 = 0
    /// The time at which the last ping was sent; 0 if none is under way.
    var pingedAt: Int64 = 0
    var hasReply = false
    /// The time at which the last ping was sent that the announcing connection has answered.
    var pongAt: Int64 = 0
    /// The time at which the last ping was sent that both connections have answered.
    var answeredAt = Int64.min / 2
}

extension World {
    /// Indicates that the near cache may be used: the server has answered within the last second.
    func isTracking(_ process: Int) -> Bool {
        guard near[process].isOpen else { return false }
        if isOmitted(Omissions.nearLease) { return true }
        return near[process].answeredAt > .min / 2 && clock(process) - near[process].answeredAt < 1_000_000
    }

    // MARK: - Requests

    /// Looks into the memory of the process, and reads over the tracked session what is not there.
    ///
    /// - Returns: `false` if the near cache can't be used.
    mutating func startNearRead(_ reader: Int) -> Bool {
        let process = readers[reader].process
        let key = readers[reader].key
        guard hasNear, hotKey == key, isTracking(process) else { return false }
        let now = milliseconds(process)
        switch near[process].memory.lookUp(keys[key], orOther: false, tokens: names[key], at: now) {
        case .hit(let result):
            guard case .found(let entry) = result.content else { return false }
            if isTraced { note("reader \(reader) finds #\(entry.madeIn) in the memory of process \(process)") }
            if isNearExcused(process) { readers[reader].isExcused = true }
            readers[reader].isNear = true
            readers[reader].known = result.tokens
            evaluate(reader, Int(entry.madeIn), result.tokens)
        case .miss(let pending):
            readers[reader].pending = pending
            readers[reader].phase = .lookup
            readers[reader].read = StoreRead()
            readers[reader].read.question = newQuestion()
            readers[reader].read.outstanding = 1
            var command = Command(
                kind: .readTogether,
                key: UInt8(key),
                part: Part.all,
                sender: UInt8(reader),
                question: readers[reader].read.question
            )
            command.sentAt = clock(process)
            askNear(process, isPing: false)
            command.due = delay()
            near[process].requests.append(command)
        }
        return true
    }

    /// The old primary's session is left when it is asked for its identity, a second after the last time, by a ping.
    private func isNearExcused(_ process: Int) -> Bool {
        let node = near[process].node
        return node != shards[0].primary && (!nodes[node].isReplica || now - nodes[node].deposedAt <= 2_500_000)
    }

    /// Ends the read of a near cache, as `NearStore.end` does.
    mutating func endNearRead(_ reader: Int, _ entry: CacheEntry?, _ tokens: [TagVersion?], isTracked: Bool) {
        guard let pending = readers[reader].pending else { return }
        readers[reader].pending = nil
        let process = readers[reader].process
        let isCurrent = near[process].memory.end(pending)
        guard isCurrent || isOmitted(Omissions.nearPending), isTracked, let entry, entry.matches(tokens) else { return }
        let now = milliseconds(process)
        let life = min(60_000, entry.storeLifetime - entry.age(at: now))
        guard life > 0 else { return }
        let key = readers[reader].key
        near[process].memory.put(entry, under: keys[key], tokens: names[key], expiry: now + life, at: now)
    }

    /// Drops the process's own purges, as `NearStore.purge` does.
    mutating func forgetNear(_ process: Int, _ purged: UInt16) {
        guard hasNear, process < 2, !isOmitted(Omissions.nearOwn) else { return }
        for key in Key.route..<Key.stored where purged & 1 << UInt16(key) != 0 {
            near[process].memory.change(CollectionOfOne(.token(keyNames[key - Key.route])))
        }
    }

    // MARK: - The server

    /// Announces a change to the sessions that have read the key.
    mutating func announce(_ key: Int, on node: Int) {
        for process in 0...1 where near[process].isOpen && near[process].node == node {
            guard near[process].tracked & 1 << UInt16(key) != 0 else { continue }
            near[process].tracked &= ~(1 << UInt16(key))
            if near[process].announcements.isEmpty { near[process].due = delay() }
            near[process].announcements.append(.changed(UInt8(key)))
        }
    }

    // MARK: - The session

    mutating func nearEvent() -> Bool {
        guard hasNear else { return false }
        let process = random.below(2)
        guard near[process].isOpen else { return openNear(process) }
        switch random.below(4) {
        case 0:
            guard let first = near[process].requests.first, first.due <= step else { return false }
            serveNear(process)
        case 1:
            guard let first = near[process].replies.first, first.due <= step else { return false }
            let reply = near[process].replies.removeFirst()
            guard clock(process) - reply.command.sentAt <= 100_000 else {
                endNear(process)
                receive(Reply(command: reply.command, status: .lost), process, 0)
                return true
            }
            takeNear(reply, process)
        case 2:
            guard !near[process].announcements.isEmpty, near[process].due <= step else { return false }
            near[process].due = delay()
            switch near[process].announcements.removeFirst() {
            case .changed(let key): changeNear(process, Int(key))
            case .pong(let time): pongNear(process, time)
            }
        default: return pingNear(process)
        }
        return true
    }

    private mutating func openNear(_ process: Int) -> Bool {
        let node = shards[0].published
        guard near[process].next <= clock(process), nodes[node].isUp, !nodes[node].isReplica else { return false }
        near[process].isOpen = true
        near[process].node = node
        near[process].configEpoch = shards[0].publishedEpoch
        near[process].identity = identity(identity(of: node), for: near[process].configEpoch)
        near[process].learntAt = clock(process)
        near[process].next = clock(process)
        near[process].answeredAt = .min / 2
        near[process].pingedAt = 0
        near[process].tracked = 0
        if isTraced { note("a tracked session of process \(process) with node \(node) begins") }
        return true
    }

    private mutating func pingNear(_ process: Int) -> Bool {
        let time = clock(process)
        if near[process].pingedAt != 0 {
            guard time - near[process].pingedAt > 100_000 else { return false }
            endNear(process)
            return true
        }
        guard near[process].next <= time, !isOmitted(Omissions.nearLease) else { return false }
        near[process].pingedAt = time
        near[process].hasReply = false
        askNear(process, isPing: true)
        return true
    }

    /// Sends a ping, or the question for the server's identity, before another command, if that is older than a second.
    private mutating func askNear(_ process: Int, isPing: Bool) {
        let time = clock(process)
        let isOld = time - near[process].learntAt >= 1_000_000 && !isOmitted(Omissions.relearning)
        guard isPing || isOld else { return }
        var command = Command(kind: .information, key: 0, sender: UInt8(Address.nobody), question: 0)
        command.sentAt = time
        command.due = delay()
        command.value = (isPing ? 1 : 0) | (isOld ? 2 : 0)
        if isOld { near[process].learntAt = time }
        near[process].requests.append(command)
    }

    private mutating func serveNear(_ process: Int) {
        let command = near[process].requests.removeFirst()
        let node = near[process].node
        var reply = execute(command, on: node)
        if command.kind == .information {
            reply.due = delay()
            near[process].replies.append(reply)
            guard command.value & 1 != 0 else { return }
            if near[process].announcements.isEmpty { near[process].due = delay() }
            near[process].announcements.append(.pong(command.sentAt))
            return
        }
        let versions = versionKeys(Int(command.key))
        near[process].tracked |=
            1 << UInt16(command.key) | 1 << UInt16(versions.first) | 1 << UInt16(versions.second)
        reply.due = delay()
        near[process].replies.append(reply)
    }

    private mutating func takeNear(_ reply: Reply, _ process: Int) {
        guard reply.command.kind == .information else {
            var reply = reply
            reply.identity = near[process].identity
            return receive(reply, process, 0)
        }
        let identity = identity(reply.identity, for: near[process].configEpoch)
        if reply.command.value & 2 != 0, !reply.isPrimary || identity != near[process].identity {
            return endNear(process)
        }
        guard reply.command.value & 1 != 0 else { return }
        near[process].hasReply = true
        answerNear(process)
    }

    private mutating func pongNear(_ process: Int, _ time: Int64) {
        guard time == near[process].pingedAt else { return }
        // The reply over the other connection is still to come.
        near[process].pongAt = time
        answerNear(process)
    }

    /// Both connections have to answer.
    private mutating func answerNear(_ process: Int) {
        let time = near[process].pingedAt
        guard time != 0, near[process].hasReply, near[process].pongAt == time else { return }
        near[process].answeredAt = time
        near[process].pingedAt = 0
        near[process].next = time + 250_000
    }

    private mutating func changeNear(_ process: Int, _ key: Int) {
        let slot: EntryTable.Slot = key < Key.entries ? .entry(keys[key]) : .token(keyNames[key - Key.route])
        near[process].memory.change(CollectionOfOne(slot))
    }

    /// Ends a session: changes may be missed from now on.
    mutating func endNear(_ process: Int) {
        guard near[process].isOpen else { return }
        if isTraced { note("the tracked session of process \(process) ends") }
        near[process].isOpen = false
        near[process].next = clock(process) + 5000
        near[process].announcements.removeAll()
        _ = near[process].memory.flush()
        var requests = Queue<Command>()
        var replies = Queue<Reply>()
        swap(&requests, &near[process].requests)
        swap(&replies, &near[process].replies)
        for position in 0..<replies.count { loseNear(replies[position].command, process) }
        for position in 0..<requests.count { loseNear(requests[position], process) }
    }

    private mutating func loseNear(_ command: Command, _ process: Int) {
        guard command.kind != .information else { return }
        receive(Reply(command: command, status: .lost), process, 0)
    }

    /// Ends the sessions with a server.
    mutating func cutNear(_ node: Int) {
        for process in 0...1 where near[process].node == node { endNear(process) }
    }
}
