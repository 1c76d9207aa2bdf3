import HTTPTypes
import Logging
import Metrics
import NIOCore
import RouteModel
import Synchronization

/// Answers requests: inputs, key, lookup, and on a miss a flight.
///
/// Everything up to the store's answer is callable on an event loop without suspension;
/// ``respond(to:of:context:deadline:on:)`` wraps it.
final class RouteResponder: Sendable {
    /// What is known of a request once its inputs are read.
    struct Prepared: Sendable {
        let request: RouteRequest
        let values: InputValues
        let key: CacheKey
        let mayUseCache: Bool
        /// The number of flights that had left the board before the store was asked.
        let departures: UInt64
    }

    /// The result of reading a request.
    enum Preparation: Sendable {
        case ready(Prepared)
        case answered(RouteResponse)
    }

    /// The result of a lookup.
    enum Lookup: Sendable {
        case hit(RouteResponse)
        case miss(CacheStatus.Forward, Reason?)
    }

    /// What is to be said of a miss.
    enum Reason: String, Sendable {
        case authorization
        case purged
        case unreadable
        case storeAway = "store-away"
    }

    /// A lookup's result, at once or later on the event loop that asked.
    enum PendingLookup: Sendable {
        case ready(Lookup)
        case pending(EventLoopFuture<Lookup>)
    }

    private let store: any CacheStore
    private let filler: RouteFiller
    private let clock: WallClock
    private let reader: RequestReader
    private let flights = FlightControl<FillOutcome>(
        deadlineExceeded: .deadlineExceeded,
        cancelled: .failed(.unavailable("The request was cancelled."))
    )
    private let solo = Atomic<UInt64>(0)

    init(
        store: any CacheStore,
        database: any Database,
        clock: WallClock,
        failures: FailureAnswers,
        logger: Logger
    ) {
        self.store = store
        self.clock = clock
        reader = RequestReader(logger: logger)
        filler = RouteFiller(database: database, store: store, clock: clock, failures: failures)
    }

    /// The requests that wait for an answer that is being made.
    var waitingRequests: Int { flights.waiterCount }

    /// Reads the inputs of a request and builds its key.
    func prepare(_ request: RouteRequest, _ plan: RoutePlan, context: some RouteContext) -> Preparation {
        let values: InputValues
        do {
            values = try reader.values(of: request, plan, context: context)
        } catch {
            return .answered(error.response(isHead: request.method == .head))
        }
        let isBypassed =
            !plan.route.isPublic && !plan.route.hasContextInputs && request.headerFields.contains(.authorization)
        return .ready(
            Prepared(
                request: request,
                values: values,
                key: plan.route.signature.key(for: values),
                mayUseCache: !isBypassed,
                departures: flights.departures
            )
        )
    }

    /// Looks for an answer in the store.
    func lookup(_ prepared: Prepared, _ plan: RoutePlan, on eventLoop: any EventLoop) -> PendingLookup {
        guard prepared.mayUseCache else { return .ready(.miss(.bypass, .authorization)) }
        switch store.read(prepared.key, on: eventLoop) {
        case .ready(let reading):
            return .ready(evaluate(reading, prepared, plan))
        case .pending(let future):
            return .pending(bounded(future, plan, on: eventLoop).map { self.evaluate($0, prepared, plan) })
        }
    }

    /// A reading within half of the route's timeout, so that the rest is left for the database. There is no timer where the
    /// store's own bound is tighter.
    private func bounded(
        _ future: EventLoopFuture<StoreReading>,
        _ plan: RoutePlan,
        on eventLoop: any EventLoop
    ) -> EventLoopFuture<StoreReading> {
        let budget = TimeAmount.nanoseconds(plan.timeout.nanoseconds / 2)
        guard store.longestRead > budget else { return future }
        let promise = eventLoop.makePromise(of: StoreReading.self)
        let timer = eventLoop.scheduleTask(in: budget) { promise.succeed(.away) }
        future.whenComplete { result in
            timer.cancel()
            promise.completeWith(result)
        }
        return promise.futureResult
    }

    private func evaluate(_ reading: StoreReading, _ prepared: Prepared, _ plan: RoutePlan) -> Lookup {
        switch reading {
        case .found(let entry):
            let now = clock.now
            switch freshness(of: entry, at: now) {
            case .fresh: return .hit(hit(entry, prepared, plan, at: now))
            case .purged: return .miss(.miss, .purged)
            case .future:
                plan.metrics.unreadable.increment()
                return .miss(.miss, .unreadable)
            case .stale: return .miss(.stale, nil)
            }
        case .absent:
            return .miss(.uriMiss, nil)
        case .unreadable:
            plan.metrics.unreadable.increment()
            return .miss(.miss, .unreadable)
        case .away:
            plan.metrics.storeAway.increment()
            return .miss(.miss, .storeAway)
        }
    }

    private enum Freshness {
        case fresh, stale, purged, future
    }

    private func freshness(of entry: CacheEntry, at now: Int64) -> Freshness {
        // No route has tags yet: an entry with tokens was made for another reader.
        guard entry.tokens.isEmpty else { return .purged }
        guard entry.storedAt <= now + CacheEntry.clockTolerance else { return .future }
        return entry.remainingFreshness(at: now) > 0 ? .fresh : .stale
    }

    private func hit(_ entry: CacheEntry, _ prepared: Prepared, _ plan: RoutePlan, at now: Int64) -> RouteResponse {
        plan.metrics.hits.increment()
        return ResponseBuilder.response(
            for: entry,
            of: plan,
            to: prepared.request,
            status: .hit(ttl: entry.remainingFreshness(at: now) / 1000),
            reusedAt: now
        )
    }

    /// The entry that is in the store by now; `nil` when there is none that is fresh.
    private func freshEntry(_ prepared: Prepared, _ plan: RoutePlan, on eventLoop: any EventLoop) async -> CacheEntry? {
        let reading: StoreReading
        switch store.read(prepared.key, on: eventLoop) {
        case .ready(let ready): reading = ready
        case .pending(let future): reading = (try? await bounded(future, plan, on: eventLoop).get()) ?? .away
        }
        guard case .found(let entry) = reading, freshness(of: entry, at: clock.now) == .fresh else { return nil }
        return entry
    }

    /// The answer to a request, within the route's timeout.
    func respond(
        to request: RouteRequest,
        of plan: RoutePlan,
        context: some RouteContext,
        deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> RouteResponse {
        let prepared: Prepared
        switch prepare(request, plan, context: context) {
        case .answered(let response): return response
        case .ready(let ready): prepared = ready
        }
        let lookup: Lookup
        switch self.lookup(prepared, plan, on: eventLoop) {
        case .ready(let result):
            lookup = result
        case .pending(let future):
            do {
                lookup = try await future.get()
            } catch {
                // A store's future does not fail; an event loop that is shutting down may still fail it.
                lookup = .miss(.miss, .storeAway)
            }
        }
        switch lookup {
        case .hit(let response): return response
        case .miss(let forward, let reason):
            return await answerMiss(prepared, plan, forward, reason, deadline: deadline, on: eventLoop)
        }
    }

    private func answerMiss(
        _ prepared: Prepared,
        _ plan: RoutePlan,
        _ forward: CacheStatus.Forward,
        _ reason: Reason?,
        deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> RouteResponse {
        // Who could not ask the store does not wait for it either.
        let mayStore = prepared.mayUseCache && reason != .storeAway
        let mayShare = prepared.mayUseCache && plan.cache?.coalesce == .process
        var id = FlightID(key: prepared.key, tokens: [], solo: mayShare ? nil : nextSolo())
        var arrival: FlightControl<FillOutcome>.Arrival
        while true {
            let identity = id
            arrival = await flights.outcome(
                of: identity,
                departuresBeforeLookup: prepared.departures,
                deadline: deadline,
                client: prepared.request.client,
                on: eventLoop
            ) { [self] mayBeStored in
                if mayBeStored, mayShare, let entry = await freshEntry(prepared, plan, on: eventLoop) {
                    return FlightControl.Landing(outcome: .found(entry))
                }
                return await filler.fill(
                    plan,
                    prepared.values,
                    key: prepared.key,
                    tokens: identity.tokens,
                    mayStore: mayStore,
                    deadline: deadline
                )
            }
            guard arrival.isCollapsed, NIODeadline.now() < deadline, !Task.isCancelled,
                prepared.request.client?.hasLeft != true
            else { break }
            if arrival.isGivenUp {
                // The deadline was of the request that had started the flight; this one has time left.
                continue
            }
            if case .answer(let entry, _) = arrival.outcome, freshness(of: entry, at: clock.now) != .fresh {
                // It landed long ago and still waits for a slow store.
                id.solo = nextSolo()
                continue
            }
            break
        }
        if forward == .bypass { plan.metrics.bypasses.increment() } else { plan.metrics.misses.increment() }
        if arrival.isCollapsed { plan.metrics.collapsed.increment() }
        let isHead = prepared.request.method == .head
        switch arrival.outcome {
        case .answer(let entry, let isStored):
            let outcome = CacheStatus.Outcome.forwarded(forward, stored: isStored, collapsed: arrival.isCollapsed)
            return ResponseBuilder.response(
                for: entry,
                of: plan,
                to: prepared.request,
                status: CacheStatus(outcome: outcome, detail: reason?.rawValue),
                reusedAt: arrival.isCollapsed ? reuseTime(of: entry) : nil
            )
        case .found(let entry):
            return hit(entry, prepared, plan, at: clock.now)
        case .nothing:
            return problem(.notFound, forward, reason, arrival, isHead: isHead)
        case .failed(let failure):
            plan.metrics.failures.increment()
            return problem(failure, forward, reason, arrival, isHead: isHead)
        case .deadlineExceeded:
            plan.metrics.failures.increment()
            return problem(.deadlineExceeded, forward, reason, arrival, isHead: isHead)
        }
    }

    private func nextSolo() -> UInt64 { solo.add(1, ordering: .relaxed).newValue }

    /// Now, when an answer that was made for another request has an age to speak of.
    private func reuseTime(of entry: CacheEntry) -> Int64? {
        let now = clock.now
        return entry.age(at: now) >= 1000 ? now : nil
    }

    private func problem(
        _ problem: Problem,
        _ forward: CacheStatus.Forward,
        _ reason: Reason?,
        _ arrival: FlightControl<FillOutcome>.Arrival,
        isHead: Bool
    ) -> RouteResponse {
        var response = problem.response(isHead: isHead)
        let outcome = CacheStatus.Outcome.forwarded(forward, stored: false, collapsed: arrival.isCollapsed)
        response.headerFields[.cacheStatus] = CacheStatus(outcome: outcome, detail: reason?.rawValue).fieldValue
        return response
    }
}
