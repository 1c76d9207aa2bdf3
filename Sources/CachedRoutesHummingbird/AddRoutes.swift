public import CachedRoutes
import HTTPTypes
public import Hummingbird
import NIOCore
import Synchronization

extension RouterMethods {
    /// Adds the routes of a manifest without context inputs.
    ///
    /// Every GET route also answers HEAD; a route that writes gets its body, up to its limit. On a ``Router``, another method on
    /// a route's path is a 405 whose `Allow` lists the methods of the manifest, and those of the app's own routes on that path
    /// which were added before.
    @discardableResult
    public func addRoutes<Table: RouteTable>(_ table: Table, on service: CachedRoutesService) -> Self
    where Table.Context == NoContext {
        addRoutes(table, on: service) { _, _ in NoContext() }
    }

    /// Adds the routes of a manifest.
    ///
    /// - Parameter context: gives the context inputs' values for a request, as the app has authenticated it; a value that is
    ///   `nil`, or no context at all, is a 401 on routes that need it. It is called for routes with context inputs only, before a
    ///   body is read; it must not read the body itself.
    @discardableResult
    public func addRoutes<Table: RouteTable>(
        _ table: Table,
        on service: CachedRoutesService,
        context: @escaping @Sendable (Request, Context) async throws -> Table.Context?
    ) -> Self {
        let routes = table.routes.map { PlannedRoute($0) }
        service.register(routes)
        var paths = RouterPaths()
        for planned in routes {
            let route = planned.route
            let path = paths.path(for: route.signature.path)
            for method in route.methods {
                on(path, method: method) { request, requestContext -> Response in
                    let deadline = NIODeadline.now() + planned.timeout
                    // First who asks: nobody else may send a body.
                    let values = route.hasContextInputs ? try await context(request, requestContext) : nil
                    var body: ByteBuffer?
                    do {
                        if !route.hasContextInputs || values != nil {
                            body = try await RequestBodyReader.body(of: request, for: route, deadline: deadline)
                        }
                    } catch let problem as Problem {
                        var response = problem.response()
                        // There is more of the body to come that nobody wants (RFC 9110, 15.5.9 and 15.5.14).
                        response.headerFields[.connection] = "close"
                        return Response(response)
                    }
                    let client = ConnectedClient.current
                    var routeRequest = RouteRequest(
                        method: request.method,
                        target: request.head.path ?? "/",
                        headerFields: request.headers,
                        body: body ?? (route.write == nil ? nil : ByteBuffer()),
                        client: client?.presence
                    )
                    routeRequest.earlierLookup = client?.comes(
                        to: planned,
                        request.head.path ?? "/",
                        isHead: request.method == .head
                    )
                    let response: RouteResponse
                    if let values {
                        response = await service.respond(
                            to: routeRequest,
                            of: planned,
                            context: values,
                            deadline: deadline,
                            on: client?.eventLoop
                        )
                    } else {
                        response = await service.respond(
                            to: routeRequest,
                            of: planned,
                            context: NoContext(),
                            deadline: deadline,
                            on: client?.eventLoop
                        )
                    }
                    return Response(response, restoresDate: service.restoresDate.load(ordering: .relaxed))
                }
            }
        }
        if let router = self as? Router<Context> {
            router.add(middleware: MethodNotAllowed<Context>(routes.map(\.route), beside: router.routes))
        }
        return self
    }

    /// Adds `GET /health` and `GET /ready`.
    @discardableResult
    public func addHealth(of service: CachedRoutesService) -> Self {
        get("health") { _, _ in Response(service.health()) }
        get("ready") { _, _ in Response(await service.readiness()) }
        return self
    }
}

extension Route {
    /// The methods the route answers.
    var methods: [HTTPRequest.Method] {
        switch signature.method {
        case .get: [.get, .head]
        case .post: [.post]
        case .put: [.put]
        case .patch: [.patch]
        case .delete: [.delete]
        }
    }
}

extension Response {
    /// A route's answer as the framework sends it.
    ///
    /// - Parameter restoresDate: whether the server puts the answer's date back.
    init(_ response: consuming RouteResponse, restoresDate: Bool = false) {
        // Taken out, because fields that two hold are copied by the next change.
        var fields = HTTPFields()
        swap(&fields, &response.headerFields)
        let announcesLength = fields.contains(.contentLength)
        if restoresDate, let date = fields.firstIndex(where: { $0.name == .date }) {
            // The framework adds a date of its own.
            fields[date] = HTTPField(name: .originalDate, value: fields[date].value)
        }
        self.init(
            status: response.status,
            headers: fields,
            body: response.body.readableBytes == 0 ? ResponseBody() : ResponseBody(byteBuffer: response.body)
        )
        // The framework announces an empty body where the answer must not (RFC 9110, 8.6).
        if !announcesLength { headers[.contentLength] = nil }
    }
}
