import HTTPTypes
import Logging
import RouteModel

/// Derives the condition of a write from its request.
struct ConditionReader: Sendable {
    let validator: RequestValidator

    /// Returns the condition of a request; `nil` if it has none and the route requires none.
    ///
    /// - Parameter values: the values of the write's inputs.
    /// - Throws: the problem to respond with, if nothing may be written.
    func condition(
        of request: RouteRequest,
        _ plan: RoutePlan,
        _ values: InputValues
    ) throws(Problem) -> WriteCondition? {
        guard let conditions = WritePreconditions(request.headerFields) else {
            guard plan.write?.precondition?.isRequired ?? false else { return nil }
            throw refusal(.preconditionRequired, plan, because: "a condition is required")
        }
        guard let precondition = plan.write?.precondition else {
            let reason =
                if case .handler = plan.route.source {
                    "the route has a handler, and only SQL is compared"
                } else {
                    "the route has no precondition that names what to compare with"
                }
            let problem = Problem.preconditionFailed("This request can't be made conditional; nothing was done.")
            throw refusal(problem, plan, because: reason)
        }
        if let problem = conditions.refusal { throw refusal(problem, plan, because: problem.detail) }
        guard conditions.namesTheState || !precondition.isRequired else {
            throw refusal(.preconditionRequired, plan, because: "a condition that names the state is required")
        }
        let current: InputValues?
        do throws(RequestError) {
            current = try precondition.values(of: request, values)
        } catch {
            throw validator.problem(of: error, plan)
        }
        guard let current else {
            let name = plan.route.precondition?.route.name ?? ""
            throw refusal(.preconditionFailed, plan, because: "GET route '\(name)' refuses the values of the write")
        }
        return WriteCondition(precondition.query, current) { [returns = precondition.query.returns] answer in
            conditions.hold(for: Self.representation(answer, returns, isTagged: conditions.namesTags))
        }
    }

    /// Logs the reason for a refusal, without anything that the client has sent.
    private func refusal(_ problem: Problem, _ plan: RoutePlan, because reason: String) -> Problem {
        validator.logger.debug(
            "A write is refused because of its condition",
            metadata: ["route": "\(plan.route.name)", "status": "\(problem.status.code)", "reason": "\(reason)"]
        )
        return problem
    }

    /// Returns the representation that the GET route would respond with.
    private static func representation(
        _ answer: DatabaseAnswer,
        _ returns: RouteDeclaration.Returns,
        isTagged: Bool
    ) -> WritePreconditions.Representation {
        guard let body = answer.body else { return returns == .none ? .current(tag: nil) : .none }
        return .current(tag: isTagged ? EntityTag.opaque(for: body) : nil)
    }
}
