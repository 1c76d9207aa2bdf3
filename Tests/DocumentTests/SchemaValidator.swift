import RouteDocuments

/// Validates documents by the part of JSON Schema (draft-07) that the schema of manifests uses.
struct SchemaValidator {
    private let root: Document

    /// - Parameter schema: the whole schema, whose definitions others refer to.
    init(_ schema: Document) { root = schema }

    /// Tells whether a document is valid by the whole schema.
    func accepts(_ document: Document) -> Bool { accepts(document, by: root) }

    /// Tells whether a document is valid by a definition of the schema.
    func accepts(_ document: Document, byDefinition name: String) -> Bool {
        guard let schema = root["definitions"]?[name] else { preconditionFailure("no definition '\(name)'") }
        return accepts(document, by: schema)
    }

    private func accepts(_ document: Document, by schema: Document) -> Bool {
        guard case .object(let keywords) = schema else { return schema == true }
        return keywords.allSatisfy { accepts(document, keyword: $0.name, $0.value, in: schema) }
    }

    private func accepts(_ document: Document, keyword: String, _ value: Document, in schema: Document) -> Bool {
        switch keyword {
        case "$schema", "title", "description", "definitions", "then", "else": return true
        case "$ref":
            guard case .string(let reference) = value else { return false }
            return accepts(document, byDefinition: String(reference.dropFirst("#/definitions/".count)))
        case "type": return types(value).contains { isOf($0, document) }
        case "enum": return elements(value).contains(document)
        case "const": return value == document
        case "anyOf": return elements(value).contains { accepts(document, by: $0) }
        case "oneOf": return elements(value).count { accepts(document, by: $0) } == 1
        case "allOf": return elements(value).allSatisfy { accepts(document, by: $0) }
        case "not": return !accepts(document, by: value)
        case "if":
            return schema[accepts(document, by: value) ? "then" : "else"].map { accepts(document, by: $0) } ?? true
        default: break
        }
        switch document {
        case .string(let text):
            switch keyword {
            case "pattern": return matches(text, value)
            case "minLength": return text.unicodeScalars.count >= number(value)
            default: return isForOthers(keyword)
            }
        case .number(let text):
            switch keyword {
            case "minimum": return Int(text).map { $0 >= number(value) } ?? true
            case "maximum": return Int(text).map { $0 <= number(value) } ?? true
            default: return isForOthers(keyword)
            }
        case .array(let elements):
            switch keyword {
            case "items": return elements.allSatisfy { accepts($0, by: value) }
            case "uniqueItems": return value == false || Set(elements).count == elements.count
            case "minItems": return elements.count >= number(value)
            case "maxItems": return elements.count <= number(value)
            default: return isForOthers(keyword)
            }
        case .object(let members):
            switch keyword {
            case "required":
                return self.elements(value).allSatisfy { name in members.contains { .string($0.name) == name } }
            case "properties":
                return members.allSatisfy { member in value[member.name].map { accepts(member.value, by: $0) } ?? true }
            case "additionalProperties":
                return members.allSatisfy {
                    schema["properties"]?[$0.name] != nil || accepts($0.value, by: value)
                }
            case "propertyNames": return members.allSatisfy { accepts(.string($0.name), by: value) }
            case "minProperties": return members.count >= number(value)
            default: return isForOthers(keyword)
            }
        case .bool, .null: return isForOthers(keyword)
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
