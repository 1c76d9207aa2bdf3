import RouteModel

extension SQLChecks {
    private static let statements = ["insert", "update", "delete", "merge", "with", "select", "values", "call"]

    /// Reports a statement that is no write and no query, and one that answers no rows where the route wants some.
    func checkWriting(_ scanner: SQLScanner, returns: Located<ManifestRoute.Returns>?) {
        guard let first = scanner.words.first, Self.statements.contains(first.text) else {
            let names = Self.statements.map { $0.uppercased() }
            let found = scanner.words.first.map { "; it begins with '\($0.text.uppercased())'" } ?? ""
            diagnostics.error(
                "a write's SQL begins with one of \(names.joined(separator: ", "))\(found)",
                at: sql.location(at: scanner.words.first?.offset ?? scanner.statement.lowerBound)
            )
            return
        }
        let shape = returns?.value ?? .many
        guard shape != .none, let index = scanner.mainWord else { return }
        let word = scanner.words[index]
        let reason: String
        switch word.text {
        case "call": reason = "a CALL; write 'returns: none'"
        case "insert", "update", "delete", "merge":
            if scanner.hasReturning(behind: index) { return }
            reason = "a statement that returns nothing; add RETURNING, or write 'returns: none'"
        default: return
        }
        diagnostics.error(
            "'returns: \(shape.rawValue)' for \(reason)",
            at: sql.location(at: word.offset),
            notes: returns.map { [.init("'returns' is here", at: $0.location)] } ?? []
        )
    }
}

extension SQLScanner {
    private static let mainWords: Set<String> = ["insert", "update", "delete", "merge", "select", "values", "table"]
    /// What stands before a name in WITH and its SEARCH and CYCLE clauses. Names may be words that begin a statement.
    private static let namePrefixes: Set<String> = [
        "with", "recursive", "by", "cycle", "set", "to", "default", "using",
    ]

    /// The index of the word that says what the statement does: its first or, with WITH, the one behind the named queries.
    var mainWord: Int? {
        guard let first = words.first else { return nil }
        guard first.text == "with" else { return words.startIndex }
        return words.indices.dropFirst().first { index in
            let word = words[index]
            return Self.mainWords.contains(word.text) && word.depth == first.depth && word.predecessor != .dot
                && word.predecessor != .comma && !isFollowing(Self.namePrefixes, index)
        }
    }

    /// Whether the statement that begins at a word has a RETURNING of its own.
    func hasReturning(behind index: Int) -> Bool {
        words.indices.dropFirst(index + 1).contains { other in
            let word = words[other]
            return word.text == "returning" && word.depth == words[index].depth && !word.isQualified
                && !isFollowing(["as"], other)
        }
    }

    /// Whether one of these words stands before a word.
    private func isFollowing(_ texts: Set<String>, _ index: Int) -> Bool {
        words[index].predecessor == .word && texts.contains(words[index - 1].text)
    }
}
