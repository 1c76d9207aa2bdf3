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

    /// `GET /\(1)/"/ü/👩‍👩‍👧`: Two lines */ and \(more)
    static func `default`(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Default.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.`default`(Self.Default.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `default`.
    enum Default: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = DefaultInput

        /// The route as the manifest declares it.
        static let declaration = RouteDeclaration(
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

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> DefaultInput {
            DefaultInput(
                in: values.required(0),
                selfValue: values.required(1),
                initValue: values.optional(2),
                TypeValue: values.optional(3),
                values: values.optional(4),
                input: values.optional(5)
            )
        }

        /// The texts of inputs.
        static func texts(of input: DefaultInput) -> [CachedRoutes.InputText] {
            [
                .required(input.`in`),
                .required(input.selfValue),
                .optional(input.initValue),
                .optional(input.TypeValue),
                .optional(input.values),
                .optional(input.input),
            ]
        }
    }

    /// The inputs of `default`.
    struct DefaultInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.Default
        /// From the query.
        var `in`: String = "\""
        /// From the query.
        var selfValue: String = "\t"
        /// From the query.
        var initValue: String?
        /// From the query.
        var TypeValue: String?
        /// From the query.
        var values: String?
        /// From the query.
        var input: String?
    }

    /// A request of `default`.
    static func `default`(
        `in`: String = "\"",
        selfValue: String = "\t",
        initValue: String? = nil,
        TypeValue: String? = nil,
        values: String? = nil,
        input: String? = nil
    ) -> DefaultInput {
        .init(in: `in`, selfValue: selfValue, initValue: initValue, TypeValue: TypeValue, values: values, input: input)
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

    /// The types and the URLs of `HandlerResponseRoute`.
    enum HandlerResponseRoute2: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = HandlerResponseRouteInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { HostileRoutes.HandlerResponseRoute.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> HandlerResponseRouteInput {
            HandlerResponseRouteInput(class: values.required(0))
        }

        /// The texts of inputs.
        static func texts(of input: HandlerResponseRouteInput) -> [CachedRoutes.InputText] {
            [.required(input.`class`)]
        }
    }

    /// The inputs of `HandlerResponseRoute`.
    struct HandlerResponseRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.HandlerResponseRoute2
        /// From the query.
        var `class`: String
    }

    /// A request of `HandlerResponseRoute`.
    static func HandlerResponseRoute(`class`: String) -> HandlerResponseRouteInput {
        .init(class: `class`)
    }

    /// `GET /handlers`
    static func HandlersRoute2(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.HandlersRoute22.declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.HandlersRoute2())
            }
        )
    }

    /// The types and the URLs of `HandlersRoute2`.
    enum HandlersRoute22: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = HandlersRoute2Input

        /// The route as the manifest declares it.
        static let declaration = RouteDeclaration(
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

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> HandlersRoute2Input {
            HandlersRoute2Input()
        }

        /// The texts of inputs.
        static func texts(of input: HandlersRoute2Input) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `HandlersRoute2`.
    struct HandlersRoute2Input: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.HandlersRoute22
    }

    /// A request of `HandlersRoute2`.
    static func HandlersRoute2() -> HandlersRoute2Input {
        .init()
    }

    /// `GET /2`
    static func HandlersRoute(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.HandlersRoute3.declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.HandlersRoute())
            }
        )
    }

    /// The types and the URLs of `HandlersRoute`.
    enum HandlersRoute3: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = HandlersRouteInput

        /// The route as the manifest declares it.
        static let declaration = RouteDeclaration(
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

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> HandlersRouteInput {
            HandlersRouteInput()
        }

        /// The texts of inputs.
        static func texts(of input: HandlersRouteInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `HandlersRoute`.
    struct HandlersRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.HandlersRoute3
    }

    /// A request of `HandlersRoute`.
    static func HandlersRoute() -> HandlersRouteInput {
        .init()
    }

    /// `GET /3`
    static func usage(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Usage2.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.usage(Self.Usage2.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `usage`.
    enum Usage2: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = UsageInput2

        /// The route as the manifest declares it.
        static let declaration = RouteDeclaration(
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

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> UsageInput2 {
            UsageInput2(name: values.required(0))
        }

        /// The texts of inputs.
        static func texts(of input: UsageInput2) -> [CachedRoutes.InputText] {
            [.required(input.name)]
        }
    }

    /// The inputs of `usage`.
    struct UsageInput2: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.Usage2
        /// From the query.
        var name: Int
    }

    /// A request of `usage`.
    static func usage(name: Int) -> UsageInput2 {
        .init(name: name)
    }

    /// `GET /4`
    static func Usage(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Usage3.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.Usage(Self.Usage3.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `Usage`.
    enum Usage3: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = UsageInput3

        /// The route as the manifest declares it.
        static let declaration = RouteDeclaration(
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

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> UsageInput3 {
            UsageInput3(name: values.required(0))
        }

        /// The texts of inputs.
        static func texts(of input: UsageInput3) -> [CachedRoutes.InputText] {
            [.required(input.name)]
        }
    }

    /// The inputs of `Usage`.
    struct UsageInput3: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.Usage3
        /// From the query.
        var name: Int
    }

    /// A request of `Usage`.
    static func Usage(name: Int) -> UsageInput3 {
        .init(name: name)
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

    /// The types and the URLs of `UsageInput`.
    enum UsageInput4: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = UsageInputInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { HostileRoutes.UsageInput.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> UsageInputInput {
            UsageInputInput()
        }

        /// The texts of inputs.
        static func texts(of input: UsageInputInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `UsageInput`.
    struct UsageInputInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.UsageInput4
    }

    /// A request of `UsageInput`.
    static func UsageInput(_: () = ()) -> UsageInputInput {
        .init()
    }

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

    /// The types and the URLs of `routes`.
    enum Routes: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = RoutesInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { HostileRoutes.routes.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> RoutesInput {
            RoutesInput()
        }

        /// The texts of inputs.
        static func texts(of input: RoutesInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `routes`.
    struct RoutesInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.Routes
    }

    /// A request of `routes`.
    static func routes(_: () = ()) -> RoutesInput {
        .init()
    }

    /// `GET /7`
    static func handlers(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Handlers2.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.handlers(Self.Handlers2.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `handlers`.
    enum Handlers2: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = HandlersInput

        /// The route as the manifest declares it.
        static let declaration = RouteDeclaration(
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

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> HandlersInput {
            HandlersInput(handlers: values.required(0))
        }

        /// The texts of inputs.
        static func texts(of input: HandlersInput) -> [CachedRoutes.InputText] {
            [.required(input.handlers)]
        }
    }

    /// The inputs of `handlers`.
    struct HandlersInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.Handlers2
        /// From the query.
        var handlers: Int
    }

    /// A request of `handlers`.
    static func handlers(handlers: Int) -> HandlersInput {
        .init(handlers: handlers)
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

    /// The types and the URLs of `selfRoute`.
    enum SelfRoute: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = SelfRouteInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { HostileRoutes.selfRoute.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> SelfRouteInput {
            SelfRouteInput()
        }

        /// The texts of inputs.
        static func texts(of input: SelfRouteInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `selfRoute`.
    struct SelfRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.SelfRoute
    }

    /// A request of `selfRoute`.
    static func selfRoute(_: () = ()) -> SelfRouteInput {
        .init()
    }

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

    /// The types and the URLs of `StringRoute`.
    enum StringRoute2: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = StringRouteInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { HostileRoutes.StringRoute.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> StringRouteInput {
            StringRouteInput()
        }

        /// The texts of inputs.
        static func texts(of input: StringRouteInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `StringRoute`.
    struct StringRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.StringRoute2
    }

    /// A request of `StringRoute`.
    static func StringRoute(_: () = ()) -> StringRouteInput {
        .init()
    }

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

    /// The types and the URLs of `WritePolicyRoute`.
    enum WritePolicyRoute2: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = WritePolicyRouteInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { HostileRoutes.WritePolicyRoute.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> WritePolicyRouteInput {
            WritePolicyRouteInput(in: values.required(0))
        }

        /// The texts of inputs.
        static func texts(of input: WritePolicyRouteInput) -> [CachedRoutes.InputText] {
            [.required(input.`in`)]
        }
    }

    /// The inputs of `WritePolicyRoute`.
    struct WritePolicyRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.WritePolicyRoute2
        /// From the body.
        var `in`: String = "\"\\u005C\""
    }

    /// A request of `WritePolicyRoute`.
    static func WritePolicyRoute(`in`: String = "\"\\u005C\"") -> WritePolicyRouteInput {
        .init(in: `in`)
    }

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

    /// The types and the URLs of `ConstraintResponseRoute`.
    enum ConstraintResponseRoute2: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = ConstraintResponseRouteInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { HostileRoutes.ConstraintResponseRoute.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> ConstraintResponseRouteInput {
            ConstraintResponseRouteInput()
        }

        /// The texts of inputs.
        static func texts(of input: ConstraintResponseRouteInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `ConstraintResponseRoute`.
    struct ConstraintResponseRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.ConstraintResponseRoute2
    }

    /// A request of `ConstraintResponseRoute`.
    static func ConstraintResponseRoute(_: () = ()) -> ConstraintResponseRouteInput {
        .init()
    }

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

    /// The types and the URLs of `TablePolicyRoute`.
    enum TablePolicyRoute2: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TablePolicyRouteInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { HostileRoutes.TablePolicyRoute.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TablePolicyRouteInput {
            TablePolicyRouteInput()
        }

        /// The texts of inputs.
        static func texts(of input: TablePolicyRouteInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `TablePolicyRoute`.
    struct TablePolicyRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.TablePolicyRoute2
    }

    /// A request of `TablePolicyRoute`.
    static func TablePolicyRoute(_: () = ()) -> TablePolicyRouteInput {
        .init()
    }

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

    /// The types and the URLs of `WarmPolicyRoute`.
    enum WarmPolicyRoute2: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = WarmPolicyRouteInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { HostileRoutes.WarmPolicyRoute.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> WarmPolicyRouteInput {
            WarmPolicyRouteInput(in: values.required(0))
        }

        /// The texts of inputs.
        static func texts(of input: WarmPolicyRouteInput) -> [CachedRoutes.InputText] {
            [.required(input.`in`)]
        }
    }

    /// The inputs of `WarmPolicyRoute`.
    struct WarmPolicyRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = HostileRoutes.WarmPolicyRoute2
        /// From the query.
        var `in`: String
    }

    /// A request of `WarmPolicyRoute`.
    static func WarmPolicyRoute(`in`: String) -> WarmPolicyRouteInput {
        .init(in: `in`)
    }

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
