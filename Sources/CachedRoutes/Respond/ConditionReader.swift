import RouteModel

/// Makes of a write's request the condition under which it is done.
struct ConditionReader: Sendable {
    let reader: RequestReader

    /// The condition of a request; `nil`: it has none, and the route asks for none.
    ///
    /// - Parameter values: the values of the write's inputs.
    /// - Throws: the problem to answer with where nothing may be done.
    func condition(
        of request: RouteRequest,
        _ plan: RoutePlan,
        _ values: InputValues
    ) throws(Problem) -> WriteCondition? {
        guard let conditions = WriteConditions(request.headerFields) else {
            guard plan.precondition?.isRequired ?? false else { return nil }
            throw .preconditionRequired
        }
        guard let precondition = plan.precondition else {
            throw .preconditionFailed("This request can't be made conditional; nothing was done.")
        }
        if let refusal = conditions.refusal { throw refusal }
        guard conditions.namesTheState || !precondition.isRequired else { throw .preconditionRequired }
        let current: InputValues?
        do throws(RequestFault) {
            current = try precondition.values(of: request, values)
        } catch {
            throw reader.problem(of: error, plan)
        }
        guard let current else { throw .preconditionFailed }
        return WriteCondition(precondition.query, current) { [returns = precondition.query.returns] answer in
            conditions.hold(for: Self.representation(answer, returns, isTagged: conditions.namesTags))
        }
    }

    /// The representation that the GET route would answer with.
    private static func representation(
        _ answer: DatabaseAnswer,
        _ returns: RouteDeclaration.Returns,
        isTagged: Bool
    ) -> WriteConditions.Representation {
        guard let body = answer.body else { return returns == .none ? .current(tag: nil) : .none }
        return .current(tag: isTagged ? EntityTag.opaque(for: body) : nil)
    }
}
