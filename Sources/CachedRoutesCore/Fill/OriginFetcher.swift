import HTTPTypes
import Logging
import Metrics
import NIOCore
import RouteModel

/// A response to be made.
///
/// It is an object because each step of a miss passes it on.
final class FillRequest: Sendable {
    let plan: RoutePlan
    let values: InputValues
    /// The key of the response, in its form without a coding.
    let key: CacheKey
    /// The keys of the response's tag versions.
    let tokenNames: [TagVersionKey]
    /// The current tag versions; empty if the store could not tell.
    let tokens: [TagVersion]
    /// The form that the client gets, in which the response is stored.
    let coding: ContentCoding
    /// Indicates that the store may have a response in the other form, which the new one replaces as well.
    let mayHaveOtherForm: Bool
    /// The stored response, fresh or stale, if the store was asked.
    let previous: CacheEntry?
    /// The stored response, if only the form that the client gets is missing.
    let otherForm: CacheEntry?
    /// Indicates that the client accepts stored responses only.
    let isOnlyIfCached: Bool
    /// Indicates that the response may be stored.
    let mayStore: Bool
    let deadline: NIODeadline
    let eventLoop: any EventLoop

    init(
        plan: RoutePlan,
        values: InputValues,
        key: CacheKey,
        tokenNames: [TagVersionKey],
        tokens: [TagVersion],
        coding: ContentCoding = .identity,
        mayHaveOtherForm: Bool = true,
        previous: CacheEntry? = nil,
        otherForm: CacheEntry? = nil,
        isOnlyIfCached: Bool = false,
        mayStore: Bool,
        deadline: NIODeadline,
        eventLoop: any EventLoop
    ) {
        self.plan = plan
        self.values = values
        self.key = key
        self.tokenNames = tokenNames
        self.tokens = tokens
        self.coding = coding
        self.mayHaveOtherForm = mayHaveOtherForm
        self.previous = previous
        self.otherForm = otherForm
        self.isOnlyIfCached = isOnlyIfCached
        self.mayStore = mayStore
        self.deadline = deadline
        self.eventLoop = eventLoop
    }

    /// The executor that makes the response. It is named for handlers too: a task without a preference may be resumed
    /// on the thread of another task, behind an actor that both await.
    var executor: any TaskExecutor {
        plan.route.mayFillOnEventLoop ? EventLoopExecutor(eventLoop) : globalConcurrentExecutor
    }

    /// Returns the same request without the stored response in the other form.
    func withoutOtherForm() -> FillRequest {
        FillRequest(
            plan: plan,
            values: values,
            key: key,
            tokenNames: tokenNames,
            tokens: tokens,
            coding: coding,
            mayHaveOtherForm: mayHaveOtherForm,
            previous: previous,
            isOnlyIfCached: isOnlyIfCached,
            mayStore: mayStore,
            deadline: deadline,
            eventLoop: eventLoop
        )
    }

    /// Returns the identity of the flight in which a group of requests makes the response.
    func flight(of group: FlightID.Group) -> FlightID { FlightID(key: key, tokens: tokens, group: group) }
}

/// A response that was made.
struct MadeAnswer: Sendable {
    /// The forms of the response.
    var forms: ResponseForms
    /// Indicates that the store accepted it.
    var isStored = false
    /// The requests that it may answer, whether or not the store took it.
    var audience: ResponseReuseScope
    /// The audience to expect of the next response under its key; `nil` if this one tells nothing about that.
    var expectedAudience: ResponseReuseScope?
    /// The reason why the store refused it, if it lies in the response.
    var refusal: Miss.Reason?

    /// The response in the form in which it is available.
    var entry: CacheEntry { forms.original }

    /// Indicates that the next response under its key may be stored, as far as this one tells.
    var mayBeStoredNext: Bool { expectedAudience == nil || expectedAudience == .everyone }
}

/// The outcome of a miss.
enum FillOutcome: Sendable {
    /// The response was made.
    case made(MadeAnswer)
    /// The store has a response: it was stored after the request's lookup, or only in the form that the client does not
    /// get.
    case found(ResponseForms)
    /// There is no response from this process: another one makes it and this work did not wait for that, or the client
    /// accepts stored responses only and the stored one can't be converted.
    case elsewhere
    /// The response could not be made.
    case failed(Problem, FillFailure)
    /// The deadline has passed.
    case deadlineExceeded
}

/// The reason why a response could not be made, sent as the `detail` of `Cache-Status` with the stale response that is
/// reused instead.
package enum FillFailure: String, Sendable, Hashable {
    case databaseAway = "database-away"
    case databaseBusy = "database-busy"
    case deadline = "deadline-exceeded"
    case handler = "handler-failed"
    case failed = "query-failed"
    case cancelled
}

/// Makes responses from the database or a handler, and has them stored.
final class OriginFetcher: Sendable {
    typealias Completion = SingleFlight<FillOutcome>.Completion

    private let database: any RouteDatabase
    /// The database, if it runs statements without tasks. The cast is made once, because it takes longer than sending a
    /// statement.
    private let callbackDatabase: (any CallbackDatabase)?
    private let replicatedDatabase: (any ReplicatedDatabase)?
    let store: any CacheStore
    let clock: WallClock
    let failures: DatabaseErrorResponder
    let converter: FormConverter
    /// Returns a number between 0 and 1, for the jitter.
    private let draw: @Sendable () -> Double

    init(
        database: any RouteDatabase,
        store: any CacheStore,
        clock: WallClock,
        failures: DatabaseErrorResponder,
        converter: FormConverter,
        draw: @escaping @Sendable () -> Double
    ) {
        self.database = database
        callbackDatabase = database as? any CallbackDatabase
        replicatedDatabase = database as? any ReplicatedDatabase
        self.store = store
        self.clock = clock
        self.failures = failures
        self.converter = converter
        self.draw = draw
    }

    /// Makes the response and passes it on, without a task if the database needs none.
    ///
    /// It has to be called on the job's event loop.
    ///
    /// - Parameters:
    ///   - job: the response to be made.
    ///   - completion: takes the result, once: on the job's event loop, unless the response is made or stored elsewhere.
    /// - Returns: the work, for its cancellation.
    func fill(_ job: FillRequest, completion: @escaping @Sendable (Completion) -> Void) -> CancellableWork {
        guard case .sql(let query) = job.plan.route.source, let database = callbackDatabase,
            !(query.access == .read(.replica) && replicatedDatabase != nil)
        else {
            return CancellableWork(
                Task.detached(executorPreference: job.executor) { completion(await self.fill(job)) }
            )
        }
        let started = clock.now
        return database.read(query, job.values, deadline: job.deadline, on: job.eventLoop) { result in
            switch result {
            case .success(let answer):
                let answer = OriginResponse(statementAnswer: answer, of: job.plan)
                guard answer.body.readableBytes > BodyCompressionPool.longestCopied else {
                    return self.store(answer, madeFrom: started, job, completion: completion)
                }
                Task.detached(executorPreference: globalConcurrentExecutor) {
                    self.store(answer, madeFrom: started, job, completion: completion)
                }
            case .failure(let error): completion(self.failed(error, job))
            }
        }
    }

    /// Returns the result for a statement that has failed.
    private func failed(_ error: RouteDatabaseError, _ job: FillRequest) -> Completion {
        let problem = failures.problem(for: error, job.plan, isLate: job.eventLoop.now >= job.deadline)
        return problem == .deadlineExceeded ? Self.late(job) : fail(problem, FillFailure(error.code), job)
    }

    /// Makes the response.
    func fill(_ job: FillRequest) async -> Completion {
        let started = clock.now
        let answer: OriginResponse
        do {
            answer = try await ask(job)
        } catch let error as RouteDatabaseError {
            return failed(error, job)
        } catch is CancellationError {
            return Self.late(job)
        } catch {
            return fail(failures.problem(forHandler: error, job.plan), .handler, job)
        }
        guard answer.body.readableBytes > BodyCompressionPool.longestCopied else {
            return await store(answer, madeFrom: started, job)
        }
        return await withTaskExecutorPreference(globalConcurrentExecutor) {
            await store(answer, madeFrom: started, job)
        }
    }

    private func store(_ answer: OriginResponse, madeFrom started: Int64, _ job: FillRequest) async -> Completion {
        await withCheckedContinuation { continuation in
            store(answer, madeFrom: started, job) { continuation.resume(returning: $0) }
        }
    }

    private func store(
        _ answer: OriginResponse,
        madeFrom started: Int64,
        _ job: FillRequest,
        completion: @escaping @Sendable (Completion) -> Void
    ) {
        let now = clock.now
        let policy = StoragePolicy(plan: job.plan, now: now, draw: draw())
        let decision = policy.decide(answer, after: job.previous, madeIn: max(0, now - started), tokens: job.tokens)
        store(decision, job, completion: completion)
    }

    private func ask(_ job: FillRequest) async throws -> OriginResponse {
        switch job.plan.route.source {
        case .sql(let query):
            let answer =
                if job.mayStore, query.access == .read(.replica), let database = replicatedDatabase {
                    try await database.answer(to: query, job.values, under: job.tokens, deadline: job.deadline)
                } else {
                    try await database.answer(to: query, job.values, deadline: job.deadline)
                }
            return OriginResponse(statementAnswer: answer, of: job.plan)
        case .handler(let handler):
            do {
                return try OriginResponse(try await handler(job.values), of: job.plan.route, at: clock.now)
            } catch let problem as HandlerError where HTTPResponse.Status.isNegative(problem.status) {
                return .notFound(Problem(problem))
            }
        }
    }

    private func fail(_ problem: Problem, _ failure: FillFailure, _ job: FillRequest) -> Completion {
        // The origin no longer has this response for any request.
        if !problem.isFailure { removeOlder(job) }
        return Completion(outcome: .failed(problem, failure))
    }

    /// Removes the stored response, which could otherwise be reused while stale.
    private func removeOlder(_ job: FillRequest) {
        if job.mayStore, job.previous != nil { store.remove(job.key) }
    }

    /// Stores a response in the form that the client gets, and passes it on.
    private func store(
        _ decision: StoragePolicy.Decision,
        _ job: FillRequest,
        completion: @escaping @Sendable (Completion) -> Void
    ) {
        var entry = decision.entry
        guard job.mayStore, decision.audience == .everyone else {
            var made = MadeAnswer(forms: Self.unstored(entry), audience: decision.audience)
            if decision.replacesOlder {
                made.expectedAudience = decision.audience
                removeOlder(job)
            }
            return completion(Completion(outcome: .made(made)))
        }
        let hasVariants = job.plan.hasVariants
        if hasVariants, !decision.mayBeCoded, entry.hasOtherForm { entry = entry.asOnlyForm() }
        let lifetime = decision.lifetime
        let plain = entry
        guard hasVariants, plain.hasOtherForm, job.coding == .gzip else {
            let put = put(plain, for: lifetime, job)
            guard put.isRefused else {
                return completion(self.completion(put, converter.forms(of: plain, under: job.key, job.plan), job))
            }
            guard case .tooLong = put, hasVariants, plain.hasOtherForm else {
                return completion(self.completion(put, Self.unstored(plain), job))
            }
            return storeShorterForm(of: plain, for: lifetime, job, completion: completion)
        }
        converter.compress(plain) { [self] form in
            guard form.coding == .gzip else {
                // It can't be compressed, or not now: clients get it as it is.
                let put = put(form, for: lifetime, job)
                let forms = put.isRefused ? Self.unstored(form) : ResponseForms(form)
                return completion(self.completion(put, forms, job))
            }
            let put = put(form, for: lifetime, job)
            let forms =
                put.isRefused
                ? Self.unstored(form, plain) : converter.forms(stored: form, other: plain, under: job.key)
            completion(self.completion(put, forms, job))
        }
    }

    /// Stores the gzip form of a response that is too long to be read in time, and passes the response on.
    private func storeShorterForm(
        of entry: CacheEntry,
        for lifetime: Int64,
        _ job: FillRequest,
        completion: @escaping @Sendable (Completion) -> Void
    ) {
        converter.compress(entry) { form in
            guard form.coding == .gzip else {
                return completion(self.completion(.tooLong, Self.unstored(entry), job))
            }
            let put = self.put(form, for: lifetime, job)
            let forms =
                put.isRefused
                ? Self.unstored(entry, form)
                : ResponseForms(entry) { $0.makeSucceededFuture(ResponseForms.Form(entry: form)) }
            completion(self.completion(put, forms, job))
        }
    }

    /// Returns the forms of a response that is not stored, without `Last-Modified`: the date is meaningful for stored
    /// ones only.
    private static func unstored(_ entry: CacheEntry, _ other: CacheEntry? = nil) -> ResponseForms {
        var entry = entry
        entry.forgetLastModified()
        guard var other else { return ResponseForms(entry) }
        other.forgetLastModified()
        return ResponseForms(entry) { [other] in $0.makeSucceededFuture(ResponseForms.Form(entry: other)) }
    }

    private func put(_ entry: CacheEntry, for lifetime: Int64, _ job: FillRequest) -> PutResult {
        let hasOther = job.mayHaveOtherForm && job.plan.hasVariants
        return store.put(
            entry,
            under: job.key.form(entry.coding),
            tokens: job.tokenNames,
            for: lifetime,
            hasOther ? .replaceBoth : .replace
        )
    }

    /// Returns the result for a response that may answer any request, after the store has accepted or refused it.
    private func completion(_ put: PutResult, _ forms: ResponseForms, _ job: FillRequest) -> Completion {
        var made = MadeAnswer(forms: forms, audience: .everyone)
        made.expectedAudience = .everyone
        guard put.isRefused else {
            job.plan.metrics.stored.increment()
            made.isStored = true
            return Completion(outcome: .made(made), settled: put.settled)
        }
        made.refusal = put.reason
        // Other processes will not find it in the store, so they should not wait for this one.
        if put.reason != nil { made.expectedAudience = .waiters }
        return Completion(outcome: .made(made))
    }

    /// Returns the result after a deadline: the job's, or only an earlier one of the database or the handler.
    private static func late(_ job: FillRequest) -> Completion {
        Completion(outcome: .deadlineExceeded, isGivenUp: job.eventLoop.now >= job.deadline)
    }
}

extension FillFailure {
    init(_ code: RouteDatabaseError.Code) {
        self =
            switch code.kind {
            case .unavailable: .databaseAway
            case .overloaded, .contended: .databaseBusy
            case .deadlineExceeded: .deadline
            case .cancelled: .cancelled
            case .outcomeUnknown, .preconditionFailed, .badValue, .conflict, .forbidden, .refused, .failed: .failed
            }
    }
}

extension OriginResponse {
    /// Makes the response of a route from the result of its statement.
    ///
    /// - Parameters:
    ///   - answer: the result.
    ///   - plan: the route, which is not passed on as a definition: that would be copied.
    fileprivate init(statementAnswer answer: DatabaseAnswer, of plan: RoutePlan) {
        if answer.body == nil && plan.route.returns != .none {
            self = .notFound(.notFound, isCurrent: answer.isCurrent)
        } else {
            self.init(answer, status: plan.route.status.code)
        }
    }
}
