import CachedRoutes
import HTTPTypes
import Hummingbird

/// Answers requests that the router has found no route for, where there is one.
///
/// A router compares the bytes of paths, so `/%7Eteam` is not `/~team` for it, although the two are equivalent (RFC 3986, 6.2.2.2).
/// It gives up where a literal segment leads nowhere and an input would have fitted. And it knows no 405. Since this looks only at
/// what no route has taken, the app's own routes keep their paths and methods, whenever they are added.
struct UnmatchedRequests<Context: RequestContext>: RouterMiddleware {
    let knowledge: RouterKnowledge
    /// What answers for routes, by the ids of their endpoints: of those whose middleware is in front of this one.
    private let responders: [Int: any HTTPResponder<Context>]
    /// The endpoints whose clients are sent to the path's usual spelling.
    private let redirected: Set<Int>

    init(
        _ knowledge: RouterKnowledge,
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
            let segments = UnreservedCharacters.segments(of: request.uri.path)
            guard let place = knowledge.place(of: segments), place.isOfManifest else { throw error }
            guard let owner = place.owners[request.method] else { return Self.refusal(request, place) }
            guard case .manifest(_, let id) = owner else { throw error }
            if let responder = responders[id] { return try await responder.respond(to: request, context: context) }
            guard redirected.contains(id), request.uri.path.utf8.contains(0x25) else { throw error }
            return Self.redirection(request, segments)
        }
    }

    private static func refusal(_ request: Request, _ place: RouterTree.Place) -> Response {
        Response(
            Problem(
                .methodNotAllowed,
                "This resource does not allow \(request.method.rawValue).",
                allow: place.owners.keys.map(\.rawValue).sorted().joined(separator: ", ")
            ).response(isHead: request.method == .head)
        )
    }

    /// To a path of this server: a second slash at its beginning would begin the name of another.
    private static func redirection(_ request: Request, _ segments: [String]) -> Response {
        let query = request.uri.query.map { "?\($0)" } ?? ""
        let target = "/" + segments.joined(separator: "/") + query
        return Response(status: .permanentRedirect, headers: [.location: target, .contentLength: "0"])
    }
}
