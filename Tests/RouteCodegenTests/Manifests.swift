import RouteManifest
import RouteModel

/// The manifests whose generated files are in `Goldens`.
enum Manifests {
    /// All of them, by the names of their files.
    static let all = [
        "account.routes.yaml": account,
        "cached-answers.routes.yaml": cachedAnswers,
        "conditions.routes.yaml": conditions,
        "hostile.routes.yaml": hostile,
        "hostile-rows.routes.yaml": hostileRows,
        "inputs.routes.yaml": inputs,
        "kinds.routes.yaml": kinds,
        "least.routes.yaml": least,
        "located.routes.yaml": located,
        "namespaces.routes.yaml": namespaces,
        "orders.routes.yaml": orders,
        "patches.routes.yaml": patches,
        "rows.routes.yaml": rows,
        "tagged.routes.yaml": tagged,
        "uncached.routes.yaml": uncached,
        "users.routes.yaml": users,
        "writes.routes.yaml": writes,
    ]

    /// Statements only, as in the introduction.
    static let users = manifest(
        "UsersRoutes",
        namespace: "users-api",
        routes: [
            route(
                "listUsers",
                path: "/api/v1/users",
                summary: "List users, a page at a time",
                inputs: [
                    RouteInput(.query, "skip", .int, default: "0", min: "0"),
                    RouteInput(.query, "limit", .int, default: "20", min: "1", max: "20000"),
                ],
                source: .sql(
                    PositionalStatement(
                        sql: """
                            SELECT id, email, full_name, is_active, created_at, bio
                            FROM users
                              ORDER BY id LIMIT $1 OFFSET $2
                            """,
                        parameters: [1, 0]
                    )
                ),
                timeout: .seconds(2),
                isPublic: true
            ),
            route(
                "getUser",
                path: "/api/v1/users/{id}",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.header, "lang", .string, from: "Accept-Language", default: "en", oneOf: ["en", "de"]),
                ],
                source: .sql(
                    PositionalStatement(sql: "SELECT * FROM users WHERE id = $1 AND $2 <> ''", parameters: [0, 1])
                ),
                returns: .one,
                cache: CachePolicy(ttl: .seconds(300), clientTTL: .zero, maxBody: 64 << 10, coalesce: .off)
            ),
            route(
                "now",
                path: "/api/v1/now",
                source: .sql(PositionalStatement(sql: "SELECT 1", parameters: [])),
                returns: .value,
                status: 203,
                timeout: .milliseconds(1500),
                unknownQuery: .reject,
                cache: CachePolicy(ttl: .milliseconds(500), clientTTL: nil, maxBody: 1000, coalesce: .process)
            ),
        ]
    )

    /// Handlers with every kind of input, seen everywhere.
    static let kinds = manifest(
        "KindsRoutes",
        namespace: "kinds",
        access: .public,
        imports: ["Synchronization", "CachedRoutes"],
        routes: [
            route(
                "scalars",
                path: "/scalars/{id}",
                summary: "Every scalar",
                inputs: [
                    RouteInput(.path, "id", .uuid),
                    RouteInput(.query, "int", .int),
                    RouteInput(.query, "int32", .int32, default: "-1", min: "-5", max: "5"),
                    RouteInput(.query, "double", .double, optional: true),
                    RouteInput(.query, "decimal", .decimal, default: "0.1"),
                    RouteInput(.query, "bool", .bool, default: "true"),
                    RouteInput(.query, "string", .string, default: "x", minLength: 1, maxLength: 10),
                    RouteInput(.query, "date", .date, optional: true),
                    RouteInput(.query, "timestamp", .timestamp, optional: true),
                    RouteInput(.header, "agent", .string, from: "User-Agent"),
                    RouteInput(.context, "userID", .uuid),
                ],
                source: .handler
            ),
            route(
                "lists",
                path: "/lists",
                inputs: [
                    RouteInput(.query, "ids", .list(.int)),
                    RouteInput(.query, "names", .list(.string), optional: true),
                    RouteInput(.query, "tags", .list(.string), default: ["a", "b"]),
                    RouteInput(.query, "days", .list(.date), default: []),
                ],
                source: .handler
            ),
            route("nothing", path: "/nothing", source: .handler, isPublic: true),
            route(
                "mine",
                path: "/mine",
                inputs: [
                    RouteInput(.context, "userID", .uuid), RouteInput(.context, "since", .timestamp, optional: true),
                ],
                source: .sql(PositionalStatement(sql: "SELECT $1, $2", parameters: [0, 1]))
            ),
        ]
    )

    /// A context of a package's own.
    static let account = manifest(
        "AccountRoutes",
        namespace: "account",
        access: .package,
        imports: ["Synchronization"],
        routes: [
            route(
                "balance",
                path: "/balance",
                inputs: [RouteInput(.context, "userID", .uuid), RouteInput(.context, "name", .string)],
                source: .sql(PositionalStatement(sql: "SELECT $1, $2", parameters: [0, 1])),
                returns: .one
            ),
            route("limits", path: "/limits", inputs: [RouteInput(.query, "values", .int)], source: .handler),
            route(
                "keywords",
                path: "/keywords",
                inputs: ["in", "inout", "var", "let", "default", "class", "some"].map { RouteInput(.query, $0, .int) },
                source: .handler
            ),
        ]
    )

    /// Names and texts that Swift would read as something else.
    static let hostile = manifest(
        "HostileRoutes",
        namespace: "quote\"back\\slash",
        routes: [
            route(
                "default",
                path: "/\\(1)/\"/ü/👩‍👩‍👧",
                summary: "Two\nlines */ \u{2028} and \\(more)\r\n    ",
                inputs: [
                    RouteInput(
                        .query,
                        "in",
                        .string,
                        default: "\"",
                        oneOf: ["\"", "\\", "\\(x)", "a\r\nb", "\u{202E}abc", "\u{0}", "é", "e\u{301}"]
                    ),
                    RouteInput(.query, "self", .string, default: "\t"),
                    RouteInput(.query, "init", .string, optional: true),
                    RouteInput(.query, "Type", .string, optional: true),
                    RouteInput(.query, "values", .string, optional: true),
                    RouteInput(.query, "input", .string, optional: true),
                ],
                source: .handler
            ),
            route(
                "HandlerResponse",
                path: "/sql",
                inputs: [RouteInput(.query, "class", .string)],
                source: .sql(PositionalStatement(sql: Self.sql, parameters: [0]))
            ),
            route("Handlers", path: "/handlers", source: .handler),
            route("HandlersRoute", path: "/2", source: .handler),
            route("usage", path: "/3", inputs: [RouteInput(.query, "name", .int)], source: .handler),
            route("Usage", path: "/4", inputs: [RouteInput(.query, "name", .int)], source: .handler),
            route("UsageInput", path: "/5", source: .sql(PositionalStatement(sql: "SELECT 1\r\n", parameters: []))),
            route("routes", path: "/6", source: .sql(PositionalStatement(sql: "SELECT '\"\"\"'", parameters: []))),
            route("handlers", path: "/7", inputs: [RouteInput(.query, "handlers", .int)], source: .handler),
            route("self", path: "/8", source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))),
            route("String", path: "/9", source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))),
            route(
                "WritePolicy",
                method: .post,
                path: "/10",
                inputs: [RouteInput(.body, "in", .json, default: #""\u005C""#)],
                source: .sql(PositionalStatement(sql: "SELECT $1", parameters: [0])),
                kind: .write(WritePolicy(isolation: .readCommitted, retries: 1, maxRequestBody: 1 << 10)),
                errors: [
                    "\"a\\(b)\u{202E}": ConstraintResponse(400, "\"\\(x)\u{2028} é e\u{301}"),
                    "a": ConstraintResponse(599, String(repeating: "long ", count: 30)),
                ]
            ),
            route(
                "ConstraintResponse",
                path: "/11",
                source: .sql(PositionalStatement(sql: "SELECT 1", parameters: []))
            ),
            route(
                "TablePolicy",
                path: "/13",
                source: .sql(PositionalStatement(sql: "SELECT 1", parameters: [])),
                cache: CachePolicy(
                    tags: ["\u{22}\\(b)\u{202E}{in}"],
                    tables: TablePolicy(["\"\\(a)\u{202E}"])
                )
            ),
            route(
                "WarmPolicy",
                path: "/12",
                inputs: [RouteInput(.query, "in", .string)],
                source: .sql(PositionalStatement(sql: "SELECT $1", parameters: [0])),
                cache: CachePolicy(
                    warm: WarmPolicy(
                        every: .seconds(60),
                        with: [["in": ["\"\\(x)\u{202E}\r\n"]], ["in": ["é"]], ["in": ["e\u{301}"]], ["in": ["\0👩‍👩‍👧"]]]
                    )
                )
            ),
        ]
    )

    /// Everything there is to say about a cache, seen everywhere.
    static let cachedAnswers = manifest(
        "CachedAnswersRoutes",
        namespace: "cached",
        access: .public,
        routes: [
            route(
                "all",
                path: "/all/{id}",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.query, "days", .int, default: "7"),
                    RouteInput(.query, "Until", .date, optional: true),
                    RouteInput(.query, "names", .list(.string), optional: true),
                ],
                source: .sql(PositionalStatement(sql: "SELECT $1, $2, $3, $4", parameters: [0, 1, 2, 3])),
                unknownQuery: .reject,
                requestDirectives: .honor,
                cache: CachePolicy(
                    ttl: .seconds(300),
                    jitter: 20,
                    staleWhileRevalidate: .seconds(30),
                    staleIfError: .milliseconds(1500),
                    negativeTTL: .seconds(10),
                    clientTTL: .seconds(5),
                    maxBody: 1 << 20,
                    coalesce: .fleet,
                    compress: false,
                    warm: WarmPolicy(
                        every: .seconds(60),
                        with: [
                            ["id": ["1"]],
                            ["id": ["2"], "days": ["30"], "Until": ["2024-02-29"], "names": ["b", "a"]],
                        ],
                        atStart: false
                    )
                ),
                read: .replica
            ),
            route(
                "latest",
                path: "/latest",
                inputs: [RouteInput(.query, "days", .int, default: "7")],
                source: .handler,
                requestDirectives: .honor,
                cache: CachePolicy(
                    jitter: 0,
                    warm: WarmPolicy(every: .milliseconds(500), with: [["days": ["30"]], [:]])
                )
            ),
            route(
                "now",
                path: "/now",
                source: .sql(PositionalStatement(sql: "SELECT now()", parameters: [])),
                cache: CachePolicy(
                    staleIfError: .seconds(600),
                    coalesce: .off,
                    warm: WarmPolicy(every: .seconds(30))
                )
            ),
        ]
    )

    /// Routes that are never cached.
    static let uncached = manifest(
        "UncachedRoutes",
        namespace: "uncached",
        routes: [
            route(
                "now",
                path: "/now",
                source: .sql(PositionalStatement(sql: "SELECT now()", parameters: [])),
                returns: .value,
                isPublic: true,
                kind: .read(nil)
            ),
            route("dice", path: "/dice", source: .handler, kind: .read(nil)),
        ]
    )

    /// A manifest with one route of the least there is to say.
    static let least = manifest(
        "LeastRoutes",
        namespace: "least",
        routes: [route("ping", path: "/", source: .sql(PositionalStatement(sql: "SELECT 1", parameters: [])))]
    )

    /// Writes with everything there is to say about them, seen everywhere, and a read from a replica.
    static let orders = manifest(
        "OrdersRoutes",
        namespace: "orders",
        access: .public,
        routes: [
            route(
                "placeOrder",
                method: .put,
                path: "/orders/{id}",
                summary: "Place an order",
                inputs: [
                    RouteInput(.path, "id", .uuid),
                    RouteInput(.body, "number", .int, min: "1"),
                    RouteInput(.body, "details", .json),
                    RouteInput(.body, "lines", .list(.json), default: [#"{"a":"\\"}"#]),
                    RouteInput(.body, "placedAt", .timestamp, optional: true),
                ],
                source: .sql(
                    PositionalStatement(
                        sql: """
                            INSERT INTO orders VALUES ($1, $2, $3, $4, $5)
                            RETURNING id
                            """,
                        parameters: [0, 1, 2, 3, 4]
                    )
                ),
                returns: .one,
                status: 201,
                timeout: .seconds(10),
                unknownQuery: .reject,
                kind: .write(
                    WritePolicy(isolation: .repeatableRead, retries: 3, maxRequestBody: 64 << 10)
                ),
                concurrency: 3,
                errors: [
                    "orders_number_key": ConstraintResponse(409, "That \"number\" is taken…"),
                    "orders_customer_fkey": ConstraintResponse(404, #"There is no \(customer)."#),
                ]
            ),
            route(
                "cancelOrder",
                method: .delete,
                path: "/orders/{id}",
                inputs: [RouteInput(.path, "id", .uuid)],
                source: .sql(PositionalStatement(sql: "DELETE FROM orders WHERE id = $1", parameters: [0])),
                returns: .none,
                status: 204,
                kind: .write(WritePolicy(isolation: nil, retries: 0, maxRequestBody: 1 << 20)),
                errors: ["c": ConstraintResponse(422, "It has been sent.")]
            ),
            route(
                "getOrder",
                method: .get,
                path: "/orders/{id}",
                inputs: [RouteInput(.path, "id", .uuid)],
                source: .sql(PositionalStatement(sql: "SELECT * FROM orders WHERE id = $1", parameters: [0])),
                returns: .one,
                read: .replica,
                errors: ["c": ConstraintResponse(400, "x")]
            ),
            route(
                "importOrders",
                method: .post,
                path: "/orders",
                inputs: [
                    RouteInput(.query, "dry", .bool, default: "false"),
                    RouteInput(.body, "orders", .list(.json)),
                    RouteInput(.body, "note", .json, optional: true),
                    RouteInput(.body, "day", .date),
                ],
                source: .handler,
                status: 202,
                kind: .write(WritePolicy(isolation: nil, retries: 0, maxRequestBody: 16 << 20))
            ),
            route(
                "clear",
                method: .post,
                path: "/clear",
                source: .handler,
                kind: .write(WritePolicy(isolation: nil, retries: 0, maxRequestBody: 1 << 20))
            ),
        ]
    )

    /// One write, with nothing to say about constraints.
    static let writes = manifest(
        "WritesRoutes",
        namespace: "writes",
        routes: [
            route(
                "touch",
                method: .patch,
                path: "/",
                source: .sql(PositionalStatement(sql: "UPDATE t SET a = now()", parameters: [])),
                returns: .none,
                status: 204,
                kind: .write(WritePolicy(isolation: .serializable, retries: 0, maxRequestBody: 1000))
            )
        ]
    )

    private static let sql = """
        SELECT '\\', "a""b", E'\\'\\\\', '\\(x)', 'a' || $1 -- 👩‍👩‍👧 é e\u{301}\r
        \tFROM t WHERE x = '\"\"\"' AND y = '\"\"\"\"' AND z = '\u{7}\u{202E}' \u{20}
        \u{20}\u{20}

        """

    static func manifest(
        _ typeName: String,
        namespace: String,
        access: Manifest.Access = .internal,
        imports: [String] = [],
        routes: [ManifestRoute]
    ) -> Manifest {
        Manifest(
            typeName: typeName,
            namespace: namespace,
            access: access,
            imports: imports,
            routes: routes.map { route in
                var route = route
                route.declaration.signature = RouteSignature(
                    namespace: namespace,
                    fingerprint: "3f9a01c2",
                    method: route.signature.method,
                    path: route.signature.path,
                    inputs: route.signature.inputs
                )
                return route
            }
        )
    }

    static func route(
        _ name: String,
        method: RouteSignature.Method = .get,
        path: String,
        summary: String? = nil,
        inputs: [RouteInput] = [],
        source: ManifestRoute.Source,
        returns: RouteDeclaration.Returns = .many,
        status: Int? = nil,
        timeout: Duration = .seconds(5),
        isPublic: Bool = false,
        unknownQuery: RouteDeclaration.UnknownQuery = .ignore,
        requestDirectives: RouteDeclaration.RequestDirectives = .ignore,
        cache: CachePolicy = CachePolicy(),
        kind: RouteDeclaration.Kind? = nil,
        read: RouteDeclaration.ReadPreference = .primary,
        concurrency: Int? = nil,
        errors: [String: ConstraintResponse] = [:],
        precondition: ManifestPreconditionPolicy? = nil
    ) -> ManifestRoute {
        ManifestRoute(
            RouteDeclaration(
                name,
                RouteSignature(
                    namespace: "",
                    fingerprint: "",
                    method: method,
                    path: PathTemplate(path),
                    inputs: inputs
                ),
                kind ?? .read(cache),
                returns: returns,
                status: status,
                timeout: timeout,
                isPublic: isPublic,
                unknownQuery: unknownQuery,
                read: read,
                concurrency: concurrency,
                errors: errors,
                requestDirectives: requestDirectives
            ),
            source: source,
            precondition: precondition,
            summary: summary
        )
    }
}
