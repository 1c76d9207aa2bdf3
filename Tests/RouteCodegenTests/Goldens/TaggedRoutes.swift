// Generated from tagged.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

#if hasFeature(InternalImportsByDefault)
    package import CachedRoutes
#else
    import CachedRoutes
#endif

/// The routes of `tagged.routes.yaml`, under the namespace `tagged`.
package struct TaggedRoutes: RouteSet {
    /// The routes in the manifest's order.
    package let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    package init(handlers: some Handlers) {
        routes = [Self.users, Self.events, Self.now(handlers), Self.addEvents, Self.clear(handlers)]
    }

    /// The methods behind the routes that say `handler: swift`.
    package protocol Handlers: Sendable {
        /// What `now` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype NowOutput: Encodable & Sendable
        /// `GET /now`
        func now() async throws -> NowOutput

        /// What `clear` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype ClearOutput: Encodable & Sendable
        /// `DELETE /events`
        func clear() async throws -> ClearOutput
    }

    /// What the app takes from an authenticated request.
    package struct Context: RouteContext {
        /// The context input `userID`.
        package var userID: Int32?

        /// All values; what is left out is absent.
        package init(userID: Int32? = nil) {
            self.userID = userID
        }

        /// The text of a context input; `nil` when the request has none.
        package func text(of name: String) -> String? {
            switch name {
            case "userID": self.userID?.canonicalText
            default: nil
            }
        }
    }

    /// `GET /users`
    package static let users = RouteDefinition(
        RouteDeclaration(
            "users",
            RouteSignature(namespace: "tagged", fingerprint: "3f9a01c2", method: .get, path: "/users", inputs: []),
            .read(CachePolicy(tags: ["users"], tables: TablePolicy(["users"]), near: .life, beforeRouter: true)),
            isPublic: true
        ),
        .sql("SELECT * FROM users LIMIT 100")
    )

    /// `GET /teams/{team}/events`
    package static let events = RouteDefinition(
        RouteDeclaration(
            "events",
            RouteSignature(
                namespace: "tagged",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/teams/{team}/events",
                inputs: [
                    RouteInput(.path, "team", .uuid),
                    RouteInput(.query, "ids", .list(.int)),
                    RouteInput(.header, "lang", .string, from: "Accept-Language", default: "en", oneOf: ["en", "de"]),
                    RouteInput(.context, "userID", .int32),
                ]
            ),
            .read(
                CachePolicy(
                    compress: false,
                    warm: WarmPolicy(every: .seconds(60)),
                    tags: ["events", "event:{ids}", "{userID}/{lang}@%7B+~", "team:{team}:event:{ids}"],
                    tables: TablePolicy(
                        ["Orders", "_a$1", "audit.events", "users"],
                        minimumInterval: .milliseconds(1500)
                    ),
                    near: .atMost(.seconds(5))
                )
            )
        ),
        .sql("SELECT $1, $2, $3, $4", binding: ["team", "ids", "lang", "userID"])
    )

    /// `GET /now`
    package static func now(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "now",
            RouteSignature(namespace: "tagged", fingerprint: "3f9a01c2", method: .get, path: "/now", inputs: []),
            .read(CachePolicy(tables: TablePolicy(["users"], minimumInterval: .seconds(1))))
        )
        return RouteDefinition(
            declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.now())
            }
        )
    }

    /// `POST /teams/{team}/events`
    package static let addEvents = RouteDefinition(
        RouteDeclaration(
            "addEvents",
            RouteSignature(
                namespace: "tagged",
                fingerprint: "3f9a01c2",
                method: .post,
                path: "/teams/{team}/events",
                inputs: [
                    RouteInput(.path, "team", .uuid),
                    RouteInput(.body, "ids", .list(.int)),
                    RouteInput(.body, "kind", .string),
                ]
            ),
            .write(
                WritePolicy(
                    isolation: .serializable,
                    retries: 3,
                    invalidates: ["events", "event:{ids}", "team:{team}:event:{ids}", "kind:{kind}"]
                )
            ),
            returns: .none,
            status: 204
        ),
        .sql("INSERT INTO a VALUES ($1, $2, $3)", binding: ["team", "ids", "kind"])
    )

    /// `DELETE /events`
    package static func clear(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "clear",
            RouteSignature(namespace: "tagged", fingerprint: "3f9a01c2", method: .delete, path: "/events", inputs: []),
            .write(WritePolicy(invalidates: ["events"]))
        )
        return RouteDefinition(
            declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.clear())
            }
        )
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    package typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `RouteDeclaration`.
    package typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    package typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    package typealias RouteInput = CachedRoutes.RouteInput
    /// The library's, whatever else this module calls `TablePolicy`.
    package typealias TablePolicy = CachedRoutes.TablePolicy
    /// The library's, whatever else this module calls `WarmPolicy`.
    package typealias WarmPolicy = CachedRoutes.WarmPolicy
    /// The library's, whatever else this module calls `WritePolicy`.
    package typealias WritePolicy = CachedRoutes.WritePolicy
}
