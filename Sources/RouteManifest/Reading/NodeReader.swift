import RouteModel

/// Reads nodes as values of a type, and reports those that have another one.
///
/// The argument `what` is the node's name in messages, such as `'ttl'`. Each method returns `nil` after reporting an
/// error.
struct NodeReader {
    let diagnostics: Diagnostics
    /// Values of settings for messages, such as `60s`, by the settings' names.
    var settingExamples: [String: String] = [:]

    /// Reads a scalar that is not empty.
    func scalar(_ node: YAMLNode, named what: String, expected expectation: String = "a single value") -> YAMLScalar? {
        guard let scalar = node.scalar else {
            diagnostics.error(
                "\(what) must be \(expectation), not \(node.kindName)\(cure(forScalar: node, what))",
                at: node.location
            )
            return nil
        }
        guard !scalar.isNull else {
            let spelling =
                scalar.text.isEmpty
                ? example(of: what).map {
                    "; write one, such as '\($0)'\(Self.required.contains(what) ? "" : ", or leave it out")"
                } ?? ""
                : "; put '\(scalar.text)' in quotes if it is meant as text"
            diagnostics.error("\(what) has no value\(spelling)", at: node.location)
            return nil
        }
        if let tag = scalar.foreignTag {
            diagnostics.error(
                "\(what) must be written without the YAML tag '\(tag)': leave it out",
                at: node.location
            )
            return nil
        }
        return scalar
    }

    /// The suggestion at the end of the message about a list or a mapping in the place of a single value.
    private func cure(forScalar node: YAMLNode, _ what: String) -> String {
        let key = what.hasPrefix("'") && what.hasSuffix("'") ? "\(what.dropFirst().dropLast()): " : ""
        if let elements = node.sequence, elements.count == 1, let only = elements[0].scalar, !only.isNull {
            return "; write '\(key)\(YAMLSuggestions.text(only.text))'"
        }
        return example(of: what).map { "; write it as in '\($0)'" } ?? ""
    }

    private static let required: Set<String> = [
        "'version'", "'namespace'", "'message'", "'get'", "'post'", "'put'", "'patch'", "'delete'", "'sql-file'",
        "'handler'", "'every'", "'type'",
    ]

    /// An example of a key with a single value.
    private func example(of what: String) -> String? {
        guard what.hasPrefix("'"), what.hasSuffix("'") else { return nil }
        let key = String(what.dropFirst().dropLast())
        return (settingExamples[key] ?? Self.examples[key]).map { "\(key): \($0)" }
    }

    /// Example values of the keys that are not settings.
    private static let examples = [
        "version": "1", "namespace": "shop", "access": "public", "base-path": "/api/v1",
        "message": "That name is taken.", "summary": "List users", "every": "30m", "at-start": "false",
        "min-interval": "1s", "cache": "60s", "type": "int", "from": "page-size", "optional": "true",
        "nullable": "true", "min": "1", "max": "100", "min-length": "1", "max-length": "100", "get": "/users",
        "post": "/users", "put": "/users/{id}", "patch": "/users/{id}", "delete": "/users/{id}",
        "sql-file": "sql/list_users.sql", "handler": "swift",
    ]

    func text(_ node: YAMLNode, named what: String) -> Located<String>? {
        scalar(node, named: what).map { Located(value: $0.text, location: $0.location) }
    }

    /// Reads text that fits on one line of a comment.
    func line(_ node: YAMLNode, named what: String) -> Located<String>? {
        guard let text = text(node, named: what) else { return nil }
        guard text.value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            diagnostics.error(
                "\(what) must be one line of text; join its lines, without '|' and line breaks",
                at: text.location
            )
            return nil
        }
        return text
    }

    func bool(_ node: YAMLNode, named what: String) -> Located<Bool>? {
        guard let scalar = scalar(node, named: what, expected: "true or false") else { return nil }
        switch scalar.text {
        case "true": return Located(value: true, location: scalar.location)
        case "false": return Located(value: false, location: scalar.location)
        default:
            let hint = Self.boolHint(scalar.text) ?? " (write '\(what.filter { $0 != "'" }): true', or leave it out)"
            diagnostics.error("\(what) must be true or false, not '\(scalar.text)'\(hint)", at: scalar.location)
            return nil
        }
    }

    /// The suggestion for a word that means true or false elsewhere.
    static func boolHint(_ text: String) -> String? {
        switch text.lowercased() {
        case "yes", "on", "y", "true", "1": " (write 'true')"
        case "no", "off", "n", "false", "0": " (write 'false')"
        default: nil
        }
    }

    /// Reads a whole number.
    ///
    /// - Parameters:
    ///   - range: the allowed numbers.
    ///   - expectation: the allowed numbers in words.
    func integer(
        _ node: YAMLNode,
        named what: String,
        in range: ClosedRange<Int> = 0...Int.max,
        expected expectation: String = "a whole number such as 0 or 100"
    ) -> Located<Int>? {
        guard let scalar = scalar(node, named: what, expected: expectation) else { return nil }
        let isNumber = scalar.text.utf8.allSatisfy(\.isASCIIDigit)
        guard isNumber, let number = Int(scalar.text), range.contains(number) else {
            let meant = isNumber ? nil : Self.number(in: scalar.text).flatMap { range.contains($0) ? $0 : nil }
            diagnostics.error(
                "\(what) must be \(expectation), not '\(scalar.text)'\(meant.map { " (write '\($0)')" } ?? "")",
                at: scalar.location
            )
            return nil
        }
        return Located(value: number, location: scalar.location)
    }

    /// The number at the start of a text, as in `201 Created` and `10_000`.
    private static func number(in text: String) -> Int? {
        let digits = text.filter { $0 != "_" }.prefix { $0.isASCII && $0.isNumber }
        return Int(digits)
    }

    func duration(_ node: YAMLNode, named what: String, canBeZero: Bool = false) -> Located<Duration>? {
        guard let duration = quantity(node, named: what, expected: "a duration", by: QuantityParser.duration) else {
            return nil
        }
        guard canBeZero || duration.value > .zero else {
            diagnostics.error("\(what) must be longer than zero, such as '1s'", at: duration.location)
            return nil
        }
        return duration
    }

    func size(_ node: YAMLNode, named what: String) -> Located<Int>? {
        guard let size = quantity(node, named: what, expected: "a size", by: QuantityParser.size) else { return nil }
        guard size.value > 0 else {
            diagnostics.error("\(what) must be larger than zero, such as '64KiB'", at: size.location)
            return nil
        }
        return size
    }

    func percentage(_ node: YAMLNode, named what: String) -> Located<Int>? {
        quantity(node, named: what, expected: "a percentage", by: QuantityParser.percentage)
    }

    private func quantity<Value>(
        _ node: YAMLNode,
        named what: String,
        expected expectation: String,
        by parse: (String) throws(QuantityParser.ParsingError) -> Value
    ) -> Located<Value>? {
        guard let scalar = scalar(node, named: what, expected: expectation) else { return nil }
        do throws(QuantityParser.ParsingError) {
            return Located(value: try parse(scalar.text), location: scalar.location)
        } catch {
            diagnostics.error(error.message, at: scalar.location)
            return nil
        }
    }

    /// Reads a value of an input in its canonical form, which keys contain.
    func canonical(_ node: YAMLNode, named what: String, of input: RouteInput) -> String? {
        let expectation = input.type.scalar == .json ? "JSON in quotes, such as '{}'" : "a single value"
        guard let scalar = scalar(node, named: what, expected: expectation) else { return nil }
        do throws(InputError) {
            return try input.canonical(scalar.text)
        } catch {
            let hint =
                what == "'default'" ? Self.hint(forDefault: scalar.text, input) : Self.hint(for: scalar.text, input)
            let separator = "\(error)".hasPrefix("must be") ? ", not" : ":"
            diagnostics.error("\(what) \(error)\(separator) '\(scalar.text)'\(hint)", at: scalar.location)
            return nil
        }
    }

    /// The suggestion at the end of the message about an invalid default. A time that depends on the request needs SQL.
    private static func hint(forDefault text: String, _ input: RouteInput) -> String {
        let words = [
            "today", "now", "now()", "current_date", "currentdate", "current_timestamp", "current", "yesterday",
        ]
        let isTime = input.type.scalar == .date || input.type.scalar == .timestamp
        guard isTime, !input.type.isList, words.contains(text.lowercased()) else { return hint(for: text, input) }
        let function = input.type.scalar == .date ? "current_date" : "now()"
        let cure = "write 'optional: true' in place of it, and 'coalesce(:\(input.name), \(function))' in the SQL"
        return "; for the \(input.type.scalar == .date ? "day" : "time") of the request \(cure)"
    }

    /// The suggestion at the end of the message about an invalid value.
    private static func hint(for text: String, _ input: RouteInput) -> String {
        if !input.oneOf.isEmpty { return MisspellingSuggestion.text(for: text, among: input.oneOf) }
        switch input.type.scalar.kind {
        case .bool: return boolHint(text) ?? ""
        case .int, .int32, .double, .decimal:
            let number = text.filter { $0 != "_" && $0 != "," && $0 != " " }
            let isValue = number != text && (try? input.canonical(number)) != nil
            return isValue ? " (write '\(number)')" : ""
        default: return ""
        }
    }

    /// Reads a choice by its spelling in a manifest.
    func choice<Choice: ExtensibleEnum>(
        _ node: YAMLNode,
        named what: String,
        otherNames: OtherToolKeyNames = OtherToolKeyNames(),
        hint other: (String) -> String? = { _ in nil }
    ) -> Located<Choice>? {
        let kind: Located<Choice.Kind>? = choice(node, named: what, otherNames: otherNames, hint: other)
        return kind?.map(Choice.init)
    }

    /// Reads one of a closed set of choices.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ node: YAMLNode,
        named what: String,
        of _: Choice.Type = Choice.self,
        otherNames: OtherToolKeyNames = OtherToolKeyNames(),
        hint other: (String) -> String? = { _ in nil }
    ) -> Located<Choice>? {
        let names = Choice.allCases.map(\.rawValue)
        let quoted = names.map { "'\($0)'" }
        let choices =
            quoted.count == 1
            ? quoted[0] : "\(quoted.dropLast().joined(separator: ", ")) or \(quoted[quoted.count - 1])"
        guard let scalar = scalar(node, named: what, expected: choices) else { return nil }
        if let choice = Choice(rawValue: scalar.text) { return Located(value: choice, location: scalar.location) }
        let hint =
            otherNames.hint(for: scalar.text, supported: names) ?? other(scalar.text)
            ?? MisspellingSuggestion.text(for: scalar.text, among: names)
        diagnostics.error("\(what) must be \(choices), not '\(scalar.text)'\(hint)", at: scalar.location)
        return nil
    }

    /// Reads the entries of a mapping.
    ///
    /// - Parameter cure: the suggestion at the end of the message about another node.
    func mapping(
        _ node: YAMLNode,
        named what: String,
        expected expectation: String = "a mapping",
        cure: String? = nil
    ) -> [YAMLEntry]? {
        if let entries = node.mapping { return entries }
        let key = what.split(separator: " ").last.map { $0.filter { $0 != "'" } } ?? ""
        let ending = (YAMLSuggestions.cure(forList: node, key) ?? cure).map { "; \($0)" } ?? ""
        diagnostics.error("\(what) must be \(expectation), not \(node.kindName)\(ending)", at: node.location)
        return nil
    }

    /// Reads the elements of a list.
    ///
    /// - Parameters:
    ///   - what: the name of the list in messages: its key in quotes.
    ///   - elements: the kind of its elements, in the plural.
    ///   - example: elements for messages if the node suggests none.
    ///   - canBeOff: `true` if `off`, which the caller reads, may stand for the list.
    ///   - separators: the characters that separate elements in a text.
    func list(
        _ node: YAMLNode,
        named what: String,
        of elements: String,
        example: [String],
        canBeOff: Bool = false,
        separators: String = ",;|"
    ) -> [YAMLNode]? {
        if let elements = node.sequence { return elements }
        let key = what.hasPrefix("'") ? "\(what.filter { $0 != "'" }): " : ""
        let meant = YAMLSuggestions.elements(of: node, separators: separators)
        let none = ["false", "no", "none", "never", "null", "~", "[]"]
        let cure: String
        if canBeOff, let word = node.scalar?.text.lowercased(), none.contains(word) || word == "off" {
            cure = "write '\(key)off'"
        } else if meant.isEmpty {
            cure = "write it as in '\(key)\(YAMLSuggestions.list(example))'"
        } else {
            cure = "write '\(key)\(YAMLSuggestions.list(meant))'"
        }
        diagnostics.error("\(what) must be a list of \(elements), not \(node.kindName); \(cure)", at: node.location)
        return nil
    }
}
