/// A PostgreSQL type, by its object identifier.
public struct PostgresType: Sendable, Hashable {
    /// The `oid` in `pg_type`.
    public let oid: UInt32

    /// Makes a type from its `oid` in `pg_type`.
    public init(oid: UInt32) { self.oid = oid }

    /// `boolean`
    public static let bool = PostgresType(oid: 16)
    /// `smallint`
    public static let int2 = PostgresType(oid: 21)
    /// `integer`
    public static let int4 = PostgresType(oid: 23)
    /// `bigint`
    public static let int8 = PostgresType(oid: 20)
    /// `real`
    public static let float4 = PostgresType(oid: 700)
    /// `double precision`
    public static let float8 = PostgresType(oid: 701)
    /// `numeric`
    public static let numeric = PostgresType(oid: 1700)
    /// `text`
    public static let text = PostgresType(oid: 25)
    /// `uuid`
    public static let uuid = PostgresType(oid: 2950)
    /// `date`
    public static let date = PostgresType(oid: 1082)
    /// `timestamp`
    public static let timestamp = PostgresType(oid: 1114)
    /// `timestamptz`
    public static let timestamptz = PostgresType(oid: 1184)
    /// `json`
    public static let json = PostgresType(oid: 114)
    /// `jsonb`
    public static let jsonb = PostgresType(oid: 3802)

    /// The array type of this type; `nil` for types that are not listed here.
    public var array: PostgresType? {
        switch self {
        case .bool: PostgresType(oid: 1000)
        case .int2: PostgresType(oid: 1005)
        case .int4: PostgresType(oid: 1007)
        case .int8: PostgresType(oid: 1016)
        case .float4: PostgresType(oid: 1021)
        case .float8: PostgresType(oid: 1022)
        case .numeric: PostgresType(oid: 1231)
        case .text: PostgresType(oid: 1009)
        case .uuid: PostgresType(oid: 2951)
        case .date: PostgresType(oid: 1182)
        case .timestamp: PostgresType(oid: 1115)
        case .timestamptz: PostgresType(oid: 1185)
        case .json: PostgresType(oid: 199)
        case .jsonb: PostgresType(oid: 3807)
        default: nil
        }
    }
}
