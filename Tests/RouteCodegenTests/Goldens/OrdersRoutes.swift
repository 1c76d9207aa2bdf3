// Generated from orders.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

public import CachedRoutes

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

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

    /// The types and the URLs of `placeOrder`.
    public enum PlaceOrder: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = PlaceOrderInput

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { OrdersRoutes.placeOrder.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> PlaceOrderInput {
            PlaceOrderInput(
                id: values.required(0),
                number: values.required(1),
                details: values.required(2),
                lines: values.list(3),
                placedAt: values.optional(4)
            )
        }

        /// The texts of inputs.
        public static func texts(of input: PlaceOrderInput) -> [CachedRoutes.InputText] {
            [
                .required(input.id),
                .required(input.number),
                .required(input.details),
                .list(input.lines),
                .optional(input.placedAt),
            ]
        }
    }

    /// The inputs of `placeOrder`.
    public struct PlaceOrderInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = OrdersRoutes.PlaceOrder
        /// From the path.
        public var id: UUID
        /// From the body.
        public var number: Int
        /// From the body.
        public var details: String
        /// From the body.
        public var lines: [String] = ["{\"a\":\"\\\\\"}"]
        /// From the body.
        public var placedAt: Date?

        /// All values; what is left out has its default, or is absent.
        public init(
            id: UUID,
            number: Int,
            details: String,
            lines: [String] = ["{\"a\":\"\\\\\"}"],
            placedAt: Date? = nil
        ) {
            self.id = id
            self.number = number
            self.details = details
            self.lines = lines
            self.placedAt = placedAt
        }
    }

    /// A request of `placeOrder`.
    public static func placeOrder(
        id: UUID,
        number: Int,
        details: String,
        lines: [String] = ["{\"a\":\"\\\\\"}"],
        placedAt: Date? = nil
    ) -> PlaceOrderInput {
        .init(id: id, number: number, details: details, lines: lines, placedAt: placedAt)
    }

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

    /// The types and the URLs of `cancelOrder`.
    public enum CancelOrder: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = CancelOrderInput

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { OrdersRoutes.cancelOrder.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> CancelOrderInput {
            CancelOrderInput(id: values.required(0))
        }

        /// The texts of inputs.
        public static func texts(of input: CancelOrderInput) -> [CachedRoutes.InputText] {
            [.required(input.id)]
        }
    }

    /// The inputs of `cancelOrder`.
    public struct CancelOrderInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = OrdersRoutes.CancelOrder
        /// From the path.
        public var id: UUID

        /// All values; what is left out has its default, or is absent.
        public init(id: UUID) {
            self.id = id
        }
    }

    /// A request of `cancelOrder`.
    public static func cancelOrder(id: UUID) -> CancelOrderInput {
        .init(id: id)
    }

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

    /// The types and the URLs of `getOrder`.
    public enum GetOrder: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = GetOrderInput

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { OrdersRoutes.getOrder.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> GetOrderInput {
            GetOrderInput(id: values.required(0))
        }

        /// The texts of inputs.
        public static func texts(of input: GetOrderInput) -> [CachedRoutes.InputText] {
            [.required(input.id)]
        }
    }

    /// The inputs of `getOrder`.
    public struct GetOrderInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = OrdersRoutes.GetOrder
        /// From the path.
        public var id: UUID

        /// All values; what is left out has its default, or is absent.
        public init(id: UUID) {
            self.id = id
        }
    }

    /// A request of `getOrder`.
    public static func getOrder(id: UUID) -> GetOrderInput {
        .init(id: id)
    }

    /// `POST /orders`
    public static func importOrders(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.ImportOrders.declaration,
            .handler { values in
                try await HandlerResponse(encoding: handlers.importOrders(Self.ImportOrders.input(of: values)))
            }
        )
    }

    /// The types and the URLs of `importOrders`.
    public enum ImportOrders: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = ImportOrdersInput

        /// The route as the manifest declares it.
        public static let declaration = RouteDeclaration(
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

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> ImportOrdersInput {
            ImportOrdersInput(
                dry: values.required(0),
                orders: values.list(1),
                note: values.optional(2),
                day: values.required(3)
            )
        }

        /// The texts of inputs.
        public static func texts(of input: ImportOrdersInput) -> [CachedRoutes.InputText] {
            [.required(input.dry), .list(input.orders), .optional(input.note), .required(input.day)]
        }
    }

    /// The inputs of `importOrders`.
    public struct ImportOrdersInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = OrdersRoutes.ImportOrders
        /// From the query.
        public var dry: Bool = false
        /// From the body.
        public var orders: [String]
        /// From the body.
        public var note: String?
        /// From the body.
        public var day: String

        /// All values; what is left out has its default, or is absent.
        public init(dry: Bool = false, orders: [String], note: String? = nil, day: String) {
            self.dry = dry
            self.orders = orders
            self.note = note
            self.day = day
        }
    }

    /// A request of `importOrders`.
    public static func importOrders(
        dry: Bool = false,
        orders: [String],
        note: String? = nil,
        day: String
    ) -> ImportOrdersInput {
        .init(dry: dry, orders: orders, note: note, day: day)
    }

    /// `POST /clear`
    public static func clear(_ handlers: some Handlers) -> RouteDefinition {
        RouteDefinition(
            Self.Clear.declaration,
            .handler { _ in
                try await HandlerResponse(encoding: handlers.clear())
            }
        )
    }

    /// The types and the URLs of `clear`.
    public enum Clear: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = ClearInput

        /// The route as the manifest declares it.
        public static let declaration = RouteDeclaration(
            "clear",
            RouteSignature(namespace: "orders", fingerprint: "3f9a01c2", method: .post, path: "/clear", inputs: []),
            .write(WritePolicy())
        )

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> ClearInput {
            ClearInput()
        }

        /// The texts of inputs.
        public static func texts(of input: ClearInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `clear`.
    public struct ClearInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = OrdersRoutes.Clear

        /// The route has no inputs.
        public init() {
        }
    }

    /// A request of `clear`.
    public static func clear() -> ClearInput {
        .init()
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
