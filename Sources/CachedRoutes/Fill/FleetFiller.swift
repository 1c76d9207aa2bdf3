import NIOCore
import RouteModel

/// Makes answers once in all processes behind one store.
struct FleetFiller: Sendable {
    typealias Landing = FlightControl<FillOutcome>.Landing

    /// How work is shared with others.
    enum Sharing: Sendable, Hashable {
        /// It is not.
        case none
        /// With those who wait in this process.
        ///
        /// - Parameter mayBeStored: whether somebody may have put the answer into the store since the caller looked there.
        case process(mayBeStored: Bool)
        /// With other processes, whose answer is waited for.
        case fleet
        /// With other processes; where one of them is at it, nothing is done.
        case renewal
    }

    let filler: RouteFiller
    let store: any CacheStore
    let locks: any FleetLocks
    let clock: WallClock

    /// Makes the answer, or takes what somebody else has made.
    func fill(_ job: FillJob, _ sharing: Sharing) async -> Landing {
        switch sharing {
        case .none:
            return await filler.fill(job)
        case .process(let mayBeStored):
            if mayBeStored, let entry = await freshEntry(of: job) { return Landing(outcome: .found(entry)) }
            return await filler.fill(job)
        case .renewal:
            // Until the deadline, because nobody waits for the one who has the lock.
            let lock = Lock(job, life: job.deadline - .now())
            guard await acquire(lock, job) == .acquired else { return Landing(outcome: .elsewhere) }
            return await lead(job, lock)
        case .fleet:
            // What is left after half of the time is for making the answer alone.
            let bound = TimeAmount.nanoseconds((job.deadline - .now()).nanoseconds / 2)
            let lock = Lock(job, life: bound)
            var turn = FleetTurn(bound: .now() + bound)
            while true {
                let result = await acquire(lock, job)
                let entry = result == .away ? nil : await freshEntry(of: job)
                switch turn.next(result, isStored: entry != nil, at: .now()) {
                case .take:
                    if result == .acquired { release(lock, job) }
                    guard let entry else { return await filler.fill(job) }
                    return Landing(outcome: .found(entry))
                case .lead: return await fill(job, with: lock)
                case .alone: return await filler.fill(job)
                case .wait(let pause):
                    guard (try? await Task.sleep(for: .nanoseconds(pause.nanoseconds))) != nil else {
                        return Landing(outcome: .failed(.deadlineExceeded, .cancelled))
                    }
                }
            }
        }
    }

    /// Whether an entry can be given to somebody who has just missed it.
    func isFresh(_ entry: CacheEntry, tokens: [Token]) -> Bool {
        let now = clock.now
        return entry.tokens == tokens && entry.storedAt <= now + CacheEntry.clockTolerance
            && entry.remainingFreshness(at: now) > 0
    }

    /// What the store has for `key`, fresh or not.
    func entry(_ key: CacheKey, on eventLoop: any EventLoop) async -> CacheEntry? {
        let reading: StoreReading
        switch store.read(key, on: eventLoop) {
        case .ready(let ready): reading = ready
        case .pending(let future): reading = (try? await future.get()) ?? .away
        }
        if case .found(let entry) = reading { return entry }
        return nil
    }

    /// What the store has for `key`; `nil` where that is not fresh.
    func freshEntry(_ key: CacheKey, tokens: [Token], on eventLoop: any EventLoop) async -> CacheEntry? {
        await entry(key, on: eventLoop).flatMap { isFresh($0, tokens: tokens) ? $0 : nil }
    }

    private func freshEntry(of job: FillJob) async -> CacheEntry? {
        await freshEntry(job.key, tokens: job.tokens, on: job.eventLoop)
    }

    private func lead(_ job: FillJob, _ lock: Lock) async -> Landing {
        if let entry = await freshEntry(of: job), entry.storedAt != job.previous?.storedAt {
            release(lock, job)
            return Landing(outcome: .found(entry))
        }
        return await fill(job, with: lock)
    }

    /// The lock is given back when the answer is in the store: who gets it next finds the answer there.
    private func fill(_ job: FillJob, with lock: Lock) async -> Landing {
        let landing = await filler.fill(job)
        if let settled = landing.settled {
            settled.whenComplete { _ in release(lock, job) }
        } else {
            release(lock, job)
        }
        return landing
    }

    private struct Lock: Sendable {
        let name: [UInt8]
        let owner: String
        let life: Int64

        init(_ job: FillJob, life: TimeAmount) {
            name = job.identity.lockName
            owner =
                String(UInt64.random(in: .min ... .max), radix: 16)
                + String(UInt64.random(in: .min ... .max), radix: 16)
            self.life = max(1, life.nanoseconds / 1_000_000)
        }
    }

    private func acquire(_ lock: Lock, _ job: FillJob) async -> LockResult {
        await locks.acquire(lock.name, owner: lock.owner, life: lock.life, on: job.eventLoop)
    }

    private func release(_ lock: Lock, _ job: FillJob) {
        locks.release(lock.name, owner: lock.owner, on: job.eventLoop)
    }
}

extension FlightID {
    /// The name of the lock that processes take before they make this answer. Who read other tokens needs another one.
    var lockName: [UInt8] {
        let tokens = tokens.map { "\($0.value)@\($0.server)" }.joined(separator: " ")
        return key.stored + Array(";lock;\(Hash128(tokens.utf8).hexadecimal)".utf8)
    }
}
