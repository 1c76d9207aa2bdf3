import SQLSyntax

extension SQLTokenTree {
    /// Creates the tree of a scanned statement.
    init(_ scanner: SQLInputScanner) { self.init(scanner.tokens, of: scanner.bytes) }
}
