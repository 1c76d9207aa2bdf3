import RouteModel

extension SQLChecks {
    /// Reports inputs that the statement doesn't use.
    ///
    /// An unused input from the path, the context or the body is an error, because it identifies the rows or their
    /// owner.
    func checkUse(of unused: [DraftInput], _ scanner: SQLInputScanner) {
        // The part of the statement that YAML cut off may use them.
        guard !sql.isChanged else { return }
        for input in unused where SwiftIdentifierRules.isIdentifier(input.name) {
            let mayBeIgnored = input.group == .query || input.group == .header
            let example = Self.use(of: input, in: scanner).map { ", such as '\($0)'" } ?? ""
            let place = input.group == .path ? ", and '{\(input.name)}' from the path" : ""
            diagnostics.report(
                .unusedInput,
                message:
                    "input '\(input.name)' is never used in the SQL; write ':\(input.name)' there\(example), or remove the "
                    + "input\(place)",
                severity: mayBeIgnored ? .warning : .error,
                allowed: allowed,
                at: input.location
            )
        }
    }

    /// An example that uses an input, if the statement has a name like its own, which may be a column's.
    private static func use(of input: DraftInput, in scanner: SQLInputScanner) -> String? {
        let name = input.name
        let column = SQLChecks.column(for: name)
        switch column {
        case "limit": return "LIMIT :\(name)"
        case "skip", "offset": return "OFFSET :\(name)"
        default: break
        }
        guard scanner.words.contains(where: { $0.text == column }) else { return nil }
        let verb = scanner.words.first?.text
        if input.group == .body {
            return verb == "update" ? "SET \(column) = :\(name)" : nil
        }
        guard verb != "insert", verb != "call", verb != "values" else { return nil }
        let isOptional = input.input?.isOptional ?? false
        let condition = input.type?.value.isList ?? false ? "\(column) = ANY(:\(name))" : "\(column) = :\(name)"
        let start = scanner.words.contains { $0.text == "where" } ? "AND" : "WHERE"
        return isOptional ? "\(start) (:\(name) IS NULL OR \(condition))" : "\(start) \(condition)"
    }

    /// The column that an input probably belongs to: `user_id` for `userID`.
    static func column(for name: String) -> String {
        var column = ""
        var previous: Character = "_"
        for character in name {
            if character.isUppercase, previous.isLowercase || previous.isNumber { column.append("_") }
            column.append(contentsOf: character.lowercased())
            previous = character
        }
        return column
    }
}
