import RouteModel

extension InputDeclarationReader {
    /// Reports properties that an input of its group can't have.
    func checkGroup(_ entry: YAMLEntry, group: RouteInput.Group, parts: inout Parts) {
        let name = entry.key
        let isOptional = parts.isOptional?.value ?? false
        let defaultEntry = parts.values["default"]
        if isOptional, let defaultEntry {
            fail(
                "input '\(name)' has a default, so it is never absent; leave out 'optional' or 'default'",
                at: defaultEntry.keyLocation,
                parts: &parts
            )
        }
        checkNullable(name, default: defaultEntry, parts: &parts)
        let isList = parts.type?.value.isList ?? false
        let typeLocation = parts.type?.location ?? entry.keyLocation
        switch group.kind {
        case .query, .body: break
        case .path:
            if isList {
                fail(
                    "path input '\(name)' cannot be a list: a path has one value for it; write '\(parts.type.map { "\($0.value.scalar.rawValue)" } ?? "string")'",
                    at: typeLocation,
                    parts: &parts
                )
            }
            if isOptional, let location = parts.isOptional?.location {
                fail(
                    "path input '\(name)' cannot be optional: without it the path is another one; leave 'optional' out, and "
                        + "write another route for the path without '{\(name)}'",
                    at: location,
                    parts: &parts
                )
            } else if let defaultEntry {
                fail(
                    "path input '\(name)' cannot have a default: a path always has a value for it; leave 'default' out",
                    at: defaultEntry.keyLocation,
                    parts: &parts
                )
            }
        case .header:
            if isList {
                fail(
                    "header input '\(name)' cannot be a list; write '\(parts.type?.value.scalar.rawValue ?? "string")'",
                    at: typeLocation,
                    parts: &parts
                )
            }
            // The message about the name suggests the field, too.
            if parts.source == nil, !parts.hasUnknownKeys, SwiftIdentifierRules.isIdentifier(name) {
                fail(
                    "header input '\(name)' needs 'from', the name of its header field, such as 'from: Accept-Language'",
                    at: entry.keyLocation,
                    parts: &parts
                )
            }
            if !isOptional, defaultEntry == nil, !parts.namesOptional || parts.isOptional != nil, !parts.hasUnknownKeys
            {
                fail(
                    "header input '\(name)' needs 'default' or 'optional: true': a header never makes a request fail",
                    at: entry.keyLocation,
                    parts: &parts
                )
            }
        case .context:
            if isList {
                fail(
                    "context input '\(name)' cannot be a list; write '\(parts.type?.value.scalar.rawValue ?? "string")'",
                    at: typeLocation,
                    parts: &parts
                )
            }
            if !isOptional, let defaultEntry {
                fail(
                    "context input '\(name)' cannot have a default: a request without it is answered with 401; leave "
                        + "'default' out, or write 'optional: true' instead, for NULL without it",
                    at: defaultEntry.keyLocation,
                    parts: &parts
                )
            }
        }
    }

    /// Reports a nullable input that is never absent. Null is a third state besides a value and absence.
    private func checkNullable(_ name: String, default defaultEntry: YAMLEntry?, parts: inout Parts) {
        guard let isNullable = parts.isNullable, isNullable.value else { return }
        if defaultEntry != nil {
            fail(
                "input '\(name)' has a default, which null stands for too; leave out 'default' and say "
                    + "'optional: true', or leave out 'nullable'",
                at: isNullable.location,
                parts: &parts
            )
        } else if !(parts.isOptional?.value ?? false), !parts.namesOptional || parts.isOptional != nil {
            fail(
                "input '\(name)' is 'nullable', which tells null from absent, but it is never absent; add "
                    + "'optional: true' or leave out 'nullable'",
                at: isNullable.location,
                parts: &parts
            )
        }
    }

    /// The suggestion for a name that Swift doesn't allow: another name in Swift, and `from` for the one in requests.
    static func cure(forName name: String, _ group: RouteInput.Group) -> String {
        guard !name.isEmpty else { return "" }
        let other = SwiftIdentifierRules.joined(name)
        let isUsable = !other.isEmpty && other != name && SwiftIdentifierRules.problem(with: other) == nil
        let call = "; call it \(isUsable ? "'\(other)'" : "something else")"
        switch group.kind {
        case .query, .body: return "\(call) and say \"from: '\(name)'\""
        case .path: return "\(call), here and in the path"
        case .header:
            let isField = HeaderInputRules.problem(with: name) == nil
            let inSwift = String(other.prefix(1).lowercased() + other.dropFirst())
            guard isField, SwiftIdentifierRules.problem(with: inSwift) == nil else { return call }
            return "; call it '\(inSwift)' and say 'from: \(name)'"
        case .context: return call
        }
    }
}
