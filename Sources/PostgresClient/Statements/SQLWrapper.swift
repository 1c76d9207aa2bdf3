import SQLSyntax

/// Wraps a statement so that the server converts some of its columns to JSON.
enum SQLWrapper {
    /// The statement as a part of the one that wraps it.
    private static let alias = "\"_cached_routes\""

    /// A statement with the columns of `sql`, in which `to_json` has been applied to those marked.
    ///
    /// The names of the columns are written out, so a column that `SELECT *` gains or loses later would go unnoticed by
    /// the server, which takes only changes of the outer columns for a changed result. The condition makes it an error
    /// (SQLSTATE 42601): both sides of a UNION need equally many columns. It costs nothing at run time, because the
    /// planner removes what follows `true OR`.
    ///
    /// A query becomes a subquery, its WITH inside. What writes can't be one, and may stand in a WITH at the top level only: there
    /// the statement becomes one more part of its own WITH, except that it keeps recursive parts with columns of SEARCH and CYCLE
    /// beside it, because `*` finds these only there.
    static func wrap(_ sql: String, columns: [(name: String, isConverted: Bool)]) -> String {
        let list = columns.map { column in
            let name = SQLIdentifier.quoted(column.name)
            return column.isConverted ? "pg_catalog.to_json(\(alias).\(name)) AS \(name)" : "\(alias).\(name)"
        }
        let nulls = Array(repeating: "NULL", count: columns.count).joined(separator: ", ")
        let condition = "WHERE true OR EXISTS (SELECT \(alias).* UNION ALL SELECT \(nulls))"
        let selection = "SELECT \(list.joined(separator: ", ")) FROM"
        let outline = StatementOutline(sql)
        if outline.isQuery, !outline.writesInWith {
            let query = outline.with.map { "\($0)\n\(outline.main)" } ?? outline.main
            return "\(selection) (\n\(query)\n) AS \(alias) \(condition)"
        }
        if outline.isQuery, let (writing, reading) = outline.separatedWith {
            return "\(writing)\n\(selection) (\n\(reading)\n\(outline.main)\n) AS \(alias) \(condition)"
        }
        let with = outline.with.map { "\($0),\n" } ?? "WITH "
        return "\(with)\(alias) AS (\n\(outline.main)\n) \(selection) \(alias) \(condition)"
    }
}
