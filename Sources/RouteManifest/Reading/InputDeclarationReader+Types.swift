import RouteModel

extension InputDeclarationReader {
    /// Reads an input that is written as a type alone.
    func typeAlone(_ entry: YAMLEntry, _ group: RouteInput.Group) -> Located<InputType>? {
        let what = "input '\(entry.key)'"
        if entry.value.isNull, entry.value.scalar?.text.isEmpty ?? false {
            let type = YAMLSuggestions.type(ofInput: entry.key)
            diagnostics.error(
                "\(what) has no value; write its type, such as '\(entry.key): \(type)'",
                at: entry.value.location
            )
            return nil
        }
        let values = entry.value.sequence?.compactMap { $0.scalar?.text } ?? []
        if values.count > 1, values.allSatisfy({ Self.meant($0) == nil }) {
            diagnostics.error(
                "\(what) must be a type or a mapping, not a list; for a choice write { one-of: \(YAMLSuggestions.list(values)) }",
                at: entry.value.location
            )
            return nil
        }
        return type(entry.value, named: what, expected: "a type or a mapping", in: group)
    }

    func type(
        _ node: YAMLNode,
        named what: String,
        expected expectation: String,
        in group: RouteInput.Group
    ) -> Located<InputType>? {
        if let elements = node.sequence, elements.count == 1, let element = elements[0].scalar,
            InputType.Scalar(rawValue: element.text) != nil
        {
            diagnostics.error("\(what): write the list type in quotes: \"[\(element.text)]\"", at: node.location)
            return nil
        }
        guard let scalar = reader.scalar(node, named: what, expected: expectation) else { return nil }
        guard let type = InputType(notation: scalar.text) else {
            reportUnknownType(scalar, group: group, isAlone: what != "'type'")
            return nil
        }
        guard type.scalar != .json || group == .body else {
            diagnostics.error(
                "type '\(type)' is for inputs under 'body' only; write 'string' and cast it in SQL, such as "
                    + "':filter::jsonb'",
                at: scalar.location
            )
            return nil
        }
        return Located(value: type, location: scalar.location)
    }

    /// The type that an input's other keys suggest.
    static func likelyType(_ name: String, _ parts: Parts) -> String {
        let value = ["default", "min", "max"].lazy.compactMap { parts.values[$0]?.value.scalar?.text }.first
        guard let value else {
            return parts.values["min-length"] == nil && parts.values["max-length"] == nil
                ? YAMLSuggestions.type(ofInput: name) : "string"
        }
        return type(ofValue: value)?.type ?? "string"
    }

    /// Reports an unknown type, and suggests the one that is probably meant.
    ///
    /// - Parameter isAlone: `true` if the type is written without other keys.
    func reportUnknownType(_ scalar: YAMLScalar, group: RouteInput.Group, isAlone: Bool) {
        let text = scalar.text
        if let (type, value) = Self.type(ofValue: text) {
            let cure =
                group == .path || group == .context
                ? "write '\(type)'"
                : isAlone
                    ? "write { type: \(type), default: \(value) }" : "write 'type: \(type)' and 'default: \(value)'"
            diagnostics.error("'\(text)' is not a type; \(cure)", at: scalar.location)
            return
        }
        let hint =
            Self.typeHint(for: text, group: group, isAlone: isAlone) ?? "; the types are \(Self.names(for: group))"
        diagnostics.error("unknown type '\(text)'\(hint)", at: scalar.location)
    }

    private static func names(for group: RouteInput.Group) -> String {
        let names = InputType.Scalar.allCases.filter { $0 != .json || group == .body }.map(\.rawValue)
        return "\(names.joined(separator: ", ")), and lists of them such as \"[int]\""
    }

    private static func typeHint(for text: String, group: RouteInput.Group, isAlone: Bool) -> String? {
        let word = text.lowercased()
        if ["array", "list", "set", "sequence"].contains(word) {
            return " (a list is written with its elements' type, such as \"[int]\")"
        }
        if ["enum", "enumeration"].contains(word) {
            return isAlone
                ? " (write { one-of: [ a, b ] } with the values in place of it)"
                : " (leave 'type' out, and list the values: one-of: [ a, b ])"
        }
        if text.hasSuffix("?"), let type = meant(String(text.dropLast())) {
            let cannotBeAbsent = group == .path
            if cannotBeAbsent { return " (write '\(type)')" }
            return isAlone
                ? " (write { type: \(type), optional: true })" : " (write 'type: \(type)' and 'optional: true')"
        }
        if let element = elementType(of: text) { return meant(element).map { " (write \"[\($0)]\", in quotes)" } }
        if let opening = text.firstIndex(of: "("), text.hasSuffix(")") {
            let length = text[text.index(after: opening)...].dropLast().filter { $0 != " " }
            guard let type = meant(text[..<opening].trimmingBlanks) else { return nil }
            guard type == "string", Int(length) != nil else { return " (write '\(type)')" }
            return isAlone
                ? " (write { type: string, max-length: \(length) })"
                : " (write 'type: string' and 'max-length: \(length)')"
        }
        if text.hasPrefix("["), text.hasSuffix("]") {
            return meant(String(text.dropFirst().dropLast())).map { " (did you mean '[\($0)]'?)" }
        }
        return meant(text).map { " (did you mean '\($0)'?)" }
    }

    /// The type of the elements of `int[]`, `Array<Int>` and `list[int]`.
    private static func elementType(of text: String) -> String? {
        if text.hasSuffix("[]") { return String(text.dropLast(2)) }
        let word = text.lowercased()
        for name in ["array", "list", "set", "sequence"] where word.hasPrefix(name) {
            let rest = text.dropFirst(name.count)
            guard let first = rest.first, let last = rest.last, rest.count > 2 else { continue }
            if ["<>", "[]", "()"].contains("\(first)\(last)") { return String(rest.dropFirst().dropLast()) }
        }
        return nil
    }

    /// The type that a word probably means.
    static func meant(_ word: String) -> String? {
        let names = InputType.Scalar.allCases.map(\.rawValue)
        let lowered = word.lowercased()
        if names.contains(lowered) { return lowered }
        return otherTypeNames[lowered.filter { !"-_ ".contains($0) }]
            ?? MisspellingSuggestion.closest(to: word, among: names)
    }

    /// Names of the types in other languages.
    private static let otherTypeNames = [
        "integer": "int", "int64": "int", "bigint": "int", "long": "int", "int8": "int", "uint": "int", "serial": "int",
        "bigserial": "int", "short": "int32", "smallint": "int32", "int2": "int32", "int4": "int32", "int16": "int32",
        "number": "double", "float": "double", "real": "double", "float4": "double", "float8": "double",
        "doubleprecision": "double", "numeric": "decimal", "money": "decimal", "boolean": "bool", "text": "string",
        "str": "string", "char": "string", "varchar": "string", "character": "string", "charactervarying": "string",
        "citext": "string", "datetime": "timestamp", "timestamptz": "timestamp", "timestampwithtimezone": "timestamp",
        "instant": "timestamp", "guid": "uuid", "jsonb": "json", "object": "json", "dictionary": "json", "map": "json",
    ]

    /// The type of a text that is a value rather than a type, and the value.
    static func type(ofValue text: String) -> (type: String, value: String)? {
        if ["true", "false"].contains(text) { return ("bool", text) }
        guard let first = text.utf8.first(where: { $0 != UInt8(ascii: "-") }), first.isASCIIDigit else {
            return nil
        }
        if Int(text) != nil { return ("int", text) }
        return Double(text) != nil ? ("double", text) : nil
    }
}

extension Substring {
    /// The text without blanks at its ends.
    fileprivate var trimmingBlanks: String {
        let rest = drop { $0 == " " }
        return String(rest.reversed().drop { $0 == " " }.reversed())
    }
}
