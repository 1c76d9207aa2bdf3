import CachedRoutesCore
import PostgresClient
package import RouteModel

extension InputType {
    /// Indicates that the text of some value of this type can be read as the PostgreSQL type with this `oid`.
    ///
    /// If none can, the error is the statement's and not the client's: it uses a parameter in a place of an unsuitable
    /// type.
    package func mayBeRead(as oid: UInt32) -> Bool {
        // A text may be a value of any type; types of extensions, enums and domains may take any text.
        guard scalar != .string, oid < Self.firstUserOID else { return true }
        let isArray = PostgresType(oid: oid).isArray || oid == Self.anyArray
        if isList { return isArray || Self.texts.contains(oid) }
        if Self.texts.contains(oid) || Self.declared[scalar, default: []].contains(oid) { return true }
        return !isArray && !Self.structured.contains(oid) && !Self.refused[scalar, default: []].contains(oid)
    }

    /// The lowest OID of types that users create; the built-in types are below it (PostgreSQL, `FirstNormalObjectId`).
    private static let firstUserOID: UInt32 = 16_384

    /// `anyarray`, for the arrays of types that users create.
    private static let anyArray: UInt32 = 2277
    /// text, varchar, bpchar, name, "char", bytea, tsvector
    private static let texts: Set<UInt32> = [25, 1043, 1042, 19, 18, 17, 3614]
    private static let integers: Set<UInt32> = [20, 21, 23, 26]
    private static let numbers: Set<UInt32> = integers.union([700, 701, 1700, 790])
    private static let days: Set<UInt32> = [1082, 1114, 1184]
    private static let times: Set<UInt32> = [1083, 1266]
    private static let jsons: Set<UInt32> = [114, 3802]
    /// uuid, interval, bit, varbit, inet, cidr, macaddr, macaddr8
    private static let others: Set<UInt32> = [2950, 1186, 1560, 1562, 869, 650, 829, 774]

    private static let declared: [Scalar: Set<UInt32>] = [
        .int: numbers.union([16]).union(jsons), .int32: numbers.union([16]).union(jsons),
        .double: numbers.union([16]).union(jsons), .decimal: numbers.union([16]).union(jsons),
        .bool: jsons.union([16]), .uuid: [2950], .date: days, .timestamp: days, .json: jsons,
    ]

    /// The types as which no value of a scalar can be read.
    private static let refused: [Scalar: Set<UInt32>] = [
        .int: [2950], .int32: [2950], .double: [2950], .decimal: [2950],
        .bool: numbers.union(days).union(times).union(others),
        .uuid: numbers.union(days).union(times).union(jsons).union(others).union([16]),
        .date: numbers.union(times).union(jsons).union([16, 2950, 1560, 1562]),
        // A text with a date and a time can't be read as a time of day.
        .timestamp: numbers.union(times).union(jsons).union([16, 2950, 1186, 1560, 1562]),
    ]

    /// Types other than arrays whose values begin with a bracket: ranges, multiranges, geometric types, records.
    private static let structured: Set<UInt32> = [
        3904, 3906, 3908, 3910, 3912, 3926, 4451, 4532, 4533, 4534, 4535, 4536, 600, 601, 602, 603, 604, 628, 718, 2249,
    ]
}
