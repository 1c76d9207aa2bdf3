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

    /// The inputs of `latest`.
    public struct LatestInput: Sendable {
        /// From the query.
        public var days: Int

        /// All values; what is left out is absent.
        public init(days: Int) {
            self.days = days
        }
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

    /// `GET /latest`
    public static func latest(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
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
        return RouteDefinition(
            declaration,
            .handler { values in
                let input = LatestInput(days: values.required(0))
                return try await HandlerResponse(encoding: handlers.latest(input))
            }
        )
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
