import Metrics
import NIOCore
import RouteModel
import Synchronization

/// Refreshes stored responses in the background while the old ones are still reused, in one process at a time.
///
/// The number of refreshes that requests start is bounded. Beyond the bound a stale response is reused a little longer,
/// and the next request for it tries again.
final class BackgroundRevalidator: Sendable {
    typealias Flights = SingleFlight<FillOutcome>

    private let flights: Flights
    private let distributedFill: DistributedFiller
    private let backoff: RefreshBackoff
    private let limit: Int
    private let underWay = Mutex<Set<CacheKey>>([])

    init(flights: Flights, distributedFill: DistributedFiller, backoff: RefreshBackoff, limit: Int) {
        self.flights = flights
        self.distributedFill = distributedFill
        self.backoff = backoff
        self.limit = limit
    }

    /// A response that is to be made again.
    struct Renewal: Sendable {
        let plan: RoutePlan
        let values: InputValues
        /// The key of the response, in its form without a coding.
        let key: CacheKey
        /// The form in which it is then stored.
        let coding: ContentCoding

        init(_ plan: RoutePlan, _ values: InputValues, _ key: CacheKey, _ coding: ContentCoding) {
            self.plan = plan
            self.values = values
            self.key = key
            self.coding = coding
        }
    }

    /// Starts to refresh a response, unless that is under way or was tried a moment ago.
    ///
    /// Returns at once; may be called on an event loop.
    ///
    /// - Parameters:
    ///   - renewal: the response.
    ///   - entry: the stored response, which was made under the current tag versions.
    ///   - eventLoop: the event loop of the work.
    func begin(_ renewal: Renewal, of entry: CacheEntry, on eventLoop: any EventLoop) {
        guard backoff.state(of: renewal.key) == .none, enter(renewal.key) else { return }
        let job = job(renewal, tokens: entry.tokens, previous: entry, on: eventLoop)
        // The work is a flight, so that requests that miss the entry meanwhile join it, and it joins theirs.
        _ = flights.join(
            job.flight(of: .all),
            departuresBeforeLookup: .max,
            deadline: job.deadline,
            client: nil,
            on: eventLoop,
            completesAnywhere: true,
            isAcceptable: { _ in true },
            work: { renew(job, land: $1) },
            completion: { [self] result in
                note(result, of: job)
                leave(renewal.key)
            }
        )
    }

    private func renew(_ job: FillRequest, land: @escaping @Sendable (Flights.Completion) -> Void) -> CancellableWork {
        CancellableWork(on: job.eventLoop) { [distributedFill] in distributedFill.renew(job, completion: land) }
    }

    /// Refreshes a response, unless another process does.
    ///
    /// - Parameters:
    ///   - renewal: the response.
    ///   - previous: the stored response; `nil` if there is none.
    ///   - tokens: the current tag versions.
    ///   - eventLoop: the event loop of the work.
    func renew(
        _ renewal: Renewal,
        after previous: CacheEntry?,
        tokens: [TagVersion],
        on eventLoop: any EventLoop
    ) async -> FillOutcome {
        let job = job(renewal, tokens: tokens, previous: previous, on: eventLoop)
        let result = await flights.outcome(
            of: job.flight(of: .all),
            departuresBeforeLookup: .max,
            deadline: job.deadline,
            on: eventLoop
        ) { [self] in
            renew(job, land: $1)
        }
        note(result, of: job)
        return result.outcome
    }

    private func job(
        _ renewal: Renewal,
        tokens: [TagVersion],
        previous: CacheEntry?,
        on eventLoop: any EventLoop
    ) -> FillRequest {
        FillRequest(
            plan: renewal.plan,
            values: renewal.values,
            key: renewal.key,
            tokenNames: renewal.plan.cache?.tagVersions.names(for: renewal.values) ?? [],
            tokens: tokens,
            coding: renewal.coding,
            previous: previous,
            mayStore: true,
            deadline: eventLoop.now + renewal.plan.timeout,
            eventLoop: eventLoop
        )
    }

    /// Records the end of an attempt.
    private func note(_ result: Flights.WaiterResult, of job: FillRequest) {
        switch result.outcome {
        case .made(let made):
            // A handler's own 5xx.
            if made.isFailure {
                backoff.fail(job.key, .handler, of: job.plan)
            } else {
                if !result.isCollapsed { job.plan.metrics.renewals.increment() }
                // A response that can't be stored would be made again by the next request that reuses the stale one.
                if made.refusal == nil { backoff.end(job.key) } else { backoff.leave(job.key) }
            }
        case .found: backoff.end(job.key)
        case .elsewhere: backoff.leave(job.key)
        case .failed(_, .cancelled): break
        case .failed(let problem, let failure):
            if problem.isFailure { backoff.fail(job.key, failure, of: job.plan) } else { backoff.end(job.key) }
        case .deadlineExceeded:
            // The deadline may have been that of a request with less time.
            if !result.isCollapsed { backoff.fail(job.key, .deadline, of: job.plan) }
        }
    }

    private func enter(_ key: CacheKey) -> Bool {
        underWay.withLock { $0.count < limit && $0.insert(key).inserted }
    }

    private func leave(_ key: CacheKey) {
        underWay.withLock { _ = $0.remove(key) }
    }
}
