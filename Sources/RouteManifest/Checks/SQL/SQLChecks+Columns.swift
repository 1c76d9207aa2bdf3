import RouteModel
import SQLSyntax

extension SQLChecks {
    /// The places of the columns before the first `*`; empty if the columns can't be determined.
    func columnPlaces(of outline: SQLStatementOutline) -> [Location] {
        let columns = SQLColumnNamer(tree: outline.tree).columns(of: outline) ?? []
        // A column that is missing at the end of the text has no token.
        return columns.prefix { $0.name != .star && outline.tree.tokens.indices.contains($0.index) }
            .map { location(outline.tree, $0.index) }
    }

    /// Reports columns that can't become members of a JSON object, and a wrong number of columns.
    func checkColumns(_ outline: SQLStatementOutline, returns: RouteDeclaration.Returns) {
        let tree = outline.tree
        guard returns != .none, let columns = SQLColumnNamer(tree: tree).columns(of: outline) else { return }
        guard !columns.isEmpty else {
            diagnostics.error(
                "this SELECT has no columns; name some, or write 'returns: none'",
                at: location(tree, outline.main)
            )
            return
        }
        if returns == .value {
            let certain = columns.filter { $0.name != .star }
            guard certain.count > 1 else { return }
            diagnostics.error(
                "'returns: value' is for one column, and this is a second; select one alone, or write 'returns: one'",
                at: location(tree, certain[1].index),
                notes: [.init("the first column is here", at: location(tree, certain[0].index))]
            )
            return
        }
        var first: [String: SQLColumn] = [:]
        var reported: Set<String> = []
        for column in columns {
            guard case .named(let name) = column.name, !reported.contains(name) else { continue }
            guard let earlier = first[name] else {
                first[name] = column
                continue
            }
            reported.insert(name)
            let message =
                column.name == .unnamed
                ? "this column has no name, and neither has an earlier one; name them with AS"
                : "two columns are called '\(name)'; give one another name with AS"
            diagnostics.error(
                message,
                at: location(tree, column.index),
                notes: [.init("the first one is here", at: location(tree, earlier.index))]
            )
        }
    }
}
