import SQLSyntax

/// Finds the inputs, the words and the end of a statement, by PostgreSQL's lexical rules (PostgreSQL manual, 4.1).
///
/// Strings, `E''` strings with their escapes, quoted identifiers, dollar quotes with tags, `--` and nested `/* */` comments are
/// skipped. An input is a colon joined to a name: `:name`. What looks like one and is not:
/// - `::` is a cast and `:=` an assignment.
/// - A colon joined to a digit is an array slice: `a[1:2]`.
/// - Inside `[ ]`, a colon joined to what stands before it is an array slice: in `a[1:n]` and `a[i:n]`, `n` is a column.
///
/// So `a[:n]` is an element chosen by the input `n`; a slice with an input as its bound is written with blanks: `a[1 : :n]`.
public struct SQLScanner {
    /// A name and where it stands.
    public struct Name: Sendable, Hashable {
        /// The name, without its colon.
        public var text: String
        /// Where it begins (an input: its colon), in bytes.
        public var offset: Int
    }

    /// What stands before a word, blanks and comments left out.
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
        /// The word in small letters.
        public var text: String
        /// Where it begins, in bytes.
        public var offset: Int
        /// How many brackets it stands in.
        public var depth: Int
        /// Whether an opening parenthesis follows.
        public var isCalled: Bool
        /// What stands before it.
        public var predecessor: Predecessor
        /// The number of its token.
        var token: Int
        /// Whether it directly follows an opening parenthesis.
        public var isFirstInBrackets: Bool { predecessor == .openingBracket }
        /// Whether it stands behind a dot, as a column of a table or a function of a schema does.
        public var isQualified: Bool { predecessor == .dot }
    }

    /// Why a text is not one statement that can be prepared.
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

    /// A fault and where it is.
    public struct LocatedFault: Sendable, Hashable {
        /// What is wrong.
        public var fault: Fault
        /// Where it begins, in bytes.
        public var offset: Int
    }

    /// The inputs, each as often as it stands there.
    public private(set) var inputs: [Name] = []
    /// Names behind a slice's colon, which are columns and not inputs.
    public private(set) var sliceBounds: [Name] = []
    /// The words.
    public private(set) var words: [Word] = []
    /// What is wrong.
    public private(set) var faults: [LocatedFault] = []
    /// The statement in the text, without blanks and semicolons around it, in bytes.
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

    /// Whether a part of the text is nothing but blanks.
    func isBlank(_ range: Range<Int>) -> Bool {
        bytes[range].allSatisfy(SQLCharacter.isBlank)
    }

    /// Whether these words follow a word with nothing but blanks and comments between.
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
                        text: SQLIdentifier.folded(bytes[token.range]),
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

    /// Whether a word is joined to a colon that is joined to what stands before it: the colon is a slice's, or it would have
    /// made the word an input.
    private func isSliceBound(_ index: Int) -> Bool {
        let start = tokens[index].range.lowerBound
        return index > 0 && isPunctuation(index - 1, ":") && tokens[index - 1].range.upperBound == start
            && bytes[start] < 0x80
    }

    private func isPunctuation(_ index: Int, _ text: String) -> Bool {
        tokens[index].kind == .punctuation && bytes[tokens[index].range].elementsEqual(text.utf8)
    }

    private func text(of range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    static func isNamePart(_ byte: UInt8) -> Bool { SQLCharacter.isIdentifierPart(byte) }
}
