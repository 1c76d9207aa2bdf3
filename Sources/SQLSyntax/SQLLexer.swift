/// Splits SQL into tokens as PostgreSQL does (PostgreSQL manual, 4.1), with named parameters in addition.
///
/// A colon followed immediately by an ASCII letter or underscore is a named parameter, `:name`. These are not:
/// - `::` is a cast and `:=` an assignment.
/// - Inside `[ ]`, a colon immediately after an operand is an array slice: in `a[1:n]` and `a[i:n]`, `n` is a column.
///
/// Any text can be split: text that PostgreSQL refuses becomes tokens that PostgreSQL refuses too. Only an unterminated
/// quote or comment stops the lexer, and is reported in ``unterminated``.
public struct SQLLexer: Sendable {
    /// The tokens, without comments.
    public private(set) var tokens: [SQLToken] = []
    /// The comments.
    public private(set) var comments: [SQLToken] = []
    /// The unterminated quote or comment at the end of the text; `nil` if there is none.
    public private(set) var unterminated: SQLUnterminatedToken?
    /// The text.
    public let bytes: [UInt8]

    private struct Bracket {
        var isSquare: Bool
        /// Indicates the parenthesis of `JSON_OBJECT(` or `JSON_OBJECTAGG(`, in which a colon separates key and value.
        var isJSONObject: Bool
    }

    /// A sequence of operator characters. A long one consists of many operators, and is examined only once.
    private struct OperatorRun {
        var end: Int
        /// The index of the last character that the SQL standard's operators don't contain.
        var lastForeign: Int
        /// The index of the last character that is neither `+` nor `-`.
        var lastUnsigned: Int
    }

    private var position = 0
    private var brackets: [Bracket] = []
    private var operatorRun = OperatorRun(end: 0, lastForeign: -1, lastUnsigned: -1)

    /// Splits `text`.
    public init(_ text: String) {
        bytes = Array(text.utf8)
        while position < bytes.count, unterminated == nil { scan() }
    }

    /// The token's text as written.
    public func text(of token: SQLToken) -> String {
        String(decoding: bytes[token.range], as: UTF8.self)
    }

    // MARK: - Tokens

    private mutating func scan() {
        let start = position
        switch bytes[start] {
        case let byte where SQLCharacterClasses.isBlank(byte): position += 1
        case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"):
            position = SQLCharacterClasses.lineEnd(from: start, in: bytes)
            comments.append(SQLToken(.lineComment, at: start..<position, depth: brackets.count))
        case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): scanBlockComment()
        case UInt8(ascii: "'"): scanString(.standard, from: start)
        case UInt8(ascii: "\""): scanQuotedIdentifier(.quotedIdentifier, from: start)
        case UInt8(ascii: "$"): scanDollar()
        case UInt8(ascii: ":"): scanColon()
        case UInt8(ascii: "("), UInt8(ascii: "["): open()
        case UInt8(ascii: ")"), UInt8(ascii: "]"):
            _ = brackets.popLast()
            take(.punctuation, 1)
        case UInt8(ascii: "."):
            if let next = peek(1), SQLCharacterClasses.isDigit(next) {
                scanNumber()
            } else {
                take(.punctuation, peek(1) == UInt8(ascii: ".") ? 2 : 1)
            }
        case let byte where SQLCharacterClasses.isDigit(byte): scanNumber()
        case let byte where SQLCharacterClasses.isIdentifierStart(byte): scanWord()
        case let byte where SQLCharacterClasses.isOperator(byte): take(.operator, operatorLength())
        default: take(.punctuation, 1)
        }
    }

    private func peek(_ distance: Int) -> UInt8? {
        position + distance < bytes.count ? bytes[position + distance] : nil
    }

    private mutating func take(_ kind: SQLToken.Kind, _ length: Int) {
        let start = position
        position += length
        append(kind, from: start)
    }

    private mutating func append(_ kind: SQLToken.Kind, from start: Int) {
        tokens.append(SQLToken(kind, at: start..<position, depth: brackets.count))
    }

    private mutating func fail(_ kind: SQLUnterminatedToken.Kind, at offset: Int) {
        unterminated = SQLUnterminatedToken(kind: kind, offset: offset)
        position = bytes.count
    }

    private mutating func open() {
        var isJSONObject = false
        if let last = tokens.last, last.kind == .word {
            isJSONObject = ["json_object", "json_objectagg"].contains(text(of: last).lowercased())
        }
        let isSquare = bytes[position] == UInt8(ascii: "[")
        take(.punctuation, 1)
        brackets.append(Bracket(isSquare: isSquare, isJSONObject: isJSONObject))
    }

    private mutating func scanBlockComment() {
        let start = position
        var depth = 0
        while position < bytes.count {
            switch (bytes[position], peek(1)) {
            case (UInt8(ascii: "/"), UInt8(ascii: "*")):
                depth += 1
                position += 2
            case (UInt8(ascii: "*"), UInt8(ascii: "/")):
                depth -= 1
                position += 2
                guard depth > 0 else {
                    comments.append(SQLToken(.blockComment, at: start..<position, depth: brackets.count))
                    return
                }
            default: position += 1
            }
        }
        fail(.comment, at: start)
    }

    /// The length of the operator at the current position.
    ///
    /// An operator ends before a comment. One of several characters does not end in `+` or `-` unless it contains a
    /// character that the SQL standard's operators don't contain: `a=-1` is `a = -1`.
    private mutating func operatorLength() -> Int {
        if position >= operatorRun.end { operatorRun = readOperatorRun() }
        let run = operatorRun
        return run.lastForeign >= position ? run.end - position : max(run.lastUnsigned + 1 - position, 1)
    }

    private func readOperatorRun() -> OperatorRun {
        var run = OperatorRun(end: position, lastForeign: -1, lastUnsigned: -1)
        while run.end < bytes.count, SQLCharacterClasses.isOperator(bytes[run.end]) {
            if run.end > position, run.end + 1 < bytes.count {
                let pair = (bytes[run.end], bytes[run.end + 1])
                if pair == (UInt8(ascii: "-"), UInt8(ascii: "-")) || pair == (UInt8(ascii: "/"), UInt8(ascii: "*")) {
                    break
                }
            }
            if "~!@#^&|`?%".utf8.contains(bytes[run.end]) { run.lastForeign = run.end }
            if !"+-".utf8.contains(bytes[run.end]) { run.lastUnsigned = run.end }
            run.end += 1
        }
        return run
    }

    /// Reads a number: `1`, `1.5`, `.5`, `1e-5`, `0x1F`, `1_000`. `1..10` is a number, two dots and a number.
    private mutating func scanNumber() {
        let start = position
        skipNumberPart()
        if peek(0) == UInt8(ascii: "."), peek(1) != UInt8(ascii: ".") {
            position += 1
            skipNumberPart()
        }
        if bytes[position - 1] | 0x20 == UInt8(ascii: "e"), !isPrefixed(start), position - start > 1,
            let sign = peek(0), "+-".utf8.contains(sign), let digit = peek(1), SQLCharacterClasses.isDigit(digit)
        {
            position += 1
            skipNumberPart()
        }
        append(.number, from: start)
    }

    private mutating func skipNumberPart() {
        while let byte = peek(0), SQLCharacterClasses.isIdentifierPart(byte), byte != UInt8(ascii: "$") {
            position += 1
        }
    }

    /// Tells whether a number begins with `0x`, so that `e` is a digit.
    private func isPrefixed(_ start: Int) -> Bool {
        bytes[start] == UInt8(ascii: "0") && start + 1 < bytes.count && bytes[start + 1] | 0x20 == UInt8(ascii: "x")
    }

    private mutating func scanWord() {
        let start = position
        while let byte = peek(0), SQLCharacterClasses.isIdentifierPart(byte) { position += 1 }
        if position == start + 1, let next = peek(0) {
            switch (bytes[start] | 0x20, next) {
            case (UInt8(ascii: "e"), UInt8(ascii: "'")): return scanString(.escape, from: start)
            case (UInt8(ascii: "b"), UInt8(ascii: "'")): return scanString(.bit, from: start)
            case (UInt8(ascii: "x"), UInt8(ascii: "'")): return scanString(.hexadecimal, from: start)
            case (UInt8(ascii: "n"), UInt8(ascii: "'")): return scanString(.national, from: start)
            case (UInt8(ascii: "u"), UInt8(ascii: "&")):
                if peek(1) == UInt8(ascii: "'") {
                    position += 1
                    return scanString(.unicode, from: start)
                }
                if peek(1) == UInt8(ascii: "\"") {
                    position += 1
                    return scanQuotedIdentifier(.unicodeIdentifier, from: start)
                }
            default: break
            }
        }
        append(.word, from: start)
    }

    private mutating func scanColon() {
        let start = position
        if peek(1) == UInt8(ascii: ":") || peek(1) == UInt8(ascii: "=") { return take(.punctuation, 2) }
        guard let next = peek(1) else { return take(.punctuation, 1) }
        if SQLCharacterClasses.isIdentifierStart(next), next < 0x80 {
            if brackets.last?.isSquare ?? false, start > 0, SQLCharacterClasses.endsOperand(bytes[start - 1]) {
                return take(.punctuation, 1)
            }
            position += 1
            while let byte = peek(0), SQLCharacterClasses.isIdentifierPart(byte), byte != UInt8(ascii: "$") {
                position += 1
            }
            return append(.namedParameter, from: start)
        }
        if let length = psqlVariableLength() { return take(.psqlVariable, length) }
        take(.punctuation, 1)
    }

    /// The length of `:'name'` or `:"name"`, unless PostgreSQL's own syntax allows a colon before a string or a name.
    private func psqlVariableLength() -> Int? {
        guard let quote = peek(1), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
        if let bracket = brackets.last, bracket.isSquare || bracket.isJSONObject { return nil }
        var end = position + 2
        while end < bytes.count, SQLCharacterClasses.isIdentifierPart(bytes[end]), bytes[end] != UInt8(ascii: "$") {
            end += 1
        }
        guard end > position + 2, end < bytes.count, bytes[end] == quote else { return nil }
        return end + 1 - position
    }

    // MARK: - Quotes

    /// Reads a string with its continuations on further lines, which have the same kind.
    private mutating func scanString(_ kind: SQLToken.StringKind, from start: Int) {
        while true {
            let quote = position
            position += 1
            guard skipStringPart(hasEscapes: kind == .escape) else { return fail(.string, at: quote) }
            guard let next = SQLCharacterClasses.stringContinuation(from: position, in: bytes) else { break }
            position = next
        }
        append(.string(kind), from: start)
    }

    /// Skips to the position after the closing quote; `false` if there is none.
    private mutating func skipStringPart(hasEscapes: Bool) -> Bool {
        while let byte = peek(0) {
            switch byte {
            case UInt8(ascii: "'"):
                guard peek(1) == byte else {
                    position += 1
                    return true
                }
                position += 2
            case UInt8(ascii: "\\") where hasEscapes: position += 2
            default: position += 1
            }
        }
        return false
    }

    private mutating func scanQuotedIdentifier(_ kind: SQLToken.Kind, from start: Int) {
        let quote = position
        position += 1
        while let byte = peek(0) {
            position += 1
            guard byte == UInt8(ascii: "\"") else { continue }
            guard peek(0) == UInt8(ascii: "\"") else { return append(kind, from: start) }
            position += 1
        }
        fail(.quotedIdentifier, at: quote)
    }

    private mutating func scanDollar() {
        let start = position
        var end = start + 1
        if let next = peek(1), SQLCharacterClasses.isDigit(next) {
            while end < bytes.count, SQLCharacterClasses.isDigit(bytes[end]) { end += 1 }
            return take(.parameter, end - start)
        }
        while end < bytes.count, SQLCharacterClasses.isIdentifierPart(bytes[end]), bytes[end] != UInt8(ascii: "$") {
            end += 1
        }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "$") else { return take(.punctuation, 1) }
        let tag = bytes[start...end]
        position = end + 1
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "$"), bytes[position...].starts(with: tag) {
                position += tag.count
                return append(.dollarQuote, from: start)
            }
            position += 1
        }
        fail(.dollarQuote, at: start)
    }
}
