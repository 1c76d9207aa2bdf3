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
        RouteDefinition(
            Self.Scalars.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.scalars(Self.Scalars.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `scalars`.
    public enum Scalars: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = ScalarsInput

        /// The route as the manifest declares it.
        public static let declaration = RouteDeclaration(
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

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> ScalarsInput {
            ScalarsInput(
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
        }

        /// The texts of inputs.
        public static func texts(of input: ScalarsInput) -> [CachedRoutes.InputText] {
            [
                .required(input.id),
                .required(input.int),
                .required(input.int32),
                .optional(input.double),
                .required(input.decimal),
                .required(input.bool),
                .required(input.string),
                .optional(input.date),
                .optional(input.timestamp),
                .optional(input.agent),
                .required(input.userID),
            ]
        }
    }

    /// The inputs of `scalars`.
    public struct ScalarsInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = KindsRoutes.Scalars
        /// From the path.
        public var id: UUID
        /// From the query.
        public var int: Int
        /// From the query.
        public var int32: Int32 = -1
        /// From the query.
        public var double: Double?
        /// From the query.
        public var decimal: String = "0.1"
        /// From the query.
        public var bool: Bool = true
        /// From the query.
        public var string: String = "x"
        /// From the query.
        public var date: String?
        /// From the query.
        public var timestamp: Date?
        /// From the `User-Agent` header.
        public var agent: String?
        /// From the context.
        public var userID: UUID

        /// All values; what is left out has its default, or is absent.
        public init(
            id: UUID,
            int: Int,
            int32: Int32 = -1,
            double: Double? = nil,
            decimal: String = "0.1",
            bool: Bool = true,
            string: String = "x",
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

    /// A request of `scalars`.
    public static func scalars(
        id: UUID,
        int: Int,
        int32: Int32 = -1,
        double: Double? = nil,
        decimal: String = "0.1",
        bool: Bool = true,
        string: String = "x",
        date: String? = nil,
        timestamp: Date? = nil,
        agent: String? = nil,
        userID: UUID
    ) -> ScalarsInput {
        .init(
            id: id,
            int: int,
            int32: int32,
            double: double,
            decimal: decimal,
            bool: bool,
            string: string,
            date: date,
            timestamp: timestamp,
            agent: agent,
            userID: userID
        )
    }

    /// `GET /lists`
    public static func lists(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Lists.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.lists(Self.Lists.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `lists`.
    public enum Lists: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = ListsInput

        /// The route as the manifest declares it.
        public static let declaration = RouteDeclaration(
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

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> ListsInput {
            ListsInput(ids: values.list(0), names: values.optionalList(1), tags: values.list(2), days: values.list(3))
        }

        /// The texts of inputs.
        public static func texts(of input: ListsInput) -> [CachedRoutes.InputText] {
            [.list(input.ids), .optionalList(input.names), .list(input.tags), .list(input.days)]
        }
    }

    /// The inputs of `lists`.
    public struct ListsInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = KindsRoutes.Lists
        /// From the query.
        public var ids: [Int]
        /// From the query.
        public var names: [String]?
        /// From the query.
        public var tags: [String] = ["a", "b"]
        /// From the query.
        public var days: [String] = []

        /// All values; what is left out has its default, or is absent.
        public init(ids: [Int], names: [String]? = nil, tags: [String] = ["a", "b"], days: [String] = []) {
            self.ids = ids
            self.names = names
            self.tags = tags
            self.days = days
        }
    }

    /// A request of `lists`.
    public static func lists(
        ids: [Int],
        names: [String]? = nil,
        tags: [String] = ["a", "b"],
        days: [String] = []
    ) -> ListsInput {
        .init(ids: ids, names: names, tags: tags, days: days)
    }

    /// `GET /nothing`
    public static func nothing(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Nothing.declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.nothing())
            }
        )
    }

    /// The types and the URLs of `nothing`.
    public enum Nothing: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = NothingInput

        /// The route as the manifest declares it.
        public static let declaration = RouteDeclaration(
            "nothing",
            RouteSignature(namespace: "kinds", fingerprint: "3f9a01c2", method: .get, path: "/nothing", inputs: []),
            .read(CachePolicy()),
            isPublic: true
        )

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> NothingInput {
            NothingInput()
        }

        /// The texts of inputs.
        public static func texts(of input: NothingInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `nothing`.
    public struct NothingInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = KindsRoutes.Nothing

        /// The route has no inputs.
        public init() {
        }
    }

    /// A request of `nothing`.
    public static func nothing() -> NothingInput {
        .init()
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

    /// The types and the URLs of `mine`.
    public enum Mine: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = MineInput

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { KindsRoutes.mine.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> MineInput {
            MineInput(userID: values.required(0), since: values.optional(1))
        }

        /// The texts of inputs.
        public static func texts(of input: MineInput) -> [CachedRoutes.InputText] {
            [.required(input.userID), .optional(input.since)]
        }
    }

    /// The inputs of `mine`.
    public struct MineInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = KindsRoutes.Mine
        /// From the context.
        public var userID: UUID
        /// From the context.
        public var since: Date?

        /// All values; what is left out has its default, or is absent.
        public init(userID: UUID, since: Date? = nil) {
            self.userID = userID
            self.since = since
        }
    }

    /// A request of `mine`.
    public static func mine(userID: UUID, since: Date? = nil) -> MineInput {
        .init(userID: userID, since: since)
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    public typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `RouteDeclaration`.
    public typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    public typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    public typealias RouteInput = CachedRoutes.RouteInput
}
