/// Collects the lines of a Swift file.
struct SourceWriter {
    /// The maximum length of a line.
    static let lineLength = 120

    private var lines: [String] = []
    private var level = 0

    /// The file's text.
    var text: String { lines.map { $0 + "\n" }.joined() }

    /// The white space at the start of a line.
    static func indentation(_ level: Int) -> String { String(repeating: "    ", count: level) }

    /// Adds a line.
    mutating func line(_ text: String) {
        lines.append(text.isEmpty ? "" : Self.indentation(level) + text)
    }

    /// Adds an empty line, except at the start of a block.
    mutating func separate() {
        if lines.last?.hasSuffix("{") == false { lines.append("") }
    }

    /// Adds an expression between `prefix` and `suffix`.
    mutating func expression(_ expression: SwiftExpression, after prefix: String = "", before suffix: String = "") {
        lines += expression.lines(after: prefix, before: suffix, level: level)
    }

    /// Adds `header {`, what `body` writes one level deeper, and `}`.
    mutating func block(_ header: String, _ body: (inout SourceWriter) -> Void) {
        line(header + " {")
        indented(body)
        line("}")
    }

    /// Adds what `body` writes one level deeper.
    mutating func indented(_ body: (inout SourceWriter) -> Void) {
        level += 1
        body(&self)
        level -= 1
    }

    /// Adds a documentation comment, wrapped between words.
    mutating func documentation(_ text: String) {
        let start = Self.indentation(level) + "///"
        var current = start
        for word in Self.comment(text).split(separator: " ") {
            if current != start, current.count + 1 + word.count > Self.lineLength {
                lines.append(current)
                current = start
            }
            current += " " + word
        }
        lines.append(current)
    }

    /// `text` on one line, without characters that end or reorder it.
    static func comment(_ text: String) -> String {
        var line = ""
        for scalar in text.unicodeScalars {
            line.unicodeScalars.append(scalar.isInvisibleControl ? " " : scalar)
        }
        return line.split(separator: " ").joined(separator: " ")
    }
}
