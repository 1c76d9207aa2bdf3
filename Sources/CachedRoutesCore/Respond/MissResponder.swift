import HTTPTypes
import Metrics
import NIOCore
import RouteModel
import Synchronization

/// Responds to requests for which the store has no response.
final class MissResponder: Sendable {
    private typealias WaiterResult = SingleFlight<FillOutcome>.WaiterResult

    private let lookups: LookupEvaluator
    private let clock: WallClock
    private let flights: SingleFlight<FillOutcome>
    private let distributedFill: DistributedFiller
    private let backoff: RefreshBackoff
    private let hitForMiss: HitForMissRegister
    private let epochs = EpochCoalescer()
    /// The number of flights that are for a single request.
    private let singles = Atomic<UInt64>(0)

    init(
        lookups: LookupEvaluator,
        clock: WallClock,
        flights: SingleFlight<FillOutcome>,
        distributedFill: DistributedFiller,
        backoff: RefreshBackoff
    ) {
        self.lookups = lookups
        self.clock = clock
        self.flights = flights
        self.distributedFill = distributedFill
        self.backoff = backoff
        hitForMiss = HitForMissRegister(clock: clock)
    }

    /// Responds to a request by `deadline`.
    ///
    /// The work is done on the event loop. A calling task that runs there changes no thread.
    func answer(
        _ prepared: PreparedRequest,
        _ plan: RoutePlan,
        _ miss: Miss,
        deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> RouteResponse {
        let exchange = MissExchange(self, prepared, plan, miss, deadline: deadline, on: eventLoop)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let complete: @Sendable (RouteResponse) -> Void = { continuation.resume(returning: $0) }
                if eventLoop.inEventLoop {
                    exchange.start(completion: complete)
                } else {
                    eventLoop.execute { exchange.start(completion: complete) }
                }
            }
        } onCancel: {
            eventLoop.execute { exchange.cancel() }
        }
    }

    /// Responds to a request by `deadline`. It has to be called on the event loop, where `completion` is called.
    func answer(
        _ prepared: PreparedRequest,
        _ plan: RoutePlan,
        _ miss: Miss,
        deadline: NIODeadline,
        on eventLoop: any EventLoop,
        completion: @escaping @Sendable (RouteResponse) -> Void
    ) {
        MissExchange(self, prepared, plan, miss, deadline: deadline, on: eventLoop).start(completion: completion)
    }

    /// One request and the response in the making.
    ///
    /// It is `@unchecked Sendable` because it is used on one event loop only: ``start(completion:)`` and ``cancel()``
    /// check that they are called there, and all completions are called there, by their contracts.
    private final class MissExchange: @unchecked Sendable {
        private let responder: MissResponder
        private let prepared: PreparedRequest
        private let plan: RoutePlan
        private let deadline: NIODeadline
        private let eventLoop: any EventLoop
        private var miss: Miss
        private var sharing = WorkSharing.none
        private var completion: (@Sendable (RouteResponse) -> Void)?
        /// The place in the current flight.
        private var ticket: SingleFlight<FillOutcome>.Ticket?
        private var isCancelled = false
        /// Indicates that the response was made for another request.
        private var isCollapsed = false
        /// The number of times that a flight has been joined or has landed.
        private var step = 0

        init(
            _ responder: MissResponder,
            _ prepared: PreparedRequest,
            _ plan: RoutePlan,
            _ miss: Miss,
            deadline: NIODeadline,
            on eventLoop: any EventLoop
        ) {
            self.responder = responder
            self.prepared = prepared
            self.plan = plan
            self.miss = miss
            self.deadline = deadline
            self.eventLoop = eventLoop
        }

        private var fill: DistributedFiller { responder.distributedFill }

        /// Starts the work.
        func start(completion: @escaping @Sendable (RouteResponse) -> Void) {
            eventLoop.preconditionInEventLoop()
            self.completion = completion
            guard miss.forward == .uriMiss, case .unknown = miss.otherForm, plan.hasVariants else {
                return findTagVersions()
            }
            // Only this form of the response may be missing.
            responder.lookups.askForOther(prepared, by: deadline, on: eventLoop).whenComplete { self.otherFormRead($0) }
        }

        private func otherFormRead(_ reading: StoreLookupResult) {
            switch reading.content {
            case .found, .absent, .unreadable:
                let reading = StoreLookupResult(reading.content, tokens: miss.tokens, isOther: true)
                switch responder.lookups.evaluate(reading, prepared, plan, on: eventLoop) {
                case .hit(let hit):
                    return finish(ResponseBuilder.response(for: hit, of: plan, to: prepared.request))
                case .miss(let miss): self.miss = miss
                }
            // The response is made as after a lookup of one form only.
            case .unavailable, .refused, .untrusted: break
            }
            findTagVersions()
        }

        /// Ends the wait.
        func cancel() {
            eventLoop.preconditionInEventLoop()
            isCancelled = true
            if let ticket { responder.flights.leave(ticket) }
        }

        private func finish(_ response: RouteResponse) {
            completion.take()?(response)
        }

        private func findTagVersions() {
            var otherForm: CacheEntry?
            if case .reusable = miss.otherForm { otherForm = miss.previous }
            guard !prepared.directives.onlyIfCached || otherForm != nil else {
                return finish(responder.refusal(prepared, plan))
            }
            // A store that is unavailable is not waited for a second time.
            guard prepared.mayUseStore, miss.isStoreUsable else { return fly(nil, otherForm) }
            // They are read before the query starts, so that its result is no older than they are.
            if let tokens = fill.knownTokens(prepared.tokens, in: miss.tokens) { return fly(tokens, otherForm) }
            fill.tokens(prepared.tokens, in: miss.tokens, by: deadline, on: eventLoop) { self.fly($0, otherForm) }
        }

        private func fly(_ tokens: [TagVersion]?, _ otherForm: CacheEntry?) {
            let job = FillRequest(
                plan: plan,
                values: prepared.values,
                key: prepared.key,
                tokenNames: prepared.tokens,
                tokens: tokens ?? [],
                coding: prepared.coding,
                mayHaveOtherForm: miss.mayHaveOtherForm,
                previous: miss.previous,
                otherForm: otherForm,
                isOnlyIfCached: prepared.directives.onlyIfCached,
                mayStore: tokens != nil,
                deadline: deadline,
                eventLoop: eventLoop
            )
            sharing = WorkSharing(
                prepared.coalescing,
                hasTagVersions: job.mayStore,
                earlier: responder.hitForMiss.audience(of: job.key)
            )
            join(job)
        }

        private func join(_ job: FillRequest) {
            guard !isCancelled else {
                let outcome = responder.flights.cancelled
                return respond(WaiterResult(outcome: outcome, isCollapsed: false, isGivenUp: false), job)
            }
            let sharing = sharing
            step += 1
            let current = step
            let group: FlightID.Group =
                switch sharing {
                case _ where job.otherForm != nil: .form(storedAt: job.otherForm?.storedAt ?? 0)
                case .none: .single(responder.singles.add(1, ordering: .relaxed).newValue)
                case .epoch: .epoch(responder.epochs.number(for: job.key))
                case .process, .fleet: .all
                }
            ticket = nil
            let place = responder.flights.join(
                job.flight(of: group),
                departuresBeforeLookup: prepared.departures,
                deadline: deadline,
                // A form of a stored response is ready at once, as a hit is.
                client: job.otherForm == nil ? prepared.request.client : nil,
                on: eventLoop,
                isAcceptable: { responder.verdict(on: $0, job, prepared) == .take },
                work: { [fill, epochs = responder.epochs] mayBeStored, land in
                    guard case .epoch = sharing else {
                        return fill.fill(job, sharedIn: sharing, mayBeStored: mayBeStored, completion: land)
                    }
                    return epochs.run(job.key) { end in
                        CancellableWork(on: job.eventLoop) {
                            fill.fill(job, sharedIn: sharing, mayBeStored: mayBeStored) { completion in
                                end()
                                land(completion)
                            }
                        }
                    }
                },
                completion: { self.landed($0, job) }
            )
            // The flight may have landed within the call.
            guard let place, step == current else { return }
            ticket = place
            if isCancelled { responder.flights.leave(place) }
        }

        private func landed(_ result: WaiterResult, _ job: FillRequest) {
            step += 1
            ticket = nil
            if job.mayStore, !result.isCollapsed, case .made(let made) = result.outcome {
                responder.hitForMiss.note(job.key, made)
            }
            let verdict = responder.verdict(on: result.outcome, job, prepared)
            guard eventLoop.now < deadline, !isCancelled, prepared.request.client?.hasLeft != true else {
                // A response that another request must not share is not sent to it, however late it is.
                guard result.isCollapsed, verdict != .take else { return respond(result, job) }
                return respond(WaiterResult(outcome: .deadlineExceeded, isCollapsed: true, isGivenUp: false), job)
            }
            // The deadline was that of the request that started the flight; this one has time left.
            if result.isCollapsed && result.isGivenUp { return join(job) }
            switch verdict {
            case .take: respond(result, job)
            // A response that was made for this request is sent to it, however long it took.
            case .alone where !result.isCollapsed && result.outcome.isMade: respond(result, job)
            case _ where job.isOnlyIfCached: finish(responder.refusal(prepared, plan))
            case .again: join(job)
            // The response has become too old meanwhile.
            case .alone: joinAlone(job)
            }
        }

        /// Starts a flight for this request only.
        private func joinAlone(_ job: FillRequest) {
            sharing = .none
            join(job.withoutOtherForm())
        }

        // MARK: - Responses

        private func respond(_ result: WaiterResult, _ job: FillRequest) {
            isCollapsed = result.isCollapsed
            if isCollapsed { plan.metrics.collapsed.increment() }
            switch result.outcome {
            case .made(let made): respond(with: made)
            case .found(let forms): respond(with: forms, job)
            case .failed(let problem, let failure):
                guard problem.isFailure, failure != .cancelled, let stale = stale(after: failure) else {
                    return finish(response(for: problem))
                }
                finish(stale, or: problem)
            case .deadlineExceeded, .elsewhere:
                // The form was not made in time. Nothing is wrong with the origin.
                if let other = job.otherForm { return respond(with: ResponseForms(other), job) }
                // A statement reports that itself. A handler may not even notice.
                if case .handler = plan.route.source, !isCollapsed {
                    fill.fetcher.failures.handlerIsLate(plan)
                }
                guard let stale = stale(after: .deadline) else { return finish(response(for: .deadlineExceeded)) }
                finish(stale, or: .deadlineExceeded)
            }
        }

        /// Responds with a response that was made, in the form that the client gets.
        private func respond(with made: MadeAnswer) {
            if made.isFailure, let stale = stale(after: .handler) { return finish(stale, or: .deadlineExceeded) }
            if made.isStored { responder.backoff.end(prepared.key) }
            if miss.forward == .bypass {
                plan.metrics.bypasses.increment()
            } else {
                plan.metrics.misses.increment()
            }
            if let form = made.forms.readyForm(for: prepared.coding) { return finish(response(made, in: form.entry)) }
            made.forms.form(for: prepared.coding, by: deadline, on: eventLoop) { [self] form in
                guard let entry = form?.entry else { return finish(response(for: .deadlineExceeded)) }
                finish(response(made, in: entry))
            }
        }

        /// Responds with a stored response, in the form that the client gets, or without a coding if that form is not
        /// ready in time.
        private func respond(with forms: ResponseForms, _ job: FillRequest) {
            forms.form(for: prepared.coding, by: deadline, on: eventLoop) { [self] form in
                guard let entry = form?.entry, prepared.coding == .gzip || entry.coding == .identity else {
                    guard eventLoop.now < deadline else { return finish(response(for: .deadlineExceeded)) }
                    // It can't be decompressed.
                    return job.isOnlyIfCached ? finish(responder.refusal(prepared, plan)) : joinAlone(job)
                }
                var detail: String?
                if case .reusable(let failure) = miss.otherForm { detail = failure }
                let hit = Hit(entry: entry, now: responder.clock.now, detail: detail)
                finish(ResponseBuilder.response(for: hit, of: plan, to: prepared.request))
            }
        }

        /// Responds with a stale response in place of one that could not be made, or with a problem if the stale one
        /// can't be given the form that the client gets.
        private func finish(_ stale: Hit, or problem: Problem) {
            let forms = fill.fetcher.converter.forms(of: stale.entry, under: prepared.key, plan)
            // The deadline may have passed; the conversion takes little time.
            forms.form(for: prepared.coding, by: eventLoop.now + plan.timeout, on: eventLoop) { [self] form in
                guard let entry = form?.entry else { return finish(response(for: problem)) }
                let hit = Hit(entry: entry, now: stale.now, detail: stale.detail)
                finish(ResponseBuilder.response(for: hit, of: plan, to: prepared.request))
            }
        }

        private func response(_ made: MadeAnswer, in entry: CacheEntry) -> RouteResponse {
            let now = responder.clock.now
            return ResponseBuilder.response(
                for: entry,
                of: plan,
                to: prepared.request,
                status: status(
                    isStored: made.isStored,
                    otherwise: made.refusal ?? (isRefused(made) ? .storeRefused : nil)
                ),
                // A response that was made for another request, or came from another cache, has an age.
                reusedAt: entry.initialAge != nil || isCollapsed && entry.age(at: now) >= 1000 ? now : nil
            )
        }

        private func response(for problem: Problem) -> RouteResponse {
            plan.metrics.failures.increment()
            var response = problem.response(isHead: prepared.request.method == .head)
            response.headerFields[.cacheStatus] = status(isStored: false).fieldValue
            return response
        }

        /// - Parameter reason: the reason why the response is not stored, if the miss itself has none.
        private func status(isStored: Bool, otherwise reason: Miss.Reason? = nil) -> CacheStatus {
            CacheStatus(
                outcome: .forwarded(miss.forward, stored: isStored, collapsed: isCollapsed),
                detail: (miss.reason ?? reason)?.rawValue
            )
        }

        /// Indicates that the response is not stored only because the store refuses all entries.
        private func isRefused(_ made: MadeAnswer) -> Bool {
            !made.isStored && made.mayBeStoredNext && made.audience >= .waiters && prepared.mayUseStore
                && fill.store.isRefusing
        }

        /// Returns the last response, in place of one that could not be made (RFC 5861, 4). Its refreshing is then
        /// paused.
        private func stale(after failure: FillFailure) -> Hit? {
            let now = responder.clock.now
            guard let entry = miss.previous,
                StoredResponseReuse(now: now).mayReplaceFailure(entry, miss.tokens, prepared.directives)
            else { return nil }
            responder.backoff.fail(prepared.key, failure, of: plan)
            return Hit(entry: entry, now: now, detail: failure.rawValue)
        }
    }

    private enum Verdict {
        case take, again, alone
    }

    /// Decides if an outcome, which may be that of another request's work, is used for a request.
    private func verdict(on outcome: FillOutcome, _ job: FillRequest, _ prepared: PreparedRequest) -> Verdict {
        switch outcome {
        case .elsewhere: return .again
        case .made(let made):
            guard made.audience >= .waiters else { return .alone }
            // It may have landed long ago, and still wait for a slow store.
            return !made.isStored || isAcceptable(made.entry, prepared) ? .take : .alone
        // The entry was found by a flight with the same tag versions.
        case .found(let forms):
            // A response that was reusable when its form was asked for still is.
            return job.otherForm != nil || isAcceptable(forms.original, prepared) ? .take : .alone
        case .failed, .deadlineExceeded: return .take
        }
    }

    private func isAcceptable(_ entry: CacheEntry, _ prepared: PreparedRequest) -> Bool {
        StoredResponseReuse(now: clock.now).mayBeShared(entry, prepared.directives)
    }

    private func refusal(_ prepared: PreparedRequest, _ plan: RoutePlan) -> RouteResponse {
        plan.metrics.refused.increment()
        var response = Problem.notCached.response(isHead: prepared.request.method == .head)
        response.headerFields[.cacheStatus] = CacheStatus(outcome: .refused, detail: "only-if-cached").fieldValue
        return response
    }
}

extension MadeAnswer {
    /// Indicates that a handler reports a failure, in place of which a stale response may be sent (RFC 5861, 4).
    var isFailure: Bool { HTTPResponse.Status.isFailure(entry.status) }
}

extension FillOutcome {
    /// Indicates that a response was made.
    fileprivate var isMade: Bool { if case .made = self { true } else { false } }
}
