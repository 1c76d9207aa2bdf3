import RouteManifest
import SQLSyntax

/// The words of a sent statement, for places of findings.
struct StatementWords {
    let tree: SQLTokenTree
    private let statement: LocatedStatement

    init(_ statement: LocatedStatement) {
        self.statement = statement
        let lexer = SQLLexer(statement.sql)
        tree = SQLTokenTree(lexer.tokens, of: lexer.bytes)
    }

    /// The place of the first mention of any of these names: as a call, as a relation behind FROM and the like, or else
    /// anywhere; `nil` if there is none.
    func location(ofAny names: [String]) -> Location? {
        let indices = tree.tokens.indices.filter { index in
            SQLCatalogName(tree, index).map { names.contains($0.text) } ?? (names.contains(tree.texts[index]))
        }
        let found =
            indices.first { tree.isPunctuation($0 + 1, "(") && !isRelation($0) || isRelation($0) } ?? indices.first
        return found.map { location(ofToken: $0) }
    }

    /// The place of a token.
    func location(ofToken index: Int) -> Location { statement.location(ofSentByte: tree.offset(index)) }

    /// Indicates that a name stands where a relation does.
    private func isRelation(_ index: Int) -> Bool {
        var first = index
        while tree.isPunctuation(first - 1, ".") { first -= 2 }
        return tree.isKeyword(first - 1, "from", "join", "update", "into", "using", "only", "table")
            || tree.isPunctuation(first - 1, ",") && !tree.isPunctuation(index + 1, ".")
    }
}
