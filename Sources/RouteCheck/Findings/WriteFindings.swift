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
            if tree.isKeyword(index, "update") {
                // Neither `FOR UPDATE` nor `ON CONFLICT DO UPDATE`, whose INSERT is found.
                guard !tree.isWord(index - 1, "for", "do", "key") else { return false }
                return (index + 2..<min(index + 9, tree.tokens.count)).contains { tree.isWord($0, "set") }
            }
            if tree.isKeyword(index, "truncate") { return !tree.isPunctuation(index + 1, "(") }
            return tree.isKeyword(index, "nextval", "setval") && tree.isPunctuation(index + 1, "(")
        }
    }
}
