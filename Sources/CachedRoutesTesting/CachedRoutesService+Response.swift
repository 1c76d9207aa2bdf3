public import CachedRoutes
package import CachedRoutesCore
public import HTTPTypes

extension CachedRoutesService {
    /// Responds to the request of a route with given inputs, without a server.
    ///
    /// The request is one that a client could send: with the route's path, query, header fields and JSON body, which the
    /// route reads and checks. Inputs of the authenticated request are given to it as the app would.
    ///
    /// ```swift
    /// let response = try await service.response(to: Routes.getUser(id: 7))
    /// ```
    ///
    /// - Parameters:
    ///   - inputs: the inputs of the route, which has to be one of those that the service was made with.
    ///   - headerFields: further header fields, such as `If-None-Match`; they replace those of inputs.
    ///   - method: HEAD in place of GET; `nil` for the route's method.
    /// - Returns: the response, of whatever status.
    /// - Throws: an error that says why, if the service doesn't have the route, or no request has these inputs.
    public func response<Inputs: RouteInputs>(
        to inputs: Inputs,
        headerFields: HTTPFields = [:],
        method: HTTPRequest.Method? = nil
    ) async throws -> TestedResponse<Inputs.Route> {
        let declaration = Inputs.Route.declaration
        let namespace = declaration.signature.namespace
        guard let route = engine.route(namespace: namespace, name: declaration.name) else {
            let problems = engine.problems.map { ": \($0)" }.joined()
            throw UnknownRouteError(
                description: "The service has no route '\(declaration.name)' of the namespace '\(namespace)'"
                    + (problems.isEmpty ? "; make it with its routes, CachedRoutesService.testing(Routes())" : problems)
            )
        }
        let builder = RequestBuilder(inputs)
        let request = try builder.request(method: method, adding: headerFields)
        return TestedResponse(await respond(to: request, of: route, context: builder.context))
    }
}

/// The error about a route that a service does not have.
struct UnknownRouteError: Error, CustomStringConvertible {
    let description: String
}
