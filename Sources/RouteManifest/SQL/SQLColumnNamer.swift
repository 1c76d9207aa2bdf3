import SQLSyntax

/// Determines the names of columns as PostgreSQL does: the alias or, without one, a name derived from the expression.
struct SQLColumnNamer {
    let tree: SQLTokenTree
    /// The number of expressions that contain the query.
    var depth = 0

    /// The columns of a statement's result; `nil` if it has none or they can't be determined.
    func columns(of outline: SQLStatementOutline) -> [SQLColumn]? {
        switch outline.verb {
        case "insert", "update", "delete", "merge":
            guard let returning = outline.keywords(["returning"], in: outline.range).last else { return nil }
            // `RETURNING WITH (OLD AS o) …`
            guard !tree.isWord(returning + 1, "with") else { return nil }
            return list(in: returning + 1..<outline.range.upperBound)
        case "values": return values(outline.arms[0])
        case "select": return selectList(outline.arms[0])
        case nil: return columns(ofQueryIn: tree.contents(of: outline.main))
        default: return nil
        }
    }

    private func columns(ofQueryIn range: Range<Int>) -> [SQLColumn]? {
        SQLStatementOutline(tree, in: range).flatMap { columns(of: $0) }
    }

    private static let listEnds = [
        "from", "into", "where", "group", "having", "window", "order", "limit", "offset", "fetch", "for", "union",
        "intersect", "except",
    ]

    private func selectList(_ arm: Range<Int>) -> [SQLColumn]? {
        var start = arm.lowerBound + 1
        if tree.isKeyword(start, "all") { start += 1 }
        if tree.isKeyword(start, "distinct") {
            start += 1
            if tree.isKeyword(start, "on"), tree.isPunctuation(start + 1, "(") { start = tree.index(after: start + 1) }
        }
        let end = tree.firstSibling(in: min(start, arm.upperBound)..<arm.upperBound) { isListEnd($0) }
        return list(in: min(start, arm.upperBound)..<(end ?? arm.upperBound))
    }

    private func isListEnd(_ index: Int) -> Bool {
        guard tree.isKeyword(index, in: Self.listEnds) else { return false }
        switch tree.texts[index] {
        case "from": return !(tree.isWord(index - 1, "distinct") && tree.isWord(index - 2, "is", "not"))
        case "group": return tree.isWord(index + 1, "by")
        default: return true
        }
    }

    private func list(in range: Range<Int>) -> [SQLColumn] {
        guard !range.isEmpty else { return [] }
        return tree.items(in: range).map { item in SQLColumn(name: name(of: item), index: item.lowerBound) }
    }

    private func values(_ arm: Range<Int>) -> [SQLColumn]? {
        guard tree.isPunctuation(arm.lowerBound + 1, "(") else { return nil }
        let items = tree.items(in: tree.contents(of: arm.lowerBound + 1))
        return items.enumerated().map { SQLColumn(name: .named("column\($0 + 1)"), index: $1.lowerBound) }
    }

    private func name(of item: Range<Int>) -> SQLColumnName {
        var parser = SQLExpressionNamer(tree, in: item, depth: depth)
        return parser.columnName()
    }

    /// The name of the only column of a query in parentheses.
    func name(ofQueryIn range: Range<Int>) -> SQLColumnName {
        columns(ofQueryIn: range)?.first?.name ?? .unknown
    }
}
