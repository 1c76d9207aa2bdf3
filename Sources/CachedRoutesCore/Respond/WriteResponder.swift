import HTTPTypes
import Logging
import Metrics
import NIOCore
import RouteModel

/// Responds to requests of routes that write: inputs, the statement or the handler, the follow-ups of a commit, then
/// the response.
///
/// No response is stored or shared, and a write goes on after its client has disconnected: a commit has to be followed
/// up.
final class WriteResponder: Sendable {
    private let database: any RouteDatabase
    private let validator: RequestValidator
    private let conditions: ConditionReader
    private let failures: DatabaseErrorResponder
    private let followUps: [any CommitFollowUp]

    init(database: any RouteDatabase, followUps: [any CommitFollowUp], failures: DatabaseErrorResponder, logger: Logger)
    {
        self.database = database
        self.followUps = followUps
        validator = RequestValidator(logger: logger)
        conditions = ConditionReader(validator: validator)
        self.failures = failures
    }

    private struct Outcome: Sendable {
        enum Kind: Sendable {
            case answer(OriginResponse)
            case failed(Problem)
        }

        let kind: Kind
        var purge = PurgeOutcome.done
    }

    /// Responds to a request, by `deadline` and the time that follow-ups take.
    func respond(
        to request: RouteRequest,
        of plan: RoutePlan,
        context: some RouteContext,
        deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> RouteResponse {
        let values: InputValues
        let condition: WriteCondition?
        do throws(Problem) {
            values = try validator.values(of: request, plan, context: context)
            condition = try conditions.condition(of: request, plan, values)
        } catch {
            plan.metrics.refused.increment()
            return error.response()
        }
        let outcome: Outcome
        switch plan.route.source {
        case .sql(let query):
            // Not a child of the caller's task, which is cancelled when the client disconnects.
            outcome = await Task.detached { await self.run(query, values, condition, plan, deadline) }.value
        case .handler(let handler):
            outcome = await run(handler, values, plan, deadline, on: eventLoop)
        }
        plan.metrics.writes.increment()
        return response(outcome, plan)
    }

    private func run(
        _ query: SQLStatement,
        _ values: InputValues,
        _ condition: WriteCondition?,
        _ plan: RoutePlan,
        _ deadline: NIODeadline
    ) async -> Outcome {
        do throws(RouteDatabaseError) {
            let answer =
                if let condition {
                    try await database.answer(to: query, values, under: condition, deadline: deadline)
                } else {
                    try await database.answer(to: query, values, deadline: deadline)
                }
            let purge = await followUp(plan, values, .certain)
            if answer.body == nil && plan.route.returns != .none {
                return Outcome(kind: .failed(.notFound), purge: purge)
            }
            return Outcome(kind: .answer(OriginResponse(answer, status: plan.route.status.code)), purge: purge)
        } catch {
            var purge = PurgeOutcome.done
            if condition != nil, error.code == .preconditionFailed, plan.write?.targets.isEmpty == false {
                // A client that got the outdated response from the store would get it again, and be refused again.
                purge = await followUp { await $0.refused(plan, values) }
            } else if error.code == .outcomeUnknown {
                purge = await followUp(plan, values, .possible)
                // Its effects may become visible only later, after the follow-ups that have just been made.
                if let commitIsOver = error.commitIsOver {
                    Task.detached {
                        await commitIsOver()
                        _ = await self.followUp(plan, values, .possible)
                    }
                }
            }
            return Outcome(kind: .failed(failures.problem(for: error, plan)), purge: purge)
        }
    }

    /// Runs a handler until the deadline. A handler that goes on may still write, and is followed up once more when it
    /// ends.
    private func run(
        _ handler: @escaping RouteDefinition.Handler,
        _ values: InputValues,
        _ plan: RoutePlan,
        _ deadline: NIODeadline,
        on eventLoop: any EventLoop
    ) async -> Outcome {
        let ended = eventLoop.makePromise(of: Outcome?.self)
        let work = Task.detached { [self] in
            var purge = PurgeOutcome.done
            let kind: Outcome.Kind
            do {
                let answer = try await handler(values)
                purge = await followUp(plan, values, .certain)
                kind = .answer(try OriginResponse(answer, ofWrite: plan.route))
            } catch {
                if !(error is HandlerResponse.ValidationError) { purge = await followUp(plan, values, .possible) }
                kind = .failed(failures.problem(forHandler: error, plan))
            }
            ended.succeed(Outcome(kind: kind, purge: purge))
        }
        let timer = eventLoop.scheduleTask(deadline: deadline) { ended.succeed(nil) }
        let outcome = (try? await ended.futureResult.get()).flatMap { $0 }
        timer.cancel()
        if let outcome { return outcome }
        work.cancel()
        failures.handlerIsLate(plan)
        let purge = await followUp(plan, values, .possible)
        return Outcome(kind: .failed(.outcomeUnknown), purge: purge)
    }

    private func followUp(
        _ plan: RoutePlan,
        _ values: InputValues,
        _ certainty: CommitCertainty
    ) async -> PurgeOutcome {
        await followUp { await $0.committed(plan, with: values, certainty: certainty) }
    }

    private func followUp(by step: (any CommitFollowUp) async -> PurgeOutcome) async -> PurgeOutcome {
        var outcome = PurgeOutcome.done
        for followUp in followUps where await step(followUp) == .queued { outcome = .queued }
        return outcome
    }

    private func response(_ outcome: Outcome, _ plan: RoutePlan) -> RouteResponse {
        let status = CacheStatus(outcome: .forwarded(.method, stored: false, collapsed: false)).fieldValue
        var response: RouteResponse
        switch outcome.kind {
        case .answer(let answer):
            response = RouteResponse(
                status: HTTPResponse.Status(code: answer.status),
                headerFields: answer.fields,
                body: answer.body
            )
            if !answer.contentType.isEmpty { response.headerFields[.contentType] = answer.contentType }
            if answer.status != 204 { response.headerFields[.contentLength] = String(answer.body.readableBytes) }
        case .failed(let problem):
            plan.metrics.failures.increment()
            response = problem.response()
        }
        response.headerFields[.cacheControl] = "no-store"
        response.headerFields[.cacheStatus] = status
        if outcome.purge == .queued { response.headerFields[.cachedRoutesPurge] = "queued" }
        return response
    }
}
