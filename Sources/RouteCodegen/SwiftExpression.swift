/// A Swift expression with its layout: on one line if it fits, else with each argument or element on its own line.
indirect enum SwiftExpression {
    /// An argument of a call.
    struct Argument {
        let label: String?
        let value: SwiftExpression

        init(_ label: String? = nil, _ value: SwiftExpression) {
            self.label = label
            self.value = value
        }
    }

    /// Code on one line.
    case text(String)
    /// A `"""` literal.
    case multilineString([String])
    /// `name(arguments)`.
    case call(String, [Argument])
    /// `[elements]`.
    case array([SwiftExpression])
    /// `[key: value]` with the keys as labels; not empty.
    case dictionary([Argument])

    /// A string literal: an ordinary one for a single line, a `"""` literal for several.
    static func string(_ text: String) -> SwiftExpression {
        text.unicodeScalars.contains("\n")
            ? .multilineString(SwiftLiteral.multilineString(text)) : .text(SwiftLiteral.string(text))
    }

    /// An array of string literals.
    static func strings(_ texts: [String]) -> SwiftExpression {
        .array(texts.map { .text(SwiftLiteral.string($0)) })
    }

    /// The lines of the expression between `prefix` and `suffix`.
    ///
    /// - Parameters:
    ///   - prefix: the text before the expression on its first line.
    ///   - suffix: the text after the expression on its last line.
    ///   - level: the indentation of the first line in levels.
    func lines(after prefix: String = "", before suffix: String = "", level: Int) -> [String] {
        let indentation = SourceWriter.indentation(level)
        if let flat {
            let line = indentation + prefix + flat + suffix
            if line.count <= SourceWriter.lineLength { return [line] }
        }
        switch self {
        case .text(let text):
            return [indentation + prefix + text + suffix]
        case .multilineString(let contents):
            // After a label the text is indented more than the line that begins it.
            let inner = SourceWriter.indentation(prefix.isEmpty ? level : level + 1)
            return [indentation + prefix + "\"\"\""]
                + contents.map { $0.isEmpty ? "" : inner + $0 }
                + [inner + "\"\"\"" + suffix]
        case .call(let name, let arguments):
            return [indentation + prefix + name + "("]
                + arguments.enumerated().flatMap { index, argument in
                    argument.value.lines(
                        after: argument.label.map { "\($0): " } ?? "",
                        before: index == arguments.count - 1 ? "" : ",",
                        level: level + 1
                    )
                }
                + [indentation + ")" + suffix]
        case .dictionary(let entries):
            return [indentation + prefix + "["]
                + entries.flatMap { entry in
                    entry.value.lines(
                        after: entry.label.map { "\($0): " } ?? "",
                        before: entries.count == 1 ? "" : ",",
                        level: level + 1
                    )
                }
                + [indentation + "]" + suffix]
        case .array(let elements):
            return [indentation + prefix + "["]
                + elements.flatMap { $0.lines(before: elements.count == 1 ? "" : ",", level: level + 1) }
                + [indentation + "]" + suffix]
        }
    }

    /// The expression on one line; `nil` if it contains a `"""` literal.
    private var flat: String? {
        switch self {
        case .text(let text): return text
        case .multilineString: return nil
        case .call(let name, let arguments):
            let flattened = Self.flatten(arguments)
            return flattened.count == arguments.count ? "\(name)(\(flattened.joined(separator: ", ")))" : nil
        case .dictionary(let entries):
            let flattened = Self.flatten(entries)
            return flattened.count == entries.count ? "[\(flattened.joined(separator: ", "))]" : nil
        case .array(let elements):
            let flattened = elements.compactMap(\.flat)
            return flattened.count == elements.count ? "[\(flattened.joined(separator: ", "))]" : nil
        }
    }

    /// The arguments that fit on one line.
    private static func flatten(_ arguments: [Argument]) -> [String] {
        arguments.compactMap { argument in
            argument.value.flat.map { (argument.label.map { "\($0): " } ?? "") + $0 }
        }
    }
}
