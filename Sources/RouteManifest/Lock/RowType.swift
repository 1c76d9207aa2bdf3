/// The type of a column's values in generated code.
///
/// It is decided by the JSON that the column becomes, and loses nothing of it.
package indirect enum RowType: Hashable, Sendable {
    /// `Int16`, for `smallint`.
    case int16
    /// `Int32`, for `integer`.
    case int32
    /// `Int`, for `bigint`.
    case int
    /// `ExactDecimal`, for `numeric`.
    case exactDecimal
    /// `JSONFloat<Float>`, for `real`.
    case float
    /// `JSONFloat<Double>`, for `double precision`.
    case double
    /// `Bool`, for `boolean`.
    case bool
    /// `LowercaseUUID`, for `uuid`.
    case uuid
    /// `TimestampText`, for timestamps with and without a time zone.
    case timestamp
    /// `HexBytes`, for `bytea`.
    case bytes
    /// `String`, for all types that become a JSON string of their text.
    case text
    /// A generated enum, for the enum of this name in the lock.
    case enumeration(String)
    /// `JSONArray<Element>`, for arrays of any of these.
    case array(RowType)
    /// `JSONFragment`, for `json`, `jsonb`, composites and all else that `to_json` makes into any JSON. Arrays of these are
    /// one too, because an element that is an array could not be told from a dimension.
    case json

    /// The type for a column of a lock.
    ///
    /// - Parameters:
    ///   - name: the name of the column's type, see ``LockedStatement``.
    ///   - enums: the names of the lock's enums.
    package init(of name: String, enums: some Sequence<String>) {
        guard !name.hasSuffix("[]") else {
            let element = RowType(of: String(name.dropLast(2)), enums: enums)
            self = element == .json ? .json : .array(element)
            return
        }
        if let scalar = Self.scalars[name] {
            self = scalar
        } else if Self.texts.contains(name) {
            self = .text
        } else {
            self = enums.contains(name) ? .enumeration(name) : .json
        }
    }

    /// The enum that the type is, or that its elements are; `nil` for other types.
    package var enumeration: String? {
        switch self {
        case .enumeration(let name): name
        case .array(let element): element.enumeration
        default: nil
        }
    }

    private static let scalars: [String: RowType] = [
        "smallint": .int16, "integer": .int32, "bigint": .int, "numeric": .exactDecimal, "real": .float,
        "double precision": .double, "boolean": .bool, "uuid": .uuid, "timestamp without time zone": .timestamp,
        "timestamp with time zone": .timestamp, "bytea": .bytes,
    ]

    /// Types whose JSON is their quoted text, whether the client or `to_json` makes it. A type that is missing here is
    /// `json`, which has room for it.
    private static let texts: Set<String> = [
        "text", "character varying", "character", "bpchar", "name", "\"char\"", "date", "time without time zone",
        "time with time zone", "interval", "oid", "xid", "xid8", "pg_lsn", "tid", "money", "inet", "cidr", "macaddr",
        "macaddr8", "bit", "\"bit\"", "bit varying", "point", "lseg", "path", "box", "polygon", "line", "circle",
        "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange", "int4multirange", "int8multirange",
        "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange", "tsvector", "tsquery", "jsonpath", "xml",
    ]
}
