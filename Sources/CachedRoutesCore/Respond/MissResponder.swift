import HTTPTypes
import Metrics
import NIOCore
import RouteModel
import Synchronization

/// Answers requests that the store could not answer.
final class MissResponder: Sendable {
    private typealias WaiterResult = SingleFlight<FillOutcome>.WaiterResult

    private let clock: WallClock
    private let flights: SingleFlight<FillOutcome>
    private let distributedFill: DistributedFill
    private let backoff: RefreshBackoff
    private let hitForMiss: HitForMissRegister
    private let epochs = EpochCoalescer()
    /// The number of flights of single requests.
    private let singles = Atomic<UInt64>(0)

    init(
        clock: WallClock,
        flights: SingleFlight<FillOutcome>,
        distributedFill: DistributedFill,
        backoff: RefreshBackoff
    ) {
        self.clock = clock
        self.flights = flights
        self.distributedFill = distributedFill
        self.backoff = backoff
        hitForMiss = HitForMissRegister(clock: clock)
    }

    /// The answer to a request, by `deadline`.
    func answer(
        _ prepared: PreparedRequest,
        _ plan: RoutePlan,
        _ miss: Miss,
        deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> RouteResponse {
        var miss = miss
        if miss.forward == .uriMiss, prepared.coding == .gzip {
            // It may be only this form of the answer that is gone.
            miss.previous = await distributedFill.entry(prepared.key, of: plan, by: deadline, on: eventLoop)
        }
        var otherForm: CacheEntry?
        if miss.forward == .uriMiss, let entry = miss.previous, entry.matches(miss.tokens),
            isAcceptable(entry, prepared)
        {
            otherForm = entry
        }
        guard !prepared.directives.onlyIfCached || otherForm != nil else { return refusal(prepared, plan) }
        var tokens: [TagVersion]?
        // Who could not ask the store does not wait for it either.
        if prepared.mayUseStore, miss.isStoreUsable {
            // Before the query: what it reads is then no older than they are.
            tokens = await distributedFill.tokens(prepared.tokens, in: miss.tokens, by: deadline, on: eventLoop)
        }
        let job = FillJob(
            plan: plan,
            values: prepared.values,
            key: prepared.key,
            tokenNames: prepared.tokens,
            tokens: tokens ?? [],
            previous: miss.previous,
            otherForm: otherForm,
            mayStore: tokens != nil,
            deadline: deadline,
            eventLoop: eventLoop
        )
        let result = await fly(job, prepared)
        if result.isCollapsed { plan.metrics.collapsed.increment() }
        let reply = Reply(prepared: prepared, plan: plan, miss: miss, isCollapsed: result.isCollapsed)
        switch result.outcome {
        case .made(let made):
            if made.isFailure, let stale = staleResponse(reply, .handler) { return stale }
            if made.isStored { backoff.end(prepared.key) }
            if miss.forward == .bypass { plan.metrics.bypasses.increment() } else { plan.metrics.misses.increment() }
            return await response(reply, made, deadline: deadline, on: eventLoop)
        case .found(let entry, let gzip):
            let entry = await form(of: entry, gzip, for: prepared, by: deadline, on: eventLoop)
            return ResponseBuilder.response(
                for: Hit(entry: entry, now: clock.now),
                of: plan,
                to: prepared.request
            )
        case .failed(let problem, let failure):
            let stale = problem.isFailure && failure != .cancelled ? staleResponse(reply, failure) : nil
            return stale ?? reply.problem(problem)
        case .deadlineExceeded, .elsewhere:
            // A statement says so itself. A handler may not even notice.
            if case .handler = plan.route.source, !result.isCollapsed {
                distributedFill.fetcher.failures.handlerIsLate(plan)
            }
            return staleResponse(reply, .deadline) ?? reply.problem(.deadlineExceeded)
        }
    }

    // MARK: - Flights

    private func fly(_ wanted: FillJob, _ prepared: PreparedRequest) async -> WaiterResult {
        var job = wanted
        var sharing = WorkSharing(
            prepared.coalescing,
            hasTagVersions: job.mayStore,
            earlier: hitForMiss.audience(of: job.key)
        )
        while true {
            job.group =
                switch sharing {
                case .none: .single(singles.add(1, ordering: .relaxed).newValue)
                case .epoch: .epoch(epochs.number(for: job.key))
                case .process, .fleet: .all
                }
            let result = await flights.outcome(
                of: job.identity,
                departuresBeforeLookup: prepared.departures,
                deadline: job.deadline,
                client: prepared.request.client,
                on: job.eventLoop,
                executor: job.executor,
                isAcceptable: { [job] in self.verdict(on: $0, job, prepared) == .take }
            ) { [distributedFill, epochs, job, sharing] mayBeStored in
                if case .epoch = sharing {
                    return await epochs.run(job.key) { await distributedFill.fill(job, sharedIn: sharing) }
                }
                return await distributedFill.fill(job, sharedIn: sharing, mayBeStored: mayBeStored)
            }
            if job.mayStore, !result.isCollapsed, case .made(let made) = result.outcome {
                hitForMiss.note(job.key, made)
            }
            guard job.eventLoop.now < job.deadline, !Task.isCancelled,
                prepared.request.client?.hasLeft != true
            else { return result }
            // The deadline was of the request that had started the flight; this one has time left.
            if result.isCollapsed && result.isGivenUp { continue }
            switch verdict(on: result.outcome, job, prepared) {
            case .take: return result
            // What was made for this request is for it, however long that took.
            case .alone where !result.isCollapsed && result.outcome.isMade: return result
            case .again: continue
            case .alone:
                sharing = .none
                // It has become too old meanwhile.
                job.otherForm = nil
            }
        }
    }

    private enum Verdict {
        case take, again, alone
    }

    /// What to do with an outcome that may have been made for somebody else.
    private func verdict(on outcome: FillOutcome, _ job: FillJob, _ prepared: PreparedRequest) -> Verdict {
        switch outcome {
        case .elsewhere: return .again
        case .made(let made):
            guard made.audience >= .waiters else { return .alone }
            // It may have landed long ago, and still wait for a slow store.
            return !made.isStored || isAcceptable(made.entry, prepared) ? .take : .alone
        // Of a flight with the same tokens.
        case .found(let entry, _): return isAcceptable(entry, prepared) ? .take : .alone
        case .failed, .deadlineExceeded: return .take
        }
    }

    private func isAcceptable(_ entry: CacheEntry, _ prepared: PreparedRequest) -> Bool {
        StoredResponseReuse(now: clock.now).mayBeShared(entry, prepared.directives)
    }

    // MARK: - Responses

    private struct Reply {
        let prepared: PreparedRequest
        let plan: RoutePlan
        let miss: Miss
        let isCollapsed: Bool

        /// - Parameter reason: why an answer is not stored, where nothing is wrong with what was.
        func status(isStored: Bool, otherwise reason: Miss.Reason? = nil) -> CacheStatus {
            CacheStatus(
                outcome: .forwarded(miss.forward, stored: isStored, collapsed: isCollapsed),
                detail: (miss.reason ?? reason)?.rawValue
            )
        }

        func problem(_ problem: Problem) -> RouteResponse {
            plan.metrics.failures.increment()
            var response = problem.response(isHead: prepared.request.method == .head)
            response.headerFields[.cacheStatus] = status(isStored: false).fieldValue
            return response
        }
    }

    private func response(
        _ reply: Reply,
        _ made: MadeAnswer,
        deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> RouteResponse {
        let entry = await form(of: made.entry, made.gzip, for: reply.prepared, by: deadline, on: eventLoop)
        let now = clock.now
        return ResponseBuilder.response(
            for: entry,
            of: reply.plan,
            to: reply.prepared.request,
            status: reply.status(
                isStored: made.isStored,
                otherwise: made.refusal ?? (isRefused(made, reply) ? .storeRefused : nil)
            ),
            // An answer that was made for another request, or came from another cache, has an age to speak of.
            reusedAt: entry.initialAge != nil || reply.isCollapsed && entry.age(at: now) >= 1000 ? now : nil
        )
    }

    /// True where the store would have had the answer if it took any.
    private func isRefused(_ made: MadeAnswer, _ reply: Reply) -> Bool {
        !made.isStored && made.mayBeStoredNext && made.audience >= .waiters && reply.prepared.mayUseStore
            && distributedFill.store.isRefusing
    }

    /// The form that the client gets of an answer; the one without a coding where there is no other in time.
    private func form(
        of entry: CacheEntry,
        _ gzip: EventLoopFuture<CacheEntry>?,
        for prepared: PreparedRequest,
        by deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> CacheEntry {
        guard prepared.coding == .gzip, let gzip else { return entry }
        return await gzip.value(by: deadline, on: eventLoop) ?? entry
    }

    /// The last answer, in place of one that could not be made (RFC 5861, 4). For a while nobody tries again then.
    private func staleResponse(_ reply: Reply, _ failure: FillFailure) -> RouteResponse? {
        let now = clock.now
        guard let entry = reply.miss.previous,
            StoredResponseReuse(now: now).mayReplaceFailure(entry, reply.miss.tokens, reply.prepared.directives)
        else { return nil }
        backoff.fail(reply.prepared.key, failure, of: reply.plan)
        let hit = Hit(entry: entry, now: now, detail: failure.rawValue)
        return ResponseBuilder.response(for: hit, of: reply.plan, to: reply.prepared.request)
    }

    private func refusal(_ prepared: PreparedRequest, _ plan: RoutePlan) -> RouteResponse {
        plan.metrics.refused.increment()
        var response = Problem.notCached.response(isHead: prepared.request.method == .head)
        response.headerFields[.cacheStatus] = CacheStatus(outcome: .refused, detail: "only-if-cached").fieldValue
        return response
    }
}

extension MadeAnswer {
    /// Whether it is a handler's word for that there is no answer now (RFC 5861, 4).
    var isFailure: Bool { HTTPResponse.Status.isFailure(entry.status) }
}

extension FillOutcome {
    /// Whether an answer was made.
    fileprivate var isMade: Bool { if case .made = self { true } else { false } }
}
