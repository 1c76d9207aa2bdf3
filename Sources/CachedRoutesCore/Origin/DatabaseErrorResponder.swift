import HTTPTypes
import Logging
import NIOCore
import RouteModel
import Synchronization

/// What clients are told of a failed statement, and what the log is told.
///
/// | kind | status |
/// |---|---|
/// | a constraint that the route's `errors` names | what they say |
/// | away, overloaded, contended | 503, `Retry-After` |
/// | deadlineExceeded, cancelled, outcomeUnknown | 504 |
/// | preconditionFailed | 412 |
/// | badValue | 400, with the input's name where a parameter could not be read; 500 where no value is the client's |
/// | refused | 400 |
/// | forbidden | 403 |
/// | conflict | 409 |
/// | failed | 500 |
///
/// Nothing of the statement, its values or the database's own words reaches a client. The log says which constraint, table and
/// column it was and by which SQLSTATE; values, as in PostgreSQL's DETAIL or in what a handler tells a client, it has at debug only.
///
/// Failures come in crowds, and any client can cause some of them: of each kind, level and route one is logged in ten seconds,
/// with the number of those that were not; all of them at debug.
final class DatabaseErrorResponder: Sendable {
    private struct Crowd: Hashable {
        enum Kind: Hashable {
            case failure(RouteDatabaseError.Kind)
            case invalid(HTTPField.Name?)
            case thrown(String)
        }

        let route: String
        let kind: Kind
        let level: Logger.Level
    }

    private let logger: Logger
    private let crowds = Mutex<[Crowd: (until: NIODeadline, unlogged: Int)]>([:])
    private static let quietTime = TimeAmount.seconds(10)

    init(logger: Logger) {
        self.logger = logger
    }

    /// The answer to a request of `plan` whose statement failed so.
    ///
    /// - Parameter deadline: the time by which the answer had to be there; what is cancelled then has missed it.
    func problem(
        for failure: RouteDatabaseError,
        _ plan: RoutePlan,
        deadline: NIODeadline = .distantFuture
    ) -> Problem {
        if let constraint = failure.constraint, let answer = plan.route.errors[constraint] {
            log(.info, "A constraint refused a request", failure, plan)
            return Problem(.error(code: answer.status), answer.message)
        }
        switch failure.kind {
        case .unavailable:
            log(.warning, "The database is away", failure, plan)
            return .unavailable("The database can't be reached.")
        case .overloaded:
            log(.warning, "The database is overloaded", failure, plan)
            return .unavailable("The database is too busy to take the request.")
        case .contended:
            log(.info, "A transaction could not run beside others", failure, plan)
            return .unavailable("The request could not be made beside others; it may be tried again.")
        case .deadlineExceeded:
            log(.warning, "A statement passed its deadline", failure, plan)
            return .deadlineExceeded
        case .cancelled where deadline <= .now():
            // Who waited was answered at that time, and nobody was left.
            let late = RouteDatabaseError(.deadlineExceeded, "nobody waited any longer")
            log(.warning, "A statement passed its deadline", late, plan)
            return .deadlineExceeded
        case .cancelled:
            log(.debug, "Nobody waits for a statement any more", failure, plan)
            return .deadlineExceeded
        case .outcomeUnknown:
            log(.warning, "It is not known whether a write was committed", failure, plan)
            return .outcomeUnknown
        case .preconditionFailed:
            log(.debug, "The condition of a write is not met", failure, plan)
            return .preconditionFailed
        case .badValue where failure.parameter != nil:
            let route = failure.isOfCondition ? plan.route.precondition?.route : plan.route
            guard let input = route?.input(ofParameter: failure.parameter), input.isClients else { break }
            log(.info, "The database refused a value", failure, plan)
            var refused = RefusedInputs()
            refused.add(input, "is not a value that the database accepts")
            return Problem(refused)
        case .badValue where plan.hasClientValues:
            log(.warning, "The database refused a value", failure, plan)
            return Problem(.badRequest, "A value is not one that the database accepts.")
        case .conflict:
            log(.info, "The values contradict what is stored", failure, plan)
            return Problem(.conflict, "The request contradicts what is stored.")
        case .forbidden:
            log(.warning, "The database does not allow a statement", failure, plan)
            return Problem(.forbidden, "The request is not allowed.")
        case .refused:
            log(.info, "The database refused a request", failure, plan)
            return Problem(.badRequest, "The database refused the request.")
        case .badValue, .failed: break
        }
        log(.error, "A statement failed", failure, plan)
        return .internalError
    }

    /// The answer to a request of `plan` whose handler failed so.
    func problem(forHandler error: any Error, _ plan: RoutePlan) -> Problem {
        let problem = error as? HandlerError
        let invalid = problem.map(RequiredFields.problem(of:)) ?? error as? HandlerResponse.Invalid
        if let problem, invalid == nil {
            var metadata: Logger.Metadata = ["route": "\(plan.route.name)", "status": "\(problem.status)"]
            logger.log(level: problem.status < 500 ? .info : .error, "A handler refused a request", metadata: metadata)
            metadata["detail"] = "\(problem.detail)"
            logger.debug("The words of the handler", metadata: metadata)
            return Problem(problem)
        }
        if let invalid {
            var metadata: Logger.Metadata = ["route": "\(plan.route.name)", "error": "\(invalid)"]
            if let field = invalid.field { metadata["field"] = "\(field)" }
            if let location = plan.route.location { metadata["manifest"] = "\(location)" }
            let crowd = Crowd(route: plan.route.name, kind: .invalid(invalid.field), level: .error)
            log(crowd, "A handler's answer can't be sent", metadata)
            return .internalError
        }
        let name = LoggedError.name(error)
        var metadata: Logger.Metadata = ["route": "\(plan.route.name)", "error": "\(name)"]
        log(Crowd(route: plan.route.name, kind: .thrown(name), level: .error), "A handler failed", metadata)
        metadata["error"] = "\(error)"
        logger.debug("The words of the handler", metadata: metadata)
        return .internalError
    }

    /// A handler of `plan` gave no answer by the deadline.
    func handlerIsLate(_ plan: RoutePlan) {
        let late = RouteDatabaseError(.deadlineExceeded, "the handler had not answered")
        log(.warning, "A handler passed its deadline", late, plan)
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ failure: RouteDatabaseError, _ plan: RoutePlan)
    {
        var metadata = metadata(failure, plan)
        log(Crowd(route: plan.route.name, kind: .failure(failure.kind), level: level), message, metadata)
        guard let fullDescription = failure.fullDescription else { return }
        metadata["error"] = "\(fullDescription)"
        logger.debug("The words of the database", metadata: metadata)
    }

    private func log(_ crowd: Crowd, _ message: Logger.Message, _ metadata: Logger.Metadata) {
        var metadata = metadata
        let unlogged: Int? = crowds.withLock { crowds in
            let now = NIODeadline.now()
            if let known = crowds[crowd], now < known.until {
                crowds[crowd] = (known.until, known.unlogged + 1)
                return nil
            }
            defer { crowds[crowd] = (now + Self.quietTime, 0) }
            return crowds[crowd]?.unlogged ?? 0
        }
        if let unlogged, unlogged > 0 { metadata["before"] = "\(unlogged)" }
        logger.log(level: unlogged == nil ? .debug : crowd.level, message, metadata: metadata)
    }

    private func metadata(_ failure: RouteDatabaseError, _ plan: RoutePlan) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["route": "\(plan.route.name)", "error": "\(failure)"]
        if let location = plan.route.location { metadata["manifest"] = "\(location)" }
        return metadata
    }
}

extension CachedRoute {
    /// The input behind a parameter of the route's statement.
    fileprivate func input(ofParameter parameter: Int?) -> RouteInput? {
        guard case .sql(let query) = source, let parameter, parameter < query.parameters.count else { return nil }
        return signature.inputs[query.parameters[parameter].index]
    }
}

extension RouteInput {
    /// The client has chosen the value, and would not have been given a default for it.
    fileprivate var isClients: Bool { group != .header && group != .context }
}
