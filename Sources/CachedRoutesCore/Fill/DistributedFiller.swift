import ClientSupport
import NIOCore
import RouteModel

/// Makes responses once in all processes behind one store.
final class DistributedFiller: Sendable {
    typealias Completion = SingleFlight<FillOutcome>.Completion

    let fetcher: OriginFetcher
    let store: any CacheStore
    let locks: any DistributedLocks
    let clock: WallClock

    init(fetcher: OriginFetcher, store: any CacheStore, locks: any DistributedLocks, clock: WallClock) {
        self.fetcher = fetcher
        self.store = store
        self.locks = locks
        self.clock = clock
    }

    /// Makes the response, or takes one that another request or process has made, and passes it on.
    ///
    /// It has to be called on the job's event loop. It creates tasks only where ``OriginFetcher/fill(_:completion:)``
    /// does.
    ///
    /// - Parameters:
    ///   - job: the response to be made.
    ///   - sharing: the requests that share the work.
    ///   - mayBeStored: true if the response may have been stored since the request's lookup.
    ///   - completion: takes the result, once, on any thread.
    /// - Returns: the work, for its cancellation.
    func fill(
        _ job: FillRequest,
        sharedIn sharing: WorkSharing,
        mayBeStored: Bool,
        completion: @escaping @Sendable (Completion) -> Void
    ) -> CancellableWork {
        if let entry = job.otherForm {
            let work = CancellableChain()
            guard mayBeStored else {
                take(entry, job, in: work, completion: completion)
                return work.cancellable
            }
            // Another request may have converted the response meanwhile.
            self.entry(of: job) { found in
                let made = found.flatMap { $0.coding == job.coding && $0.storedAt == entry.storedAt ? $0 : nil }
                self.take(made ?? entry, job, in: work, completion: completion)
            }
            return work.cancellable
        }
        switch sharing {
        case .none, .epoch: return fetcher.fill(job, completion: completion)
        case .process:
            guard mayBeStored, job.mayStore else { return fetcher.fill(job, completion: completion) }
            let work = CancellableChain()
            newEntry(of: job) { entry in
                if let entry {
                    self.take(entry, job, in: work, completion: completion)
                } else {
                    work.continue { self.fetcher.fill(job, completion: completion) }
                }
            }
            return work.cancellable
        case .fleet:
            let work = CancellableChain()
            // The second half of the time is left for making the response alone.
            let turn = FillLockStateMachine(bound: Self.middle(until: job.deadline, on: job.eventLoop))
            fillInTurn(turn, Lock(job), job, in: work, completion: completion)
            return work.cancellable
        }
    }

    /// Refreshes the response, unless another process does, and passes it on.
    ///
    /// It has to be called on the job's event loop.
    ///
    /// - Parameters:
    ///   - job: the response to be made.
    ///   - completion: takes the result, once, on any thread.
    /// - Returns: the work, for its cancellation.
    func renew(_ job: FillRequest, completion: @escaping @Sendable (Completion) -> Void) -> CancellableWork {
        let work = CancellableChain()
        let lock = Lock(job)
        acquire(lock, job) { [self] result in
            guard result == .acquired else { return completion(Completion(outcome: .elsewhere)) }
            newEntry(of: job) { [self] entry in
                let release = releasing(lock, job, before: completion)
                if let entry { return take(entry, job, in: work, completion: release) }
                work.continue { fetcher.fill(job, completion: release) }
            }
        }
        return work.cancellable
    }

    /// Makes the response, or waits for the process that makes it.
    ///
    /// It has to be called on the job's event loop.
    private func fillInTurn(
        _ turn: FillLockStateMachine,
        _ lock: Lock,
        _ job: FillRequest,
        in work: CancellableChain,
        completion: @escaping @Sendable (Completion) -> Void
    ) {
        guard !work.isCancelled else {
            return completion(Completion(outcome: .failed(.deadlineExceeded, .cancelled)))
        }
        acquire(lock, job) { [self] result in
            guard result != .unavailable else {
                return go(on: turn, result, nil, lock, job, in: work, completion: completion)
            }
            newEntry(of: job) { self.go(on: turn, result, $0, lock, job, in: work, completion: completion) }
        }
    }

    private func go(
        on turn: FillLockStateMachine,
        _ result: LockResult,
        _ entry: CacheEntry?,
        _ lock: Lock,
        _ job: FillRequest,
        in work: CancellableChain,
        completion: @escaping @Sendable (Completion) -> Void
    ) {
        var turn = turn
        let release = result == .acquired ? releasing(lock, job, before: completion) : completion
        switch turn.next(result, isStored: entry != nil, at: job.eventLoop.now) {
        case .take:
            guard let entry else { return work.continue { fetcher.fill(job, completion: release) } }
            take(entry, job, in: work, completion: release)
        case .lead:
            work.continue { fetcher.fill(job, completion: release) }
        case .alone:
            if result == .acquired { self.release(lock, job) }
            work.continue { fetcher.fill(job, completion: completion) }
        case .wait(let pause):
            job.eventLoop.scheduleTask(in: pause) { [turn] in
                self.fillInTurn(turn, lock, job, in: work, completion: completion)
            }
        }
    }

    /// Indicates that an entry is within its ttl and was made under the current tag versions.
    func isFresh(_ entry: CacheEntry, under tokens: [TagVersion]) -> Bool {
        StoredResponseReuse(now: clock.now).isFresh(entry, under: tokens)
    }

    /// Passes on the stored response for a job, in any form, fresh or stale; `nil` if there is none within half of the
    /// time until its deadline.
    ///
    /// It has to be called on the event loop, where `completion` is called.
    private func entry(of job: FillRequest, completion: @escaping (CacheEntry?) -> Void) {
        let key = job.key.form(job.coding)
        read(key, job.plan, [], by: job.deadline, on: job.eventLoop)
            .whenComplete { completion(self.checked($0, key, job.plan)) }
    }

    /// Returns the entry of a lookup; `nil` if its route would not have stored it.
    private func checked(_ reading: StoreLookupResult, _ key: CacheKey, _ plan: RoutePlan) -> CacheEntry? {
        guard let entry = reading.entry, let cache = plan.cache else { return nil }
        let key = reading.isOther ? key.other : key
        do {
            return try cache.verifier.accept(entry, mayBeCoded: key.variant == .gzip)
        } catch {
            store.reject(key, error)
            return nil
        }
    }

    /// Returns the stored response for `key`, in any form, and the current tag versions, which are created where they
    /// are missing. The tag versions are `nil` if the store can't tell.
    func state(
        of key: CacheKey,
        _ plan: RoutePlan,
        _ names: [TagVersionKey],
        by deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> (entry: CacheEntry?, tokens: [TagVersion]?) {
        // If both forms are stored, the one that most clients get.
        let key = plan.hasVariants ? key.form(.gzip) : key
        let reading = await read(key, plan, names, by: deadline, on: eventLoop).get()
        let versions: [TagVersion]? = await withCheckedContinuation { continuation in
            eventLoop.execute {
                self.tokens(names, in: reading.tokens, by: deadline, on: eventLoop) {
                    continuation.resume(returning: $0)
                }
            }
        }
        return (checked(reading, key, plan), versions)
    }

    /// Returns the tag versions for a response that is made now, if the store had all of them.
    ///
    /// - Parameters:
    ///   - names: the keys of the tag versions.
    ///   - known: the versions that the store had; empty if it could not be asked.
    func knownTokens(_ names: [TagVersionKey], in known: [TagVersion?]) -> [TagVersion]? {
        guard known.count == names.count else { return nil }
        let complete = known.compactMap { $0 }
        return complete.count == names.count ? complete : nil
    }

    /// Passes on the tag versions for a response that is made now, on the event loop, within half of the time until
    /// `deadline`; `nil` if the store can't tell.
    ///
    /// It has to be called on the event loop.
    ///
    /// - Parameters:
    ///   - names: the keys of the tag versions.
    ///   - known: the versions that the store had; empty if it could not be asked.
    ///   - deadline: the deadline of the request.
    ///   - eventLoop: the event loop of the request.
    ///   - completion: takes the versions.
    func tokens(
        _ names: [TagVersionKey],
        in known: [TagVersion?],
        by deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping ([TagVersion]?) -> Void
    ) {
        guard known.count == names.count else { return completion(nil) }
        if let complete = knownTokens(names, in: known) { return completion(complete) }
        store.createTokens(names, knowing: known, on: eventLoop)
            .value(by: Self.middle(until: deadline, on: eventLoop), on: eventLoop) { completion($0.flatMap { $0 }) }
    }

    /// Reads an entry in any form within half of the time until a deadline.
    private func read(
        _ key: CacheKey,
        _ plan: RoutePlan,
        _ names: [TagVersionKey],
        by deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) -> StoreResultOrFuture {
        let bound = Self.half(until: deadline, on: eventLoop)
        return store.read(key, orOther: plan.hasVariants, tokens: names, near: 0, within: bound, on: eventLoop)
    }

    /// Passes on the stored response for a job, on the event loop; `nil` if it is not fresh, or if it is the one that
    /// the request has already found and not reused.
    ///
    /// It has to be called on the event loop.
    private func newEntry(of job: FillRequest, completion: @escaping (CacheEntry?) -> Void) {
        entry(of: job) { [self] entry in
            let reuse = StoredResponseReuse(now: clock.now)
            guard let entry, reuse.isNew(entry, under: job.tokens, after: job.previous) else {
                return completion(nil)
            }
            completion(entry)
        }
    }

    /// Passes on a stored response in the form that the client gets. A response that can't be converted is removed and
    /// made again, unless the client accepts stored responses only.
    ///
    /// It has to be called on the event loop.
    private func take(
        _ entry: CacheEntry,
        _ job: FillRequest,
        in work: CancellableChain,
        completion: @escaping @Sendable (Completion) -> Void
    ) {
        let forms = fetcher.converter.forms(of: entry, under: job.key, job.plan)
        forms.form(for: job.coding, by: job.deadline, on: job.eventLoop) { [self] form in
            if let form { return completion(Completion(outcome: .found(forms), settled: form.settled)) }
            guard job.eventLoop.now < job.deadline else { return completion(Self.late) }
            store.reject(job.key.variant(.gzip), .coding)
            guard !job.isOnlyIfCached else { return completion(Completion(outcome: .elsewhere)) }
            work.continue { fetcher.fill(job, completion: completion) }
        }
    }

    /// The result if the deadline passes before the response is converted.
    private static var late: Completion { Completion(outcome: .deadlineExceeded, isGivenUp: true) }

    /// Returns half of the time until a deadline.
    private static func half(until deadline: NIODeadline, on eventLoop: any EventLoop) -> TimeAmount {
        .nanoseconds(max(0, (deadline - eventLoop.now).nanoseconds / 2))
    }

    /// Returns the time at which half of the time until a deadline has passed.
    private static func middle(until deadline: NIODeadline, on eventLoop: any EventLoop) -> NIODeadline {
        eventLoop.now + half(until: deadline, on: eventLoop)
    }

    /// Returns a completion that releases the lock once the response is stored, so that the next owner finds it there.
    private func releasing(
        _ lock: Lock,
        _ job: FillRequest,
        before completion: @escaping @Sendable (Completion) -> Void
    ) -> @Sendable (Completion) -> Void {
        { [self] result in
            if let settled = result.settled {
                settled.whenComplete { _ in self.release(lock, job) }
            } else {
                release(lock, job)
            }
            completion(result)
        }
    }

    private struct Lock: Sendable {
        let name: [UInt8]
        let owner: String
        let life: Int64

        /// Creates a lock that lives until the job's deadline. Processes that wait for its owner have a bound of their
        /// own.
        init(_ job: FillRequest) {
            name = job.flight(of: .all).lockName
            owner =
                String(UInt64.random(in: .min ... .max), radix: 16)
                + String(UInt64.random(in: .min ... .max), radix: 16)
            life = max(1, (job.deadline - job.eventLoop.now).nanoseconds / 1_000_000)
        }
    }

    private func acquire(_ lock: Lock, _ job: FillRequest, completion: @escaping (LockResult) -> Void) {
        let result: EventLoopFuture<LockResult> =
            locks.acquire(lock.name, owner: lock.owner, life: lock.life, on: job.eventLoop)
        result.assumeIsolated().whenComplete { [self] result in
            let result = (try? result.get()) ?? .unavailable
            // The lock may have been granted nevertheless.
            if result == .unavailable { release(lock, job) }
            completion(result)
        }
    }

    private func release(_ lock: Lock, _ job: FillRequest) {
        locks.release(lock.name, owner: lock.owner, on: job.eventLoop)
    }
}

extension FlightID {
    /// The name of the lock that a process acquires before it makes this response. It includes the tag versions,
    /// because requests that have read other versions need another response.
    package var lockName: [UInt8] {
        let tokens = tokens.map { "\($0.value)@\($0.server)" }.joined(separator: " ")
        return key.stored + Array(";lock;\(Hash128(tokens.utf8).hexadecimal)".utf8)
    }
}
