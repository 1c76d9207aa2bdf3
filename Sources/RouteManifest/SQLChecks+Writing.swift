import RouteModel
import SQLSyntax

extension SQLChecks {
    private static let statements = ["insert", "update", "delete", "merge", "with", "select", "values", "call"]

    /// Reports a statement that is no write and no query, and one that answers no rows where the route wants some.
    func checkWriting(
        _ scanner: SQLScanner,
        _ outline: SQLQueryOutline?,
        returns: Located<ManifestRoute.Returns>?
    ) {
        guard let first = scanner.words.first, Self.statements.contains(first.text) else {
            let names = Self.statements.map { $0.uppercased() }
            let found = scanner.words.first.map { "; it begins with '\($0.text.uppercased())'" } ?? ""
            let hint = scanner.words.first.map { Suggestion.text(for: $0.text.uppercased(), among: names) } ?? ""
            let place = sql.location(at: scanner.words.first?.offset ?? scanner.statement.lowerBound)
            let cure = "for this statement alone, call set_config('name', 'value', true) in a SELECT"
            diagnostics.error(
                "a write's SQL begins with one of \(names.joined(separator: ", "))\(found)\(hint)",
                at: place,
                notes: scanner.words.first?.text == "set" ? [.init(cure, at: place)] : []
            )
            return
        }
        guard let outline else { return checkCall(first, returns) }
        checkAllRows(outline)
        let shape = returns?.value ?? .many
        guard shape != .none, let verb = outline.verb, ["insert", "update", "delete", "merge"].contains(verb),
            outline.keywords(["returning"], in: outline.range).isEmpty
        else { return }
        report(
            "a statement that returns nothing; add RETURNING, or write 'returns: none'",
            returns,
            at: location(outline.tree, outline.main)
        )
    }

    private func checkCall(_ word: SQLScanner.Word, _ returns: Located<ManifestRoute.Returns>?) {
        guard word.text == "call", returns?.value ?? .many != .none else { return }
        report("a CALL; write 'returns: none'", returns, at: sql.location(at: word.offset))
    }

    private func report(_ reason: String, _ returns: Located<ManifestRoute.Returns>?, at location: Location) {
        diagnostics.error(
            "'returns: \((returns?.value ?? .many).rawValue)' for \(reason)",
            at: location,
            notes: returns.map { [.init("'returns' is here", at: $0.location)] } ?? []
        )
    }
}
