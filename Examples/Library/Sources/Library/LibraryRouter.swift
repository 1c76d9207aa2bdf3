import CachedRoutesHummingbird
import Foundation
import Hummingbird

/// The router of the library: who asks is found out in front of the routes, and the routes of each manifest behind that.
///
/// - Parameters:
///   - service: the service that serves the routes.
///   - key: the key of members' tokens.
///   - librarian: the member who may use the routes of `admin.routes.yaml`; `nil` for nobody.
/// - Throws: an error if the recommendations can't be read.
func libraryRouter(
    service: CachedRoutesService,
    key: TokenKey,
    librarian: UUID?
) throws -> Router<LibraryContext> {
    let router = Router(context: LibraryContext.self)
    router.add(middleware: TokenMiddleware(key: key))
    router.addRoutes(Routes(handlers: try Recommendations()), on: service) { _, context in
        Routes.Context(memberID: context.memberID)
    }
    router.group().add(middleware: LibrarianMiddleware(librarian: librarian)).addRoutes(AdminRoutes(), on: service)
    router.addHealth(of: service)
    return router
}
