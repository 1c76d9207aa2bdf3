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
        var tokens = SQLTokens(bytes).all
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

/// What a statement consists of, by PostgreSQL's lexical rules (PostgreSQL manual, 4.1), as far as its outline matters.
struct SQLTokens {
    enum Kind { case word, open, close, comma, semicolon, parameter, other }

    struct Token {
        let kind: Kind
        let range: Range<Int>
        /// How many parentheses it stands in, itself not counted.
        let depth: Int
        /// A keyword or name without quotes, in small letters.
        let word: String?
    }

    private(set) var all: [Token] = []

    init(_ bytes: [UInt8]) {
        var index = 0
        var depth = 0
        while index < bytes.count {
            let (kind, end) = Self.next(bytes, index)
            if let kind {
                if kind == .close { depth -= 1 }
                let word = kind == .word ? String(decoding: bytes[index..<end], as: UTF8.self).lowercased() : nil
                all.append(Token(kind: kind, range: index..<end, depth: depth, word: word))
                if kind == .open { depth += 1 }
            }
            index = end
        }
    }

    /// What begins at `start`, and where it ends; no kind for blanks and comments.
    private static func next(_ bytes: [UInt8], _ start: Int) -> (kind: Kind?, end: Int) {
        func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }
        switch byte(start) {
        case UInt8(ascii: ";"): return (.semicolon, start + 1)
        case UInt8(ascii: ","): return (.comma, start + 1)
        case UInt8(ascii: "("): return (.open, start + 1)
        case UInt8(ascii: ")"): return (.close, start + 1)
        case 0x20, 0x09...0x0d: return (nil, start + 1)
        case UInt8(ascii: "-") where byte(start + 1) == UInt8(ascii: "-"):
            let end = bytes[start...].firstIndex { $0 == 0x0a || $0 == 0x0d } ?? bytes.count
            return (nil, end)
        case UInt8(ascii: "/") where byte(start + 1) == UInt8(ascii: "*"):
            return (nil, endOfComment(bytes, start))
        case UInt8(ascii: "'"): return (.other, endOfQuoted(bytes, start, escapes: false))
        case UInt8(ascii: "\""): return (.other, endOfQuoted(bytes, start, escapes: false))
        case UInt8(ascii: "$"):
            let digits = bytes[(start + 1)...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return digits.isEmpty ? (.other, endOfDollarQuoted(bytes, start)) : (.parameter, digits.endIndex)
        case let first where isIdentifier(first):
            let end = bytes[start...].firstIndex { !isIdentifier($0) } ?? bytes.count
            let isEscape = end == start + 1 && first | 0x20 == UInt8(ascii: "e") && byte(end) == UInt8(ascii: "'")
            return isEscape ? (.other, endOfQuoted(bytes, end, escapes: true)) : (.word, end)
        default: return (.other, start + 1)
        }
    }

    private static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), 0x80...:
            true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "$"): true
        default: false
        }
    }

    private static func endOfComment(_ bytes: [UInt8], _ start: Int) -> Int {
        var depth = 0
        var index = start
        while index + 1 < bytes.count {
            switch (bytes[index], bytes[index + 1]) {
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                depth += 1
                index += 2
            case (UInt8(ascii: "*"), UInt8(ascii: "/")):
                depth -= 1
                index += 2
                if depth == 0 { return index }
            default: index += 1
            }
        }
        return bytes.count
    }

    private static func endOfQuoted(_ bytes: [UInt8], _ start: Int, escapes: Bool) -> Int {
        let quote = bytes[start]
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == quote {
                if index + 1 < bytes.count, bytes[index + 1] == quote {
                    index += 2
                } else if escapes, let next = continuation(bytes, index + 1) {
                    index = next
                } else {
                    return index + 1
                }
            } else {
                index += escapes && bytes[index] == UInt8(ascii: "\\") ? 2 : 1
            }
        }
        return bytes.count
    }

    /// Where the text of a string goes on that is continued behind a line break, still with escapes; `nil` where it is
    /// not.
    private static func continuation(_ bytes: [UInt8], _ start: Int) -> Int? {
        var index = start
        var hasLineBreak = false
        while index < bytes.count {
            switch bytes[index] {
            case 0x0a, 0x0d: hasLineBreak = true
            case 0x20, 0x09, 0x0b, 0x0c: break
            case UInt8(ascii: "-") where index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "-"):
                index = bytes[index...].firstIndex { $0 == 0x0a || $0 == 0x0d } ?? bytes.count
                continue
            case UInt8(ascii: "'"): return hasLineBreak ? index + 1 : nil
            default: return nil
            }
            index += 1
        }
        return nil
    }

    /// The end of `$tag$ … $tag$`, or of a lone `$` as in `$1`.
    private static func endOfDollarQuoted(_ bytes: [UInt8], _ start: Int) -> Int {
        guard let tagEnd = bytes[(start + 1)...].firstIndex(where: { $0 == UInt8(ascii: "$") || !isIdentifier($0) }),
            bytes[tagEnd] == UInt8(ascii: "$"), !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[start + 1])
        else { return start + 1 }
        let tag = bytes[start...tagEnd]
        var index = tagEnd + 1
        while index + tag.count <= bytes.count {
            if bytes[index..<index + tag.count].elementsEqual(tag) { return index + tag.count }
            index += 1
        }
        return bytes.count
    }
}
