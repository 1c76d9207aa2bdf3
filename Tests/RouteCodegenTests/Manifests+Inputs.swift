import RouteManifest
import RouteModel

extension Manifests {
    /// Inputs of all types from all parts of a request, with SQL.
    static let inputs = manifest(
        "InputsRoutes",
        namespace: "inputs",
        routes: [
            route(
                "find",
                path: "/api/find/{text}/{number}/x.y/{day}/{id}",
                summary: "All that a GET request has",
                inputs: [
                    RouteInput(.query, "int", .int),
                    RouteInput(.query, "int32", .int32),
                    RouteInput(.query, "double", .double),
                    RouteInput(.query, "decimal", .decimal),
                    RouteInput(.query, "bool", .bool),
                    RouteInput(.query, "string", .string, from: "a b&c=d/é"),
                    RouteInput(.query, "uuid", .uuid, optional: true),
                    RouteInput(.query, "date", .date, optional: true),
                    RouteInput(.query, "timestamp", .timestamp, optional: true),
                    RouteInput(.query, "ints", .list(.int)),
                    RouteInput(.query, "doubles", .list(.double), optional: true),
                    RouteInput(.query, "texts", .list(.string), from: "text[]", default: []),
                    RouteInput(.query, "uuids", .list(.uuid), optional: true),
                    RouteInput(.path, "id", .uuid),
                    RouteInput(.path, "text", .string),
                    RouteInput(.path, "number", .decimal),
                    RouteInput(.path, "day", .date),
                    RouteInput(.header, "note", .string, from: "X-Note"),
                    RouteInput(.header, "language", .string, from: "Accept-Language", default: "en"),
                    RouteInput(.context, "memberID", .uuid),
                    RouteInput(.context, "role", .string, optional: true),
                ],
                source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))
            ),
            route(
                "defaults",
                path: "/defaults",
                inputs: [
                    RouteInput(.query, "int", .int, default: "-9223372036854775808"),
                    RouteInput(.query, "int32", .int32, default: "7"),
                    RouteInput(.query, "double", .double, default: "1e+20"),
                    RouteInput(.query, "decimal", .decimal, default: "0.1"),
                    RouteInput(.query, "bool", .bool, default: "false"),
                    RouteInput(.query, "string", .string, default: "a\"\\(b)\r\n\u{202E}é"),
                    RouteInput(.query, "uuid", .uuid, default: "6f1f2c50-8a0e-4f0e-9c3f-0123456789ab"),
                    RouteInput(.query, "date", .date, default: "2024-02-29"),
                    RouteInput(.query, "timestamp", .timestamp, default: "2024-02-29T00:00:00Z"),
                    RouteInput(.query, "ints", .list(.int), default: ["1", "-2"]),
                    RouteInput(.query, "bools", .list(.bool), default: ["true"]),
                    RouteInput(.query, "texts", .list(.string), default: ["", "b,c"]),
                ],
                source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))
            ),
            route(
                "change",
                method: .patch,
                path: "/things/{id}",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.body, "int", .int),
                    RouteInput(.body, "int32", .int32, optional: true),
                    RouteInput(.body, "double", .double),
                    RouteInput(.body, "decimal", .decimal),
                    RouteInput(.body, "bool", .bool),
                    RouteInput(.body, "string", .string, from: "a \"b\"\n\u{0}é"),
                    RouteInput(.body, "uuid", .uuid),
                    RouteInput(.body, "date", .date),
                    RouteInput(.body, "timestamp", .timestamp),
                    RouteInput(.body, "json", .json),
                    RouteInput(.body, "optionalJSON", .json, optional: true),
                    RouteInput(.body, "ints", .list(.int)),
                    RouteInput(.body, "doubles", .list(.double), optional: true),
                    RouteInput(.body, "texts", .list(.string), default: ["a"]),
                    RouteInput(.body, "nullableInt", .int, optional: true, nullable: true),
                    RouteInput(.body, "nullableText", .string, optional: true, nullable: true),
                    RouteInput(.body, "nullableJSON", .json, optional: true, nullable: true),
                    RouteInput(.body, "nullableTexts", .list(.string), optional: true, nullable: true),
                    RouteInput(.query, "dry", .bool, default: "false"),
                ],
                source: .sql(PositionalStatement(sql: "SELECT 1", parameters: [])),
                kind: .write(WritePolicy(isolation: nil, retries: 0, maxRequestBody: 1 << 20))
            ),
            route("root", path: "/", source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))),
        ]
    )

    /// Routes and inputs that are called as parts of a namespace are, and as the library's types are.
    static let namespaces = manifest(
        "NamespacesRoutes",
        namespace: "namespaces",
        access: .package,
        routes: [
            route(
                "route",
                path: "/route",
                inputs: [
                    RouteInput(.query, "Route", .int), RouteInput(.query, "route", .int),
                    RouteInput(.query, "Input", .int, optional: true), RouteInput(.query, "texts", .list(.int)),
                ],
                source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))
            ),
            route(
                "input",
                path: "/input",
                inputs: [
                    RouteInput(.query, "Route", .string, optional: true), RouteInput(.query, "values", .int),
                    RouteInput(.query, "InputInput", .int, default: "1"), RouteInput(.query, "InputText", .int),
                    RouteInput(.query, "declaration", .int, default: "2"), RouteInput(.query, "init", .int),
                ],
                source: .handler
            ),
            route("row", path: "/row", source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))),
            route("response", path: "/response", source: .handler),
            route("Row", path: "/Row", source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))),
            route(
                "RowInput",
                path: "/row-input",
                inputs: [RouteInput(.query, "_", .int), RouteInput(.query, "self", .string, default: "x")],
                source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))
            ),
            route("namespacesRoutes", path: "/n", source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))),
        ]
            + [
                "routeNamespace", "routeInputs", "inputText", "jSONFragment", "cachedRoutes", "void", "date", "any",
                "throws", "RouteInputs", "Swift",
            ].map { route($0, path: "/\($0)-", source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))) }
    )
}
