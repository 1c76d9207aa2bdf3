import CachedRoutesCore
package import PostgresClient
package import RouteModel

extension ParameterTypes {
    /// The types that PostgreSQL may be told for an input, the best first.
    ///
    /// The declared type comes first, so that a value means what the manifest says and not what the statement makes of it. Texts
    /// and JSON are left to the server first, because enums, `citext`, domains and `json` columns are texts to a manifest and keep
    /// their own meaning so. The server's inference comes last everywhere.
    package init(_ type: InputType) {
        let scalars: [PostgresType?] =
            switch type.scalar {
            case .int: [.int8, .int4, nil]
            case .int32: [.int4, nil]
            // Functions such as `mod` take no double, but numbers with decimals.
            case .double: [.float8, .numeric, nil]
            case .decimal: [.numeric, nil]
            case .bool: [.bool, nil]
            case .string: [nil, .text]
            case .uuid: [.uuid, nil]
            // PostgreSQL takes a date for no timestamp in a range, say.
            case .date: [.date, .timestamptz, nil]
            case .timestamp: [.timestamptz, nil]
            case .json: [nil, .jsonb]
            }
        // Beside numeric a double loses digits, and keeps an index from being used.
        let preferred: PostgresType? = type.scalar == .double ? .numeric : nil
        self.init(
            type.isList ? scalars.map { $0?.array } : scalars,
            preferredWhereInferred: type.isList ? preferred?.array : preferred,
            // A list that became a text would be its elements in braces, and a JSON value a string.
            avoidedWhereInferred: type.isList || type.scalar == .json ? .text : nil
        )
    }
}
