import CachedRoutesCore
import ConsistencyChecker
import NIOCore
import RouteModel

/// Requests. They follow `LookupEvaluator`, `MissResponder` and `RedisStore`.
extension World {
    /// Takes a reply, or the loss of one, to whoever has asked.
    mutating func receive(_ reply: Reply, _ process: Int, _ loop: Int) {
        let sender = Int(reply.command.sender)
        switch sender {
        case ..<Address.firstWriter: readerReceives(sender, reply)
        case ..<Address.tool:
            let writer = sender - Address.firstWriter
            writers[writer].purge.take(reply, omissions)
            if writers[writer].phase == .purge { purgeGoesOn(writer) }
        case Address.tool:
            tool.take(reply, omissions)
            toolGoesOn()
        case ..<Address.firstWork:
            processes[process].flush.take(reply, omissions)
            flushGoesOn(process)
        case ..<Address.firstPut: workReceives(sender - Address.firstWork, reply)
        case ..<Address.firstRenewal: putReceives(sender - Address.firstPut, reply)
        default: break
        }
    }

    // MARK: - Reading the store

    /// Sends the commands that read an entry, with its versions or without them.
    mutating func startRead(_ address: Int, _ process: Int, _ loop: Int, _ key: Int, withVersions: Bool) -> StoreRead {
        var read = StoreRead()
        read.question = newQuestion()
        let question = read.question
        func command(_ kind: Command.Kind, _ key: Int, _ part: UInt8) -> Command {
            Command(kind: kind, key: UInt8(key), part: part, sender: UInt8(address), question: question)
        }
        if isCluster || !withVersions {
            let versions = versionKeys(key)
            var isSent = send(command(.read, key, Part.entry), process, loop)
            read.outstanding = 1
            if withVersions {
                if !send(command(.read, versions.first, Part.first), process, loop) { isSent = false }
                if !send(command(.read, versions.second, Part.second), process, loop) { isSent = false }
                read.outstanding = 3
            }
            if !isSent { read.isLost = true }
        } else {
            read.outstanding = 1
            if !send(command(.readTogether, key, Part.all), process, loop) { read.isLost = true }
        }
        return read
    }

    /// Sends the commands that create missing versions, as `RedisStore.createTokens` does.
    mutating func startCreation(_ address: Int, _ process: Int, _ loop: Int, _ key: Int, knowing known: [TagVersion?])
        -> StoreRead
    {
        var read = StoreRead()
        read.question = newQuestion()
        let keys = versionKeys(key)
        for position in 0..<2 where known[position] == nil {
            let key = UInt8(position == 0 ? keys.first : keys.second)
            var creation = Command(
                kind: .createVersion,
                key: key,
                part: Part.creation,
                sender: UInt8(address),
                question: read.question
            )
            lastVersion += 1
            creation.value = lastVersion & 1023
            creation.life = 2 * (timeToLive + staleWindow + 10_000) * 1000
            let part = position == 0 ? Part.first : Part.second
            let reading = Command(kind: .read, key: key, part: part, sender: UInt8(address), question: read.question)
            if !send(creation, process, loop) || !send(reading, process, loop) { read.isLost = true }
            read.outstanding += 2
        }
        return read
    }

    /// A tag version as `RedisLookup.token` makes it: the value, and the server that has given it.
    func version(_ value: UInt32, _ server: UInt16) -> TagVersion? {
        guard value != 0, server != Self.unbound else { return nil }
        var server = server
        if isOmitted(Omissions.replicationID) { server &= 0xfff0 }
        if isOmitted(Omissions.binding) { server = 0 }
        return TagVersion(value: values[Int(value)], server: servers[Int(server)])
    }

    // MARK: - Requests

    mutating func begin(_ reader: Int) {
        let process = readers[reader].process
        let key = random.isOne(of: 2) ? hotKey : random.below(Key.entries)
        let versions = versionKeys(key)
        readers[reader].key = key
        readers[reader].start = step
        readers[reader].deadline = clock(process) + 1_500_000
        readers[reader].departures = processes[process].board.departures
        readers[reader].previous = 0
        readers[reader].known.removeAll(keepingCapacity: true)
        readers[reader].ticket = nil
        readers[reader].isExcused = processes[process].isExcused
        readers[reader].floor = max(floors[versions.first], floors[versions.second])
        readers[reader].attempts = 3
        readers[reader].startTime = time
        readers[reader].isNear = false
        readers[reader].pending = nil
        if isTraced { note("reader \(reader) of process \(process) begins: \(Key.name(key))") }
        guard isTrusted(key, process) else { return fly(reader, nil) }
        if startNearRead(reader) { return }
        readUntracked(reader)
    }

    private mutating func readUntracked(_ reader: Int) {
        let process = readers[reader].process
        let key = readers[reader].key
        readers[reader].read = startRead(reader, process, reader & 1, key, withVersions: true)
        readers[reader].phase = .lookup
        if readers[reader].read.isLost { fly(reader, nil) }
    }

    /// As `PurgeAwareStore`.
    private func isTrusted(_ key: Int, _ process: Int) -> Bool {
        processes[process].queue.count == 0 || isOmitted(Omissions.ownQueue)
            || !processes[process].queue.holds(anyOf: names[key])
    }

    private mutating func readerReceives(_ reader: Int, _ reply: Reply) {
        guard readers[reader].phase == .lookup || readers[reader].phase == .creation else { return }
        guard readers[reader].read.take(reply) else { return }
        if readers[reader].read.isExcused { readers[reader].isExcused = true }
        if readers[reader].phase == .lookup { lookupEnds(reader) } else { creationEnds(reader) }
    }

    private mutating func lookupEnds(_ reader: Int) {
        let read = readers[reader].read
        if read.isLost, readers[reader].pending != nil {
            endNearRead(reader, nil, [], isTracked: false)
            return readUntracked(reader)
        }
        guard !read.isLost else { return fly(reader, nil) }
        let known = [
            version(read.versions.first, read.servers.first), version(read.versions.second, read.servers.second),
        ]
        readers[reader].known = known
        let index = Int(read.entry)
        endNearRead(reader, index == 0 ? nil : stored[index].entry, known, isTracked: true)
        evaluate(reader, index, known)
    }

    /// As `LookupEvaluator.evaluate`.
    ///
    /// - Parameter index: the number of the entry; 0 for none.
    mutating func evaluate(_ reader: Int, _ index: Int, _ known: [TagVersion?]) {
        let process = readers[reader].process
        let key = readers[reader].key
        if index != 0 {
            let entry = stored[index].entry
            let now = milliseconds(process)
            var tokens = known
            if isOmitted(Omissions.versionCheck) { tokens = entry.tokens }
            let pause = processes[process].backoffEnds[key] > now ? processes[process].backoff[key] : .none
            switch StoredResponseReuse(now: now).verdict(on: entry, tokens, .none, pause: pause) {
            case .fresh: return hit(reader, index)
            case .stale(let isRenewed, _):
                if isRenewed, pause == .none { renew(key, process, reader & 1, index) }
                return hit(reader, index)
            case .miss: readers[reader].previous = UInt32(index)
            }
        }
        if isOmitted(Omissions.versionsFirst) { return fly(reader, []) }
        findVersions(reader)
    }

    /// As `DistributedFiller.tokens`.
    private mutating func findVersions(_ reader: Int) {
        let known = readers[reader].known
        if let first = known[0], let second = known[1] { return fly(reader, [first, second]) }
        let process = readers[reader].process
        let key = readers[reader].key
        guard readers[reader].attempts > 0, isTrusted(key, process) else { return fly(reader, nil) }
        readers[reader].attempts -= 1
        readers[reader].phase = .creation
        readers[reader].read = startCreation(reader, process, reader & 1, key, knowing: known)
        if readers[reader].read.isLost { fly(reader, nil) }
    }

    private mutating func creationEnds(_ reader: Int) {
        let read = readers[reader].read
        guard !read.isLost else { return fly(reader, nil) }
        if readers[reader].known[0] == nil {
            readers[reader].known[0] = version(read.versions.first, read.servers.first)
        }
        if readers[reader].known[1] == nil {
            readers[reader].known[1] = version(read.versions.second, read.servers.second)
        }
        findVersions(reader)
    }

    private mutating func fly(_ reader: Int, _ tokens: [TagVersion]?) {
        readers[reader].tokens = tokens ?? []
        readers[reader].mayStore = tokens != nil
        readers[reader].sharing = WorkSharing(
            coalescing[readers[reader].key],
            hasTagVersions: tokens != nil,
            earlier: nil
        )
        if isOmitted(Omissions.versionsFirst), tokens?.isEmpty == true { readers[reader].sharing = .none }
        join(reader)
    }

    private mutating func join(_ reader: Int) {
        let process = readers[reader].process
        let key = readers[reader].key
        let group: FlightID.Group
        switch readers[reader].sharing {
        case .none:
            lastSingle += 1
            group = .single(lastSingle)
        case .epoch:
            group = .epoch(isOmitted(Omissions.epoch) ? 0 : processes[process].epochs.number(for: keys[key]))
        case .process, .fleet: group = .all
        }
        let tokens = isOmitted(Omissions.flightVersions) ? [] : readers[reader].tokens
        let id = FlightID(key: keys[key], tokens: tokens, group: group)
        let now = milliseconds(process)
        readers[reader].phase = .flight
        readers[reader].ticket = nil
        let joining = processes[process].board.join(
            id,
            Waiter(address: UInt8(reader)),
            departuresBeforeLookup: readers[reader].departures,
            isAcceptable: { Self.verdict(on: $0, at: now) == .take }
        )
        switch joining {
        case .landed(let outcome): land(reader, outcome, isCollapsed: true, isGivenUp: false)
        case .wait(let ticket):
            if isTraced { note("reader \(reader) waits for flight \(ticket.number)") }
            readers[reader].ticket = ticket
        case .lead(let ticket, let mayBeStored):
            if isTraced { note("reader \(reader) starts flight \(ticket.number)") }
            _ = processes[process].board.update(ticket) { $0.isLeader = true }
            readers[reader].ticket = ticket
            var work = Work()
            work.process = process
            work.loop = reader & 1
            work.key = key
            work.tokens = readers[reader].tokens
            work.mayStore = readers[reader].mayStore
            work.sharing = readers[reader].sharing
            work.ticket = ticket
            work.deadline = readers[reader].deadline
            work.previous = readers[reader].previous
            start(work, mayBeStored: mayBeStored)
        }
    }

    enum Verdict {
        case take, again, alone
    }

    /// As `MissResponder.verdict`.
    static func verdict(on outcome: Outcome, at now: Int64) -> Verdict {
        switch outcome.kind {
        case .elsewhere: return .again
        case .made, .found:
            guard outcome.kind == .found || outcome.isStored, let entry = outcome.entry else { return .take }
            return StoredResponseReuse(now: now).mayBeShared(entry, .none) ? .take : .alone
        case .failed, .deadlineExceeded: return .take
        }
    }

    /// Takes the outcome of a flight to a request, as `MissExchange.landed` does.
    mutating func land(_ reader: Int, _ outcome: Outcome, isCollapsed: Bool, isGivenUp: Bool) {
        guard readers[reader].phase == .flight else { return }
        let process = readers[reader].process
        readers[reader].ticket = nil
        if outcome.isExcused { readers[reader].isExcused = true }
        let verdict = Self.verdict(on: outcome, at: milliseconds(process))
        guard clock(process) < readers[reader].deadline else {
            if isCollapsed, verdict != .take { return fail(reader) }
            return respond(reader, outcome)
        }
        if isCollapsed, isGivenUp { return join(reader) }
        switch verdict {
        case .take: respond(reader, outcome)
        case .alone where !isCollapsed && outcome.kind == .made: respond(reader, outcome)
        case .again: join(reader)
        case .alone:
            readers[reader].sharing = .none
            join(reader)
        }
    }

    private mutating func respond(_ reader: Int, _ outcome: Outcome) {
        switch outcome.kind {
        case .made:
            if outcome.isStored { endBackoff(readers[reader].process, readers[reader].key) }
            counts.misses += 1
            answer(reader, outcome.content, "made")
        case .found:
            counts.hits += 1
            answer(reader, outcome.content, "found")
        case .failed, .deadlineExceeded, .elsewhere: fail(reader)
        }
    }

    private mutating func hit(_ reader: Int, _ index: Int) {
        counts.hits += 1
        answer(reader, stored[index].content, "hit #\(index)")
    }

    /// Answers with the stale response, if it may be reused in place of one that could not be made.
    private mutating func fail(_ reader: Int) {
        let process = readers[reader].process
        let previous = Int(readers[reader].previous)
        if previous != 0 {
            let entry = stored[previous].entry
            let now = milliseconds(process)
            let tokens = isOmitted(Omissions.versionCheck) ? entry.tokens : readers[reader].known
            if StoredResponseReuse(now: now).mayReplaceFailure(entry, tokens, .none) {
                pause(process, readers[reader].key, .failed(.failed), for: timeToLive)
                return answer(reader, stored[previous].content, "stale #\(previous)")
            }
        }
        counts.failures += 1
        if isTraced { note("reader \(reader) gets an error") }
        end(reader)
    }

    func describe(_ content: Content) -> String {
        "rows at \(content.first), \(content.second), read in step \(content.step)"
    }

    private mutating func answer(_ reader: Int, _ content: Content, _ way: @autoclosure () -> String) {
        if isTraced { note("reader \(reader) gets \(describe(content)): \(way())") }
        check(reader, content)
        end(reader)
    }

    private mutating func end(_ reader: Int) {
        readers[reader].phase = .idle
        readers[reader].ticket = nil
    }

    /// Ends the wait of a request at its own deadline, or because its client has left.
    mutating func leave(_ reader: Int) {
        guard readers[reader].phase == .flight, let ticket = readers[reader].ticket else { return }
        let process = readers[reader].process
        guard let (_, endsFlight) = processes[process].board.leave(ticket) else { return }
        if isTraced { note("reader \(reader) leaves flight \(ticket.number)") }
        readers[reader].ticket = nil
        if endsFlight { cancelWork(of: ticket, process) }
        fail(reader)
    }

    // MARK: - Checks

    /// The claim of ARCHITECTURE.md: a request that begins after a purge was acknowledged gets no answer read before it.
    private mutating func check(_ reader: Int, _ content: Content) {
        let process = readers[reader].process
        guard !readers[reader].isExcused, !processes[process].isExcused else {
            counts.excused += 1
            return
        }
        if content.step < readers[reader].floor, !readers[reader].isNear {
            let floor = readers[reader].floor
            violate(
                "reader \(reader) got what was read in step \(content.step), before a purge in step \(floor) that was acknowledged"
            )
        }
        let key = readers[reader].key
        let incarnation = Incarnation(process: process, life: 0)
        let start = readers[reader].startTime
        let kind: RouteKind = readers[reader].isNear ? .near : .tagged
        if key != 1 { checker.read(Int(content.first), of: 0, kind, by: incarnation, from: start) }
        if key != 0 { checker.read(Int(content.second), of: 1, kind, by: incarnation, from: start) }
        if checker.violationCount > 0, violation == nil { violate(checker.violations[0].description) }
    }

    // MARK: - RefreshBackoff

    mutating func pause(_ process: Int, _ key: Int, _ state: RefreshBackoff.State, for milliseconds: Int64) {
        processes[process].backoff[key] = state
        processes[process].backoffEnds[key] = self.milliseconds(process) + milliseconds
    }

    mutating func endBackoff(_ process: Int, _ key: Int) { processes[process].backoffEnds[key] = 0 }
}
