import HTTPTypes
import Logging
import Metrics
import NIOCore
import RouteModel

/// An answer to be made.
struct FillRequest: Sendable {
    let plan: RoutePlan
    let values: InputValues
    /// The key of the answer, in its form without a coding.
    let key: CacheKey
    /// The names of the answer's tokens.
    let tokenNames: [TagVersionKey]
    /// The values they have; empty where the store could not say.
    let tokens: [TagVersion]
    /// The requests that share the work.
    var group: FlightID.Group = .all
    /// What the store had under the key, fresh or not, where it was asked.
    var previous: CacheEntry?
    /// The answer itself, where only the form that the client gets is missing.
    var otherForm: CacheEntry?
    /// Whether the answer may be stored.
    let mayStore: Bool
    let deadline: NIODeadline
    let eventLoop: any EventLoop

    /// Where the answer is made. A handler's place is said, too: a task that says none may be carried on by another one's thread
    /// behind an actor that both await.
    var executor: any TaskExecutor {
        plan.route.mayFillOnEventLoop ? EventLoopExecutor(eventLoop) : globalConcurrentExecutor
    }

    /// Returns the same job for a group of requests.
    func of(_ group: FlightID.Group) -> FillRequest {
        var job = self
        job.group = group
        return job
    }

    /// What tells this work from other work on the same route.
    var identity: FlightID { FlightID(key: key, tokens: tokens, group: group) }
}

/// An answer that was made.
struct MadeAnswer: Sendable {
    /// The answer, its body without a coding.
    var entry: CacheEntry
    /// Whether the store accepted it.
    var isStored = false
    /// The requests that it may answer, whether or not the store took it.
    var audience: ResponseReuseScope
    /// The audience to expect of the next response under its key; `nil` if this one tells nothing about that.
    var expectedAudience: ResponseReuseScope?
    /// The reason why the store did not take it, where it is one of the answer.
    var refusal: Miss.Reason?
    /// The form for clients that accept gzip, when it is ready; `nil`: there is no other form. The future does not fail.
    var gzip: EventLoopFuture<CacheEntry>?

    /// Indicates that the next response under its key may be stored, as far as this one tells.
    var mayBeStoredNext: Bool { expectedAudience == nil || expectedAudience == .everyone }
}

/// What became of a miss.
enum FillOutcome: Sendable {
    /// An answer was made.
    case made(MadeAnswer)
    /// An answer had come into the store since the request looked there: without a coding, and in the form for clients that
    /// accept gzip where there is one.
    case found(CacheEntry, gzip: EventLoopFuture<CacheEntry>?)
    /// Another process makes the answer, and this work did not wait for it.
    case elsewhere
    /// No answer.
    case failed(Problem, FillFailure)
    /// The time was up.
    case deadlineExceeded
}

/// Why there is no answer, as `Cache-Status` says it of the stale answer given instead.
enum FillFailure: String, Sendable, Hashable {
    case databaseAway = "database-away"
    case databaseBusy = "database-busy"
    case deadline = "deadline-exceeded"
    case handler = "handler-failed"
    case failed = "query-failed"
    case cancelled
}

/// Makes answers from the database or a handler, and has them kept.
struct OriginFetcher: Sendable {
    typealias Completion = SingleFlight<FillOutcome>.Completion

    let database: any RouteDatabase
    let store: any CacheStore
    let clock: WallClock
    let failures: DatabaseErrorResponder
    let compressor: Compressor
    /// Between 0 and 1, for the jitter.
    let draw: @Sendable () -> Double

    /// Hashing and copying of a longer body would hold up an event loop.
    private static let longestOnEventLoop = 64 * 1024

    /// Makes the response and passes it on, without a task where the database needs none.
    ///
    /// It has to be called on the job's event loop.
    ///
    /// - Parameters:
    ///   - job: the response to be made.
    ///   - completion: takes the result, once: on the job's event loop, unless the response is made or stored in a task.
    /// - Returns: the work, for its cancellation.
    func fill(_ job: FillRequest, completion: @escaping @Sendable (Completion) -> Void) -> CancellableWork {
        guard case .sql(let query) = job.plan.route.source, let database = database as? any CallbackDatabase,
            !(query.access == .read(.replica) && database is any ReplicatedDatabase)
        else {
            return CancellableWork(
                Task.detached(executorPreference: job.executor) { completion(await self.fill(job)) }
            )
        }
        let started = clock.now
        return database.read(query, job.values, deadline: job.deadline, on: job.eventLoop) { result in
            switch result {
            case .success(let answer):
                let answer = OriginResponse(statementAnswer: answer, of: job.plan.route)
                guard answer.body.readableBytes > Self.longestOnEventLoop else {
                    return completion(self.store(answer, madeFrom: started, job))
                }
                Task.detached(executorPreference: globalConcurrentExecutor) {
                    completion(self.store(answer, madeFrom: started, job))
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

    /// Makes the answer.
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
        return await Self.working(on: answer.body) { store(answer, madeFrom: started, job) }
    }

    /// Does what takes the longer the longer `body` is; off the event loop where it would hold that up.
    private static func working<Result: Sendable>(on body: ByteBuffer, _ work: () -> Result) async -> Result {
        guard body.readableBytes > longestOnEventLoop else { return work() }
        return await withTaskExecutorPreference(globalConcurrentExecutor) { work() }
    }

    private func store(_ answer: OriginResponse, madeFrom started: Int64, _ job: FillRequest) -> Completion {
        let now = clock.now
        let policy = StoragePolicy(plan: job.plan, now: now, draw: draw())
        let decision = policy.decide(answer, after: job.previous, madeIn: max(0, now - started), tokens: job.tokens)
        return store(decision, job)
    }

    private func ask(_ job: FillRequest) async throws -> OriginResponse {
        let route = job.plan.route
        switch route.source {
        case .sql(let query):
            let answer =
                if job.mayStore, query.access == .read(.replica), let database = database as? any ReplicatedDatabase {
                    try await database.answer(to: query, job.values, under: job.tokens, deadline: job.deadline)
                } else {
                    try await database.answer(to: query, job.values, deadline: job.deadline)
                }
            return OriginResponse(statementAnswer: answer, of: route)
        case .handler(let handler):
            do {
                return try OriginResponse(try await handler(job.values), of: route, at: clock.now)
            } catch let problem as HandlerError where HTTPResponse.Status.isNegative(problem.status) {
                return .notFound(Problem(problem))
            }
        }
    }

    private func fail(_ problem: Problem, _ failure: FillFailure, _ job: FillRequest) -> Completion {
        // It is known that there is no such answer any more for whoever asks.
        if !problem.isFailure { removeOlder(job) }
        return Completion(outcome: .failed(problem, failure))
    }

    /// An answer that is past its ttl would go on being given.
    private func removeOlder(_ job: FillRequest) {
        if job.mayStore, job.previous != nil { store.remove(job.key) }
    }

    private func store(_ decision: StoragePolicy.Decision, _ job: FillRequest) -> Completion {
        let entry = decision.entry
        let lifetime = decision.lifetime
        var made = MadeAnswer(entry: entry, audience: decision.audience)
        guard job.mayStore, decision.audience == .everyone else {
            if decision.replacesOlder {
                made.expectedAudience = decision.audience
                removeOlder(job)
            }
            made.entry.forgetLastModified()
            return Completion(outcome: .made(made))
        }
        made.expectedAudience = .everyone
        let hasVariants = job.plan.cache?.hasVariants ?? false
        let isCoded = hasVariants && decision.mayBeCoded && isWorthCoding(entry)
        // Who accepts gzip is to look in one place only: the body as it is, where it is not worth compressing.
        let variants: [CacheKey.Variant] = hasVariants && !isCoded ? [.identity, .gzip] : [.identity]
        let put = store.put(entry, under: job.key, as: variants, tokens: job.tokenNames, for: lifetime)
        guard !put.isRefused else {
            made.refusal = put.reason
            made.entry.forgetLastModified()
            guard put.reason != nil else { return Completion(outcome: .made(made)) }
            // No other process will find it either, so that none has to wait for this one.
            made.expectedAudience = .waiters
            // Its coded form is shorter, and may be read in time.
            guard isCoded else { return Completion(outcome: .made(made)) }
            let variant = compress(made.entry, for: lifetime, job)
            made.gzip = variant.entry
            return Completion(outcome: .made(made), settled: variant.settled)
        }
        job.plan.metrics.stored.increment()
        made.isStored = true
        var settled = put.settled
        if isCoded {
            let variant = compress(entry, for: lifetime, job)
            made.gzip = variant.entry
            settled = settled.map { $0.and(variant.settled).map { _ in } } ?? variant.settled
        }
        return Completion(outcome: .made(made), settled: settled)
    }

    private func isWorthCoding(_ entry: CacheEntry) -> Bool { entry.body.readableBytes >= Compressor.smallestBody }

    /// Keeps the form for clients that accept gzip, which was lost.
    func restoreVariant(
        of entry: CacheEntry,
        for lifetime: Int64,
        _ job: FillRequest
    ) async -> (entry: EventLoopFuture<CacheEntry>?, settled: EventLoopFuture<Void>?) {
        guard isWorthCoding(entry), !HandlerCacheControl(entry.fields, now: entry.storedAt).forbidsTransformation else {
            return await Self.working(on: entry.body) {
                (nil, store.put(entry, under: job.key, as: [.gzip], tokens: [], for: lifetime).settled)
            }
        }
        // Where too much is being compressed, the entry is copied here.
        let variant = await Self.working(on: entry.body) { compress(entry, for: lifetime, job) }
        return (variant.entry, variant.settled)
    }

    /// Keeps the form for clients that accept gzip: the body as it is, where compressing it does not pay.
    private func compress(
        _ entry: CacheEntry,
        for lifetime: Int64,
        _ job: FillRequest
    ) -> (entry: EventLoopFuture<CacheEntry>, settled: EventLoopFuture<Void>) {
        let ready = job.eventLoop.makePromise(of: CacheEntry.self)
        let kept = job.eventLoop.makePromise(of: Void.self)
        // Where it was compressed: it is hashed and copied, too.
        compressor.compress(entry.body) { [store] body in
            let variant = body.map { entry.coded(.gzip, $0) } ?? entry
            ready.succeed(variant)
            // Its tokens have been seen to with the other form.
            let put = store.put(variant, under: job.key, as: [.gzip], tokens: [], for: lifetime)
            guard let settled = put.settled else { return kept.succeed() }
            settled.cascade(to: kept)
        }
        return (ready.futureResult, kept.futureResult)
    }

    /// Too late: for this request, or only by a tighter limit that the database or the handler has.
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
    /// The response of a route whose statement has this result.
    fileprivate init(statementAnswer answer: DatabaseAnswer, of route: RouteDefinition) {
        if answer.body == nil && route.returns != .none {
            self = .notFound(.notFound, isCurrent: answer.isCurrent)
        } else {
            self.init(answer, of: route)
        }
    }
}
