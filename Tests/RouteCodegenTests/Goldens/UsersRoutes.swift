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

    /// The types and the URLs of `listUsers`.
    enum ListUsers: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = ListUsersInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { UsersRoutes.listUsers.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> ListUsersInput {
            ListUsersInput(skip: values.required(0), limit: values.required(1))
        }

        /// The texts of inputs.
        static func texts(of input: ListUsersInput) -> [CachedRoutes.InputText] {
            [.required(input.skip), .required(input.limit)]
        }
    }

    /// The inputs of `listUsers`.
    struct ListUsersInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = UsersRoutes.ListUsers
        /// From the query.
        var skip: Int = 0
        /// From the query.
        var limit: Int = 20
    }

    /// A request of `listUsers`.
    static func listUsers(skip: Int = 0, limit: Int = 20) -> ListUsersInput {
        .init(skip: skip, limit: limit)
    }

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

    /// The types and the URLs of `getUser`.
    enum GetUser: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = GetUserInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { UsersRoutes.getUser.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> GetUserInput {
            GetUserInput(id: values.required(0), lang: values.required(1))
        }

        /// The texts of inputs.
        static func texts(of input: GetUserInput) -> [CachedRoutes.InputText] {
            [.required(input.id), .required(input.lang)]
        }
    }

    /// The inputs of `getUser`.
    struct GetUserInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = UsersRoutes.GetUser
        /// From the path.
        var id: Int
        /// From the `Accept-Language` header.
        var lang: String = "en"
    }

    /// A request of `getUser`.
    static func getUser(id: Int, lang: String = "en") -> GetUserInput {
        .init(id: id, lang: lang)
    }

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

    /// The types and the URLs of `now`.
    enum Now: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = NowInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { UsersRoutes.now.declaration }

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
        typealias Route = UsersRoutes.Now
    }

    /// A request of `now`.
    static func now(_: () = ()) -> NowInput {
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
