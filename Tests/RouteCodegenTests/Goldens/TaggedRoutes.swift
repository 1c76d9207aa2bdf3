// Generated from tagged.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

#if hasFeature(InternalImportsByDefault)
    package import CachedRoutes

    #if canImport(FoundationEssentials)
        package import FoundationEssentials
    #else
        package import Foundation
    #endif
#else
    import CachedRoutes

    #if canImport(FoundationEssentials)
        import FoundationEssentials
    #else
        import Foundation
    #endif
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
            .read(CachePolicy(tags: ["users"], tables: TablePolicy(["users"]), near: .life, beforeRouter: .hits)),
            isPublic: true
        ),
        .sql("SELECT * FROM users LIMIT 100")
    )

    /// The types and the URLs of `users`.
    package enum Users: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = UsersInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { TaggedRoutes.users.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> UsersInput {
            UsersInput()
        }

        /// The texts of inputs.
        package static func texts(of input: UsersInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `users`.
    package struct UsersInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = TaggedRoutes.Users

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `users`.
    package static func users(_: () = ()) -> UsersInput {
        .init()
    }

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

    /// The types and the URLs of `events`.
    package enum Events: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = EventsInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { TaggedRoutes.events.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> EventsInput {
            EventsInput(
                team: values.required(0),
                ids: values.list(1),
                lang: values.required(2),
                userID: values.required(3)
            )
        }

        /// The texts of inputs.
        package static func texts(of input: EventsInput) -> [CachedRoutes.InputText] {
            [.required(input.team), .list(input.ids), .required(input.lang), .required(input.userID)]
        }
    }

    /// The inputs of `events`.
    package struct EventsInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = TaggedRoutes.Events
        /// From the path.
        package var team: UUID
        /// From the query.
        package var ids: [Int]
        /// From the `Accept-Language` header.
        package var lang: String = "en"
        /// From the context.
        package var userID: Int32

        /// All values; what is left out has its default, or is absent.
        package init(team: UUID, ids: [Int], lang: String = "en", userID: Int32) {
            self.team = team
            self.ids = ids
            self.lang = lang
            self.userID = userID
        }
    }

    /// A request of `events`.
    package static func events(team: UUID, ids: [Int], lang: String = "en", userID: Int32) -> EventsInput {
        .init(team: team, ids: ids, lang: lang, userID: userID)
    }

    /// `GET /now`
    package static func now(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Now.declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.now())
            }
        )
    }

    /// The types and the URLs of `now`.
    package enum Now: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = NowInput

        /// The route as the manifest declares it.
        package static let declaration = RouteDeclaration(
            "now",
            RouteSignature(namespace: "tagged", fingerprint: "3f9a01c2", method: .get, path: "/now", inputs: []),
            .read(CachePolicy(tables: TablePolicy(["users"], minimumInterval: .seconds(1))))
        )

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> NowInput {
            NowInput()
        }

        /// The texts of inputs.
        package static func texts(of input: NowInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `now`.
    package struct NowInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = TaggedRoutes.Now

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `now`.
    package static func now() -> NowInput {
        .init()
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

    /// The types and the URLs of `addEvents`.
    package enum AddEvents: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = AddEventsInput

        /// The route as the manifest declares it.
        package static var declaration: RouteDeclaration { TaggedRoutes.addEvents.declaration }

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> AddEventsInput {
            AddEventsInput(team: values.required(0), ids: values.list(1), kind: values.required(2))
        }

        /// The texts of inputs.
        package static func texts(of input: AddEventsInput) -> [CachedRoutes.InputText] {
            [.required(input.team), .list(input.ids), .required(input.kind)]
        }
    }

    /// The inputs of `addEvents`.
    package struct AddEventsInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = TaggedRoutes.AddEvents
        /// From the path.
        package var team: UUID
        /// From the body.
        package var ids: [Int]
        /// From the body.
        package var kind: String

        /// All values; what is left out has its default, or is absent.
        package init(team: UUID, ids: [Int], kind: String) {
            self.team = team
            self.ids = ids
            self.kind = kind
        }
    }

    /// A request of `addEvents`.
    package static func addEvents(team: UUID, ids: [Int], kind: String) -> AddEventsInput {
        .init(team: team, ids: ids, kind: kind)
    }

    /// `DELETE /events`
    package static func clear(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Clear.declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.clear())
            }
        )
    }

    /// The types and the URLs of `clear`.
    package enum Clear: CachedRoutes.RouteNamespace {
        /// The inputs.
        package typealias Input = ClearInput

        /// The route as the manifest declares it.
        package static let declaration = RouteDeclaration(
            "clear",
            RouteSignature(namespace: "tagged", fingerprint: "3f9a01c2", method: .delete, path: "/events", inputs: []),
            .write(WritePolicy(invalidates: ["events"]))
        )

        /// The inputs that have given values.
        package static func input(of values: CachedRoutes.InputValues) -> ClearInput {
            ClearInput()
        }

        /// The texts of inputs.
        package static func texts(of input: ClearInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `clear`.
    package struct ClearInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        package typealias Route = TaggedRoutes.Clear

        /// The route has no inputs.
        package init() {
        }
    }

    /// A request of `clear`.
    package static func clear() -> ClearInput {
        .init()
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
