import CachedRoutes
import HTTPFrontend
import HTTPTypes
import Hummingbird

/// Middleware that responds to requests for which the router has found no route, if a manifest has one.
///
/// A router compares the bytes of paths, so `/%7Eteam` is not `/~team`, although the two are equivalent (RFC 3986,
/// 6.2.2.2). It does not backtrack from a literal segment to a capture, and it sends no 405. This middleware handles
/// only requests that no route has taken, so the app's own routes keep their paths and methods, whenever they are
/// added.
struct UnmatchedRequestMiddleware<Context: RequestContext>: RouterMiddleware {
    let knowledge: RouterRouteTable
    /// The responders of routes by the ids of their endpoints, for routes whose middleware is in front of this one.
    private let responders: [Int: any HTTPResponder<Context>]
    /// The endpoints whose clients are redirected to the normalized path.
    private let redirected: Set<Int>

    init(
        _ knowledge: RouterRouteTable,
        answering responders: [Int: any HTTPResponder<Context>],
        redirecting redirected: Set<Int> = []
    ) {
        self.knowledge = knowledge
        self.responders = responders
        self.redirected = redirected
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound && context.endpointPath == "NotFound" {
            guard let place = knowledge.place(of: request.uri.path), place.isOfManifest else { throw error }
            guard let owner = place.owners[request.method] else { return Self.refusal(request, place) }
            guard case .manifest(_, let id) = owner else { throw error }
            if let responder = responders[id] { return try await responder.respond(to: request, context: context) }
            guard redirected.contains(id), request.uri.path.utf8.contains(UInt8(ascii: "%")) else { throw error }
            return Self.redirection(request, PathNormalization.segments(of: request.uri.path))
        }
    }

    private static func refusal(_ request: Request, _ place: RouteTree.Place) -> Response {
        Response(
            Problem(
                .methodNotAllowed,
                "This resource does not allow \(request.method.rawValue).",
                allow: place.owners.keys.map(\.rawValue).sorted().joined(separator: ", ")
            ).response(isHead: request.method == .head)
        )
    }

    /// Redirects to a path of this server: it must not start with `//`, which would be followed by a host.
    private static func redirection(_ request: Request, _ segments: [String]) -> Response {
        let query = request.uri.query.map { "?\($0)" } ?? ""
        let target = "/" + segments.joined(separator: "/") + query
        return Response(status: .permanentRedirect, headers: [.location: target, .contentLength: "0"])
    }
}
