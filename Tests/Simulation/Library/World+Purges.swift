import CachedRoutesCore
import ConsistencyChecker
import RouteModel

/// Writes and purges. They follow `WriteResponder`, `CommitPurge`, `Purger`, `RedisStore.unlink` with
/// `RedisClient.removeAndCount` and, for the tool, `PurgeCommand`.
extension World {
    // MARK: - One purge

    /// A purge that has been sent. In a cluster each key has a command of its own, because each has a slot of its own.
    mutating func startPurge(_ keys: UInt16, _ address: Int, _ process: Int, _ loop: Int) -> Purge {
        var purge = Purge()
        purge.sender = UInt8(address)
        purge.process = process
        purge.loop = loop
        purge.keys = keys
        purge.deadline = clock(process) + 100_000
        return sent(purge)
    }

    /// Sends all keys of a purge. A purge is done when all of them are removed by commands that were sent together.
    private mutating func sent(_ purge: Purge) -> Purge {
        var purge = purge
        purge.phase = .sent
        purge.isExcused = false
        purge.question = newQuestion()
        purge.outstanding = 0
        purge.isLost = false
        for key in 0..<Key.stored where purge.keys & 1 << UInt16(key) != 0 {
            var command = Command(kind: .unlink, key: UInt8(key), sender: purge.sender, question: purge.question)
            command.keys = isCluster ? 1 << UInt16(key) : purge.keys
            if send(command, purge.process, purge.loop) { purge.outstanding += 1 } else { purge.isLost = true }
            if !isCluster { break }
        }
        return ended(purge)
    }

    /// The purge after a reply: the first command that fails ends the attempt, and later replies to it are dropped.
    ///
    /// A lost connection leads to another attempt for a while. A server's error and a timeout are final, and so is every error of
    /// the tool. ``Purge/take(_:_:)`` does not tell a lost connection from an error, so chance does.
    private mutating func ended(_ purge: Purge) -> Purge {
        guard purge.phase == .sent, purge.isLost || purge.outstanding == 0 else { return purge }
        var purge = purge
        let time = clock(purge.process)
        let isFinal = purge.sender == Address.tool || random.isOne(of: 4)
        if !isFinal, time + 10_000 < purge.deadline {
            purge.phase = .pause
            purge.resumesAt = time + 10_000
        } else {
            purge.phase = .failed
        }
        return purge
    }

    /// Sends a purge again whose pause is over, also the keys that a server has removed.
    mutating func resume(_ purge: Purge) -> Purge? {
        guard purge.phase == .pause, purge.resumesAt <= clock(purge.process) else { return nil }
        var purge = purge
        purge.keys = keys(of: purge)
        return sent(purge)
    }

    /// All keys of the purge of a writer or of a queue.
    private func keys(of purge: Purge) -> UInt16 {
        let sender = Int(purge.sender)
        if sender >= Address.firstFlusher {
            return processes[sender - Address.firstFlusher].batch.map { keys(of: $0) } ?? 0
        }
        return Self.keys(of: sender - Address.firstWriter)
    }

    private mutating func acknowledge(_ purge: Purge) {
        for key in Key.route..<Key.stored { floors[key] = max(floors[key], purge.steps[key]) }
    }

    // MARK: - Writes

    /// The keys that a write of a row purges: its tag and that of the list.
    private static func keys(of row: Int) -> UInt16 { 1 << UInt16(Key.firstTag + row) | 1 << UInt16(Key.list) }

    mutating func beginWrite(_ writer: Int) {
        let process = writers[writer].process
        writers[writer].version += 1
        checker.writeBegins(Int(writers[writer].version), of: writer)
        if isTraced { note("writer \(writer) of process \(process) writes version \(writers[writer].version)") }
        if isOmitted(Omissions.purgeOrder) { return startPurge(writer) }
        commit(writer)
    }

    private mutating func commit(_ writer: Int) {
        writers[writer].phase = .commit
        writers[writer].question = newQuestion()
        writers[writer].deadline = clock(writers[writer].process) + 1_000_000
        var message = DatabaseMessage(
            isCommit: true,
            sender: UInt8(Address.firstWriter + writer),
            question: writers[writer].question,
            due: delay()
        )
        message.row = writer
        message.version = writers[writer].version
        queries.append(message)
    }

    /// Takes the reply to COMMIT, or that there was none in time: it may have taken effect, so the purge is made
    /// nevertheless.
    mutating func commitEnds(_ writer: Int, _ question: UInt32, isCertain: Bool) {
        guard writers[writer].phase == .commit, writers[writer].question == question else { return }
        writers[writer].isCertain = isCertain
        if isOmitted(Omissions.purgeOrder) { return writeEnds(writer, .done) }
        startPurge(writer)
    }

    private mutating func startPurge(_ writer: Int) {
        writers[writer].phase = .purge
        let address = Address.firstWriter + writer
        writers[writer].purge = startPurge(Self.keys(of: writer), address, writers[writer].process, random.below(2))
        if isOmitted(Omissions.purgeReply), writers[writer].purge.phase == .sent {
            return writeEnds(writer, .done)
        }
        purgeGoesOn(writer)
    }

    mutating func purgeGoesOn(_ writer: Int) {
        writers[writer].purge = ended(writers[writer].purge)
        switch writers[writer].purge.phase {
        case .idle, .sent, .pause: return
        case .done:
            forgetNear(writers[writer].process, Self.keys(of: writer))
            if isOmitted(Omissions.purgeOrder) { return commit(writer) }
            writeEnds(writer, .done)
        case .failed:
            let process = writers[writer].process
            let keys = Self.keys(of: writer)
            forgetNear(process, keys)
            let names = (Key.route..<Key.stored).filter { keys & 1 << UInt16($0) != 0 }.map { keyNames[$0 - Key.route] }
            _ = processes[process].queue.add(names, insteadOfMany: [])
            if isTraced { note("the purge of writer \(writer) is queued") }
            if isOmitted(Omissions.purgeOrder) { return commit(writer) }
            writeEnds(writer, .queued)
        }
    }

    private mutating func writeEnds(_ writer: Int, _ outcome: Checker.Purge) {
        writers[writer].phase = .idle
        guard writers[writer].isCertain else { return }
        let process = writers[writer].process
        let purge = writers[writer].purge
        if outcome == .done, purge.isExcused {
            if isTraced { note("writer \(writer) has purged at an old primary") }
            return
        }
        if outcome == .done {
            counts.purges += 1
            acknowledge(purge)
        } else {
            counts.queued += 1
        }
        if isTraced { note("writer \(writer) is answered: \(outcome)") }
        checker.writeAcknowledged(
            Int(writers[writer].version),
            of: writer,
            at: time,
            by: Incarnation(process: process, life: 0),
            outcome
        )
    }

    // MARK: - The queue

    /// Sends queued purges, as `Purger.run` does.
    mutating func flush(_ process: Int) -> Bool {
        switch processes[process].flush.phase {
        case .idle:
            guard processes[process].queue.count > 0 else { return false }
            let batch = processes[process].queue.batch()
            processes[process].batch = batch
            processes[process].flush = startPurge(keys(of: batch), Address.firstFlusher + process, process, 0)
            flushGoesOn(process)
            return true
        case .failed:
            guard processes[process].flush.resumesAt <= clock(process) else { return false }
            processes[process].flush.phase = .idle
            return flush(process)
        case .pause:
            guard let purge = resume(processes[process].flush) else { return false }
            processes[process].flush = purge
            flushGoesOn(process)
            return true
        case .sent, .done: return false
        }
    }

    mutating func flushGoesOn(_ process: Int) {
        processes[process].flush = ended(processes[process].flush)
        switch processes[process].flush.phase {
        case .idle, .sent, .pause: break
        case .failed: processes[process].flush.resumesAt = clock(process) + 50_000
        case .done:
            if isTraced { note("the queue of process \(process) has been sent") }
            if processes[process].flush.isExcused { processes[process].isExcused = true }
            if let batch = processes[process].batch {
                forgetNear(process, keys(of: batch))
                processes[process].queue.done(batch)
            }
            processes[process].batch = nil
            processes[process].flush.phase = .idle
        }
    }

    private func keys(of batch: PurgeQueue.Batch) -> UInt16 {
        batch.names.reduce(0) { keys, name in
            keyNames.firstIndex(of: name).map { keys | 1 << UInt16(Key.route + $0) } ?? keys
        }
    }

    // MARK: - The tool

    mutating func beginToolPurge() {
        let keys: UInt16
        switch random.below(4) {
        case 0: keys = 1 << UInt16(Key.firstTag)
        case 1: keys = 1 << UInt16(Key.list)
        case 2: keys = 1 << UInt16(Key.firstTag) | 1 << UInt16(Key.list)
        default: keys = 1 << UInt16(Key.route)
        }
        if isTraced { note("the tool purges \(Key.names(of: keys))") }
        tool = startPurge(keys, Address.tool, 2, 0)
        toolGoesOn()
    }

    mutating func toolGoesOn() {
        tool = ended(tool)
        switch tool.phase {
        case .idle, .sent, .pause: return
        case .done:
            if isTraced { note("the tool is done") }
            if !tool.isExcused { acknowledge(tool) }
        case .failed: if isTraced { note("the tool has failed") }
        }
        tool.phase = .idle
    }
}
