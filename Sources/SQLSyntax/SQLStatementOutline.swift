/// The outline of a statement: the queries of its WITH clause, and its main part.
public struct SQLStatementOutline: Sendable {
    /// A query of the WITH clause.
    public struct Part: Sendable {
        /// Its name in PostgreSQL; `nil` for `U&"…"`.
        public var name: String?
        /// The indices of its tokens, without the parentheses.
        public var contents: Range<Int>
        /// The indices of all its tokens, from its name to SEARCH and CYCLE.
        public var range: Range<Int>
    }

    /// The tokens.
    public let tree: SQLTokenTree
    /// The queries of its WITH clause.
    public let parts: [Part]
    /// The index of the verb, or of the parenthesis around a query.
    public let main: Int
    /// The indices of the main part.
    public let range: Range<Int>

    private static let beginnings = ["select", "values", "table", "insert", "update", "delete", "merge"]

    /// Creates the outline of the statement in a range; `nil` for anything but a query or a write.
    public init?(_ tree: SQLTokenTree, in range: Range<Int>) {
        var index = range.lowerBound
        var parts: [Part] = []
        if tree.isWord(index, "with"), index < range.upperBound {
            // A query can also have the name `recursive`.
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
        let isQuery = tree.isPunctuation(index, "(") && SQLStatementOutline.isQuery(tree, tree.contents(of: index))
        guard isQuery || (tree.isWord(index) && Self.beginnings.contains(tree.texts[index])) else { return nil }
        self.tree = tree
        self.parts = parts
        main = index
        self.range = index..<range.upperBound
    }

    /// Tells whether a range is a query, with or without parentheses.
    public static func isQuery(_ tree: SQLTokenTree, _ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound, tree.isPunctuation(index, "(") { index += 1 }
        return index < range.upperBound && tree.isWord(index, "select", "values", "with", "table")
            && !tree.isPunctuation(index + 1, ".", ",", ")")
    }

    /// The query `name (columns) AS [NOT] MATERIALIZED (…) SEARCH … CYCLE …` at an index, and the index after it.
    private static func part(_ tree: SQLTokenTree, from start: Int, before end: Int) -> (Part, Int)? {
        var index = behindName(tree, start)
        if tree.isPunctuation(index, "(") { index = tree.index(after: index) }
        guard index < end, tree.isWord(index, "as") else { return nil }
        index += 1
        if tree.isWord(index, "not") { index += 1 }
        if tree.isWord(index, "materialized") { index += 1 }
        guard index < end, tree.isPunctuation(index, "(") else { return nil }
        let contents = tree.contents(of: index)
        index = tree.index(after: index)
        // SEARCH DEPTH FIRST BY columns SET column
        if tree.isWord(index, "search") { index = behindColumns(tree, index + 4) }
        // CYCLE columns SET column TO value DEFAULT value USING column
        if tree.isWord(index, "cycle") {
            index = behindColumns(tree, index + 1)
            while index < end, !tree.isWord(index, "using") { index = tree.index(after: index) }
            index = behindName(tree, index + 1)
        }
        index = min(index, end)
        return (Part(name: SQLCatalogName(tree, start)?.text, contents: contents, range: start..<index), index)
    }

    /// The index after `columns SET column`. A column can have the name of a keyword, such as `set` and `by`.
    private static func behindColumns(_ tree: SQLTokenTree, _ start: Int) -> Int {
        var index = behindName(tree, start)
        while tree.isPunctuation(index, ",") { index = behindName(tree, index + 1) }
        return tree.isWord(index, "set") ? behindName(tree, index + 1) : index
    }

    /// The index after a name: a word, `"…"`, or `U&"…" UESCAPE '…'`.
    private static func behindName(_ tree: SQLTokenTree, _ start: Int) -> Int {
        guard tree.tokens.indices.contains(start), tree.tokens[start].kind == .unicodeIdentifier,
            tree.isWord(start + 1, "uescape")
        else { return start + 1 }
        return start + 3
    }

    // MARK: - Statements in statements

    /// This statement and, recursively, the queries and writes of its WITH clause.
    public var statements: [SQLStatementOutline] {
        [self] + parts.compactMap { SQLStatementOutline(tree, in: $0.contents)?.statements }.flatMap { $0 }
    }

    /// The indices of keywords in a range, outside of its brackets.
    public func keywords(_ words: [String], in range: Range<Int>) -> [Int] {
        tree.siblings(in: range).filter { tree.isKeyword($0, in: words) }
    }

    /// The first word of the main part; `nil` for a query in parentheses.
    public var verb: String? { tree.isWord(main) ? tree.texts[main] : nil }

    /// Indicates that the main part is a query.
    public var isQuery: Bool { verb.map { ["select", "values", "table"].contains($0) } ?? true }

    /// The operands of UNION, INTERSECT and EXCEPT; the whole main part if there are none.
    public var arms: [Range<Int>] {
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

/// A name as in PostgreSQL's catalog: in lowercase letters, unless it is quoted.
public struct SQLCatalogName: Hashable, Sendable {
    /// The name without quotes.
    public var text: String

    /// Creates a name.
    public init(_ text: String) { self.text = text }

    /// Creates the name at an index; `nil` if there is none, or one with escapes.
    public init?(_ tree: SQLTokenTree, _ index: Int) {
        guard tree.tokens.indices.contains(index) else { return nil }
        switch tree.tokens[index].kind {
        case .word: text = tree.texts[index]
        case .quotedIdentifier:
            guard let parts = try? SQLIdentifierSyntax.parts(of: tree.texts[index]), parts.count == 1 else {
                return nil
            }
            text = parts[0]
        default: return nil
        }
        // PostgreSQL truncates longer names.
        guard text.utf8.count < 64 else { return nil }
    }
}
