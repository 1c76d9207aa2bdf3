import SQLSyntax

/// Finds the inputs, the words and the end of a statement by PostgreSQL's lexical rules (PostgreSQL manual, 4.1).
///
/// Strings, `E''` strings with their escapes, quoted identifiers, dollar quotes with tags, `--` and nested `/* */`
/// comments are skipped. An input is a colon followed immediately by a name: `:name`. These are not inputs:
/// - `::` is a cast and `:=` an assignment.
/// - A colon followed by a digit is an array slice: `a[1:2]`.
/// - Inside `[ ]`, a colon immediately after an operand is an array slice: in `a[1:n]` and `a[i:n]`, `n` is a column.
///
/// So `a[:n]` is the element at the input `n`. A slice with an input as its bound needs blanks: `a[1 : :n]`.
public struct SQLInputScanner {
    /// A name and its place.
    public struct Name: Sendable, Hashable {
        /// The name, without its colon.
        public var text: String
        /// The byte offset of the name or, for an input, of its colon.
        public var offset: Int
    }

    /// The kind of token before a word, ignoring blanks and comments.
    public enum Predecessor: Sendable, Hashable {
        /// Nothing.
        case start
        /// An opening parenthesis.
        case openingBracket
        /// A comma.
        case comma
        /// A dot.
        case dot
        /// Another word.
        case word
        /// Anything else.
        case other
    }

    /// A keyword, a function or an identifier outside quotes.
    public struct Word: Sendable, Hashable {
        /// The word in lowercase letters.
        public var text: String
        /// The byte offset of its start.
        public var offset: Int
        /// The number of brackets around it.
        public var depth: Int
        /// Indicates that an opening parenthesis follows.
        public var isCalled: Bool
        /// The kind of token before it.
        public var predecessor: Predecessor
        /// The index of its token.
        var token: Int
        /// Indicates that it directly follows an opening parenthesis.
        public var isFirstInBrackets: Bool { predecessor == .openingBracket }
        /// Indicates that it follows a dot, as the column of a table or the function of a schema does.
        public var isQualified: Bool { predecessor == .dot }
    }

    /// The reason why a text is not one statement that can be prepared.
    public enum Fault: Sendable, Hashable {
        /// A quote or comment that never ends.
        case unterminated(String)
        /// `$1`.
        case positionalParameter(String)
        /// A second statement.
        case secondStatement
        /// Nothing but blanks, comments and semicolons.
        case empty
    }

    /// A fault and its place.
    public struct LocatedFault: Sendable, Hashable {
        /// The fault.
        public var fault: Fault
        /// The byte offset of its start.
        public var offset: Int
    }

    /// The inputs, one for each occurrence.
    public private(set) var inputs: [Name] = []
    /// The names after the colon of an array slice, which are columns and not inputs.
    public private(set) var sliceBounds: [Name] = []
    /// The words.
    public private(set) var words: [Word] = []
    /// The fault.
    public private(set) var faults: [LocatedFault] = []
    /// The byte range of the statement, without blanks and semicolons around it.
    public private(set) var statement = 0..<0

    let bytes: [UInt8]
    /// The statement's tokens.
    private(set) var tokens: [SQLToken] = []
    /// The text's comments.
    let comments: [SQLToken]

    /// Scans `text`.
    public init(_ text: String) {
        let lexer = SQLLexer(text)
        bytes = lexer.bytes
        comments = lexer.comments
        readTokens(of: lexer)
        readWords()
    }

    /// Tells whether a range of bytes contains only blanks.
    func isBlank(_ range: Range<Int>) -> Bool {
        bytes[range].allSatisfy(SQLCharacterClasses.isBlank)
    }

    /// Tells whether a phrase follows a word, with only blanks and comments in between.
    func isFollowed(_ index: Int, by phrase: [String]) -> Bool {
        guard index + phrase.count < words.count else { return false }
        return phrase.enumerated().allSatisfy { position, text in
            let next = words[index + position + 1]
            return next.text == text && next.token == words[index].token + position + 1
        }
    }

    // MARK: - Scanning

    private mutating func readTokens(of lexer: SQLLexer) {
        var isBehindEnd = false
        for token in lexer.tokens {
            let isSemicolon = token.kind == .punctuation && bytes[token.range.lowerBound] == UInt8(ascii: ";")
            if isSemicolon {
                if !tokens.isEmpty { isBehindEnd = true }
                continue
            }
            guard !isBehindEnd else {
                faults.append(LocatedFault(fault: .secondStatement, offset: token.range.lowerBound))
                return
            }
            if token.kind == .parameter {
                let text = lexer.text(of: token)
                faults.append(LocatedFault(fault: .positionalParameter(text), offset: token.range.lowerBound))
            }
            tokens.append(token)
        }
        if let first = tokens.first, let last = tokens.last {
            statement = first.range.lowerBound..<last.range.upperBound
        }
        if let unterminated = lexer.unterminated {
            faults.append(
                LocatedFault(fault: .unterminated(unterminated.kind.rawValue), offset: unterminated.offset)
            )
        } else if tokens.isEmpty {
            faults.append(LocatedFault(fault: .empty, offset: 0))
        }
    }

    private mutating func readWords() {
        var previous: Predecessor = .start
        for (index, token) in tokens.enumerated() {
            let offset = token.range.lowerBound
            switch token.kind {
            case .namedParameter:
                inputs.append(Name(text: text(of: offset + 1..<token.range.upperBound), offset: offset))
                previous = .other
            case .word:
                if isSliceBound(index) {
                    sliceBounds.append(Name(text: text(of: token.range), offset: offset - 1))
                    previous = .other
                    continue
                }
                let isCalled = index + 1 < tokens.count && isPunctuation(index + 1, "(")
                words.append(
                    Word(
                        text: SQLIdentifierSyntax.folded(bytes[token.range]),
                        offset: offset,
                        depth: token.depth,
                        isCalled: isCalled,
                        predecessor: previous,
                        token: index
                    )
                )
                previous = .word
            case .punctuation:
                previous =
                    switch bytes[offset] {
                    case UInt8(ascii: "("): .openingBracket
                    case UInt8(ascii: ","): .comma
                    case UInt8(ascii: ".") where token.range.count == 1: .dot
                    default: .other
                    }
            default: previous = .other
            }
        }
    }

    /// Tells whether a word is the bound of an array slice: it immediately follows a colon, which would otherwise have
    /// made it an input.
    private func isSliceBound(_ index: Int) -> Bool {
        let start = tokens[index].range.lowerBound
        return index > 0 && isPunctuation(index - 1, ":") && tokens[index - 1].range.upperBound == start
            && bytes[start] < 0x80
    }

    private func isPunctuation(_ index: Int, _ text: String) -> Bool {
        tokens[index].kind == .punctuation && bytes[tokens[index].range].elementsEqual(text.utf8)
    }

    private func text(of range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    static func isNamePart(_ byte: UInt8) -> Bool { SQLCharacterClasses.isIdentifierPart(byte) }
}
