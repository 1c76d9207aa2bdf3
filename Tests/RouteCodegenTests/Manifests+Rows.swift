import RouteManifest
import RouteModel

extension Manifests {
    /// Rows of all forms of responses, as an app has them.
    static let rows = locked(
        manifest(
            "RowsRoutes",
            namespace: "rows",
            routes: [
                route(
                    "listOrders",
                    path: "/orders",
                    source: statement(
                        "SELECT * FROM orders WHERE state = $1 LIMIT $2",
                        parameters: ["public.order_state", "bigint"],
                        [
                            LockedColumn("id", "bigint"), LockedColumn("state", "public.order_state"),
                            LockedColumn("total", "numeric", isNullable: true),
                            LockedColumn("doc", "jsonb", isNullable: true),
                            LockedColumn("placed_at", "timestamp with time zone"), LockedColumn("sizes", "integer[]"),
                            LockedColumn("earlier", "public.order_state[]", isNullable: true),
                            LockedColumn("thumb", "bytea", isNullable: true), LockedColumn("code", "uuid"),
                            LockedColumn("ratio", "real"), LockedColumn("score", "double precision", isNullable: true),
                            LockedColumn("isPaid", "boolean"), LockedColumn("note", "text", isNullable: true),
                            LockedColumn("kind", "smallint"),
                        ]
                    )
                ),
                route(
                    "getUser",
                    path: "/users/1",
                    source: statement(
                        "SELECT id, name FROM users",
                        [
                            LockedColumn("id", "integer"), LockedColumn("name", "text"),
                        ]
                    ),
                    returns: .one
                ),
                route(
                    "total",
                    path: "/total",
                    source: statement(
                        "SELECT sum(total) FROM orders",
                        [
                            LockedColumn("sum", "numeric", isNullable: true)
                        ]
                    ),
                    returns: .value
                ),
                route(
                    "clear",
                    method: .delete,
                    path: "/orders",
                    source: statement("DELETE FROM orders", []),
                    returns: .none,
                    kind: .write(WritePolicy(isolation: nil, retries: 0, maxRequestBody: 1000))
                ),
                route("open", path: "/open", source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))),
            ]
        ),
        enums: ["public.order_state": ["draft", "partly paid", "sent"]]
    )

    /// Columns, labels and names of types that are hard to express, seen everywhere.
    static let hostileRows = locked(
        manifest(
            "HostileRowsRoutes",
            namespace: "hostile-rows",
            access: .public,
            routes: [
                route(
                    "state",
                    path: "/a",
                    source: statement(
                        "SELECT 1",
                        [
                            "self", "init", "Type", "in", "inout", "class", "row", "encoder", "hashValue", "encode",
                            "hash", "CodingKeys", "Int", "String", "ExactDecimal", "JSONFragment", "Codable", "_", "",
                            "a b", "a-b", "aB", "ä", "1st", "?column?", "quote\"\\(x)`", "line\nbreak\u{2028}",
                            "stringValue", "description", "rawValue", "none", "some", "id", "State3", "Any2",
                        ].map { LockedColumn($0, "integer", isNullable: true) }
                            + [LockedColumn("types\u{202E}", "public.\"wei\u{202E}rd\"")]
                    ),
                    returns: .one
                ),
                route(
                    "State",
                    path: "/b",
                    source: statement(
                        "SELECT 1",
                        [
                            "public.state", "public.\"State\"", "audit.\"my.state\"", "public.\"1\"", "public.\"ä\"",
                            "public.empty", "public.twins", "public.\"a \"\"b\"[]", "public.state_row", "public.int",
                            "public.missing", "public.\"any\"", "public.self", "public.type", "public.protocol",
                            "public.string", "public.bool", "public.codable", "public.\"Hashable\"", "public.sendable",
                            "public.\"CaseIterable\"", "public.encoder", "public.\"CodingKeys\"",
                            "public.\"ExactDecimal\"",
                            "public.optional", "public.raw_value", "public.decoder", "public.routes",
                            "public.hostile_rows_routes", "public.state_response", "public.cache_policy",
                            "public.cached_routes", "public.route_set",
                        ].enumerated().map { LockedColumn("c\($0)", $1) }
                    )
                ),
                route(
                    "StateRow",
                    path: "/c",
                    source: statement("SELECT", [])
                ),
                route(
                    "JSONArray",
                    path: "/d",
                    source: statement("SELECT 1", [LockedColumn("v", "integer[]")]),
                    returns: .value
                ),
            ]
        ),
        enums: [
            "public.state": [
                "self", "init", "Type", "Self", "Protocol", "default", "a b", "a-b", "aB", "ä", "", "_", "none", "some",
                "allCases", "rawValue", "hashValue", "42", "quote\"\\(x)", "line\nbreak", "description", "Int",
            ],
            "public.\"State\"": ["a"], "audit.\"my.state\"": ["a"], "public.\"1\"": ["a"], "public.\"ä\"": ["a"],
            "public.empty": [], "public.twins": ["\u{e9}", "e\u{301}"], "public.\"a \"\"b\"": ["a"],
            "public.state_row": ["a"], "public.int": ["a"], "public.\"wei\u{202E}rd\"": ["a"], "public.unused": ["a"],
            "public.\"any\"": ["a"], "public.self": ["a"], "public.type": ["a"], "public.protocol": ["a"],
            "public.string": ["a"], "public.bool": ["a"], "public.codable": ["a"], "public.\"Hashable\"": ["a"],
            "public.sendable": ["a"], "public.\"CaseIterable\"": ["a"], "public.encoder": ["a"],
            "public.\"CodingKeys\"": ["a"], "public.\"ExactDecimal\"": ["a"], "public.optional": ["a"],
            "public.raw_value": ["a"], "public.decoder": ["a"], "public.routes": ["a"],
            "public.hostile_rows_routes": ["a"], "public.state_response": ["a"], "public.cache_policy": ["a"],
            "public.cached_routes": ["a"], "public.route_set": ["a"],
        ]
    )

    private static func locked(_ manifest: Manifest, enums: [String: [String]]) -> Manifest {
        var manifest = manifest
        manifest.enums = enums
        return manifest
    }

    private static func statement(
        _ sql: String,
        parameters: [String] = [],
        _ columns: [LockedColumn]
    ) -> ManifestRoute.Source {
        var statement = PositionalStatement(sql: sql, parameters: [])
        statement.locked = LockedStatement(digest: "", parameters: parameters, columns: columns)
        return .sql(statement)
    }
}
