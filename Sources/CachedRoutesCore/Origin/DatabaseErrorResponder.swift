import ClientSupport
import HTTPTypes
import Logging
import NIOCore
import RouteModel
import Synchronization

/// Turns failures of statements and handlers into problem responses, and logs them.
///
/// | code | status |
/// |---|---|
/// | a constraint that the route's `errors` names | the declared one |
/// | unavailable, overloaded, contended | 503, `Retry-After` |
/// | deadlineExceeded, cancelled, outcomeUnknown | 504 |
/// | preconditionFailed | 412 |
/// | badValue | 400, with the input's name if a parameter could not be read; 500 if no value is the client's |
/// | refused | 400 |
/// | forbidden | 403 |
/// | conflict | 409 |
/// | failed | 500 |
///
/// A response contains nothing of the statement, its values or the database's messages. The log has the constraint, table and
/// column, and the SQLSTATE; where the constraint is one that `errors` could name and does not, its metadata have `constraint`,
/// `table` and `status`. Values, as in PostgreSQL's DETAIL or in a handler's error, are in the log at `debug` only.
///
/// Failures come in large numbers, and clients can cause some of them. So of each kind, level and route one is logged in ten
/// seconds, with the number of those that were not; all of them are logged at `debug`.
final class DatabaseErrorResponder: Sendable {
    /// Failures that share a throttle.
    private struct Crowd: Hashable {
        enum Kind: Hashable {
            case failure(RouteDatabaseError.Code)
            case invalid(HTTPField.Name?)
            case thrown(String)
            case thrownForContext(String)
        }

        let route: String
        let kind: Kind
        let level: Logger.Level
    }

    private let logger: Logger
    private let now: @Sendable () -> NIODeadline
    private let throttles = Mutex<[Crowd: LogThrottle]>([:])
    private static let quietTime = TimeAmount.seconds(10)

    /// - Parameters:
    ///   - logger: takes the failures.
    ///   - now: tells the time.
    init(logger: Logger, now: @escaping @Sendable () -> NIODeadline) {
        self.logger = logger
        self.now = now
    }

    /// Logs the failure of a statement, and returns the response to its request.
    ///
    /// - Parameters:
    ///   - failure: the failure.
    ///   - plan: the plan of the request's route.
    ///   - isLate: true if the deadline of the request has passed. A statement that is cancelled then has missed it.
    func problem(
        for failure: RouteDatabaseError,
        _ plan: RoutePlan,
        isLate: Bool = false
    ) -> Problem {
        // The request had its response at the deadline, and no other one was waiting.
        let missesDeadline = failure.code == .cancelled && isLate
        let failure = missesDeadline ? RouteDatabaseError(.deadlineExceeded, "no request waited any longer") : failure
        let report = StatementFailureReport(of: failure, plan)
        let details = report.isDeclared ? [:] : Self.details(of: failure, answeredBy: report.problem)
        log(report.message, at: report.level, for: failure, of: plan, details)
        return report.problem
    }

    /// The constraint that refused values, with its table and the status of the response; empty without one.
    private static func details(of failure: RouteDatabaseError, answeredBy problem: Problem) -> Logger.Metadata {
        guard let constraint = failure.constraint else { return [:] }
        var details: Logger.Metadata = ["constraint": "\(constraint)", "status": "\(problem.status.code)"]
        if let table = failure.table { details["table"] = "\(table)" }
        return details
    }

    /// Logs the error of a handler, and returns the response to its request.
    ///
    /// - Parameters:
    ///   - error: the error.
    ///   - plan: the plan of the request's route.
    func problem(forHandler error: any Error, _ plan: RoutePlan) -> Problem {
        let name = plan.route.name
        let refusal = error as? HandlerError
        if let invalid = refusal.map(StatusRequiredFields.problem(of:)) ?? error as? HandlerResponse.ValidationError {
            var metadata = metadata(error: invalid, of: plan)
            if let field = invalid.field { metadata["field"] = "\(field)" }
            let crowd = Crowd(route: name, kind: .invalid(invalid.field), level: .error)
            log("A handler's response can't be sent", of: crowd, metadata)
            return .internalError
        }
        guard let refusal else {
            return problem(
                forThrown: error,
                plan,
                kind: { .thrown($0) },
                message: "A handler failed",
                fullMessage: "The full error of the handler"
            )
        }
        var metadata: Logger.Metadata = ["route": "\(name)", "status": "\(refusal.status)"]
        logger.log(level: refusal.status < 500 ? .info : .error, "A handler refused a request", metadata: metadata)
        metadata["detail"] = "\(refusal.message)"
        logger.debug("The full error of the handler", metadata: metadata)
        return Problem(refusal)
    }

    /// Logs the error of an app's closure for context inputs, and returns the response to its request.
    ///
    /// - Parameters:
    ///   - error: the error. A `HandlerError` is the app's response and is not logged.
    ///   - plan: the plan of the request's route.
    func problem(forContext error: any Error, _ plan: RoutePlan) -> Problem {
        if let refusal = error as? HandlerError { return Problem(refusal) }
        return problem(
            forThrown: error,
            plan,
            kind: { .thrownForContext($0) },
            message: "The closure for context inputs failed",
            fullMessage: "The full error of the closure for context inputs"
        )
    }

    /// Logs an error that is no response of the app's: its type, and at `debug` all of it.
    ///
    /// - Parameters:
    ///   - error: the error.
    ///   - plan: the plan of the request's route.
    ///   - kind: makes the kind of the failure from the error's type.
    ///   - message: the message with the error's type.
    ///   - fullMessage: the message with the whole error.
    private func problem(
        forThrown error: any Error,
        _ plan: RoutePlan,
        kind: (String) -> Crowd.Kind,
        message: Logger.Message,
        fullMessage: Logger.Message
    ) -> Problem {
        let (name, type) = (plan.route.name, ErrorRedaction.name(error))
        let crowd = Crowd(route: name, kind: kind(type), level: .error)
        log(message, of: crowd, ["route": "\(name)", "error": "\(type)"])
        logger.debug(fullMessage, metadata: ["route": "\(name)", "error": "\(error)"])
        return .internalError
    }

    /// Logs that an app's closure for context inputs had not returned by the deadline.
    func contextIsLate(_ plan: RoutePlan) {
        let late = RouteDatabaseError(.deadlineExceeded, "the closure had not returned")
        log("The closure for context inputs passed its deadline", at: .warning, for: late, of: plan)
    }

    /// Logs that a handler gave no response by the deadline.
    func handlerIsLate(_ plan: RoutePlan) {
        let late = RouteDatabaseError(.deadlineExceeded, "the handler had not returned")
        log("A handler passed its deadline", at: .warning, for: late, of: plan)
    }

    // MARK: - Logging

    private func log(
        _ message: Logger.Message,
        at level: Logger.Level,
        for failure: RouteDatabaseError,
        of plan: RoutePlan,
        _ details: Logger.Metadata = [:]
    ) {
        var metadata = metadata(error: failure, of: plan)
        log(
            message,
            of: Crowd(route: plan.route.name, kind: .failure(failure.code), level: level),
            metadata.merging(details) { own, _ in own }
        )
        guard let fullDescription = failure.fullDescription else { return }
        metadata["error"] = "\(fullDescription)"
        logger.debug("The full error of the database", metadata: metadata)
    }

    private func log(_ message: Logger.Message, of crowd: Crowd, _ metadata: Logger.Metadata) {
        var metadata = metadata
        let now = now()
        let suppressed = throttles.withLock { throttles in
            throttles[crowd, default: LogThrottle(interval: Self.quietTime)].admit(at: now)
        }
        if let suppressed, suppressed > 0 { metadata["before"] = "\(suppressed)" }
        logger.log(level: suppressed == nil ? .debug : crowd.level, message, metadata: metadata)
    }

    private func metadata(error: any Error, of plan: RoutePlan) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["route": "\(plan.route.name)", "error": "\(error)"]
        if let location = plan.route.location { metadata["manifest"] = "\(location)" }
        return metadata
    }
}

/// The log line and the response for a failed statement.
private struct StatementFailureReport {
    let level: Logger.Level
    let message: Logger.Message
    let problem: Problem
    /// Indicates that the response is one that the route's `errors` declare.
    var isDeclared = false

    private init(_ level: Logger.Level, _ message: Logger.Message, _ problem: Problem) {
        self.level = level
        self.message = message
        self.problem = problem
    }

    init(of failure: RouteDatabaseError, _ plan: RoutePlan) {
        if let constraint = failure.constraint, let declared = plan.route.errors[constraint] {
            let problem = Problem(.error(code: declared.status), declared.message)
            self.init(.info, "A constraint refused a request", problem)
            isDeclared = true
            return
        }
        switch failure.code.kind {
        case .unavailable:
            self.init(.warning, "The database is unavailable", .unavailable("The database can't be reached."))
        case .overloaded:
            let problem = Problem.unavailable("The database is too busy to take the request.")
            self.init(.warning, "The database is overloaded", problem)
        case .contended:
            let problem = Problem.unavailable("The request conflicted with concurrent ones; it may be tried again.")
            self.init(.info, "A transaction conflicted with concurrent ones", problem)
        case .deadlineExceeded: self.init(.warning, "A statement passed its deadline", .deadlineExceeded)
        case .cancelled:
            self.init(.debug, "A statement was cancelled because no request waits for it", .deadlineExceeded)
        case .outcomeUnknown:
            self.init(.warning, "It is not known whether a write was committed", .outcomeUnknown)
        case .preconditionFailed: self.init(.debug, "The precondition of a write is not met", .preconditionFailed)
        case .conflict:
            let problem = Problem(.conflict, "The request contradicts what is stored.")
            self.init(.info, "The values of a write conflict with existing rows", problem)
        case .forbidden:
            let problem = Problem(.forbidden, "The request is not allowed.")
            self.init(.warning, "The database does not allow a statement", problem)
        case .refused:
            let problem = Problem(.badRequest, "The database refused the request.")
            self.init(.info, "The database refused a request", problem)
        case .badValue: self = StatementFailureReport(ofBadValue: failure, plan) ?? .failed
        case .failed: self = .failed
        }
    }

    /// Is `nil` if the value is not the client's.
    private init?(ofBadValue failure: RouteDatabaseError, _ plan: RoutePlan) {
        guard failure.parameter != nil else {
            guard plan.hasClientValues else { return nil }
            let problem = Problem(.badRequest, "A value is not one that the database accepts.")
            self.init(.warning, "The database refused a value", problem)
            return
        }
        let route = failure.isOfCondition ? plan.route.precondition?.route : plan.route
        guard let input = route?.input(ofParameter: failure.parameter), input.isClients else { return nil }
        var refused = RefusedInputs()
        refused.add(input, "is not a value that the database accepts")
        self.init(.info, "The database refused a value", Problem(refused))
    }

    private static let failed = StatementFailureReport(.error, "A statement failed", .internalError)
}

extension RouteDefinition {
    /// Returns the input of a parameter of the route's statement.
    fileprivate func input(ofParameter parameter: Int?) -> RouteInput? {
        guard case .sql(let query) = source, let parameter, parameter < query.parameters.count else { return nil }
        return signature.inputs[query.parameters[parameter].index]
    }
}

extension RouteInput {
    /// Indicates that the client has chosen the value, and that a bad one has no default.
    fileprivate var isClients: Bool { group != .header && group != .context }
}
