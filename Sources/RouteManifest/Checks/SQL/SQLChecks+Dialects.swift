import SQLSyntax

extension SQLChecks {
    // MARK: - SQL of other databases, and of word processors

    /// Reports quotes, operators and clauses that PostgreSQL does not have, and returns whether there are none.
    func checkDialect(_ tree: SQLTokenTree) -> Bool {
        var isValid = true
        func report(_ message: String, _ offset: Int) {
            diagnostics.error(message, at: sql.location(at: offset))
            isValid = false
        }
        // One report of each kind is enough, because the others have the same fix.
        if let index = tree.tokens.indices.first(where: { isBacktick(tree, $0) }) {
            let name = tree.isWord(index + 1) ? tree.texts[index + 1] : "name"
            report(
                "PostgreSQL has no '`'; write '\(name)', or '\"\(name)\"' for a name with capitals or blanks",
                tree.offset(index)
            )
        }
        if let index = tree.tokens.indices.first(where: { isTypographicQuote(tree, $0) }) {
            report("this quote is not one of SQL's; write ' around text and \" around names", tree.offset(index))
        }
        if let index = tree.tokens.indices.first(where: { tree.tokens[$0].kind == .operator && tree.texts[$0] == "==" })
        {
            report("PostgreSQL has no '=='; write '='", tree.offset(index))
        }
        for index in tree.tokens.indices where tree.isKeyword(index, "select") && tree.isWord(index + 1, "top") {
            guard tree.tokens.indices.contains(index + 2),
                [.number, .namedParameter].contains(tree.tokens[index + 2].kind)
            else { continue }
            report(
                "PostgreSQL has no TOP; write 'LIMIT \(tree.texts[index + 2])' at the end of the query",
                tree.offset(index + 1)
            )
        }
        for index in tree.tokens.indices {
            guard let name = setOperator(tree, index) else { continue }
            report("no query stands behind \(name); write one, or leave \(name) out", tree.offset(index))
        }
        return isValid
    }

    private func isBacktick(_ tree: SQLTokenTree, _ index: Int) -> Bool {
        [.operator, .punctuation].contains(tree.tokens[index].kind) && tree.texts[index].hasPrefix("`")
    }

    private func isTypographicQuote(_ tree: SQLTokenTree, _ index: Int) -> Bool {
        guard tree.isWord(index), let first = tree.texts[index].unicodeScalars.first else { return false }
        return ["\u{2018}", "\u{2019}", "\u{201A}", "\u{201C}", "\u{201D}", "\u{201E}"].contains(first)
    }

    /// The set operator at an index that no query follows.
    private func setOperator(_ tree: SQLTokenTree, _ index: Int) -> String? {
        guard tree.isKeyword(index, "union", "intersect", "except") else { return nil }
        var next = index + 1
        if tree.isWord(next, "all", "distinct") { next += 1 }
        if tree.isWord(next, "select", "values", "table") || tree.isPunctuation(next, "(") { return nil }
        return tree.texts[index..<min(next, tree.texts.count)].joined(separator: " ").uppercased()
    }

    // MARK: - NULL

    /// Reports comparisons with NULL, which are never true.
    func checkNullComparisons(_ tree: SQLTokenTree) {
        guard tree.texts.contains("null") else { return }
        let clauses = SQLClauseContexts(tree)
        for index in tree.tokens.indices {
            guard tree.tokens[index].kind == .operator, ["=", "<>", "!="].contains(tree.texts[index]),
                let null = [index + 1, index - 1].first(where: { isWholeNull(tree, at: $0, besides: index) }),
                !clauses.before(index).isAssigning
            else { continue }
            let test = tree.texts[index] == "=" ? "IS NULL" : "IS NOT NULL"
            diagnostics.report(
                .nullComparison,
                message: "a comparison with NULL is never true; write '\(test)'",
                severity: .error,
                allowed: allowed,
                at: sql.location(at: tree.offset(min(null, index)))
            )
        }
    }

    /// Tells whether a token is NULL and is a whole operand of a comparison.
    private func isWholeNull(_ tree: SQLTokenTree, at null: Int, besides comparison: Int) -> Bool {
        guard tree.isKeyword(null, "null") else { return false }
        let beyond = null > comparison ? null + 1 : null - 1
        guard tree.tokens.indices.contains(beyond) else { return null > comparison }
        if null > comparison { return !tree.isPunctuation(beyond, "::") && tree.tokens[beyond].kind != .operator }
        return tree.isKeyword(beyond, "where", "and", "or", "on", "having", "when", "not")
            || tree.isPunctuation(beyond, "(", ",")
    }
}
