import RouteModel

/// Checks tags against the inputs of a route.
///
/// The tags may come from `defaults`, so messages have the place of the tag and name the route.
struct TagChecks {
    let diagnostics: Diagnostics
    let route: DraftRoute

    /// Checks the tags of the route and returns their templates.
    func check() -> [TagTemplate] {
        let tags = Self.tags(of: route)
        for tag in tags {
            check(tag)
            checkColons(tag)
        }
        return tags.map(\.template)
    }

    /// The tags under `tags` or, for a write, under `invalidates`, including defaults.
    static func tags(of route: DraftRoute) -> [DraftTag] {
        guard let method = route.method else { return [] }
        return (method == .get ? route.settings.cache.tags : route.settings.invalidates) ?? []
    }

    /// The end of the message about a name in braces that is not an input.
    private func description(of name: String) -> String {
        let names = route.inputs.map(\.name)
        let owner = "an input of route '\(route.name)'"
        let hint = MisspellingSuggestion.text(for: name, among: names)
        guard hint.isEmpty else { return "not \(owner)\(hint)" }
        let quoted = names.map { "'\($0)'" }.joined(separator: ", ")
        guard case .sql(let sql) = route.source, SQLInputScanner(sql.text).words.contains(where: { $0.text == name })
        else {
            return "not \(owner)"
                + (names.isEmpty
                    ? ", which has none; remove the braces, or the tag"
                    : "; write one of its inputs in braces: \(quoted)")
        }
        let other = names.isEmpty ? "" : ", or write an input in the braces: \(quoted)"
        return "a name in the SQL, not \(owner); remove this tag\(other)"
    }

    /// Reports `:name` of an input, which is an input in SQL but plain text in a tag.
    private func checkColons(_ tag: DraftTag) {
        let text = "\(tag.template)"
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated().dropFirst() {
            // A colon after one of these characters, as in `user/:id`, is not checked.
            if let before = parts[index - 1].last, !"/.-@+~%".contains(before) { continue }
            let name = String(part.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) })
            guard route.inputs.contains(where: { $0.name == name }) else { continue }
            let start = parts[..<index].joined(separator: ":")
            diagnostics.report(
                .quotedInput,
                message: "tag '\(text)' of route '\(route.name)' has ':\(name)' as text; for the input write "
                    + "'\(start){\(name)}\(part.dropFirst(name.count))'",
                severity: .error,
                allowed: route.settings.allowed,
                at: tag.location
            )
        }
    }

    private func check(_ tag: DraftTag) {
        var list: String?
        for (name, location) in tag.inputs {
            guard let draft = route.inputs.first(where: { $0.name == name }) else {
                guard !route.mayMissInputs, !route.undeclaredNames.contains(name) else { continue }
                diagnostics.error(
                    "tag '\(tag.template)': '\(name)' is \(description(of: name))",
                    at: location
                )
                continue
            }
            guard let input = draft.input else { continue }
            let declared = [Diagnostic.Note("'\(name)' is declared here", at: draft.location)]
            if input.type.scalar == .json {
                let others = route.inputs.filter { ($0.type?.value.scalar ?? .json) != .json }.map(\.name)
                let cure = others.first.map { "use another input, such as '{\($0)}'" } ?? "remove this tag"
                diagnostics.error(
                    "tag '\(tag.template)': input '\(name)' of route '\(route.name)' is JSON, and one JSON value can be "
                        + "written in several ways; \(cure)",
                    at: location,
                    notes: declared
                )
            }
            guard input.type.isList else { continue }
            if let list {
                diagnostics.error(
                    "tag '\(tag.template)' has two lists of route '\(route.name)', '\(list)' and '\(name)'; a tag has "
                        + "one at most: write a tag for each",
                    at: location
                )
            }
            list = name
        }
    }
}
