import Yams

/// Maps each character of a YAML scalar's value to its place in the file.
///
/// The value and the file are read side by side by the rules of the scalar's style (YAML 1.2.2, chapters 7 and 8). The
/// result is correct because it exists only if the text in the file yields exactly the value.
struct ScalarSourceMap {
    private let source: SourceText
    private let wanted: [Unicode.Scalar]
    private var next = 0
    private var position: Int
    private var indices: [Int] = []

    /// The index in the file of each Unicode scalar of `value`, and of its end; `nil` if the text at `start` doesn't
    /// yield `value`.
    static func indices(of value: String, style: Node.Scalar.Style, at start: Int, in source: SourceText) -> [Int]? {
        let start = contentStart(start, in: source)
        let wanted = Array(value.unicodeScalars)
        switch style {
        case .literal, .folded:
            for indent in blockIndents(start, in: source) {
                var trace = ScalarSourceMap(source, wanted: wanted, position: start)
                if trace.block(indent: indent, isFolded: style == .folded) { return trace.indices + [trace.position] }
            }
            return nil
        case .plain, .any, .singleQuoted, .doubleQuoted:
            var trace = ScalarSourceMap(source, wanted: wanted, position: start)
            return trace.flow(style) ? trace.indices + [trace.position] : nil
        }
    }

    /// The number of escaped U+FEFF at the beginning of the scalar in double quotes that begins at `start`.
    static func leadingByteOrderMarks(at start: Int, in source: SourceText) -> Int {
        let scalars = source.scalars
        var index = contentStart(start, in: source) + 1
        var count = 0
        while index + 1 < scalars.count, scalars[index] == "\\" {
            if source.isBreak(at: index + 1) {
                index = source.afterBreak(at: index + 1)
                while source.isBlank(at: index) { index += 1 }
                continue
            }
            let length = ["u": 4, "U": 8][scalars[index + 1]] ?? 0
            let digits = scalars[min(index + 2, scalars.count)..<min(index + 2 + length, scalars.count)]
            guard UInt32(SourceText.string(digits), radix: 16) == 0xFEFF else { break }
            count += 1
            index += 2 + length
        }
        return count
    }

    private init(_ source: SourceText, wanted: [Unicode.Scalar], position: Int) {
        self.source = source
        self.wanted = wanted
        self.position = position
    }

    /// The index after an anchor and a tag. A node's mark is the start of the first of them.
    private static func contentStart(_ start: Int, in source: SourceText) -> Int {
        var index = start
        let scalars = source.scalars
        while index < scalars.count, scalars[index] == "&" || scalars[index] == "!" {
            while index < scalars.count, !source.isBlank(at: index), !source.isBreak(at: index) { index += 1 }
            while index < scalars.count, source.isBlank(at: index) || source.isBreak(at: index) { index += 1 }
        }
        return index
    }

    /// The possible indentations of a block scalar's content: that of its first line with text, and all smaller ones,
    /// which the header may specify.
    private static func blockIndents(_ start: Int, in source: SourceText) -> [Int] {
        var index = endOfLine(start, in: source)
        while index < source.scalars.count {
            index = source.afterBreak(at: index)
            let lineStart = index
            while index < source.scalars.count, source.scalars[index] == " " { index += 1 }
            if index < source.scalars.count, !source.isBreak(at: index) {
                return Array((0...(index - lineStart)).reversed())
            }
        }
        return [0]
    }

    private static func endOfLine(_ start: Int, in source: SourceText) -> Int {
        var index = start
        while index < source.scalars.count, !source.isBreak(at: index) { index += 1 }
        return index
    }

    private mutating func take(from index: Int) {
        indices.append(index)
        next += 1
    }

    /// Reads a block scalar: `|` or `>`.
    private mutating func block(indent: Int, isFolded: Bool) -> Bool {
        position = Self.endOfLine(position, in: source)
        if position < source.scalars.count { position = source.afterBreak(at: position) }
        skip(indent)
        while next < wanted.count {
            if position >= source.scalars.count {
                guard wanted[next] == "\n" else { return false }
                take(from: position)
            } else if source.isBreak(at: position) {
                guard isFolded ? foldedBreaks(indent) : literalBreak(indent) else { return false }
            } else {
                guard wanted[next] == source.scalars[position] else { return false }
                take(from: position)
                position += 1
            }
        }
        return true
    }

    private mutating func skip(_ indent: Int) {
        var count = 0
        while count < indent, position < source.scalars.count, source.scalars[position] == " " {
            position += 1
            count += 1
        }
    }

    private mutating func literalBreak(_ indent: Int) -> Bool {
        guard wanted[next] == "\n" else { return false }
        take(from: position)
        position = source.afterBreak(at: position)
        skip(indent)
        return true
    }

    private mutating func foldedBreaks(_ indent: Int) -> Bool {
        var breaks: [Int] = []
        while source.isBreak(at: position) {
            breaks.append(position)
            position = source.afterBreak(at: position)
            skip(indent)
        }
        if wanted[next] == " " {
            take(from: breaks[0])
            return true
        }
        guard wanted[next] == "\n" else { return false }
        for index in breaks where next < wanted.count && wanted[next] == "\n" { take(from: index) }
        return true
    }

    /// Reads a plain or quoted scalar.
    private mutating func flow(_ style: Node.Scalar.Style) -> Bool {
        if style == .singleQuoted || style == .doubleQuoted { position += 1 }
        while next < wanted.count {
            guard position < source.scalars.count else { return false }
            let scalar = source.scalars[position]
            if let lineEnd = lineEndBehindBlanks() {
                guard flowBreaks(from: lineEnd) else { return false }
            } else if style == .doubleQuoted && scalar == "\\" {
                guard escape() else { return false }
            } else {
                guard scalar == wanted[next] else { return false }
                take(from: position)
                position += style == .singleQuoted && scalar == "'" ? 2 : 1
            }
        }
        return true
    }

    private func lineEndBehindBlanks() -> Int? {
        var index = position
        while source.isBlank(at: index) { index += 1 }
        return source.isBreak(at: index) ? index : nil
    }

    private mutating func flowBreaks(from lineEnd: Int) -> Bool {
        position = lineEnd
        var breaks: [Int] = []
        while source.isBreak(at: position) {
            breaks.append(position)
            position = source.afterBreak(at: position)
            while source.isBlank(at: position) { position += 1 }
        }
        if breaks.count == 1 {
            guard wanted[next] == " " else { return false }
            take(from: breaks[0])
            return true
        }
        return takeNewlines(breaks.dropFirst())
    }

    private mutating func takeNewlines(_ breaks: ArraySlice<Int>) -> Bool {
        for index in breaks {
            guard next < wanted.count, wanted[next] == "\n" else { return false }
            take(from: index)
        }
        return true
    }

    private mutating func escape() -> Bool {
        let start = position
        position += 1
        guard position < source.scalars.count else { return false }
        if source.isBreak(at: position) {
            position = source.afterBreak(at: position)
            while source.isBlank(at: position) { position += 1 }
            var breaks: [Int] = []
            while source.isBreak(at: position) {
                breaks.append(position)
                position = source.afterBreak(at: position)
                while source.isBlank(at: position) { position += 1 }
            }
            return takeNewlines(breaks[...])
        }
        // The parser has decoded the escape; only its length matters here.
        switch source.scalars[position] {
        case "x": position += 3
        case "u": position += 5
        case "U": position += 9
        default: position += 1
        }
        take(from: start)
        return true
    }
}
