import Synchronization

/// A PostgreSQL type, by its object identifier.
public struct PostgresType: Sendable, Hashable {
    /// The `oid` in `pg_type`.
    public let oid: UInt32

    /// A type by its `oid` in `pg_type`.
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

    /// A built-in array type with a rule of its own for its elements.
    package var isArray: Bool { JSONColumnEncoding(typeOID: oid)?.isArray ?? false }

    /// The array type of this type, for the types named here; `nil` for others.
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

/// What a statement's rows become.
public enum ResultShape: Sendable, Hashable {
    /// An array with an object for each row: `[{"id":1},{"id":2}]`; `[]` without rows.
    case many
    /// The first row as an object: `{"id":1}`; no body without a row.
    case one
    /// The only column of the first row: `1`, `"text"`, or a `json` column as it stands; no body without a row.
    case value
    /// No body; rows, if there are any, are dropped.
    case none
}

/// An SQL statement that is run many times.
///
/// Make it once and keep it: connections remember the prepared statement by the identity given here, which copies
/// share.
public struct PostgresStatement: Sendable {
    /// One SQL statement with parameters `$1` to `$n`.
    public let sql: String
    /// The types that each parameter may be given. A parameter without an entry is left to the server.
    public let parameterTypes: [ParameterTypes]
    /// What the rows become.
    public let shape: ResultShape
    /// The queries of the statement that may be under way at once in one client.
    public let concurrency: StatementConcurrency

    let id: UInt64
    /// The types of the parameters, once they are known.
    let typing: StatementTyping
    private static let lastID = Atomic<UInt64>(0)

    /// A statement with an identity of its own. Nothing is checked or sent until it is first run.
    public init(
        sql: String,
        parameters parameterTypes: [ParameterTypes],
        shape: ResultShape,
        concurrency: StatementConcurrency = .unlimited
    ) {
        self.concurrency = concurrency
        self.sql = sql
        self.parameterTypes = parameterTypes
        self.shape = shape
        typing = StatementTyping(sql: sql, parameters: parameterTypes)
        id = Self.lastID.add(1, ordering: .relaxed).newValue
    }

    /// A statement whose parameters have the types that the server infers and, where it can't, those given here.
    public init(sql: String, parameterTypes: [PostgresType?] = [], shape: ResultShape) {
        self.init(sql: sql, parameters: parameterTypes.map { .inferred(else: $0) }, shape: shape)
    }
}
