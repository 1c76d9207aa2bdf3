import SQLSyntax

/// A message of psql about a script, with `VERBOSITY=verbose` and `ECHO=errors`.
struct PsqlMessage: Hashable {
    /// The file and the line; empty for a message about none.
    var place: String
    /// The severity: `ERROR` and the like for the server's, `error` for psql's own.
    var severity: String
    /// The SQLSTATE; `nil` for psql's own messages.
    var state: String?
    /// The primary message.
    var message: String
    /// The further lines, such as `DETAIL:  …`, without the place in the server's source.
    var details: [String] = []
    /// The statement, of an error of the server.
    var statement: String?

    /// psql's status after an error in a script that sets `ON_ERROR_STOP`.
    static let stopped: Int32 = 3

    /// Indicates an error.
    var isError: Bool { ["ERROR", "FATAL", "PANIC", "error"].contains(severity) }

    /// The message as psql prints it, without its name.
    var text: String {
        let gap = severity == "error" ? " " : "  "
        let first = "\(severity):\(gap)\(state.map { "\($0): " } ?? "")\(message)"
        return ([place.isEmpty ? first : "\(place): \(first)"] + details).joined(separator: "\n")
    }

    /// The role that does not exist; `nil` for other messages.
    var missingRole: String? {
        guard severity == "ERROR", ["42704", "22023"].contains(state) else { return nil }
        return Self.name(in: message, between: "role \"", and: "\" does not exist")
    }

    /// Indicates an error that takes nothing from a schema.
    ///
    /// - Parameter roles: the roles that were made for the schema, and that it may make itself after naming them.
    func isHarmless(besides roles: Set<String>) -> Bool {
        switch state {
        case nil:
            // pg_dump guards its scripts by these; psql knows them since its releases of August 2025.
            return ["\\restrict", "\\unrestrict"].contains { message == "invalid command \($0)" }
        case "42704":
            return message.hasPrefix("unrecognized configuration parameter ") && isSetting
        case "42710":
            return Self.name(in: message, between: "role \"", and: "\" already exists").map(roles.contains) ?? false
        default: return false
        }
    }

    /// Indicates a statement that sets a parameter and does nothing else.
    private var isSetting: Bool {
        let lexer = SQLLexer(statement ?? "")
        let tree = SQLTokenTree(lexer.tokens, of: lexer.bytes)
        if tree.isWord(0, "alter") { return tree.isWord(1, "role", "user", "database", "system") }
        if tree.isWord(0, "select") {
            return tree.isWord(tree.isPunctuation(2, ".") ? 3 : 1, "set_config")
        }
        return tree.isWord(0, "set", "reset")
    }

    private static func name(in message: String, between start: String, and end: String) -> String? {
        guard message.hasPrefix(start), message.hasSuffix(end), message.count > start.count + end.count else {
            return nil
        }
        return String(message.dropFirst(start.count).dropLast(end.count))
    }

    // MARK: - Reading

    private static let severities = [
        "ERROR", "FATAL", "PANIC", "WARNING", "NOTICE", "INFO", "LOG", "DEBUG", "STATEMENT", "error", "warning",
    ]

    /// Returns the messages that psql has printed.
    static func all(in words: String) -> [PsqlMessage] {
        var messages: [PsqlMessage] = []
        var isStatement = false
        for line in words.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if let (place, severity, rest) = head(of: line) {
                isStatement = severity == "STATEMENT"
                if isStatement {
                    if !messages.isEmpty { messages[messages.count - 1].statement = rest }
                } else {
                    messages.append(message(place, severity, rest))
                }
            } else if !messages.isEmpty {
                if isStatement {
                    messages[messages.count - 1].statement? += "\n\(line)"
                } else if !line.hasPrefix("LOCATION:"), !line.isEmpty {
                    messages[messages.count - 1].details.append(line)
                }
            }
        }
        return messages
    }

    /// The parts of a message's first line: `psql:FILE:LINE: SEVERITY:  MESSAGE`.
    private static func head(of line: String) -> (place: String, severity: String, rest: String)? {
        guard line.hasPrefix("psql:") else { return nil }
        let text = line.dropFirst("psql:".count)
        let found = severities.compactMap { severity -> (range: Range<Substring.Index>, severity: String)? in
            text.firstRange(of: " \(severity): ").map { ($0, severity) }
        }
        guard let first = found.min(by: { $0.range.lowerBound < $1.range.lowerBound }) else { return nil }
        let place = text[..<first.range.lowerBound]
        return (
            String(place.hasSuffix(":") ? place.dropLast() : place), first.severity,
            String(text[first.range.upperBound...].drop { $0 == " " })
        )
    }

    private static func message(_ place: String, _ severity: String, _ rest: String) -> PsqlMessage {
        let state = rest.prefix(5)
        let hasState =
            state.utf8.count == 5 && rest.dropFirst(5).hasPrefix(": ")
            && state.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
        return PsqlMessage(
            place: place,
            severity: severity,
            state: hasState ? String(state) : nil,
            message: hasState ? String(rest.dropFirst(7)) : rest
        )
    }
}
