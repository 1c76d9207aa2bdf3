// Generated from patches.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

public import CachedRoutes

/// The routes of `patches.routes.yaml`, under the namespace `patches`.
public struct PatchesRoutes: RouteSet {
    /// The routes in the manifest's order.
    public let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    public init(handlers: some Handlers) {
        routes = [Self.list(handlers), Self.patchUser(handlers), Self.NullableInputRoute]
    }

    /// The methods behind the routes that say `handler: swift`.
    public protocol Handlers: Sendable {
        /// What `list` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype ListOutput: Encodable & Sendable
        /// `GET /users`
        func list(_ input: ListInput) async throws -> ListOutput

        /// What `patchUser` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype PatchUserOutput: Encodable & Sendable
        /// `PATCH /users/{id}`
        func patchUser(_ input: PatchUserInput) async throws -> PatchUserOutput
    }

    /// `GET /users`
    public static func list(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.List.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.list(Self.List.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `list`.
    public enum List: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = ListInput

        /// The route as the manifest declares it.
        public static let declaration = RouteDeclaration(
            "list",
            RouteSignature(
                namespace: "patches",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/users",
                inputs: [
                    RouteInput(.query, "pageSize", .int, from: "page-size", default: "20"),
                    RouteInput(.query, "quoted", .string, from: "\"\\(x)\r\n`é", optional: true),
                ]
            ),
            .read(CachePolicy())
        )

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> ListInput {
            ListInput(pageSize: values.required(0), quoted: values.optional(1))
        }

        /// The texts of inputs.
        public static func texts(of input: ListInput) -> [CachedRoutes.InputText] {
            [.required(input.pageSize), .optional(input.quoted)]
        }
    }

    /// The inputs of `list`.
    public struct ListInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = PatchesRoutes.List
        /// From the query's `page-size`.
        public var pageSize: Int = 20
        /// From the query's `"\(x) `é`.
        public var quoted: String?

        /// All values; what is left out has its default, or is absent.
        public init(pageSize: Int = 20, quoted: String? = nil) {
            self.pageSize = pageSize
            self.quoted = quoted
        }
    }

    /// A request of `list`.
    public static func list(pageSize: Int = 20, quoted: String? = nil) -> ListInput {
        .init(pageSize: pageSize, quoted: quoted)
    }

    /// `PATCH /users/{id}`
    public static func patchUser(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.PatchUser.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.patchUser(Self.PatchUser.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `patchUser`.
    public enum PatchUser: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = PatchUserInput

        /// The route as the manifest declares it.
        public static let declaration = RouteDeclaration(
            "patchUser",
            RouteSignature(
                namespace: "patches",
                fingerprint: "3f9a01c2",
                method: .patch,
                path: "/users/{id}",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.body, "bio", .string, optional: true, nullable: true),
                    RouteInput(.body, "tags", .list(.string), from: "tag-list", optional: true, nullable: true),
                    RouteInput(.body, "settings", .json, optional: true, nullable: true),
                    RouteInput(.body, "name", .string, optional: true),
                    RouteInput(.body, "price", .decimal, default: "1.50"),
                ]
            ),
            .write(WritePolicy())
        )

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> PatchUserInput {
            PatchUserInput(
                id: values.required(0),
                bio: values.nullable(1),
                tags: values.nullableList(2),
                settings: values.nullable(3),
                name: values.optional(4),
                price: values.required(5)
            )
        }

        /// The texts of inputs.
        public static func texts(of input: PatchUserInput) -> [CachedRoutes.InputText] {
            [
                .required(input.id),
                .nullable(input.bio),
                .nullableList(input.tags),
                .nullable(input.settings),
                .optional(input.name),
                .required(input.price),
            ]
        }
    }

    /// The inputs of `patchUser`.
    public struct PatchUserInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = PatchesRoutes.PatchUser
        /// From the path.
        public var id: Int
        /// From the body.
        public var bio: NullableInput<String> = .absent
        /// From the body's `tag-list`.
        public var tags: NullableInput<[String]> = .absent
        /// From the body.
        public var settings: NullableInput<String> = .absent
        /// From the body.
        public var name: String?
        /// From the body.
        public var price: String = "1.50"

        /// All values; what is left out has its default, or is absent.
        public init(
            id: Int,
            bio: NullableInput<String> = .absent,
            tags: NullableInput<[String]> = .absent,
            settings: NullableInput<String> = .absent,
            name: String? = nil,
            price: String = "1.50"
        ) {
            self.id = id
            self.bio = bio
            self.tags = tags
            self.settings = settings
            self.name = name
            self.price = price
        }
    }

    /// A request of `patchUser`.
    public static func patchUser(
        id: Int,
        bio: NullableInput<String> = .absent,
        tags: NullableInput<[String]> = .absent,
        settings: NullableInput<String> = .absent,
        name: String? = nil,
        price: String = "1.50"
    ) -> PatchUserInput {
        .init(id: id, bio: bio, tags: tags, settings: settings, name: name, price: price)
    }

    /// `PATCH /users/{id}/bio`
    public static let NullableInputRoute = RouteDefinition(
        RouteDeclaration(
            "NullableInput",
            RouteSignature(
                namespace: "patches",
                fingerprint: "3f9a01c2",
                method: .patch,
                path: "/users/{id}/bio",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.body, "bio", .string, optional: true, nullable: true),
                ]
            ),
            .write(WritePolicy()),
            returns: .one
        ),
        .sql(
            "UPDATE users SET bio = CASE WHEN $1 THEN $2 ELSE bio END WHERE id = $3 RETURNING id",
            binding: ["bio_given", "bio", "id"]
        )
    )

    /// The types and the URLs of `NullableInputRoute`.
    public enum NullableInputRoute2: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = NullableInputRouteInput

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { PatchesRoutes.NullableInputRoute.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> NullableInputRouteInput {
            NullableInputRouteInput(id: values.required(0), bio: values.nullable(1))
        }

        /// The texts of inputs.
        public static func texts(of input: NullableInputRouteInput) -> [CachedRoutes.InputText] {
            [.required(input.id), .nullable(input.bio)]
        }
    }

    /// The inputs of `NullableInputRoute`.
    public struct NullableInputRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = PatchesRoutes.NullableInputRoute2
        /// From the path.
        public var id: Int
        /// From the body.
        public var bio: NullableInput<String> = .absent

        /// All values; what is left out has its default, or is absent.
        public init(id: Int, bio: NullableInput<String> = .absent) {
            self.id = id
            self.bio = bio
        }
    }

    /// A request of `NullableInputRoute`.
    public static func NullableInputRoute(id: Int, bio: NullableInput<String> = .absent) -> NullableInputRouteInput {
        .init(id: id, bio: bio)
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    public typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `NullableInput`.
    public typealias NullableInput = CachedRoutes.NullableInput
    /// The library's, whatever else this module calls `RouteDeclaration`.
    public typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    public typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    public typealias RouteInput = CachedRoutes.RouteInput
    /// The library's, whatever else this module calls `WritePolicy`.
    public typealias WritePolicy = CachedRoutes.WritePolicy
}
