import SQLSyntax

/// The parts of a statement that the server has accepted: its WITH clause and the statement itself.
///
/// Because the server has accepted it, everything that begins in it also ends.
struct AcceptedStatementParts {
    /// `WITH … AS (…), … AS (…)` without the statement behind it; `nil` if there is none.
    let with: String?
    /// The statement itself, without trailing semicolons and comments.
    let main: String
    /// Indicates that the statement itself is SELECT, VALUES or TABLE.
    let isQuery: Bool
    /// Indicates that a part of WITH inserts, updates, deletes or merges.
    let writesInWith: Bool
    /// WITH split in two: the writing parts with those that they mention, and the other parts, one of which is
    /// recursive with columns of SEARCH or CYCLE; `nil` if there is no such part. `*` includes these columns only
    /// beside the part itself.
    let separatedWith: (writing: String, reading: String)?

    init(_ sql: String) {
        let lexer = SQLLexer(sql)
        let tree = SQLTokenTree(withoutSemicolons: lexer)
        let tokens = tree.tokens
        let outline = SQLStatementOutline(tree, in: tokens.indices)
        let start = outline?.main ?? 0
        func text(_ tokens: ArraySlice<SQLToken>) -> String? {
            guard let first = tokens.first, let last = tokens.last else { return nil }
            return String(decoding: lexer.bytes[first.range.lowerBound..<last.range.upperBound], as: UTF8.self)
        }
        main = text(tokens[start...]) ?? ""
        with = text(tokens[..<start])
        isQuery = outline?.isQuery ?? false
        let parts = outline?.parts ?? []
        let writing = parts.indices.filter { index in
            SQLStatementOutline(tree, in: parts[index].contents).map { !$0.isQuery } ?? false
        }
        writesInWith = !writing.isEmpty
        let mentioned = Self.mentioned(by: writing, of: parts, tree)
        let reading = parts.indices.filter { !mentioned.contains($0) }
        // The last token of other parts is the closing parenthesis.
        guard writesInWith, reading.contains(where: { parts[$0].range.upperBound > parts[$0].contents.upperBound + 1 })
        else {
            separatedWith = nil
            return
        }
        let keyword = parts[0].range.lowerBound > 1 ? "WITH RECURSIVE " : "WITH "
        func clause(_ indices: [Int]) -> String {
            keyword + indices.compactMap { text(tokens[parts[$0].range]) }.joined(separator: ",\n")
        }
        separatedWith = (clause(mentioned.sorted()), clause(reading))
    }

    /// Returns these parts and all parts that they mention, directly or indirectly.
    private static func mentioned(by writing: [Int], of parts: [SQLStatementOutline.Part], _ tree: SQLTokenTree) -> Set<
        Int
    > {
        var mentioned = Set(writing)
        var rest = writing
        while let part = rest.popLast() {
            let names = parts[part].contents.map { index in
                switch tree.tokens[index].kind {
                case .word, .quotedIdentifier, .unicodeIdentifier: SQLCatalogName(tree, index)?.text
                default: ""
                }
            }
            for other in parts.indices where !mentioned.contains(other) {
                // Names with Unicode escapes are not compared.
                guard let name = parts[other].name, !names.contains(name), !names.contains(nil) else {
                    mentioned.insert(other)
                    rest.append(other)
                    continue
                }
            }
        }
        return mentioned
    }
}

extension SQLTokenTree {
    /// The token tree of a statement without trailing semicolons.
    init(withoutSemicolons lexer: SQLLexer) {
        var tokens = lexer.tokens
        while let last = tokens.last, last.kind == .punctuation, lexer.text(of: last) == ";" { tokens.removeLast() }
        self.init(tokens, of: lexer.bytes)
    }
}
