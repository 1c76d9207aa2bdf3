import CachedRoutesCore
import NIOCore
import RouteModel

/// The work of flights. It follows `DistributedFiller`, `OriginFetcher`, `BackgroundRevalidator` and `RedisLocks`.
extension World {
    /// Starts the work of a flight, as `DistributedFiller.fill` does.
    mutating func start(_ work: Work, mayBeStored: Bool) {
        guard let slot = (0..<Address.works).first(where: { works[$0].phase == .free }) else {
            return violate("there is more work than there are requests")
        }
        activeWorks |= 1 << UInt32(slot)
        works[slot] = work
        // Replaced at once, except while it waits for its turn.
        works[slot].phase = .turn
        let key = keys[work.key]
        if work.isRenewal || work.sharing == .fleet {
            lastOwner += 1
            works[slot].lockOwner = lastOwner
            let id = FlightID(key: key, tokens: work.tokens)
            works[slot].lockName = Hash128(id.lockName).first
            let time = clock(work.process)
            works[slot].turn = FillLockStateMachine(bound: Self.deadline(time + max(0, work.deadline - time) / 2))
            return acquire(slot)
        }
        switch work.sharing {
        case .none: query(slot)
        case .epoch:
            works[slot].epochNumber = processes[work.process].epochs.enter(key, UInt8(slot))
            if works[slot].epochNumber == nil { query(slot) }
        case .process, .fleet:
            guard mayBeStored, work.mayStore else { return query(slot) }
            readEntry(slot)
        }
    }

    private mutating func acquire(_ slot: Int) {
        let work = works[slot]
        works[slot].phase = .acquisition
        works[slot].question = newQuestion()
        var command = Command(
            kind: .lock,
            key: UInt8(Key.firstLock + work.key),
            sender: UInt8(Address.firstWork + slot),
            question: works[slot].question
        )
        command.name = work.lockName
        command.value = work.lockOwner
        command.life = max(1000, work.deadline - clock(work.process))
        if !send(command, work.process, work.loop) { lockIs(.unavailable, slot) }
    }

    private mutating func lockIs(_ result: LockResult, _ slot: Int) {
        works[slot].lock = result
        // It may have been granted nevertheless.
        if result == .unavailable { release(slot) }
        if works[slot].isRenewal, result != .acquired {
            return land(slot, Outcome(kind: .elsewhere))
        }
        if result == .unavailable { entryIs(nil, slot) } else { readEntry(slot) }
    }

    private mutating func release(_ slot: Int) {
        release(works[slot].lockName, of: works[slot].lockOwner, works[slot].key, works[slot].process, works[slot].loop)
        works[slot].lock = .unavailable
    }

    private mutating func release(_ name: UInt64, of owner: UInt32, _ key: Int, _ process: Int, _ loop: Int) {
        var command = Command(
            kind: .unlock,
            key: UInt8(Key.firstLock + key),
            sender: UInt8(Address.nobody),
            question: 0
        )
        command.name = name
        command.value = owner
        _ = send(command, process, loop)
    }

    private mutating func readEntry(_ slot: Int) {
        works[slot].phase = .entry
        let address = Address.firstWork + slot
        works[slot].read = startRead(
            address,
            works[slot].process,
            works[slot].loop,
            works[slot].key,
            withVersions: false
        )
        if works[slot].read.isLost { entryIs(nil, slot) }
    }

    mutating func workReceives(_ slot: Int, _ reply: Reply) {
        switch works[slot].phase {
        case .acquisition:
            guard reply.command.question == works[slot].question else { return }
            lockIs(reply.status == .done ? .acquired : reply.status == .refused ? .held : .unavailable, slot)
        case .entry:
            guard works[slot].read.take(reply) else { return }
            if works[slot].read.isExcused { works[slot].isExcused = true }
            entryIs(newEntry(slot), slot)
        case .versions:
            guard works[slot].read.take(reply) else { return }
            lateVersionsAre(slot)
        case .free, .turn, .pause, .query: break
        }
    }

    /// The entry that was found, if it takes the place of the response that is to be made.
    private func newEntry(_ slot: Int) -> Int? {
        let index = Int(works[slot].read.entry)
        guard index != 0, !works[slot].read.isLost else { return nil }
        let entry = stored[index].entry
        let reuse = StoredResponseReuse(now: milliseconds(works[slot].process))
        if isOmitted(Omissions.fillCheck) { return reuse.isFresh(entry) ? index : nil }
        let previous = Int(works[slot].previous)
        return reuse.isNew(entry, under: works[slot].tokens, after: previous == 0 ? nil : stored[previous].entry)
            ? index : nil
    }

    private mutating func entryIs(_ index: Int?, _ slot: Int) {
        guard works[slot].sharing == .fleet, !works[slot].isRenewal else {
            guard let index else { return query(slot) }
            return take(index, slot)
        }
        let time = clock(works[slot].process)
        switch works[slot].turn.next(works[slot].lock, isStored: index != nil, at: Self.deadline(time)) {
        case .take:
            guard let index else { return query(slot) }
            take(index, slot)
        case .lead: query(slot)
        case .alone:
            if works[slot].lock == .acquired { release(slot) }
            query(slot)
        case .wait(let pause):
            works[slot].phase = .pause
            works[slot].resumesAt = time + pause.nanoseconds / 1000
        }
    }

    private mutating func take(_ index: Int, _ slot: Int) {
        var outcome = Outcome(kind: .found, content: stored[index].content, entry: stored[index].entry)
        outcome.isExcused = works[slot].isExcused
        land(slot, outcome)
    }

    private mutating func query(_ slot: Int) {
        works[slot].phase = .query
        works[slot].queries += 1
        if works[slot].queries > 1 { violate("a flight has two queries") }
        works[slot].question = newQuestion()
        queries.append(
            DatabaseMessage(
                isCommit: false,
                sender: UInt8(Address.firstWork + slot),
                question: works[slot].question,
                due: delay()
            )
        )
        if isTraced { note("work \(slot) asks the database for \(Key.name(works[slot].key))") }
    }

    /// Takes the result of a query; `nil` if it has failed.
    mutating func queryEnds(_ slot: Int, _ question: UInt32, _ content: Content?) {
        guard works[slot].phase == .query, works[slot].question == question else { return }
        guard let content else { return land(slot, Outcome(kind: .failed)) }
        works[slot].content = content
        if isOmitted(Omissions.versionsFirst), works[slot].mayStore, works[slot].tokens.isEmpty {
            works[slot].attempts = 2
            return readLateVersions(slot, [nil, nil])
        }
        store(slot)
    }

    private mutating func readLateVersions(_ slot: Int, _ known: [TagVersion?]) {
        works[slot].phase = .versions
        let address = Address.firstWork + slot
        works[slot].read = startCreation(
            address,
            works[slot].process,
            works[slot].loop,
            works[slot].key,
            knowing: known
        )
        if works[slot].read.isLost {
            works[slot].mayStore = false
            store(slot)
        }
    }

    private mutating func lateVersionsAre(_ slot: Int) {
        let read = works[slot].read
        if !read.isLost, let first = version(read.versions.first, read.servers.first),
            let second = version(read.versions.second, read.servers.second)
        {
            works[slot].tokens = [first, second]
        } else {
            works[slot].mayStore = false
        }
        store(slot)
    }

    /// Passes a response on, and stores it in the background if it may be stored.
    private mutating func store(_ slot: Int) {
        let process = works[slot].process
        let key = works[slot].key
        var outcome = Outcome(kind: .made, content: works[slot].content)
        guard works[slot].mayStore else { return land(slot, outcome) }
        let now = milliseconds(process)
        let entry = CacheEntry(
            status: 200,
            storedAt: now,
            ttl: timeToLive,
            staleWhileRevalidate: staleWindow,
            staleIfError: staleWindow,
            entityTag: "",
            contentType: "",
            fields: noFields,
            // By this number a memory's entry is found here.
            madeIn: Int64(stored.count),
            tokens: works[slot].tokens,
            body: noBody
        )
        outcome.entry = entry
        stored.append(StoredResponse(entry: entry, content: works[slot].content))
        let index = stored.count - 1
        guard let place = (0..<Address.puts).first(where: { puts[$0].phase == .free }) else {
            return land(slot, outcome)
        }
        if isTraced { note("work \(slot) stores #\(index) under \(entry.tokens.map { $0.value + "@" + $0.server })") }
        outcome.isStored = true
        activePuts |= 1 << UInt32(place)
        puts[place].phase = .deferred
        puts[place].process = process
        puts[place].loop = works[slot].loop
        puts[place].key = key
        puts[place].entry = UInt32(index)
        puts[place].life = (entry.storeLifetime - entry.age(at: now)) * 1000
        puts[place].due = delay()
        puts[place].mayDefer = random.isOne(of: 8)
        puts[place].ticket = works[slot].ticket
        let holds = works[slot].lock == .acquired
        puts[place].lockName = works[slot].lockName
        puts[place].lockOwner = holds ? works[slot].lockOwner : 0
        works[slot].lock = .unavailable
        land(slot, outcome, isStoring: true)
    }

    /// Ends the work of a flight.
    ///
    /// - Parameter isStoring: true if the flight stays on the board until its response is stored.
    private mutating func land(_ slot: Int, _ outcome: Outcome, isStoring: Bool = false) {
        let process = works[slot].process
        guard let ticket = works[slot].ticket else { return }
        if works[slot].lock == .acquired { release(slot) }
        free(slot)
        if isTraced { note("flight \(ticket.number) lands: \(outcome.kind)") }
        let waiters = processes[process].board.land(ticket, with: outcome)
        if !isStoring { _ = processes[process].board.depart(ticket) }
        resume(waiters, process, outcome, isGivenUp: false)
    }

    private mutating func free(_ slot: Int) {
        let process = works[slot].process
        let key = works[slot].key
        let isOfEpoch = works[slot].sharing == .epoch && !works[slot].isRenewal
        let waits = works[slot].phase == .turn
        works[slot].phase = .free
        works[slot].ticket = nil
        works[slot].lock = .unavailable
        activeWorks &= ~(1 << UInt32(slot))
        guard isOfEpoch else { return }
        if waits {
            if let number = works[slot].epochNumber { processes[process].epochs.forget(number, of: keys[key]) }
        } else if let next = processes[process].epochs.end(keys[key]) {
            query(Int(next))
        }
    }

    /// Ends the work of a flight whose deadline has passed.
    mutating func giveUp(_ slot: Int) {
        let process = works[slot].process
        guard let ticket = works[slot].ticket else { return }
        if isTraced { note("flight \(ticket.number) is given up") }
        let waiters = processes[process].board.depart(ticket)
        if works[slot].lock == .acquired { release(slot) }
        free(slot)
        resume(waiters, process, Outcome(kind: .deadlineExceeded), isGivenUp: true)
    }

    mutating func cancelWork(of ticket: Board.Ticket, _ process: Int) {
        for slot in 0..<Address.works where works[slot].phase != .free && works[slot].process == process {
            guard works[slot].ticket?.number == ticket.number else { continue }
            if works[slot].lock == .acquired { release(slot) }
            free(slot)
        }
    }

    private mutating func resume(_ waiters: [Waiter], _ process: Int, _ outcome: Outcome, isGivenUp: Bool) {
        // The leader comes first; the others are in the order of a dictionary.
        let order = waiters.count > 1 ? waiters.sorted { $0.address < $1.address } : waiters
        for waiter in order {
            if Int(waiter.address) >= Address.firstRenewal {
                renewalEnds(process, Int(waiter.address) - Address.firstRenewal, outcome)
            } else {
                land(Int(waiter.address), outcome, isCollapsed: !waiter.isLeader, isGivenUp: isGivenUp)
            }
        }
    }

    // MARK: - The background

    /// Goes on where a pause is over.
    mutating func resume(_ slot: Int) { acquire(slot) }

    /// Refreshes a stale response, as `BackgroundRevalidator.begin` does.
    mutating func renew(_ key: Int, _ process: Int, _ loop: Int, _ index: Int) {
        guard !processes[process].isRenewing[key] else { return }
        processes[process].isRenewing[key] = true
        let entry = stored[index].entry
        let id = FlightID(key: keys[key], tokens: isOmitted(Omissions.flightVersions) ? [] : entry.tokens)
        let joining = processes[process].board.join(
            id,
            Waiter(address: UInt8(Address.firstRenewal + key)),
            departuresBeforeLookup: .max
        )
        switch joining {
        case .landed(let outcome): renewalEnds(process, key, outcome)
        case .wait: break
        case .lead(let ticket, _):
            if isTraced { note("flight \(ticket.number) renews #\(index)") }
            _ = processes[process].board.update(ticket) { $0.isLeader = true }
            var work = Work()
            work.process = process
            work.loop = loop
            work.key = key
            work.tokens = entry.tokens
            work.mayStore = true
            work.sharing = .fleet
            work.ticket = ticket
            work.deadline = clock(process) + 1_500_000
            work.previous = UInt32(index)
            work.isRenewal = true
            start(work, mayBeStored: true)
        }
    }

    private mutating func renewalEnds(_ process: Int, _ key: Int, _ outcome: Outcome) {
        processes[process].isRenewing[key] = false
        switch outcome.kind {
        case .made, .found: endBackoff(process, key)
        case .elsewhere: pause(process, key, .elsewhere, for: 100)
        case .failed: pause(process, key, .failed(.failed), for: timeToLive)
        case .deadlineExceeded: pause(process, key, .failed(.deadline), for: timeToLive)
        }
    }

    /// Writes a response, or defers that once more.
    mutating func write(_ place: Int) {
        if puts[place].mayDefer, !isEnding {
            puts[place].mayDefer = false
            puts[place].due = step + Int32(random.below(120))
            return
        }
        puts[place].phase = .sent
        puts[place].question = newQuestion()
        var command = Command(
            kind: .write,
            key: UInt8(puts[place].key),
            sender: UInt8(Address.firstPut + place),
            question: puts[place].question
        )
        command.value = puts[place].entry
        command.life = puts[place].life
        if !send(command, puts[place].process, 0) { putEnds(place) }
    }

    mutating func putReceives(_ place: Int, _ reply: Reply) {
        guard puts[place].phase == .sent, puts[place].question == reply.command.question else { return }
        putEnds(place)
    }

    private mutating func putEnds(_ place: Int) {
        let put = puts[place]
        puts[place].phase = .free
        puts[place].ticket = nil
        activePuts &= ~(1 << UInt32(place))
        if let ticket = put.ticket { _ = processes[put.process].board.depart(ticket) }
        if put.lockOwner != 0 { release(put.lockName, of: put.lockOwner, put.key, put.process, put.loop) }
    }
}
