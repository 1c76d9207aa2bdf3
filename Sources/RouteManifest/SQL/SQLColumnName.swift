import SQLSyntax

/// The name that PostgreSQL gives to a column of a query's result.
enum SQLColumnName: Hashable {
    /// A name that is certain.
    case named(String)
    /// A name that the SQL alone does not show.
    case unknown
    /// All columns of a table, whose number is unknown too.
    case star

    /// The name of what PostgreSQL has no name for.
    static let unnamed = SQLColumnName.named("?column?")
}
