import RouteModel
import SQLSyntax

/// Checks the tables of a route against those that its statement names.
struct TableChecks {
    let diagnostics: Diagnostics
    let route: DraftRoute

    /// Warns of a table that the statement does not name where it reads one of nearly the same name.
    ///
    /// A view or a function may read tables that are not named: a table alone says nothing.
    func check(_ tree: SQLTokenTree) {
        guard route.method == .get, let tables = route.settings.cache.tables, route.location < tables.location else {
            return
        }
        let named = Set(tree.tokens.indices.compactMap { SQLName(tree, $0)?.text })
        let declared = Set((tables.names ?? []).map(Self.lastPart))
        let read = Set(Self.relations(of: tree)).subtracting(declared).sorted()
        for name in tables.names ?? [] {
            let table = Self.lastPart(of: name)
            guard !named.contains(table), let place = tables.places[name],
                let closest = Suggestion.closest(to: table, among: read)
            else { continue }
            diagnostics.report(
                .unknownTable,
                "the SQL of route '\(route.name)' does not name the table '\(name)' (did you mean '\(closest)'?)",
                allowed: route.settings.allowed,
                at: place
            )
        }
    }

    /// The names behind FROM, JOIN and commas of FROM, without their schemas.
    static func relations(of tree: SQLTokenTree) -> [String] {
        tree.tokens.indices.compactMap { index in
            guard tree.isKeyword(index, "from", "join") else { return nil }
            var name = index + 1
            while tree.isWord(name, "only", "lateral") { name += 1 }
            while tree.isPunctuation(name + 1, ".") { name += 2 }
            return tree.isPunctuation(name + 1, "(") ? nil : SQLName(tree, name)?.text
        }
    }

    /// A table's name as the catalog has it, without its schema and quotes.
    private static func lastPart(of name: String) -> String {
        (try? SQLIdentifier.parts(of: name))?.last ?? name
    }
}
