import Foundation
import Hummingbird

/// The state of a request: the member who sent it, if it has a token.
struct LibraryContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    var memberID: UUID?

    init(source: Source) { coreContext = .init(source: source) }
}

/// Finds out which member sends a request, by `Authorization: Bearer <token>`.
///
/// A request without the field is anybody's, which is enough for public routes. A token that is not valid is a 401 everywhere.
struct TokenMiddleware: RouterMiddleware {
    let key: TokenKey

    func handle(
        _ request: Request,
        context: LibraryContext,
        next: (Request, LibraryContext) async throws -> Response
    ) async throws -> Response {
        guard let field = request.headers[.authorization] else { return try await next(request, context) }
        let parts = field.split(separator: " ")
        guard parts.count == 2, parts[0].lowercased() == "bearer",
            let member = key.member(of: String(parts[1]), at: Date())
        else {
            throw HTTPError(.unauthorized, headers: [.wwwAuthenticate: #"Bearer error="invalid_token""#])
        }
        var context = context
        context.memberID = member
        return try await next(request, context)
    }
}

/// Lets only one member through, the librarian.
struct LibrarianMiddleware: RouterMiddleware {
    let librarian: UUID?

    func handle(
        _ request: Request,
        context: LibraryContext,
        next: (Request, LibraryContext) async throws -> Response
    ) async throws -> Response {
        guard let member = context.memberID else {
            throw HTTPError(.unauthorized, headers: [.wwwAuthenticate: "Bearer"])
        }
        guard member == librarian else { throw HTTPError(.forbidden) }
        return try await next(request, context)
    }
}
