extension CompiledRoute {
    /// Explains a request, by the code that serves it.
    ///
    /// - Parameters:
    ///   - request: a request whose path is the route's.
    ///   - context: the values of context inputs.
    /// - Throws: the problem that the request is refused with.
    package func explain(_ request: RouteRequest, context: some RouteContext) throws(Problem) -> RequestExplanation {
        try RequestExplanation(request, plan, context: context)
    }
}
