import SQLSyntax

/// The parts of a statement that the server has accepted: what stands in WITH, and the statement itself.
///
/// The server has accepted the statement, so what begins in it also ends.
struct StatementOutline {
    /// `WITH … AS (…), … AS (…)`, without what it is for; `nil` where there is none.
    let with: String?
    /// The statement itself, without closing semicolons and whatever comments follow them.
    let main: String
    /// The statement itself is SELECT, VALUES or TABLE.
    let isQuery: Bool
    /// A part of WITH inserts, updates, deletes or merges.
    let writesInWith: Bool

    init(_ sql: String) {
        let lexer = SQLLexer(sql)
        let tree = SQLTokenTree(withoutSemicolons: lexer)
        let tokens = tree.tokens
        let outline = SQLQueryOutline(tree, in: tokens.indices)
        let start = outline?.main ?? 0
        func text(_ tokens: ArraySlice<SQLToken>) -> String? {
            guard let first = tokens.first, let last = tokens.last else { return nil }
            return String(decoding: lexer.bytes[first.range.lowerBound..<last.range.upperBound], as: UTF8.self)
        }
        main = text(tokens[start...]) ?? ""
        with = text(tokens[..<start])
        isQuery = outline?.isQuery ?? false
        writesInWith =
            outline?.parts.contains { part in
                SQLQueryOutline(tree, in: part.contents).map { !$0.isQuery } ?? false
            } ?? false
    }
}

extension SQLTokenTree {
    /// The tree of a statement without the semicolons at its end.
    init(withoutSemicolons lexer: SQLLexer) {
        var tokens = lexer.tokens
        while let last = tokens.last, last.kind == .punctuation, lexer.text(of: last) == ";" { tokens.removeLast() }
        self.init(tokens, of: lexer.bytes)
    }
}
