// Generated from kinds.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

public import CachedRoutes
import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// The routes of `kinds.routes.yaml`, under the namespace `kinds`.
public struct KindsRoutes: RouteSet {
    /// The routes in the manifest's order.
    public let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    public init(handlers: some Handlers) {
        routes = [Self.scalars(handlers), Self.lists(handlers), Self.nothing(handlers), Self.mine]
    }

    /// The methods behind the routes that say `handler: swift`.
    public protocol Handlers: Sendable {
        /// What `scalars` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype ScalarsOutput: Encodable & Sendable
        /// `GET /scalars/{id}`: Every scalar
        func scalars(_ input: ScalarsInput) async throws -> ScalarsOutput

        /// What `lists` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype ListsOutput: Encodable & Sendable
        /// `GET /lists`
        func lists(_ input: ListsInput) async throws -> ListsOutput

        /// What `nothing` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype NothingOutput: Encodable & Sendable
        /// `GET /nothing`
        func nothing() async throws -> NothingOutput
    }

    /// The inputs of `scalars`.
    public struct ScalarsInput: Sendable {
        /// From the path.
        public var id: UUID
        /// From the query.
        public var int: Int
        /// From the query.
        public var int32: Int32
        /// From the query.
        public var double: Double?
        /// From the query.
        public var decimal: String
        /// From the query.
        public var bool: Bool
        /// From the query.
        public var string: String
        /// From the query.
        public var date: String?
        /// From the query.
        public var timestamp: Date?
        /// From the `User-Agent` header.
        public var agent: String?
        /// From the context.
        public var userID: UUID

        /// All values; what is left out is absent.
        public init(
            id: UUID,
            int: Int,
            int32: Int32,
            double: Double? = nil,
            decimal: String,
            bool: Bool,
            string: String,
            date: String? = nil,
            timestamp: Date? = nil,
            agent: String? = nil,
            userID: UUID
        ) {
            self.id = id
            self.int = int
            self.int32 = int32
            self.double = double
            self.decimal = decimal
            self.bool = bool
            self.string = string
            self.date = date
            self.timestamp = timestamp
            self.agent = agent
            self.userID = userID
        }
    }

    /// The inputs of `lists`.
    public struct ListsInput: Sendable {
        /// From the query.
        public var ids: [Int]
        /// From the query.
        public var names: [String]?
        /// From the query.
        public var tags: [String]
        /// From the query.
        public var days: [String]

        /// All values; what is left out is absent.
        public init(ids: [Int], names: [String]? = nil, tags: [String], days: [String]) {
            self.ids = ids
            self.names = names
            self.tags = tags
            self.days = days
        }
    }

    /// What the app takes from an authenticated request.
    public struct Context: RouteContext {
        /// The context input `since`.
        public var since: Date?
        /// The context input `userID`.
        public var userID: UUID?

        /// All values; what is left out is absent.
        public init(since: Date? = nil, userID: UUID? = nil) {
            self.since = since
            self.userID = userID
        }

        /// The text of a context input; `nil` when the request has none.
        public func text(of name: String) -> String? {
            switch name {
            case "since": self.since?.canonicalText
            case "userID": self.userID?.canonicalText
            default: nil
            }
        }
    }

    /// `GET /scalars/{id}`: Every scalar
    public static func scalars(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "scalars",
            RouteSignature(
                namespace: "kinds",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/scalars/{id}",
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
                ]
            ),
            .read(CachePolicy())
        )
        return RouteDefinition(
            declaration,
            .handler { values in
                let input = ScalarsInput(
                    id: values.required(0),
                    int: values.required(1),
                    int32: values.required(2),
                    double: values.optional(3),
                    decimal: values.required(4),
                    bool: values.required(5),
                    string: values.required(6),
                    date: values.optional(7),
                    timestamp: values.optional(8),
                    agent: values.optional(9),
                    userID: values.required(10)
                )
                return try await HandlerResponse(encoding: handlers.scalars(input))
            }
        )
    }

    /// `GET /lists`
    public static func lists(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "lists",
            RouteSignature(
                namespace: "kinds",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/lists",
                inputs: [
                    RouteInput(.query, "ids", .list(.int)),
                    RouteInput(.query, "names", .list(.string), optional: true),
                    RouteInput(.query, "tags", .list(.string), default: ["a", "b"]),
                    RouteInput(.query, "days", .list(.date), default: []),
                ]
            ),
            .read(CachePolicy())
        )
        return RouteDefinition(
            declaration,
            .handler { values in
                let input = ListsInput(
                    ids: values.list(0),
                    names: values.optionalList(1),
                    tags: values.list(2),
                    days: values.list(3)
                )
                return try await HandlerResponse(encoding: handlers.lists(input))
            }
        )
    }

    /// `GET /nothing`
    public static func nothing(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "nothing",
            RouteSignature(namespace: "kinds", fingerprint: "3f9a01c2", method: .get, path: "/nothing", inputs: []),
            .read(CachePolicy()),
            isPublic: true
        )
        return RouteDefinition(
            declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.nothing())
            }
        )
    }

    /// `GET /mine`
    public static let mine = RouteDefinition(
        RouteDeclaration(
            "mine",
            RouteSignature(
                namespace: "kinds",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/mine",
                inputs: [
                    RouteInput(.context, "userID", .uuid),
                    RouteInput(.context, "since", .timestamp, optional: true),
                ]
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT $1, $2", binding: ["userID", "since"])
    )

    /// The library's, whatever else this module calls `CachePolicy`.
    public typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `RouteDeclaration`.
    public typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    public typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    public typealias RouteInput = CachedRoutes.RouteInput
}
