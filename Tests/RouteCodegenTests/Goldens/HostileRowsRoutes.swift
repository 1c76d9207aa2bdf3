// Generated from hostile-rows.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

public import CachedRoutes

/// The routes of `hostile-rows.routes.yaml`, under the namespace `hostile-rows`.
public struct HostileRowsRoutes: RouteSet {
    /// The routes in the manifest's order.
    public let routes: [RouteDefinition]

    /// The table; every route is answered by a statement.
    public init() {
        routes = [Self.state, Self.State, Self.StateRow, Self.JSONArrayRoute]
    }

    /// `GET /a`
    public static let state = RouteDefinition(
        RouteDeclaration(
            "state",
            RouteSignature(namespace: "hostile-rows", fingerprint: "3f9a01c2", method: .get, path: "/a", inputs: []),
            .read(CachePolicy()),
            returns: .one
        ),
        .sql(
            "SELECT 1",
            locked: LockedColumns(
                columns: [
                    "self": "integer",
                    "init": "integer",
                    "Type": "integer",
                    "in": "integer",
                    "inout": "integer",
                    "class": "integer",
                    "row": "integer",
                    "encoder": "integer",
                    "hashValue": "integer",
                    "encode": "integer",
                    "hash": "integer",
                    "CodingKeys": "integer",
                    "Int": "integer",
                    "String": "integer",
                    "ExactDecimal": "integer",
                    "JSONFragment": "integer",
                    "Codable": "integer",
                    "_": "integer",
                    "": "integer",
                    "a b": "integer",
                    "a-b": "integer",
                    "aB": "integer",
                    "ä": "integer",
                    "1st": "integer",
                    "?column?": "integer",
                    "quote\"\\(x)`": "integer",
                    "line\nbreak\u{2028}": "integer",
                    "stringValue": "integer",
                    "description": "integer",
                    "rawValue": "integer",
                    "none": "integer",
                    "some": "integer",
                    "id": "integer",
                    "State3": "integer",
                    "Any2": "integer",
                    "types\u{202E}": "public.\"wei\u{202E}rd\"",
                ]
            )
        )
    )

    /// The types and the URLs of `state`.
    public enum State4: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = StateInput
        /// A row of the response.
        public typealias Row = StateRow2
        /// The response.
        public typealias Response = StateResponse

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { HostileRowsRoutes.state.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> StateInput {
            StateInput()
        }

        /// The texts of inputs.
        public static func texts(of input: StateInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `state`.
    public struct StateInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = HostileRowsRoutes.State4

        /// The route has no inputs.
        public init() {
        }
    }

    /// A request of `state`.
    public static func state(_: () = ()) -> StateInput {
        .init()
    }

    /// `GET /b`
    public static let State = RouteDefinition(
        RouteDeclaration(
            "State",
            RouteSignature(namespace: "hostile-rows", fingerprint: "3f9a01c2", method: .get, path: "/b", inputs: []),
            .read(CachePolicy())
        ),
        .sql(
            "SELECT 1",
            locked: LockedColumns(
                columns: [
                    "c0": "public.state",
                    "c1": "public.\"State\"",
                    "c2": "audit.\"my.state\"",
                    "c3": "public.\"1\"",
                    "c4": "public.\"ä\"",
                    "c5": "public.empty",
                    "c6": "public.twins",
                    "c7": "public.\"a \"\"b\"[]",
                    "c8": "public.state_row",
                    "c9": "public.int",
                    "c10": "public.missing",
                    "c11": "public.\"any\"",
                    "c12": "public.self",
                    "c13": "public.type",
                    "c14": "public.protocol",
                    "c15": "public.string",
                    "c16": "public.bool",
                    "c17": "public.codable",
                    "c18": "public.\"Hashable\"",
                    "c19": "public.sendable",
                    "c20": "public.\"CaseIterable\"",
                    "c21": "public.encoder",
                    "c22": "public.\"CodingKeys\"",
                    "c23": "public.\"ExactDecimal\"",
                    "c24": "public.optional",
                    "c25": "public.raw_value",
                    "c26": "public.decoder",
                    "c27": "public.routes",
                    "c28": "public.hostile_rows_routes",
                    "c29": "public.state_response",
                    "c30": "public.cache_policy",
                    "c31": "public.cached_routes",
                    "c32": "public.route_set",
                ]
            )
        )
    )

    /// The types and the URLs of `State`.
    public enum State5: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = StateInput2
        /// A row of the response.
        public typealias Row = StateRow3
        /// The response.
        public typealias Response = StateResponse2

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { HostileRowsRoutes.State.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> StateInput2 {
            StateInput2()
        }

        /// The texts of inputs.
        public static func texts(of input: StateInput2) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `State`.
    public struct StateInput2: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = HostileRowsRoutes.State5

        /// The route has no inputs.
        public init() {
        }
    }

    /// A request of `State`.
    public static func State(_: () = ()) -> StateInput2 {
        .init()
    }

    /// `GET /c`
    public static let StateRow = RouteDefinition(
        RouteDeclaration(
            "StateRow",
            RouteSignature(namespace: "hostile-rows", fingerprint: "3f9a01c2", method: .get, path: "/c", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT", locked: LockedColumns())
    )

    /// The types and the URLs of `StateRow`.
    public enum StateRow5: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = StateRowInput
        /// A row of the response.
        public typealias Row = StateRowRow
        /// The response.
        public typealias Response = StateRowResponse

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { HostileRowsRoutes.StateRow.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> StateRowInput {
            StateRowInput()
        }

        /// The texts of inputs.
        public static func texts(of input: StateRowInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `StateRow`.
    public struct StateRowInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = HostileRowsRoutes.StateRow5

        /// The route has no inputs.
        public init() {
        }
    }

    /// A request of `StateRow`.
    public static func StateRow(_: () = ()) -> StateRowInput {
        .init()
    }

    /// `GET /d`
    public static let JSONArrayRoute = RouteDefinition(
        RouteDeclaration(
            "JSONArray",
            RouteSignature(namespace: "hostile-rows", fingerprint: "3f9a01c2", method: .get, path: "/d", inputs: []),
            .read(CachePolicy()),
            returns: .value
        ),
        .sql("SELECT 1", locked: LockedColumns(columns: ["v": "integer[]"]))
    )

    /// The types and the URLs of `JSONArrayRoute`.
    public enum JSONArrayRoute2: CachedRoutes.RouteNamespace {
        /// The inputs.
        public typealias Input = JSONArrayRouteInput
        /// The response.
        public typealias Response = JSONArrayRouteResponse

        /// The route as the manifest declares it.
        public static var declaration: RouteDeclaration { HostileRowsRoutes.JSONArrayRoute.declaration }

        /// The inputs that have given values.
        public static func input(of values: CachedRoutes.InputValues) -> JSONArrayRouteInput {
            JSONArrayRouteInput()
        }

        /// The texts of inputs.
        public static func texts(of input: JSONArrayRouteInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `JSONArrayRoute`.
    public struct JSONArrayRouteInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        public typealias Route = HostileRowsRoutes.JSONArrayRoute2

        /// The route has no inputs.
        public init() {
        }
    }

    /// A request of `JSONArrayRoute`.
    public static func JSONArrayRoute(_: () = ()) -> JSONArrayRouteInput {
        .init()
    }

    /// A value of the enum `audit."my.state"`.
    public enum MyState: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public."1"`.
    public enum Enum1: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public."CaseIterable"`.
    public enum CaseIterable2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public."CodingKeys"`.
    public enum CodingKeys2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public."ExactDecimal"`.
    public enum ExactDecimal2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public."Hashable"`.
    public enum Hashable2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public."State"`.
    public enum State2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public."a ""b"`.
    public enum AB: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public."any"`.
    public enum Any2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public."wei rd"`.
    public enum WeiRd: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public."ä"`.
    public enum Enum: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.bool`.
    public enum Bool2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.cache_policy`.
    public enum CachePolicy2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.cached_routes`.
    public enum CachedRoutes2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.codable`.
    public enum Codable2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.decoder`.
    public enum Decoder2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.encoder`.
    public enum Encoder2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.hostile_rows_routes`.
    public enum HostileRowsRoutes2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.int`.
    public enum Int2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.optional`.
    public enum Optional2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.protocol`.
    public enum Protocol2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.raw_value`.
    public enum RawValue2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.route_set`.
    public enum RouteSet2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.routes`.
    public enum Routes: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.self`.
    public enum Self2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.sendable`.
    public enum Sendable2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.state`.
    public enum State3: String, Codable, Hashable, Sendable, CaseIterable {
        case selfValue = "self"
        case initValue = "init"
        case TypeValue = "Type"
        case SelfValue = "Self"
        case ProtocolValue = "Protocol"
        case `default`
        case aB2 = "a b"
        case aB3 = "a-b"
        case aB
        case label10 = "ä"
        case label11 = ""
        case label12 = "_"
        case none
        case some
        case allCasesValue = "allCases"
        case rawValue
        case hashValue
        case _42 = "42"
        case quoteX = "quote\"\\(x)"
        case lineBreak = "line\nbreak"
        case description
        case Int
    }

    /// A value of the enum `public.state_response`.
    public enum StateResponse3: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.state_row`.
    public enum StateRow4: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.string`.
    public enum String2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A value of the enum `public.type`.
    public enum Type2: String, Codable, Hashable, Sendable, CaseIterable {
        case a
    }

    /// A row of `state`.
    public struct StateRow2: RouteRow {
        /// The column `self`, of type `integer`; may be NULL.
        public var selfValue: Int32?
        /// The column `init`, of type `integer`; may be NULL.
        public var initValue: Int32?
        /// The column `Type`, of type `integer`; may be NULL.
        public var TypeValue: Int32?
        /// The column `in`, of type `integer`; may be NULL.
        public var `in`: Int32?
        /// The column `inout`, of type `integer`; may be NULL.
        public var `inout`: Int32?
        /// The column `class`, of type `integer`; may be NULL.
        public var `class`: Int32?
        /// The column `row`, of type `integer`; may be NULL.
        public var row: Int32?
        /// The column `encoder`, of type `integer`; may be NULL.
        public var encoder: Int32?
        /// The column `hashValue`, of type `integer`; may be NULL.
        public var hashValueValue: Int32?
        /// The column `encode`, of type `integer`; may be NULL.
        public var encode: Int32?
        /// The column `hash`, of type `integer`; may be NULL.
        public var hash: Int32?
        /// The column `CodingKeys`, of type `integer`; may be NULL.
        public var CodingKeysValue: Int32?
        /// The column `Int`, of type `integer`; may be NULL.
        public var IntValue: Int32?
        /// The column `String`, of type `integer`; may be NULL.
        public var StringValue: Int32?
        /// The column `ExactDecimal`, of type `integer`; may be NULL.
        public var ExactDecimalValue: Int32?
        /// The column `JSONFragment`, of type `integer`; may be NULL.
        public var JSONFragmentValue: Int32?
        /// The column `Codable`, of type `integer`; may be NULL.
        public var CodableValue: Int32?
        /// The column `_`, of type `integer`; may be NULL.
        public var column18: Int32?
        /// The column ``, of type `integer`; may be NULL.
        public var column19: Int32?
        /// The column `a b`, of type `integer`; may be NULL.
        public var aB2: Int32?
        /// The column `a-b`, of type `integer`; may be NULL.
        public var aB3: Int32?
        /// The column `aB`, of type `integer`; may be NULL.
        public var aB: Int32?
        /// The column `ä`, of type `integer`; may be NULL.
        public var column23: Int32?
        /// The column `1st`, of type `integer`; may be NULL.
        public var _1st: Int32?
        /// The column `?column?`, of type `integer`; may be NULL.
        public var column: Int32?
        /// The column `quote"\(x)``, of type `integer`; may be NULL.
        public var quoteX: Int32?
        /// The column `line break`, of type `integer`; may be NULL.
        public var lineBreak: Int32?
        /// The column `stringValue`, of type `integer`; may be NULL.
        public var stringValue: Int32?
        /// The column `description`, of type `integer`; may be NULL.
        public var description: Int32?
        /// The column `rawValue`, of type `integer`; may be NULL.
        public var rawValue: Int32?
        /// The column `none`, of type `integer`; may be NULL.
        public var none: Int32?
        /// The column `some`, of type `integer`; may be NULL.
        public var some: Int32?
        /// The column `id`, of type `integer`; may be NULL.
        public var id: Int32?
        /// The column `State3`, of type `integer`; may be NULL.
        public var State3Value: Int32?
        /// The column `Any2`, of type `integer`; may be NULL.
        public var Any2Value: Int32?
        /// The column `types`, of type `public."wei rd"`.
        public var types: WeiRd

        /// All columns; what is left out is NULL.
        public init(
            selfValue: Int32? = nil,
            initValue: Int32? = nil,
            TypeValue: Int32? = nil,
            `in`: Int32? = nil,
            `inout`: Int32? = nil,
            `class`: Int32? = nil,
            row: Int32? = nil,
            encoder: Int32? = nil,
            hashValueValue: Int32? = nil,
            encode: Int32? = nil,
            hash: Int32? = nil,
            CodingKeysValue: Int32? = nil,
            IntValue: Int32? = nil,
            StringValue: Int32? = nil,
            ExactDecimalValue: Int32? = nil,
            JSONFragmentValue: Int32? = nil,
            CodableValue: Int32? = nil,
            column18: Int32? = nil,
            column19: Int32? = nil,
            aB2: Int32? = nil,
            aB3: Int32? = nil,
            aB: Int32? = nil,
            column23: Int32? = nil,
            _1st: Int32? = nil,
            column: Int32? = nil,
            quoteX: Int32? = nil,
            lineBreak: Int32? = nil,
            stringValue: Int32? = nil,
            description: Int32? = nil,
            rawValue: Int32? = nil,
            none: Int32? = nil,
            some: Int32? = nil,
            id: Int32? = nil,
            State3Value: Int32? = nil,
            Any2Value: Int32? = nil,
            types: WeiRd
        ) {
            self.selfValue = selfValue
            self.initValue = initValue
            self.TypeValue = TypeValue
            self.`in` = `in`
            self.`inout` = `inout`
            self.`class` = `class`
            self.row = row
            self.encoder = encoder
            self.hashValueValue = hashValueValue
            self.encode = encode
            self.hash = hash
            self.CodingKeysValue = CodingKeysValue
            self.IntValue = IntValue
            self.StringValue = StringValue
            self.ExactDecimalValue = ExactDecimalValue
            self.JSONFragmentValue = JSONFragmentValue
            self.CodableValue = CodableValue
            self.column18 = column18
            self.column19 = column19
            self.aB2 = aB2
            self.aB3 = aB3
            self.aB = aB
            self.column23 = column23
            self._1st = _1st
            self.column = column
            self.quoteX = quoteX
            self.lineBreak = lineBreak
            self.stringValue = stringValue
            self.description = description
            self.rawValue = rawValue
            self.none = none
            self.some = some
            self.id = id
            self.State3Value = State3Value
            self.Any2Value = Any2Value
            self.types = types
        }

        /// Writes all columns, those that are NULL as `null`.
        public func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.selfValue, forKey: .selfValue)
            try row.encode(self.initValue, forKey: .initValue)
            try row.encode(self.TypeValue, forKey: .TypeValue)
            try row.encode(self.`in`, forKey: .`in`)
            try row.encode(self.`inout`, forKey: .`inout`)
            try row.encode(self.`class`, forKey: .`class`)
            try row.encode(self.row, forKey: .row)
            try row.encode(self.encoder, forKey: .encoder)
            try row.encode(self.hashValueValue, forKey: .hashValueValue)
            try row.encode(self.encode, forKey: .encode)
            try row.encode(self.hash, forKey: .hash)
            try row.encode(self.CodingKeysValue, forKey: .CodingKeysValue)
            try row.encode(self.IntValue, forKey: .IntValue)
            try row.encode(self.StringValue, forKey: .StringValue)
            try row.encode(self.ExactDecimalValue, forKey: .ExactDecimalValue)
            try row.encode(self.JSONFragmentValue, forKey: .JSONFragmentValue)
            try row.encode(self.CodableValue, forKey: .CodableValue)
            try row.encode(self.column18, forKey: .column18)
            try row.encode(self.column19, forKey: .column19)
            try row.encode(self.aB2, forKey: .aB2)
            try row.encode(self.aB3, forKey: .aB3)
            try row.encode(self.aB, forKey: .aB)
            try row.encode(self.column23, forKey: .column23)
            try row.encode(self._1st, forKey: ._1st)
            try row.encode(self.column, forKey: .column)
            try row.encode(self.quoteX, forKey: .quoteX)
            try row.encode(self.lineBreak, forKey: .lineBreak)
            try row.encode(self.stringValue, forKey: .stringValue)
            try row.encode(self.description, forKey: .description)
            try row.encode(self.rawValue, forKey: .rawValue)
            try row.encode(self.none, forKey: .none)
            try row.encode(self.some, forKey: .some)
            try row.encode(self.id, forKey: .id)
            try row.encode(self.State3Value, forKey: .State3Value)
            try row.encode(self.Any2Value, forKey: .Any2Value)
            try row.encode(self.types, forKey: .types)
        }

        private enum CodingKeys: String, CodingKey {
            case selfValue = "self"
            case initValue = "init"
            case TypeValue = "Type"
            case `in`
            case `inout`
            case `class`
            case row
            case encoder
            case hashValueValue = "hashValue"
            case encode
            case hash
            case CodingKeysValue = "CodingKeys"
            case IntValue = "Int"
            case StringValue = "String"
            case ExactDecimalValue = "ExactDecimal"
            case JSONFragmentValue = "JSONFragment"
            case CodableValue = "Codable"
            case column18 = "_"
            case column19 = ""
            case aB2 = "a b"
            case aB3 = "a-b"
            case aB
            case column23 = "ä"
            case _1st = "1st"
            case column = "?column?"
            case quoteX = "quote\"\\(x)`"
            case lineBreak = "line\nbreak\u{2028}"
            case stringValue
            case description
            case rawValue
            case none
            case some
            case id
            case State3Value = "State3"
            case Any2Value = "Any2"
            case types = "types\u{202E}"
        }
    }

    /// The response of `state`.
    public typealias StateResponse = StateRow2

    /// A row of `State`.
    public struct StateRow3: RouteRow {
        /// The column `c0`, of type `public.state`.
        public var c0: State3
        /// The column `c1`, of type `public."State"`.
        public var c1: State2
        /// The column `c2`, of type `audit."my.state"`.
        public var c2: MyState
        /// The column `c3`, of type `public."1"`.
        public var c3: Enum1
        /// The column `c4`, of type `public."ä"`.
        public var c4: Enum
        /// The column `c5`, of type `public.empty`.
        public var c5: String
        /// The column `c6`, of type `public.twins`.
        public var c6: String
        /// The column `c7`, of type `public."a ""b"[]`.
        public var c7: JSONArray<AB>
        /// The column `c8`, of type `public.state_row`.
        public var c8: StateRow4
        /// The column `c9`, of type `public.int`.
        public var c9: Int2
        /// The column `c10`, of type `public.missing`.
        public var c10: JSONFragment
        /// The column `c11`, of type `public."any"`.
        public var c11: Any2
        /// The column `c12`, of type `public.self`.
        public var c12: Self2
        /// The column `c13`, of type `public.type`.
        public var c13: Type2
        /// The column `c14`, of type `public.protocol`.
        public var c14: Protocol2
        /// The column `c15`, of type `public.string`.
        public var c15: String2
        /// The column `c16`, of type `public.bool`.
        public var c16: Bool2
        /// The column `c17`, of type `public.codable`.
        public var c17: Codable2
        /// The column `c18`, of type `public."Hashable"`.
        public var c18: Hashable2
        /// The column `c19`, of type `public.sendable`.
        public var c19: Sendable2
        /// The column `c20`, of type `public."CaseIterable"`.
        public var c20: CaseIterable2
        /// The column `c21`, of type `public.encoder`.
        public var c21: Encoder2
        /// The column `c22`, of type `public."CodingKeys"`.
        public var c22: CodingKeys2
        /// The column `c23`, of type `public."ExactDecimal"`.
        public var c23: ExactDecimal2
        /// The column `c24`, of type `public.optional`.
        public var c24: Optional2
        /// The column `c25`, of type `public.raw_value`.
        public var c25: RawValue2
        /// The column `c26`, of type `public.decoder`.
        public var c26: Decoder2
        /// The column `c27`, of type `public.routes`.
        public var c27: Routes
        /// The column `c28`, of type `public.hostile_rows_routes`.
        public var c28: HostileRowsRoutes2
        /// The column `c29`, of type `public.state_response`.
        public var c29: StateResponse3
        /// The column `c30`, of type `public.cache_policy`.
        public var c30: CachePolicy2
        /// The column `c31`, of type `public.cached_routes`.
        public var c31: CachedRoutes2
        /// The column `c32`, of type `public.route_set`.
        public var c32: RouteSet2

        /// All columns; what is left out is NULL.
        public init(
            c0: State3,
            c1: State2,
            c2: MyState,
            c3: Enum1,
            c4: Enum,
            c5: String,
            c6: String,
            c7: JSONArray<AB>,
            c8: StateRow4,
            c9: Int2,
            c10: JSONFragment,
            c11: Any2,
            c12: Self2,
            c13: Type2,
            c14: Protocol2,
            c15: String2,
            c16: Bool2,
            c17: Codable2,
            c18: Hashable2,
            c19: Sendable2,
            c20: CaseIterable2,
            c21: Encoder2,
            c22: CodingKeys2,
            c23: ExactDecimal2,
            c24: Optional2,
            c25: RawValue2,
            c26: Decoder2,
            c27: Routes,
            c28: HostileRowsRoutes2,
            c29: StateResponse3,
            c30: CachePolicy2,
            c31: CachedRoutes2,
            c32: RouteSet2
        ) {
            self.c0 = c0
            self.c1 = c1
            self.c2 = c2
            self.c3 = c3
            self.c4 = c4
            self.c5 = c5
            self.c6 = c6
            self.c7 = c7
            self.c8 = c8
            self.c9 = c9
            self.c10 = c10
            self.c11 = c11
            self.c12 = c12
            self.c13 = c13
            self.c14 = c14
            self.c15 = c15
            self.c16 = c16
            self.c17 = c17
            self.c18 = c18
            self.c19 = c19
            self.c20 = c20
            self.c21 = c21
            self.c22 = c22
            self.c23 = c23
            self.c24 = c24
            self.c25 = c25
            self.c26 = c26
            self.c27 = c27
            self.c28 = c28
            self.c29 = c29
            self.c30 = c30
            self.c31 = c31
            self.c32 = c32
        }
    }

    /// The response of `State`.
    public typealias StateResponse2 = [StateRow3]

    /// A row of `StateRow`.
    public struct StateRowRow: RouteRow {
        /// All columns; what is left out is NULL.
        public init() {
        }
    }

    /// The response of `StateRow`.
    public typealias StateRowResponse = [StateRowRow]

    /// The response of `JSONArrayRoute`.
    public typealias JSONArrayRouteResponse = JSONArray<Int32>

    /// The library's, whatever else this module calls `CachePolicy`.
    public typealias CachePolicy = CachedRoutes.CachePolicy
    /// The library's, whatever else this module calls `JSONArray`.
    public typealias JSONArray = CachedRoutes.JSONArray
    /// The library's, whatever else this module calls `JSONFragment`.
    public typealias JSONFragment = CachedRoutes.JSONFragment
    /// The library's, whatever else this module calls `LockedColumns`.
    public typealias LockedColumns = CachedRoutes.LockedColumns
    /// The library's, whatever else this module calls `RouteDeclaration`.
    public typealias RouteDeclaration = CachedRoutes.RouteDeclaration
    /// The library's, whatever else this module calls `RouteDefinition`.
    public typealias RouteDefinition = CachedRoutes.RouteDefinition
    /// The library's, whatever else this module calls `RouteInput`.
    public typealias RouteInput = CachedRoutes.RouteInput
}
