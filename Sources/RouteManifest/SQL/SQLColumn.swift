/// A column of a query's result.
struct SQLColumn {
    var name: SQLColumnName
    /// The index of its first token.
    var index: Int
}
