// Generated from conditions.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

/// The routes of `conditions.routes.yaml`, under the namespace `conditions`.
struct ConditionsRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table; every route is answered by a statement.
    init() {
        routes = [Self.rename, Self.remove, Self.initRoute]
    }

    /// `PATCH /users/{id}`
    static let rename = RouteDefinition(
        RouteDeclaration(
            "rename",
            RouteSignature(
                namespace: "conditions",
                fingerprint: "3f9a01c2",
                method: .patch,
                path: "/users/{id}",
                inputs: [RouteInput(.path, "id", .int), RouteInput(.body, "name", .string)]
            ),
            .write(
                WritePolicy(
                    targets: [
                        .path("/users/{id}", in: "conditions"),
                        .route("me", in: "account", where: ["a\"b": "ü", "id": "7"]),
                    ]
                )
            ),
            returns: .none,
            status: 204,
            timeout: .seconds(1)
        ),
        .sql("UPDATE users SET name = $2 WHERE id = $1", binding: ["id", "name"]),
        precondition: PreconditionPolicy(Self.initRoute, required: true)
    )

    /// `DELETE /users/{id}`
    static let remove = RouteDefinition(
        RouteDeclaration(
            "remove",
            RouteSignature(
                namespace: "conditions",
                fingerprint: "3f9a01c2",
                method: .delete,
                path: "/users/{id}",
                inputs: [RouteInput(.path, "id", .int)]
            ),
            .write(WritePolicy(isolation: .serializable)),
            returns: .none,
            status: 204
        ),
        .sql("DELETE FROM users WHERE id = $1", binding: ["id"]),
        precondition: PreconditionPolicy(Self.initRoute)
    )

    /// `GET /users/{id}`
    static let initRoute = RouteDefinition(
        RouteDeclaration(
            "init",
            RouteSignature(
                namespace: "conditions",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/users/{id}",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.header, "lang", .string, from: "Accept-Language", default: "en", oneOf: ["en", "de"]),
                ]
            ),
            .read(CachePolicy(tags: ["/users/{id}"])),
            returns: .one
        ),
        .sql("SELECT $1, $2", binding: ["id", "lang"])
    )

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
