import RouteManifest
import SQLSyntax

/// GET routes that call functions which write.
enum WriteFindings {
    static func check(
        _ statement: StatementToCheck,
        _ description: StatementFacts.Description,
        _ findings: inout Findings
    ) {
        guard statement.isRead, !statement.isKnownFaulty else { return }
        let words = StatementWords(statement.statement)
        for function in description.functions {
            let place = words.location(ofAny: function.mentions) ?? statement.statement.start
            let name = SQLIdentifierSyntax.spelled(function.name)
            if function.isBuiltIn {
                findings.report(
                    .mayWrite,
                    "\(name)() writes, and a GET route runs READ ONLY; make the route a 'post', 'put', 'patch' or 'delete'",
                    severity: .error,
                    of: statement,
                    at: place
                )
            } else {
                findings.report(
                    .mayWrite,
                    "\(name)() may write, and a GET route runs READ ONLY; make the route a write, or declare the function STABLE",
                    severity: writes(function.body) ? .error : .warning,
                    of: statement,
                    at: place
                )
            }
        }
    }

    /// Indicates that a function's body has a statement that writes.
    static func writes(_ body: String) -> Bool {
        let lexer = SQLLexer(body)
        let tree = SQLTokenTree(lexer.tokens, of: lexer.bytes)
        return tree.tokens.indices.contains { index in
            if tree.isKeyword(index, "insert", "merge") { return tree.isWord(index + 1, "into") }
            if tree.isKeyword(index, "delete") { return tree.isWord(index + 1, "from") }
            if tree.isKeyword(index, "update") { return isUpdate(index, tree) }
            if tree.isKeyword(index, "truncate") { return isTruncate(index, tree) }
            return tree.isKeyword(index, "nextval", "setval") && tree.isPunctuation(index + 1, "(")
        }
    }

    /// Indicates `UPDATE [ONLY] table [*] [[AS] alias] SET`: neither `FOR UPDATE` nor `ON CONFLICT DO UPDATE`, whose INSERT is found,
    /// nor a word of a text.
    private static func isUpdate(_ index: Int, _ tree: SQLTokenTree) -> Bool {
        guard !tree.isWord(index - 1, "for", "do", "key"), var end = tableEnd(from: index + 1, tree) else {
            return false
        }
        if tree.isWord(end, "set") { return true }
        if tree.isWord(end, "as") { end += 1 }
        return tree.isWord(end + 1, "set")
    }

    /// Indicates `TRUNCATE [TABLE] [ONLY] table [*]` with the end of a statement or an option behind it, and no declaration or
    /// assignment of a variable of this name.
    private static func isTruncate(_ index: Int, _ tree: SQLTokenTree) -> Bool {
        let first = tree.isWord(index + 1, "table") ? index + 2 : index + 1
        guard let end = tableEnd(from: first, tree) else { return false }
        guard
            end >= tree.tokens.count || tree.isPunctuation(end, ",", ";")
                || tree.isWord(end, "restart", "continue", "cascade", "restrict", "end")
        else { return false }
        let section = tree.tokens.indices.prefix(index).last { tree.isKeyword($0, "declare", "begin") }
        return section.map { tree.isWord($0, "begin") } ?? true
    }

    /// The index behind `[ONLY] table [*]`; `nil` if there is no name.
    private static func tableEnd(from start: Int, _ tree: SQLTokenTree) -> Int? {
        var end = tree.isWord(start, "only") ? start + 1 : start
        guard SQLCatalogName(tree, end) != nil else { return nil }
        end += 1
        while tree.isPunctuation(end, "."), SQLCatalogName(tree, end + 1) != nil { end += 2 }
        return tree.tokens.indices.contains(end) && tree.texts[end] == "*" ? end + 1 : end
    }
}
