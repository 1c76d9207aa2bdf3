import SQLSyntax

/// The RETURNING clause of a writing statement, to which columns can be added.
///
/// This is how the columns of a statement that can't be a subquery are converted to JSON. Its own columns stay, so that
/// the server notices if `*` stands for other columns.
struct ReturningClause {
    private let sql: String
    /// The expression of each column.
    private let expressions: [String]

    /// Parses the clause; fails if the expression of a column can't be determined.
    ///
    /// - Parameters:
    ///   - sql: the statement.
    ///   - columns: the names of the statement's columns.
    init?(_ sql: String, columns: [String]) {
        let outline = AcceptedStatementParts(sql)
        let lexer = SQLLexer(outline.main)
        let tree = SQLTokenTree(withoutSemicolons: lexer)
        let end = tree.tokens.count
        guard let start = tree.siblings(in: 0..<end).last(where: { tree.isKeyword($0, "returning") }), start + 1 < end
        else { return nil }
        let items = tree.items(in: start + 1..<end)
        guard items.allSatisfy({ !$0.isEmpty }) else { return nil }
        let stars = items.filter { Self.isStar(tree, $0) }.count
        // Each of several stars could stand for any number of columns.
        guard stars <= 1, columns.count >= items.count - stars else { return nil }
        func text(_ item: Range<Int>) -> String {
            guard let first = item.first, let last = item.last else { return "" }
            let range = tree.tokens[first].range.lowerBound..<tree.tokens[last].range.upperBound
            return String(decoding: lexer.bytes[range], as: UTF8.self)
        }
        var expressions: [String] = []
        for item in items {
            if Self.isStar(tree, item) {
                let qualifier = text(item.dropLast())
                let count = columns.count - (items.count - 1)
                for column in columns[expressions.count..<(expressions.count + count)] {
                    expressions.append(qualifier + SQLIdentifierSyntax.quoted(column))
                }
            } else {
                expressions.append(text(Self.expression(tree, item: item, named: columns[expressions.count])))
            }
        }
        self.expressions = expressions
        let with = outline.with.map { "\($0) " } ?? ""
        self.sql = with + outline.main
    }

    /// Returns the statement with an additional column for each marked one, and for each column the index of the
    /// additional one with its JSON.
    func converting(_ marks: [Bool]) -> (sql: String, converted: [Int?]) {
        var added: [String] = []
        let converted: [Int?] = zip(marks, expressions).map { isMarked, expression in
            guard isMarked else { return nil }
            added.append("pg_catalog.to_json(\(expression))")
            return marks.count + added.count - 1
        }
        return ("\(sql), \(added.joined(separator: ", "))", converted)
    }

    /// Indicates that an item is `*`, or a qualified `*`.
    private static func isStar(_ tree: SQLTokenTree, _ item: Range<Int>) -> Bool {
        guard let last = item.last, tree.tokens[last].kind == .operator, tree.texts[last] == "*" else { return false }
        return item.count == 1
            || tree.isPunctuation(last - 1, ".")
                && item.dropLast().allSatisfy { isName(tree, $0) || tree.isPunctuation($0, ".") }
    }

    private static func isName(_ tree: SQLTokenTree, _ index: Int) -> Bool {
        switch tree.tokens[index].kind {
        case .word, .quotedIdentifier, .unicodeIdentifier: true
        default: false
        }
    }

    /// Returns the part of an item without the name that it gives its column.
    private static func expression(_ tree: SQLTokenTree, item: Range<Int>, named name: String) -> Range<Int> {
        guard item.count > 1, let last = item.last, isName(tree, last) else { return item }
        if tree.isWord(last - 1, "as") { return item.dropLast(2) }
        // A name without AS follows the end of a value.
        let isBehindValue = isName(tree, last - 1) || tree.endsOperand(last - 1)
        return isBehindValue && SQLCatalogName(tree, last)?.text == name ? item.dropLast() : item
    }
}
