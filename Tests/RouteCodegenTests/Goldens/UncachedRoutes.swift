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

    /// The types and the URLs of `now`.
    enum Now: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = NowInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { UncachedRoutes.now.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> NowInput {
            NowInput()
        }

        /// The texts of inputs.
        static func texts(of input: NowInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `now`.
    struct NowInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = UncachedRoutes.Now
    }

    /// A request of `now`.
    static func now(_: () = ()) -> NowInput {
        .init()
    }

    /// `GET /dice`
    static func dice(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Dice.declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.dice())
            }
        )
    }

    /// The types and the URLs of `dice`.
    enum Dice: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = DiceInput

        /// The route as the manifest declares it.
        static let declaration = RouteDeclaration(
            "dice",
            RouteSignature(namespace: "uncached", fingerprint: "3f9a01c2", method: .get, path: "/dice", inputs: []),
            .read(.off)
        )

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> DiceInput {
            DiceInput()
        }

        /// The texts of inputs.
        static func texts(of input: DiceInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `dice`.
    struct DiceInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = UncachedRoutes.Dice
    }

    /// A request of `dice`.
    static func dice() -> DiceInput {
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
