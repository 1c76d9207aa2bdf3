import RouteModel

/// Reads the inputs of one group.
struct InputDeclarationReader {
    let reader: NodeReader

    var diagnostics: Diagnostics { reader.diagnostics }

    /// The properties of an input as read, before they are checked.
    struct Parts {
        var type: Located<InputType>?
        var source: Located<String>?
        var isOptional: Located<Bool>?
        var isNullable: Located<Bool>?
        var namesOptional = false
        /// Indicates that a key is unknown, and so may stand for one that seems to be missing.
        var hasUnknownKeys = false
        var values: [String: YAMLEntry] = [:]
        var isValid = true
    }

    /// Reads the mapping under `path`, `query`, `header`, `context` or `body`.
    func read(_ node: YAMLNode, _ group: RouteInput.Group) -> [DraftInput] {
        let key = group.rawValue
        let names = YAMLSuggestions.elements(of: node).filter(SwiftIdentifierRules.isIdentifier)
        let form = YAMLSuggestions.inputs(names.isEmpty ? ["id"] : names)
        let cure = node.isNull ? "write '\(key): \(form)', or leave it out" : "write it as in '\(key): \(form)'"
        let entries = reader.mapping(node, named: "'\(key)'", expected: "a mapping of inputs", cure: cure) ?? []
        let misplaced = reportMisplacedKeys(entries, group)
        return entries.compactMap { entry in
            guard !misplaced.keys.contains(entry.key) else { return nil }
            var draft = DraftInput(
                name: entry.key,
                location: entry.keyLocation,
                group: group,
                wireName: Located(value: entry.key, location: entry.keyLocation)
            )
            var parts = Parts()
            if let problem = SwiftIdentifierRules.problem(with: entry.key) {
                let cure = Self.cure(forName: entry.key, group)
                diagnostics.error("an input's name: \(problem)\(cure)", at: entry.keyLocation)
                parts.isValid = false
            }
            guard !misplaced.parents.contains(entry.key) else { return draft }
            readParts(entry, group: group, into: &parts)
            draft.type = parts.type
            if let source = parts.source, !source.value.isEmpty { draft.wireName = source }
            if parts.isNullable?.value ?? false { draft.presenceName = ParameterBinding.presenceName(of: entry.key) }
            // A wrong `nullable` has been reported, and is dropped to check the rest.
            if !parts.isValid { parts.isNullable = nil }
            if let type = parts.type?.value { draft.input = build(entry, group: group, type: type, parts: parts) }
            return draft
        }
    }

    // MARK: - Reading

    private func readParts(_ entry: YAMLEntry, group: RouteInput.Group, into parts: inout Parts) {
        guard case .mapping(let entries) = entry.value.kind else {
            parts.type = typeAlone(entry, group)
            checkGroup(entry, group: group, parts: &parts)
            return
        }
        let keys = MappingKeys.input(entry.key, group)
        let known = keys.known(entries, diagnostics)
        parts.hasUnknownKeys = known.count < entries.count
        if parts.hasUnknownKeys { parts.isValid = false }
        for part in known {
            switch part.key {
            case "type":
                parts.type = type(part.value, named: "'type'", expected: "a type", in: group)
                if parts.type == nil { parts.isValid = false }
            case "from":
                readSource(part.value, group: group, into: &parts)
            case "optional":
                parts.namesOptional = true
                parts.isOptional = reader.bool(part.value, named: "'optional'")
                if parts.isOptional == nil { parts.isValid = false }
            case "nullable":
                parts.isNullable = reader.bool(part.value, named: "'nullable'")
                if parts.isNullable == nil { parts.isValid = false }
            default: parts.values[part.key] = part
            }
        }
        if parts.type == nil, !known.contains(where: { $0.key == "type" }) {
            if let oneOf = parts.values["one-of"] {
                parts.type = Located(value: .string, location: oneOf.keyLocation)
            } else if keys.misses("type", in: entries), keys.misses("one-of", in: entries) {
                fail(
                    "input '\(entry.key)' has no 'type'; add one, such as 'type: \(Self.likelyType(entry.key, parts))'",
                    at: entry.keyLocation,
                    parts: &parts
                )
            }
        }
        checkGroup(entry, group: group, parts: &parts)
    }

    /// Reports keys of an input that are written beside its name instead of under it, after a name without a value.
    ///
    /// - Returns: these keys, and the names of the inputs that they belong to.
    private func reportMisplacedKeys(
        _ entries: [YAMLEntry],
        _ group: RouteInput.Group
    ) -> (keys: Set<String>, parents: Set<String>) {
        var keys: Set<String> = []
        var parents: Set<String> = []
        var parent: YAMLEntry?
        for entry in entries {
            if entry.value.isNull {
                parent = entry
            } else if let name = parent?.key, MappingKeys.input(name, group).supported.contains(entry.key) {
                if parents.insert(name).inserted {
                    diagnostics.error(
                        "'\(entry.key)' is no input here; indent the keys of input '\(name)' deeper than its name",
                        at: entry.keyLocation
                    )
                }
                keys.insert(entry.key)
            } else {
                parent = nil
            }
        }
        return (keys, parents)
    }

    /// Reads `from`, the name of the input in requests.
    private func readSource(_ node: YAMLNode, group: RouteInput.Group, into parts: inout Parts) {
        guard let source = reader.text(node, named: "'from'") else {
            parts.isValid = false
            parts.source = Located(value: "", location: node.location)
            return
        }
        parts.source = source
        if group == .header {
            if let problem = HeaderInputRules.problem(with: source.value) {
                fail(problem, at: source.location, parts: &parts)
            }
        } else if source.value.isEmpty {
            let place = group == .query ? "a query parameter" : "a member of the body"
            fail(
                "'from' is the name of \(place) and cannot be empty; write one, or leave 'from' out",
                at: source.location,
                parts: &parts
            )
        }
    }

    func fail(_ message: String, at location: Location, parts: inout Parts) {
        diagnostics.error(message, at: location)
        parts.isValid = false
    }

    // MARK: - Constraints

    private func build(_ entry: YAMLEntry, group: RouteInput.Group, type: InputType, parts: Parts) -> RouteInput? {
        var parts = parts
        func input(
            minimum: String? = nil,
            maximum: String? = nil,
            minLength: Int? = nil,
            maxLength: Int? = nil,
            oneOf: [String] = [],
            default defaultValue: RouteInput.Default? = nil
        ) -> RouteInput {
            RouteInput(
                group,
                entry.key,
                type,
                from: group == .header || parts.source?.value != entry.key ? parts.source?.value : nil,
                default: defaultValue,
                optional: parts.isOptional?.value ?? false,
                nullable: parts.isNullable?.value ?? false,
                min: minimum,
                max: maximum,
                minLength: minLength,
                maxLength: maxLength,
                oneOf: oneOf
            )
        }
        let minimum = bound("min", type: type, input: input(), parts: &parts)
        let maximum = bound("max", type: type, input: input(minimum: minimum), parts: &parts, below: minimum)
        let minLength = length("min-length", type: type, parts: &parts)
        let maxLength = length("max-length", type: type, parts: &parts)
        if let minLength, let maxLength, minLength > maxLength, let part = parts.values["max-length"] {
            fail(
                "'max-length' \(maxLength) is less than 'min-length' \(minLength); exchange the two, or raise 'max-length'",
                at: part.value.location,
                parts: &parts
            )
        }
        let limited = input(minimum: minimum, maximum: maximum, minLength: minLength, maxLength: maxLength)
        let oneOf = choices(type, input: limited, parts: &parts)
        let closed = input(minimum: minimum, maximum: maximum, minLength: minLength, maxLength: maxLength, oneOf: oneOf)
        let defaultValue = defaultValue(type, input: closed, parts: &parts)
        return parts.isValid
            ? input(
                minimum: minimum,
                maximum: maximum,
                minLength: minLength,
                maxLength: maxLength,
                oneOf: oneOf,
                default: defaultValue
            ) : nil
    }

    private func bound(
        _ key: String,
        type: InputType,
        input: RouteInput,
        parts: inout Parts,
        below minimum: String? = nil
    )
        -> String?
    {
        guard let part = parts.values[key] else { return nil }
        switch type.scalar.kind {
        case .int, .int32, .double, .decimal, .date, .timestamp: break
        case .string:
            fail("'\(key)' is not for strings (write '\(key)-length')", at: part.keyLocation, parts: &parts)
            return nil
        case .bool, .uuid, .json:
            fail(
                "'\(key)' is not for type '\(type.scalar.rawValue)'; leave it out",
                at: part.keyLocation,
                parts: &parts
            )
            return nil
        }
        guard let scalar = reader.scalar(part.value, named: "'\(key)'") else {
            parts.isValid = false
            return nil
        }
        do throws(InputError) {
            return try input.canonical(scalar.text)
        } catch .belowMinimum {
            fail(
                "'max' \(scalar.text) is less than 'min' \(minimum ?? ""); exchange the two, or raise 'max'",
                at: scalar.location,
                parts: &parts
            )
        } catch {
            fail("'\(key)' \(error), not '\(scalar.text)'", at: scalar.location, parts: &parts)
        }
        return nil
    }

    private func length(_ key: String, type: InputType, parts: inout Parts) -> Int? {
        guard let part = parts.values[key] else { return nil }
        guard type.scalar == .string else {
            let isNumber = [.int, .int32, .double, .decimal].contains(type.scalar)
            let cure = isNumber ? "write '\(key.prefix(3))'" : "leave it out"
            fail(
                "'\(key)' is for strings, not for type '\(type.scalar.rawValue)'; \(cure)",
                at: part.keyLocation,
                parts: &parts
            )
            return nil
        }
        guard let number = reader.integer(part.value, named: "'\(key)'") else {
            parts.isValid = false
            return nil
        }
        return number.value
    }

    private func choices(_ type: InputType, input: RouteInput, parts: inout Parts) -> [String] {
        guard let part = parts.values["one-of"] else { return [] }
        guard type.scalar != .bool, type.scalar != .json else {
            fail(
                "'one-of' is not for type '\(type.scalar.rawValue)'; leave it out",
                at: part.keyLocation,
                parts: &parts
            )
            return []
        }
        guard
            let elements = reader.list(
                part.value,
                named: "'one-of'",
                of: "values",
                example: ["open", "paid"],
                separators: ",;|/"
            )
        else {
            parts.isValid = false
            return []
        }
        if elements.isEmpty {
            fail("'one-of' needs at least one value, such as [ open, paid ]", at: part.value.location, parts: &parts)
        }
        var choices: [String] = []
        for element in elements {
            guard let choice = canonical(element, named: "a value of 'one-of'", of: input, parts: &parts) else {
                continue
            }
            if choices.contains(where: { input.areEqual($0, choice) }) {
                fail("'\(choice)' stands in 'one-of' twice; remove one", at: element.location, parts: &parts)
            } else {
                choices.append(choice)
            }
        }
        return choices
    }

    private func defaultValue(_ type: InputType, input: RouteInput, parts: inout Parts) -> RouteInput.Default? {
        guard let part = parts.values["default"] else { return nil }
        if part.value.isNull {
            fail(
                "'default' has no value; for NULL where the input is absent write 'optional: true' instead of 'default'",
                at: part.value.location,
                parts: &parts
            )
            return nil
        }
        guard type.isList else {
            return canonical(part.value, named: "'default'", of: input, parts: &parts).map {
                RouteInput.Default(texts: [$0])
            }
        }
        guard let elements = part.value.sequence else {
            let element = YAMLSuggestions.elements(of: part.value)
            let cure = YAMLSuggestions.list(element.isEmpty ? [part.value.scalar?.text ?? "a"] : element)
            fail("'default' of a list must be a list; write 'default: \(cure)'", at: part.value.location, parts: &parts)
            return nil
        }
        return RouteInput.Default(
            texts: elements.compactMap { canonical($0, named: "a value of 'default'", of: input, parts: &parts) }
        )
    }

    private func canonical(_ node: YAMLNode, named what: String, of input: RouteInput, parts: inout Parts) -> String? {
        let text = reader.canonical(node, named: what, of: input)
        if text == nil { parts.isValid = false }
        return text
    }
}
