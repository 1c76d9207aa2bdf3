/// A token of a statement, by PostgreSQL's lexical rules (PostgreSQL manual, 4.1).
public struct SQLToken: Sendable, Hashable {
    /// The kind of a string constant, which its prefix determines.
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
        /// A keyword or an unquoted identifier.
        case word
        /// `"…"`.
        case quotedIdentifier
        /// `U&"…"`.
        case unicodeIdentifier
        /// A string constant, including its continuations on further lines.
        case string(StringKind)
        /// `$$…$$` or `$tag$…$tag$`.
        case dollarQuote
        /// A number. Letters that follow it immediately belong to it, though PostgreSQL refuses them.
        case number
        /// `$1`.
        case parameter
        /// `:name`.
        case namedParameter
        /// `:'name'` or `:"name"` of psql.
        case psqlVariable
        /// An operator, including `=>`.
        case `operator`
        /// One of `( ) [ ] , ; . .. : :: :=`, or a character without a meaning in PostgreSQL.
        case punctuation
        /// `--` and the rest of the line, without the line break.
        case lineComment
        /// `/* … */`.
        case blockComment
    }

    /// The token's kind.
    public var kind: Kind
    /// The token's byte range in the text.
    public var range: Range<Int>
    /// The number of parentheses and brackets around the token. A bracket has the depth of the tokens outside of it.
    public var depth: Int

    /// Creates a token.
    public init(_ kind: Kind, at range: Range<Int>, depth: Int) {
        self.kind = kind
        self.range = range
        self.depth = depth
    }
}

/// An unterminated quote or comment.
public struct SQLUnterminatedToken: Sendable, Hashable {
    /// The kind of an unterminated token.
    public enum Kind: String, Sendable, Hashable {
        /// A string constant of any kind.
        case string
        /// A name in double quotes.
        case quotedIdentifier = "quoted identifier"
        /// A dollar-quoted string constant.
        case dollarQuote = "dollar quote"
        /// A `/*` comment.
        case comment
    }

    /// The kind.
    public var kind: Kind
    /// The byte offset of its start; for a string, of its last opening quote.
    public var offset: Int

    /// Creates an unterminated quote or comment.
    public init(kind: Kind, offset: Int) {
        self.kind = kind
        self.offset = offset
    }
}
