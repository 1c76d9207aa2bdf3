import RouteModel

/// Writes locks. The same lock is the same text everywhere: names are sorted by their bytes, columns and labels keep their
/// order, a column has a line of its own, and what has its default is left out.
package enum RouteLockWriter {
    /// The text of a lock.
    package static func text(_ lock: RouteLock) -> String {
        var members = [
            "\"version\": \(RouteLockReader.version)",
            "\"server\": \(quoted(lock.server))",
        ]
        if !lock.enums.isEmpty {
            members.append("\"enums\": " + object(lock.enums.sorted(), indent: 1, list))
        }
        members.append(
            "\"routes\": "
                + object(lock.routes.sorted(), indent: 1) { statements in
                    block("[", statements.map { statement($0) }, "]", indent: 2)
                }
        )
        return block("{", members, "}", indent: 0) + "\n"
    }

    private static func statement(_ statement: LockedStatement) -> String {
        var members = ["\"statement\": \(quoted(statement.digest))"]
        if !statement.parameters.isEmpty { members.append("\"parameters\": \(list(statement.parameters))") }
        if let occurrences = statement.occurrences {
            members.append("\"occurrences\": [\(occurrences.map(String.init).joined(separator: ", "))]")
        }
        if !statement.columns.isEmpty {
            members.append("\"columns\": " + block("[", statement.columns.map(column), "]", indent: 4))
        }
        if !statement.tables.isEmpty { members.append("\"tables\": \(list(statement.tables))") }
        if statement.hasUnknownTables { members.append("\"unknownTables\": true") }
        return block("{", members, "}", indent: 3)
    }

    private static func column(_ column: LockedColumn) -> String {
        "{ \"name\": \(quoted(column.name)), \"type\": \(quoted(column.type))"
            + "\(column.isNullable ? ", \"nullable\": true" : "") }"
    }

    private static func object<Value>(
        _ members: [(key: String, value: Value)],
        indent: Int,
        _ text: (Value) -> String
    ) -> String {
        block("{", members.map { "\(quoted($0.key)): \(text($0.value))" }, "}", indent: indent)
    }

    private static func list(_ texts: [String]) -> String {
        "[\(texts.map(quoted).joined(separator: ", "))]"
    }

    /// Parts on lines of their own between brackets. The indentation is that of the line of the first bracket.
    private static func block(_ first: String, _ parts: [String], _ last: String, indent: Int) -> String {
        guard !parts.isEmpty else { return first + last }
        let blanks = String(repeating: "  ", count: indent)
        return "\(first)\n" + parts.map { "\(blanks)  \($0)" }.joined(separator: ",\n") + "\n\(blanks)\(last)"
    }

    private static func quoted(_ text: String) -> String { JSONStringEscaper.quoted(text, letters: .lineFeedAndTab) }
}

extension Dictionary where Key == String {
    /// The members sorted by the bytes of their names.
    fileprivate func sorted() -> [(key: String, value: Value)] {
        sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
