/// A file's text with its lines, which turns indices into places.
struct SourceText: Sendable {
    let file: String
    /// The text without a byte order mark.
    let scalars: [Unicode.Scalar]
    private let lineStarts: [Int]

    /// Splits `text` at LF, CRLF and CR.
    init(_ text: String, file: String) {
        self.file = file
        var scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        var starts = [0]
        for (index, scalar) in scalars.enumerated() {
            if scalar == "\n" || (scalar == "\r" && !(index + 1 < scalars.count && scalars[index + 1] == "\n")) {
                starts.append(index + 1)
            }
        }
        self.scalars = scalars
        lineStarts = starts
    }

    /// The text without a byte order mark.
    var text: String { Self.string(scalars[...]) }

    static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// The place of the scalar at `index`.
    func location(at index: Int) -> Location {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= index { low = middle } else { high = middle }
        }
        return Location(file: file, line: low + 1, column: index - lineStarts[low] + 1)
    }

    /// The place at a line and a column of the YAML parser, which counts one line too many at the end of a text without
    /// a final line break.
    func location(line: Int, column: Int) -> Location {
        guard line <= lineStarts.count else { return location(at: scalars.count) }
        return Location(file: file, line: line, column: column)
    }

    /// The index of the scalar at a line and a column, both from 1; the end of the text if there is no such line.
    func index(line: Int, column: Int) -> Int {
        guard line >= 1, line <= lineStarts.count else { return scalars.count }
        return min(lineStarts[line - 1] + column - 1, scalars.count)
    }

    func isBreak(at index: Int) -> Bool {
        index < scalars.count && (scalars[index] == "\n" || scalars[index] == "\r")
    }

    /// The index after the line break at `index`.
    func afterBreak(at index: Int) -> Int {
        let isPair = scalars[index] == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
        return index + (isPair ? 2 : 1)
    }

    func isBlank(at index: Int) -> Bool {
        index < scalars.count && (scalars[index] == " " || scalars[index] == "\t")
    }
}
