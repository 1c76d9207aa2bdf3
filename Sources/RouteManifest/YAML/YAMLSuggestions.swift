import RouteModel

/// Builds the YAML of corrected lines for messages.
enum YAMLSuggestions {
    /// A text as an element of a list in brackets, in quotes if needed.
    static func text(_ text: String) -> String {
        let needsQuotes =
            text.isEmpty || text.contains { "{}[],#\"'".contains($0) } || text.contains(": ") || text.hasSuffix(":")
            || text.first.map { "&*!|>%@`?- ".contains($0) } ?? false || text.last == " "
        guard needsQuotes else { return text }
        return text.contains("\"") ? "'\(text)'" : "\"\(text)\""
    }

    /// A list in brackets, such as `[ users, "user:{id}" ]`.
    static func list(_ texts: [String]) -> String {
        texts.isEmpty ? "[]" : "[ \(texts.map(text).joined(separator: ", ")) ]"
    }

    /// A mapping of inputs, such as `{ skip: int, limit: int }`, with types guessed from the names.
    static func inputs(_ names: [String]) -> String {
        "{ \(names.map { "\($0): \(type(ofInput: $0))" }.joined(separator: ", ")) }"
    }

    /// The likely type of an input, guessed from its name.
    static func type(ofInput name: String) -> String {
        let numbers = ["id", "limit", "offset", "skip", "page", "size", "count", "year", "month", "days", "n", "top"]
        let word = name.lowercased()
        return numbers.contains(word) || name.hasSuffix("ID") || name.hasSuffix("Id") || word.hasSuffix("_id")
            ? "int" : "string"
    }

    /// The elements of a list that was written in another form: as a text with separators, or as a mapping without
    /// values. Empty if the node is neither.
    static func elements(of node: YAMLNode, separators: String = ",;|") -> [String] {
        switch node.kind {
        case .scalar(let scalar):
            let words = ["", "off", "true", "yes", "on", "false", "no", "none", "null", "~", "all", "any", "auto", "*"]
            guard !words.contains(scalar.text.lowercased()) else { return [] }
            // Characters inside braces don't separate elements.
            var pieces: [String] = [""]
            var depth = 0
            for character in scalar.text {
                if character == "{" { depth += 1 }
                if character == "}" { depth -= 1 }
                let isSeparator = depth <= 0 && (separators.contains(character) || character == "\n")
                if isSeparator { pieces.append("") } else { pieces[pieces.count - 1].append(character) }
            }
            if pieces.count == 1 { pieces = scalar.text.split(whereSeparator: \.isWhitespace).map(String.init) }
            return pieces.map(trimmed).filter { !$0.isEmpty }
        case .mapping(let entries):
            return entries.allSatisfy { $0.value.isNull } ? entries.map(\.key) : []
        case .sequence: return []
        }
    }

    /// The text without blanks, brackets and quotes at its ends.
    private static func trimmed(_ text: String) -> String {
        func isOuter(_ character: Character) -> Bool { character.isWhitespace || "[]()'\"".contains(character) }
        return String(text.drop(while: isOuter).reversed().drop(while: isOuter).reversed())
    }

    /// The words of a text joined with hyphens: `my shop` becomes `my-shop`.
    static func hyphenated(_ text: String, allows: (UInt8) -> Bool) -> String {
        let words = text.utf8.split { !allows($0) || $0 == UInt8(ascii: "-") }
        return words.compactMap { String($0) }.joined(separator: "-")
    }

    /// A mapping of scalars in braces, such as `{ name: Berlin }`; `nil` if a value is not a scalar.
    static func mapping(_ entries: [YAMLEntry]) -> String? {
        var parts: [String] = []
        for entry in entries {
            guard let scalar = entry.value.scalar, !scalar.isNull else { return nil }
            parts.append("\(entry.key): \(text(scalar.text))")
        }
        return parts.isEmpty ? nil : "{ \(parts.joined(separator: ", ")) }"
    }

    /// The suggestion at the end of the message about a list in the place of a mapping.
    ///
    /// - Parameter key: the key before the list.
    static func cure(forList node: YAMLNode, _ key: String) -> String? {
        guard let elements = node.sequence, let first = elements.first else { return nil }
        let mappings = elements.compactMap(\.mapping)
        guard mappings.count == elements.count, let entry = mappings[0].first else {
            let names = elements.compactMap { $0.scalar?.text }
            let areInputs = RouteInput.Group(rawValue: key) != nil && names.count == elements.count
            guard areInputs, names.allSatisfy(SwiftIdentifierRules.isIdentifier) else { return nil }
            return "write the type of each, such as '\(key): \(inputs(names))'"
        }
        if mappings[0].count > 1, ["name", "id", "key", "route"].contains(entry.key),
            let name = entry.value.scalar?.text
        {
            return "write '\(name):' in place of '- \(entry.key): \(name)', with its keys indented below"
        }
        let inner = mappings.compactMap { mapping($0)?.dropFirst(2).dropLast(2) }
        if node.isInBrackets {
            return inner.count == mappings.count
                ? "write '\(key): { \(inner.joined(separator: ", ")) }'" : "leave out the '[' and ']'"
        }
        let others = elements.count == 1 ? "" : ", and each other '- ' of the list"
        return first.isInBraces
            ? "write '\(entry.key):' without '- ' and braces" : "remove the '- ' before '\(entry.key)'\(others)"
    }
}
