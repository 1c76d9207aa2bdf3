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

    /// The place of a character of the sent statement as PostgreSQL counts them in the positions of its errors.
    ///
    /// - Parameter number: the number of the Unicode scalar, from 1.
    package func location(ofSentCharacter number: Int) -> Location {
        let scalars = sql.unicodeScalars
        let index = scalars.index(scalars.startIndex, offsetBy: max(number - 1, 0), limitedBy: scalars.endIndex)
        return location(ofSentByte: sql.utf8.distance(from: sql.startIndex, to: index ?? scalars.endIndex))
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

    /// The place of an occurrence of a parameter: the colon of `:name`.
    ///
    /// - Parameters:
    ///   - occurrence: the index among the occurrences of this parameter, from 0; that of none is the first one.
    ///   - parameter: the index of the parameter, from 0.
    package func location(ofOccurrence occurrence: Int, of parameter: Int) -> Location {
        let own = occurrences.filter { $0.parameter == parameter }
        let found = own.indices.contains(occurrence) ? own[occurrence] : own.first
        return found.map { location(ofSentByte: $0.sentByte) } ?? start
    }
}
