// Generated from orders.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

public import CachedRoutes

/// The routes of `orders.routes.yaml`, under the namespace `orders`.
public struct OrdersRoutes: RouteSet {
    /// The routes in the manifest's order.
    public let routes: [RouteDefinition]

    /// The table, with `handlers` behind the routes that say `handler: swift`.
    public init(handlers: some Handlers) {
        routes = [Self.placeOrder, Self.cancelOrder, Self.getOrder, Self.importOrders(handlers), Self.clear(handlers)]
    }

    /// The methods behind the routes that say `handler: swift`.
    public protocol Handlers: Sendable {
        /// What `importOrders` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype ImportOrdersOutput: Encodable & Sendable
        /// `POST /orders`
        func importOrders(_ input: ImportOrdersInput) async throws -> ImportOrdersOutput

        /// What `clear` answers: any `Encodable`, or a `HandlerResponse` for ready bytes.
        associatedtype ClearOutput: Encodable & Sendable
        /// `POST /clear`
        func clear() async throws -> ClearOutput
    }

    /// The inputs of `importOrders`.
    public struct ImportOrdersInput: Sendable {
        /// From the query.
        public var dry: Bool
        /// From the body.
        public var orders: [String]
        /// From the body.
        public var note: String?
        /// From the body.
        public var day: String

        /// All values; what is left out is absent.
        public init(dry: Bool, orders: [String], note: String? = nil, day: String) {
            self.dry = dry
            self.orders = orders
            self.note = note
            self.day = day
        }
    }

    /// `PUT /orders/{id}`: Place an order
    public static let placeOrder = RouteDefinition(
        RouteDeclaration(
            "placeOrder",
            RouteSignature(
                namespace: "orders",
                fingerprint: "3f9a01c2",
                method: .put,
                path: "/orders/{id}",
                inputs: [
                    RouteInput(.path, "id", .uuid),
                    RouteInput(.body, "number", .int, min: "1"),
                    RouteInput(.body, "details", .json),
                    RouteInput(.body, "lines", .list(.json), default: ["{\"a\":\"\\\\\"}"]),
                    RouteInput(.body, "placedAt", .timestamp, optional: true),
                ]
            ),
            .write(WritePolicy(isolation: .repeatableRead, retries: 3, maxRequestBody: 64 << 10)),
            returns: .one,
            status: 201,
            timeout: .seconds(10),
            unknownQuery: .reject,
            concurrency: 3,
            errors: [
                "orders_customer_fkey": ConstraintResponse(404, "There is no \\(customer)."),
                "orders_number_key": ConstraintResponse(409, "That \"number\" is taken…"),
            ]
        ),
        .sql(
            """
            INSERT INTO orders VALUES ($1, $2, $3, $4, $5)
            RETURNING id
            """,
            binding: ["id", "number", "details", "lines", "placedAt"]
        )
    )

    /// `DELETE /orders/{id}`
    public static let cancelOrder = RouteDefinition(
        RouteDeclaration(
            "cancelOrder",
            RouteSignature(
                namespace: "orders",
                fingerprint: "3f9a01c2",
                method: .delete,
                path: "/orders/{id}",
                inputs: [RouteInput(.path, "id", .uuid)]
            ),
            .write(WritePolicy()),
            returns: .none,
            status: 204,
            errors: ["c": ConstraintResponse(422, "It has been sent.")]
        ),
        .sql("DELETE FROM orders WHERE id = $1", binding: ["id"])
    )

    /// `GET /orders/{id}`
    public static let getOrder = RouteDefinition(
        RouteDeclaration(
            "getOrder",
            RouteSignature(
                namespace: "orders",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/orders/{id}",
                inputs: [RouteInput(.path, "id", .uuid)]
            ),
            .read(CachePolicy()),
            returns: .one,
            read: .replica,
            errors: ["c": ConstraintResponse(400, "x")]
        ),
        .sql("SELECT * FROM orders WHERE id = $1", binding: ["id"])
    )

    /// `POST /orders`
    public static func importOrders(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "importOrders",
            RouteSignature(
                namespace: "orders",
                fingerprint: "3f9a01c2",
                method: .post,
                path: "/orders",
                inputs: [
                    RouteInput(.query, "dry", .bool, default: "false"),
                    RouteInput(.body, "orders", .list(.json)),
                    RouteInput(.body, "note", .json, optional: true),
                    RouteInput(.body, "day", .date),
                ]
            ),
            .write(WritePolicy(maxRequestBody: 16 << 20)),
            status: 202
        )
        return RouteDefinition(
            declaration,
            .handler { values in
                let input = ImportOrdersInput(
                    dry: values.required(0),
                    orders: values.list(1),
                    note: values.optional(2),
                    day: values.required(3)
                )
                return try await HandlerResponse(encoding: handlers.importOrders(input))
            }
        )
    }

    /// `POST /clear`
    public static func clear(_ handlers: some Handlers) -> RouteDefinition {
        let declaration = RouteDeclaration(
            "clear",
            RouteSignature(namespace: "orders", fingerprint: "3f9a01c2", method: .post, path: "/clear", inputs: []),
            .write(WritePolicy())
        )
        return RouteDefinition(
            declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.clear())
            }
        )
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    public typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `ConstraintResponse`.
    public typealias ConstraintResponse = CachedRoutes.ConstraintResponse
    /// The library's, whatever else this module calls `RouteDeclaration`.
    public typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    public typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    public typealias RouteInput = CachedRoutes.RouteInput
    /// The library's, whatever else this module calls `WritePolicy`.
    public typealias WritePolicy = CachedRoutes.WritePolicy
}
