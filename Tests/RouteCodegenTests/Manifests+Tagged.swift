import RouteManifest
import RouteModel

extension Manifests {
    /// What answers are purged by, where else they are kept, and what writes purge.
    static let tagged = manifest(
        "TaggedRoutes",
        namespace: "tagged",
        access: .package,
        routes: [
            route(
                "users",
                path: "/users",
                source: .sql(PositionalStatement(sql: "SELECT * FROM users LIMIT 100", parameters: [])),
                isPublic: true,
                cache: CachePolicy(
                    tags: ["users"],
                    tables: TablePolicy(["users"]),
                    near: .life,
                    beforeRouter: .hits
                )
            ),
            route(
                "events",
                path: "/teams/{team}/events",
                inputs: [
                    RouteInput(.path, "team", .uuid),
                    RouteInput(.query, "ids", .list(.int)),
                    RouteInput(.header, "lang", .string, from: "Accept-Language", default: "en", oneOf: ["en", "de"]),
                    RouteInput(.context, "userID", .int32),
                ],
                source: .sql(PositionalStatement(sql: "SELECT $1, $2, $3, $4", parameters: [0, 1, 2, 3])),
                cache: CachePolicy(
                    compress: false,
                    warm: WarmPolicy(every: .seconds(60)),
                    tags: ["events", "event:{ids}", "{userID}/{lang}@%7B+~", "team:{team}:event:{ids}"],
                    tables: TablePolicy(
                        ["Orders", "_a$1", "audit.events", "users"],
                        minimumInterval: .milliseconds(1500)
                    ),
                    near: .atMost(.seconds(5))
                )
            ),
            route(
                "now",
                path: "/now",
                source: .handler,
                cache: CachePolicy(
                    tables: TablePolicy(["users"], minimumInterval: .seconds(1)),
                    near: .off
                )
            ),
            route(
                "addEvents",
                method: .post,
                path: "/teams/{team}/events",
                inputs: [
                    RouteInput(.path, "team", .uuid), RouteInput(.body, "ids", .list(.int)),
                    RouteInput(.body, "kind", .string),
                ],
                source: .sql(PositionalStatement(sql: "INSERT INTO a VALUES ($1, $2, $3)", parameters: [0, 1, 2])),
                returns: .none,
                status: 204,
                kind: .write(
                    WritePolicy(
                        isolation: .serializable,
                        retries: 3,
                        maxRequestBody: 1 << 20,
                        invalidates: ["events", "event:{ids}", "team:{team}:event:{ids}", "kind:{kind}"]
                    )
                )
            ),
            route(
                "clear",
                method: .delete,
                path: "/events",
                source: .handler,
                kind: .write(
                    WritePolicy(isolation: nil, retries: 0, maxRequestBody: 1 << 20, invalidates: ["events"])
                )
            ),
        ]
    )
}
