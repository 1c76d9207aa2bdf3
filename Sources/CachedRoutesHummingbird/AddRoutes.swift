public import CachedRoutes
import HTTPTypes
public import Hummingbird
import NIOCore
import Synchronization

extension RouterMethods {
    /// Adds the routes of a manifest without context inputs.
    ///
    /// Every GET route also answers HEAD; a route that writes gets its body, up to its limit. Another method on a route's path is
    /// a 405 whose `Allow` lists the methods of all manifests, and those of the app's own routes on that path which were added
    /// before. What a manifest calls `{id}` may be called something else by another one, or by the app.
    ///
    /// A route that matches the same requests as one that was added before, or has its namespace and name, is not added: the
    /// service then doesn't run, and says why.
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
        let routes = service.register(table.routes.map { CompiledRoute($0) })
        let place: RouterPlace?
        let knowledge: RouterKnowledge
        do throws(UnknownHummingbird) {
            place = try RouterPlace(self)
            if let place {
                knowledge = try place.router.knowledge()
            } else if let routes = self as? RouteCollection<Context> {
                knowledge = try routes.knowledge()
            } else {
                knowledge = RouterKnowledge(ignoringCase: false)
            }
        } catch {
            service.refuse(error.description)
            return self
        }
        var endpoints: [Int: RouteEndpoint<Context, Table.Context>] = [:]
        for planned in routes {
            let added: RouterTree.Endpoint
            do throws(RouteClash) {
                added = try knowledge.add(planned.route, below: place?.prefix ?? [])
            } catch {
                service.refuse(error.description)
                continue
            }
            let endpoint = RouteEndpoint(route: planned, service: service, context: context)
            endpoints[added.id] = endpoint
            for method in planned.route.methods { on(added.path, method: method, responder: endpoint) }
        }
        guard let place else { return self }
        if let router = place.router as? Router<Context> {
            let responders = endpoints.mapValues { endpoint in
                // The router's own middleware is in front of what finds no route.
                place.groupMiddlewares.reduce(endpoint as any HTTPResponder<Context>) { responder, middlewares in
                    (middlewares as? MiddlewareGroup<Context>)?.constructResponder(finalResponder: responder)
                        ?? responder
                }
            }
            router.add(middleware: UnmatchedRequests(knowledge, answering: responders))
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

extension CachedRoute {
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
