import SQLSyntax

/// A statement as it is sent, with the way back to the places of its text in the manifest or the `.sql` file.
package struct LocatedStatement: Sendable {
    /// The statement that is sent, with `$1`, `$2`, … in place of inputs.
    package let sql: String
    /// The name behind each parameter.
    package let names: [String]
    /// The text that the statement was made from.
    let text: SQLText
    /// The way from bytes of the sent statement to those of the text.
    let map: StatementOffsetMap

    /// The place at which the statement starts.
    package var start: Location { location(ofSentByte: 0) }

    /// The place of a byte of the sent statement. Offsets beyond the statement are at its end, behind the last character.
    ///
    /// - Parameter offset: the offset, from 0.
    package func location(ofSentByte offset: Int) -> Location {
        text.location(at: map.source(ofSent: min(max(offset, 0), sql.utf8.count)))
    }

    /// The occurrences of parameters in the sent statement, in their order: the index of the parameter, from 0, and the
    /// offset of the byte `$`.
    package var occurrences: [(parameter: Int, sentByte: Int)] {
        let lexer = SQLLexer(sql)
        return lexer.tokens.compactMap { token in
            guard token.kind == .parameter, let number = Int(lexer.text(of: token).dropFirst()) else { return nil }
            return (number - 1, token.range.lowerBound)
        }
    }
}
