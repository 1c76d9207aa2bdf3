// Generated from uncached.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

/// The routes of `uncached.routes.yaml`, under the namespace `uncached`.
struct UncachedRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    init(handlers: some Handlers) {
        routes = [Self.now, Self.dice(handlers)]
    }

    /// The methods behind the routes that say `handler: swift`.
    protocol Handlers: Sendable {
        /// What `dice` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype DiceOutput: Encodable & Sendable
        /// `GET /dice`
        func dice() async throws -> DiceOutput
    }

    /// `GET /now`
    static let now = RouteDefinition(
        RouteDeclaration(
            "now",
            RouteSignature(namespace: "uncached", fingerprint: "3f9a01c2", method: .get, path: "/now", inputs: []),
            .read(.off),
            returns: .value,
            isPublic: true
        ),
        .sql("SELECT now()")
    )

    /// `GET /dice`
    static func dice(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "dice",
            RouteSignature(namespace: "uncached", fingerprint: "3f9a01c2", method: .get, path: "/dice", inputs: []),
            .read(.off)
        )
        return RouteDefinition(
            declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.dice())
            }
        )
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `RouteDeclaration`.
    typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    typealias RouteInput = CachedRoutes.RouteInput
}
