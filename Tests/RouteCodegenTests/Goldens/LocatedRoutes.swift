// Generated from located.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

/// The routes of `located.routes.yaml`, under the namespace `located`.
struct LocatedRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    init(handlers: some Handlers) {
        routes = [Self.getNote, Self.removeNote, Self.count(handlers)]
    }

    /// The methods behind the routes that say `handler: swift`.
    protocol Handlers: Sendable {
        /// What `count` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype CountOutput: Encodable & Sendable
        /// `GET /notes/count`
        func count() async throws -> CountOutput
    }

    /// `GET /notes/{id}`
    static let getNote = RouteDefinition(
        RouteDeclaration(
            "getNote",
            RouteSignature(
                namespace: "located",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/notes/{id}",
                inputs: [RouteInput(.path, "id", .int)]
            ),
            .read(CachePolicy()),
            returns: .one,
            location: "located.routes.yaml:4"
        ),
        .sql("SELECT text FROM notes WHERE id = $1", binding: ["id"])
    )

    /// `DELETE /notes/{id}`
    static let removeNote = RouteDefinition(
        RouteDeclaration(
            "removeNote",
            RouteSignature(
                namespace: "located",
                fingerprint: "3f9a01c2",
                method: .delete,
                path: "/notes/{id}",
                inputs: [RouteInput(.path, "id", .int)]
            ),
            .write(WritePolicy()),
            returns: .none,
            location: "located.routes.yaml:9"
        ),
        .sql("DELETE FROM notes WHERE id = $1", binding: ["id"]),
        precondition: PreconditionPolicy(Self.getNote, required: true)
    )

    /// `GET /notes/count`
    static func count(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "count",
            RouteSignature(
                namespace: "located",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/notes/count",
                inputs: []
            ),
            .read(CachePolicy()),
            location: "located.routes.yaml:12"
        )
        return RouteDefinition(
            declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.count())
            }
        )
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `PreconditionPolicy`.
    typealias PreconditionPolicy = CachedRoutes.PreconditionPolicy
    /// The library's, whatever else this module calls `RouteDeclaration`.
    typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    typealias RouteInput = CachedRoutes.RouteInput
    /// The library's, whatever else this module calls `WritePolicy`.
    typealias WritePolicy = CachedRoutes.WritePolicy
}
