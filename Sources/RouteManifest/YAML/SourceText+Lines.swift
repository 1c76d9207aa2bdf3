extension SourceText {
    /// A line without its indentation.
    struct Line {
        var number: Int
        var indent: Int
        /// The index in the source of its first character that is not a blank.
        var start: Int
        /// The text of the line without blanks at its start and end.
        var text: String

        /// The key at the start of the line: a word followed by a colon and a blank or the line's end.
        var key: String? {
            guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else { return nil }
            let next = text.index(after: colon)
            guard next == text.endIndex || text[next] == " " else { return nil }
            let key = text[..<colon]
            return key.contains { " {}[]'\",#".contains($0) } ? nil : String(key)
        }

        /// The text after the key; empty if it is a comment.
        var value: String {
            guard let key else { return "" }
            let value = String(text.dropFirst(key.count + 1).drop { $0 == " " })
            return value.hasPrefix("#") ? "" : value
        }

        /// The letters, digits, hyphens and underscores at the start of the line.
        var firstWord: String {
            String(text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        }
    }

    /// The line with this number, from 1.
    func line(_ number: Int) -> Line {
        let first = index(line: number, column: 1)
        var start = first
        while isBlank(at: start) { start += 1 }
        var end = start
        while end < scalars.count, !isBreak(at: end) { end += 1 }
        while end > start, isBlank(at: end - 1) { end -= 1 }
        return Line(number: number, indent: start - first, start: start, text: Self.string(scalars[start..<end]))
    }

    /// The nearest line above that is neither empty nor a comment.
    func lineAbove(_ line: Line) -> Line? {
        for number in stride(from: line.number - 1, through: 1, by: -1) {
            let above = self.line(number)
            if !above.text.isEmpty, !above.text.hasPrefix("#"), above.text != "---" { return above }
        }
        return nil
    }
}
