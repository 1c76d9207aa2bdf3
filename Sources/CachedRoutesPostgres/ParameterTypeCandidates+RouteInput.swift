import CachedRoutesCore
package import PostgresClient
package import RouteModel

extension ParameterTypeCandidates {
    /// The types that a parameter of an input may be declared with, in the order in which they are tried.
    ///
    /// The declared type comes first, so that the manifest decides the meaning of a value and not the statement. For
    /// texts and JSON the server's inference comes first, because enums, `citext`, domains and `json` columns are texts
    /// to a manifest and keep their own meaning that way. For all others it comes last.
    package init(_ type: InputType) {
        let scalars: [PostgresType?] =
            switch type.scalar {
            case .int: [.int8, .int4, nil]
            case .int32: [.int4, nil]
            // Functions such as `mod` accept `numeric` but not `double precision`.
            case .double: [.float8, .numeric, nil]
            case .decimal: [.numeric, nil]
            case .bool: [.bool, nil]
            case .string: [nil, .text]
            case .uuid: [.uuid, nil]
            // PostgreSQL does not convert a date to a timestamp everywhere, for instance in a range.
            case .date: [.date, .timestamptz, nil]
            case .timestamp: [.timestamptz, nil]
            case .json: [nil, .jsonb]
            }
        // Compared with `numeric`, a `double precision` loses digits and prevents the use of an index.
        let preferred: PostgresType? = type.scalar == .double ? .numeric : nil
        self.init(
            type.isList ? scalars.map { $0?.array } : scalars,
            preferredWhereInferred: type.isList ? preferred?.array : preferred,
            // As `text` a list would be its elements in braces, and a JSON value a string.
            avoidedWhereInferred: type.isList || type.scalar == .json ? .text : nil
        )
    }
}
