import RouteModel

/// Checks that a route's inputs have different names, both in SQL and Swift and in requests.
struct InputNameChecks {
    let diagnostics: Diagnostics

    /// Reports names that two inputs share.
    func check(_ inputs: [DraftInput]) {
        checkPresenceNames(inputs)
        for group in [RouteInput.Group.query, .body] { checkWireNames(inputs.filter { $0.group == group }, group) }
    }

    /// Reports an input with the name of the Boolean parameter that tells a statement whether a nullable input is
    /// present.
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

    /// Hints for statements that use the presence parameter of an input that is not nullable, by the parameter's name.
    static func presenceHints(for inputs: [DraftInput]) -> [String: String] {
        let others = inputs.filter { $0.group == .body && $0.presenceName == nil }
        let hints = others.map { input in
            let name = ParameterBinding.presenceName(of: input.name)
            return (name, " (':\(name)' needs 'nullable: true' in input '\(input.name)')")
        }
        return Dictionary(hints) { first, _ in first }
    }

    private func checkWireNames(_ inputs: [DraftInput], _ group: RouteInput.Group) {
        var first: [[UInt8]: DraftInput] = [:]
        for input in inputs.sorted(by: { $0.location < $1.location }) {
            // Compares bytes, because Swift considers two spellings of one accented letter equal.
            guard let earlier = first[Array(input.wireName.value.utf8)] else {
                first[Array(input.wireName.value.utf8)] = input
                continue
            }
            // Two inputs of one name are reported elsewhere.
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
