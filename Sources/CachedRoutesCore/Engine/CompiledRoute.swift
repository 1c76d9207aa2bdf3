public import NIOCore

/// A route with everything that is computed once, before any request.
public struct CompiledRoute: Sendable {
    let plan: RoutePlan

    /// Compiles a route.
    public init(_ route: RouteDefinition) {
        plan = RoutePlan(route)
    }

    /// The route.
    public var route: RouteDefinition { plan.route }
    /// The time limit for a whole request.
    public var timeout: TimeAmount { plan.timeout }
    /// Indicates that hits are answered before the app's router sees the request.
    package var isBeforeRouter: Bool { plan.beforeRouter != .off }
    /// Indicates that misses are answered there, too.
    package var answersMissesBeforeRouter: Bool { plan.beforeRouter == .all }
    /// Indicates that no code of the app runs for a request of the route: it has no handler and no context inputs.
    package var mayRunOnEventLoop: Bool { plan.mayRunOnEventLoop }
    /// The header fields of a request that the route reads.
    package var requestFields: RequestFieldSelection { plan.requestFields }
}
