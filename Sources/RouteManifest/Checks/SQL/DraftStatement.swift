/// A statement with its parameters' names, before the route is validated.
struct DraftStatement {
    var sql: String
    var names: [String]
    /// The way from bytes of `sql` to those of the text.
    var map: StatementOffsetMap
}
