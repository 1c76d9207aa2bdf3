/// The tokens of a statement with the brackets around them.
public struct SQLTokenTree: Sendable {
    /// The tokens.
    public let tokens: [SQLToken]
    /// The tokens' texts: words in lowercase letters, everything else as written.
    public let texts: [String]
    /// For each token, the index of the opening bracket around it.
    public let openers: [Int?]
    /// For each opening bracket, the index of its closing one, or of the end.
    private let closers: [Int: Int]
    /// For each closing bracket, the index of its opening one.
    private let openersOfClosers: [Int: Int]

    /// Creates the tree of a statement's tokens.
    ///
    /// - Parameters:
    ///   - tokens: the tokens.
    ///   - bytes: the text that contains the tokens.
    public init(_ tokens: [SQLToken], of bytes: [UInt8]) {
        var texts: [String] = []
        var openers: [Int?] = []
        var closers: [Int: Int] = [:]
        var openersOfClosers: [Int: Int] = [:]
        var open: [Int] = []
        for (index, token) in tokens.enumerated() {
            let written = bytes[token.range]
            let text =
                token.kind == .word ? SQLIdentifierSyntax.folded(written) : String(decoding: written, as: UTF8.self)
            texts.append(text)
            let isBracket = token.kind == .punctuation
            if isBracket, text == ")" || text == "]", let opener = open.popLast() {
                closers[opener] = index
                openersOfClosers[index] = opener
            }
            openers.append(open.last)
            if isBracket, text == "(" || text == "[" {
                open.append(index)
                closers[index] = tokens.count
            }
        }
        self.tokens = tokens
        self.texts = texts
        self.openers = openers
        self.closers = closers
        self.openersOfClosers = openersOfClosers
    }

    /// The byte offset of a token.
    public func offset(_ index: Int) -> Int { tokens[index].range.lowerBound }

    /// Tells whether the token at an index is a keyword or an unquoted identifier.
    public func isWord(_ index: Int) -> Bool { tokens.indices.contains(index) && tokens[index].kind == .word }

    /// Tells whether the token at an index is punctuation with one of these texts.
    public func isPunctuation(_ index: Int, _ text: String...) -> Bool {
        tokens.indices.contains(index) && tokens[index].kind == .punctuation && text.contains(texts[index])
    }

    /// Tells whether the token at an index is one of these words.
    public func isWord(_ index: Int, _ words: String...) -> Bool { isWord(index) && words.contains(texts[index]) }

    /// Tells whether the token at an index is one of these words, and neither a name after a dot nor an alias after
    /// `AS`.
    ///
    /// A reserved word then has its meaning as a keyword.
    public func isKeyword(_ index: Int, _ words: String...) -> Bool { isKeyword(index, in: words) }

    /// Tells whether the token at an index is one of these words, and neither a name after a dot nor an alias after
    /// `AS`.
    public func isKeyword(_ index: Int, in words: some Sequence<String>) -> Bool {
        guard isWord(index), words.contains(texts[index]) else { return false }
        return !isPunctuation(index - 1, ".") && !isWord(index - 1, "as")
    }

    /// Tells whether the token at an index is an opening bracket.
    public func isOpener(_ index: Int) -> Bool { closers[index] != nil }

    /// The index of the opening bracket for a closing one.
    public func opener(of closer: Int) -> Int? { openersOfClosers[closer] }

    /// The indices between an opening bracket and its closing one.
    public func contents(of opener: Int) -> Range<Int> { opener + 1..<max(opener + 1, closers[opener] ?? tokens.count) }

    /// The index after a token or, for an opening bracket, after its closing one.
    public func index(after index: Int) -> Int { closers[index].map { min($0 + 1, tokens.count) } ?? index + 1 }

    /// The indices of the tokens in a range, without the contents and closing brackets of its brackets.
    public func siblings(in range: Range<Int>) -> [Int] {
        var siblings: [Int] = []
        var index = range.lowerBound
        while index < range.upperBound {
            siblings.append(index)
            index = self.index(after: index)
        }
        return siblings
    }

    /// The first index in a range, outside of its brackets, that satisfies a condition.
    public func firstSibling(in range: Range<Int>, where condition: (Int) -> Bool) -> Int? {
        var index = range.lowerBound
        while index < range.upperBound {
            if condition(index) { return index }
            index = self.index(after: index)
        }
        return nil
    }

    /// The parts of a range that commas separate.
    public func items(in range: Range<Int>) -> [Range<Int>] {
        var items: [Range<Int>] = []
        var start = range.lowerBound
        for index in siblings(in: range) where isPunctuation(index, ",") {
            items.append(start..<index)
            start = index + 1
        }
        items.append(start..<range.upperBound)
        return items
    }

    /// The range without parentheses that enclose all of it.
    public func unwrapped(_ range: Range<Int>) -> Range<Int> {
        var range = range
        while isPunctuation(range.lowerBound, "("), !range.isEmpty, index(after: range.lowerBound) == range.upperBound {
            range = contents(of: range.lowerBound)
        }
        return range
    }

    /// The end of the type name that begins at an index, such as `numeric(10, 2)[]` and `double precision`.
    public func typeEnd(from start: Int, before end: Int) -> Int {
        var index = start
        while index < end {
            if isOpener(index) || isPunctuation(index, ".") {
                index = self.index(after: index)
            } else if index == start || isPunctuation(index - 1, ".")
                || isWord(index, "precision", "varying", "with", "without", "time", "zone", "array")
            {
                index += 1
            } else {
                break
            }
        }
        return min(index, end)
    }

    /// Tells whether a value can end with the token at an index, so that no value can follow.
    public func endsOperand(_ index: Int) -> Bool {
        guard tokens.indices.contains(index) else { return false }
        switch tokens[index].kind {
        case .string, .dollarQuote, .number, .parameter, .namedParameter, .psqlVariable, .quotedIdentifier,
            .unicodeIdentifier:
            return true
        case .punctuation where texts[index] == "]": return true
        case .punctuation where texts[index] == ")":
            // `a OPERATOR(pg_catalog.=) b`
            return !(opener(of: index).map { isWord($0 - 1, "operator") } ?? false)
        default: return false
        }
    }
}
