import RouteModel

/// An error of the YAML parser, explained with the lines of the file.
///
/// The parser notices most mistakes only at the first token that can't follow them. If the surrounding lines show what
/// was meant, the message has the place of the mistake and says what to write.
struct YAMLFault {
    let source: SourceText
    let problem: String
    /// The index in the source at which the parser stopped.
    let index: Int
    /// The construct that the parser was reading, and the index of its start.
    let context: (text: String, index: Int)?
    let keys: KnownManifestKeys

    struct Explanation {
        var message: String
        var index: Int
    }

    /// The mistake behind the error, if known.
    var explanation: Explanation? {
        switch problem {
        case _ where problem.contains("mapping values are not allowed"): misplacedValue
        case _ where problem.contains("could not find expected ':'"): lineWithoutKey
        case _ where problem.contains("did not find expected key"): endOfMapping
        case _ where problem.contains("did not find expected ',' or"): openBracket ?? missingComma
        case _ where problem.contains("unexpected end of stream"),
            _ where problem.contains("unexpected document indicator"):
            openQuote
        case _ where problem.contains("expected comment or line break"): textBehindHeader
        case _ where problem.contains("nesting level"): Explanation(message: NodeDepthLimit.message, index: index)
        case _ where problem.contains("expected '-' indicator"): lineWithoutHyphen
        case _ where problem.contains("block sequence entries are not allowed"):
            Explanation(
                message: "a list begins on the line below its key; move this '- ' there, or put the list in [ ]",
                index: index
            )
        default: nil
        }
    }

    /// The message about text that begins with a character reserved in YAML.
    var reservedStart: Explanation? {
        let isReserved = problem.contains("cannot start any token")
        let isAlias = problem.contains("alphabetic or numeric character")
        guard isReserved || isAlias else { return nil }
        let start = isAlias ? context?.index ?? index : index
        guard start < source.scalars.count else { return nil }
        let place = source.location(at: start)
        let isTable = source.line(place.line).text.contains("tables")
        if source.scalars[start] == "*", isTable {
            return Explanation(message: "'*' is no table; name each one, such as [ books, authors ]", index: start)
        }
        let word = source.word(at: start)
        let cure = word.isEmpty || word.contains("\"") ? "" : ": \"\(word)\""
        return Explanation(
            message: "text that begins with '\(source.scalars[start])' needs quotes\(cure)",
            index: start
        )
    }

    private var place: Location { source.location(at: min(index, source.scalars.count)) }

    // MARK: - Keys

    /// A colon after the first word of a line, whose preceding line is not an entry or begins in another column.
    private var misplacedValue: Explanation? {
        let line = source.line(place.line)
        guard let key = line.key, index == line.start + key.unicodeScalars.count else { return nil }
        var entry = source.lineAbove(line)
        while let current = entry {
            if let name = current.key {
                guard !current.value.isEmpty, line.indent > current.indent else { return nil }
                return Explanation(
                    message:
                        "'\(key)' is indented deeper than '\(name)' above it; keys of one mapping begin in one column "
                        + "(column \(current.indent + 1))",
                    index: line.start
                )
            }
            let above = source.lineAbove(current)
            // The first entry of a mapping follows a key without a value, or nothing.
            if above.map({ $0.key != nil && $0.value.isEmpty && $0.indent < current.indent }) ?? true {
                return needsColon(current)
            }
            entry = above
        }
        return nil
    }

    /// A line without a colon in the column of keys.
    private var lineWithoutKey: Explanation? {
        guard let context else { return nil }
        let line = source.line(source.location(at: context.index).line)
        guard line.start == context.index else { return nil }
        if keys.ofLines.contains(line.firstWord) { return needsColon(line) }
        var above = source.lineAbove(line)
        while let current = above, current.key == nil { above = source.lineAbove(current) }
        guard let owner = above, let key = owner.key, line.indent <= owner.indent else { return nil }
        if owner.value.hasPrefix("|") || owner.value.hasPrefix(">") {
            return Explanation(
                message: "this line is not indented deeper than '\(key)' and so ends its text; indent it",
                index: line.start
            )
        }
        guard !owner.value.isEmpty, ["sql", "summary", "message"].contains(key) else { return needsColon(line) }
        return Explanation(
            message: "text of several lines needs '\(key): |', and its lines indented deeper than '\(key)'",
            index: line.start
        )
    }

    private func needsColon(_ line: SourceText.Line) -> Explanation? {
        let word = line.firstWord
        guard !word.isEmpty else { return nil }
        var rest = line.text.dropFirst(word.count).drop { $0 == " " }
        for sign in ["=>", ":=", "=", ":"] where rest.hasPrefix(sign) {
            rest = rest.dropFirst(sign.count)
            break
        }
        rest = rest.drop { $0 == " " }
        let value = rest.isEmpty ? "" : rest.count > 40 ? " …" : " \(rest)"
        return Explanation(message: "a key needs ':' and a blank behind it: '\(word):\(value)'", index: line.start)
    }

    private var endOfMapping: Explanation? {
        let line = source.line(place.line)
        guard index < source.scalars.count else { return nil }
        let found = source.scalars[index]
        if found == "}" || found == "]" {
            let opener = found == "}" ? "{" : "["
            return Explanation(message: "this '\(found)' has no '\(opener)' before it; remove it", index: index)
        }
        if index == line.start {
            guard let context, let key = line.key else { return nil }
            let column = source.location(at: context.index).column
            guard column != line.indent + 1 else { return nil }
            // The mapping that the key was meant for is deeper than the one that the parser tries.
            var neighbour: SourceText.Line?
            var above = source.lineAbove(line)
            while let current = above, current.indent > line.indent {
                if current.key != nil, current.indent <= neighbour?.indent ?? .max { neighbour = current }
                above = source.lineAbove(current)
            }
            let place = neighbour.map { "'\($0.key ?? "")' above it in column \($0.indent + 1)" }
            let other = place ?? "its neighbours in column \(column)"
            let goal = (neighbour?.indent ?? column - 1) + 1
            return Explanation(
                message:
                    "'\(key)' begins in column \(line.indent + 1), and \(other); begin it in column \(goal)",
                index: index
            )
        }
        return endOfQuote(line)
    }

    /// A line inside a list that is not an element.
    private var lineWithoutHyphen: Explanation? {
        let line = source.line(place.line)
        guard index == line.start, let context else { return nil }
        let column = source.location(at: context.index).column
        return Explanation(
            message:
                "by its indentation this line belongs to the list in column \(column), whose elements begin with '- '; "
                + "indent it as the key it belongs to",
            index: index
        )
    }

    // MARK: - Quotes, brackets and blocks

    /// Text that continues after its closing quote.
    private func endOfQuote(_ line: SourceText.Line) -> Explanation? {
        var end = index - 1
        while end > line.start, source.isBlank(at: end) { end -= 1 }
        guard end > line.start, source.scalars[end] == "'" || source.scalars[end] == "\"" else { return nil }
        let quote = Character(source.scalars[end])
        let valueStart = line.start + line.text.unicodeScalars.count - line.value.unicodeScalars.count
        if line.key != nil, valueStart == end {
            // This quote begins a value, so it closes a text that was opened above.
            var above = source.lineAbove(line)
            while let current = above {
                if current.value.first == quote, current.value.count(where: { $0 == quote }) % 2 == 1 {
                    let offset = current.text.unicodeScalars.count - current.value.unicodeScalars.count
                    return Explanation(message: Self.neverEnds(quote), index: current.start + offset)
                }
                above = source.lineAbove(current)
            }
        }
        let cure = quote == "'" ? "write '' for a ' inside '…'" : "write \\\" for a \" inside \"…\""
        let block = line.key.map { ", or '\($0): |' and the text on the lines below" } ?? ""
        return Explanation(message: "YAML ended the text at the quote before this; \(cure)\(block)", index: index)
    }

    private static func neverEnds(_ quote: Character) -> String { "this text never ends; close it with \(quote)" }

    private var openQuote: Explanation? {
        guard let context, context.text.contains("quoted scalar"), context.index < source.scalars.count else {
            return nil
        }
        return Explanation(message: Self.neverEnds(Character(source.scalars[context.index])), index: context.index)
    }

    /// A bracket that is never closed. If it is closed further below, a comma is missing instead.
    private var openBracket: Explanation? {
        guard let context, context.index < source.scalars.count else { return nil }
        let opener = source.scalars[context.index]
        let isAbove = source.location(at: context.index).line < place.line || index >= source.scalars.count
        guard opener == "{" || opener == "[", isAbove else { return nil }
        let closer = opener == "{" ? "}" : "]"
        var depth = 0
        for scalar in source.scalars[context.index...] {
            if scalar == "{" || scalar == "[" { depth += 1 }
            if scalar == "}" || scalar == "]" { depth -= 1 }
            if depth == 0 { return nil }
        }
        return Explanation(message: "this '\(opener)' is never closed; '\(closer)' is missing", index: context.index)
    }

    /// Two elements of a list or a mapping in brackets without a comma in between.
    private var missingComma: Explanation? {
        guard let context, index > context.index, index < source.scalars.count else { return nil }
        var start = index
        if source.scalars[index] == ":" {
            // The parser took the key for part of the value before it.
            while start > context.index, source.isWordPart(at: start - 1) { start -= 1 }
            guard start < index,
                keys.inBraces.contains(SourceText.string(source.scalars[start..<index])) || !isInSQL
            else { return nil }
        }
        guard start > context.index + 1, source.isBlank(at: start - 1) || source.isBreak(at: start - 1) else {
            return nil
        }
        var end = start - 1
        while end > context.index, source.isBlank(at: end) || source.isBreak(at: end) { end -= 1 }
        guard end > context.index, !",{[:".unicodeScalars.contains(source.scalars[end]) else { return nil }
        let word = start < index ? SourceText.string(source.scalars[start..<index]) : source.word(at: start)
        guard let first = word.first, !"}]".contains(first) else { return nil }
        guard source.location(at: end).line == source.location(at: start).line else {
            return Explanation(message: "a ',' is missing at the end of this line, before '\(word)'", index: end + 1)
        }
        return Explanation(message: "a ',' is missing before '\(word)'", index: start)
    }

    /// Indicates that the brackets contain SQL before the place where the parser stopped.
    private var isInSQL: Bool {
        guard let context, context.index < index else { return false }
        return SourceText.string(source.scalars[context.index..<index]).contains("sql:")
    }

    private var textBehindHeader: Explanation? {
        guard let context, context.index < source.scalars.count else { return nil }
        let header = source.scalars[context.index]
        return Explanation(message: "the text behind '\(header)' begins in the next line, indented", index: index)
    }
}

extension SourceText {
    /// Tells whether the character at an index is a letter, a digit, a hyphen or an underscore.
    fileprivate func isWordPart(at index: Int) -> Bool {
        guard scalars.indices.contains(index), scalars[index].isASCII else { return false }
        let character = Character(scalars[index])
        return character.isLetter || character.isNumber || character == "-" || character == "_"
    }

    /// The text from an index up to a blank, a comma or a closing bracket.
    fileprivate func word(at start: Int) -> String {
        let rest = scalars[start...].prefix { !" \t\r\n,}]".unicodeScalars.contains($0) }
        return Self.string(rest)
    }
}
