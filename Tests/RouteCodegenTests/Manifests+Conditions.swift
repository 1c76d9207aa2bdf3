import RouteManifest
import RouteModel

extension Manifests {
    /// Preconditions of writes, and the answers that they purge because of their path.
    static let conditions = manifest(
        "ConditionsRoutes",
        namespace: "conditions",
        routes: [
            route(
                "rename",
                method: .patch,
                path: "/users/{id}",
                inputs: [RouteInput(.path, "id", .int), RouteInput(.body, "name", .string)],
                source: .sql(PositionalStatement(sql: "UPDATE users SET name = $2 WHERE id = $1", parameters: [0, 1])),
                returns: .none,
                status: 204,
                timeout: .seconds(1),
                kind: .write(
                    WritePolicy(
                        isolation: nil,
                        retries: 0,
                        maxRequestBody: 1 << 20,
                        targets: [
                            .path("/users/{id}", in: "conditions"),
                            .route("me", in: "account", where: ["id": "7", "a\"b": "ü"]),
                        ]
                    )
                ),
                precondition: ManifestPreconditionPolicy(route: "init", isRequired: true)
            ),
            route(
                "remove",
                method: .delete,
                path: "/users/{id}",
                inputs: [RouteInput(.path, "id", .int)],
                source: .sql(PositionalStatement(sql: "DELETE FROM users WHERE id = $1", parameters: [0])),
                returns: .none,
                status: 204,
                kind: .write(
                    WritePolicy(
                        isolation: .serializable,
                        retries: 0,
                        maxRequestBody: 1 << 20
                    )
                ),
                precondition: ManifestPreconditionPolicy(route: "init")
            ),
            // A name that the member can't have.
            route(
                "init",
                path: "/users/{id}",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.header, "lang", .string, from: "Accept-Language", default: "en", oneOf: ["en", "de"]),
                ],
                source: .sql(PositionalStatement(sql: "SELECT $1, $2", parameters: [0, 1])),
                returns: .one,
                cache: CachePolicy(tags: ["/users/{id}"])
            ),
        ]
    )
}
