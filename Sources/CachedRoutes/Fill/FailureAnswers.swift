import HTTPTypes
import Logging

/// What clients are told of a failed statement, and what the log is told.
///
/// | kind | status |
/// |---|---|
/// | a constraint that the route's `errors` names | what they say |
/// | away, overloaded, contended | 503, `Retry-After` |
/// | deadlineExceeded, cancelled, outcomeUnknown | 504 |
/// | badValue | 400 where the request has values of the client's, else 500 |
/// | refused | 400 |
/// | forbidden | 403 |
/// | conflict | 409 |
/// | failed | 500 |
///
/// Nothing of the statement, its values or the database's own words reaches a client; the log has all of it.
struct FailureAnswers: Sendable {
    let logger: Logger

    /// The answer to a request of `plan` whose statement failed so.
    func problem(for failure: DatabaseFailure, _ plan: RoutePlan) -> Problem {
        if let constraint = failure.constraint, let answer = plan.route.errors[constraint] {
            log(.info, "A constraint refused a request", failure, plan)
            return Problem(HTTPResponse.Status(code: answer.status), answer.message)
        }
        switch failure.kind {
        case .away:
            log(.debug, "The database is away", failure, plan)
            return .unavailable("The database can't be reached.")
        case .overloaded:
            log(.debug, "The database is overloaded", failure, plan)
            return .unavailable("No connection to the database became free in time.")
        case .contended:
            log(.info, "A transaction could not run beside others", failure, plan)
            return .unavailable("The request could not be made beside others; it may be tried again.")
        case .deadlineExceeded, .cancelled:
            log(.debug, "A statement passed its deadline", failure, plan)
            return .deadlineExceeded
        case .outcomeUnknown:
            log(.warning, "It is not known whether a write was committed", failure, plan)
            return Problem(.gatewayTimeout, "It is not known whether the request took effect.")
        case .badValue where plan.hasClientValues:
            log(.info, "The database refused a value", failure, plan)
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
        case .badValue, .failed:
            log(.error, "A statement failed", failure, plan)
            return .internalError
        }
    }

    /// The answer to a request of `plan` whose handler failed so.
    func problem(forHandler error: any Error, _ plan: RoutePlan) -> Problem {
        logger.error("A handler failed", metadata: ["route": "\(plan.route.name)", "error": "\(error)"])
        return .internalError
    }

    private func log(_ level: Logger.Level, _ message: Logger.Message, _ failure: DatabaseFailure, _ plan: RoutePlan) {
        logger.log(level: level, message, metadata: ["route": "\(plan.route.name)", "error": "\(failure)"])
    }
}
