import SQLSyntax

/// Wraps a statement so that the server converts some of its columns to JSON.
enum JSONColumnStatementWrapper {
    /// The name of the statement inside the one that wraps it.
    private static let alias = "\"_cached_routes\""

    /// Makes a statement with the columns of `sql`, in which the marked ones are converted by `to_json`.
    ///
    /// Because the names of the columns are written out, the server would not notice if `SELECT *` gains or loses a
    /// column later: it compares only the outer columns. The condition makes that an error (SQLSTATE 42601), because
    /// both sides of a UNION need the same number of columns. It costs nothing at run time, because the planner removes
    /// what follows `true OR`.
    ///
    /// A query becomes a subquery, including its WITH. A writing statement can't be one, and is allowed in a top-level
    /// WITH only, so it becomes another part of its own WITH. Recursive parts with columns of SEARCH and CYCLE stay
    /// beside it, because `*` includes these columns only there.
    static func wrap(_ sql: String, columns: [(name: String, isConverted: Bool)]) -> String {
        let list = columns.map { column in
            let name = SQLIdentifierSyntax.quoted(column.name)
            return column.isConverted ? "pg_catalog.to_json(\(alias).\(name)) AS \(name)" : "\(alias).\(name)"
        }
        let nulls = Array(repeating: "NULL", count: columns.count).joined(separator: ", ")
        let condition = "WHERE true OR EXISTS (SELECT \(alias).* UNION ALL SELECT \(nulls))"
        let selection = "SELECT \(list.joined(separator: ", ")) FROM"
        let outline = AcceptedStatementParts(sql)
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
