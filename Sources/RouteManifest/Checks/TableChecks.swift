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
        let read = Set(tree.relations).subtracting(declared).subtracting(Self.queries(of: tree)).sorted()
        for name in tables.names ?? [] {
            let table = Self.lastPart(of: name)
            guard !named.contains(table), let place = tables.places[name],
                let closest = Suggestion.closest(to: table, among: read.filter { !Self.isView($0, of: table) })
            else { continue }
            diagnostics.report(
                .unknownTable,
                message:
                    "the SQL of route '\(route.name)' does not name the table '\(name)' (did you mean '\(closest)'?)",
                allowed: route.settings.allowed,
                at: place
            )
        }
    }

    /// Whether a name is a table's with an addition, as those of views often are: `orders_v`, `v_orders`, `active_orders`.
    private static func isView(_ name: String, of table: String) -> Bool {
        name.split(separator: "_").count > table.split(separator: "_").count
            && "_\(name)_".contains("_\(table)_")
    }

    /// The names of all queries in WITH clauses.
    private static func queries(of tree: SQLTokenTree) -> Set<String> {
        Set(
            tree.tokens.indices.compactMap { index in
                guard tree.isKeyword(index, "as") else { return nil }
                var next = index + 1
                if tree.isWord(next, "not") { next += 1 }
                if tree.isWord(next, "materialized") { next += 1 }
                guard tree.isPunctuation(next, "(") else { return nil }
                var name = index - 1
                if tree.isPunctuation(name, ")"), let opener = tree.opener(of: name) { name = opener - 1 }
                return SQLName(tree, name)?.text
            }
        )
    }

    /// A table's name as the catalog has it, without its schema and quotes.
    private static func lastPart(of name: String) -> String {
        (try? SQLIdentifier.parts(of: name))?.last ?? name
    }
}
