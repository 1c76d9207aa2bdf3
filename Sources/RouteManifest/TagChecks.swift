import RouteModel

/// Checks tags against the inputs of a route, which may have them from `defaults`: messages stand where a tag is written,
/// and name the route.
struct TagChecks {
    let diagnostics: Diagnostics
    let route: DraftRoute

    /// The tags that the route's answers are purged by or, of a write, those it purges.
    func check() -> [TagTemplate] {
        let tags = Self.tags(of: route)
        for tag in tags { check(tag) }
        return tags.map(\.template)
    }

    /// What stands under `tags` or, of a write, under `invalidates`; defaults included.
    static func tags(of route: DraftRoute) -> [DraftTag] {
        guard let method = route.method else { return [] }
        return (method == .get ? route.settings.cache.tags : route.settings.invalidates) ?? []
    }

    private func check(_ tag: DraftTag) {
        var list: String?
        for (name, location) in tag.inputs {
            guard let draft = route.inputs.first(where: { $0.name == name }) else {
                let hint = Suggestion.text(for: name, among: route.inputs.map(\.name))
                diagnostics.error(
                    "tag '\(tag.template)': '\(name)' is not an input of route '\(route.name)'\(hint)",
                    at: location
                )
                continue
            }
            guard let input = draft.input else { continue }
            let declared = [Diagnostic.Note("'\(name)' is declared here", at: draft.location)]
            if input.type.scalar == .json {
                diagnostics.error(
                    "tag '\(tag.template)': input '\(name)' of route '\(route.name)' is JSON, which has no one "
                        + "spelling",
                    at: location,
                    notes: declared
                )
            }
            guard input.type.isList else { continue }
            if let list {
                diagnostics.error(
                    "tag '\(tag.template)' has two lists of route '\(route.name)', '\(list)' and '\(name)'; a tag has "
                        + "one at most",
                    at: location
                )
            }
            list = name
        }
    }
}
