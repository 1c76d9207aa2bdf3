/// A statement as far as it could be understood.
struct DraftStatement {
    var sql: String
    var names: [String]
}
