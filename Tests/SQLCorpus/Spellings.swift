/// The same statement in other letters: what PostgreSQL reads is the same.
enum Spelling: CaseIterable {
    case letterCase, comments, lineEnds, tight, quotes, ends

    /// A statement in this spelling; the same for the same seed.
    func of(_ statement: Statement, seed: UInt64) -> Statement {
        var random = SplitMix64(state: seed)
        let lexemes = Lexeme.all(of: statement.marked)
        switch self {
        case .letterCase: return Statement(Self.changingCase(lexemes, &random))
        case .comments: return Statement(Self.replacingBlanks(lexemes, by: Self.commentTexts, &random))
        case .lineEnds: return Statement(Self.replacingBlanks(lexemes, by: Self.blankTexts, &random))
        case .tight: return Statement(Self.tight(lexemes))
        case .quotes: return Statement(Self.requoted(lexemes, &random))
        case .ends: return Statement(Self.starts.pick(&random) + statement.core + Self.stops.pick(&random))
        }
    }

    private static let commentTexts = [
        " ", " /* ' */ ", "/* :a /* \" */ $$ */ ", " -- ' :b \" $x$\n", " /**/\t/* -- */ ", "\n-- ; /*\r\n  ",
    ]
    private static let blankTexts = ["\n", "\r\n", "\t", "\r", " \u{0C} ", "\n\n", "\r\n\t  ", "  "]
    private static let starts = ["", "\n\n", "/* :first ' */ ", "-- ':first\n", ";", " ; /* a */\t", "--\r\n"]
    private static let stops = [
        ";", " ;\n", ";;", "\n-- :last '", " /* :last \" */;", "; -- $end", "\r\n;\r\n", " ; /* ; */ ;",
    ]

    /// Each word in large letters, in small ones or mixed.
    private static func changingCase(_ lexemes: [Lexeme], _ random: inout SplitMix64) -> String {
        lexemes.map { lexeme in
            guard lexeme.kind == .word else { return lexeme.text }
            let style = Int.random(in: 0..<3, using: &random)
            var result = String.UnicodeScalarView()
            for (number, scalar) in lexeme.text.unicodeScalars.enumerated() {
                let isUpper = style == 0 || (style == 2 && number % 2 == 1)
                // PostgreSQL folds ASCII letters only.
                let folded = isUpper ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
                result.append(contentsOf: scalar.isASCII ? folded.unicodeScalars : String(scalar).unicodeScalars)
            }
            return String(result)
        }.joined()
    }

    private static func replacingBlanks(
        _ lexemes: [Lexeme],
        by texts: [String],
        _ random: inout SplitMix64
    ) -> String {
        var result = ""
        var isBehindLineComment = false
        for lexeme in lexemes {
            if lexeme.kind == .blanks {
                result += isBehindLineComment ? "\n" : ""
                result += texts.pick(&random)
            } else {
                result += lexeme.text
            }
            isBehindLineComment = lexeme.kind == .lineComment
        }
        return result
    }

    /// No blanks around parentheses and commas.
    private static func tight(_ lexemes: [Lexeme]) -> String {
        lexemes.indices.filter { index in
            guard lexemes[index].kind == .blanks, index > 0, index + 1 < lexemes.count else { return true }
            let before = lexemes[index - 1].kind
            return before == .lineComment
                || (before != .punctuation && lexemes[index + 1].kind != .punctuation)
        }.map { lexemes[$0].text }.joined()
    }

    /// Plain strings in other quotes.
    private static func requoted(_ lexemes: [Lexeme], _ random: inout SplitMix64) -> String {
        var result = ""
        var before = Lexeme.Kind.blanks
        var lastWord = ""
        for lexeme in lexemes {
            // The string behind UESCAPE is part of the one before it.
            if lexeme.kind == .plainString, lastWord != "UESCAPE" {
                if before == .word || before == .mark { result += " " }
                let text = lexeme.text.dropFirst().dropLast().replacing("''", with: "'")
                let escaped = text.replacing("\\", with: "\\\\").replacing("'", with: "''")
                result += ["$q$\(text)$q$", "E'\(escaped)'", "U&'\(escaped)'", lexeme.text, "$$\(text)$$"]
                    .filter { $0.hasPrefix("$$") ? !text.contains("$") : true }.pick(&random)
            } else {
                result += lexeme.text
            }
            if !lexeme.isAround { lastWord = lexeme.text.uppercased() }
            before = lexeme.kind
        }
        return result
    }
}

extension Array {
    fileprivate func pick(_ random: inout SplitMix64) -> Element { self[Int.random(in: indices, using: &random)] }
}

/// Repeatable random numbers.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
