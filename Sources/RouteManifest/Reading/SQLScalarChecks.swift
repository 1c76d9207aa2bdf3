import SQLSyntax
import Yams

/// Reports a scalar from which YAML reads a statement that differs from the one in the file.
///
/// | written | read by YAML as | result |
/// |---|---|---|
/// | any text in a literal block (`\|`, `\|-`, `\|+`, `\|2`) | the lines without their indentation | accepted |
/// | a line break in `>`, or in plain or quoted text of several lines | a blank | accepted between tokens |
/// | the same after a `--` comment | a blank: the comment continues | error, if anything follows |
/// | the same in a string, a quoted identifier or a dollar quote | another text | error |
/// | the same between two strings | `'a' 'b'`, no longer one string | error |
/// | a break that folding keeps (deeper or blank lines) | a break | accepted |
/// | ` #` in plain text, or a line that begins with `#` below it | a comment, which ends the text | error |
/// | `,` or `}` in plain text inside `{ }` | the end of the text | error, if no key follows the comma |
/// | `''` in single quotes | `'` | accepted |
/// | `\"`, `\\`, `\n`, `\t`, `\u…`, a break after `\` in double quotes | the escaped character | accepted |
/// | `\b`, `\a`, `\e`, `\f`, `\v`, `\_`, `\N`, `\L`, `\P` in double quotes | control characters and unusual blanks | error |
/// | `: `, or a first character with a meaning in YAML | a syntax error | the parser's error, with a suggestion |
/// | CRLF | LF | accepted |
struct SQLScalarChecks {
    let diagnostics: Diagnostics
    let scalar: YAMLScalar
    let sql: SQLText

    private static let cure = "write 'sql: |' and the SQL on the lines below"

    private var source: SourceText { scalar.source }

    /// Reports changes that YAML made.
    func check() {
        guard let indices = sql.places.indices else { return }
        switch scalar.style {
        case .literal: return
        case .folded, .singleQuoted: checkJoinedLines(indices)
        case .doubleQuoted:
            checkJoinedLines(indices)
            checkEscapes(indices)
        case .plain, .any:
            checkJoinedLines(indices)
            checkEnd(indices[indices.count - 1])
        }
    }

    // MARK: - Lines that YAML joins

    private func checkJoinedLines(_ indices: [Int]) {
        let lexer = SQLLexer(sql.text)
        let scalars = Array(sql.text.unicodeScalars)
        let numbers = Self.scalarNumbers(sql.text)
        func line(_ number: Int) -> Int { source.location(at: indices[number]).line }
        for comment in lexer.comments where comment.kind == .lineComment {
            let range = numbers[comment.range.lowerBound]..<numbers[comment.range.upperBound]
            let first = line(range.lowerBound)
            let swallowed = range.first { line($0) > first && !scalars[$0].properties.isWhitespace }
            guard let swallowed else { continue }
            diagnostics.error(
                "YAML joins these lines, so that this comment goes on to the end of the SQL's line; \(Self.cure)",
                at: source.location(at: indices[range.lowerBound]),
                notes: [.init("this is part of the comment", at: source.location(at: indices[swallowed]))]
            )
        }
        for (token, next) in zip(lexer.tokens, lexer.tokens.dropFirst().map { $0 } as [SQLToken?] + [nil]) {
            let range = numbers[token.range.lowerBound]..<numbers[token.range.upperBound]
            switch token.kind {
            case .string, .quotedIdentifier, .unicodeIdentifier, .dollarQuote:
                let isChanged =
                    breaks(from: indices[range.lowerBound], to: indices[range.upperBound - 1])
                    != range.count {
                        scalars[$0] == "\n" && source.isBreak(at: indices[$0])
                    }
                if isChanged {
                    let what = token.kind == .dollarQuote ? "dollar quote" : Self.isName(token) ? "name" : "string"
                    diagnostics.error(
                        "YAML takes line breaks out of this \(what); \(Self.cure)",
                        at: source.location(at: indices[range.lowerBound])
                    )
                }
            default: continue
            }
            guard let next, case .string = token.kind, case .string(.standard) = next.kind else { continue }
            let start = numbers[next.range.lowerBound]
            guard line(range.upperBound - 1) < line(start) else { continue }
            diagnostics.error(
                "PostgreSQL joins strings of several lines, but YAML has joined these lines; \(Self.cure), or join the "
                    + "strings with '||'",
                at: source.location(at: indices[start])
            )
        }
    }

    private static func isQuoted(_ token: SQLToken) -> Bool {
        switch token.kind {
        case .string, .quotedIdentifier, .unicodeIdentifier, .dollarQuote: true
        default: false
        }
    }

    private static func isName(_ token: SQLToken) -> Bool {
        token.kind == .quotedIdentifier || token.kind == .unicodeIdentifier
    }

    /// The number of line breaks between two places in the file, except escaped ones in double quotes.
    private func breaks(from start: Int, to end: Int) -> Int {
        var index = start
        var count = 0
        while index < end {
            guard source.isBreak(at: index) else {
                index += 1
                continue
            }
            if scalar.style != .doubleQuoted || source.scalars[index - 1] != "\\" { count += 1 }
            index = source.afterBreak(at: index)
        }
        return count
    }

    /// For each byte of a text, and for its end, the number of the Unicode scalar.
    private static func scalarNumbers(_ text: String) -> [Int] {
        var numbers: [Int] = []
        var number = -1
        for byte in text.utf8 {
            if byte & 0xC0 != 0x80 { number += 1 }
            numbers.append(number)
        }
        return numbers + [number + 1]
    }

    // MARK: - Escapes

    private func checkEscapes(_ indices: [Int]) {
        let numbers = Self.scalarNumbers(sql.text)
        let quoted = SQLLexer(sql.text).tokens.filter(Self.isQuoted).map {
            numbers[$0.range.lowerBound]..<numbers[$0.range.upperBound]
        }
        var next = 0
        for (number, index) in indices.dropLast().enumerated()
        where source.scalars[index] == "\\" && index + 1 < source.scalars.count {
            while next < quoted.count, quoted[next].upperBound <= number { next += 1 }
            let isQuoted = next < quoted.count && quoted[next].contains(number)
            let name = source.scalars[index + 1]
            let meaning: String
            switch name {
            case "a": meaning = "a bell"
            case "b": meaning = "a backspace"
            case "e": meaning = "an escape character"
            case "f" where isQuoted: meaning = "a form feed"
            case "v" where isQuoted: meaning = "a vertical tab"
            case "_": meaning = "a no-break space"
            case "N": meaning = "a next-line character"
            case "L": meaning = "a line separator"
            case "P": meaning = "a paragraph separator"
            default: continue
            }
            diagnostics.error(
                "'\\\(name)' is \(meaning) in YAML's double quotes; \(Self.cure), where backslashes stay",
                at: source.location(at: index)
            )
        }
    }

    // MARK: - What ends plain text

    private func checkEnd(_ end: Int) {
        var index = end
        while source.isBlank(at: index) { index += 1 }
        guard index < source.scalars.count else { return }
        switch source.scalars[index] {
        case "#" where index > end: reportComment(at: index)
        case ",": checkComma(at: index)
        case "\n", "\r":
            if let comment = commentBelow(index) { reportComment(at: comment) }
        default: return
        }
    }

    private func reportComment(at index: Int) {
        diagnostics.error(
            "a YAML comment begins here, and the SQL ends before it; \(Self.cure), in which '#' is SQL and '--' begins a "
                + "comment",
            at: source.location(at: index)
        )
    }

    /// The comment after line breaks, if it is indented more than the key.
    private func commentBelow(_ end: Int) -> Int? {
        var index = end
        while source.isBreak(at: index) {
            index = source.afterBreak(at: index)
            let start = index
            while source.isBlank(at: index) { index += 1 }
            guard index < source.scalars.count, !source.isBreak(at: index) else { continue }
            return source.scalars[index] == "#" && index - start > indentation ? index : nil
        }
        return nil
    }

    /// The indentation of the line that contains the scalar's key.
    private var indentation: Int {
        let start = source.index(line: scalar.location.line, column: scalar.location.column)
        var index = start - 1
        while index > 0, source.isBlank(at: index) || source.isBreak(at: index) { index -= 1 }
        let line = source.location(at: max(index, 0)).line
        index = source.index(line: line, column: 1)
        let lineStart = index
        while source.isBlank(at: index) { index += 1 }
        return index - lineStart
    }

    /// Reports a comma that ends the text, if no key with a value follows it.
    private func checkComma(at comma: Int) {
        var index = comma + 1
        while index < source.scalars.count, source.isBlank(at: index) || source.isBreak(at: index) { index += 1 }
        let start = index
        while index < source.scalars.count {
            switch source.scalars[index] {
            case ":"
            where index + 1 == source.scalars.count || source.isBlank(at: index + 1) || source.isBreak(at: index + 1):
                return
            case ":" where index > start && (source.scalars[index - 1] == "\"" || source.scalars[index - 1] == "'"):
                return
            case ",", "}", "{", "[", "]":
                guard index > start else { return }
                diagnostics.error(
                    "YAML ends the SQL at this ','; put the SQL in quotes, or \(Self.cure) in a route without braces",
                    at: source.location(at: comma)
                )
                return
            default: index += 1
            }
        }
    }
}
