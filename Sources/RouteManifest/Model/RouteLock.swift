/// The descriptions that a database gave of the statements of one manifest, as the file `routes.lock.json` beside it has them.
package struct RouteLock: Hashable, Sendable {
    /// The server and its major version, such as `PostgreSQL 15`.
    package var server: String
    /// The labels of enums in their order, by the name of the type.
    package var enums: [String: [String]]
    /// The statements of each route that has any, by the route's name.
    package var routes: [String: [LockedStatement]]

    /// Creates a lock.
    package init(server: String, enums: [String: [String]] = [:], routes: [String: [LockedStatement]] = [:]) {
        self.server = server
        self.enums = enums
        self.routes = routes
    }
}

/// The description of a statement in a lock.
///
/// Names of types are those of `format_type` without a modifier: `bigint`, `timestamp with time zone`, `integer[]`, and
/// with their schema those of users: `public.order_state`. Names of domains are those of their base types.
package struct LockedStatement: Hashable, Sendable {
    /// The digest of the statement, see ``StatementDigest``.
    package var digest: String
    /// The types of the parameters as they were chosen.
    package var parameters: [String]
    /// For each occurrence of a parameter in the sent statement, in their order, the index of its type in `parameters`;
    /// `nil` if each parameter of the statement has one type.
    package var occurrences: [Int]?
    /// The columns of the result in their order.
    package var columns: [LockedColumn]
    /// The tables that a GET route's statement reads, in their canonical spelling, sorted by their bytes.
    package var tables: [String]
    /// Indicates that the statement may read other tables too, which the database does not tell.
    package var hasUnknownTables: Bool

    /// Creates a statement.
    package init(
        digest: String,
        parameters: [String] = [],
        occurrences: [Int]? = nil,
        columns: [LockedColumn] = [],
        tables: [String] = [],
        hasUnknownTables: Bool = false
    ) {
        self.digest = digest
        self.parameters = parameters
        self.occurrences = occurrences
        self.columns = columns
        self.tables = tables
        self.hasUnknownTables = hasUnknownTables
    }
}

/// A column of a statement's result.
package struct LockedColumn: Hashable, Sendable {
    /// The name.
    package var name: String
    /// The type.
    package var type: String
    /// Indicates that a value may be NULL.
    package var isNullable: Bool

    /// Creates a column.
    package init(_ name: String, _ type: String, isNullable: Bool = false) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
    }
}
