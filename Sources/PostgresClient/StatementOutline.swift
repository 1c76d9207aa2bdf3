import SQLSyntax

/// The parts of a statement that the server has accepted: what stands in WITH, and the statement itself.
///
/// The server has accepted the statement, so what begins in it also ends.
struct StatementOutline {
    /// `WITH … AS (…), … AS (…)`, without what it is for; `nil` where there is none.
    let with: String?
    /// The statement itself, without closing semicolons and whatever comments follow them.
    let main: String
    /// Whether the statement itself is SELECT, VALUES or TABLE.
    let isQuery: Bool
    /// A part of WITH inserts, updates, deletes or merges.
    let writesInWith: Bool

    init(_ sql: String) {
        let bytes = Array(sql.utf8)
        var tokens = SQLTokens(sql).all
        while tokens.last?.kind == .semicolon { tokens.removeLast() }
        let end = tokens.last?.range.upperBound ?? 0
        let main = Self.startOfMain(tokens)
        let mainStart = main < tokens.count ? tokens[main].range.lowerBound : end
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        self.main = text(mainStart..<end)
        with = main == 0 ? nil : text(tokens[0].range.lowerBound..<tokens[main - 1].range.upperBound)
        let first = tokens[main...].first { $0.kind != .open }?.word ?? ""
        isQuery = ["select", "values", "table", "with"].contains(first)
        writesInWith = Self.parts(of: tokens[..<main]).contains { part in
            let start = Self.startOfMain(Array(part))
            let word = part.dropFirst(start).first { $0.kind != .open }?.word ?? ""
            return ["insert", "update", "delete", "merge"].contains(word)
        }
    }

    /// What stands in the brackets behind AS.
    private static func parts(of with: ArraySlice<SQLTokens.Token>) -> [ArraySlice<SQLTokens.Token>] {
        var parts: [ArraySlice<SQLTokens.Token>] = []
        var index = with.startIndex
        while index < with.endIndex {
            guard with[index].kind == .open else {
                index += 1
                continue
            }
            let depth = with[index].depth
            let end = with[(index + 1)...].firstIndex { $0.kind == .close && $0.depth == depth } ?? with.endIndex
            let isBody = index > with.startIndex && ["as", "materialized"].contains(with[index - 1].word)
            if isBody { parts.append(with[(index + 1)..<end]) }
            index = end + 1
        }
        return parts
    }

    /// The number of the token with which the statement itself begins, behind WITH and its parts (PostgreSQL manual,
    /// SELECT: `with_query`).
    private static func startOfMain(_ tokens: [SQLTokens.Token]) -> Int {
        guard tokens.first?.word == "with" else { return 0 }
        var index = 1
        func word() -> String? { index < tokens.count ? tokens[index].word : nil }
        func skipGroup() {
            guard index < tokens.count, tokens[index].kind == .open else { return }
            let depth = tokens[index].depth
            index += 1
            while index < tokens.count, tokens[index].kind != .close || tokens[index].depth != depth { index += 1 }
            index += 1
        }
        /// A clause of a recursive part, up to the name behind its last keyword.
        func skipClause(_ first: String, upTo last: String) {
            guard word() == first else { return }
            while index < tokens.count, word() != last { index += 1 }
            index += 2
        }
        if word() == "recursive" { index += 1 }
        while index < tokens.count {
            index += 1  // the name
            skipGroup()  // its columns
            while index < tokens.count, tokens[index].kind != .open { index += 1 }  // AS [NOT] MATERIALIZED
            skipGroup()
            skipClause("search", upTo: "set")
            skipClause("cycle", upTo: "using")
            guard index < tokens.count, tokens[index].kind == .comma else { break }
            index += 1
        }
        return min(index, tokens.count)
    }
}

/// What a statement consists of, as far as its outline matters.
struct SQLTokens {
    enum Kind { case word, number, open, close, comma, semicolon, parameter, other }

    struct Token {
        let kind: Kind
        let range: Range<Int>
        /// How many brackets it stands in, itself not counted.
        let depth: Int
        /// A keyword or name without quotes, in small letters.
        let word: String?
    }

    let all: [Token]

    init(_ sql: String) {
        let lexer = SQLLexer(sql)
        all = lexer.tokens.map { token in
            let kind = Self.kind(of: token, lexer.bytes)
            return Token(
                kind: kind,
                range: token.range,
                depth: token.depth,
                word: kind == .word ? lexer.text(of: token).lowercased() : nil
            )
        }
    }

    private static func kind(of token: SQLToken, _ bytes: [UInt8]) -> Kind {
        switch token.kind {
        case .word: .word
        case .number: .number
        case .parameter: .parameter
        case .punctuation:
            switch bytes[token.range.lowerBound] {
            case UInt8(ascii: "("): .open
            case UInt8(ascii: ")"): .close
            case UInt8(ascii: ","): .comma
            case UInt8(ascii: ";"): .semicolon
            default: .other
            }
        default: .other
        }
    }
}
