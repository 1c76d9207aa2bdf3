// Generated from catalogue.routes.yaml by CachedRoutesPlugin. Do not edit: the next build overwrites it.

import CachedRoutes

/// The routes of `catalogue.routes.yaml`, under the namespace `catalogue`.
struct CatalogueRoutes: RouteSet {
    /// The routes in the manifest's order.
    let routes: [RouteDefinition]

    /// The table; every route is answered by a statement.
    init() {
        routes = [
            Self.smallint,
            Self.integer,
            Self.bigint,
            Self.real,
            Self.doublePrecision,
            Self.numeric,
            Self.boolean,
            Self.text,
            Self.character,
            Self.characterVarying,
            Self.name,
            Self.char,
            Self.uuid,
            Self.date,
            Self.timeWithoutTimeZone,
            Self.timeWithTimeZone,
            Self.timestampWithoutTimeZone,
            Self.timestampWithTimeZone,
            Self.interval,
            Self.bytea,
            Self.money,
            Self.inet,
            Self.cidr,
            Self.macaddr,
            Self.bit,
            Self.bitVarying,
            Self.oid,
            Self.point,
            Self.box,
            Self.int4range,
            Self.daterange,
            Self.tsrange,
            Self.int4multirange,
            Self.tsvector,
            Self.tsquery,
            Self.pgLsn,
            Self.xid8,
            Self.jsonpath,
            Self.xml,
            Self.json,
            Self.jsonb,
            Self.record,
            Self.int2vector,
            Self.smallintArray,
            Self.integerArray,
            Self.bigintArray,
            Self.realArray,
            Self.doublePrecisionArray,
            Self.numericArray,
            Self.booleanArray,
            Self.textArray,
            Self.characterArray,
            Self.characterVaryingArray,
            Self.nameArray,
            Self.uuidArray,
            Self.dateArray,
            Self.timeWithoutTimeZoneArray,
            Self.timeWithTimeZoneArray,
            Self.timestampWithoutTimeZoneArray,
            Self.timestampWithTimeZoneArray,
            Self.intervalArray,
            Self.byteaArray,
            Self.jsonArray,
            Self.jsonbArray,
            Self.pointArray,
            Self.int4rangeArray,
            Self.publicTestMood,
            Self.publicTestMoodArray,
            Self.publicTestPositiveArray,
            Self.publicTestPair,
            Self.publicTestPairArray,
        ]
    }

    /// `GET /smallint`
    static let smallint = RouteDefinition(
        RouteDeclaration(
            "smallint",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/smallint",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::smallint AS v", locked: LockedColumns(columns: ["v": "smallint"]))
    )

    /// The types and the URLs of `smallint`.
    enum Smallint: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = SmallintInput
        /// A row of the response.
        typealias Row = SmallintRow
        /// The response.
        typealias Response = SmallintResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.smallint.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> SmallintInput {
            SmallintInput()
        }

        /// The texts of inputs.
        static func texts(of input: SmallintInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `smallint`.
    struct SmallintInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Smallint
    }

    /// A request of `smallint`.
    static func smallint(_: () = ()) -> SmallintInput {
        .init()
    }

    /// `GET /integer`
    static let integer = RouteDefinition(
        RouteDeclaration(
            "integer",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/integer", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::integer AS v", locked: LockedColumns(columns: ["v": "integer"]))
    )

    /// The types and the URLs of `integer`.
    enum Integer: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = IntegerInput
        /// A row of the response.
        typealias Row = IntegerRow
        /// The response.
        typealias Response = IntegerResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.integer.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> IntegerInput {
            IntegerInput()
        }

        /// The texts of inputs.
        static func texts(of input: IntegerInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `integer`.
    struct IntegerInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Integer
    }

    /// A request of `integer`.
    static func integer(_: () = ()) -> IntegerInput {
        .init()
    }

    /// `GET /bigint`
    static let bigint = RouteDefinition(
        RouteDeclaration(
            "bigint",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/bigint", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::bigint AS v", locked: LockedColumns(columns: ["v": "bigint"]))
    )

    /// The types and the URLs of `bigint`.
    enum Bigint: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = BigintInput
        /// A row of the response.
        typealias Row = BigintRow
        /// The response.
        typealias Response = BigintResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.bigint.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> BigintInput {
            BigintInput()
        }

        /// The texts of inputs.
        static func texts(of input: BigintInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `bigint`.
    struct BigintInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Bigint
    }

    /// A request of `bigint`.
    static func bigint(_: () = ()) -> BigintInput {
        .init()
    }

    /// `GET /real`
    static let real = RouteDefinition(
        RouteDeclaration(
            "real",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/real", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::real AS v", locked: LockedColumns(columns: ["v": "real"]))
    )

    /// The types and the URLs of `real`.
    enum Real: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = RealInput
        /// A row of the response.
        typealias Row = RealRow
        /// The response.
        typealias Response = RealResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.real.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> RealInput {
            RealInput()
        }

        /// The texts of inputs.
        static func texts(of input: RealInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `real`.
    struct RealInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Real
    }

    /// A request of `real`.
    static func real(_: () = ()) -> RealInput {
        .init()
    }

    /// `GET /doublePrecision`
    static let doublePrecision = RouteDefinition(
        RouteDeclaration(
            "doublePrecision",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/doublePrecision",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::double precision AS v", locked: LockedColumns(columns: ["v": "double precision"]))
    )

    /// The types and the URLs of `doublePrecision`.
    enum DoublePrecision: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = DoublePrecisionInput
        /// A row of the response.
        typealias Row = DoublePrecisionRow
        /// The response.
        typealias Response = DoublePrecisionResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.doublePrecision.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> DoublePrecisionInput {
            DoublePrecisionInput()
        }

        /// The texts of inputs.
        static func texts(of input: DoublePrecisionInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `doublePrecision`.
    struct DoublePrecisionInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.DoublePrecision
    }

    /// A request of `doublePrecision`.
    static func doublePrecision(_: () = ()) -> DoublePrecisionInput {
        .init()
    }

    /// `GET /numeric`
    static let numeric = RouteDefinition(
        RouteDeclaration(
            "numeric",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/numeric", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::numeric AS v", locked: LockedColumns(columns: ["v": "numeric"]))
    )

    /// The types and the URLs of `numeric`.
    enum Numeric: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = NumericInput
        /// A row of the response.
        typealias Row = NumericRow
        /// The response.
        typealias Response = NumericResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.numeric.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> NumericInput {
            NumericInput()
        }

        /// The texts of inputs.
        static func texts(of input: NumericInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `numeric`.
    struct NumericInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Numeric
    }

    /// A request of `numeric`.
    static func numeric(_: () = ()) -> NumericInput {
        .init()
    }

    /// `GET /boolean`
    static let boolean = RouteDefinition(
        RouteDeclaration(
            "boolean",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/boolean", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::boolean AS v", locked: LockedColumns(columns: ["v": "boolean"]))
    )

    /// The types and the URLs of `boolean`.
    enum Boolean: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = BooleanInput
        /// A row of the response.
        typealias Row = BooleanRow
        /// The response.
        typealias Response = BooleanResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.boolean.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> BooleanInput {
            BooleanInput()
        }

        /// The texts of inputs.
        static func texts(of input: BooleanInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `boolean`.
    struct BooleanInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Boolean
    }

    /// A request of `boolean`.
    static func boolean(_: () = ()) -> BooleanInput {
        .init()
    }

    /// `GET /text`
    static let text = RouteDefinition(
        RouteDeclaration(
            "text",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/text", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::text AS v", locked: LockedColumns(columns: ["v": "text"]))
    )

    /// The types and the URLs of `text`.
    enum Text: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TextInput
        /// A row of the response.
        typealias Row = TextRow
        /// The response.
        typealias Response = TextResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.text.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TextInput {
            TextInput()
        }

        /// The texts of inputs.
        static func texts(of input: TextInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `text`.
    struct TextInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Text
    }

    /// A request of `text`.
    static func text(_: () = ()) -> TextInput {
        .init()
    }

    /// `GET /character`
    static let character = RouteDefinition(
        RouteDeclaration(
            "character",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/character",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::character AS v", locked: LockedColumns(columns: ["v": "character"]))
    )

    /// The types and the URLs of `character`.
    enum Character: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = CharacterInput
        /// A row of the response.
        typealias Row = CharacterRow
        /// The response.
        typealias Response = CharacterResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.character.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> CharacterInput {
            CharacterInput()
        }

        /// The texts of inputs.
        static func texts(of input: CharacterInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `character`.
    struct CharacterInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Character
    }

    /// A request of `character`.
    static func character(_: () = ()) -> CharacterInput {
        .init()
    }

    /// `GET /characterVarying`
    static let characterVarying = RouteDefinition(
        RouteDeclaration(
            "characterVarying",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/characterVarying",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::character varying AS v", locked: LockedColumns(columns: ["v": "character varying"]))
    )

    /// The types and the URLs of `characterVarying`.
    enum CharacterVarying: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = CharacterVaryingInput
        /// A row of the response.
        typealias Row = CharacterVaryingRow
        /// The response.
        typealias Response = CharacterVaryingResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.characterVarying.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> CharacterVaryingInput {
            CharacterVaryingInput()
        }

        /// The texts of inputs.
        static func texts(of input: CharacterVaryingInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `characterVarying`.
    struct CharacterVaryingInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.CharacterVarying
    }

    /// A request of `characterVarying`.
    static func characterVarying(_: () = ()) -> CharacterVaryingInput {
        .init()
    }

    /// `GET /name`
    static let name = RouteDefinition(
        RouteDeclaration(
            "name",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/name", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::name AS v", locked: LockedColumns(columns: ["v": "name"]))
    )

    /// The types and the URLs of `name`.
    enum Name: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = NameInput
        /// A row of the response.
        typealias Row = NameRow
        /// The response.
        typealias Response = NameResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.name.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> NameInput {
            NameInput()
        }

        /// The texts of inputs.
        static func texts(of input: NameInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `name`.
    struct NameInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Name
    }

    /// A request of `name`.
    static func name(_: () = ()) -> NameInput {
        .init()
    }

    /// `GET /char`
    static let char = RouteDefinition(
        RouteDeclaration(
            "char",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/char", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::\"char\" AS v", locked: LockedColumns(columns: ["v": "\"char\""]))
    )

    /// The types and the URLs of `char`.
    enum Char: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = CharInput
        /// A row of the response.
        typealias Row = CharRow
        /// The response.
        typealias Response = CharResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.char.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> CharInput {
            CharInput()
        }

        /// The texts of inputs.
        static func texts(of input: CharInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `char`.
    struct CharInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Char
    }

    /// A request of `char`.
    static func char(_: () = ()) -> CharInput {
        .init()
    }

    /// `GET /uuid`
    static let uuid = RouteDefinition(
        RouteDeclaration(
            "uuid",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/uuid", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::uuid AS v", locked: LockedColumns(columns: ["v": "uuid"]))
    )

    /// The types and the URLs of `uuid`.
    enum Uuid: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = UuidInput
        /// A row of the response.
        typealias Row = UuidRow
        /// The response.
        typealias Response = UuidResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.uuid.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> UuidInput {
            UuidInput()
        }

        /// The texts of inputs.
        static func texts(of input: UuidInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `uuid`.
    struct UuidInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Uuid
    }

    /// A request of `uuid`.
    static func uuid(_: () = ()) -> UuidInput {
        .init()
    }

    /// `GET /date`
    static let date = RouteDefinition(
        RouteDeclaration(
            "date",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/date", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::date AS v", locked: LockedColumns(columns: ["v": "date"]))
    )

    /// The types and the URLs of `date`.
    enum Date2: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = DateInput
        /// A row of the response.
        typealias Row = DateRow
        /// The response.
        typealias Response = DateResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.date.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> DateInput {
            DateInput()
        }

        /// The texts of inputs.
        static func texts(of input: DateInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `date`.
    struct DateInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Date2
    }

    /// A request of `date`.
    static func date(_: () = ()) -> DateInput {
        .init()
    }

    /// `GET /timeWithoutTimeZone`
    static let timeWithoutTimeZone = RouteDefinition(
        RouteDeclaration(
            "timeWithoutTimeZone",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/timeWithoutTimeZone",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql(
            "SELECT NULL::time without time zone AS v",
            locked: LockedColumns(columns: ["v": "time without time zone"])
        )
    )

    /// The types and the URLs of `timeWithoutTimeZone`.
    enum TimeWithoutTimeZone: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TimeWithoutTimeZoneInput
        /// A row of the response.
        typealias Row = TimeWithoutTimeZoneRow
        /// The response.
        typealias Response = TimeWithoutTimeZoneResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.timeWithoutTimeZone.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TimeWithoutTimeZoneInput {
            TimeWithoutTimeZoneInput()
        }

        /// The texts of inputs.
        static func texts(of input: TimeWithoutTimeZoneInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `timeWithoutTimeZone`.
    struct TimeWithoutTimeZoneInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.TimeWithoutTimeZone
    }

    /// A request of `timeWithoutTimeZone`.
    static func timeWithoutTimeZone(_: () = ()) -> TimeWithoutTimeZoneInput {
        .init()
    }

    /// `GET /timeWithTimeZone`
    static let timeWithTimeZone = RouteDefinition(
        RouteDeclaration(
            "timeWithTimeZone",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/timeWithTimeZone",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::time with time zone AS v", locked: LockedColumns(columns: ["v": "time with time zone"]))
    )

    /// The types and the URLs of `timeWithTimeZone`.
    enum TimeWithTimeZone: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TimeWithTimeZoneInput
        /// A row of the response.
        typealias Row = TimeWithTimeZoneRow
        /// The response.
        typealias Response = TimeWithTimeZoneResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.timeWithTimeZone.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TimeWithTimeZoneInput {
            TimeWithTimeZoneInput()
        }

        /// The texts of inputs.
        static func texts(of input: TimeWithTimeZoneInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `timeWithTimeZone`.
    struct TimeWithTimeZoneInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.TimeWithTimeZone
    }

    /// A request of `timeWithTimeZone`.
    static func timeWithTimeZone(_: () = ()) -> TimeWithTimeZoneInput {
        .init()
    }

    /// `GET /timestampWithoutTimeZone`
    static let timestampWithoutTimeZone = RouteDefinition(
        RouteDeclaration(
            "timestampWithoutTimeZone",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/timestampWithoutTimeZone",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql(
            "SELECT NULL::timestamp without time zone AS v",
            locked: LockedColumns(columns: ["v": "timestamp without time zone"])
        )
    )

    /// The types and the URLs of `timestampWithoutTimeZone`.
    enum TimestampWithoutTimeZone: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TimestampWithoutTimeZoneInput
        /// A row of the response.
        typealias Row = TimestampWithoutTimeZoneRow
        /// The response.
        typealias Response = TimestampWithoutTimeZoneResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.timestampWithoutTimeZone.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TimestampWithoutTimeZoneInput {
            TimestampWithoutTimeZoneInput()
        }

        /// The texts of inputs.
        static func texts(of input: TimestampWithoutTimeZoneInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `timestampWithoutTimeZone`.
    struct TimestampWithoutTimeZoneInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.TimestampWithoutTimeZone
    }

    /// A request of `timestampWithoutTimeZone`.
    static func timestampWithoutTimeZone(_: () = ()) -> TimestampWithoutTimeZoneInput {
        .init()
    }

    /// `GET /timestampWithTimeZone`
    static let timestampWithTimeZone = RouteDefinition(
        RouteDeclaration(
            "timestampWithTimeZone",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/timestampWithTimeZone",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql(
            "SELECT NULL::timestamp with time zone AS v",
            locked: LockedColumns(columns: ["v": "timestamp with time zone"])
        )
    )

    /// The types and the URLs of `timestampWithTimeZone`.
    enum TimestampWithTimeZone: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TimestampWithTimeZoneInput
        /// A row of the response.
        typealias Row = TimestampWithTimeZoneRow
        /// The response.
        typealias Response = TimestampWithTimeZoneResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.timestampWithTimeZone.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TimestampWithTimeZoneInput {
            TimestampWithTimeZoneInput()
        }

        /// The texts of inputs.
        static func texts(of input: TimestampWithTimeZoneInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `timestampWithTimeZone`.
    struct TimestampWithTimeZoneInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.TimestampWithTimeZone
    }

    /// A request of `timestampWithTimeZone`.
    static func timestampWithTimeZone(_: () = ()) -> TimestampWithTimeZoneInput {
        .init()
    }

    /// `GET /interval`
    static let interval = RouteDefinition(
        RouteDeclaration(
            "interval",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/interval",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::interval AS v", locked: LockedColumns(columns: ["v": "interval"]))
    )

    /// The types and the URLs of `interval`.
    enum Interval: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = IntervalInput
        /// A row of the response.
        typealias Row = IntervalRow
        /// The response.
        typealias Response = IntervalResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.interval.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> IntervalInput {
            IntervalInput()
        }

        /// The texts of inputs.
        static func texts(of input: IntervalInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `interval`.
    struct IntervalInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Interval
    }

    /// A request of `interval`.
    static func interval(_: () = ()) -> IntervalInput {
        .init()
    }

    /// `GET /bytea`
    static let bytea = RouteDefinition(
        RouteDeclaration(
            "bytea",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/bytea", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::bytea AS v", locked: LockedColumns(columns: ["v": "bytea"]))
    )

    /// The types and the URLs of `bytea`.
    enum Bytea: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = ByteaInput
        /// A row of the response.
        typealias Row = ByteaRow
        /// The response.
        typealias Response = ByteaResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.bytea.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> ByteaInput {
            ByteaInput()
        }

        /// The texts of inputs.
        static func texts(of input: ByteaInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `bytea`.
    struct ByteaInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Bytea
    }

    /// A request of `bytea`.
    static func bytea(_: () = ()) -> ByteaInput {
        .init()
    }

    /// `GET /money`
    static let money = RouteDefinition(
        RouteDeclaration(
            "money",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/money", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::money AS v", locked: LockedColumns(columns: ["v": "money"]))
    )

    /// The types and the URLs of `money`.
    enum Money: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = MoneyInput
        /// A row of the response.
        typealias Row = MoneyRow
        /// The response.
        typealias Response = MoneyResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.money.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> MoneyInput {
            MoneyInput()
        }

        /// The texts of inputs.
        static func texts(of input: MoneyInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `money`.
    struct MoneyInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Money
    }

    /// A request of `money`.
    static func money(_: () = ()) -> MoneyInput {
        .init()
    }

    /// `GET /inet`
    static let inet = RouteDefinition(
        RouteDeclaration(
            "inet",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/inet", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::inet AS v", locked: LockedColumns(columns: ["v": "inet"]))
    )

    /// The types and the URLs of `inet`.
    enum Inet: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = InetInput
        /// A row of the response.
        typealias Row = InetRow
        /// The response.
        typealias Response = InetResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.inet.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> InetInput {
            InetInput()
        }

        /// The texts of inputs.
        static func texts(of input: InetInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `inet`.
    struct InetInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Inet
    }

    /// A request of `inet`.
    static func inet(_: () = ()) -> InetInput {
        .init()
    }

    /// `GET /cidr`
    static let cidr = RouteDefinition(
        RouteDeclaration(
            "cidr",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/cidr", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::cidr AS v", locked: LockedColumns(columns: ["v": "cidr"]))
    )

    /// The types and the URLs of `cidr`.
    enum Cidr: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = CidrInput
        /// A row of the response.
        typealias Row = CidrRow
        /// The response.
        typealias Response = CidrResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.cidr.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> CidrInput {
            CidrInput()
        }

        /// The texts of inputs.
        static func texts(of input: CidrInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `cidr`.
    struct CidrInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Cidr
    }

    /// A request of `cidr`.
    static func cidr(_: () = ()) -> CidrInput {
        .init()
    }

    /// `GET /macaddr`
    static let macaddr = RouteDefinition(
        RouteDeclaration(
            "macaddr",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/macaddr", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::macaddr AS v", locked: LockedColumns(columns: ["v": "macaddr"]))
    )

    /// The types and the URLs of `macaddr`.
    enum Macaddr: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = MacaddrInput
        /// A row of the response.
        typealias Row = MacaddrRow
        /// The response.
        typealias Response = MacaddrResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.macaddr.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> MacaddrInput {
            MacaddrInput()
        }

        /// The texts of inputs.
        static func texts(of input: MacaddrInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `macaddr`.
    struct MacaddrInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Macaddr
    }

    /// A request of `macaddr`.
    static func macaddr(_: () = ()) -> MacaddrInput {
        .init()
    }

    /// `GET /bit`
    static let bit = RouteDefinition(
        RouteDeclaration(
            "bit",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/bit", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::bit AS v", locked: LockedColumns(columns: ["v": "bit"]))
    )

    /// The types and the URLs of `bit`.
    enum Bit: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = BitInput
        /// A row of the response.
        typealias Row = BitRow
        /// The response.
        typealias Response = BitResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.bit.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> BitInput {
            BitInput()
        }

        /// The texts of inputs.
        static func texts(of input: BitInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `bit`.
    struct BitInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Bit
    }

    /// A request of `bit`.
    static func bit(_: () = ()) -> BitInput {
        .init()
    }

    /// `GET /bitVarying`
    static let bitVarying = RouteDefinition(
        RouteDeclaration(
            "bitVarying",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/bitVarying",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::bit varying AS v", locked: LockedColumns(columns: ["v": "bit varying"]))
    )

    /// The types and the URLs of `bitVarying`.
    enum BitVarying: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = BitVaryingInput
        /// A row of the response.
        typealias Row = BitVaryingRow
        /// The response.
        typealias Response = BitVaryingResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.bitVarying.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> BitVaryingInput {
            BitVaryingInput()
        }

        /// The texts of inputs.
        static func texts(of input: BitVaryingInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `bitVarying`.
    struct BitVaryingInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.BitVarying
    }

    /// A request of `bitVarying`.
    static func bitVarying(_: () = ()) -> BitVaryingInput {
        .init()
    }

    /// `GET /oid`
    static let oid = RouteDefinition(
        RouteDeclaration(
            "oid",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/oid", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::oid AS v", locked: LockedColumns(columns: ["v": "oid"]))
    )

    /// The types and the URLs of `oid`.
    enum Oid: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = OidInput
        /// A row of the response.
        typealias Row = OidRow
        /// The response.
        typealias Response = OidResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.oid.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> OidInput {
            OidInput()
        }

        /// The texts of inputs.
        static func texts(of input: OidInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `oid`.
    struct OidInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Oid
    }

    /// A request of `oid`.
    static func oid(_: () = ()) -> OidInput {
        .init()
    }

    /// `GET /point`
    static let point = RouteDefinition(
        RouteDeclaration(
            "point",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/point", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::point AS v", locked: LockedColumns(columns: ["v": "point"]))
    )

    /// The types and the URLs of `point`.
    enum Point: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = PointInput
        /// A row of the response.
        typealias Row = PointRow
        /// The response.
        typealias Response = PointResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.point.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> PointInput {
            PointInput()
        }

        /// The texts of inputs.
        static func texts(of input: PointInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `point`.
    struct PointInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Point
    }

    /// A request of `point`.
    static func point(_: () = ()) -> PointInput {
        .init()
    }

    /// `GET /box`
    static let box = RouteDefinition(
        RouteDeclaration(
            "box",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/box", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::box AS v", locked: LockedColumns(columns: ["v": "box"]))
    )

    /// The types and the URLs of `box`.
    enum Box: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = BoxInput
        /// A row of the response.
        typealias Row = BoxRow
        /// The response.
        typealias Response = BoxResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.box.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> BoxInput {
            BoxInput()
        }

        /// The texts of inputs.
        static func texts(of input: BoxInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `box`.
    struct BoxInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Box
    }

    /// A request of `box`.
    static func box(_: () = ()) -> BoxInput {
        .init()
    }

    /// `GET /int4range`
    static let int4range = RouteDefinition(
        RouteDeclaration(
            "int4range",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/int4range",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::int4range AS v", locked: LockedColumns(columns: ["v": "int4range"]))
    )

    /// The types and the URLs of `int4range`.
    enum Int4range: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = Int4rangeInput
        /// A row of the response.
        typealias Row = Int4rangeRow
        /// The response.
        typealias Response = Int4rangeResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.int4range.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> Int4rangeInput {
            Int4rangeInput()
        }

        /// The texts of inputs.
        static func texts(of input: Int4rangeInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `int4range`.
    struct Int4rangeInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Int4range
    }

    /// A request of `int4range`.
    static func int4range(_: () = ()) -> Int4rangeInput {
        .init()
    }

    /// `GET /daterange`
    static let daterange = RouteDefinition(
        RouteDeclaration(
            "daterange",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/daterange",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::daterange AS v", locked: LockedColumns(columns: ["v": "daterange"]))
    )

    /// The types and the URLs of `daterange`.
    enum Daterange: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = DaterangeInput
        /// A row of the response.
        typealias Row = DaterangeRow
        /// The response.
        typealias Response = DaterangeResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.daterange.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> DaterangeInput {
            DaterangeInput()
        }

        /// The texts of inputs.
        static func texts(of input: DaterangeInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `daterange`.
    struct DaterangeInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Daterange
    }

    /// A request of `daterange`.
    static func daterange(_: () = ()) -> DaterangeInput {
        .init()
    }

    /// `GET /tsrange`
    static let tsrange = RouteDefinition(
        RouteDeclaration(
            "tsrange",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/tsrange", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::tsrange AS v", locked: LockedColumns(columns: ["v": "tsrange"]))
    )

    /// The types and the URLs of `tsrange`.
    enum Tsrange: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TsrangeInput
        /// A row of the response.
        typealias Row = TsrangeRow
        /// The response.
        typealias Response = TsrangeResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.tsrange.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TsrangeInput {
            TsrangeInput()
        }

        /// The texts of inputs.
        static func texts(of input: TsrangeInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `tsrange`.
    struct TsrangeInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Tsrange
    }

    /// A request of `tsrange`.
    static func tsrange(_: () = ()) -> TsrangeInput {
        .init()
    }

    /// `GET /int4multirange`
    static let int4multirange = RouteDefinition(
        RouteDeclaration(
            "int4multirange",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/int4multirange",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::int4multirange AS v", locked: LockedColumns(columns: ["v": "int4multirange"]))
    )

    /// The types and the URLs of `int4multirange`.
    enum Int4multirange: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = Int4multirangeInput
        /// A row of the response.
        typealias Row = Int4multirangeRow
        /// The response.
        typealias Response = Int4multirangeResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.int4multirange.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> Int4multirangeInput {
            Int4multirangeInput()
        }

        /// The texts of inputs.
        static func texts(of input: Int4multirangeInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `int4multirange`.
    struct Int4multirangeInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Int4multirange
    }

    /// A request of `int4multirange`.
    static func int4multirange(_: () = ()) -> Int4multirangeInput {
        .init()
    }

    /// `GET /tsvector`
    static let tsvector = RouteDefinition(
        RouteDeclaration(
            "tsvector",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/tsvector",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::tsvector AS v", locked: LockedColumns(columns: ["v": "tsvector"]))
    )

    /// The types and the URLs of `tsvector`.
    enum Tsvector: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TsvectorInput
        /// A row of the response.
        typealias Row = TsvectorRow
        /// The response.
        typealias Response = TsvectorResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.tsvector.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TsvectorInput {
            TsvectorInput()
        }

        /// The texts of inputs.
        static func texts(of input: TsvectorInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `tsvector`.
    struct TsvectorInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Tsvector
    }

    /// A request of `tsvector`.
    static func tsvector(_: () = ()) -> TsvectorInput {
        .init()
    }

    /// `GET /tsquery`
    static let tsquery = RouteDefinition(
        RouteDeclaration(
            "tsquery",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/tsquery", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::tsquery AS v", locked: LockedColumns(columns: ["v": "tsquery"]))
    )

    /// The types and the URLs of `tsquery`.
    enum Tsquery: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TsqueryInput
        /// A row of the response.
        typealias Row = TsqueryRow
        /// The response.
        typealias Response = TsqueryResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.tsquery.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TsqueryInput {
            TsqueryInput()
        }

        /// The texts of inputs.
        static func texts(of input: TsqueryInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `tsquery`.
    struct TsqueryInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Tsquery
    }

    /// A request of `tsquery`.
    static func tsquery(_: () = ()) -> TsqueryInput {
        .init()
    }

    /// `GET /pgLsn`
    static let pgLsn = RouteDefinition(
        RouteDeclaration(
            "pgLsn",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/pgLsn", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::pg_lsn AS v", locked: LockedColumns(columns: ["v": "pg_lsn"]))
    )

    /// The types and the URLs of `pgLsn`.
    enum PgLsn: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = PgLsnInput
        /// A row of the response.
        typealias Row = PgLsnRow
        /// The response.
        typealias Response = PgLsnResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.pgLsn.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> PgLsnInput {
            PgLsnInput()
        }

        /// The texts of inputs.
        static func texts(of input: PgLsnInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `pgLsn`.
    struct PgLsnInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.PgLsn
    }

    /// A request of `pgLsn`.
    static func pgLsn(_: () = ()) -> PgLsnInput {
        .init()
    }

    /// `GET /xid8`
    static let xid8 = RouteDefinition(
        RouteDeclaration(
            "xid8",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/xid8", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::xid8 AS v", locked: LockedColumns(columns: ["v": "xid8"]))
    )

    /// The types and the URLs of `xid8`.
    enum Xid8: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = Xid8Input
        /// A row of the response.
        typealias Row = Xid8Row
        /// The response.
        typealias Response = Xid8Response

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.xid8.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> Xid8Input {
            Xid8Input()
        }

        /// The texts of inputs.
        static func texts(of input: Xid8Input) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `xid8`.
    struct Xid8Input: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Xid8
    }

    /// A request of `xid8`.
    static func xid8(_: () = ()) -> Xid8Input {
        .init()
    }

    /// `GET /jsonpath`
    static let jsonpath = RouteDefinition(
        RouteDeclaration(
            "jsonpath",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/jsonpath",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::jsonpath AS v", locked: LockedColumns(columns: ["v": "jsonpath"]))
    )

    /// The types and the URLs of `jsonpath`.
    enum Jsonpath: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = JsonpathInput
        /// A row of the response.
        typealias Row = JsonpathRow
        /// The response.
        typealias Response = JsonpathResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.jsonpath.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> JsonpathInput {
            JsonpathInput()
        }

        /// The texts of inputs.
        static func texts(of input: JsonpathInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `jsonpath`.
    struct JsonpathInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Jsonpath
    }

    /// A request of `jsonpath`.
    static func jsonpath(_: () = ()) -> JsonpathInput {
        .init()
    }

    /// `GET /xml`
    static let xml = RouteDefinition(
        RouteDeclaration(
            "xml",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/xml", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::xml AS v", locked: LockedColumns(columns: ["v": "xml"]))
    )

    /// The types and the URLs of `xml`.
    enum Xml: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = XmlInput
        /// A row of the response.
        typealias Row = XmlRow
        /// The response.
        typealias Response = XmlResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.xml.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> XmlInput {
            XmlInput()
        }

        /// The texts of inputs.
        static func texts(of input: XmlInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `xml`.
    struct XmlInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Xml
    }

    /// A request of `xml`.
    static func xml(_: () = ()) -> XmlInput {
        .init()
    }

    /// `GET /json`
    static let json = RouteDefinition(
        RouteDeclaration(
            "json",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/json", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::json AS v", locked: LockedColumns(columns: ["v": "json"]))
    )

    /// The types and the URLs of `json`.
    enum Json: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = JsonInput
        /// A row of the response.
        typealias Row = JsonRow
        /// The response.
        typealias Response = JsonResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.json.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> JsonInput {
            JsonInput()
        }

        /// The texts of inputs.
        static func texts(of input: JsonInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `json`.
    struct JsonInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Json
    }

    /// A request of `json`.
    static func json(_: () = ()) -> JsonInput {
        .init()
    }

    /// `GET /jsonb`
    static let jsonb = RouteDefinition(
        RouteDeclaration(
            "jsonb",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/jsonb", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::jsonb AS v", locked: LockedColumns(columns: ["v": "jsonb"]))
    )

    /// The types and the URLs of `jsonb`.
    enum Jsonb: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = JsonbInput
        /// A row of the response.
        typealias Row = JsonbRow
        /// The response.
        typealias Response = JsonbResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.jsonb.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> JsonbInput {
            JsonbInput()
        }

        /// The texts of inputs.
        static func texts(of input: JsonbInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `jsonb`.
    struct JsonbInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Jsonb
    }

    /// A request of `jsonb`.
    static func jsonb(_: () = ()) -> JsonbInput {
        .init()
    }

    /// `GET /record`
    static let record = RouteDefinition(
        RouteDeclaration(
            "record",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/record", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::record AS v", locked: LockedColumns(columns: ["v": "record"]))
    )

    /// The types and the URLs of `record`.
    enum Record: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = RecordInput
        /// A row of the response.
        typealias Row = RecordRow
        /// The response.
        typealias Response = RecordResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.record.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> RecordInput {
            RecordInput()
        }

        /// The texts of inputs.
        static func texts(of input: RecordInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `record`.
    struct RecordInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Record
    }

    /// A request of `record`.
    static func record(_: () = ()) -> RecordInput {
        .init()
    }

    /// `GET /int2vector`
    static let int2vector = RouteDefinition(
        RouteDeclaration(
            "int2vector",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/int2vector",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::int2vector AS v", locked: LockedColumns(columns: ["v": "int2vector"]))
    )

    /// The types and the URLs of `int2vector`.
    enum Int2vector: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = Int2vectorInput
        /// A row of the response.
        typealias Row = Int2vectorRow
        /// The response.
        typealias Response = Int2vectorResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.int2vector.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> Int2vectorInput {
            Int2vectorInput()
        }

        /// The texts of inputs.
        static func texts(of input: Int2vectorInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `int2vector`.
    struct Int2vectorInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Int2vector
    }

    /// A request of `int2vector`.
    static func int2vector(_: () = ()) -> Int2vectorInput {
        .init()
    }

    /// `GET /smallintArray`
    static let smallintArray = RouteDefinition(
        RouteDeclaration(
            "smallintArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/smallintArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::smallint[] AS v", locked: LockedColumns(columns: ["v": "smallint[]"]))
    )

    /// The types and the URLs of `smallintArray`.
    enum SmallintArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = SmallintArrayInput
        /// A row of the response.
        typealias Row = SmallintArrayRow
        /// The response.
        typealias Response = SmallintArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.smallintArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> SmallintArrayInput {
            SmallintArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: SmallintArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `smallintArray`.
    struct SmallintArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.SmallintArray
    }

    /// A request of `smallintArray`.
    static func smallintArray(_: () = ()) -> SmallintArrayInput {
        .init()
    }

    /// `GET /integerArray`
    static let integerArray = RouteDefinition(
        RouteDeclaration(
            "integerArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/integerArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::integer[] AS v", locked: LockedColumns(columns: ["v": "integer[]"]))
    )

    /// The types and the URLs of `integerArray`.
    enum IntegerArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = IntegerArrayInput
        /// A row of the response.
        typealias Row = IntegerArrayRow
        /// The response.
        typealias Response = IntegerArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.integerArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> IntegerArrayInput {
            IntegerArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: IntegerArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `integerArray`.
    struct IntegerArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.IntegerArray
    }

    /// A request of `integerArray`.
    static func integerArray(_: () = ()) -> IntegerArrayInput {
        .init()
    }

    /// `GET /bigintArray`
    static let bigintArray = RouteDefinition(
        RouteDeclaration(
            "bigintArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/bigintArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::bigint[] AS v", locked: LockedColumns(columns: ["v": "bigint[]"]))
    )

    /// The types and the URLs of `bigintArray`.
    enum BigintArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = BigintArrayInput
        /// A row of the response.
        typealias Row = BigintArrayRow
        /// The response.
        typealias Response = BigintArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.bigintArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> BigintArrayInput {
            BigintArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: BigintArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `bigintArray`.
    struct BigintArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.BigintArray
    }

    /// A request of `bigintArray`.
    static func bigintArray(_: () = ()) -> BigintArrayInput {
        .init()
    }

    /// `GET /realArray`
    static let realArray = RouteDefinition(
        RouteDeclaration(
            "realArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/realArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::real[] AS v", locked: LockedColumns(columns: ["v": "real[]"]))
    )

    /// The types and the URLs of `realArray`.
    enum RealArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = RealArrayInput
        /// A row of the response.
        typealias Row = RealArrayRow
        /// The response.
        typealias Response = RealArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.realArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> RealArrayInput {
            RealArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: RealArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `realArray`.
    struct RealArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.RealArray
    }

    /// A request of `realArray`.
    static func realArray(_: () = ()) -> RealArrayInput {
        .init()
    }

    /// `GET /doublePrecisionArray`
    static let doublePrecisionArray = RouteDefinition(
        RouteDeclaration(
            "doublePrecisionArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/doublePrecisionArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::double precision[] AS v", locked: LockedColumns(columns: ["v": "double precision[]"]))
    )

    /// The types and the URLs of `doublePrecisionArray`.
    enum DoublePrecisionArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = DoublePrecisionArrayInput
        /// A row of the response.
        typealias Row = DoublePrecisionArrayRow
        /// The response.
        typealias Response = DoublePrecisionArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.doublePrecisionArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> DoublePrecisionArrayInput {
            DoublePrecisionArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: DoublePrecisionArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `doublePrecisionArray`.
    struct DoublePrecisionArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.DoublePrecisionArray
    }

    /// A request of `doublePrecisionArray`.
    static func doublePrecisionArray(_: () = ()) -> DoublePrecisionArrayInput {
        .init()
    }

    /// `GET /numericArray`
    static let numericArray = RouteDefinition(
        RouteDeclaration(
            "numericArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/numericArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::numeric[] AS v", locked: LockedColumns(columns: ["v": "numeric[]"]))
    )

    /// The types and the URLs of `numericArray`.
    enum NumericArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = NumericArrayInput
        /// A row of the response.
        typealias Row = NumericArrayRow
        /// The response.
        typealias Response = NumericArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.numericArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> NumericArrayInput {
            NumericArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: NumericArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `numericArray`.
    struct NumericArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.NumericArray
    }

    /// A request of `numericArray`.
    static func numericArray(_: () = ()) -> NumericArrayInput {
        .init()
    }

    /// `GET /booleanArray`
    static let booleanArray = RouteDefinition(
        RouteDeclaration(
            "booleanArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/booleanArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::boolean[] AS v", locked: LockedColumns(columns: ["v": "boolean[]"]))
    )

    /// The types and the URLs of `booleanArray`.
    enum BooleanArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = BooleanArrayInput
        /// A row of the response.
        typealias Row = BooleanArrayRow
        /// The response.
        typealias Response = BooleanArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.booleanArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> BooleanArrayInput {
            BooleanArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: BooleanArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `booleanArray`.
    struct BooleanArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.BooleanArray
    }

    /// A request of `booleanArray`.
    static func booleanArray(_: () = ()) -> BooleanArrayInput {
        .init()
    }

    /// `GET /textArray`
    static let textArray = RouteDefinition(
        RouteDeclaration(
            "textArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/textArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::text[] AS v", locked: LockedColumns(columns: ["v": "text[]"]))
    )

    /// The types and the URLs of `textArray`.
    enum TextArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TextArrayInput
        /// A row of the response.
        typealias Row = TextArrayRow
        /// The response.
        typealias Response = TextArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.textArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TextArrayInput {
            TextArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: TextArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `textArray`.
    struct TextArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.TextArray
    }

    /// A request of `textArray`.
    static func textArray(_: () = ()) -> TextArrayInput {
        .init()
    }

    /// `GET /characterArray`
    static let characterArray = RouteDefinition(
        RouteDeclaration(
            "characterArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/characterArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::character[] AS v", locked: LockedColumns(columns: ["v": "character[]"]))
    )

    /// The types and the URLs of `characterArray`.
    enum CharacterArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = CharacterArrayInput
        /// A row of the response.
        typealias Row = CharacterArrayRow
        /// The response.
        typealias Response = CharacterArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.characterArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> CharacterArrayInput {
            CharacterArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: CharacterArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `characterArray`.
    struct CharacterArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.CharacterArray
    }

    /// A request of `characterArray`.
    static func characterArray(_: () = ()) -> CharacterArrayInput {
        .init()
    }

    /// `GET /characterVaryingArray`
    static let characterVaryingArray = RouteDefinition(
        RouteDeclaration(
            "characterVaryingArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/characterVaryingArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::character varying[] AS v", locked: LockedColumns(columns: ["v": "character varying[]"]))
    )

    /// The types and the URLs of `characterVaryingArray`.
    enum CharacterVaryingArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = CharacterVaryingArrayInput
        /// A row of the response.
        typealias Row = CharacterVaryingArrayRow
        /// The response.
        typealias Response = CharacterVaryingArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.characterVaryingArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> CharacterVaryingArrayInput {
            CharacterVaryingArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: CharacterVaryingArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `characterVaryingArray`.
    struct CharacterVaryingArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.CharacterVaryingArray
    }

    /// A request of `characterVaryingArray`.
    static func characterVaryingArray(_: () = ()) -> CharacterVaryingArrayInput {
        .init()
    }

    /// `GET /nameArray`
    static let nameArray = RouteDefinition(
        RouteDeclaration(
            "nameArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/nameArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::name[] AS v", locked: LockedColumns(columns: ["v": "name[]"]))
    )

    /// The types and the URLs of `nameArray`.
    enum NameArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = NameArrayInput
        /// A row of the response.
        typealias Row = NameArrayRow
        /// The response.
        typealias Response = NameArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.nameArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> NameArrayInput {
            NameArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: NameArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `nameArray`.
    struct NameArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.NameArray
    }

    /// A request of `nameArray`.
    static func nameArray(_: () = ()) -> NameArrayInput {
        .init()
    }

    /// `GET /uuidArray`
    static let uuidArray = RouteDefinition(
        RouteDeclaration(
            "uuidArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/uuidArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::uuid[] AS v", locked: LockedColumns(columns: ["v": "uuid[]"]))
    )

    /// The types and the URLs of `uuidArray`.
    enum UuidArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = UuidArrayInput
        /// A row of the response.
        typealias Row = UuidArrayRow
        /// The response.
        typealias Response = UuidArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.uuidArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> UuidArrayInput {
            UuidArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: UuidArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `uuidArray`.
    struct UuidArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.UuidArray
    }

    /// A request of `uuidArray`.
    static func uuidArray(_: () = ()) -> UuidArrayInput {
        .init()
    }

    /// `GET /dateArray`
    static let dateArray = RouteDefinition(
        RouteDeclaration(
            "dateArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/dateArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::date[] AS v", locked: LockedColumns(columns: ["v": "date[]"]))
    )

    /// The types and the URLs of `dateArray`.
    enum DateArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = DateArrayInput
        /// A row of the response.
        typealias Row = DateArrayRow
        /// The response.
        typealias Response = DateArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.dateArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> DateArrayInput {
            DateArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: DateArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `dateArray`.
    struct DateArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.DateArray
    }

    /// A request of `dateArray`.
    static func dateArray(_: () = ()) -> DateArrayInput {
        .init()
    }

    /// `GET /timeWithoutTimeZoneArray`
    static let timeWithoutTimeZoneArray = RouteDefinition(
        RouteDeclaration(
            "timeWithoutTimeZoneArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/timeWithoutTimeZoneArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql(
            "SELECT NULL::time without time zone[] AS v",
            locked: LockedColumns(columns: ["v": "time without time zone[]"])
        )
    )

    /// The types and the URLs of `timeWithoutTimeZoneArray`.
    enum TimeWithoutTimeZoneArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TimeWithoutTimeZoneArrayInput
        /// A row of the response.
        typealias Row = TimeWithoutTimeZoneArrayRow
        /// The response.
        typealias Response = TimeWithoutTimeZoneArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.timeWithoutTimeZoneArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TimeWithoutTimeZoneArrayInput {
            TimeWithoutTimeZoneArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: TimeWithoutTimeZoneArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `timeWithoutTimeZoneArray`.
    struct TimeWithoutTimeZoneArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.TimeWithoutTimeZoneArray
    }

    /// A request of `timeWithoutTimeZoneArray`.
    static func timeWithoutTimeZoneArray(_: () = ()) -> TimeWithoutTimeZoneArrayInput {
        .init()
    }

    /// `GET /timeWithTimeZoneArray`
    static let timeWithTimeZoneArray = RouteDefinition(
        RouteDeclaration(
            "timeWithTimeZoneArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/timeWithTimeZoneArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::time with time zone[] AS v", locked: LockedColumns(columns: ["v": "time with time zone[]"]))
    )

    /// The types and the URLs of `timeWithTimeZoneArray`.
    enum TimeWithTimeZoneArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TimeWithTimeZoneArrayInput
        /// A row of the response.
        typealias Row = TimeWithTimeZoneArrayRow
        /// The response.
        typealias Response = TimeWithTimeZoneArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.timeWithTimeZoneArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TimeWithTimeZoneArrayInput {
            TimeWithTimeZoneArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: TimeWithTimeZoneArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `timeWithTimeZoneArray`.
    struct TimeWithTimeZoneArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.TimeWithTimeZoneArray
    }

    /// A request of `timeWithTimeZoneArray`.
    static func timeWithTimeZoneArray(_: () = ()) -> TimeWithTimeZoneArrayInput {
        .init()
    }

    /// `GET /timestampWithoutTimeZoneArray`
    static let timestampWithoutTimeZoneArray = RouteDefinition(
        RouteDeclaration(
            "timestampWithoutTimeZoneArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/timestampWithoutTimeZoneArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql(
            "SELECT NULL::timestamp without time zone[] AS v",
            locked: LockedColumns(columns: ["v": "timestamp without time zone[]"])
        )
    )

    /// The types and the URLs of `timestampWithoutTimeZoneArray`.
    enum TimestampWithoutTimeZoneArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TimestampWithoutTimeZoneArrayInput
        /// A row of the response.
        typealias Row = TimestampWithoutTimeZoneArrayRow
        /// The response.
        typealias Response = TimestampWithoutTimeZoneArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.timestampWithoutTimeZoneArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TimestampWithoutTimeZoneArrayInput {
            TimestampWithoutTimeZoneArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: TimestampWithoutTimeZoneArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `timestampWithoutTimeZoneArray`.
    struct TimestampWithoutTimeZoneArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.TimestampWithoutTimeZoneArray
    }

    /// A request of `timestampWithoutTimeZoneArray`.
    static func timestampWithoutTimeZoneArray(_: () = ()) -> TimestampWithoutTimeZoneArrayInput {
        .init()
    }

    /// `GET /timestampWithTimeZoneArray`
    static let timestampWithTimeZoneArray = RouteDefinition(
        RouteDeclaration(
            "timestampWithTimeZoneArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/timestampWithTimeZoneArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql(
            "SELECT NULL::timestamp with time zone[] AS v",
            locked: LockedColumns(columns: ["v": "timestamp with time zone[]"])
        )
    )

    /// The types and the URLs of `timestampWithTimeZoneArray`.
    enum TimestampWithTimeZoneArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = TimestampWithTimeZoneArrayInput
        /// A row of the response.
        typealias Row = TimestampWithTimeZoneArrayRow
        /// The response.
        typealias Response = TimestampWithTimeZoneArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.timestampWithTimeZoneArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> TimestampWithTimeZoneArrayInput {
            TimestampWithTimeZoneArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: TimestampWithTimeZoneArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `timestampWithTimeZoneArray`.
    struct TimestampWithTimeZoneArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.TimestampWithTimeZoneArray
    }

    /// A request of `timestampWithTimeZoneArray`.
    static func timestampWithTimeZoneArray(_: () = ()) -> TimestampWithTimeZoneArrayInput {
        .init()
    }

    /// `GET /intervalArray`
    static let intervalArray = RouteDefinition(
        RouteDeclaration(
            "intervalArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/intervalArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::interval[] AS v", locked: LockedColumns(columns: ["v": "interval[]"]))
    )

    /// The types and the URLs of `intervalArray`.
    enum IntervalArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = IntervalArrayInput
        /// A row of the response.
        typealias Row = IntervalArrayRow
        /// The response.
        typealias Response = IntervalArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.intervalArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> IntervalArrayInput {
            IntervalArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: IntervalArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `intervalArray`.
    struct IntervalArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.IntervalArray
    }

    /// A request of `intervalArray`.
    static func intervalArray(_: () = ()) -> IntervalArrayInput {
        .init()
    }

    /// `GET /byteaArray`
    static let byteaArray = RouteDefinition(
        RouteDeclaration(
            "byteaArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/byteaArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::bytea[] AS v", locked: LockedColumns(columns: ["v": "bytea[]"]))
    )

    /// The types and the URLs of `byteaArray`.
    enum ByteaArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = ByteaArrayInput
        /// A row of the response.
        typealias Row = ByteaArrayRow
        /// The response.
        typealias Response = ByteaArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.byteaArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> ByteaArrayInput {
            ByteaArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: ByteaArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `byteaArray`.
    struct ByteaArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.ByteaArray
    }

    /// A request of `byteaArray`.
    static func byteaArray(_: () = ()) -> ByteaArrayInput {
        .init()
    }

    /// `GET /jsonArray`
    static let jsonArray = RouteDefinition(
        RouteDeclaration(
            "jsonArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/jsonArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::json[] AS v", locked: LockedColumns(columns: ["v": "json[]"]))
    )

    /// The types and the URLs of `jsonArray`.
    enum JsonArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = JsonArrayInput
        /// A row of the response.
        typealias Row = JsonArrayRow
        /// The response.
        typealias Response = JsonArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.jsonArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> JsonArrayInput {
            JsonArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: JsonArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `jsonArray`.
    struct JsonArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.JsonArray
    }

    /// A request of `jsonArray`.
    static func jsonArray(_: () = ()) -> JsonArrayInput {
        .init()
    }

    /// `GET /jsonbArray`
    static let jsonbArray = RouteDefinition(
        RouteDeclaration(
            "jsonbArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/jsonbArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::jsonb[] AS v", locked: LockedColumns(columns: ["v": "jsonb[]"]))
    )

    /// The types and the URLs of `jsonbArray`.
    enum JsonbArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = JsonbArrayInput
        /// A row of the response.
        typealias Row = JsonbArrayRow
        /// The response.
        typealias Response = JsonbArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.jsonbArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> JsonbArrayInput {
            JsonbArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: JsonbArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `jsonbArray`.
    struct JsonbArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.JsonbArray
    }

    /// A request of `jsonbArray`.
    static func jsonbArray(_: () = ()) -> JsonbArrayInput {
        .init()
    }

    /// `GET /pointArray`
    static let pointArray = RouteDefinition(
        RouteDeclaration(
            "pointArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/pointArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::point[] AS v", locked: LockedColumns(columns: ["v": "point[]"]))
    )

    /// The types and the URLs of `pointArray`.
    enum PointArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = PointArrayInput
        /// A row of the response.
        typealias Row = PointArrayRow
        /// The response.
        typealias Response = PointArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.pointArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> PointArrayInput {
            PointArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: PointArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `pointArray`.
    struct PointArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.PointArray
    }

    /// A request of `pointArray`.
    static func pointArray(_: () = ()) -> PointArrayInput {
        .init()
    }

    /// `GET /int4rangeArray`
    static let int4rangeArray = RouteDefinition(
        RouteDeclaration(
            "int4rangeArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/int4rangeArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::int4range[] AS v", locked: LockedColumns(columns: ["v": "int4range[]"]))
    )

    /// The types and the URLs of `int4rangeArray`.
    enum Int4rangeArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = Int4rangeArrayInput
        /// A row of the response.
        typealias Row = Int4rangeArrayRow
        /// The response.
        typealias Response = Int4rangeArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.int4rangeArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> Int4rangeArrayInput {
            Int4rangeArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: Int4rangeArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `int4rangeArray`.
    struct Int4rangeArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.Int4rangeArray
    }

    /// A request of `int4rangeArray`.
    static func int4rangeArray(_: () = ()) -> Int4rangeArrayInput {
        .init()
    }

    /// `GET /publicTestMood`
    static let publicTestMood = RouteDefinition(
        RouteDeclaration(
            "publicTestMood",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/publicTestMood",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::public.test_mood AS v", locked: LockedColumns(columns: ["v": "public.test_mood"]))
    )

    /// The types and the URLs of `publicTestMood`.
    enum PublicTestMood: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = PublicTestMoodInput
        /// A row of the response.
        typealias Row = PublicTestMoodRow
        /// The response.
        typealias Response = PublicTestMoodResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.publicTestMood.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> PublicTestMoodInput {
            PublicTestMoodInput()
        }

        /// The texts of inputs.
        static func texts(of input: PublicTestMoodInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `publicTestMood`.
    struct PublicTestMoodInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.PublicTestMood
    }

    /// A request of `publicTestMood`.
    static func publicTestMood(_: () = ()) -> PublicTestMoodInput {
        .init()
    }

    /// `GET /publicTestMoodArray`
    static let publicTestMoodArray = RouteDefinition(
        RouteDeclaration(
            "publicTestMoodArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/publicTestMoodArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::public.test_mood[] AS v", locked: LockedColumns(columns: ["v": "public.test_mood[]"]))
    )

    /// The types and the URLs of `publicTestMoodArray`.
    enum PublicTestMoodArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = PublicTestMoodArrayInput
        /// A row of the response.
        typealias Row = PublicTestMoodArrayRow
        /// The response.
        typealias Response = PublicTestMoodArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.publicTestMoodArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> PublicTestMoodArrayInput {
            PublicTestMoodArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: PublicTestMoodArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `publicTestMoodArray`.
    struct PublicTestMoodArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.PublicTestMoodArray
    }

    /// A request of `publicTestMoodArray`.
    static func publicTestMoodArray(_: () = ()) -> PublicTestMoodArrayInput {
        .init()
    }

    /// `GET /publicTestPositiveArray`
    static let publicTestPositiveArray = RouteDefinition(
        RouteDeclaration(
            "publicTestPositiveArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/publicTestPositiveArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql(
            "SELECT NULL::public.test_positive[] AS v",
            locked: LockedColumns(columns: ["v": "public.test_positive[]"])
        )
    )

    /// The types and the URLs of `publicTestPositiveArray`.
    enum PublicTestPositiveArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = PublicTestPositiveArrayInput
        /// A row of the response.
        typealias Row = PublicTestPositiveArrayRow
        /// The response.
        typealias Response = PublicTestPositiveArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.publicTestPositiveArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> PublicTestPositiveArrayInput {
            PublicTestPositiveArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: PublicTestPositiveArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `publicTestPositiveArray`.
    struct PublicTestPositiveArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.PublicTestPositiveArray
    }

    /// A request of `publicTestPositiveArray`.
    static func publicTestPositiveArray(_: () = ()) -> PublicTestPositiveArrayInput {
        .init()
    }

    /// `GET /publicTestPair`
    static let publicTestPair = RouteDefinition(
        RouteDeclaration(
            "publicTestPair",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/publicTestPair",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::public.test_pair AS v", locked: LockedColumns(columns: ["v": "public.test_pair"]))
    )

    /// The types and the URLs of `publicTestPair`.
    enum PublicTestPair: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = PublicTestPairInput
        /// A row of the response.
        typealias Row = PublicTestPairRow
        /// The response.
        typealias Response = PublicTestPairResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.publicTestPair.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> PublicTestPairInput {
            PublicTestPairInput()
        }

        /// The texts of inputs.
        static func texts(of input: PublicTestPairInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `publicTestPair`.
    struct PublicTestPairInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.PublicTestPair
    }

    /// A request of `publicTestPair`.
    static func publicTestPair(_: () = ()) -> PublicTestPairInput {
        .init()
    }

    /// `GET /publicTestPairArray`
    static let publicTestPairArray = RouteDefinition(
        RouteDeclaration(
            "publicTestPairArray",
            RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: "/publicTestPairArray",
                inputs: []
            ),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::public.test_pair[] AS v", locked: LockedColumns(columns: ["v": "public.test_pair[]"]))
    )

    /// The types and the URLs of `publicTestPairArray`.
    enum PublicTestPairArray: CachedRoutes.RouteNamespace {
        /// The inputs.
        typealias Input = PublicTestPairArrayInput
        /// A row of the response.
        typealias Row = PublicTestPairArrayRow
        /// The response.
        typealias Response = PublicTestPairArrayResponse

        /// The route as the manifest declares it.
        static var declaration: RouteDeclaration { CatalogueRoutes.publicTestPairArray.declaration }

        /// The inputs that have given values.
        static func input(of values: CachedRoutes.InputValues) -> PublicTestPairArrayInput {
            PublicTestPairArrayInput()
        }

        /// The texts of inputs.
        static func texts(of input: PublicTestPairArrayInput) -> [CachedRoutes.InputText] {
            []
        }
    }

    /// The inputs of `publicTestPairArray`.
    struct PublicTestPairArrayInput: CachedRoutes.RouteInputs {
        /// The names of the route.
        typealias Route = CatalogueRoutes.PublicTestPairArray
    }

    /// A request of `publicTestPairArray`.
    static func publicTestPairArray(_: () = ()) -> PublicTestPairArrayInput {
        .init()
    }

    /// A value of the enum `public.test_mood`.
    enum TestMood: String, Codable, Hashable, Sendable, CaseIterable {
        case happy
        case sad
    }

    /// A row of `smallint`.
    struct SmallintRow: RouteRow {
        /// The column `v`, of type `smallint`; may be NULL.
        var v: Int16?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `smallint`.
    typealias SmallintResponse = [SmallintRow]

    /// A row of `integer`.
    struct IntegerRow: RouteRow {
        /// The column `v`, of type `integer`; may be NULL.
        var v: Int32?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `integer`.
    typealias IntegerResponse = [IntegerRow]

    /// A row of `bigint`.
    struct BigintRow: RouteRow {
        /// The column `v`, of type `bigint`; may be NULL.
        var v: Int?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `bigint`.
    typealias BigintResponse = [BigintRow]

    /// A row of `real`.
    struct RealRow: RouteRow {
        /// The column `v`, of type `real`; may be NULL.
        var v: JSONFloat<Float>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `real`.
    typealias RealResponse = [RealRow]

    /// A row of `doublePrecision`.
    struct DoublePrecisionRow: RouteRow {
        /// The column `v`, of type `double precision`; may be NULL.
        var v: JSONFloat<Double>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `doublePrecision`.
    typealias DoublePrecisionResponse = [DoublePrecisionRow]

    /// A row of `numeric`.
    struct NumericRow: RouteRow {
        /// The column `v`, of type `numeric`; may be NULL.
        var v: ExactDecimal?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `numeric`.
    typealias NumericResponse = [NumericRow]

    /// A row of `boolean`.
    struct BooleanRow: RouteRow {
        /// The column `v`, of type `boolean`; may be NULL.
        var v: Bool?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `boolean`.
    typealias BooleanResponse = [BooleanRow]

    /// A row of `text`.
    struct TextRow: RouteRow {
        /// The column `v`, of type `text`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `text`.
    typealias TextResponse = [TextRow]

    /// A row of `character`.
    struct CharacterRow: RouteRow {
        /// The column `v`, of type `character`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `character`.
    typealias CharacterResponse = [CharacterRow]

    /// A row of `characterVarying`.
    struct CharacterVaryingRow: RouteRow {
        /// The column `v`, of type `character varying`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `characterVarying`.
    typealias CharacterVaryingResponse = [CharacterVaryingRow]

    /// A row of `name`.
    struct NameRow: RouteRow {
        /// The column `v`, of type `name`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `name`.
    typealias NameResponse = [NameRow]

    /// A row of `char`.
    struct CharRow: RouteRow {
        /// The column `v`, of type `"char"`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `char`.
    typealias CharResponse = [CharRow]

    /// A row of `uuid`.
    struct UuidRow: RouteRow {
        /// The column `v`, of type `uuid`; may be NULL.
        var v: LowercaseUUID?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `uuid`.
    typealias UuidResponse = [UuidRow]

    /// A row of `date`.
    struct DateRow: RouteRow {
        /// The column `v`, of type `date`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `date`.
    typealias DateResponse = [DateRow]

    /// A row of `timeWithoutTimeZone`.
    struct TimeWithoutTimeZoneRow: RouteRow {
        /// The column `v`, of type `time without time zone`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `timeWithoutTimeZone`.
    typealias TimeWithoutTimeZoneResponse = [TimeWithoutTimeZoneRow]

    /// A row of `timeWithTimeZone`.
    struct TimeWithTimeZoneRow: RouteRow {
        /// The column `v`, of type `time with time zone`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `timeWithTimeZone`.
    typealias TimeWithTimeZoneResponse = [TimeWithTimeZoneRow]

    /// A row of `timestampWithoutTimeZone`.
    struct TimestampWithoutTimeZoneRow: RouteRow {
        /// The column `v`, of type `timestamp without time zone`; may be NULL.
        var v: TimestampText?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `timestampWithoutTimeZone`.
    typealias TimestampWithoutTimeZoneResponse = [TimestampWithoutTimeZoneRow]

    /// A row of `timestampWithTimeZone`.
    struct TimestampWithTimeZoneRow: RouteRow {
        /// The column `v`, of type `timestamp with time zone`; may be NULL.
        var v: TimestampText?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `timestampWithTimeZone`.
    typealias TimestampWithTimeZoneResponse = [TimestampWithTimeZoneRow]

    /// A row of `interval`.
    struct IntervalRow: RouteRow {
        /// The column `v`, of type `interval`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `interval`.
    typealias IntervalResponse = [IntervalRow]

    /// A row of `bytea`.
    struct ByteaRow: RouteRow {
        /// The column `v`, of type `bytea`; may be NULL.
        var v: HexBytes?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `bytea`.
    typealias ByteaResponse = [ByteaRow]

    /// A row of `money`.
    struct MoneyRow: RouteRow {
        /// The column `v`, of type `money`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `money`.
    typealias MoneyResponse = [MoneyRow]

    /// A row of `inet`.
    struct InetRow: RouteRow {
        /// The column `v`, of type `inet`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `inet`.
    typealias InetResponse = [InetRow]

    /// A row of `cidr`.
    struct CidrRow: RouteRow {
        /// The column `v`, of type `cidr`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `cidr`.
    typealias CidrResponse = [CidrRow]

    /// A row of `macaddr`.
    struct MacaddrRow: RouteRow {
        /// The column `v`, of type `macaddr`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `macaddr`.
    typealias MacaddrResponse = [MacaddrRow]

    /// A row of `bit`.
    struct BitRow: RouteRow {
        /// The column `v`, of type `bit`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `bit`.
    typealias BitResponse = [BitRow]

    /// A row of `bitVarying`.
    struct BitVaryingRow: RouteRow {
        /// The column `v`, of type `bit varying`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `bitVarying`.
    typealias BitVaryingResponse = [BitVaryingRow]

    /// A row of `oid`.
    struct OidRow: RouteRow {
        /// The column `v`, of type `oid`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `oid`.
    typealias OidResponse = [OidRow]

    /// A row of `point`.
    struct PointRow: RouteRow {
        /// The column `v`, of type `point`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `point`.
    typealias PointResponse = [PointRow]

    /// A row of `box`.
    struct BoxRow: RouteRow {
        /// The column `v`, of type `box`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `box`.
    typealias BoxResponse = [BoxRow]

    /// A row of `int4range`.
    struct Int4rangeRow: RouteRow {
        /// The column `v`, of type `int4range`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `int4range`.
    typealias Int4rangeResponse = [Int4rangeRow]

    /// A row of `daterange`.
    struct DaterangeRow: RouteRow {
        /// The column `v`, of type `daterange`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `daterange`.
    typealias DaterangeResponse = [DaterangeRow]

    /// A row of `tsrange`.
    struct TsrangeRow: RouteRow {
        /// The column `v`, of type `tsrange`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `tsrange`.
    typealias TsrangeResponse = [TsrangeRow]

    /// A row of `int4multirange`.
    struct Int4multirangeRow: RouteRow {
        /// The column `v`, of type `int4multirange`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `int4multirange`.
    typealias Int4multirangeResponse = [Int4multirangeRow]

    /// A row of `tsvector`.
    struct TsvectorRow: RouteRow {
        /// The column `v`, of type `tsvector`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `tsvector`.
    typealias TsvectorResponse = [TsvectorRow]

    /// A row of `tsquery`.
    struct TsqueryRow: RouteRow {
        /// The column `v`, of type `tsquery`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `tsquery`.
    typealias TsqueryResponse = [TsqueryRow]

    /// A row of `pgLsn`.
    struct PgLsnRow: RouteRow {
        /// The column `v`, of type `pg_lsn`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `pgLsn`.
    typealias PgLsnResponse = [PgLsnRow]

    /// A row of `xid8`.
    struct Xid8Row: RouteRow {
        /// The column `v`, of type `xid8`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `xid8`.
    typealias Xid8Response = [Xid8Row]

    /// A row of `jsonpath`.
    struct JsonpathRow: RouteRow {
        /// The column `v`, of type `jsonpath`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `jsonpath`.
    typealias JsonpathResponse = [JsonpathRow]

    /// A row of `xml`.
    struct XmlRow: RouteRow {
        /// The column `v`, of type `xml`; may be NULL.
        var v: String?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `xml`.
    typealias XmlResponse = [XmlRow]

    /// A row of `json`.
    struct JsonRow: RouteRow {
        /// The column `v`, of type `json`; may be NULL.
        var v: JSONFragment?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `json`.
    typealias JsonResponse = [JsonRow]

    /// A row of `jsonb`.
    struct JsonbRow: RouteRow {
        /// The column `v`, of type `jsonb`; may be NULL.
        var v: JSONFragment?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `jsonb`.
    typealias JsonbResponse = [JsonbRow]

    /// A row of `record`.
    struct RecordRow: RouteRow {
        /// The column `v`, of type `record`; may be NULL.
        var v: JSONFragment?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `record`.
    typealias RecordResponse = [RecordRow]

    /// A row of `int2vector`.
    struct Int2vectorRow: RouteRow {
        /// The column `v`, of type `int2vector`; may be NULL.
        var v: JSONFragment?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `int2vector`.
    typealias Int2vectorResponse = [Int2vectorRow]

    /// A row of `smallintArray`.
    struct SmallintArrayRow: RouteRow {
        /// The column `v`, of type `smallint[]`; may be NULL.
        var v: JSONArray<Int16>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `smallintArray`.
    typealias SmallintArrayResponse = [SmallintArrayRow]

    /// A row of `integerArray`.
    struct IntegerArrayRow: RouteRow {
        /// The column `v`, of type `integer[]`; may be NULL.
        var v: JSONArray<Int32>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `integerArray`.
    typealias IntegerArrayResponse = [IntegerArrayRow]

    /// A row of `bigintArray`.
    struct BigintArrayRow: RouteRow {
        /// The column `v`, of type `bigint[]`; may be NULL.
        var v: JSONArray<Int>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `bigintArray`.
    typealias BigintArrayResponse = [BigintArrayRow]

    /// A row of `realArray`.
    struct RealArrayRow: RouteRow {
        /// The column `v`, of type `real[]`; may be NULL.
        var v: JSONArray<JSONFloat<Float>>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `realArray`.
    typealias RealArrayResponse = [RealArrayRow]

    /// A row of `doublePrecisionArray`.
    struct DoublePrecisionArrayRow: RouteRow {
        /// The column `v`, of type `double precision[]`; may be NULL.
        var v: JSONArray<JSONFloat<Double>>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `doublePrecisionArray`.
    typealias DoublePrecisionArrayResponse = [DoublePrecisionArrayRow]

    /// A row of `numericArray`.
    struct NumericArrayRow: RouteRow {
        /// The column `v`, of type `numeric[]`; may be NULL.
        var v: JSONArray<ExactDecimal>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `numericArray`.
    typealias NumericArrayResponse = [NumericArrayRow]

    /// A row of `booleanArray`.
    struct BooleanArrayRow: RouteRow {
        /// The column `v`, of type `boolean[]`; may be NULL.
        var v: JSONArray<Bool>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `booleanArray`.
    typealias BooleanArrayResponse = [BooleanArrayRow]

    /// A row of `textArray`.
    struct TextArrayRow: RouteRow {
        /// The column `v`, of type `text[]`; may be NULL.
        var v: JSONArray<String>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `textArray`.
    typealias TextArrayResponse = [TextArrayRow]

    /// A row of `characterArray`.
    struct CharacterArrayRow: RouteRow {
        /// The column `v`, of type `character[]`; may be NULL.
        var v: JSONArray<String>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `characterArray`.
    typealias CharacterArrayResponse = [CharacterArrayRow]

    /// A row of `characterVaryingArray`.
    struct CharacterVaryingArrayRow: RouteRow {
        /// The column `v`, of type `character varying[]`; may be NULL.
        var v: JSONArray<String>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `characterVaryingArray`.
    typealias CharacterVaryingArrayResponse = [CharacterVaryingArrayRow]

    /// A row of `nameArray`.
    struct NameArrayRow: RouteRow {
        /// The column `v`, of type `name[]`; may be NULL.
        var v: JSONArray<String>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `nameArray`.
    typealias NameArrayResponse = [NameArrayRow]

    /// A row of `uuidArray`.
    struct UuidArrayRow: RouteRow {
        /// The column `v`, of type `uuid[]`; may be NULL.
        var v: JSONArray<LowercaseUUID>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `uuidArray`.
    typealias UuidArrayResponse = [UuidArrayRow]

    /// A row of `dateArray`.
    struct DateArrayRow: RouteRow {
        /// The column `v`, of type `date[]`; may be NULL.
        var v: JSONArray<String>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `dateArray`.
    typealias DateArrayResponse = [DateArrayRow]

    /// A row of `timeWithoutTimeZoneArray`.
    struct TimeWithoutTimeZoneArrayRow: RouteRow {
        /// The column `v`, of type `time without time zone[]`; may be NULL.
        var v: JSONArray<String>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `timeWithoutTimeZoneArray`.
    typealias TimeWithoutTimeZoneArrayResponse = [TimeWithoutTimeZoneArrayRow]

    /// A row of `timeWithTimeZoneArray`.
    struct TimeWithTimeZoneArrayRow: RouteRow {
        /// The column `v`, of type `time with time zone[]`; may be NULL.
        var v: JSONArray<String>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `timeWithTimeZoneArray`.
    typealias TimeWithTimeZoneArrayResponse = [TimeWithTimeZoneArrayRow]

    /// A row of `timestampWithoutTimeZoneArray`.
    struct TimestampWithoutTimeZoneArrayRow: RouteRow {
        /// The column `v`, of type `timestamp without time zone[]`; may be NULL.
        var v: JSONArray<TimestampText>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `timestampWithoutTimeZoneArray`.
    typealias TimestampWithoutTimeZoneArrayResponse = [TimestampWithoutTimeZoneArrayRow]

    /// A row of `timestampWithTimeZoneArray`.
    struct TimestampWithTimeZoneArrayRow: RouteRow {
        /// The column `v`, of type `timestamp with time zone[]`; may be NULL.
        var v: JSONArray<TimestampText>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `timestampWithTimeZoneArray`.
    typealias TimestampWithTimeZoneArrayResponse = [TimestampWithTimeZoneArrayRow]

    /// A row of `intervalArray`.
    struct IntervalArrayRow: RouteRow {
        /// The column `v`, of type `interval[]`; may be NULL.
        var v: JSONArray<String>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `intervalArray`.
    typealias IntervalArrayResponse = [IntervalArrayRow]

    /// A row of `byteaArray`.
    struct ByteaArrayRow: RouteRow {
        /// The column `v`, of type `bytea[]`; may be NULL.
        var v: JSONArray<HexBytes>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `byteaArray`.
    typealias ByteaArrayResponse = [ByteaArrayRow]

    /// A row of `jsonArray`.
    struct JsonArrayRow: RouteRow {
        /// The column `v`, of type `json[]`; may be NULL.
        var v: JSONFragment?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `jsonArray`.
    typealias JsonArrayResponse = [JsonArrayRow]

    /// A row of `jsonbArray`.
    struct JsonbArrayRow: RouteRow {
        /// The column `v`, of type `jsonb[]`; may be NULL.
        var v: JSONFragment?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `jsonbArray`.
    typealias JsonbArrayResponse = [JsonbArrayRow]

    /// A row of `pointArray`.
    struct PointArrayRow: RouteRow {
        /// The column `v`, of type `point[]`; may be NULL.
        var v: JSONArray<String>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `pointArray`.
    typealias PointArrayResponse = [PointArrayRow]

    /// A row of `int4rangeArray`.
    struct Int4rangeArrayRow: RouteRow {
        /// The column `v`, of type `int4range[]`; may be NULL.
        var v: JSONArray<String>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `int4rangeArray`.
    typealias Int4rangeArrayResponse = [Int4rangeArrayRow]

    /// A row of `publicTestMood`.
    struct PublicTestMoodRow: RouteRow {
        /// The column `v`, of type `public.test_mood`; may be NULL.
        var v: TestMood?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `publicTestMood`.
    typealias PublicTestMoodResponse = [PublicTestMoodRow]

    /// A row of `publicTestMoodArray`.
    struct PublicTestMoodArrayRow: RouteRow {
        /// The column `v`, of type `public.test_mood[]`; may be NULL.
        var v: JSONArray<TestMood>?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `publicTestMoodArray`.
    typealias PublicTestMoodArrayResponse = [PublicTestMoodArrayRow]

    /// A row of `publicTestPositiveArray`.
    struct PublicTestPositiveArrayRow: RouteRow {
        /// The column `v`, of type `public.test_positive[]`; may be NULL.
        var v: JSONFragment?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `publicTestPositiveArray`.
    typealias PublicTestPositiveArrayResponse = [PublicTestPositiveArrayRow]

    /// A row of `publicTestPair`.
    struct PublicTestPairRow: RouteRow {
        /// The column `v`, of type `public.test_pair`; may be NULL.
        var v: JSONFragment?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `publicTestPair`.
    typealias PublicTestPairResponse = [PublicTestPairRow]

    /// A row of `publicTestPairArray`.
    struct PublicTestPairArrayRow: RouteRow {
        /// The column `v`, of type `public.test_pair[]`; may be NULL.
        var v: JSONFragment?

        /// Writes all columns, those that are NULL as `null`.
        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: CodingKeys.self)
            try row.encode(self.v, forKey: .v)
        }
    }

    /// The response of `publicTestPairArray`.
    typealias PublicTestPairArrayResponse = [PublicTestPairArrayRow]

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
}
