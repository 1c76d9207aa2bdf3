import CachedRoutes
import HTTPTypes
import Hummingbird
import NIOCore

/// Responds to the requests of a route.
struct RouteEndpoint<Context: RequestContext, Values: RouteContext>: HTTPResponder {
    let route: CompiledRoute
    let service: CachedRoutesService
    /// Returns the values of the context inputs for a request.
    let context: @Sendable (Request, Context) async throws -> Values?

    func respond(to request: Request, context requestContext: Context) async throws -> Response {
        let client = ConnectedClient.current
        let eventLoop = client?.eventLoop ?? service.engine.eventLoop()
        let deadline = eventLoop.now + self.route.timeout
        let route = self.route.route
        // The context first: clients without one may not send a body.
        let values = route.hasContextInputs ? try await context(request, requestContext) : nil
        var body: ByteBuffer?
        do {
            if !route.hasContextInputs || values != nil {
                body = try await RequestBodyReader.body(
                    of: request,
                    for: route,
                    deadline: deadline,
                    on: eventLoop
                )
            }
        } catch let problem as Problem {
            var response = problem.response()
            // The rest of the body is not read (RFC 9110, 15.5.9 and 15.5.14).
            response.headerFields[.connection] = "close"
            return Response(response)
        }
        let routeRequest = RouteRequest(
            method: request.method,
            target: request.head.path ?? "/",
            headerFields: request.headers,
            body: body ?? (route.write == nil ? nil : ByteBuffer()),
            client: client?.presence
        )
        let prior = client?.comes(
            to: self.route,
            target: request.head.path ?? "/",
            isHead: request.method == .head
        )
        let response: RouteResponse
        if let values {
            response = await service.engine.respond(
                to: routeRequest,
                of: self.route,
                context: values,
                after: prior,
                deadline: deadline,
                on: eventLoop
            )
        } else {
            response = await service.engine.respond(
                to: routeRequest,
                of: self.route,
                context: NoContext(),
                after: prior,
                deadline: deadline,
                on: eventLoop
            )
        }
        return Response(response, restoresDate: client != nil)
    }
}
