public import CachedRoutes
import HTTPFrontend
import HTTPTypes
public import Hummingbird
import NIOCore
import Synchronization

extension RouterMethods {
    /// Adds the routes of a manifest without context inputs.
    ///
    /// Every GET route also answers HEAD. Another method on a route's path is a 405 whose `Allow` lists the methods of
    /// all manifests, and those of the app's own routes on that path that were added before. A path parameter such as
    /// `{id}` may have another name in another manifest, or in the app.
    ///
    /// A route that matches the same requests as one that was added before, or has its namespace and name, is not
    /// added: ``CachedRoutesService/run()`` then throws an error that names both.
    ///
    /// - Parameters:
    ///   - routes: the generated type of the manifest.
    ///   - service: the service that serves the routes.
    /// - Returns: the router.
    @discardableResult
    public func addRoutes<Routes: RouteSet>(_ routes: Routes, on service: CachedRoutesService) -> Self
    where Routes.Context == NoContext {
        addRoutes(routes, on: service) { _, _ in NoContext() }
    }

    /// Adds the routes of a manifest.
    ///
    /// - Parameters:
    ///   - routes: the generated type of the manifest.
    ///   - service: the service that serves the routes.
    ///   - context: returns the values of the context inputs for a request, as the app has authenticated it. A value
    ///     that is `nil`, or no context at all, is a 401 on routes that need it. It is called for routes with context
    ///     inputs only, before the request's body is read, and must not read the body itself. An error that it throws
    ///     is the app's to handle.
    /// - Returns: the router.
    @discardableResult
    public func addRoutes<Routes: RouteSet>(
        _ routes: Routes,
        on service: CachedRoutesService,
        context: @escaping @Sendable (Request, Context) async throws -> Routes.Context?
    ) -> Self {
        let registered = service.register(routes.routes.map { CompiledRoute($0) })
        let place: RouteMountPoint?
        let knowledge: RouterRouteTable
        do throws(UnsupportedHummingbirdError) {
            place = try RouteMountPoint(self)
            if let place {
                knowledge = try place.router.knowledge()
            } else if let routes = self as? RouteCollection<Context> {
                knowledge = try routes.knowledge()
            } else {
                knowledge = RouterRouteTable(ignoringCase: false)
            }
        } catch {
            service.refuse(error.description)
            return self
        }
        var endpoints: [Int: RouteEndpoint<Context, Routes.Context>] = [:]
        for compiled in registered {
            let added: RouteTree.Endpoint
            do throws(RouteClashError) {
                added = try knowledge.add(compiled.route, below: place?.prefix ?? [])
            } catch {
                service.refuse(error.description)
                continue
            }
            let endpoint = RouteEndpoint(route: compiled, service: service, context: context)
            endpoints[added.id] = endpoint
            let path = RouterPath("/" + added.elements.joined(separator: "/"))
            for method in compiled.route.methods { on(path, method: method, responder: endpoint) }
        }
        guard let place else { return self }
        if let router = place.router as? Router<Context> {
            let responders = endpoints.mapValues { endpoint in
                // The router's own middleware is in front of `UnmatchedRequestMiddleware`.
                place.groupMiddlewares.reduce(endpoint as any HTTPResponder<Context>) { responder, middlewares in
                    (middlewares as? MiddlewareGroup<Context>)?.constructResponder(finalResponder: responder)
                        ?? responder
                }
            }
            router.add(middleware: UnmatchedRequestMiddleware(knowledge, answering: responders))
        } else {
            place.router.watchUnmatched(knowledge, redirecting: Set(endpoints.keys))
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

extension Response {
    /// Converts the response of a route.
    ///
    /// - Parameters:
    ///   - response: the response of a route.
    ///   - restoresDate: true if the server restores the date of the response.
    init(_ response: consuming RouteResponse, restoresDate: Bool = false) {
        // Moved out of the response, so that the next change does not copy shared storage.
        var fields = HTTPFields()
        swap(&fields, &response.headerFields)
        let announcesLength = fields.contains(.contentLength)
        if restoresDate, let date = fields.firstIndex(where: { $0.name == .date }) {
            // The framework sets a date of its own.
            fields[date] = HTTPField(name: .originalDate, value: fields[date].value)
        }
        self.init(
            status: response.status,
            headers: fields,
            body: response.body.readableBytes == 0 ? ResponseBody() : ResponseBody(byteBuffer: response.body)
        )
        // The framework adds `Content-Length: 0` even where a response must not have it (RFC 9110, 8.6).
        if !announcesLength { headers[.contentLength] = nil }
    }
}
