/// The reason why a route can't be served beside others.
package struct RouteProblem: Hashable, Sendable {
    /// The reason in a sentence, with its remedy.
    package let message: String
    /// The location of the route, such as `Sources/App/routes.yaml:12`; `nil` if it is not known.
    package let location: String?

    /// Creates a reason.
    ///
    /// - Parameters:
    ///   - message: the reason in a sentence, with its remedy.
    ///   - route: the route that can't be served; `nil` if it is not known.
    package init(_ message: String, of route: RouteDefinition? = nil) {
        self.message = message
        location = route?.location
    }
}
