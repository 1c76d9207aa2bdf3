/// A column of a query's result.
struct SQLColumn {
    var name: SQLColumnName
    /// The index of the token that it begins with.
    var index: Int
}
