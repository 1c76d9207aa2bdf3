// Generated from located.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

/// The routes of `located.routes.yaml`, under the namespace `located`.
struct LocatedRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    init(handlers: some Handlers) {
        routes = [Self.getNote, Self.removeNote, Self.count(handlers)]
    }

    /// The methods behind the routes that say `handler: swift`.
    protocol Handlers: Sendable {
        /// What `count` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype CountOutput: Encodable & Sendable
        /// `GET /notes/count`
        func count() async throws -> CountOutput
    }

    /// `GET /notes/{id}`
    static let getNote = RouteDefinition(
        RouteDeclaration(
            "getNote",
            RouteSignature(
                namespace: "located",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/notes/{id}",
                inputs: [RouteInput(.path, "id", .int)]
            ),
            .read(CachePolicy()),
            returns: .one,
            location: "located.routes.yaml:4"
        ),
        .sql("SELECT text FROM notes WHERE id = $1", binding: ["id"])
    )

    /// The types and the URLs of `getNote`.
    enum GetNote: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = GetNoteInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { LocatedRoutes.getNote.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> GetNoteInput {
            GetNoteInput(id: values.required(0))
        }

        /// The texts of inputs.
        static func texts(of input: GetNoteInput) -> [CachedRoutes.InputText] {
            [.required(input.id)]
        }
    }

    /// The inputs of `getNote`.
    struct GetNoteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = LocatedRoutes.GetNote
        /// From the path.
        var id: Int
    }

    /// A request of `getNote`.
    static func getNote(id: Int) -> GetNoteInput {
        .init(id: id)
    }

    /// `DELETE /notes/{id}`
    static let removeNote = RouteDefinition(
        RouteDeclaration(
            "removeNote",
            RouteSignature(
                namespace: "located",
                fingerprint: "3f9a01c2",
                method: .delete,
                path: "/notes/{id}",
                inputs: [RouteInput(.path, "id", .int)]
            ),
            .write(WritePolicy()),
            returns: .none,
            location: "located.routes.yaml:9"
        ),
        .sql("DELETE FROM notes WHERE id = $1", binding: ["id"]),
        precondition: PreconditionPolicy(Self.getNote, required: true)
    )

    /// The types and the URLs of `removeNote`.
    enum RemoveNote: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = RemoveNoteInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { LocatedRoutes.removeNote.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> RemoveNoteInput {
            RemoveNoteInput(id: values.required(0))
        }

        /// The texts of inputs.
        static func texts(of input: RemoveNoteInput) -> [CachedRoutes.InputText] {
            [.required(input.id)]
        }
    }

    /// The inputs of `removeNote`.
    struct RemoveNoteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = LocatedRoutes.RemoveNote
        /// From the path.
        var id: Int
    }

    /// A request of `removeNote`.
    static func removeNote(id: Int) -> RemoveNoteInput {
        .init(id: id)
    }

    /// `GET /notes/count`
    static func count(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Count.declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.count())
            }
        )
    }

    /// The types and the URLs of `count`.
    enum Count: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = CountInput

        /// The route as the manifest declares it.
        static let declaration = RouteDeclaration(
            "count",
            RouteSignature(
                namespace: "located",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/notes/count",
                inputs: []
            ),
            .read(CachePolicy()),
            location: "located.routes.yaml:12"
        )

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> CountInput {
            CountInput()
        }

        /// The texts of inputs.
        static func texts(of input: CountInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `count`.
    struct CountInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = LocatedRoutes.Count
    }

    /// A request of `count`.
    static func count() -> CountInput {
        .init()
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `PreconditionPolicy`.
    typealias PreconditionPolicy = CachedRoutes.PreconditionPolicy
    /// The library's, whatever else this module calls `RouteDeclaration`.
    typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    typealias RouteInput = CachedRoutes.RouteInput
    /// The library's, whatever else this module calls `WritePolicy`.
    typealias WritePolicy = CachedRoutes.WritePolicy
}
