/// A value and where it was written.
struct Located<Value> {
    var value: Value
    var location: Location
}

/// Reads nodes as values of a kind and reports those that are not.
struct NodeReader {
    let diagnostics: Diagnostics

    /// A scalar that is not empty. `what` names it in messages: `'ttl'`.
    func scalar(_ node: YAMLNode, _ what: String, _ expectation: String = "a single value") -> YAMLScalar? {
        guard let scalar = node.scalar else {
            diagnostics.error("\(what) must be \(expectation), not \(node.kindName)", at: node.location)
            return nil
        }
        guard !scalar.isNull else {
            let spelling = scalar.text.isEmpty ? "" : "; put '\(scalar.text)' in quotes if it is meant as text"
            diagnostics.error("\(what) has no value\(spelling)", at: node.location)
            return nil
        }
        if let tag = scalar.foreignTag {
            diagnostics.error("\(what) must be written without the YAML tag '\(tag)'", at: node.location)
            return nil
        }
        return scalar
    }

    func text(_ node: YAMLNode, _ what: String) -> Located<String>? {
        scalar(node, what).map { Located(value: $0.text, location: $0.location) }
    }

    /// Text that can stand in one line of a comment.
    func line(_ node: YAMLNode, _ what: String) -> Located<String>? {
        guard let text = text(node, what) else { return nil }
        guard text.value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            diagnostics.error("\(what) must be one line of text", at: text.location)
            return nil
        }
        return text
    }

    func bool(_ node: YAMLNode, _ what: String) -> Located<Bool>? {
        guard let scalar = scalar(node, what, "true or false") else { return nil }
        switch scalar.text {
        case "true": return Located(value: true, location: scalar.location)
        case "false": return Located(value: false, location: scalar.location)
        default:
            let isYes = ["yes", "on", "y", "true", "1"].contains(scalar.text.lowercased())
            let isNo = ["no", "off", "n", "false", "0"].contains(scalar.text.lowercased())
            let hint = isYes ? " (write 'true')" : isNo ? " (write 'false')" : ""
            diagnostics.error("\(what) must be true or false, not '\(scalar.text)'\(hint)", at: scalar.location)
            return nil
        }
    }

    func integer(_ node: YAMLNode, _ what: String, atLeast minimum: Int) -> Located<Int>? {
        guard let scalar = scalar(node, what, "a whole number") else { return nil }
        let isNumber = scalar.text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard isNumber, let number = Int(scalar.text), number >= minimum else {
            diagnostics.error(
                "\(what) must be a whole number of at least \(minimum), not '\(scalar.text)'",
                at: scalar.location
            )
            return nil
        }
        return Located(value: number, location: scalar.location)
    }

    func duration(_ node: YAMLNode, _ what: String, canBeZero: Bool = false) -> Located<Duration>? {
        guard let scalar = scalar(node, what, "a duration") else { return nil }
        do throws(Quantities.Problem) {
            let duration = try Quantities.duration(scalar.text)
            guard canBeZero || duration > .zero else {
                diagnostics.error("\(what) must be longer than zero", at: scalar.location)
                return nil
            }
            return Located(value: duration, location: scalar.location)
        } catch {
            diagnostics.error(error.message, at: scalar.location)
            return nil
        }
    }

    func size(_ node: YAMLNode, _ what: String) -> Located<Int>? {
        guard let scalar = scalar(node, what, "a size") else { return nil }
        do throws(Quantities.Problem) {
            let size = try Quantities.size(scalar.text)
            guard size > 0 else {
                diagnostics.error("\(what) must be larger than zero", at: scalar.location)
                return nil
            }
            return Located(value: size, location: scalar.location)
        } catch {
            diagnostics.error(error.message, at: scalar.location)
            return nil
        }
    }

    /// One of a closed set. Names in `later` are known, but what they stand for is not built.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ node: YAMLNode,
        _ what: String,
        _: Choice.Type = Choice.self,
        later: [String] = []
    ) -> Located<Choice>? {
        let names = Choice.allCases.map(\.rawValue)
        guard let scalar = scalar(node, what, "one of \(names.joined(separator: ", "))") else { return nil }
        if let choice = Choice(rawValue: scalar.text) { return Located(value: choice, location: scalar.location) }
        if later.contains(scalar.text) {
            diagnostics.error("\(what): '\(scalar.text)' is not supported yet", at: scalar.location)
        } else {
            let hint = Suggestion.text(for: scalar.text, among: names)
            diagnostics.error(
                "\(what) must be \(names.count == 1 ? names[0] : "one of " + names.joined(separator: ", ")), "
                    + "not '\(scalar.text)'\(hint)",
                at: scalar.location
            )
        }
        return nil
    }

    func mapping(_ node: YAMLNode, _ what: String, _ expectation: String = "a mapping") -> [YAMLEntry]? {
        if let entries = node.mapping { return entries }
        diagnostics.error("\(what) must be \(expectation), not \(node.kindName)", at: node.location)
        return nil
    }

    func sequence(_ node: YAMLNode, _ what: String) -> [YAMLNode]? {
        if let elements = node.sequence { return elements }
        diagnostics.error("\(what) must be a list, not \(node.kindName)", at: node.location)
        return nil
    }
}
