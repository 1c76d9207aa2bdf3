import RouteManifest
import SQLSyntax

/// Decides the nullability of the columns of a result.
///
/// A column of a table that is NOT NULL there can become NULL by an outer join, whose other side it may be, by grouping sets
/// and by a set operation, whose first operand alone the server tells. Any of these, anywhere in the statement, makes all columns
/// nullable. A plan would tell more, but it changes with the statistics of the tables.
enum NullabilityRules {
    /// Indicates that values of a column that is NOT NULL in its table may be NULL in the result.
    static func mayAddNull(_ sql: String) -> Bool {
        let lexer = SQLLexer(sql)
        let tree = SQLTokenTree(lexer.tokens, of: lexer.bytes)
        return tree.tokens.indices.contains { index in
            // Before PostgreSQL 15 a word may follow a number without a blank, as in `ON a.x = 1LEFT JOIN b`.
            if tree.tokens[index].kind == .number {
                return wordsAddingNull.contains(where: tree.texts[index].endsInWord)
            }
            if tree.isKeyword(index, "left", "right", "full") {
                return tree.isWord(index + 1, "join") || tree.isWord(index + 1, "outer")
            }
            if tree.isKeyword(index, "grouping") { return tree.isWord(index + 1, "sets") }
            if tree.isKeyword(index, "union", "intersect", "except", "rollup", "cube", "merge") { return true }
            // The values before and after a write (PostgreSQL 18): those before an INSERT are NULL.
            return tree.isKeyword(index, "returning") && mayReturnMissingRow(tree, behind: index)
        }
    }

    private static let wordsAddingNull = [
        "left", "right", "full", "grouping", "union", "intersect", "except", "rollup", "cube", "returning",
    ]

    /// Indicates that RETURNING has values of a row before or after the write, or another name for them.
    private static func mayReturnMissingRow(_ tree: SQLTokenTree, behind returning: Int) -> Bool {
        if tree.isWord(returning + 1, "with"), tree.isPunctuation(returning + 2, "(") { return true }
        return (returning + 1..<tree.tokens.count).contains { index in
            guard tree.isPunctuation(index + 1, "."), !tree.isPunctuation(index - 1, ".") else { return false }
            // A name with escapes may be either.
            if tree.tokens[index].kind == .unicodeIdentifier { return true }
            return SQLCatalogName(tree, index).map { ["old", "new"].contains($0.text) } ?? false
        }
    }

    /// Returns the nullability of each column of a result, `true` for one that may be NULL. A column that the route declares to be
    /// not NULL may not.
    static func nullable(_ statement: StatementToCheck, _ columns: [ColumnFact]) -> [Bool] {
        let declared = Set(statement.notNull.map(\.text))
        let mayAddNull = mayAddNull(statement.statement.sql)
        return columns.map { column in
            !(column.isNotNullColumn && !mayAddNull) && !declared.contains(column.name)
        }
    }
}

extension String {
    /// Indicates a text with this word at its end, in letters of either case.
    fileprivate func endsInWord(_ word: String) -> Bool { lowercased().hasSuffix(word) }
}
