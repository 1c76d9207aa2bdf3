// Generated from cached-answers.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

public import CachedRoutes

/// The routes of `cached-answers.routes.yaml`, under the namespace `cached`.
public struct CachedAnswersRoutes: RouteSet {
    /// The routes in the manifest's order.
    public let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    public init(handlers: some Handlers) {
        routes = [Self.all, Self.latest(handlers), Self.now]
    }

    /// The methods behind the routes that say `handler: swift`.
    public protocol Handlers: Sendable {
        /// What `latest` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype LatestOutput: Encodable & Sendable
        /// `GET /latest`
        func latest(_ input: LatestInput) async throws -> LatestOutput
    }

    /// `GET /all/{id}`
    public static let all = RouteDefinition(
        RouteDeclaration(
            "all",
            RouteSignature(
                namespace: "cached",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/all/{id}",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.query, "days", .int, default: "7"),
                    RouteInput(.query, "Until", .date, optional: true),
                    RouteInput(.query, "names", .list(.string), optional: true),
                ]
            ),
            .read(
                CachePolicy(
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
                            ["Until": ["2024-02-29"], "days": ["30"], "id": ["2"], "names": ["b", "a"]],
                        ],
                        atStart: false
                    )
                )
            ),
            unknownQuery: .reject,
            read: .replica,
            requestDirectives: .honor
        ),
        .sql("SELECT $1, $2, $3, $4", binding: ["id", "days", "Until", "names"])
    )

    /// The types and the URLs of `all`.
    public enum All: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = AllInput

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { CachedAnswersRoutes.all.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> AllInput {
            AllInput(
                id: values.required(0),
                days: values.required(1),
                Until: values.optional(2),
                names: values.optionalList(3)
            )
        }

        /// The texts of inputs.
        public static func texts(of input: AllInput) -> [CachedRoutes.InputText] {
            [.required(input.id), .required(input.days), .optional(input.Until), .optionalList(input.names)]
        }
    }

    /// The inputs of `all`.
    public struct AllInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = CachedAnswersRoutes.All
        /// From the path.
        public var id: Int
        /// From the query.
        public var days: Int = 7
        /// From the query.
        public var Until: String?
        /// From the query.
        public var names: [String]?

        /// All values; what is left out has its default, or is absent.
        public init(id: Int, days: Int = 7, Until: String? = nil, names: [String]? = nil) {
            self.id = id
            self.days = days
            self.Until = Until
            self.names = names
        }
    }

    /// A request of `all`.
    public static func all(id: Int, days: Int = 7, Until: String? = nil, names: [String]? = nil) -> AllInput {
        .init(id: id, days: days, Until: Until, names: names)
    }

    /// `GET /latest`
    public static func latest(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Latest.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.latest(Self.Latest.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `latest`.
    public enum Latest: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = LatestInput

        /// The route as the manifest declares it.
        public static let declaration = RouteDeclaration(
            "latest",
            RouteSignature(
                namespace: "cached",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/latest",
                inputs: [RouteInput(.query, "days", .int, default: "7")]
            ),
            .read(CachePolicy(jitter: 0, warm: WarmPolicy(every: .milliseconds(500), with: [["days": ["30"]], [:]]))),
            requestDirectives: .honor
        )

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> LatestInput {
            LatestInput(days: values.required(0))
        }

        /// The texts of inputs.
        public static func texts(of input: LatestInput) -> [CachedRoutes.InputText] {
            [.required(input.days)]
        }
    }

    /// The inputs of `latest`.
    public struct LatestInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = CachedAnswersRoutes.Latest
        /// From the query.
        public var days: Int = 7

        /// All values; what is left out has its default, or is absent.
        public init(days: Int = 7) {
            self.days = days
        }
    }

    /// A request of `latest`.
    public static func latest(days: Int = 7) -> LatestInput {
        .init(days: days)
    }

    /// `GET /now`
    public static let now = RouteDefinition(
        RouteDeclaration(
            "now",
            RouteSignature(namespace: "cached", fingerprint: "3f9a01c2", method: .get, path: "/now", inputs: []),
            .read(CachePolicy(staleIfError: .seconds(600), coalesce: .off, warm: WarmPolicy(every: .seconds(30))))
        ),
        .sql("SELECT now()")
    )

    /// The types and the URLs of `now`.
    public enum Now: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = NowInput

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { CachedAnswersRoutes.now.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> NowInput {
            NowInput()
        }

        /// The texts of inputs.
        public static func texts(of input: NowInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `now`.
    public struct NowInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = CachedAnswersRoutes.Now

        /// The route has no inputs.
        public init() {
        }
    }

    /// A request of `now`.
    public static func now(_: () = ()) -> NowInput {
        .init()
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    public typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `RouteDeclaration`.
    public typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    public typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    public typealias RouteInput = CachedRoutes.RouteInput
    /// The library's, whatever else this module calls `WarmPolicy`.
    public typealias WarmPolicy = CachedRoutes.WarmPolicy
}
