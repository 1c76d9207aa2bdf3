import RouteModel

/// Checks the names of a route's inputs against each other: as SQL and Swift know them, and as requests do.
struct InputNameChecks {
    let diagnostics: Diagnostics

    /// Reports names that two inputs have.
    func check(_ inputs: [DraftInput]) {
        checkPresenceNames(inputs)
        for group in [RouteInput.Group.query, .body] { checkWireNames(inputs.filter { $0.group == group }, group) }
    }

    /// A statement is told by one of these names whether a nullable input is given.
    private func checkPresenceNames(_ inputs: [DraftInput]) {
        for nullable in inputs {
            guard let name = nullable.presenceName, let other = inputs.first(where: { $0.name == name }) else {
                continue
            }
            diagnostics.error(
                "input '\(name)' cannot have this name: ':\(name)' tells whether the nullable input '\(nullable.name)' "
                    + "is given; give one of them another name",
                at: other.location,
                notes: [.init("'\(nullable.name)' is declared here", at: nullable.location)]
            )
        }
    }

    /// The hints for statements that ask whether an input is given which is not nullable, by the names they use.
    static func presenceHints(for inputs: [DraftInput]) -> [String: String] {
        let others = inputs.filter { $0.group == .body && $0.presenceName == nil }
        let hints = others.map { input in
            let name = BoundParameter.presenceName(of: input.name)
            return (name, " (':\(name)' needs 'nullable: true' in input '\(input.name)')")
        }
        return Dictionary(hints) { first, _ in first }
    }

    private func checkWireNames(_ inputs: [DraftInput], _ group: RouteInput.Group) {
        var first: [[UInt8]: DraftInput] = [:]
        for input in inputs.sorted(by: { $0.location < $1.location }) {
            // As bytes: to Swift, two spellings of one accented letter are the same text.
            guard let earlier = first[Array(input.wireName.value.utf8)] else {
                first[Array(input.wireName.value.utf8)] = input
                continue
            }
            // That is reported as two inputs of one name.
            guard earlier.name != input.name else { continue }
            let place = group == .query ? "query" : "body"
            diagnostics.error(
                "inputs '\(earlier.name)' and '\(input.name)' have one name in the \(place), "
                    + "'\(input.wireName.value)'; give one of them another 'from'",
                at: input.wireName.location,
                notes: [.init("'\(earlier.name)' is declared here", at: earlier.wireName.location)]
            )
        }
    }
}
