/// A column of a result.
package struct ColumnFact: Hashable, Sendable {
    /// The name.
    package var name: String
    /// The type.
    package var type: TypeFact
    /// Indicates that the column is one of a table that is NOT NULL there and in all tables that inherit from it.
    package var isNotNullColumn: Bool

    /// Creates a column.
    package init(name: String, type: TypeFact, isNotNullColumn: Bool = false) {
        self.name = name
        self.type = type
        self.isNotNullColumn = isNotNullColumn
    }
}
