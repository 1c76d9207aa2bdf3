import SQLSyntax

/// The surroundings of occurrences.
extension ParameterOccurrences {
    /// Indicates that the occurrence is only tested for NULL, which does not determine its type.
    func isNullTest(_ occurrence: Int) -> Bool {
        var first = all[occurrence].token
        var last = first
        while tree.isPunctuation(first - 1, "("), tree.isPunctuation(last + 1, ")"),
            !tree.isWord(first - 2) || isBoundaryWord(first - 2)
        {
            first -= 1
            last += 1
        }
        if tree.isWord(last + 1, "isnull", "notnull") { return true }
        guard tree.isWord(last + 1, "is") else { return false }
        return tree.isWord(last + (tree.isWord(last + 2, "not") ? 3 : 2), "null")
    }

    /// Returns a short description of the operand or call around an occurrence. The server is likely to decide in the
    /// same way about occurrences with equal descriptions.
    func context(_ occurrence: Int) -> String {
        let token = all[occurrence].token
        var words = ["$"]
        var index = token - 1
        while index >= max(0, token - 4), !isBoundaryWord(index), !tree.isPunctuation(index, ",") || index == token - 1
        {
            words.insert(word(index), at: 0)
            index -= 1
        }
        index = token + 1
        while index < min(tokens.count, token + 4), !isBoundaryWord(index) {
            words.append(word(index))
            index += 1
        }
        return words.joined(separator: " ")
    }

    private func word(_ index: Int) -> String { tokens[index].kind == .parameter ? "$" : tree.texts[index] }

    /// Returns the whole expression around an occurrence in a list such as GROUP BY, and the position in it.
    /// Occurrences that are equal in both have to be one parameter if the server compares the expressions.
    func expression(_ occurrence: Int) -> String {
        let range = expressionTokens(occurrence)
        return "\(all[occurrence].token - range.lowerBound) \(tree.texts[range].joined(separator: " "))"
    }

    /// Indicates that the expression around an occurrence belongs to GROUP BY, ORDER BY or DISTINCT ON.
    func isInSortOrGroup(_ occurrence: Int) -> Bool {
        let range = expressionTokens(occurrence)
        let level = tree.openers[range.lowerBound]
        if let level, isDistinctOn(level) { return true }
        var index = range.lowerBound - 1
        while index > (level ?? -1) {
            if tree.openers[index] == level, isBoundaryWord(index), !tree.isWord(index, "and", "or", "not", "as") {
                return tree.isWord(index, "by")
            }
            index -= 1
        }
        return false
    }

    /// Returns the tokens of the expression around an occurrence, at the level of its SELECT.
    private func expressionTokens(_ occurrence: Int) -> Range<Int> {
        var inner = all[occurrence].token
        while let opener = tree.openers[inner], !tree.isWord(opener + 1, "select", "with", "values"),
            !isDistinctOn(opener)
        {
            inner = opener
        }
        let level = tree.openers[inner]
        func isEnd(_ index: Int) -> Bool {
            if let opener = tree.opener(of: index), opener == level || isDistinctOn(opener) { return true }
            if tree.openers[index] == level, tree.isWord(index, "distinct", "all") { return true }
            return tree.openers[index] == level && (tree.isPunctuation(index, ",", ";") || isBoundaryWord(index))
        }
        var first = inner
        while first - 1 > (level ?? -1), !isEnd(first - 1) { first -= 1 }
        var last = all[occurrence].token
        while last + 1 < tokens.count, !isEnd(last + 1) { last += 1 }
        return first..<last + 1
    }

    /// Indicates that a bracket is that of `DISTINCT ON (`.
    private func isDistinctOn(_ opener: Int) -> Bool {
        tree.isWord(opener - 1, "on") && tree.isWord(opener - 2, "distinct")
    }
}
