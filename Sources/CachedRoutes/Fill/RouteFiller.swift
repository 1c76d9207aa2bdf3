import HTTPTypes
import Logging
import Metrics
import NIOCore
import RouteModel

/// What became of a miss.
enum FillOutcome: Sendable {
    /// An answer, and whether the store accepted it.
    case answer(CacheEntry, isStored: Bool)
    /// An answer that had come into the store since the request looked there.
    case found(CacheEntry)
    /// There is nothing for these inputs: 404.
    case nothing
    /// No answer.
    case failed(Problem)
    /// The time was up.
    case deadlineExceeded
}

/// Makes answers from the database or a handler, and has them kept.
struct RouteFiller: Sendable {
    typealias Landing = FlightControl<FillOutcome>.Landing

    let database: any Database
    let store: any CacheStore
    let clock: WallClock
    let failures: FailureAnswers

    /// Makes the answer for `values`.
    ///
    /// - Parameter mayStore: whether the answer may be kept under `key`.
    func fill(
        _ plan: RoutePlan,
        _ values: InputValues,
        key: CacheKey,
        tokens: [Token],
        mayStore: Bool,
        deadline: NIODeadline
    ) async -> Landing {
        let started = clock.now
        let body: ByteBuffer
        let contentType: String
        var mayStore = mayStore
        do {
            switch plan.route.source {
            case .sql(let query):
                let answer = try await database.answer(to: query, values, deadline: deadline)
                if answer.body == nil && plan.route.returns != .none { return Landing(outcome: .nothing) }
                body = answer.body ?? ByteBuffer()
                contentType = answer.body == nil ? "" : "application/json"
                mayStore = mayStore && answer.isCurrent
            case .handler(let handler):
                let answer = try await handler(values).checked()
                body = answer.body
                contentType = answer.contentType
            }
        } catch let failure as DatabaseFailure {
            let problem = failures.problem(for: failure, plan)
            return problem == .deadlineExceeded ? Self.late(deadline) : Landing(outcome: .failed(problem))
        } catch is CancellationError {
            return Self.late(deadline)
        } catch {
            return Landing(outcome: .failed(failures.problem(forHandler: error, plan)))
        }
        let now = clock.now
        let entry = CacheEntry(
            status: plan.route.status.code,
            storedAt: now,
            ttl: plan.ttl,
            entityTag: contentType.isEmpty ? "" : EntityTag.opaque(for: body),
            contentType: contentType,
            madeIn: max(0, now - started),
            tokens: tokens,
            body: body
        )
        guard mayStore, body.readableBytes <= plan.cache?.maxBody ?? 0 else {
            return Landing(outcome: .answer(entry, isStored: false))
        }
        switch store.keep(entry, under: key, for: plan.lifetime) {
        case .done:
            plan.metrics.stored.increment()
            return Landing(outcome: .answer(entry, isStored: true))
        case .accepted(let settled):
            plan.metrics.stored.increment()
            return Landing(outcome: .answer(entry, isStored: true), settled: settled)
        case .refused:
            return Landing(outcome: .answer(entry, isStored: false))
        }
    }

    /// Too late: for this request, or only by a tighter limit that the database or the handler has.
    private static func late(_ deadline: NIODeadline) -> Landing {
        Landing(outcome: .deadlineExceeded, isGivenUp: NIODeadline.now() >= deadline)
    }
}
