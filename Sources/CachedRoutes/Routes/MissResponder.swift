import HTTPTypes
import Metrics
import NIOCore
import RouteModel
import Synchronization

/// Answers requests that the store could not answer.
final class MissResponder: Sendable {
    private typealias Arrival = FlightControl<FillOutcome>.Arrival

    private let clock: WallClock
    private let flights: FlightControl<FillOutcome>
    private let filler: FleetFiller
    private let pauses: RefreshPauses
    private let solo = Atomic<UInt64>(0)

    init(clock: WallClock, flights: FlightControl<FillOutcome>, filler: FleetFiller, pauses: RefreshPauses) {
        self.clock = clock
        self.flights = flights
        self.filler = filler
        self.pauses = pauses
    }

    /// The answer to a request, by `deadline`.
    func answer(
        _ prepared: PreparedRequest,
        _ plan: RoutePlan,
        _ miss: Miss,
        deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> RouteResponse {
        guard !prepared.directives.onlyIfCached else { return refusal(prepared, plan) }
        if miss.forward == .bypass { plan.metrics.bypasses.increment() } else { plan.metrics.misses.increment() }
        let job = FillJob(
            plan: plan,
            values: prepared.values,
            key: prepared.key,
            tokens: [],
            previous: miss.previous,
            // Who could not ask the store does not wait for it either.
            mayStore: prepared.mayUseCache && !prepared.directives.noStore && miss.reason != .storeAway,
            deadline: deadline,
            eventLoop: eventLoop
        )
        let arrival = await fly(job, prepared)
        if arrival.isCollapsed { plan.metrics.collapsed.increment() }
        let reply = Reply(prepared: prepared, plan: plan, miss: miss, isCollapsed: arrival.isCollapsed)
        switch arrival.outcome {
        case .made(let made):
            if made.isFailure, let stale = staleResponse(reply, .handler) { return stale }
            if made.isStored { pauses.end(prepared.key) }
            return await response(reply, made, deadline: deadline, on: eventLoop)
        case .found(let entry):
            let entry = await variant(of: entry, job, prepared)
            return ResponseBuilder.hit(entry, prepared, plan, at: clock.now)
        case .failed(let problem, let failure):
            plan.metrics.failures.increment()
            let isOurs = [500, 502, 503, 504].contains(problem.status.code) && failure != .cancelled
            return isOurs ? staleResponse(reply, failure) ?? reply.problem(problem) : reply.problem(problem)
        case .deadlineExceeded, .elsewhere:
            plan.metrics.failures.increment()
            return staleResponse(reply, .deadline) ?? reply.problem(.deadlineExceeded)
        }
    }

    // MARK: - Flights

    private func fly(_ job: FillJob, _ prepared: PreparedRequest) async -> Arrival {
        let coalesce = job.plan.cache?.coalesce ?? .off
        // An answer that somebody else has begun to ask for is none that is made for this request.
        let mayShare =
            prepared.mayUseCache && coalesce != .off && !prepared.directives.noCache
            && !prepared.directives.noStore
        let isFleet = coalesce == .fleet && job.mayStore
        var id = job.identity
        if !mayShare { id.solo = nextSolo() }
        while true {
            let isSolo = id.solo != nil
            let arrival = await flights.outcome(
                of: id,
                departuresBeforeLookup: prepared.departures,
                deadline: job.deadline,
                client: prepared.request.client,
                on: job.eventLoop
            ) { [filler] mayBeStored in
                await filler.fill(job, isSolo ? .none : isFleet ? .fleet : .process(mayBeStored: mayBeStored))
            }
            guard arrival.isCollapsed, NIODeadline.now() < job.deadline, !Task.isCancelled,
                prepared.request.client?.hasLeft != true
            else { return arrival }
            switch verdict(on: arrival, job, prepared) {
            case .take: return arrival
            case .again: continue
            case .alone: id.solo = nextSolo()
            }
        }
    }

    private enum Verdict {
        case take, again, alone
    }

    /// What to do with an outcome that was made for somebody else.
    private func verdict(on arrival: Arrival, _ job: FillJob, _ prepared: PreparedRequest) -> Verdict {
        // The deadline was of the request that had started the flight; this one has time left.
        if arrival.isGivenUp { return .again }
        switch arrival.outcome {
        case .elsewhere: return .again
        case .made(let made):
            guard made.isShareable else { return .alone }
            // It may have landed long ago, and still wait for a slow store.
            return !made.isStored || isAcceptable(made.entry, job, prepared) ? .take : .alone
        case .found(let entry): return isAcceptable(entry, job, prepared) ? .take : .alone
        case .failed, .deadlineExceeded: return .take
        }
    }

    private func isAcceptable(_ entry: CacheEntry, _ job: FillJob, _ prepared: PreparedRequest) -> Bool {
        let now = clock.now
        return filler.isFresh(entry, tokens: job.tokens)
            && prepared.directives.accepts(
                age: entry.age(at: now),
                remainingFreshness: entry.remainingFreshness(at: now)
            )
    }

    private func nextSolo() -> UInt64 { solo.add(1, ordering: .relaxed).newValue }

    // MARK: - Responses

    private struct Reply {
        let prepared: PreparedRequest
        let plan: RoutePlan
        let miss: Miss
        let isCollapsed: Bool

        func status(isStored: Bool) -> CacheStatus {
            CacheStatus(
                outcome: .forwarded(miss.forward, stored: isStored, collapsed: isCollapsed),
                detail: miss.reason?.rawValue
            )
        }

        func problem(_ problem: Problem) -> RouteResponse {
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
        var entry = made.entry
        if reply.prepared.coding == .gzip, let gzip = made.gzip {
            entry = await value(of: gzip, by: deadline, on: eventLoop) ?? entry
        }
        let now = clock.now
        return ResponseBuilder.response(
            for: entry,
            of: reply.plan,
            to: reply.prepared.request,
            status: reply.status(isStored: made.isStored),
            // An answer that was made for another request may have an age to speak of.
            reusedAt: reply.isCollapsed && entry.age(at: now) >= 1000 ? now : nil
        )
    }

    /// The value of a future that does not fail; `nil` where it does not come by `deadline`.
    private func value<Value: Sendable>(
        of future: EventLoopFuture<Value>,
        by deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> Value? {
        let promise = eventLoop.makePromise(of: Value?.self)
        let timer = eventLoop.scheduleTask(deadline: deadline) { promise.succeed(nil) }
        future.whenComplete { result in
            timer.cancel()
            promise.succeed(try? result.get())
        }
        return (try? await promise.futureResult.get()).flatMap { $0 }
    }

    /// The form that the client gets of an entry; the one without a coding where there is no other.
    private func variant(of entry: CacheEntry, _ job: FillJob, _ prepared: PreparedRequest) async -> CacheEntry {
        guard prepared.coding == .gzip else { return entry }
        return await filler.freshEntry(prepared.lookupKey, tokens: job.tokens, on: job.eventLoop) ?? entry
    }

    /// The last answer, in place of one that could not be made (RFC 5861, 4). For a while nobody tries again then.
    private func staleResponse(_ reply: Reply, _ failure: FillFailure) -> RouteResponse? {
        let now = clock.now
        guard let entry = reply.miss.previous,
            EntryUse(now: now).mayReplaceFailure(entry, reply.prepared.directives)
        else { return nil }
        pauses.fail(reply.prepared.key, failure, ttl: reply.plan.ttl)
        return ResponseBuilder.hit(entry, reply.prepared, reply.plan, at: now, detail: failure.rawValue)
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
    var isFailure: Bool { [500, 502, 503, 504].contains(entry.status) }
}
