import RouteManifest
import RouteModel

extension Manifests {
    /// Names that only requests have, and inputs of which null is apart from absence.
    static let patches = manifest(
        "PatchesRoutes",
        namespace: "patches",
        access: .public,
        routes: [
            route(
                "list",
                path: "/users",
                inputs: [
                    RouteInput(.query, "pageSize", .int, from: "page-size", default: "20"),
                    RouteInput(.query, "quoted", .string, from: "\"\\(x)\r\n`é", optional: true),
                ],
                source: .handler
            ),
            route(
                "patchUser",
                method: .patch,
                path: "/users/{id}",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.body, "bio", .string, optional: true, nullable: true),
                    RouteInput(.body, "tags", .list(.string), from: "tag-list", optional: true, nullable: true),
                    RouteInput(.body, "settings", .json, optional: true, nullable: true),
                    RouteInput(.body, "name", .string, optional: true),
                    RouteInput(.body, "price", .decimal, default: "1.50"),
                ],
                source: .handler,
                kind: .write(WritePolicy(isolation: nil, retries: 0, maxRequestBody: 1 << 20))
            ),
            route(
                "NullableInput",
                method: .patch,
                path: "/users/{id}/bio",
                inputs: [
                    RouteInput(.path, "id", .int), RouteInput(.body, "bio", .string, optional: true, nullable: true),
                ],
                source: .sql(
                    PositionalStatement(
                        sql: "UPDATE users SET bio = CASE WHEN $1 THEN $2 ELSE bio END WHERE id = $3 RETURNING id",
                        parameters: [.presence(1), .value(1), .value(0)]
                    )
                ),
                returns: .one,
                kind: .write(WritePolicy(isolation: nil, retries: 0, maxRequestBody: 1 << 20))
            ),
        ]
    )
}
