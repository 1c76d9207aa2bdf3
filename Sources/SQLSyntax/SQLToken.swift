/// A token of a statement, by PostgreSQL's lexical rules (PostgreSQL manual, 4.1).
public struct SQLToken: Sendable, Hashable {
    /// The kind of a string constant, which its prefix says.
    public enum StringKind: Sendable, Hashable {
        /// `'…'`.
        case standard
        /// `E'…'`, with backslash escapes.
        case escape
        /// `B'…'`.
        case bit
        /// `X'…'`.
        case hexadecimal
        /// `U&'…'`.
        case unicode
        /// `N'…'`.
        case national
    }

    /// The kinds of tokens.
    public enum Kind: Sendable, Hashable {
        /// A keyword or an identifier without quotes.
        case word
        /// `"…"`.
        case quotedIdentifier
        /// `U&"…"`.
        case unicodeIdentifier
        /// A string constant with its continuations on further lines.
        case string(StringKind)
        /// `$$…$$` or `$tag$…$tag$`.
        case dollarQuote
        /// A number. Letters joined to it belong to it, though PostgreSQL refuses them.
        case number
        /// `$1`.
        case parameter
        /// `:name`.
        case namedParameter
        /// psql's `:'name'` or `:"name"`.
        case psqlVariable
        /// An operator, `=>` included.
        case `operator`
        /// One of `( ) [ ] , ; . .. : :: :=`, or a character that PostgreSQL has no use for.
        case punctuation
        /// `--` and the rest of its line, without the line break.
        case lineComment
        /// `/* … */`.
        case blockComment
    }

    /// The token's kind.
    public var kind: Kind
    /// The token's bytes in the text.
    public var range: Range<Int>
    /// The number of parentheses and brackets around the token; they themselves stand outside.
    public var depth: Int

    /// A token from its parts.
    public init(_ kind: Kind, at range: Range<Int>, depth: Int) {
        self.kind = kind
        self.range = range
        self.depth = depth
    }
}

/// A quote or a comment that never ends.
public struct SQLUnterminated: Sendable, Hashable {
    /// The kinds of what can be without an end.
    public enum Kind: String, Sendable, Hashable {
        /// A string constant of any kind.
        case string
        /// A name in double quotes.
        case quotedIdentifier = "quoted identifier"
        /// A string constant between dollars.
        case dollarQuote = "dollar quote"
        /// A `/*` comment.
        case comment
    }

    /// The kind of what is without an end.
    public var kind: Kind
    /// The byte at which it begins: of a string, its last opening quote.
    public var offset: Int

    /// A quote or comment without an end, from its parts.
    public init(kind: Kind, offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}
