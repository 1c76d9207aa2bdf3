import RouteManifest
import SQLSyntax

/// The errors with which the server refuses a statement, at their places and in the server's own words.
enum ServerErrorFindings {
    /// Reports the error of a statement that can't be prepared.
    static func check(
        _ error: StatementFacts.ServerError,
        of statement: StatementToCheck,
        _ findings: inout Findings
    ) {
        let place = statement.location(of: error)
        findings.error(
            "PostgreSQL can't prepare this: \(error.message) [\(error.state)]",
            at: place,
            notes: error.notes(at: place),
            state: error.state
        )
    }

    /// Reports that the server has no answer about a statement.
    static func check(
        unanswered error: StatementFacts.ServerError,
        of statement: StatementToCheck,
        _ findings: inout Findings
    ) {
        let place = statement.statement.start
        findings.error(
            "PostgreSQL has no answer about this now: \(error.message) [\(error.state)]",
            at: place,
            notes: error.notes(at: place),
            state: error.state
        )
    }

    /// Reports the error of the form in which columns are converted to JSON.
    static func check(
        _ refusal: StatementFacts.ConversionError,
        of statement: StatementToCheck,
        _ findings: inout Findings
    ) {
        let place = statement.location(ofColumn: refusal.column)
        findings.error(
            "PostgreSQL can't turn these columns into JSON: \(refusal.error.message) [\(refusal.error.state)]",
            at: place,
            notes: refusal.error.notes(at: place),
            state: refusal.error.state
        )
    }
}

extension StatementToCheck {
    /// The place of a server's error: that of its byte, or that of the statement. An error at the statement's end is behind
    /// the last character, and not behind a line break of two characters.
    func location(of error: StatementFacts.ServerError) -> Location {
        guard let byte = error.sentByte else { return statement.start }
        let lexer = SQLLexer(statement.sql)
        guard byte >= statement.sql.utf8.count, let last = lexer.tokens.last, last.kind != .parameter,
            let scalar = statement.sql.unicodeScalars.last, last.range.upperBound == statement.sql.utf8.count
        else { return statement.location(ofSentByte: byte) }
        var location = statement.location(ofSentByte: statement.sql.utf8.count - UTF8.width(scalar))
        location.column += 1
        return location
    }

    /// The place of a column of the result as far as the SQL tells it, else that of the statement.
    func location(ofColumn index: Int) -> Location {
        columnPlaces.indices.contains(index) ? columnPlaces[index] : statement.start
    }
}
