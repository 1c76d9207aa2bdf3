// Generated from least.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

/// The routes of `least.routes.yaml`, under the namespace `least`.
struct LeastRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table; every route is answered by a statement.
    init() {
        routes = [Self.ping]
    }

    /// `GET /`
    static let ping = RouteDefinition(
        RouteDeclaration(
            "ping",
            RouteSignature(namespace: "least", fingerprint: "3f9a01c2", method: .get, path: "/", inputs: []),
            .read(CachePolicy())
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
