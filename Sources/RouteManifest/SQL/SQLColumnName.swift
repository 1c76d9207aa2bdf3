import SQLSyntax

/// The name that PostgreSQL gives to a column of a query's result.
enum SQLColumnName: Hashable {
    /// A known name.
    case named(String)
    /// A name that can't be determined from the SQL alone.
    case unknown
    /// All columns of a table, `*`, whose number is unknown.
    case star

    /// The name of a column for which PostgreSQL finds none.
    static let unnamed = SQLColumnName.named("?column?")
}
