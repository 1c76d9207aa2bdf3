import RouteModel
import SQLSyntax

/// Checks the tables of a route's cache settings against those that its statement names.
struct DeclaredTableChecks {
    let diagnostics: Diagnostics
    let route: DraftRoute

    /// Warns of a table that the statement does not name if it reads one with a similar name.
    ///
    /// A table without a similar one is accepted: a view or a function may read it.
    func check(_ tree: SQLTokenTree) {
        guard route.method == .get, let tables = route.settings.cache.tables, route.location < tables.location else {
            return
        }
        let named = Set(tree.tokens.indices.compactMap { SQLCatalogName(tree, $0)?.text })
        let declared = Set((tables.names ?? []).map(Self.lastPart))
        let read = Set(tree.relations).subtracting(declared).subtracting(Self.queries(of: tree)).sorted()
        for name in tables.names ?? [] {
            let table = Self.lastPart(of: name)
            guard !named.contains(table), let place = tables.places[name],
                let closest = MisspellingSuggestion.closest(
                    to: table,
                    among: read.filter { !Self.isView($0, of: table) }
                )
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

    /// Tells whether a name consists of a table's name and additions, as names of views often do: `orders_v`,
    /// `v_orders`, `active_orders`.
    private static func isView(_ name: String, of table: String) -> Bool {
        name.split(separator: "_").count > table.split(separator: "_").count
            && "_\(name)_".contains("_\(table)_")
    }

    /// The names of the queries in WITH clauses.
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
                return SQLCatalogName(tree, name)?.text
            }
        )
    }

    /// A table's name without its schema and quotes.
    private static func lastPart(of name: String) -> String {
        (try? SQLIdentifierSyntax.parts(of: name))?.last ?? name
    }
}
