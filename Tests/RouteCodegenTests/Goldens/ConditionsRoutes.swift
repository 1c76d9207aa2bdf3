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

    /// The types and the URLs of `rename`.
    enum Rename: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = RenameInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { ConditionsRoutes.rename.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> RenameInput {
            RenameInput(id: values.required(0), name: values.required(1))
        }

        /// The texts of inputs.
        static func texts(of input: RenameInput) -> [CachedRoutes.InputText] {
            [.required(input.id), .required(input.name)]
        }
    }

    /// The inputs of `rename`.
    struct RenameInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = ConditionsRoutes.Rename
        /// From the path.
        var id: Int
        /// From the body.
        var name: String
    }

    /// A request of `rename`.
    static func rename(id: Int, name: String) -> RenameInput {
        .init(id: id, name: name)
    }

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

    /// The types and the URLs of `remove`.
    enum Remove: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = RemoveInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { ConditionsRoutes.remove.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> RemoveInput {
            RemoveInput(id: values.required(0))
        }

        /// The texts of inputs.
        static func texts(of input: RemoveInput) -> [CachedRoutes.InputText] {
            [.required(input.id)]
        }
    }

    /// The inputs of `remove`.
    struct RemoveInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = ConditionsRoutes.Remove
        /// From the path.
        var id: Int
    }

    /// A request of `remove`.
    static func remove(id: Int) -> RemoveInput {
        .init(id: id)
    }

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

    /// The types and the URLs of `initRoute`.
    enum InitRoute: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = InitRouteInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { ConditionsRoutes.initRoute.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> InitRouteInput {
            InitRouteInput(id: values.required(0), lang: values.required(1))
        }

        /// The texts of inputs.
        static func texts(of input: InitRouteInput) -> [CachedRoutes.InputText] {
            [.required(input.id), .required(input.lang)]
        }
    }

    /// The inputs of `initRoute`.
    struct InitRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = ConditionsRoutes.InitRoute
        /// From the path.
        var id: Int
        /// From the `Accept-Language` header.
        var lang: String = "en"
    }

    /// A request of `initRoute`.
    static func initRoute(id: Int, lang: String = "en") -> InitRouteInput {
        .init(id: id, lang: lang)
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
