import SQLSyntax

extension SQLTokenTree {
    /// The tree of a scanned statement.
    init(_ scanner: SQLScanner) { self.init(scanner.tokens, of: scanner.bytes) }
}
