// Generated from rows.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

/// The routes of `rows.routes.yaml`, under the namespace `rows`.
struct RowsRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table; every route is answered by a statement.
    init() {
        routes = [Self.listOrders, Self.getUser, Self.total, Self.clear, Self.open]
    }

    /// `GET /orders`
    static let listOrders = RouteDefinition(
        RouteDeclaration(
            "listOrders",
            RouteSignature(namespace: "rows", fingerprint: "3f9a01c2", method: .get, path: "/orders", inputs: []),
            .read(CachePolicy())
        ),
        .sql(
            "SELECT * FROM orders WHERE state = $1 LIMIT $2",
            locked: LockedColumns(
                parameters: ["public.order_state", "bigint"],
                columns: [
                    "id": "bigint",
                    "state": "public.order_state",
                    "total": "numeric",
                    "doc": "jsonb",
                    "placed_at": "timestamp with time zone",
                    "sizes": "integer[]",
                    "earlier": "public.order_state[]",
                    "thumb": "bytea",
                    "code": "uuid",
                    "ratio": "real",
                    "score": "double precision",
                    "isPaid": "boolean",
                    "note": "text",
                    "kind": "smallint",
                ]
            )
        )
    )

    /// The types and the URLs of `listOrders`.
    enum ListOrders: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = ListOrdersInput
        /// A row of the response.
        typealias Row = ListOrdersRow
        /// The response.
        typealias Response = ListOrdersResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { RowsRoutes.listOrders.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> ListOrdersInput {
            ListOrdersInput()
        }

        /// The texts of inputs.
        static func texts(of input: ListOrdersInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `listOrders`.
    struct ListOrdersInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = RowsRoutes.ListOrders
    }

    /// A request of `listOrders`.
    static func listOrders(_: () = ()) -> ListOrdersInput {
        .init()
    }

    /// `GET /users/1`
    static let getUser = RouteDefinition(
        RouteDeclaration(
            "getUser",
            RouteSignature(namespace: "rows", fingerprint: "3f9a01c2", method: .get, path: "/users/1", inputs: []),
            .read(CachePolicy()),
            returns: .one
        ),
        .sql("SELECT id, name FROM users", locked: LockedColumns(columns: ["id": "integer", "name": "text"]))
    )

    /// The types and the URLs of `getUser`.
    enum GetUser: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = GetUserInput
        /// A row of the response.
        typealias Row = GetUserRow
        /// The response.
        typealias Response = GetUserResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { RowsRoutes.getUser.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> GetUserInput {
            GetUserInput()
        }

        /// The texts of inputs.
        static func texts(of input: GetUserInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `getUser`.
    struct GetUserInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = RowsRoutes.GetUser
    }

    /// A request of `getUser`.
    static func getUser(_: () = ()) -> GetUserInput {
        .init()
    }

    /// `GET /total`
    static let total = RouteDefinition(
        RouteDeclaration(
            "total",
            RouteSignature(namespace: "rows", fingerprint: "3f9a01c2", method: .get, path: "/total", inputs: []),
            .read(CachePolicy()),
            returns: .value
        ),
        .sql("SELECT sum(total) FROM orders", locked: LockedColumns(columns: ["sum": "numeric"]))
    )

    /// The types and the URLs of `total`.
    enum Total: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TotalInput
        /// The response.
        typealias Response = TotalResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { RowsRoutes.total.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TotalInput {
            TotalInput()
        }

        /// The texts of inputs.
        static func texts(of input: TotalInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `total`.
    struct TotalInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = RowsRoutes.Total
    }

    /// A request of `total`.
    static func total(_: () = ()) -> TotalInput {
        .init()
    }

    /// `DELETE /orders`
    static let clear = RouteDefinition(
        RouteDeclaration(
            "clear",
            RouteSignature(namespace: "rows", fingerprint: "3f9a01c2", method: .delete, path: "/orders", inputs: []),
            .write(WritePolicy(maxRequestBody: 1000)),
            returns: .none
        ),
        .sql("DELETE FROM orders", locked: LockedColumns())
    )

    /// The types and the URLs of `clear`.
    enum Clear: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = ClearInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { RowsRoutes.clear.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> ClearInput {
            ClearInput()
        }

        /// The texts of inputs.
        static func texts(of input: ClearInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `clear`.
    struct ClearInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = RowsRoutes.Clear
    }

    /// A request of `clear`.
    static func clear(_: () = ()) -> ClearInput {
        .init()
    }

    /// `GET /open`
    static let open = RouteDefinition(
        RouteDeclaration(
            "open",
            RouteSignature(namespace: "rows", fingerprint: "3f9a01c2", method: .get, path: "/open", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `open`.
    enum Open: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = OpenInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { RowsRoutes.open.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> OpenInput {
            OpenInput()
        }

        /// The texts of inputs.
        static func texts(of input: OpenInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `open`.
    struct OpenInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = RowsRoutes.Open
    }

    /// A request of `open`.
    static func open(_: () = ()) -> OpenInput {
        .init()
    }

    /// A value of the enum `public.order_state`.
    enum OrderState: String, Codable, Hashable, Sendable, CaseIterable {
        case draft
        case partlyPaid = "partly paid"
        case sent
    }

    /// A row of `listOrders`.
    struct ListOrdersRow: RouteRow {
        /// The column `id`, of type `bigint`.
        var id: Int
        /// The column `state`, of type `public.order_state`.
        var state: OrderState
        /// The column `total`, of type `numeric`; may be NULL.
        var total: ExactDecimal?
        /// The column `doc`, of type `jsonb`; may be NULL.
        var doc: JSONFragment?
        /// The column `placed_at`, of type `timestamp with time zone`.
        var placed_at: TimestampText
        /// The column `sizes`, of type `integer[]`.
        var sizes: JSONArray<Int32>
        /// The column `earlier`, of type `public.order_state[]`; may be NULL.
        var earlier: JSONArray<OrderState>?
        /// The column `thumb`, of type `bytea`; may be NULL.
        var thumb: HexBytes?
        /// The column `code`, of type `uuid`.
        var code: LowercaseUUID
        /// The column `ratio`, of type `real`.
        var ratio: JSONFloat<Float>
        /// The column `score`, of type `double precision`; may be NULL.
        var score: JSONFloat<Double>?
        /// The column `isPaid`, of type `boolean`.
        var isPaid: Bool
        /// The column `note`, of type `text`; may be NULL.
        var note: String?
        /// The column `kind`, of type `smallint`.
        var kind: Int16

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.id, forKey: .id)
            try row.encode(self.state, forKey: .state)
            try row.encode(self.total, forKey: .total)
            try row.encode(self.doc, forKey: .doc)
            try row.encode(self.placed_at, forKey: .placed_at)
            try row.encode(self.sizes, forKey: .sizes)
            try row.encode(self.earlier, forKey: .earlier)
            try row.encode(self.thumb, forKey: .thumb)
            try row.encode(self.code, forKey: .code)
            try row.encode(self.ratio, forKey: .ratio)
            try row.encode(self.score, forKey: .score)
            try row.encode(self.isPaid, forKey: .isPaid)
            try row.encode(self.note, forKey: .note)
            try row.encode(self.kind, forKey: .kind)
        }
    }

    /// The response of `listOrders`.
    typealias ListOrdersResponse = [ListOrdersRow]

    /// A row of `getUser`.
    struct GetUserRow: RouteRow {
        /// The column `id`, of type `integer`.
        var id: Int32
        /// The column `name`, of type `text`.
        var name: String
    }

    /// The response of `getUser`.
    typealias GetUserResponse = GetUserRow

    /// The response of `total`.
    typealias TotalResponse = ExactDecimal?

    /// The library's, whatever else this module calls `CachePolicy`.
    typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `ExactDecimal`.
    typealias ExactDecimal = CachedRoutes.ExactDecimal
    /// The library's, whatever else this module calls `HexBytes`.
    typealias HexBytes = CachedRoutes.HexBytes
    /// The library's, whatever else this module calls `JSONArray`.
    typealias JSONArray = CachedRoutes.JSONArray
    /// The library's, whatever else this module calls `JSONFloat`.
    typealias JSONFloat = CachedRoutes.JSONFloat
    /// The library's, whatever else this module calls `JSONFragment`.
    typealias JSONFragment = CachedRoutes.JSONFragment
    /// The library's, whatever else this module calls `LockedColumns`.
    typealias LockedColumns = CachedRoutes.LockedColumns
    /// The library's, whatever else this module calls `LowercaseUUID`.
    typealias LowercaseUUID = CachedRoutes.LowercaseUUID
    /// The library's, whatever else this module calls `RouteDeclaration`.
    typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    typealias RouteInput = CachedRoutes.RouteInput
    /// The library's, whatever else this module calls `TimestampText`.
    typealias TimestampText = CachedRoutes.TimestampText
    /// The library's, whatever else this module calls `WritePolicy`.
    typealias WritePolicy = CachedRoutes.WritePolicy
}
