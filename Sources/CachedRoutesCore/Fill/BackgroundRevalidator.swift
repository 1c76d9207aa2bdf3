import Metrics
import NIOCore
import RouteModel
import Synchronization

/// Makes answers anew while the old ones are still given, one process at a time.
///
/// The work is bounded in number: beyond that a stale entry is given a little longer, and whoever asks for it next tries again.
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

    /// Begins to make the answer, unless that is under way, or was tried a moment ago.
    ///
    /// Returns at once; may be called on an event loop.
    func begin(
        _ plan: RoutePlan,
        _ values: InputValues,
        _ entry: CacheEntry,
        key: CacheKey,
        on eventLoop: any EventLoop
    ) {
        guard backoff.state(of: key) == .none, enter(key) else { return }
        // They have just been read, and are those that were there.
        let job = job(plan, values, key: key, tokens: entry.tokens, previous: entry, on: eventLoop)
        Task.detached { [self] in
            _ = await renew(job)
            leave(key)
        }
    }

    /// Makes the answer, unless another process is at it.
    ///
    /// - Parameters:
    ///   - previous: what the store has for it.
    ///   - tokens: those that are there now.
    func renew(
        _ plan: RoutePlan,
        _ values: InputValues,
        after previous: CacheEntry?,
        tokens: [TagVersion],
        on eventLoop: any EventLoop
    ) async -> FillOutcome {
        let key = plan.route.signature.key(for: values)
        return await renew(job(plan, values, key: key, tokens: tokens, previous: previous, on: eventLoop))
    }

    private func job(
        _ plan: RoutePlan,
        _ values: InputValues,
        key: CacheKey,
        tokens: [TagVersion],
        previous: CacheEntry?,
        on eventLoop: any EventLoop
    ) -> FillRequest {
        FillRequest(
            plan: plan,
            values: values,
            key: key,
            tokenNames: plan.cache?.tagVersions.names(for: values) ?? [],
            tokens: tokens,
            previous: previous,
            mayStore: true,
            deadline: eventLoop.now + plan.timeout,
            eventLoop: eventLoop
        )
    }

    /// As one that waits for a flight, so that requests that miss the entry meanwhile join it, and the other way round.
    private func renew(_ job: FillRequest) async -> FillOutcome {
        let distributedFill = distributedFill
        let result = await flights.outcome(
            of: job.identity,
            departuresBeforeLookup: .max,
            deadline: job.deadline,
            on: job.eventLoop,
            executor: job.executor
        ) { _ in
            await distributedFill.renew(job)
        }
        switch result.outcome {
        case .made(let made):
            // A handler's own 5xx.
            if made.isFailure {
                backoff.fail(job.key, .handler, of: job.plan)
            } else {
                if !result.isCollapsed { job.plan.metrics.renewals.increment() }
                // What could not be stored would be renewed again by the next who takes the stale one.
                if made.refusal == nil { backoff.end(job.key) } else { backoff.leave(job.key) }
            }
        case .found: backoff.end(job.key)
        case .elsewhere: backoff.leave(job.key)
        case .failed(_, .cancelled): break
        case .failed(let problem, let failure):
            if problem.isFailure { backoff.fail(job.key, failure, of: job.plan) } else { backoff.end(job.key) }
        case .deadlineExceeded:
            // It may have been that of a request with less time.
            if !result.isCollapsed { backoff.fail(job.key, .deadline, of: job.plan) }
        }
        return result.outcome
    }

    private func enter(_ key: CacheKey) -> Bool {
        underWay.withLock { $0.count < limit && $0.insert(key).inserted }
    }

    private func leave(_ key: CacheKey) {
        underWay.withLock { _ = $0.remove(key) }
    }
}
