import RouteModel

/// A tag before it is known whether a route has its inputs.
struct DraftTag {
    var template: TagTemplate
    var location: Location
    /// The names in braces, with the places of their braces.
    var inputs: [(name: String, location: Location)]
}

/// Reads `tags` and `invalidates`.
struct TagReader {
    let reader: NodeReader

    /// How many tags a route may have.
    private static let limit = 100

    private var diagnostics: Diagnostics { reader.diagnostics }

    /// Reads the setting. There is a list even where all of it is wrong, so that a route is not checked against a default that
    /// it doesn't want.
    func read(_ node: YAMLNode, _ what: String) -> [DraftTag] {
        // Against a default.
        if node.scalar?.text == "off" { return [] }
        let expectation = "off or a list of tags such as [ users, \"user:{id}\" ]"
        guard let elements = reader.sequence(node, what, expectation) else { return [] }
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
        // YAML takes the braces of a tag that begins with them, or stands in brackets, for its own.
        let expectation = "text, in quotes where it has braces"
        guard let scalar = reader.scalar(node, "a tag of \(what)", expectation) else { return nil }
        guard !scalar.text.isEmpty else {
            diagnostics.error("a tag of \(what) is empty", at: scalar.location)
            return nil
        }
        let places = scalar.places
        do throws(Problem) {
            let inputs = try inputs(of: Array(scalar.text.unicodeScalars))
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

    private struct Problem: Error {
        var message: String
        var offset: Int
    }

    private func inputs(of text: [Unicode.Scalar]) throws(Problem) -> [(name: String, offset: Int)] {
        var inputs: [(name: String, offset: Int)] = []
        var index = 0
        while index < text.count {
            switch text[index] {
            case "{":
                guard let close = text[index...].firstIndex(of: "}"), !text[index..<close].dropFirst().contains("{")
                else { throw Problem(message: "'{' is not closed", offset: index) }
                let name = SourceText.string(text[(index + 1)..<close])
                guard SwiftName.isIdentifier(name) else {
                    throw Problem(message: "'{\(name)}' needs the name of an input in its braces", offset: index)
                }
                inputs.append((name, index))
                index = close
            case "*":
                throw Problem(message: "tags have no wildcards; purge a tag that all those routes have", offset: index)
            case "}": throw Problem(message: "'}' has no '{' before it", offset: index)
            case let scalar:
                guard scalar.isASCII, TagTemplate.allows(UInt8(scalar.value)) else {
                    throw Problem(
                        message: "\(Self.description(of: scalar)) is not allowed in a tag (only \(Self.allowed))",
                        offset: index
                    )
                }
            }
            index += 1
        }
        return inputs
    }

    private static let allowed = "A-Z a-z 0-9 _ . - ~ : / @ % + and inputs in braces"

    private static func description(of scalar: Unicode.Scalar) -> String {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: "an invisible character"
        default: "'\(scalar)'"
        }
    }
}
