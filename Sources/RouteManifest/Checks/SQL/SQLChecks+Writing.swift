import RouteModel
import SQLSyntax

extension SQLChecks {
    private static let statements = ["insert", "update", "delete", "merge", "with", "select", "values", "call"]

    /// Reports a statement that is neither a write nor a query, and one that returns no rows although the route needs
    /// them.
    func checkWriting(
        _ scanner: SQLInputScanner,
        outline: SQLStatementOutline?,
        returns: Located<RouteDeclaration.Returns>?,
        inputs: [DraftInput]
    ) {
        guard let first = scanner.words.first, Self.statements.contains(first.text) else {
            let names = Self.statements.map { $0.uppercased() }
            let found = scanner.words.first.map { "; it begins with '\($0.text.uppercased())'" } ?? ""
            let hint =
                scanner.words.first.map { MisspellingSuggestion.text(for: $0.text.uppercased(), among: names) } ?? ""
            let place = sql.location(at: scanner.words.first?.offset ?? scanner.statement.lowerBound)
            let word = scanner.words.first?.text.uppercased() ?? ""
            if hint.isEmpty, let cure = Self.cure(forStatement: scanner) {
                diagnostics.error("a route cannot run \(word)\(cure)", at: place)
            } else {
                diagnostics.error(
                    "a write's SQL begins with one of \(names.joined(separator: ", "))\(found)\(hint)",
                    at: place
                )
            }
            return
        }
        guard let outline else { return checkCall(first, returns) }
        checkAllRows(outline, inputs)
        let shape = returns?.value ?? .many
        guard shape != .none, let verb = outline.verb, ["insert", "update", "delete", "merge"].contains(verb),
            outline.keywords(["returning"], in: outline.range).isEmpty
        else { return }
        report(
            "a statement that returns nothing; add RETURNING, or write 'returns: none'",
            returns: returns,
            at: location(outline.tree, outline.main)
        )
    }

    /// Warns of ON CONFLICT in a write with a precondition, which inserts the row again if it was deleted after the
    /// comparison.
    ///
    /// A row that the statement locks first is known to exist; otherwise the transaction fails and the comparison is
    /// repeated.
    func warnOfUpsert(_ tree: SQLTokenTree) {
        let locks = ["update", "no", "share", "key"]
        guard !tree.tokens.indices.contains(where: { tree.isWord($0, "for") && tree.isKeyword($0 + 1, in: locks) }),
            let place = tree.tokens.indices.first(where: {
                tree.isWord($0, "on") && tree.isWord($0 + 1, "conflict")
                    && (tree.isPunctuation($0 + 2, "(") || tree.isWord($0 + 2, "do", "on"))
            })
        else { return }
        diagnostics.report(
            .upsert,
            message:
                "if somebody deletes the row at the same moment, ON CONFLICT makes it anew, though 'If-Match' says that it is there; let "
                + "one route UPDATE and another INSERT, lock the row first with SELECT … FOR UPDATE, or write "
                + "'allow: [ upsert ]'",
            allowed: allowed,
            at: sql.location(at: tree.offset(place))
        )
    }

    /// The end of the message about a statement that neither reads nor changes rows; `nil` if no replacement is known.
    static func cure(forStatement scanner: SQLInputScanner) -> String? {
        let words = scanner.words.map(\.text)
        switch words.first {
        case "set" where words.dropFirst().first == "search_path" || words.dropFirst().first == "schema":
            return "; leave it out, and name the schema in the SQL of each route, such as 'archive.orders'"
        case "set" where words.contains("statement_timeout"):
            return "; leave it out, and write 'timeout: 2s' in the routes that it is for"
        case "set", "reset":
            return
                ", since requests share sessions; call set_config('name', 'value', true) in the statement that needs it"
        case "begin", "start", "commit", "rollback", "savepoint", "end":
            return ", since each route runs in a transaction of its own; leave it out"
        case "truncate":
            let name = words.dropFirst().first { $0 != "table" && $0 != "only" } ?? "…"
            return "; write 'DELETE FROM \(name) WHERE true'"
        case "create", "alter", "drop", "grant", "revoke", "refresh", "reindex", "vacuum", "analyze", "comment", "do",
            "copy", "import", "cluster":
            return "; run it with psql"
        case "notify": return "; write 'SELECT pg_notify('channel', 'text')'"
        default: return nil
        }
    }

    private func checkCall(_ word: SQLInputScanner.Word, _ returns: Located<RouteDeclaration.Returns>?) {
        guard word.text == "call", returns?.value ?? .many != .none else { return }
        report("a CALL; write 'returns: none'", returns: returns, at: sql.location(at: word.offset))
    }

    private func report(_ reason: String, returns: Located<RouteDeclaration.Returns>?, at location: Location) {
        diagnostics.error(
            "'returns: \((returns?.value ?? .many).rawValue)' for \(reason)",
            at: location,
            notes: returns.map { [.init("'returns' is here", at: $0.location)] } ?? []
        )
    }
}
