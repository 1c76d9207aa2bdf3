// Generated from inputs.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The routes of `inputs.routes.yaml`, under the namespace `inputs`.
struct InputsRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table; every route is answered by a statement.
    init() {
        routes = [Self.find, Self.defaults, Self.change, Self.root]
    }

    /// What the app takes from an authenticated request.
    struct Context: RouteContext {
        /// The context input `memberID`.
        var memberID: UUID?
        /// The context input `role`.
        var role: String?

        /// The text of a context input; `nil` when the request has none.
        func text(of name: String) -> String? {
            switch name {
            case "memberID": self.memberID?.canonicalText
            case "role": self.role?.canonicalText
            default: nil
            }
        }
    }

    /// `GET /api/find/{text}/{number}/x.y/{day}/{id}`: All that a GET request has
    static let find = RouteDefinition(
        RouteDeclaration(
            "find",
            RouteSignature(
                namespace: "inputs",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/api/find/{text}/{number}/x.y/{day}/{id}",
                inputs: [
                    RouteInput(.query, "int", .int),
                    RouteInput(.query, "int32", .int32),
                    RouteInput(.query, "double", .double),
                    RouteInput(.query, "decimal", .decimal),
                    RouteInput(.query, "bool", .bool),
                    RouteInput(.query, "string", .string, from: "a b&c=d/é"),
                    RouteInput(.query, "uuid", .uuid, optional: true),
                    RouteInput(.query, "date", .date, optional: true),
                    RouteInput(.query, "timestamp", .timestamp, optional: true),
                    RouteInput(.query, "ints", .list(.int)),
                    RouteInput(.query, "doubles", .list(.double), optional: true),
                    RouteInput(.query, "texts", .list(.string), from: "text[]", default: []),
                    RouteInput(.query, "uuids", .list(.uuid), optional: true),
                    RouteInput(.path, "id", .uuid),
                    RouteInput(.path, "text", .string),
                    RouteInput(.path, "number", .decimal),
                    RouteInput(.path, "day", .date),
                    RouteInput(.header, "note", .string, from: "X-Note"),
                    RouteInput(.header, "language", .string, from: "Accept-Language", default: "en"),
                    RouteInput(.context, "memberID", .uuid),
                    RouteInput(.context, "role", .string, optional: true),
                ]
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `find`.
    enum Find: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = FindInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { InputsRoutes.find.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> FindInput {
            FindInput(
                int: values.required(0),
                int32: values.required(1),
                double: values.required(2),
                decimal: values.required(3),
                bool: values.required(4),
                string: values.required(5),
                uuid: values.optional(6),
                date: values.optional(7),
                timestamp: values.optional(8),
                ints: values.list(9),
                doubles: values.optionalList(10),
                texts: values.list(11),
                uuids: values.optionalList(12),
                id: values.required(13),
                text: values.required(14),
                number: values.required(15),
                day: values.required(16),
                note: values.optional(17),
                language: values.required(18),
                memberID: values.required(19),
                role: values.optional(20)
            )
        }

        /// The texts of inputs.
        static func texts(of input: FindInput) -> [CachedRoutes.InputText] {
            [
                .required(input.int),
                .required(input.int32),
                .required(input.double),
                .required(input.decimal),
                .required(input.bool),
                .required(input.string),
                .optional(input.uuid),
                .optional(input.date),
                .optional(input.timestamp),
                .list(input.ints),
                .optionalList(input.doubles),
                .list(input.texts),
                .optionalList(input.uuids),
                .required(input.id),
                .required(input.text),
                .required(input.number),
                .required(input.day),
                .optional(input.note),
                .required(input.language),
                .required(input.memberID),
                .optional(input.role),
            ]
        }
    }

    /// The inputs of `find`.
    struct FindInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = InputsRoutes.Find
        /// From the query.
        var int: Int
        /// From the query.
        var int32: Int32
        /// From the query.
        var double: Double
        /// From the query.
        var decimal: String
        /// From the query.
        var bool: Bool
        /// From the query's `a b&c=d/é`.
        var string: String
        /// From the query.
        var uuid: UUID?
        /// From the query.
        var date: String?
        /// From the query.
        var timestamp: Date?
        /// From the query.
        var ints: [Int]
        /// From the query.
        var doubles: [Double]?
        /// From the query's `text[]`.
        var texts: [String] = []
        /// From the query.
        var uuids: [UUID]?
        /// From the path.
        var id: UUID
        /// From the path.
        var text: String
        /// From the path.
        var number: String
        /// From the path.
        var day: String
        /// From the `X-Note` header.
        var note: String?
        /// From the `Accept-Language` header.
        var language: String = "en"
        /// From the context.
        var memberID: UUID
        /// From the context.
        var role: String?
    }

    /// A request of `find`.
    static func find(
        int: Int,
        int32: Int32,
        double: Double,
        decimal: String,
        bool: Bool,
        string: String,
        uuid: UUID? = nil,
        date: String? = nil,
        timestamp: Date? = nil,
        ints: [Int],
        doubles: [Double]? = nil,
        texts: [String] = [],
        uuids: [UUID]? = nil,
        id: UUID,
        text: String,
        number: String,
        day: String,
        note: String? = nil,
        language: String = "en",
        memberID: UUID,
        role: String? = nil
    ) -> FindInput {
        .init(
            int: int,
            int32: int32,
            double: double,
            decimal: decimal,
            bool: bool,
            string: string,
            uuid: uuid,
            date: date,
            timestamp: timestamp,
            ints: ints,
            doubles: doubles,
            texts: texts,
            uuids: uuids,
            id: id,
            text: text,
            number: number,
            day: day,
            note: note,
            language: language,
            memberID: memberID,
            role: role
        )
    }

    /// `GET /defaults`
    static let defaults = RouteDefinition(
        RouteDeclaration(
            "defaults",
            RouteSignature(
                namespace: "inputs",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/defaults",
                inputs: [
                    RouteInput(.query, "int", .int, default: "-9223372036854775808"),
                    RouteInput(.query, "int32", .int32, default: "7"),
                    RouteInput(.query, "double", .double, default: "1e+20"),
                    RouteInput(.query, "decimal", .decimal, default: "0.1"),
                    RouteInput(.query, "bool", .bool, default: "false"),
                    RouteInput(.query, "string", .string, default: "a\"\\(b)\r\n\u{202E}é"),
                    RouteInput(.query, "uuid", .uuid, default: "6f1f2c50-8a0e-4f0e-9c3f-0123456789ab"),
                    RouteInput(.query, "date", .date, default: "2024-02-29"),
                    RouteInput(.query, "timestamp", .timestamp, default: "2024-02-29T00:00:00Z"),
                    RouteInput(.query, "ints", .list(.int), default: ["1", "-2"]),
                    RouteInput(.query, "bools", .list(.bool), default: ["true"]),
                    RouteInput(.query, "texts", .list(.string), default: ["", "b,c"]),
                ]
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `defaults`.
    enum Defaults: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = DefaultsInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { InputsRoutes.defaults.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> DefaultsInput {
            DefaultsInput(
                int: values.required(0),
                int32: values.required(1),
                double: values.required(2),
                decimal: values.required(3),
                bool: values.required(4),
                string: values.required(5),
                uuid: values.required(6),
                date: values.required(7),
                timestamp: values.required(8),
                ints: values.list(9),
                bools: values.list(10),
                texts: values.list(11)
            )
        }

        /// The texts of inputs.
        static func texts(of input: DefaultsInput) -> [CachedRoutes.InputText] {
            [
                .required(input.int),
                .required(input.int32),
                .required(input.double),
                .required(input.decimal),
                .required(input.bool),
                .required(input.string),
                .required(input.uuid),
                .required(input.date),
                .required(input.timestamp),
                .list(input.ints),
                .list(input.bools),
                .list(input.texts),
            ]
        }
    }

    /// The inputs of `defaults`.
    struct DefaultsInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = InputsRoutes.Defaults
        /// From the query.
        var int: Int = -9223372036854775808
        /// From the query.
        var int32: Int32 = 7
        /// From the query.
        var double: Double = 1e+20
        /// From the query.
        var decimal: String = "0.1"
        /// From the query.
        var bool: Bool = false
        /// From the query.
        var string: String = "a\"\\(b)\r\n\u{202E}é"
        /// From the query.
        var uuid: UUID
        /// From the query.
        var date: String = "2024-02-29"
        /// From the query.
        var timestamp: Date
        /// From the query.
        var ints: [Int] = [1, -2]
        /// From the query.
        var bools: [Bool] = [true]
        /// From the query.
        var texts: [String] = ["", "b,c"]
    }

    /// A request of `defaults`.
    static func defaults(
        int: Int = -9223372036854775808,
        int32: Int32 = 7,
        double: Double = 1e+20,
        decimal: String = "0.1",
        bool: Bool = false,
        string: String = "a\"\\(b)\r\n\u{202E}é",
        uuid: UUID,
        date: String = "2024-02-29",
        timestamp: Date,
        ints: [Int] = [1, -2],
        bools: [Bool] = [true],
        texts: [String] = ["", "b,c"]
    ) -> DefaultsInput {
        .init(
            int: int,
            int32: int32,
            double: double,
            decimal: decimal,
            bool: bool,
            string: string,
            uuid: uuid,
            date: date,
            timestamp: timestamp,
            ints: ints,
            bools: bools,
            texts: texts
        )
    }

    /// `PATCH /things/{id}`
    static let change = RouteDefinition(
        RouteDeclaration(
            "change",
            RouteSignature(
                namespace: "inputs",
                fingerprint: "3f9a01c2",
                method: .patch,
                path: "/things/{id}",
                inputs: [
                    RouteInput(.path, "id", .int),
                    RouteInput(.body, "int", .int),
                    RouteInput(.body, "int32", .int32, optional: true),
                    RouteInput(.body, "double", .double),
                    RouteInput(.body, "decimal", .decimal),
                    RouteInput(.body, "bool", .bool),
                    RouteInput(.body, "string", .string, from: "a \"b\"\n\u{0}é"),
                    RouteInput(.body, "uuid", .uuid),
                    RouteInput(.body, "date", .date),
                    RouteInput(.body, "timestamp", .timestamp),
                    RouteInput(.body, "json", .json),
                    RouteInput(.body, "optionalJSON", .json, optional: true),
                    RouteInput(.body, "ints", .list(.int)),
                    RouteInput(.body, "doubles", .list(.double), optional: true),
                    RouteInput(.body, "texts", .list(.string), default: ["a"]),
                    RouteInput(.body, "nullableInt", .int, optional: true, nullable: true),
                    RouteInput(.body, "nullableText", .string, optional: true, nullable: true),
                    RouteInput(.body, "nullableJSON", .json, optional: true, nullable: true),
                    RouteInput(.body, "nullableTexts", .list(.string), optional: true, nullable: true),
                    RouteInput(.query, "dry", .bool, default: "false"),
                ]
            ),
            .write(WritePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `change`.
    enum Change: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = ChangeInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { InputsRoutes.change.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> ChangeInput {
            ChangeInput(
                id: values.required(0),
                int: values.required(1),
                int32: values.optional(2),
                double: values.required(3),
                decimal: values.required(4),
                bool: values.required(5),
                string: values.required(6),
                uuid: values.required(7),
                date: values.required(8),
                timestamp: values.required(9),
                json: values.required(10),
                optionalJSON: values.optional(11),
                ints: values.list(12),
                doubles: values.optionalList(13),
                texts: values.list(14),
                nullableInt: values.nullable(15),
                nullableText: values.nullable(16),
                nullableJSON: values.nullable(17),
                nullableTexts: values.nullableList(18),
                dry: values.required(19)
            )
        }

        /// The texts of inputs.
        static func texts(of input: ChangeInput) -> [CachedRoutes.InputText] {
            [
                .required(input.id),
                .required(input.int),
                .optional(input.int32),
                .required(input.double),
                .required(input.decimal),
                .required(input.bool),
                .required(input.string),
                .required(input.uuid),
                .required(input.date),
                .required(input.timestamp),
                .required(input.json),
                .optional(input.optionalJSON),
                .list(input.ints),
                .optionalList(input.doubles),
                .list(input.texts),
                .nullable(input.nullableInt),
                .nullable(input.nullableText),
                .nullable(input.nullableJSON),
                .nullableList(input.nullableTexts),
                .required(input.dry),
            ]
        }
    }

    /// The inputs of `change`.
    struct ChangeInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = InputsRoutes.Change
        /// From the path.
        var id: Int
        /// From the body.
        var int: Int
        /// From the body.
        var int32: Int32?
        /// From the body.
        var double: Double
        /// From the body.
        var decimal: String
        /// From the body.
        var bool: Bool
        /// From the body's `a "b" é`.
        var string: String
        /// From the body.
        var uuid: UUID
        /// From the body.
        var date: String
        /// From the body.
        var timestamp: Date
        /// From the body.
        var json: String
        /// From the body.
        var optionalJSON: String?
        /// From the body.
        var ints: [Int]
        /// From the body.
        var doubles: [Double]?
        /// From the body.
        var texts: [String] = ["a"]
        /// From the body.
        var nullableInt: NullableInput<Int> = .absent
        /// From the body.
        var nullableText: NullableInput<String> = .absent
        /// From the body.
        var nullableJSON: NullableInput<String> = .absent
        /// From the body.
        var nullableTexts: NullableInput<[String]> = .absent
        /// From the query.
        var dry: Bool = false
    }

    /// A request of `change`.
    static func change(
        id: Int,
        int: Int,
        int32: Int32? = nil,
        double: Double,
        decimal: String,
        bool: Bool,
        string: String,
        uuid: UUID,
        date: String,
        timestamp: Date,
        json: String,
        optionalJSON: String? = nil,
        ints: [Int],
        doubles: [Double]? = nil,
        texts: [String] = ["a"],
        nullableInt: NullableInput<Int> = .absent,
        nullableText: NullableInput<String> = .absent,
        nullableJSON: NullableInput<String> = .absent,
        nullableTexts: NullableInput<[String]> = .absent,
        dry: Bool = false
    ) -> ChangeInput {
        .init(
            id: id,
            int: int,
            int32: int32,
            double: double,
            decimal: decimal,
            bool: bool,
            string: string,
            uuid: uuid,
            date: date,
            timestamp: timestamp,
            json: json,
            optionalJSON: optionalJSON,
            ints: ints,
            doubles: doubles,
            texts: texts,
            nullableInt: nullableInt,
            nullableText: nullableText,
            nullableJSON: nullableJSON,
            nullableTexts: nullableTexts,
            dry: dry
        )
    }

    /// `GET /`
    static let root = RouteDefinition(
        RouteDeclaration(
            "root",
            RouteSignature(namespace: "inputs", fingerprint: "3f9a01c2", method: .get, path: "/", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT 1")
    )

    /// The types and the URLs of `root`.
    enum Root: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = RootInput

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { InputsRoutes.root.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> RootInput {
            RootInput()
        }

        /// The texts of inputs.
        static func texts(of input: RootInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `root`.
    struct RootInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = InputsRoutes.Root
    }

    /// A request of `root`.
    static func root(_: () = ()) -> RootInput {
        .init()
    }

    /// The library's, whatever else this module calls `CachePolicy`.
    typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `NullableInput`.
    typealias NullableInput = CachedRoutes.NullableInput
    /// The library's, whatever else this module calls `RouteDeclaration`.
    typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    typealias RouteInput = CachedRoutes.RouteInput
    /// The library's, whatever else this module calls `WritePolicy`.
    typealias WritePolicy = CachedRoutes.WritePolicy
}
