import RouteModel

/// The effects of a route that writes, worked out once.
struct WritePlan: Sendable {
    /// The tags that a write purges.
    let invalidates: [TagRenderer]
    /// The responses of its own path that a write purges.
    let targets: [TargetRenderer]
    /// The representation that the conditions of requests speak of; `nil`: requests with conditions are refused.
    let precondition: PreconditionPlan?

    init(_ route: CachedRoute, _ policy: WritePolicy) {
        targets = policy.targets.map { TargetRenderer($0, of: route.signature) }
        invalidates = policy.invalidates.map { TagRenderer($0, of: route.signature) }
        precondition = PreconditionPlan(route)
    }
}
