import RouteDocuments

/// Validates documents by the part of JSON Schema (draft-07) that the schema of manifests uses.
struct SchemaValidator {
    private let root: Document

    /// - Parameter schema: the whole schema, whose definitions others refer to.
    init(_ schema: Document) { root = schema }

    /// Tells whether a document is valid by the whole schema.
    func accepts(_ document: Document) -> Bool { accepts(document, by: root) }

    /// The places of what is wrong with a document, as validators and editors tell them: the keys and indices that lead there.
    func faults(in document: Document) -> Set<String> { Set(faults(document, by: root, at: "")) }

    /// Tells whether a document is valid by a definition of the schema.
    func accepts(_ document: Document, byDefinition name: String) -> Bool {
        accepts(document, by: definition(name))
    }

    private func definition(_ name: String) -> Document {
        guard let schema = root["definitions"]?[name] else { preconditionFailure("no definition '\(name)'") }
        return schema
    }

    private func accepts(_ document: Document, by schema: Document) -> Bool {
        faults(document, by: schema, at: "").isEmpty
    }

    private func faults(_ document: Document, by schema: Document, at place: String) -> [String] {
        guard case .object(let keywords) = schema else { return schema == true ? [] : [place] }
        return keywords.flatMap { faults(document, keyword: $0.name, $0.value, in: schema, at: place) }
    }

    private func faults(
        _ document: Document,
        keyword: String,
        _ value: Document,
        in schema: Document,
        at place: String
    ) -> [String] {
        func own(_ isValid: Bool) -> [String] { isValid ? [] : [place] }
        switch keyword {
        case "$schema", "title", "description", "definitions", "then", "else": return []
        case "$ref":
            guard case .string(let reference) = value else { return [place] }
            return faults(document, by: definition(String(reference.dropFirst("#/definitions/".count))), at: place)
        case "type": return own(types(value).contains { isOf($0, document) })
        case "enum": return own(elements(value).contains(document))
        case "const": return own(value == document)
        case "anyOf": return own(elements(value).contains { accepts(document, by: $0) })
        case "allOf": return elements(value).flatMap { faults(document, by: $0, at: place) }
        case "not": return own(!accepts(document, by: value))
        case "if":
            let branch = schema[accepts(document, by: value) ? "then" : "else"]
            return branch.map { faults(document, by: $0, at: place) } ?? []
        default: break
        }
        switch document {
        case .string(let text):
            switch keyword {
            case "pattern": return own(matches(text, value))
            case "minLength": return own(text.unicodeScalars.count >= number(value))
            default: return own(isForOthers(keyword))
            }
        case .number(let text):
            switch keyword {
            case "minimum": return own(Int(text).map { $0 >= number(value) } ?? true)
            case "maximum": return own(Int(text).map { $0 <= number(value) } ?? true)
            default: return own(isForOthers(keyword))
            }
        case .array(let elements):
            switch keyword {
            case "items": return elements.enumerated().flatMap { faults($1, by: value, at: "\(place)/\($0)") }
            case "uniqueItems": return own(value == false || Set(elements).count == elements.count)
            case "minItems": return own(elements.count >= number(value))
            case "maxItems": return own(elements.count <= number(value))
            default: return own(isForOthers(keyword))
            }
        case .object(let members):
            func memberFaults(by schema: (String) -> Document?) -> [String] {
                members.flatMap { member in
                    schema(member.name).map { faults(member.value, by: $0, at: "\(place)/\(member.name)") } ?? []
                }
            }
            switch keyword {
            case "required":
                return own(self.elements(value).allSatisfy { name in members.contains { .string($0.name) == name } })
            case "properties": return memberFaults { value[$0] }
            case "additionalProperties": return memberFaults { schema["properties"]?[$0] == nil ? value : nil }
            case "propertyNames":
                return members.filter { !accepts(.string($0.name), by: value) }.map { "\(place)/\($0.name)" }
            case "minProperties": return own(members.count >= number(value))
            default: return own(isForOthers(keyword))
            }
        case .bool, .null: return own(isForOthers(keyword))
        }
    }

    private static let known: Set<String> = [
        "pattern", "minLength", "minimum", "maximum", "items", "uniqueItems", "minItems", "maxItems", "required",
        "properties", "additionalProperties", "propertyNames", "minProperties",
    ]

    /// A keyword is about values of one type, and says nothing of others.
    private func isForOthers(_ keyword: String) -> Bool {
        precondition(Self.known.contains(keyword), "the validator doesn't know '\(keyword)'")
        return true
    }

    private func elements(_ document: Document) -> [Document] {
        if case .array(let elements) = document { elements } else { [] }
    }

    private func types(_ document: Document) -> [Document] {
        if case .array(let elements) = document { elements } else { [document] }
    }

    private func number(_ document: Document) -> Int {
        guard case .number(let text) = document, let number = Int(text) else { preconditionFailure("no number") }
        return number
    }

    private func matches(_ text: String, _ pattern: Document) -> Bool {
        guard case .string(let pattern) = pattern, let regex = try? Regex(pattern).matchingSemantics(.unicodeScalar)
        else {
            preconditionFailure("no pattern: \(pattern)")
        }
        return text.firstMatch(of: regex) != nil
    }

    private func isOf(_ type: Document, _ document: Document) -> Bool {
        switch (type, document) {
        case ("string", .string), ("number", .number), ("boolean", .bool), ("null", .null), ("array", .array),
            ("object", .object):
            true
        case ("integer", .number(let text)): Int(text) != nil
        default: false
        }
    }
}
