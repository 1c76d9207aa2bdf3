// Generated from writes.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

/// The routes of `writes.routes.yaml`, under the namespace `writes`.
struct WritesRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table; every route is answered by a statement.
    init() {
        routes = [Self.touch]
    }

    /// `PATCH /`
    static let touch = RouteDefinition(
        RouteDeclaration(
            "touch",
            RouteSignature(namespace: "writes", fingerprint: "3f9a01c2", method: .patch, path: "/", inputs: []),
            .write(WritePolicy(isolation: .serializable, maxRequestBody: 1000)),
            returns: .none,
            status: 204
        ),
        .sql("UPDATE t SET a = now()")
    )

    /// The types and the URLs of `touch`.
    enum Touch: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TouchInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { WritesRoutes.touch.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TouchInput {
            TouchInput()
        }

        /// The texts of inputs.
        static func texts(of input: TouchInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `touch`.
    struct TouchInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = WritesRoutes.Touch
    }

    /// A request of `touch`.
    static func touch(_: () = ()) -> TouchInput {
        .init()
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `RouteDeclaration`.
    typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    typealias RouteInput = CachedRoutes.RouteInput
    /// The library's, whatever else this module calls `WritePolicy`.
    typealias WritePolicy = CachedRoutes.WritePolicy
}
