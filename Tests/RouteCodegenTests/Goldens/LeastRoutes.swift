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

    /// The types and the URLs of `ping`.
    enum Ping: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = PingInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { LeastRoutes.ping.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> PingInput {
            PingInput()
        }

        /// The texts of inputs.
        static func texts(of input: PingInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `ping`.
    struct PingInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = LeastRoutes.Ping
    }

    /// A request of `ping`.
    static func ping(_: () = ()) -> PingInput {
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
}
