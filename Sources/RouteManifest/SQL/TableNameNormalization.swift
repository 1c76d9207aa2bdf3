import SQLSyntax

/// Reads the names of tables in their canonical spelling, which tag versions, triggers and notifications use.
///
/// A name is spelled as in the catalog; its case is kept. A name with anything but letters, digits, `_` and `$` is in
/// double quotes as in SQL, in which a double quote is doubled. The schema `public` and unnecessary quotes are left
/// out.
enum TableNameNormalization {
    /// The error about a text that is not a table's name.
    struct NameError: Error, Equatable {
        /// The end of the message.
        var reason: String

        /// The message about `text`.
        func message(for text: String) -> String { "'\(text)' is not a table: \(reason)" }

        fileprivate static let form = NameError(
            reason: "write a table's name such as 'books', or schema and name such as 'audit.events'"
        )
    }

    /// The maximum number of bytes of a name in PostgreSQL.
    private static let longestName = 63

    /// The canonical spelling of a table's name: `users` for `users`, `"users"` and `public.users`; `"Odd Table"` and
    /// `audit.events` are canonical.
    static func canonical(_ text: String) throws(NameError) -> String {
        var parts = try parts(of: text)
        for part in parts where part.utf8.count > longestName {
            throw NameError(
                reason: "a name has at most \(longestName) bytes in PostgreSQL, and '\(part)' has \(part.utf8.count)"
            )
        }
        if parts.count == 2, parts[0] == "public" { parts.removeFirst() }
        return parts.map(SQLIdentifierSyntax.spelled).joined(separator: ".")
    }

    private static func parts(of text: String) throws(NameError) -> [String] {
        let parts: [String]
        do throws(SQLIdentifierError) {
            parts = try SQLIdentifierSyntax.parts(of: text)
        } catch {
            switch error.code.kind {
            case .malformed: throw fault(in: text)
            case .empty: throw NameError(reason: "a name in double quotes is empty; write the table's name in them")
            case .unterminated: throw NameError(reason: "a double quote is not closed; write one behind the name too")
            }
        }
        guard parts.count <= 2 else { throw fault(in: text) }
        guard !text.unicodeScalars.contains("\0") else { throw NameError(reason: "PostgreSQL keeps no NUL in a name") }
        return parts
    }

    /// The error about a malformed name, with a suggestion.
    private static func fault(in text: String) -> NameError {
        let words = text.split(separator: " ").map(String.init)
        let isAliased = words.count == 2 || (words.count == 3 && words[1].lowercased() == "as")
        if isAliased, let alias = words.last, alias.utf8.count < 4, isPlain(words[0]), isPlain(alias) {
            return NameError(reason: "write the table's name without its alias: '\(words[0])'")
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 3, parts.allSatisfy(isPlain) {
            return NameError(reason: "write the table without its column: '\(parts[0]).\(parts[1])'")
        }
        guard !text.contains("\""), (1...2).contains(parts.count), !parts.contains("") else { return .form }
        let spelled = parts.map(SQLIdentifierSyntax.spelled).joined(separator: ".")
        return NameError(reason: "if this is its name, write it in double quotes: '\(spelled)'")
    }

    /// Tells whether a text consists of names that need no quotes, separated by dots.
    private static func isPlain(_ text: String) -> Bool {
        guard let parts = try? SQLIdentifierSyntax.parts(of: text) else { return false }
        return parts.map(SQLIdentifierSyntax.spelled).joined(separator: ".") == text
    }
}
