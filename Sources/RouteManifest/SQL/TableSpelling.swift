import SQLSyntax

/// Reads the names of tables, and gives each the one spelling that tokens, triggers and notices have.
///
/// A name is spelled as the catalog has it, capitals included: nothing is folded. One that holds anything but letters, digits, `_`
/// and `$` stands in double quotes as in SQL, inside of which a double quote is written twice. The schema `public` and quotes
/// that are not needed are left out.
enum TableSpelling {
    /// A text that names no table.
    struct Fault: Error, Equatable {
        /// The end of a sentence about the text.
        var reason: String

        /// A diagnostic of `text`.
        func message(for text: String) -> String { "'\(text)' is not a table: \(reason)" }

        fileprivate static let form = Fault(
            reason: "write a table's name such as 'books', or schema and name such as 'audit.events'"
        )
    }

    /// The most bytes that PostgreSQL keeps of a name.
    private static let longestName = 63

    /// `users` for `users`, `"users"` and `public.users`; `"Odd Table"` and `audit.events` for themselves.
    static func canonical(_ text: String) throws(Fault) -> String {
        var parts = try parts(of: text)
        for part in parts where part.utf8.count > longestName {
            throw Fault(
                reason: "a name has at most \(longestName) bytes in PostgreSQL, and '\(part)' has \(part.utf8.count)"
            )
        }
        if parts.count == 2, parts[0] == "public" { parts.removeFirst() }
        return parts.map(SQLIdentifier.spelled).joined(separator: ".")
    }

    private static func parts(of text: String) throws(Fault) -> [String] {
        let parts: [String]
        do throws(SQLIdentifier.Fault) {
            parts = try SQLIdentifier.parts(of: text)
        } catch {
            switch error {
            case .malformed: throw fault(in: text)
            case .empty: throw Fault(reason: "a name in double quotes is empty; write the table's name in them")
            case .unterminated: throw Fault(reason: "a double quote is not closed; write one behind the name too")
            }
        }
        guard parts.count <= 2 else { throw fault(in: text) }
        guard !text.unicodeScalars.contains("\0") else { throw Fault(reason: "PostgreSQL keeps no NUL in a name") }
        return parts
    }

    /// What may be meant where quotes are all that is missing.
    private static func fault(in text: String) -> Fault {
        let words = text.split(separator: " ").map(String.init)
        let isAliased = words.count == 2 || (words.count == 3 && words[1].lowercased() == "as")
        if isAliased, let alias = words.last, alias.utf8.count < 4, isPlain(words[0]), isPlain(alias) {
            return Fault(reason: "write the table's name without its alias: '\(words[0])'")
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 3, parts.allSatisfy(isPlain) {
            return Fault(reason: "write the table without its column: '\(parts[0]).\(parts[1])'")
        }
        guard !text.contains("\""), (1...2).contains(parts.count), !parts.contains("") else { return .form }
        let spelled = parts.map(SQLIdentifier.spelled).joined(separator: ".")
        return Fault(reason: "if this is its name, write it in double quotes: '\(spelled)'")
    }

    /// Whether a text is a name, or two with a dot between, that need no quotes.
    private static func isPlain(_ text: String) -> Bool {
        guard let parts = try? SQLIdentifier.parts(of: text) else { return false }
        return parts.map(SQLIdentifier.spelled).joined(separator: ".") == text
    }
}
