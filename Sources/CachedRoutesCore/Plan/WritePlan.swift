import RouteModel

/// The compiled effects of a route that writes.
struct WritePlan: Sendable {
    /// The tags that a write purges.
    let invalidates: [TagRenderer]
    /// The targets that a write purges: responses with its own path.
    let targets: [TargetInvalidationRenderer]
    /// The representation with which preconditions are compared; `nil` if requests with preconditions are refused.
    let precondition: PreconditionPlan?

    init(_ route: RouteDefinition, _ policy: WritePolicy) {
        targets = policy.targets.map { TargetInvalidationRenderer($0, of: route.signature) }
        invalidates = policy.invalidates.map { TagRenderer($0, of: route.signature) }
        precondition = PreconditionPlan(route)
    }
}
