/// The answers of a database about its schema, as far as statements need them.
package struct SchemaFacts: Sendable {
    /// The state of a table under `tables`, where not all of its changes are announced.
    package struct TableFault: Hashable, Sendable {
        /// The reason as the end of a sentence.
        package var reason: String
        /// Indicates that the triggers of `cached-routes triggers` remove the fault.
        package var isMendedByTriggers: Bool
        /// Indicates a table all the same, whose changes can be announced in part.
        package var isTable: Bool

        /// Creates a fault.
        package init(_ reason: String, isMendedByTriggers: Bool, isTable: Bool) {
            self.reason = reason
            self.isMendedByTriggers = isMendedByTriggers
            self.isTable = isTable
        }
    }

    /// A column of a table.
    package struct Column: Hashable, Sendable {
        /// The name of the type; of a domain that of its base type.
        package var type: String
        /// Indicates that it is the first column of an index.
        package var isIndexed: Bool

        /// Creates a column.
        package init(type: String, isIndexed: Bool) {
            self.type = type
            self.isIndexed = isIndexed
        }
    }

    /// A cast from one type to another, by their names.
    package struct Cast: Hashable, Sendable {
        /// The type of the operand.
        package var from: String
        /// The type of the result.
        package var to: String

        /// Creates a cast.
        package init(from: String, to: String) {
            self.from = from
            self.to = to
        }
    }

    /// The server's version, such as `15.4`.
    package var serverVersion: String
    /// The names by which an error may name a constraint; `nil` if they were not asked for.
    package var constraints: Set<String>?
    /// The faults of tables under `tables`, by their canonical names.
    package var tableFaults: [String: TableFault]
    /// The columns of the tables that plans scan.
    package var columns: [QualifiedName: [String: Column]]
    /// The estimated number of rows of these tables.
    package var rowCounts: [QualifiedName: Double]
    /// The tables above these tables that are parts of others, the nearest first.
    package var ancestors: [QualifiedName: [QualifiedName]]
    /// The casts that change no byte of a value, so that they need no other index.
    package var binaryCasts: Set<Cast>

    /// Creates facts.
    package init(
        serverVersion: String,
        constraints: Set<String>? = nil,
        tableFaults: [String: TableFault] = [:],
        columns: [QualifiedName: [String: Column]] = [:],
        rowCounts: [QualifiedName: Double] = [:],
        ancestors: [QualifiedName: [QualifiedName]] = [:],
        binaryCasts: Set<Cast> = []
    ) {
        self.serverVersion = serverVersion
        self.constraints = constraints
        self.tableFaults = tableFaults
        self.columns = columns
        self.rowCounts = rowCounts
        self.ancestors = ancestors
        self.binaryCasts = binaryCasts
    }

    /// The server with its major version, as locks have it: `PostgreSQL 15`.
    package var serverName: String {
        "PostgreSQL \(serverVersion.prefix { $0 != "." })"
    }
}
