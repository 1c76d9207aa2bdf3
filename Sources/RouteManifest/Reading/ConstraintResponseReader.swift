import RouteModel

/// Reads `errors`: the responses to violations of database constraints.
struct ConstraintResponseReader {
    let reader: NodeReader

    private var diagnostics: Diagnostics { reader.diagnostics }

    /// Reads the mapping from constraints to responses, and the places of the constraints' names.
    func read(_ node: YAMLNode) -> (responses: [String: ConstraintResponse], places: [String: Location]) {
        var answers: [String: ConstraintResponse] = [:]
        var places: [String: Location] = [:]
        for entry in reader.mapping(node, named: "'errors'", expected: "a mapping of constraints", cure: Self.cure)
            ?? []
        {
            if entry.key.isEmpty {
                diagnostics.error(
                    "a constraint's name cannot be empty; write it as the database has it, such as 'users_email_key'",
                    at: entry.keyLocation
                )
            }
            answers[entry.key] = answer(entry)
            places[entry.key] = entry.keyLocation
        }
        return (answers, places)
    }

    private static let cure =
        "write it as in errors: { users_email_key: { status: 409, message: That address is taken. } }"

    private func answer(_ entry: YAMLEntry) -> ConstraintResponse? {
        let what = "constraint '\(entry.key)'"
        guard
            let entries = reader.mapping(
                entry.value,
                named: what,
                expected: "a mapping such as { status: 409, message: That name is taken. }"
            )
        else { return nil }
        let keys = MappingKeys.constraint(entry.key)
        let known = Dictionary(uniqueKeysWithValues: keys.known(entries, diagnostics).map { ($0.key, $0.value) })
        for key in ["status", "message"] where keys.misses(key, in: entries) {
            diagnostics.error(
                "\(what) has no '\(key)'; add one, such as '\(key == "status" ? "status: 409" : "message: That name is taken.")'",
                at: entry.keyLocation
            )
        }
        let status = known["status"].flatMap(status)
        let message = known["message"].flatMap(message)
        guard let status, let message else { return nil }
        return ConstraintResponse(status, message)
    }

    private func status(_ node: YAMLNode) -> Int? {
        guard
            let status = reader.integer(
                node,
                named: "'status'",
                in: 0...Int.max,
                expected: "a whole number from 400 to 599"
            )
        else {
            return nil
        }
        guard (400...599).contains(status.value) else {
            diagnostics.error(
                "the 'status' of a constraint is that of an error: 400 to 599, such as 409, not \(status.value)",
                at: status.location
            )
            return nil
        }
        guard ![405, 407, 426].contains(status.value) else {
            diagnostics.error(
                "status \(status.value) needs a field that no answer for a constraint has (RFC 9110, 15.5); write another, such "
                    + "as 409",
                at: status.location
            )
            return nil
        }
        return status.value
    }

    private func message(_ node: YAMLNode) -> String? {
        guard let message = reader.line(node, named: "'message'") else { return nil }
        guard !message.value.isEmpty else {
            diagnostics.error(
                "'message' is a sentence for the client and cannot be empty; write one, such as 'That name is taken.'",
                at: message.location
            )
            return nil
        }
        return message.value
    }
}
