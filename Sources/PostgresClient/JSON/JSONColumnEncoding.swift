/// The conversion of a value's text to JSON, as PostgreSQL's `json_categorize_type` determines it for `row_to_json`.
struct JSONColumnEncoding: Sendable, Hashable {
    /// The conversion of a value, or of the elements of an array.
    enum Scalar: Sendable, Hashable {
        /// The digits are copied; `NaN` and the infinities are quoted.
        case number
        /// `t` and `f` become `true` and `false`.
        case boolean
        /// The text is quoted and escaped.
        case string
        /// The text is quoted, with a `T` between date and time.
        case timestamp
        /// Like ``timestamp``, with minutes in the zone's offset.
        case timestampWithZone
        /// The text is copied.
        case json
    }

    let scalar: Scalar
    let isArray: Bool

    init(_ scalar: Scalar, isArray: Bool = false) {
        self.scalar = scalar
        self.isArray = isArray
    }

    /// The conversion for the type with this object identifier; `nil` if the server has to do it by `to_json`.
    ///
    /// Domains do not occur: the server describes such a column by its base type.
    init?(typeOID: UInt32) {
        switch typeOID {
        case 20, 21, 23, 700, 701, 1700: self.init(.number)
        case 16: self.init(.boolean)
        case 1114: self.init(.timestamp)
        case 1184: self.init(.timestampWithZone)
        case 114, 3802: self.init(.json)
        case 1005, 1007, 1016, 1021, 1022, 1231: self.init(.number, isArray: true)
        case 1000: self.init(.boolean, isArray: true)
        case 1115: self.init(.timestamp, isArray: true)
        case 1185: self.init(.timestampWithZone, isArray: true)
        case 199, 3807: self.init(.json, isArray: true)
        case _ where Self.stringTypes.contains(typeOID): self.init(.string)
        case _ where Self.stringArrayTypes.contains(typeOID): self.init(.string, isArray: true)
        default: return nil
        }
    }

    /// Types whose JSON is their quoted text. Their numbers are fixed in `pg_type.dat`.
    private static let stringTypes: Set<UInt32> = [
        25, 1043, 1042, 19, 18,  // text, varchar, bpchar, name, "char"
        2950, 1082, 1083, 1266, 1186,  // uuid, date, time, timetz, interval
        17, 26, 28, 5069, 3220, 27,  // bytea, oid, xid, xid8, pg_lsn, tid
        790, 869, 650, 829, 774, 1560, 1562,  // money, inet, cidr, macaddr, macaddr8, bit, varbit
        600, 601, 602, 603, 604, 628, 718,  // the geometric types
        3904, 3906, 3908, 3910, 3912, 3926,  // the ranges
        4451, 4532, 4533, 4534, 4535, 4536,  // the multiranges
        3614, 3615, 4072,  // tsvector, tsquery, jsonpath
        2278, 705,  // void, unknown
    ]

    /// Arrays of such types, all with `,` between elements.
    private static let stringArrayTypes: Set<UInt32> = [
        1009, 1015, 1014, 1003, 1002,  // text, varchar, bpchar, name, "char"
        2951, 1182, 1183, 1270, 1187,  // uuid, date, time, timetz, interval
        1001, 1028, 271,  // bytea, oid, xid8
        791, 1041, 651, 1040, 1561, 1563,  // money, inet, cidr, macaddr, bit, varbit
    ]
}
