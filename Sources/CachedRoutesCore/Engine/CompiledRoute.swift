public import NIOCore

/// A route with everything about it that does not depend on a request worked out once.
public struct CompiledRoute: Sendable {
    let plan: RoutePlan

    /// Plans a route.
    public init(_ route: CachedRoute) {
        plan = RoutePlan(route)
    }

    /// The route.
    public var route: CachedRoute { plan.route }
    /// How long a whole request may take.
    public var timeout: TimeAmount { plan.timeout }
    /// Whether hits are answered before the app's router sees the request.
    package var isBeforeRouter: Bool { route.isBeforeRouter }
    /// Whether answering takes no code of the app's that depends on the route: no handler, and nobody's context.
    package var mayRunOnEventLoop: Bool { route.isPublic && !route.hasContextInputs && route.mayFillOnEventLoop }
    /// The fields of a request that the route reads.
    package var requestFields: [RequestFieldName] { plan.requestFields }
}
