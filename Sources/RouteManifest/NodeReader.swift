import RouteModel

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
            let hint = Self.boolHint(scalar.text) ?? ""
            diagnostics.error("\(what) must be true or false, not '\(scalar.text)'\(hint)", at: scalar.location)
            return nil
        }
    }

    /// What to write for a word that means true or false elsewhere.
    static func boolHint(_ text: String) -> String? {
        switch text.lowercased() {
        case "yes", "on", "y", "true", "1": " (write 'true')"
        case "no", "off", "n", "false", "0": " (write 'false')"
        default: nil
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
        guard let duration = quantity(node, what, "a duration", Quantities.duration) else { return nil }
        guard canBeZero || duration.value > .zero else {
            diagnostics.error("\(what) must be longer than zero", at: duration.location)
            return nil
        }
        return duration
    }

    func size(_ node: YAMLNode, _ what: String) -> Located<Int>? {
        guard let size = quantity(node, what, "a size", Quantities.size) else { return nil }
        guard size.value > 0 else {
            diagnostics.error("\(what) must be larger than zero", at: size.location)
            return nil
        }
        return size
    }

    func percentage(_ node: YAMLNode, _ what: String) -> Located<Int>? {
        quantity(node, what, "a percentage", Quantities.percentage)
    }

    private func quantity<Value>(
        _ node: YAMLNode,
        _ what: String,
        _ expectation: String,
        _ parse: (String) throws(Quantities.Problem) -> Value
    ) -> Located<Value>? {
        guard let scalar = scalar(node, what, expectation) else { return nil }
        do throws(Quantities.Problem) {
            return Located(value: try parse(scalar.text), location: scalar.location)
        } catch {
            diagnostics.error(error.message, at: scalar.location)
            return nil
        }
    }

    /// A value of an input, as it is printed in keys.
    func canonical(_ node: YAMLNode, _ what: String, _ input: Input) -> String? {
        let expectation = input.type.scalar == .json ? "JSON in quotes, such as '{}'" : "a single value"
        guard let scalar = scalar(node, what, expectation) else { return nil }
        do throws(InputViolation) {
            return try input.canonical(scalar.text)
        } catch {
            diagnostics.error("\(what) \(error): '\(scalar.text)'", at: scalar.location)
            return nil
        }
    }

    /// One of a closed set.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ node: YAMLNode,
        _ what: String,
        _: Choice.Type = Choice.self,
        otherNames: OtherNames = OtherNames()
    ) -> Located<Choice>? {
        let names = Choice.allCases.map(\.rawValue)
        guard let scalar = scalar(node, what, "one of \(names.joined(separator: ", "))") else { return nil }
        if let choice = Choice(rawValue: scalar.text) { return Located(value: choice, location: scalar.location) }
        let hint =
            otherNames.hint(for: scalar.text, supported: names) ?? Suggestion.text(for: scalar.text, among: names)
        diagnostics.error(
            "\(what) must be \(names.count == 1 ? names[0] : "one of " + names.joined(separator: ", ")), "
                + "not '\(scalar.text)'\(hint)",
            at: scalar.location
        )
        return nil
    }

    func mapping(_ node: YAMLNode, _ what: String, _ expectation: String = "a mapping") -> [YAMLEntry]? {
        if let entries = node.mapping { return entries }
        diagnostics.error("\(what) must be \(expectation), not \(node.kindName)", at: node.location)
        return nil
    }

    func sequence(_ node: YAMLNode, _ what: String, _ expectation: String = "a list") -> [YAMLNode]? {
        if let elements = node.sequence { return elements }
        diagnostics.error("\(what) must be \(expectation), not \(node.kindName)", at: node.location)
        return nil
    }
}
