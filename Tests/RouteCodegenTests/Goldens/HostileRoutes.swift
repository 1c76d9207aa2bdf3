// Generated from hostile.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

/// The routes of `hostile.routes.yaml`, under the namespace `quote"back\slash`.
struct HostileRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    init(handlers: some Handlers) {
        routes = [
            Self.`default`(handlers),
            Self.HandlerResponseRoute,
            Self.HandlersRoute2(handlers),
            Self.HandlersRoute(handlers),
            Self.usage(handlers),
            Self.Usage(handlers),
            Self.UsageInput,
            Self.routes,
            Self.handlers(handlers),
            Self.selfRoute,
            Self.StringRoute,
            Self.WritePolicyRoute,
            Self.ConstraintResponseRoute,
            Self.TablePolicyRoute,
            Self.WarmPolicyRoute,
        ]
    }

    /// The methods behind the routes that say `handler: swift`.
    protocol Handlers: Sendable {
        /// What `default` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype DefaultOutput: Encodable & Sendable
        /// `GET /\(1)/"/ü/👩‍👩‍👧`: Two lines */ and \(more)
        func `default`(_ input: DefaultInput) async throws -> DefaultOutput

        /// What `HandlersRoute2` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype HandlersRoute2Output: Encodable & Sendable
        /// `GET /handlers`
        func HandlersRoute2() async throws -> HandlersRoute2Output

        /// What `HandlersRoute` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype HandlersRouteOutput: Encodable & Sendable
        /// `GET /2`
        func HandlersRoute() async throws -> HandlersRouteOutput

        /// What `usage` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype UsageOutput: Encodable & Sendable
        /// `GET /3`
        func usage(_ input: UsageInput2) async throws -> UsageOutput

        /// What `Usage` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype UsageOutput2: Encodable & Sendable
        /// `GET /4`
        func Usage(_ input: UsageInput3) async throws -> UsageOutput2

        /// What `handlers` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype HandlersOutput: Encodable & Sendable
        /// `GET /7`
        func handlers(_ input: HandlersInput) async throws -> HandlersOutput
    }

    /// The inputs of `default`.
    struct DefaultInput: Sendable {
        /// From the query.
        var `in`: String
        /// From the query.
        var selfValue: String
        /// From the query.
        var initValue: String?
        /// From the query.
        var TypeValue: String?
        /// From the query.
        var values: String?
        /// From the query.
        var input: String?
    }

    /// The inputs of `usage`.
    struct UsageInput2: Sendable {
        /// From the query.
        var name: Int
    }

    /// The inputs of `Usage`.
    struct UsageInput3: Sendable {
        /// From the query.
        var name: Int
    }

    /// The inputs of `handlers`.
    struct HandlersInput: Sendable {
        /// From the query.
        var handlers: Int
    }

    /// `GET /\(1)/"/ü/👩‍👩‍👧`: Two lines */ and \(more)
    static func `default`(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "default",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/\\(1)/\"/ü/👩‍👩‍👧",
                inputs: [
                    RouteInput(
                        .query,
                        "in",
                        .string,
                        default: "\"",
                        oneOf: ["\"", "\\", "\\(x)", "a\r\nb", "\u{202E}abc", "\u{0}", "é", "é"]
                    ),
                    RouteInput(.query, "self", .string, default: "\t"),
                    RouteInput(.query, "init", .string, optional: true),
                    RouteInput(.query, "Type", .string, optional: true),
                    RouteInput(.query, "values", .string, optional: true),
                    RouteInput(.query, "input", .string, optional: true),
                ]
            ),
            .read(CachePolicy())
        )
        return RouteDefinition(
            declaration,
            .handler { values in
                let input = DefaultInput(
                    in: values.required(0),
                    selfValue: values.required(1),
                    initValue: values.optional(2),
                    TypeValue: values.optional(3),
                    values: values.optional(4),
                    input: values.optional(5)
                )
                return try await HandlerResponse(encoding: handlers.`default`(input))
            }
        )
    }

    /// `GET /sql`
    static let HandlerResponseRoute = RouteDefinition(
        RouteDeclaration(
            "HandlerResponse",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/sql",
                inputs: [RouteInput(.query, "class", .string)]
            ),
            .read(CachePolicy())
        ),
        .sql(
            """
            SELECT '\\', "a""b", E'\\'\\\\', '\\(x)', 'a' || $1 -- 👩‍👩‍👧 é é\r
            	FROM t WHERE x = '""\"' AND y = '""\""' AND z = '\u{7}\u{202E}'  
              

            """,
            binding: ["class"]
        )
    )

    /// `GET /handlers`
    static func HandlersRoute2(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "Handlers",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/handlers",
                inputs: []
            ),
            .read(CachePolicy())
        )
        return RouteDefinition(
            declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.HandlersRoute2())
            }
        )
    }

    /// `GET /2`
    static func HandlersRoute(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "HandlersRoute",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/2",
                inputs: []
            ),
            .read(CachePolicy())
        )
        return RouteDefinition(
            declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.HandlersRoute())
            }
        )
    }

    /// `GET /3`
    static func usage(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "usage",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/3",
                inputs: [RouteInput(.query, "name", .int)]
            ),
            .read(CachePolicy())
        )
        return RouteDefinition(
            declaration,
            .handler { values in
                let input = UsageInput2(name: values.required(0))
                return try await HandlerResponse(encoding: handlers.usage(input))
            }
        )
    }

    /// `GET /4`
    static func Usage(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "Usage",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/4",
                inputs: [RouteInput(.query, "name", .int)]
            ),
            .read(CachePolicy())
        )
        return RouteDefinition(
            declaration,
            .handler { values in
                let input = UsageInput3(name: values.required(0))
                return try await HandlerResponse(encoding: handlers.Usage(input))
            }
        )
    }

    /// `GET /5`
    static let UsageInput = RouteDefinition(
        RouteDeclaration(
            "UsageInput",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/5",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql(
            """
            SELECT 1\r

            """
        )
    )

    /// `GET /6`
    static let routes = RouteDefinition(
        RouteDeclaration(
            "routes",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/6",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT '\"\"\"'")
    )

    /// `GET /7`
    static func handlers(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "handlers",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/7",
                inputs: [RouteInput(.query, "handlers", .int)]
            ),
            .read(CachePolicy())
        )
        return RouteDefinition(
            declaration,
            .handler { values in
                let input = HandlersInput(handlers: values.required(0))
                return try await HandlerResponse(encoding: handlers.handlers(input))
            }
        )
    }

    /// `GET /8`
    static let selfRoute = RouteDefinition(
        RouteDeclaration(
            "self",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/8",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// `GET /9`
    static let StringRoute = RouteDefinition(
        RouteDeclaration(
            "String",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/9",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// `POST /10`
    static let WritePolicyRoute = RouteDefinition(
        RouteDeclaration(
            "WritePolicy",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .post,
                path: "/10",
                inputs: [RouteInput(.body, "in", .json, default: "\"\\u005C\"")]
            ),
            .write(WritePolicy(isolation: .readCommitted, retries: 1, maxRequestBody: 1 << 10)),
            errors: [
                "\"a\\(b)\u{202E}": ConstraintResponse(400, "\"\\(x)\u{2028} é é"),
                "a": ConstraintResponse(
                    599,
                    "long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long "
                ),
            ]
        ),
        .sql("SELECT $1", binding: ["in"])
    )

    /// `GET /11`
    static let ConstraintResponseRoute = RouteDefinition(
        RouteDeclaration(
            "ConstraintResponse",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/11",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// `GET /13`
    static let TablePolicyRoute = RouteDefinition(
        RouteDeclaration(
            "TablePolicy",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/13",
                inputs: []
            ),
            .read(CachePolicy(tags: ["\"\\(b)\u{202E}{in}"], tables: TablePolicy(["\"\\(a)\u{202E}"])))
        ),
        .sql("SELECT 1")
    )

    /// `GET /12`
    static let WarmPolicyRoute = RouteDefinition(
        RouteDeclaration(
            "WarmPolicy",
            RouteSignature(
                namespace: "quote\"back\\slash",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/12",
                inputs: [RouteInput(.query, "in", .string)]
            ),
            .read(
                CachePolicy(
                    warm: WarmPolicy(
                        every: .seconds(60),
                        with: [["in": ["\"\\(x)\u{202E}\r\n"]], ["in": ["é"]], ["in": ["é"]], ["in": ["\u{0}👩‍👩‍👧"]]]
                    )
                )
            )
        ),
        .sql("SELECT $1", binding: ["in"])
    )

    /// The library's, whatever else this module calls `CachePolicy`.
    typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `ConstraintResponse`.
    typealias ConstraintResponse = CachedRoutes.ConstraintResponse
    /// The library's, whatever else this module calls `RouteDeclaration`.
    typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    typealias RouteInput = CachedRoutes.RouteInput
    /// The library's, whatever else this module calls `TablePolicy`.
    typealias TablePolicy = CachedRoutes.TablePolicy
    /// The library's, whatever else this module calls `WarmPolicy`.
    typealias WarmPolicy = CachedRoutes.WarmPolicy
    /// The library's, whatever else this module calls `WritePolicy`.
    typealias WritePolicy = CachedRoutes.WritePolicy
}
