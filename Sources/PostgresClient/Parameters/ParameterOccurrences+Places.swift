import SQLSyntax

/// Places in the statement as it was written, for places in a text with other numbers of parameters.
extension ParameterOccurrences {
    /// Returns the error with the byte of this statement to which it refers.
    ///
    /// - Parameters:
    ///   - error: an error of the server about `candidate`.
    ///   - candidate: the text that was sent, from ``text(numbers:width:)``.
    func located(_ error: PostgresError, in candidate: String) -> PostgresError {
        var located = error
        if let position = error.position {
            located.sentByte = byte(ofCharacter: position, in: candidate)
        } else if let parameter = error.parameterWithoutType {
            located.sentByte = byte(ofParameter: parameter, in: candidate)
        }
        return located
    }

    /// Returns the offset in this statement of a character of another text, counted from 1.
    ///
    /// The two have the same tokens, except that parameters have other numbers. A place in a parameter becomes its start,
    /// and one behind the text the statement's end.
    func byte(ofCharacter character: Int, in candidate: String) -> Int {
        guard candidate != sql else { return Self.byte(ofCharacter: character, in: candidate) }
        let place = Self.byte(ofCharacter: character, in: candidate)
        let lexer = SQLLexer(candidate)
        // A text has no token before its first one.
        guard lexer.tokens.count == tokens.count,
            let index = lexer.tokens.lastIndex(where: { $0.range.lowerBound <= place })
        else { return min(place, sql.utf8.count) }
        let theirs = lexer.tokens[index].range
        let own = tokens[index].range
        if place >= theirs.upperBound { return min(own.upperBound + place - theirs.upperBound, sql.utf8.count) }
        return tokens[index].kind == .parameter ? own.lowerBound : own.lowerBound + place - theirs.lowerBound
    }

    /// Returns the offset in this statement of the first occurrence of another text's parameter, counted from 0; `nil` if
    /// there is none.
    func byte(ofParameter parameter: Int, in candidate: String) -> Int? {
        let theirs = ParameterOccurrences(candidate)
        guard theirs.all.count == all.count, let index = theirs.all.firstIndex(where: { $0.parameter == parameter })
        else { return nil }
        return all[index].range.lowerBound
    }

    private static func byte(ofCharacter character: Int, in text: String) -> Int {
        let scalars = text.unicodeScalars
        let index = scalars.index(scalars.startIndex, offsetBy: max(0, character - 1), limitedBy: scalars.endIndex)
        return text.utf8.distance(from: text.startIndex, to: index ?? scalars.endIndex)
    }
}
