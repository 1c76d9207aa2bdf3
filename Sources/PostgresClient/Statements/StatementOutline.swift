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
    /// WITH in two: the parts that write and what they mention, and the other parts, of which one is a recursive one with the
    /// columns of SEARCH or CYCLE; `nil` where there is no such part. `*` finds these columns only beside the part itself.
    let separatedWith: (writing: String, reading: String)?

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
        let parts = outline?.parts ?? []
        let writing = parts.indices.filter { index in
            SQLQueryOutline(tree, in: parts[index].contents).map { !$0.isQuery } ?? false
        }
        writesInWith = !writing.isEmpty
        let mentioned = Self.mentioned(by: writing, of: parts, tree)
        let reading = parts.indices.filter { !mentioned.contains($0) }
        // The closing parenthesis is the last token of other parts.
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

    /// These parts and those whose names stand in them, and so on.
    private static func mentioned(by writing: [Int], of parts: [SQLQueryOutline.Part], _ tree: SQLTokenTree) -> Set<Int>
    {
        var mentioned = Set(writing)
        var rest = writing
        while let part = rest.popLast() {
            let names = parts[part].contents.map { index in
                switch tree.tokens[index].kind {
                case .word, .quotedIdentifier, .unicodeIdentifier: SQLName(tree, index)?.text
                default: ""
                }
            }
            for other in parts.indices where !mentioned.contains(other) {
                // Nobody compares names that are written by their characters' numbers.
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
    /// The tree of a statement without the semicolons at its end.
    init(withoutSemicolons lexer: SQLLexer) {
        var tokens = lexer.tokens
        while let last = tokens.last, last.kind == .punctuation, lexer.text(of: last) == ";" { tokens.removeLast() }
        self.init(tokens, of: lexer.bytes)
    }
}
