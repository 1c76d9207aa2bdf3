import CachedRoutes
import RouteManifest
import RouteModel

/// The types of the expressions of ``TypeTests``, as locks name them, each with the rows that are generated for it.
enum RowCatalogue {
    static let rows: [(type: String, row: any (Codable & Sendable).Type)] = [
        ("smallint", CatalogueRoutes.SmallintRow.self),
        ("integer", CatalogueRoutes.IntegerRow.self),
        ("bigint", CatalogueRoutes.BigintRow.self),
        ("real", CatalogueRoutes.RealRow.self),
        ("double precision", CatalogueRoutes.DoublePrecisionRow.self),
        ("numeric", CatalogueRoutes.NumericRow.self),
        ("boolean", CatalogueRoutes.BooleanRow.self),
        ("text", CatalogueRoutes.TextRow.self),
        ("character", CatalogueRoutes.CharacterRow.self),
        ("character varying", CatalogueRoutes.CharacterVaryingRow.self),
        ("name", CatalogueRoutes.NameRow.self),
        ("\"char\"", CatalogueRoutes.CharRow.self),
        ("uuid", CatalogueRoutes.UuidRow.self),
        ("date", CatalogueRoutes.DateRow.self),
        ("time without time zone", CatalogueRoutes.TimeWithoutTimeZoneRow.self),
        ("time with time zone", CatalogueRoutes.TimeWithTimeZoneRow.self),
        ("timestamp without time zone", CatalogueRoutes.TimestampWithoutTimeZoneRow.self),
        ("timestamp with time zone", CatalogueRoutes.TimestampWithTimeZoneRow.self),
        ("interval", CatalogueRoutes.IntervalRow.self),
        ("bytea", CatalogueRoutes.ByteaRow.self),
        ("money", CatalogueRoutes.MoneyRow.self),
        ("inet", CatalogueRoutes.InetRow.self),
        ("cidr", CatalogueRoutes.CidrRow.self),
        ("macaddr", CatalogueRoutes.MacaddrRow.self),
        ("bit", CatalogueRoutes.BitRow.self),
        ("bit varying", CatalogueRoutes.BitVaryingRow.self),
        ("oid", CatalogueRoutes.OidRow.self),
        ("point", CatalogueRoutes.PointRow.self),
        ("box", CatalogueRoutes.BoxRow.self),
        ("int4range", CatalogueRoutes.Int4rangeRow.self),
        ("daterange", CatalogueRoutes.DaterangeRow.self),
        ("tsrange", CatalogueRoutes.TsrangeRow.self),
        ("int4multirange", CatalogueRoutes.Int4multirangeRow.self),
        ("tsvector", CatalogueRoutes.TsvectorRow.self),
        ("tsquery", CatalogueRoutes.TsqueryRow.self),
        ("pg_lsn", CatalogueRoutes.PgLsnRow.self),
        ("xid8", CatalogueRoutes.Xid8Row.self),
        ("jsonpath", CatalogueRoutes.JsonpathRow.self),
        ("xml", CatalogueRoutes.XmlRow.self),
        ("json", CatalogueRoutes.JsonRow.self),
        ("jsonb", CatalogueRoutes.JsonbRow.self),
        ("record", CatalogueRoutes.RecordRow.self),
        ("int2vector", CatalogueRoutes.Int2vectorRow.self),
        ("smallint[]", CatalogueRoutes.SmallintArrayRow.self),
        ("integer[]", CatalogueRoutes.IntegerArrayRow.self),
        ("bigint[]", CatalogueRoutes.BigintArrayRow.self),
        ("real[]", CatalogueRoutes.RealArrayRow.self),
        ("double precision[]", CatalogueRoutes.DoublePrecisionArrayRow.self),
        ("numeric[]", CatalogueRoutes.NumericArrayRow.self),
        ("boolean[]", CatalogueRoutes.BooleanArrayRow.self),
        ("text[]", CatalogueRoutes.TextArrayRow.self),
        ("character[]", CatalogueRoutes.CharacterArrayRow.self),
        ("character varying[]", CatalogueRoutes.CharacterVaryingArrayRow.self),
        ("name[]", CatalogueRoutes.NameArrayRow.self),
        ("uuid[]", CatalogueRoutes.UuidArrayRow.self),
        ("date[]", CatalogueRoutes.DateArrayRow.self),
        ("time without time zone[]", CatalogueRoutes.TimeWithoutTimeZoneArrayRow.self),
        ("time with time zone[]", CatalogueRoutes.TimeWithTimeZoneArrayRow.self),
        ("timestamp without time zone[]", CatalogueRoutes.TimestampWithoutTimeZoneArrayRow.self),
        ("timestamp with time zone[]", CatalogueRoutes.TimestampWithTimeZoneArrayRow.self),
        ("interval[]", CatalogueRoutes.IntervalArrayRow.self),
        ("bytea[]", CatalogueRoutes.ByteaArrayRow.self),
        ("json[]", CatalogueRoutes.JsonArrayRow.self),
        ("jsonb[]", CatalogueRoutes.JsonbArrayRow.self),
        ("point[]", CatalogueRoutes.PointArrayRow.self),
        ("int4range[]", CatalogueRoutes.Int4rangeArrayRow.self),
        ("public.test_mood", CatalogueRoutes.PublicTestMoodRow.self),
        ("public.test_mood[]", CatalogueRoutes.PublicTestMoodArrayRow.self),
        ("public.test_positive[]", CatalogueRoutes.PublicTestPositiveArrayRow.self),
        ("public.test_pair", CatalogueRoutes.PublicTestPairRow.self),
        ("public.test_pair[]", CatalogueRoutes.PublicTestPairArrayRow.self),
    ]

    /// The labels of enums.
    static let enums = ["public.test_mood": ["happy", "sad"]]

    /// The manifest with a route for each type, whose generated file is in `Goldens`.
    static var manifest: Manifest {
        let routes = rows.map { type, _ in
            var statement = PositionalStatement(sql: "SELECT NULL::\(type) AS v", parameters: [])
            statement.locked = LockedStatement(digest: "", columns: [LockedColumn("v", type, isNullable: true)])
            let name = name(of: type)
            let signature = RouteSignature(
                namespace: "catalogue",
                fingerprint: "3f9a01c2",
                method: .get,
                path: PathTemplate("/\(name)"),
                inputs: []
            )
            return ManifestRoute(
                RouteDeclaration(name, signature, .read(CachePolicy())),
                source: .sql(statement)
            )
        }
        var manifest = Manifest(
            typeName: "CatalogueRoutes",
            namespace: "catalogue",
            access: .internal,
            imports: [],
            routes: routes
        )
        manifest.enums = enums
        return manifest
    }

    /// The route of a type: `doublePrecisionArray` for `double precision[]`.
    private static func name(of type: String) -> String {
        let words = type.replacing("[]", with: " array").split { !$0.isLetter && !$0.isNumber }
        return words.enumerated().map { $0 == 0 ? String($1) : $1.prefix(1).uppercased() + $1.dropFirst() }.joined()
    }
}
