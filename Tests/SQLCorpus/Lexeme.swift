/// A smallest part of a statement with marks, by PostgreSQL's lexical rules (PostgreSQL manual, 4.1).
struct Lexeme: Hashable {
    enum Kind {
        case blanks, lineComment, comment, semicolon
        /// A parenthesis or a comma.
        case punctuation
        case word, mark
        /// `'…'` on one line, without escapes.
        case plainString
        /// Any other string, with its continuations.
        case string
        case quotedName, other
    }

    let kind: Kind
    let text: String

    /// It does not belong to the statement when it stands before or behind all of it.
    var isAround: Bool { [.blanks, .lineComment, .comment, .semicolon].contains(kind) }

    /// The parts of a text, which joined are the text.
    static func all(of text: String) -> [Lexeme] {
        var reader = Reader(scalars: Array(text.unicodeScalars))
        var lexemes: [Lexeme] = []
        while let lexeme = reader.next() { lexemes.append(lexeme) }
        return lexemes
    }

    private struct Reader {
        let scalars: [Unicode.Scalar]
        var position = 0

        init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

        private func at(_ distance: Int) -> Unicode.Scalar? {
            position + distance < scalars.count ? scalars[position + distance] : nil
        }

        private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
            " \t\n\r\u{0C}".unicodeScalars.contains(scalar)
        }
        private static func isBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
        private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
            scalar == "_" || (scalar.value >= 0x80 && scalar != "«") || ("a"..."z").contains(scalar)
                || ("A"..."Z").contains(scalar)
        }
        private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
            isLetter(scalar) || scalar == "$" || ("0"..."9").contains(scalar)
        }

        mutating func next() -> Lexeme? {
            guard let first = at(0) else { return nil }
            let start = position
            let kind = skip(first)
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars[start..<position])
            return Lexeme(kind: kind, text: String(view))
        }

        private mutating func skip(_ first: Unicode.Scalar) -> Kind {
            switch first {
            case _ where Self.isBlank(first):
                skipWhile(Self.isBlank)
                return .blanks
            case "-" where at(1) == "-":
                skipWhile { !Self.isBreak($0) }
                return .lineComment
            case "/" where at(1) == "*":
                skipComment()
                return .comment
            case "«":
                skipWhile { $0 != "»" }
                position += 1
                return .mark
            case "'": return skipString(escapes: false) ? .string : .plainString
            case "\"":
                skipQuoted("\"", escapes: false)
                return .quotedName
            case "$": return skipDollarQuote() ? .string : .other
            case "e" where at(1) == "'", "E" where at(1) == "'": return skipPrefixed(1, escapes: true)
            case _ where at(1) == "'" && "bBxXnN".unicodeScalars.contains(first):
                return skipPrefixed(1, escapes: false)
            case "u" where at(1) == "&" && at(2) == "'", "U" where at(1) == "&" && at(2) == "'":
                return skipPrefixed(2, escapes: false)
            case "u" where at(1) == "&" && at(2) == "\"", "U" where at(1) == "&" && at(2) == "\"":
                position += 2
                skipQuoted("\"", escapes: false)
                return .quotedName
            case _ where Self.isLetter(first):
                skipWhile(Self.isNamePart)
                return .word
            default:
                position += 1
                if first == ";" { return .semicolon }
                return ["(", ")", ","].contains(first) ? .punctuation : .other
            }
        }

        private mutating func skipWhile(_ condition: (Unicode.Scalar) -> Bool) {
            while let scalar = at(0), condition(scalar) { position += 1 }
        }

        private mutating func skipComment() {
            var depth = 0
            repeat {
                if at(0) == "/", at(1) == "*" {
                    depth += 1
                    position += 2
                } else if at(0) == "*", at(1) == "/" {
                    depth -= 1
                    position += 2
                } else {
                    position += 1
                }
            } while depth > 0 && position < scalars.count
        }

        private mutating func skipQuoted(_ quote: Unicode.Scalar, escapes: Bool) {
            position += 1
            while let scalar = at(0) {
                if escapes, scalar == "\\" {
                    position += 2
                } else if scalar == quote {
                    position += 1
                    guard at(0) == quote else { return }
                    position += 1
                } else {
                    position += 1
                }
            }
        }

        private mutating func skipPrefixed(_ count: Int, escapes: Bool) -> Kind {
            position += count
            _ = skipString(escapes: escapes)
            return .string
        }

        /// Skips a string and its continuations on further lines; returns whether there are any.
        private mutating func skipString(escapes: Bool) -> Bool {
            var isContinued = false
            while true {
                skipQuoted("'", escapes: escapes)
                let end = position
                var hasBreak = false
                while let scalar = at(0), Self.isBlank(scalar) || (scalar == "-" && at(1) == "-") {
                    if scalar == "-" {
                        skipWhile { !Self.isBreak($0) }
                    } else {
                        hasBreak = hasBreak || Self.isBreak(scalar)
                        position += 1
                    }
                }
                guard hasBreak, at(0) == "'" else {
                    position = end
                    return isContinued
                }
                isContinued = true
            }
        }

        private mutating func skipDollarQuote() -> Bool {
            var end = position + 1
            while end < scalars.count, scalars[end] != "$", Self.isNamePart(scalars[end]) { end += 1 }
            guard end < scalars.count, scalars[end] == "$" else {
                position += 1
                return false
            }
            let tag = scalars[position...end]
            position = end + 1
            while position < scalars.count, !scalars[position...].starts(with: tag) { position += 1 }
            position += tag.count
            return true
        }
    }
}
