import SQLSyntax

extension SQLChecks {
    // MARK: - Parameters of other tools

    /// Reports `?`, `@id`, `{id}`, `${id}`, `%(id)s`, `%s` and `: id` where they have no meaning in PostgreSQL.
    ///
    /// - Returns: the names of the inputs that may be meant: all of them if the parameter has no name.
    func checkForeignParameters(_ tree: SQLTokenTree) -> Set<String> {
        var meant: Set<String> = []
        let used = Set(
            tree.tokens.indices.filter { tree.tokens[$0].kind == .namedParameter }.map { tree.texts[$0].dropFirst() }
        )
        var last = -1
        for index in tree.tokens.indices where index > last {
            guard let (range, name) = foreignParameter(tree, index) else { continue }
            if tree.texts[index].hasSuffix("@") {
                // `@` is also the operator of absolute values.
                guard let name, inputNames.contains(name), !used.contains(name[...]) else { continue }
            }
            last = range.upperBound - 1
            let start = tree.tokens[last].range.upperBound
            let first = tree.tokens[range.lowerBound].range
            let begin = tree.tokens[range.lowerBound].kind == .operator ? first.upperBound - 1 : first.lowerBound
            let example = name.flatMap { inputNames.contains($0) ? $0 : nil } ?? inputNames.first ?? "id"
            diagnostics.error(
                "SQL uses '\(sql.source(begin..<start))': inputs are written by name, such as ':\(example)'",
                at: sql.location(at: begin)
            )
            meant.formUnion(name.map { inputNames.contains($0) ? [$0] : inputNames } ?? inputNames)
            if meant.isEmpty { meant.insert(example) }
        }
        return meant
    }

    /// The tokens of a parameter that begins at an index, and its name.
    private func foreignParameter(_ tree: SQLTokenTree, _ index: Int) -> (Range<Int>, name: String?)? {
        let text = tree.texts[index]
        switch tree.tokens[index].kind {
        case .operator where text == "?":
            return endsValue(tree, index + 1) ? (index..<index + 1, nil) : nil
        case .operator where text.hasSuffix("@"):
            return isJoined(tree, at: index, to: index + 1) && tree.isWord(index + 1)
                ? (index..<index + 2, source(tree, index + 1)) : nil
        case .operator where text == "%" && beginsValue(tree, index):
            if isJoined(tree, at: index, to: index + 1), tree.isPunctuation(index + 1, "("), tree.isWord(index + 2),
                tree.isPunctuation(index + 3, ")"), tree.isWord(index + 4, "s", "d")
            {
                return (index..<index + 5, source(tree, index + 2))
            }
            let isWord = isJoined(tree, at: index, to: index + 1) && tree.isWord(index + 1, "s", "d")
            return isWord ? (index..<index + 2, nil) : nil
        case .punctuation where text == "{" || (text == "$" && tree.isPunctuation(index + 1, "{")):
            guard let end = (index..<min(index + 8, tree.tokens.count)).first(where: { tree.isPunctuation($0, "}") })
            else { return nil }
            let name = (index..<end).first { tree.isWord($0) }
            return (index..<end + 1, name.map { source(tree, $0) })
        case .punctuation where text == ":" && beginsValue(tree, index):
            // A colon in square brackets belongs to an array slice.
            if let opener = tree.openers[index], tree.isPunctuation(opener, "[") { return nil }
            return tree.isWord(index + 1) ? (index..<index + 2, source(tree, index + 1)) : nil
        default: return nil
        }
    }

    /// The text of a token as written.
    private func source(_ tree: SQLTokenTree, _ index: Int) -> String {
        sql.source(tree.tokens[index].range)
    }

    private func isJoined(_ tree: SQLTokenTree, at index: Int, to next: Int) -> Bool {
        next < tree.tokens.count && tree.tokens[index].range.upperBound == tree.tokens[next].range.lowerBound
    }

    /// Reserved words (PostgreSQL manual, appendix C) that can't begin a value.
    private static let endsOfValues: Set<String> = [
        "and", "or", "order", "group", "limit", "offset", "for", "union", "except", "intersect", "returning", "then",
        "when", "else", "end", "as", "is", "in", "like", "ilike", "from", "where", "having", "on", "asc", "desc",
        "window", "fetch",
    ]
    /// Reserved words that can't begin an element of a list.
    private static let endsOfLists = endsOfValues.subtracting(["like", "ilike", "is"])
    /// Reserved words that a value follows.
    private static let startsOfValues: Set<String> = [
        "and", "or", "not", "limit", "offset", "then", "when", "else", "in", "like", "ilike", "where", "having", "on",
        "select",
    ]

    /// Tells whether the token at an index can't begin a value.
    private func endsValue(_ tree: SQLTokenTree, _ index: Int) -> Bool {
        index >= tree.tokens.count || tree.isPunctuation(index, ")", "]", ",", "::")
            || tree.isKeyword(index, in: Self.endsOfValues)
    }

    /// Tells whether a value begins at an index, because none ends before it.
    private func beginsValue(_ tree: SQLTokenTree, _ index: Int) -> Bool {
        guard index > 0 else { return false }
        return tree.tokens[index - 1].kind == .operator && tree.texts[index - 1] != "*"
            || tree.isPunctuation(index - 1, "(", ",") || tree.isKeyword(index - 1, in: Self.startsOfValues)
    }

    // MARK: - Commas and brackets

    /// Reports errors in the grammar of commas, brackets and LIMIT, and returns `true` if there are none.
    func checkSyntax(_ tree: SQLTokenTree) -> Bool {
        var isValid = true
        func report(_ message: String, _ index: Int) {
            diagnostics.error(message, at: location(tree, index))
            isValid = false
        }
        for index in tree.tokens.indices {
            if tree.isPunctuation(index, "(", "["), tree.contents(of: index).upperBound == tree.tokens.count {
                let closer = tree.texts[index] == "(" ? ")" : "]"
                report("this '\(tree.texts[index])' is never closed; write '\(closer)' where it ends", index)
            } else if tree.isPunctuation(index, ")", "]"), tree.opener(of: index) == nil {
                let opener = tree.texts[index] == ")" ? "(" : "["
                report("this '\(tree.texts[index])' has no '\(opener)' before it; remove it", index)
            } else if tree.isPunctuation(index, ")", "]"), let opener = tree.opener(of: index),
                (tree.texts[opener] == "(") != (tree.texts[index] == ")")
            {
                let closer = tree.texts[opener] == "(" ? ")" : "]"
                report(
                    "the '\(tree.texts[opener])' before this '\(tree.texts[index])' is open still; write '\(closer)' first",
                    index
                )
            } else if tree.isPunctuation(index, ","), index + 1 == tree.tokens.count {
                report("a ',' stands at the end; remove it", index)
            } else if tree.isPunctuation(index, ","),
                tree.isPunctuation(index + 1, ")", "]", ",")
                    || tree.isKeyword(index + 1, in: Self.endsOfLists)
            {
                report("a ',' stands before \(tree.texts[index + 1].uppercased()); remove it", index)
            } else if tree.isKeyword(index, "limit"), let comma = commaOfLimit(tree, index) {
                let offset = tree.tokens[index + 1].range.lowerBound..<tree.tokens[comma - 1].range.upperBound
                let count = comma + 1 < tree.tokens.count ? source(tree, comma + 1) : "…"
                report(
                    "PostgreSQL has no 'LIMIT a, b'; write 'LIMIT \(count) OFFSET \(sql.source(offset))'",
                    index + 1
                )
            }
        }
        return isValid
    }

    /// The comma after the first value of a LIMIT.
    private func commaOfLimit(_ tree: SQLTokenTree, _ limit: Int) -> Int? {
        var index = limit + 1
        while index < tree.tokens.count, !tree.isPunctuation(index, ")", "]"),
            !tree.isKeyword(index, in: Self.endsOfValues)
        {
            if tree.isPunctuation(index, ",") { return index > limit + 1 ? index : nil }
            index = tree.index(after: index)
        }
        return nil
    }
}
