import CachedRoutesCore
import ConsistencyChecker
import RouteModel

/// The scheduler: each step is one event, chosen by the seed.
extension World {
    // MARK: - A run

    mutating func run(_ seed: UInt64, isTraced: Bool) {
        reset(seed, isTraced: isTraced)
        while step < settings.steps, violation == nil { advance() }
        if violation == nil { beginEnding() }
        let end = Int(step) + settings.endingSteps
        while violation == nil, !isQuiet, step < end { advance() }
        if violation == nil { checkEnd() }
        counts.steps += Int(step)
        counts.runs += 1
    }

    private mutating func reset(_ seed: UInt64, isTraced: Bool) {
        self.seed = seed
        self.isTraced = isTraced
        trace.removeAll()
        random = Random(seed: seed)
        step = 0
        now = 10_000_000
        isEnding = false
        switch settings.deployment {
        case .single, .sentinel: isCluster = false
        case .cluster: isCluster = true
        case .any: isCluster = settings.isAboutMigration || !settings.isAboutReturn && random.isOne(of: 2)
        }
        hasSentinels =
            settings.deployment == .sentinel
            || settings.deployment == .any && !isCluster && (settings.isAboutReturn || random.isOne(of: 2))
        lastRunID = 0
        lastReplicationID = 0
        for shard in 0...1 {
            shards[shard].primary = shard * 2
            shards[shard].published = shard * 2
            shards[shard].configEpoch = 0
            shards[shard].publishedEpoch = 0
            shards[shard].isInSync = true
            shards[shard].stream.removeAll()
            shards[shard].failedOverAt = .min / 2
            lastReplicationID += 1
            for node in shard * 2...shard * 2 + 1 {
                lastRunID += 1
                nodes[node].reset(runID: lastRunID, replicationID: lastReplicationID)
                nodes[node].clock = randomClock()
                nodes[node].isReplica = node & 1 == 1
            }
        }
        owners = isCluster ? UInt16(truncatingIfNeeded: random.next()) & (1 << UInt16(Key.count) - 1) : 0
        migration = Migration()
        for process in processes.indices {
            processes[process].clock = randomClock()
            processes[process].shards = owners
            // They are empty after a run that has come to its end.
            if violation != nil {
                processes[process].board = Board()
                processes[process].epochs = EpochStateMachine(concurrency: 2)
            }
            processes[process].queue = PurgeQueue()
            processes[process].batch = nil
            processes[process].flush = Purge()
            processes[process].isExcused = false
            for key in 0..<Key.entries {
                processes[process].backoffEnds[key] = 0
                processes[process].isRenewing[key] = false
            }
        }
        for index in connections.indices {
            connections[index].state = .closed
            connections[index].node = -1
            connections[index].mustLearn = false
            connections[index].retryAt = 0
            connections[index].requests.removeAll()
            connections[index].replies.removeAll()
            // The tool has one loop, and without a cluster there is one shard.
            guard index < 10, isCluster || index & 1 == 0, random.isOne(of: 2) else { continue }
            let node = shards[index & 1].primary
            connections[index].state = .open
            connections[index].node = node
            connections[index].configEpoch = 0
            connections[index].identity = identity(of: node)
            connections[index].learntAt = clock(index / 4)
        }
        withRequests = 0
        withReplies = 0
        orphans.removeAll(keepingCapacity: true)
        rows = (0, 0)
        queries.removeAll(keepingCapacity: true)
        for reader in readers.indices {
            readers[reader].phase = .idle
            readers[reader].ticket = nil
            readers[reader].process = reader == 2 ? 1 : 0
        }
        for writer in writers.indices {
            writers[writer] = Writer()
            writers[writer].process = writer
        }
        tool = Purge()
        for slot in works.indices where works[slot].phase != .free { works[slot] = Work() }
        for place in puts.indices where puts[place].phase != .free { puts[place] = Put() }
        activeWorks = 0
        activePuts = 0
        stored.removeAll(keepingCapacity: true)
        // Numbers begin with 1.
        stored.append(StoredResponse(entry: nobodysEntry, content: Content()))
        lastQuestion = 0
        lastVersion = 0
        lastOwner = 0
        lastSingle = 0
        timeToLive = [2000, 20_000, 60_000, 60_000][random.below(4)]
        staleWindow = [0, 200, 2000][random.below(3)]
        replicationPause = [1, 4, 16][random.below(3)]
        writePause = [1, 4, 16][random.below(3)]
        for key in 0..<Key.entries { coalescing[key] = random.isOne(of: 2) ? .fleet : .process }
        checker = Checker(bounds: bounds)
        if hasNear { near = [NearCache(), NearCache()] }
        hasNear = !isCluster && random.isOne(of: 2)
        hotKey = random.below(Key.entries)
        for key in floors.indices { floors[key] = 0 }
        grants.removeAll(keepingCapacity: true)
        violation = nil
        plan = randomPlan()
        if settings.isAboutMigration {
            plan.first = .failover
            plan.second = .none
            plan.firstStep = 150 + Int32(random.below(100))
            plan.migrationStep = plan.firstStep - 50 - Int32(random.below(60))
            replicationPause = 256
        }
        if settings.isAboutReturn { (plan.first, plan.second) = (.failover, .failover) }
        if isTraced {
            let deployment: Deployment = isCluster ? .cluster : hasSentinels ? .sentinel : .single
            note("\(deployment.rawValue), ttl \(timeToLive) ms, stale for \(staleWindow) ms, \(plan)")
        }
    }

    private mutating func randomClock() -> Clock {
        Clock(offset: Int64(random.below(2_000_000)), drift: Int64(random.below(20_000)) - 10_000)
    }

    private mutating func randomPlan() -> FaultPlan {
        var plan = FaultPlan()
        plan.shard = isCluster ? random.below(2) : 0
        plan.firstStep = 20 + Int32(random.below(settings.steps - 40))
        plan.secondStep = plan.firstStep + 10 + Int32(random.below(max(10, settings.steps - 20 - Int(plan.firstStep))))
        switch random.below(8) {
        case 0: break
        case 1, 2: plan.first = .restart
        case 3, 4: plan.first = .failover
        default:
            plan.first = .failover
            plan.second = .failover
        }
        if isCluster, !random.isOne(of: 3) {
            // Often around the first fault.
            plan.migrationStep =
                random.isOne(of: 2)
                ? max(1, plan.firstStep - Int32(random.below(60))) : 10 + Int32(random.below(settings.steps - 20))
            plan.migratesBack = random.isOne(of: 4) && settings.slotsReturn
        }
        return plan
    }

    // MARK: - A step

    private mutating func advance() {
        step += 1
        now += 50 + Int64(random.below(400))
        if !isEnding {
            if step == plan.firstStep { return serverFault(plan.first) }
            if step == plan.secondStep { return serverFault(plan.second) }
            if step == plan.migrationStep { return startMigration() }
        }
        for _ in 0..<12 where tryEvent() { return }
        if tryAnything() { return }
        jump()
    }

    /// Tries an event, which may not be possible now.
    private mutating func tryEvent() -> Bool {
        if hasNear, random.isOne(of: 6) { return nearEvent() }
        let dice = random.below(256)
        switch dice {
        case ..<84:
            if withRequests == 0 { return false }
            return deliverRequest(any(of: withRequests))
        case ..<160:
            if withReplies == 0 { return false }
            return deliverReply(any(of: withReplies))
        case ..<184: return databaseEvent()
        case ..<200: return beginAnything()
        case ..<222: return timerEvent(random.below(Self.timers))
        case ..<236: return replicate(random.below(2))
        case ..<238: return deliverOrphan()
        case ..<243:
            jump()
            return true
        case ..<252: return serverEvent()
        default: return fault()
        }
    }

    private mutating func any(of mask: UInt32) -> Int {
        var mask = mask
        for _ in 0..<random.below(mask.nonzeroBitCount) { mask &= mask - 1 }
        return mask.trailingZeroBitCount
    }

    /// Any event that is possible.
    private mutating func tryAnything() -> Bool {
        let first = random.below(12)
        for offset in 0..<12 {
            let index = (first + offset) % 12
            if withReplies & 1 << UInt32(index) != 0, deliverReply(index) { return true }
            if withRequests & 1 << UInt32(index) != 0, deliverRequest(index) { return true }
        }
        if databaseEvent() { return true }
        if hasNear { for _ in 0..<8 where nearEvent() { return true } }
        let timer = random.below(Self.timers)
        for offset in 0..<Self.timers where timerEvent((timer + offset) % Self.timers) { return true }
        if beginAnything() { return true }
        if replicate(0) { return true }
        if replicate(1) { return true }
        return serverEvent()
    }

    /// Lets time pass, mostly a little.
    private mutating func jump() {
        let dice = random.below(16)
        // Commands would wait for too long nearly always.
        if dice > 1, withRequests | withReplies != 0 { return now += 1000 + Int64(random.below(4000)) }
        let isLong = dice > 1 ? dice < 6 : random.isOne(of: 4)
        now += isLong ? 900_000 + Int64(random.below(600_000)) : 2000 + Int64(random.below(50_000))
    }

    // MARK: - Clients

    /// The tool, the writers, and readers in the rest of the cases.
    private static let actors = 12

    private mutating func beginAnything() -> Bool {
        guard !isEnding else { return false }
        let actor = random.below(Self.actors)
        switch actor {
        case 0:
            guard tool.phase == .idle, random.isOne(of: writePause) else { return false }
            beginToolPurge()
        case 1...2:
            guard writers[actor - 1].phase == .idle, random.isOne(of: writePause) else { return false }
            beginWrite(actor - 1)
        default:
            let reader = random.below(Address.readers)
            guard readers[reader].phase == .idle else { return false }
            begin(reader)
        }
        return true
    }

    // MARK: - The database

    private mutating func databaseEvent() -> Bool {
        guard !queries.isEmpty else { return false }
        let index = random.below(queries.count)
        guard queries[index].due <= step else { return false }
        let isFaulty = !isEnding && random.isOne(of: 96)
        switch queries[index].status {
        case .sent:
            if isFaulty {
                queries.swapRemove(index)
                return true
            }
            if queries[index].isCommit {
                if isTraced {
                    note("the database commits version \(queries[index].version) of row \(queries[index].row)")
                }
                if queries[index].row == 0 {
                    rows.first = max(rows.first, queries[index].version)
                } else {
                    rows.second = max(rows.second, queries[index].version)
                }
            } else {
                queries[index].content = Content(first: rows.first, second: rows.second, step: step)
                if isTraced {
                    note("the database is read for \(describe(queries[index].sender)): \(rows.first), \(rows.second)")
                }
            }
            let fails = isFaulty || !isEnding && !queries[index].isCommit && random.isOne(of: 48)
            queries[index].status = fails ? .failed : .executed
            queries[index].due = delay()
        case .executed, .failed:
            let message = queries[index]
            queries.swapRemove(index)
            if isFaulty { return true }
            if message.isCommit {
                commitEnds(Int(message.sender) - Address.firstWriter, message.question, isCertain: true)
            } else {
                let content = message.status == .failed ? nil : message.content
                queryEnds(Int(message.sender) - Address.firstWork, message.question, content)
            }
        }
        return true
    }

    // MARK: - Timers

    /// Readers, writers, the tool, queues of purges, work, writes, connections.
    private static let timers = 3 + 2 + 1 + 2 + Address.works + Address.puts + 12

    private mutating func timerEvent(_ timer: Int) -> Bool {
        switch timer {
        case ..<3: return readerTimer(timer)
        case ..<5: return writerTimer(timer - 3)
        case 5:
            guard tool.phase == .pause, let purge = resume(tool) else { return false }
            tool = purge
            toolGoesOn()
            return true
        case ..<8: return flush(timer - 6)
        case ..<(8 + Address.works): return workTimer(timer - 8)
        case ..<(8 + Address.works + Address.puts):
            let place = timer - 8 - Address.works
            guard activePuts & 1 << UInt32(place) != 0, puts[place].phase == .deferred, puts[place].due <= step else {
                return false
            }
            write(place)
            return true
        default: return connectionTimer(timer - 8 - Address.works - Address.puts)
        }
    }

    private mutating func readerTimer(_ reader: Int) -> Bool {
        guard readers[reader].phase == .flight, let ticket = readers[reader].ticket, ticket.number != ticket.waiter,
            clock(readers[reader].process) >= readers[reader].deadline
        else { return false }
        // A flight that a request has started has its deadline.
        leave(reader)
        return true
    }

    private mutating func writerTimer(_ writer: Int) -> Bool {
        if writers[writer].phase == .commit {
            guard clock(writers[writer].process) >= writers[writer].deadline else { return false }
            commitEnds(writer, writers[writer].question, isCertain: false)
            return true
        }
        guard writers[writer].phase == .purge, let purge = resume(writers[writer].purge) else { return false }
        writers[writer].purge = purge
        purgeGoesOn(writer)
        return true
    }

    private mutating func workTimer(_ slot: Int) -> Bool {
        guard activeWorks & 1 << UInt32(slot) != 0 else { return false }
        let time = clock(works[slot].process)
        if time >= works[slot].deadline, !isOmitted(Omissions.flightDeadline) {
            giveUp(slot)
            return true
        }
        guard works[slot].phase == .pause, works[slot].resumesAt <= time else { return false }
        resume(slot)
        return true
    }

    private mutating func connectionTimer(_ index: Int) -> Bool {
        // The tool has one loop, and without a cluster there is one shard.
        guard index < 10, isCluster || index & 1 == 0 else { return false }
        if connections[index].state == .closed {
            guard connections[index].retryAt <= clock(index / 4) else { return false }
            connect(index)
            return true
        }
        guard isLate(index) else { return false }
        close(index, "a reply is late")
        return true
    }

    // MARK: - Servers

    /// Takes the next change to a replica, or all of them.
    private mutating func replicate(_ shard: Int) -> Bool {
        let replica = shards[shard].replica
        guard nodes[replica].isUp, nodes[replica].isReplica else { return false }
        if !shards[shard].isInSync {
            guard random.isOne(of: 6) else { return false }
            let primary = shards[shard].primary
            if isTraced { note("node \(replica) takes all of node \(primary)") }
            for key in 0..<Key.stored { nodes[replica].cells[key] = nodes[primary].cells[key] }
            if hasNear { for key in 0..<Key.stored { announce(key, on: replica) } }
            nodes[replica].locks = nodes[primary].locks
            nodes[replica].replicationID = nodes[primary].replicationID
            shards[shard].stream.removeAll()
            shards[shard].isInSync = true
            return true
        }
        guard !shards[shard].stream.isEmpty, isEnding || random.isOne(of: replicationPause) else { return false }
        let change = shards[shard].stream.removeFirst()
        nodes[replica].apply(change)
        if hasNear, change.key < Key.stored { announce(Int(change.key), on: replica) }
        return true
    }

    /// A snapshot, an eviction, a step of a migration, the news of a failover, or a server that comes back.
    private mutating func serverEvent() -> Bool {
        let shard = isCluster ? random.below(2) : 0
        let primary = shards[shard].primary
        let old = shards[shard].replica
        switch random.below(8) {
        case 0:
            guard random.isOne(of: 8) else { return false }
            for key in 0..<Key.stored { nodes[primary].snapshot[key] = nodes[primary].cells[key] }
            if isTraced { note("node \(primary) makes a snapshot") }
            return true
        case 1:
            guard !isEnding, random.isOne(of: 32) else { return false }
            let key = random.below(Key.stored)
            guard nodes[primary].cells[key].value != 0 else { return false }
            if isTraced { note("node \(primary) evicts \(Key.name(key))") }
            nodes[primary].apply(Change(key: UInt8(key), value: 0, expiry: 0))
            if hasNear { announce(key, on: primary) }
            if shards[shard].isInSync { shards[shard].stream.append(Change(key: UInt8(key), value: 0, expiry: 0)) }
            return true
        case 2...3: return migrate()
        case 4...5:
            guard shards[shard].published != primary else { return false }
            if isTraced { note("the address of shard \(shard) is that of node \(primary)") }
            publish(shard)
            return true
        default:
            if !nodes[old].isUp {
                // It comes back as a replica.
                lastRunID += 1
                nodes[old].isUp = true
                nodes[old].isReplica = true
                nodes[old].runID = lastRunID
                nodes[old].deposedAt = .min / 2
                if isTraced { note("node \(old) is back") }
                return true
            }
            guard !nodes[old].isReplica, !settings.isAboutReturn else { return false }
            nodes[old].isReplica = true
            nodes[old].deposedAt = now
            if isTraced { note("node \(old) learns that it is a replica") }
            return true
        }
    }

    private mutating func serverFault(_ fault: FaultPlan.Fault) {
        switch fault {
        case .none: break
        case .restart: restart(plan.shard)
        case .failover:
            // Preferably the server that a slot leaves.
            let leaves = migration.phase == .moving && !random.isOne(of: 4)
            failOver(leaves ? migration.from : plan.shard)
        }
    }

    /// The primary starts again with its last snapshot.
    private mutating func restart(_ shard: Int) {
        counts.failovers += 1
        let node = shards[shard].primary
        if isTraced { note("node \(node) restarts") }
        cut(node, "the server restarts", mayExecute: false)
        lastRunID += 1
        lastReplicationID += 1
        nodes[node].runID = lastRunID
        nodes[node].replicationID = lastReplicationID
        for key in 0..<Key.stored { nodes[node].cells[key] = nodes[node].snapshot[key] }
        nodes[node].locks.removeAll(keepingCapacity: true)
        shards[shard].stream.removeAll()
        shards[shard].isInSync = false
        grants.removeAll(keepingCapacity: true)
    }

    /// The replica becomes the primary, without the changes that it has not got. The old one dies, becomes its replica, or
    /// does not know of it for a while.
    ///
    /// It has been a replica for more than a second: what a process knows of a server may be as old. Sentinels also promote a
    /// former primary that still takes itself for the primary, and is the same as before.
    private mutating func failOver(_ shard: Int) {
        let old = shards[shard].primary
        let new = shards[shard].replica
        guard nodes[new].isUp, nodes[new].isReplica || hasSentinels else { return }
        counts.failovers += 1
        if hasSentinels {
            // Those who decide on a promotion know the one before.
            publish(shard)
            shards[shard].configEpoch += 1
            cut(new, "Sentinels give the server another role", mayExecute: false)
        }
        now = max(now, max(shards[shard].failedOverAt, nodes[new].deposedAt) + 1_300_000)
        shards[shard].failedOverAt = now
        if isTraced { note("node \(new) becomes the primary without \(shards[shard].stream.count) changes") }
        if nodes[new].isReplica {
            lastReplicationID += 1
            nodes[new].isReplica = false
            nodes[new].replicationID = lastReplicationID
        }
        shards[shard].primary = new
        shards[shard].stream.removeAll()
        shards[shard].isInSync = false
        grants.removeAll(keepingCapacity: true)
        switch settings.isAboutReturn ? 1 : random.below(4) {
        case 0:
            if isTraced { note("node \(old) dies") }
            nodes[old].isUp = false
            cut(old, "the server dies", mayExecute: false)
        case 1:
            if isTraced { note("node \(old) does not know") }
            for index in connections.indices where connections[index].node == old && random.isOne(of: 2) {
                close(index, "the old primary is cut off")
            }
            if hasNear, random.isOne(of: 2) { cutNear(old) }
        default:
            nodes[old].isReplica = true
            nodes[old].deposedAt = now
        }
        if random.isOne(of: 2) { publish(shard) }
    }

    /// Has the primary named from now on.
    private mutating func publish(_ shard: Int) {
        shards[shard].published = shards[shard].primary
        shards[shard].publishedEpoch = shards[shard].configEpoch
    }

    /// Ends all connections to a server.
    private mutating func cut(_ node: Int, _ reason: StaticString, mayExecute: Bool) {
        for index in connections.indices where connections[index].node == node {
            close(index, reason, mayExecute: mayExecute)
        }
        if hasNear { cutNear(node) }
    }

    // MARK: - Slots that move

    private mutating func startMigration() {
        // The second time it moves back.
        if migration.phase == .none {
            migration.key = settings.isAboutMigration ? Key.firstTag + hotKey : random.below(Key.stored)
        }
        migration.from = Int(owners &>> UInt16(migration.key) & 1)
        migration.phase = .moving
        if isTraced { note("the slot of \(Key.name(migration.key)) moves to shard \(migration.to)") }
    }

    /// MIGRATE of the key, or the end of the migration.
    private mutating func migrate() -> Bool {
        guard migration.phase == .moving, isEnding || random.isOne(of: 3) else { return false }
        let source = shards[migration.from].primary
        let target = shards[migration.to].primary
        let key = migration.key
        let sourceTime = nodes[source].clock.time(at: now)
        if nodes[source].value(key, at: sourceTime) != 0 {
            let life = nodes[source].cells[key].expiry - sourceTime
            let value = nodes[source].cells[key].value
            if isTraced { note("\(Key.name(key)) moves from node \(source) to node \(target)") }
            change(
                Change(key: UInt8(key), value: value, expiry: nodes[target].clock.time(at: now) + life),
                shard: migration.to
            )
            change(Change(key: UInt8(key), value: 0, expiry: 0), shard: migration.from)
            return true
        }
        guard isEnding || random.isOne(of: 8) else { return false }
        if isTraced { note("the slot of \(Key.name(key)) has moved") }
        owners ^= 1 << UInt16(key)
        migration.phase = .over
        if plan.migratesBack {
            plan.migratesBack = false
            plan.migrationStep = step + 1 + Int32(random.below(100))
        }
        return true
    }

    private mutating func change(_ change: Change, shard: Int) {
        nodes[shards[shard].primary].apply(change)
        if shards[shard].isInSync { shards[shard].stream.append(change) }
    }

    // MARK: - Faults

    private mutating func fault() -> Bool {
        guard !isEnding else { return false }
        switch random.below(6) {
        case 0:
            let index = random.below(10)
            guard connections[index].oldest != nil else { return false }
            close(index, "it is cut")
            return true
        case 1:
            let reader = random.below(Address.readers)
            guard readers[reader].phase == .flight, readers[reader].ticket != nil, random.isOne(of: 2) else {
                return false
            }
            leave(reader)
            return true
        default: return false
        }
    }

    // MARK: - The end

    /// Mends everything, so that what is under way has to end.
    private mutating func beginEnding() {
        if isTraced { note("faults end") }
        isEnding = true
        for shard in 0...1 {
            publish(shard)
            let old = shards[shard].replica
            if !nodes[old].isUp || !nodes[old].isReplica {
                nodes[old].isUp = true
                nodes[old].isReplica = true
                nodes[old].deposedAt = now
            }
        }
    }

    private var isQuiet: Bool {
        for reader in readers where reader.phase != .idle { return false }
        for writer in writers where writer.phase != .idle { return false }
        guard tool.phase == .idle, activeWorks == 0, activePuts == 0 else { return false }
        return processes[0].queue.count == 0 && processes[1].queue.count == 0
    }

    private mutating func checkEnd() {
        for (index, reader) in readers.enumerated() where reader.phase != .idle {
            violate(
                "reader \(index) has got no answer within \(settings.endingSteps) steps without faults: \(reader.phase)"
            )
        }
        for (index, writer) in writers.enumerated() where writer.phase != .idle {
            violate(
                "writer \(index) has got no answer within \(settings.endingSteps) steps without faults: \(writer.phase)"
            )
        }
        guard violation == nil else { return }
        if !isQuiet { return violate("work has not ended within \(settings.endingSteps) steps without faults") }
        for process in 0...1 where processes[process].board.count > 0 {
            violate("a flight of process \(process) has not ended")
        }
        for node in nodes.indices {
            for lock in nodes[node].locks where lock.expiry > nodes[node].clock.time(at: now) + 5_000_000 {
                // Its life is 1.5 s at most, by the clock of a server that may be ahead of this one by more than 2 s.
                violate("a lock outlives the work for which it was taken")
            }
        }
    }

    private var nobodysEntry: CacheEntry {
        CacheEntry(
            status: 200,
            storedAt: 0,
            ttl: 0,
            entityTag: "",
            contentType: "",
            fields: noFields,
            madeIn: 0,
            body: noBody
        )
    }
}
