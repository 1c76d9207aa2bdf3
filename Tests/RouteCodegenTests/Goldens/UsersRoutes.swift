// Generated from users.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

/// The routes of `users.routes.yaml`, under the namespace `users-api`.
struct UsersRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table; every route is answered by a statement.
    init() {
        routes = [Self.listUsers, Self.getUser, Self.now]
    }

    /// `GET /api/v1/users`: List users, a page at a time
    static let listUsers = RouteDefinition(
        RouteDeclaration(
            "listUsers",
            RouteSignature(
                namespace: "users-api",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/api/v1/users",
                inputs: [
                    RouteInput(.query, "skip", .int, default: "0", min: "0"),
                    RouteInput(.query, "limit", .int, default: "20", min: "1", max: "20000"),
                ]
            ),
            .read(CachePolicy()),
            timeout: .seconds(2),
            isPublic: true
        ),
        .sql(
            """
            SELECT id, email, full_name, is_active, created_at, bio
            FROM users
              ORDER BY id LIMIT $1 OFFSET $2
            """,
            binding: ["limit", "skip"]
        )
    )

    /// `GET /api/v1/users/{id}`
    static let getUser = RouteDefinition(
        RouteDeclaration(
            "getUser",
            RouteSignature(
                namespace: "users-api",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/api/v1/users/{id}",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.header, "lang", .string, from: "Accept-Language", default: "en", oneOf: ["en", "de"]),
                ]
            ),
            .read(CachePolicy(ttl: .seconds(300), clientTTL: .zero, maxBody: 64 << 10, coalesce: .off)),
            returns: .one
        ),
        .sql("SELECT * FROM users WHERE id = $1 AND $2 <> ''", binding: ["id", "lang"])
    )

    /// `GET /api/v1/now`
    static let now = RouteDefinition(
        RouteDeclaration(
            "now",
            RouteSignature(
                namespace: "users-api",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/api/v1/now",
                inputs: []
            ),
            .read(CachePolicy(ttl: .milliseconds(500), maxBody: 1000)),
            returns: .value,
            status: 203,
            timeout: .milliseconds(1500),
            unknownQuery: .reject
        ),
        .sql("SELECT 1")
    )

    /// The library's, whatever else this module calls `CachePolicy`.
    typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `RouteDeclaration`.
    typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    typealias RouteInput = CachedRoutes.RouteInput
}
