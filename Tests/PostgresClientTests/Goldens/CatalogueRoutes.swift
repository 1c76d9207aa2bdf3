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

    /// `GET /integer`
    static let integer = RouteDefinition(
        RouteDeclaration(
            "integer",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/integer", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::integer AS v", locked: LockedColumns(columns: ["v": "integer"]))
    )

    /// `GET /bigint`
    static let bigint = RouteDefinition(
        RouteDeclaration(
            "bigint",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/bigint", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::bigint AS v", locked: LockedColumns(columns: ["v": "bigint"]))
    )

    /// `GET /real`
    static let real = RouteDefinition(
        RouteDeclaration(
            "real",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/real", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::real AS v", locked: LockedColumns(columns: ["v": "real"]))
    )

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

    /// `GET /numeric`
    static let numeric = RouteDefinition(
        RouteDeclaration(
            "numeric",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/numeric", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::numeric AS v", locked: LockedColumns(columns: ["v": "numeric"]))
    )

    /// `GET /boolean`
    static let boolean = RouteDefinition(
        RouteDeclaration(
            "boolean",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/boolean", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::boolean AS v", locked: LockedColumns(columns: ["v": "boolean"]))
    )

    /// `GET /text`
    static let text = RouteDefinition(
        RouteDeclaration(
            "text",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/text", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::text AS v", locked: LockedColumns(columns: ["v": "text"]))
    )

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

    /// `GET /name`
    static let name = RouteDefinition(
        RouteDeclaration(
            "name",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/name", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::name AS v", locked: LockedColumns(columns: ["v": "name"]))
    )

    /// `GET /char`
    static let char = RouteDefinition(
        RouteDeclaration(
            "char",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/char", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::\"char\" AS v", locked: LockedColumns(columns: ["v": "\"char\""]))
    )

    /// `GET /uuid`
    static let uuid = RouteDefinition(
        RouteDeclaration(
            "uuid",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/uuid", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::uuid AS v", locked: LockedColumns(columns: ["v": "uuid"]))
    )

    /// `GET /date`
    static let date = RouteDefinition(
        RouteDeclaration(
            "date",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/date", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::date AS v", locked: LockedColumns(columns: ["v": "date"]))
    )

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

    /// `GET /bytea`
    static let bytea = RouteDefinition(
        RouteDeclaration(
            "bytea",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/bytea", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::bytea AS v", locked: LockedColumns(columns: ["v": "bytea"]))
    )

    /// `GET /money`
    static let money = RouteDefinition(
        RouteDeclaration(
            "money",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/money", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::money AS v", locked: LockedColumns(columns: ["v": "money"]))
    )

    /// `GET /inet`
    static let inet = RouteDefinition(
        RouteDeclaration(
            "inet",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/inet", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::inet AS v", locked: LockedColumns(columns: ["v": "inet"]))
    )

    /// `GET /cidr`
    static let cidr = RouteDefinition(
        RouteDeclaration(
            "cidr",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/cidr", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::cidr AS v", locked: LockedColumns(columns: ["v": "cidr"]))
    )

    /// `GET /macaddr`
    static let macaddr = RouteDefinition(
        RouteDeclaration(
            "macaddr",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/macaddr", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::macaddr AS v", locked: LockedColumns(columns: ["v": "macaddr"]))
    )

    /// `GET /bit`
    static let bit = RouteDefinition(
        RouteDeclaration(
            "bit",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/bit", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::bit AS v", locked: LockedColumns(columns: ["v": "bit"]))
    )

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

    /// `GET /oid`
    static let oid = RouteDefinition(
        RouteDeclaration(
            "oid",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/oid", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::oid AS v", locked: LockedColumns(columns: ["v": "oid"]))
    )

    /// `GET /point`
    static let point = RouteDefinition(
        RouteDeclaration(
            "point",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/point", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::point AS v", locked: LockedColumns(columns: ["v": "point"]))
    )

    /// `GET /box`
    static let box = RouteDefinition(
        RouteDeclaration(
            "box",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/box", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::box AS v", locked: LockedColumns(columns: ["v": "box"]))
    )

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

    /// `GET /tsrange`
    static let tsrange = RouteDefinition(
        RouteDeclaration(
            "tsrange",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/tsrange", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::tsrange AS v", locked: LockedColumns(columns: ["v": "tsrange"]))
    )

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

    /// `GET /tsquery`
    static let tsquery = RouteDefinition(
        RouteDeclaration(
            "tsquery",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/tsquery", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::tsquery AS v", locked: LockedColumns(columns: ["v": "tsquery"]))
    )

    /// `GET /pgLsn`
    static let pgLsn = RouteDefinition(
        RouteDeclaration(
            "pgLsn",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/pgLsn", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::pg_lsn AS v", locked: LockedColumns(columns: ["v": "pg_lsn"]))
    )

    /// `GET /xid8`
    static let xid8 = RouteDefinition(
        RouteDeclaration(
            "xid8",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/xid8", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::xid8 AS v", locked: LockedColumns(columns: ["v": "xid8"]))
    )

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

    /// `GET /xml`
    static let xml = RouteDefinition(
        RouteDeclaration(
            "xml",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/xml", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::xml AS v", locked: LockedColumns(columns: ["v": "xml"]))
    )

    /// `GET /json`
    static let json = RouteDefinition(
        RouteDeclaration(
            "json",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/json", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::json AS v", locked: LockedColumns(columns: ["v": "json"]))
    )

    /// `GET /jsonb`
    static let jsonb = RouteDefinition(
        RouteDeclaration(
            "jsonb",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/jsonb", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::jsonb AS v", locked: LockedColumns(columns: ["v": "jsonb"]))
    )

    /// `GET /record`
    static let record = RouteDefinition(
        RouteDeclaration(
            "record",
            RouteSignature(namespace: "catalogue", fingerprint: "3f9a01c2", method: .get, path: "/record", inputs: []),
            .read(CachePolicy())
        ),
        .sql("SELECT NULL::record AS v", locked: LockedColumns(columns: ["v": "record"]))
    )

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
