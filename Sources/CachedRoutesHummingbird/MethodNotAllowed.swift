import CachedRoutes
import HTTPTypes
import Hummingbird

/// Answers 405 where a path is known and its method is not.
///
/// It looks only at requests that no route has taken, so that the app's own routes on the same paths keep their methods,
/// whenever they are added.
struct MethodNotAllowed<Context: RequestContext>: RouterMiddleware {
    private struct Resource {
        let path: PathTemplate
        var methods: Set<String>
    }

    private let resources: [Resource]

    init(_ routes: [Route], beside existing: [Router<Context>.RouteDescription]) {
        var resources: [Resource] = []
        for route in routes {
            let methods = route.methods.map(\.rawValue)
            if let index = resources.firstIndex(where: { $0.path.hasSameShape(as: route.signature.path) }) {
                resources[index].methods.formUnion(methods)
            } else {
                resources.append(Resource(path: route.signature.path, methods: Set(methods)))
            }
        }
        for route in existing {
            let path = PathTemplate(route.path.description)
            for index in resources.indices where resources[index].path.hasSameShape(as: path) {
                resources[index].methods.insert(route.method.rawValue)
            }
        }
        self.resources = resources
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && context.endpointPath == "NotFound" {
            let segments = request.uri.path.utf8.split(separator: 0x2F)
            let matching = resources.filter { $0.path.matches(segments) }
            guard !matching.isEmpty else { throw error }
            let methods = matching.reduce(into: Set<String>()) { $0.formUnion($1.methods) }
            return Response(
                Problem(
                    .methodNotAllowed,
                    "This resource does not allow \(request.method.rawValue).",
                    allow: methods.sorted().joined(separator: ", ")
                ).response(isHead: request.method == .head)
            )
        }
    }
}
