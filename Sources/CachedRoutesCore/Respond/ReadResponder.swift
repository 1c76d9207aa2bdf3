import HTTPTypes
import Logging
import Metrics
package import NIOCore
import RouteModel

/// Responds to requests of routes that read: inputs, key, lookup, and on a miss a flight.
///
/// The methods with a completion run on an event loop; ``respond(to:of:context:after:deadline:on:)`` is for callers with
/// a task.
final class ReadResponder: Sendable {
    private let preparation: RequestPreparation
    private let flights: SingleFlight<FillOutcome>
    private let lookups: LookupEvaluator
    private let misses: MissResponder

    init(
        store: any CacheStore,
        clock: WallClock,
        flights: SingleFlight<FillOutcome>,
        distributedFill: DistributedFiller,
        revalidator: BackgroundRevalidator,
        backoff: RefreshBackoff,
        logger: Logger
    ) {
        self.flights = flights
        preparation = RequestPreparation(logger: logger)
        lookups = LookupEvaluator(store: store, clock: clock, backoff: backoff, revalidator: revalidator)
        misses = MissResponder(
            lookups: lookups,
            clock: clock,
            flights: flights,
            distributedFill: distributedFill,
            backoff: backoff
        )
    }

    /// The number of requests that wait for a response that is being made.
    var waitingRequests: Int { flights.waiterCount }

    private func prepare(
        _ request: RouteRequest,
        _ plan: RoutePlan,
        context: some RouteContext
    ) throws(Problem) -> PreparedRequest {
        try preparation.prepare(request, plan, context: context, departures: flights.departures)
    }

    private func lookup(
        _ prepared: PreparedRequest,
        _ plan: RoutePlan,
        on eventLoop: any EventLoop
    ) async -> LookupEvaluator.Lookup {
        guard let reading = lookups.ask(prepared, plan, on: eventLoop) else {
            return .miss(Miss(withoutStore: prepared, plan))
        }
        return lookups.evaluate(await reading.get(), prepared, plan, on: eventLoop)
    }

    /// Responds to a request, within the route's timeout.
    ///
    /// - Parameter prior: the result of a lookup before the request reached its route.
    func respond(
        to request: RouteRequest,
        of plan: RoutePlan,
        context: some RouteContext,
        after prior: EarlyLookupResult? = nil,
        deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> RouteResponse {
        var prepared: PreparedRequest
        do {
            prepared = try prepare(request, plan, context: context)
        } catch {
            plan.metrics.refused.increment()
            return error.response(isHead: request.method == .head)
        }
        let lookup: LookupEvaluator.Lookup
        if case .miss(let asked, let miss) = prior?.outcome, asked.asksLike(prepared) {
            prepared = prepared.looked(after: asked.departures)
            lookup = .miss(miss)
        } else {
            lookup = await self.lookup(prepared, plan, on: eventLoop)
        }
        switch lookup {
        case .hit(let hit): return ResponseBuilder.response(for: hit, of: plan, to: request)
        case .miss(let miss): return await misses.answer(prepared, plan, miss, deadline: deadline, on: eventLoop)
        }
    }

    /// Responds to a request, see ``RouteEngine/respond(to:of:context:deadline:on:completion:)``.
    func respond(
        to request: RouteRequest,
        of plan: RoutePlan,
        context: some RouteContext,
        deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping @Sendable (RouteResponse) -> Void
    ) {
        let prepared: PreparedRequest
        do throws(Problem) {
            prepared = try prepare(request, plan, context: context)
        } catch {
            plan.metrics.refused.increment()
            return completion(error.response(isHead: request.method == .head))
        }
        let respond: @Sendable (LookupEvaluator.Lookup) -> Void = { [misses] lookup in
            switch lookup {
            case .hit(let hit): completion(ResponseBuilder.response(for: hit, of: plan, to: request))
            case .miss(let miss):
                misses.answer(prepared, plan, miss, deadline: deadline, on: eventLoop, completion: completion)
            }
        }
        guard let reading = lookups.ask(prepared, plan, on: eventLoop) else {
            return respond(.miss(Miss(withoutStore: prepared, plan)))
        }
        reading.whenComplete { [lookups] in respond(lookups.evaluate($0, prepared, plan, on: eventLoop)) }
    }

    /// Makes the response to a request after a miss, see ``RouteEngine/respond(after:deadline:on:completion:)``.
    func respond(
        after miss: EarlyLookupResult,
        deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping @Sendable (RouteResponse) -> Void
    ) {
        guard case .miss(let prepared, let reason) = miss.outcome else {
            preconditionFailure("the lookup was no miss")
        }
        misses.answer(prepared, miss.plan, reason, deadline: deadline, on: eventLoop, completion: completion)
    }

    /// Looks up the response to a request before the request reaches its route. Only hits are sent: everything else is
    /// left to ``respond(to:of:context:after:deadline:on:)``, which takes the result over.
    func readyLookup(_ request: RouteRequest, _ plan: RoutePlan, on eventLoop: any EventLoop)
        -> EarlyLookupResultOrFuture
    {
        guard let prepared = try? prepare(request, plan, context: NoContext()),
            let reading = lookups.ask(prepared, plan, on: eventLoop)
        else { return .ready(EarlyLookupResult(outcome: .none, plan: plan, request: request)) }
        switch reading {
        case .ready(let reading): return .ready(readyLookup(prepared, plan, reading, on: eventLoop))
        case .pending(let future):
            return .pending(future, EarlyLookupResult.Request(responder: self, prepared: prepared, plan: plan))
        }
    }

    /// Returns the result of a lookup, once the store has replied.
    fileprivate func readyLookup(
        _ prepared: PreparedRequest,
        _ plan: RoutePlan,
        _ reading: StoreLookupResult,
        on eventLoop: any EventLoop
    ) -> EarlyLookupResult {
        let outcome: EarlyLookupResult.Outcome
        switch lookups.evaluate(reading, prepared, plan, on: eventLoop) {
        case .hit(let hit) where ReadPreconditions.fail(prepared.request.headerFields, for: hit.entry):
            // The route responds with a problem document.
            outcome = .none
        case .hit(let hit):
            hit.count(plan.metrics)
            outcome = .hit(hit)
        case .miss(let miss): outcome = .miss(prepared, miss)
        }
        return EarlyLookupResult(outcome: outcome, plan: plan, request: prepared.request)
    }
}

extension EarlyLookupResult {
    /// A request whose lookup is pending.
    package struct Request: Sendable {
        fileprivate let responder: ReadResponder
        fileprivate let prepared: PreparedRequest
        fileprivate let plan: RoutePlan

        /// Returns the result of the lookup, once the store has replied.
        package func lookup(_ reading: StoreLookupResult, on eventLoop: any EventLoop) -> EarlyLookupResult {
            responder.readyLookup(prepared, plan, reading, on: eventLoop)
        }
    }
}

extension Miss {
    /// The miss of a request that may not use the store.
    init(withoutStore prepared: PreparedRequest, _ plan: RoutePlan) {
        if plan.cache == nil {
            self.init(forward: .bypass)
        } else if prepared.cache == nil {
            self.init(forward: .bypass, reason: .authorization)
        } else {
            self.init(forward: .request)
        }
    }
}
