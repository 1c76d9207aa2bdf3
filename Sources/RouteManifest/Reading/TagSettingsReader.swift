import RouteModel

/// Reads `tags` and `invalidates`.
struct TagSettingsReader {
    let reader: NodeReader

    /// The maximum number of tags of a route.
    private static let limit = 100

    private var diagnostics: Diagnostics { reader.diagnostics }

    /// Reads the setting. The result is a list even after an error, so that the route is not checked against a default
    /// that it replaces.
    func read(_ node: YAMLNode, _ what: String) -> [DraftTag] {
        // Turns a default off.
        if node.scalar?.text == "off" { return [] }
        let example = ["users", "user:{id}"]
        guard let elements = reader.list(node, named: what, of: "tags", example: example, canBeOff: true) else {
            return []
        }
        if elements.count > Self.limit {
            diagnostics.error(
                "\(what) has \(elements.count) tags; a route has at most \(Self.limit)",
                at: elements[Self.limit].location
            )
        }
        var tags: [DraftTag] = []
        var first: [TagTemplate: Location] = [:]
        for element in elements.prefix(Self.limit) {
            guard let tag = tag(element, what) else { continue }
            if let earlier = first[tag.template] {
                diagnostics.error(
                    "\(what) has the tag '\(tag.template)' twice; remove one",
                    at: tag.location,
                    notes: [.init("first here", at: earlier)]
                )
            } else {
                first[tag.template] = tag.location
                tags.append(tag)
            }
        }
        return tags
    }

    private func tag(_ node: YAMLNode, _ what: String) -> DraftTag? {
        // Without quotes, YAML takes the braces at the start of a tag, or of one in a list in brackets, for a mapping.
        let expectation = "text, in quotes where it has braces"
        guard let scalar = reader.scalar(node, named: "a tag of \(what)", expected: expectation) else { return nil }
        guard !scalar.text.isEmpty else {
            diagnostics.error("a tag of \(what) is empty; write one such as 'users', or remove it", at: scalar.location)
            return nil
        }
        let places = scalar.places
        do throws(TagError) {
            let inputs = try Self.inputs(of: Array(scalar.text.unicodeScalars))
            return DraftTag(
                template: TagTemplate(scalar.text),
                location: scalar.location,
                inputs: inputs.map { ($0.name, places.location(ofScalar: $0.offset)) }
            )
        } catch {
            diagnostics.error("\(what): \(error.message)", at: places.location(ofScalar: error.offset))
            return nil
        }
    }

    private struct TagError: Error {
        var message: String
        var offset: Int
    }

    private static func inputs(of text: [Unicode.Scalar]) throws(TagError) -> [(name: String, offset: Int)] {
        var inputs: [(name: String, offset: Int)] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case "{":
                guard let close = text[index...].firstIndex(of: "}"), !text[index..<close].dropFirst().contains("{")
                else { throw TagError(message: unclosed(text[(index + 1)...]), offset: index) }
                let name = SourceText.string(text[(index + 1)..<close])
                guard SwiftIdentifierRules.isIdentifier(name) else {
                    throw TagError(
                        message: "'{\(name)}': braces hold the name of an input; write '{\(inputName(in: name))}'",
                        offset: index
                    )
                }
                inputs.append((name, index))
                index = close
            case "*":
                throw TagError(message: wildcard(text[..<index]), offset: index)
            case "}": throw TagError(message: "'}' has no '{' before it; remove it", offset: index)
            case let scalar:
                guard scalar.isASCII, TagTemplate.allows(UInt8(scalar.value)) else {
                    throw TagError(message: refusal(of: scalar, at: index, in: text), offset: index)
                }
            }
            index += 1
        }
        return inputs
    }

    /// The message about an opening brace without a closing one.
    private static func unclosed(_ rest: ArraySlice<Unicode.Scalar>) -> String {
        let name = inputName(in: SourceText.string(rest.prefix { $0 != "}" }))
        let isDouble = rest.first == "{"
        return isDouble
            ? "an input has one brace on each side; write '{\(name)}'" : "'{' is not closed; write '{\(name)}'"
    }

    /// The name of an input for a message, from the text in braces.
    private static func inputName(in text: String) -> String {
        let joined = SwiftIdentifierRules.joined(text)
        if text.contains("-"), !text.contains("."), SwiftIdentifierRules.isIdentifier(joined) { return joined }
        let words = text.split { !($0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber))) }.map(String.init)
        return words.last(where: SwiftIdentifierRules.isIdentifier) ?? "id"
    }

    /// The message about a `*`, which depends on the text before it.
    private static func wildcard(_ start: ArraySlice<Unicode.Scalar>) -> String {
        let kept = SourceText.string(start).reversed().drop { ":/.-".contains($0) }.reversed()
        let tag = String(kept)
        guard !tag.isEmpty else {
            return "tags have no wildcards; write a tag that all of these answers have, such as 'users'"
        }
        return "tags have no wildcards; write '\(tag)', and give that tag to all of these answers"
    }

    /// The message about a character that is not allowed in tags, with a suggestion.
    private static func refusal(of scalar: Unicode.Scalar, at index: Int, in text: [Unicode.Scalar]) -> String {
        let next = index + 1 < text.count ? text[index + 1] : " "
        if "$#".unicodeScalars.contains(scalar), next == "{" {
            let name = inputName(in: SourceText.string(text[(index + 2)...].prefix { $0 != "}" }))
            return "'\(scalar)' is not allowed in a tag; write '{\(name)}' without '\(scalar)'"
        }
        let closers: [Unicode.Scalar: Unicode.Scalar] = ["<": ">", "[": "]", "(": ")"]
        if let closer = closers[scalar], let end = text[index...].firstIndex(of: closer) {
            let inside = text[(index + 1)..<end]
            return "an input stands in braces; write '{\(inputName(in: SourceText.string(inside)))}', not "
                + "'\(SourceText.string(text[index...end]))'"
        }
        let other = YAMLSuggestions.hyphenated(SourceText.string(text[...])) { byte in
            TagTemplate.allows(byte) || "{}".utf8.contains(byte)
        }
        let cure = other.isEmpty ? "" : "; write '\(other)'"
        return "\(description(of: scalar)) is not allowed in a tag (only \(allowed))\(cure)"
    }

    private static let allowed = "A-Z a-z 0-9 _ . - ~ : / @ % + and inputs in braces"

    private static func description(of scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: "an invisible character"
        default: "'\(scalar)'"
        }
    }
}
