import SQLSyntax

/// The outline of a statement: the queries of its WITH clause, and where its main part begins.
struct SQLQueryOutline {
    /// A query of the WITH clause.
    struct Part {
        /// Its name as PostgreSQL knows it; `nil` for `U&"…"`.
        var name: String?
        /// Its tokens, without the parentheses.
        var contents: Range<Int>
    }

    let tree: SQLTokenTree
    let parts: [Part]
    /// The index of the word that says what the statement does, or of the parenthesis around a query.
    let main: Int
    /// The main part, to its end.
    let range: Range<Int>

    private static let beginnings = ["select", "values", "table", "insert", "update", "delete", "merge"]

    /// The outline of the statement in a range; `nil` for anything but a query or a write.
    init?(_ tree: SQLTokenTree, in range: Range<Int>) {
        var index = range.lowerBound
        var parts: [Part] = []
        if tree.isWord(index, "with"), index < range.upperBound {
            // A query may be called `recursive` too.
            let isRecursive = tree.isWord(index + 1, "recursive") && !tree.isWord(index + 2, "as")
            index += isRecursive && !tree.isPunctuation(index + 2, "(") ? 2 : 1
            while let (part, next) = Self.part(tree, from: index, before: range.upperBound) {
                parts.append(part)
                index = next
                guard tree.isPunctuation(index, ","), index < range.upperBound else { break }
                index += 1
            }
        }
        guard index < range.upperBound else { return nil }
        let isQuery = tree.isPunctuation(index, "(") && SQLQueryOutline.isQuery(tree, tree.contents(of: index))
        guard isQuery || (tree.isWord(index) && Self.beginnings.contains(tree.texts[index])) else { return nil }
        self.tree = tree
        self.parts = parts
        main = index
        self.range = index..<range.upperBound
    }

    /// Whether a range is a query, in parentheses or not.
    static func isQuery(_ tree: SQLTokenTree, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound, tree.isPunctuation(index, "(") { index += 1 }
        return index < range.upperBound && tree.isWord(index, "select", "values", "with", "table")
            && !tree.isPunctuation(index + 1, ".", ",", ")")
    }

    /// `name (columns) AS [NOT] MATERIALIZED (…) SEARCH … CYCLE …`, and the index behind it.
    private static func part(_ tree: SQLTokenTree, from start: Int, before end: Int) -> (Part, Int)? {
        var index = start + 1
        if tree.isPunctuation(index, "(") { index = tree.index(after: index) }
        guard index < end, tree.isWord(index, "as") else { return nil }
        index += 1
        if tree.isWord(index, "not") { index += 1 }
        if tree.isWord(index, "materialized") { index += 1 }
        guard index < end, tree.isPunctuation(index, "(") else { return nil }
        let part = Part(name: SQLName(tree, start)?.text, contents: tree.contents(of: index))
        index = tree.index(after: index)
        if tree.isWord(index, "search") { index = behind("set", tree, from: index, before: end) }
        if tree.isWord(index, "cycle") { index = behind("using", tree, from: index, before: end) }
        return (part, index)
    }

    /// The index behind a word and the name that follows it.
    private static func behind(_ word: String, _ tree: SQLTokenTree, from start: Int, before end: Int) -> Int {
        var index = start
        while index < end,
            !tree.isKeyword(index, word) || tree.isPunctuation(index - 1, ",") || tree.isWord(index - 1, "by")
        {
            index += 1
        }
        return min(index + 2, end)
    }

    // MARK: - Statements in statements

    /// This statement and, with their outlines, those of its WITH clause that are queries or writes, and so on.
    var statements: [SQLQueryOutline] {
        [self] + parts.compactMap { SQLQueryOutline(tree, in: $0.contents)?.statements }.flatMap { $0 }
    }

    /// The keywords of a range that stand in no bracket of it.
    func keywords(_ words: [String], in range: Range<Int>) -> [Int] {
        tree.siblings(in: range).filter { tree.isKeyword($0, in: words) }
    }

    /// The word that says what the statement does; `nil` for a query in parentheses.
    var verb: String? { tree.isWord(main) ? tree.texts[main] : nil }

    /// Whether the statement reads and does no more.
    var isQuery: Bool { verb.map { ["select", "values", "table"].contains($0) } ?? true }

    /// The SELECTs, VALUES and queries in parentheses that UNION, INTERSECT and EXCEPT join.
    var arms: [Range<Int>] {
        var arms: [Range<Int>] = []
        var start = main
        for index in keywords(["union", "intersect", "except"], in: range) {
            arms.append(start..<index)
            start = index + 1
            if tree.isWord(start, "all", "distinct") { start += 1 }
        }
        arms.append(start..<max(start, range.upperBound))
        return arms
    }
}

/// A name as PostgreSQL knows it: in small letters, unless it is quoted.
struct SQLName: Hashable {
    var text: String

    init(_ text: String) { self.text = text }

    /// The name at an index; `nil` where none is, or one that is written with escapes.
    init?(_ tree: SQLTokenTree, _ index: Int) {
        guard tree.tokens.indices.contains(index) else { return nil }
        switch tree.tokens[index].kind {
        case .word: text = tree.texts[index]
        case .quotedIdentifier: text = String(tree.texts[index].dropFirst().dropLast()).replacing("\"\"", with: "\"")
        default: return nil
        }
        // PostgreSQL cuts longer ones.
        guard text.utf8.count < 64 else { return nil }
    }
}
